"""Spec section 8: a slash at the end is redirected, and each client follows as it is made to."""

import json
from collections.abc import Iterator
from typing import Any

import httpx
import httpx2
import pytest
import requests

from pytest_paymock import Paymock, faults
from tests.contract.clients import Client, every_client
from tests.contract.documents import (
    NOW,
    PAYMENTS,
    TEST_CARDS,
    TOKENIZE,
    get_token,
    pay,
    payment,
    tokenization,
)

from .documents import deployed

pytestmark = deployed

Call = Any


def _httpx(method: str, url: str, **options: Any) -> Any:
    with httpx.Client() as http:
        return http.request(method, url, **options)


def _httpx2(method: str, url: str, **options: Any) -> Any:
    with httpx2.Client() as http:
        return http.request(method, url, **options)


def _requests(method: str, url: str, **options: Any) -> Any:
    return requests.request(method, url, allow_redirects=False, timeout=5, **options)


@pytest.fixture(params=[_httpx, _httpx2, _requests])
def unfollowing(request: pytest.FixtureRequest) -> Call:
    """A client that shows a redirect."""
    return request.param


@pytest.mark.parametrize(
    ("method", "path", "target"),
    [
        ("POST", "/api/v1/payments/", "/api/v1/payments"),
        ("POST", "/api/v1/tokenize//", "/api/v1/tokenize"),
        ("GET", "/api/v1/tokens/tok_1/", "/api/v1/tokens/tok_1"),
        ("GET", "/api/v1/tokens/a%20b/?x=1&y=%20", "/api/v1/tokens/a%20b?x=1&y=%20"),
        ("POST", "/api/v1/p%61yments/", "/api/v1/payments"),
        ("POST", "/api/v1/transactions/txn_1/refund/", "/api/v1/transactions/txn_1/refund"),
        ("GET", "/health/", "/health"),
        # The path decides, and the method is looked at behind it.
        ("GET", "/api/v1/payments/", "/api/v1/payments"),
        ("DELETE", "/health/", "/health"),
    ],
)
def test_the_redirect_itself(
    unfollowing: Call, paymock: Paymock, method: str, path: str, target: str
) -> None:
    answer = unfollowing(method, paymock.base_url + path)
    assert (answer.status_code, answer.content) == (307, b"")
    assert answer.headers["location"] == paymock.base_url + target
    assert answer.headers["content-length"] == "0"
    call = paymock.calls.one()
    assert (call.endpoint, call.status_code, call.response) == (None, 307, None)


@pytest.mark.parametrize(
    "path",
    ["/nothing/", "/api/v1/", "/api/v1/tokens/", "//", "/health/x/", "/api/v1/tokens/a%2Fb/"],
)
def test_what_leads_nowhere_is_not_found(unfollowing: Call, paymock: Paymock, path: str) -> None:
    assert unfollowing("GET", paymock.base_url + path).status_code == 404


@every_client
def test_a_client_that_follows_pays_once(client: Client, paymock: Paymock) -> None:
    token = client.post(f"{TOKENIZE}/", tokenization())
    assert token.status == 201
    paid = client.post(f"{PAYMENTS}/", payment(token.json["token"]))
    assert paid.status == 201
    found = client.get(f"/api/v1/transactions/{paid.json['transaction_id']}/")
    assert found.json["amount"] == paid.json["amount"]
    assert [call.status_code for call in paymock.calls] == [307, 201, 307, 201, 307, 200]
    assert paymock.payments.one().call == paymock.calls[3]


def test_the_history_of_a_response_is_that_of_the_library(paymock: Paymock) -> None:
    url = f"{paymock.base_url}{PAYMENTS}/"
    sent = payment(paymock.add_token().token)
    for answer in (
        httpx.post(url, json=sent, follow_redirects=True),
        httpx2.post(url, json=sent, follow_redirects=True),
        requests.post(url, json=sent, timeout=5),
    ):
        assert answer.status_code == 201
        assert [step.status_code for step in answer.history] == [307]
        assert str(answer.url) == f"{paymock.base_url}{PAYMENTS}"
    with httpx.Client() as http:
        first = http.post(url, json=sent)
        assert first.next_request is not None
        assert http.send(first.next_request).status_code == 201


@every_client
@pytest.mark.paymock(base_url="https://pay.example/v2")
def test_below_a_prefix(client: Client, paymock: Paymock) -> None:
    assert client.get("/health/").json["status"] == "healthy"
    assert client.get("/").json["status"] == "running"
    # The base URL itself is the root without its slash.
    assert client.get("").json["status"] == "running"
    assert [call.path for call in paymock.calls] == ["/health/", "/health", "/", "", "/"]


@every_client
def test_a_fault_meets_each_half_of_a_redirect(client: Client, paymock: Paymock) -> None:
    token = get_token(client)
    paymock.faults.queue(faults.unavailable, on="create_payment")
    assert client.post(f"{PAYMENTS}/", payment(token)).status == 503
    paymock.faults.when(faults.unavailable, nth=1)
    assert client.post(f"{PAYMENTS}/", payment(token)).status == 503
    paymock.assert_not_charged()
    paymock.faults.clear()
    pay(client, token)


def test_no_card_number_is_led_on(unfollowing: Call, paymock: Paymock) -> None:
    number = TEST_CARDS["Visa"]
    for query in (number, f"a=1&pan={number}", f"pan={number[:8]}%20{number[8:]}&b=2"):
        path = f"/api/v1/tokens/{number}/?{query}"
        answer = unfollowing("GET", paymock.base_url + path)
        location = answer.headers["location"]
        assert location.startswith(f"{paymock.base_url}/api/v1/tokens/************0366?")
        assert number[8:] not in location
        assert "0366" in location.partition("?")[2]


@pytest.fixture
def other() -> Iterator[Paymock]:
    """A documented fake beside the deployed one."""
    with Paymock(clock=NOW, guards="off", base_url="http://documented.example") as paymock:
        yield paymock


def test_two_profiles_live_side_by_side(paymock: Paymock, other: Paymock) -> None:
    bad = json.dumps({}).encode()
    answers = [httpx.post(f"{fake.base_url}{PAYMENTS}", content=bad) for fake in (paymock, other)]
    assert [answer.status_code for answer in answers] == [422, 400]
    for path in ("/", "/health", f"{PAYMENTS}/"):
        assert httpx.get(other.base_url + path).status_code == 404
