"""Calls of requests that nearly nobody makes, answered or refused as without the fake."""

import json
from array import array
from typing import Any

import httpx
import pytest
import requests
from requests.adapters import HTTPAdapter

from pytest_paymock import Paymock
from tests.guest.wire import real_server

NOBODY = "http://127.0.0.1:9/"
"""Loopback goes past the fake, and a wrong timeout is refused before there is a connection."""


@pytest.mark.parametrize("kind", [bytearray, memoryview, lambda body: array("B", body)])
def test_what_lies_in_memory_is_sent_as_it_is(paymock: Paymock, kind: Any) -> None:
    token = paymock.add_token(customer_id="cust_1").token
    body = json.dumps({"token": token, "amount": 5, "customer_id": "cust_1"}).encode()

    answer = requests.post(f"{paymock.base_url}/api/v1/payments", data=kind(body), timeout=5)

    assert answer.status_code == 201
    assert paymock.calls.one().request_body == body


@pytest.mark.parametrize("timeout", [0, -1, "soon", [1, 2], (1, 2, 3), (1, 0)], ids=repr)
def test_a_wrong_timeout_is_refused_in_the_words_of_requests(
    paymock: Paymock, timeout: Any
) -> None:
    told = []
    for url in (NOBODY, paymock.base_url):
        with pytest.raises(ValueError, match=r"[Tt]imeout") as caught:
            requests.get(url, timeout=timeout)
        told.append(str(caught.value))

    assert told[0] == told[1]
    paymock.assert_no_calls()


def test_a_method_may_be_a_card_number_and_is_not_recorded_as_one(paymock: Paymock) -> None:
    answer = httpx.request("4532015112830366", f"{paymock.base_url}/api/v1/payments")

    assert answer.status_code == 405
    assert paymock.calls.one().method == "************0366"


def test_a_path_does_not_become_an_endpoint_by_being_masked(paymock: Paymock) -> None:
    for digits in ("4532/0151/1283/0366", "1532/0151/1283/0366"):
        path = f"/api/v1/customers/{digits}/transactions"
        assert httpx.get(paymock.base_url + path).status_code == 404

    assert [call.endpoint for call in paymock.calls] == [None, None]
    assert "4532" not in paymock.calls[0].path


class Signing(HTTPAdapter):
    """Signs requests where requests lets an adapter do so."""

    def add_headers(self, request: Any, **kwargs: Any) -> None:
        """Sign a request, and keep how it is sent."""
        self.given = kwargs
        request.headers["X-Signature"] = request.headers.get("X-Signature", "") + "signed"


@pytest.mark.parametrize("retries", [0, 2])
def test_an_adapter_adds_its_headers_once(paymock: Paymock, retries: int) -> None:
    adapter = Signing(max_retries=retries)
    with requests.Session() as session:
        session.mount("http://", adapter)
        answer = session.get(f"{paymock.base_url}/api/v1/tokens/tok_1", timeout=5)

    assert answer.request.headers["X-Signature"] == "signed"
    # What is verified and over which proxies, the environment has a say in.
    assert adapter.given.keys() == {"stream", "timeout", "verify", "cert", "proxies"}
    assert (adapter.given["stream"], adapter.given["timeout"]) == (False, 5)


def test_a_header_that_cannot_be_sent_is_refused_in_the_words_of_the_client(
    paymock: Paymock,
) -> None:
    told = []
    with real_server() as server:
        for url in (server.url, paymock.base_url):
            with pytest.raises(UnicodeEncodeError) as caught:
                requests.get(url, headers={"X-Shop": "Caf\u00e9", "X-Price": "5 \u20ac"}, timeout=5)
            told.append(str(caught.value))

    assert told[0] == told[1]
    paymock.assert_no_calls()
