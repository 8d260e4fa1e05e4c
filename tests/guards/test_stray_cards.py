"""The guard ``card_data_leak`` in requests: a card number where none belongs."""

import json
from types import SimpleNamespace
from typing import Any
from urllib.parse import quote

import pytest
import requests
from requests.adapters import HTTPAdapter

from pytest_paymock import Paymock, faults
from pytest_paymock._engine.cards import TEST_CARDS
from pytest_paymock._intercept.httpx_request import Messages

from .calling import CLIENTS, VISA, a_token, call, pay, silence, tokenize, told_by

SPACED = "4532 0151 1283 0366"
ESCAPED = "\\u0034" + VISA[1:]


def leak(number: int, more: str = "") -> str:
    return (
        "card_data_leak: the card number that ends in 0366, sent in this test, stands in "
        f"call {number}{more} {silence('card_data_leak')}"
    )


@pytest.fixture(params=CLIENTS)
def client(request: pytest.FixtureRequest) -> str:
    return request.param


BODIES: dict[str, bytes] = {
    "a text": json.dumps({"description": f"paid with {VISA}"}).encode(),
    "a text with spaces": json.dumps({"description": SPACED}).encode(),
    "a text with newlines": json.dumps({"description": SPACED.replace(" ", "\n")}).encode(),
    "a number": f'{{"card": {VISA}}}'.encode(),
    "a number with a fraction": f'{{"card": {VISA}.00}}'.encode(),
    "an amount in quotes": f'{{"amount": "{VISA}"}}'.encode(),
    "an escape": f'{{"description": "{ESCAPED}"}}'.encode(),
    "all escapes": f'{{"d": "{"".join(f"{chr(92)}u00{ord(sign):x}" for sign in VISA)}"}}'.encode(),
    "a name": f'{{"{VISA}": 1}}'.encode(),
    "something nested": f'{{"a": [{{"b": ["x", "{SPACED}"]}}]}}'.encode(),
    "a list": f'["{VISA}"]'.encode(),
    "a form": f"token=t&card={VISA}".encode(),
    "a form with plus signs": f"card={SPACED.replace(' ', '+')}".encode(),
    "plain text": SPACED.encode(),
    "text that is not UTF-8": b"caf\xe9 " + VISA.encode(),
    "full-width digits": "".join(chr(0xFF10 + int(digit)) for digit in VISA).encode(),
}


@pytest.mark.parametrize("body", BODIES)
def test_a_number_in_a_body_is_told(client: str, body: str):
    def act(paymock: Paymock) -> None:
        tokenize(paymock, client=client)
        sent = {"content" if client == "httpx" else "data": BODIES[body]}
        call(paymock, "POST", "/api/v1/payments", client=client, **sent)

    assert told_by(act) == [leak(2)]


PLACES = {
    "an identifier": f"/api/v1/customers/{VISA}/transactions",
    "an identifier with spaces": f"/api/v1/customers/{quote(SPACED)}/transactions",
    "an unknown path": f"/cards/{VISA}",
    "a query": f"/api/v1/customers/cust_1/transactions?card={VISA}",
    "a query in quotes": f"/api/v1/customers/cust_1/transactions?card={quote(SPACED)}",
    "an escaped query": "/nothing?" + "".join(f"%{ord(sign):02x}" for sign in VISA),
}


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("method", ["GET", "POST", "DELETE", "HEAD"])
def test_a_number_in_a_url_is_told(client: str, place: str, method: str):
    def act(paymock: Paymock) -> None:
        tokenize(paymock, client=client)
        call(paymock, method, PLACES[place], client=client)

    assert told_by(act) == [leak(2)]


def test_a_number_counts_that_went_astray_before_it_was_sent_as_a_card(client: str):
    def act(paymock: Paymock) -> None:
        call(paymock, "GET", PLACES["a query"], client=client)
        tokenize(paymock, client=client)

    assert told_by(act) == [leak(1)]


@pytest.mark.parametrize("written", [VISA, SPACED, SPACED.encode(), f"Card {VISA}; exp=12"])
def test_a_number_in_a_header_is_told(client: str, written: str | bytes):
    def act(paymock: Paymock) -> None:
        tokenize(paymock, client=client)
        call(paymock, "GET", "/api/v1/tokens/x", client=client, headers={"X-Card": written})

    assert told_by(act) == [leak(2)]


def test_a_number_in_a_header_that_an_adapter_adds_is_told():
    class Leaking(HTTPAdapter):
        def add_headers(self, request: Any, **_: Any) -> None:
            request.headers["X-Card"] = VISA

    def act(paymock: Paymock) -> None:
        tokenize(paymock)
        with requests.Session() as session:
            session.mount("http://", Leaking())
            session.get(f"{paymock.base_url}/api/v1/tokens/x")

    assert told_by(act) == [leak(2)]


def test_a_header_that_holds_a_number_harms_nobody():
    def act(paymock: Paymock) -> None:
        request = requests.Request("GET", f"{paymock.base_url}/api/v1/tokens/x").prepare()
        request.headers.update({"X-Number": 7})
        assert requests.Session().send(request).status_code == 404

    assert told_by(act) == []


@pytest.mark.parametrize("how", [{"params": {"card": VISA}}, {"headers": {"X-Card": VISA}}])
def test_a_tokenization_has_its_card_in_the_body_and_nowhere_else(client: str, how: dict[str, Any]):
    def act(paymock: Paymock) -> None:
        sent = {"card": paymock.card("visa"), "customer": paymock.customer("cust_1")}
        call(paymock, "POST", "/api/v1/tokenize", client=client, json=sent, **how)

    assert told_by(act) == [leak(1)]


def test_each_further_request_is_counted():
    def act(paymock: Paymock) -> None:
        token = tokenize(paymock).json()["token"]
        for _ in range(3):
            pay(paymock, token, description=VISA)

    assert told_by(act) == [leak(2, "; and 2 more")]


@pytest.mark.parametrize(
    "fault", [faults.connect_error, faults.server_error, faults.read_timeout(after_commit=True)]
)
def test_a_request_that_met_a_fault_was_sent_all_the_same(fault: Any):
    def act(paymock: Paymock) -> None:
        token = tokenize(paymock).json()["token"]
        paymock.faults.queue(fault)
        pay(paymock, token, description=VISA)

    assert told_by(act) == [leak(2)]


@pytest.mark.parametrize(
    "fault", [faults.connect_error, faults.disconnect, faults.disconnect(after_commit=True)]
)
def test_a_card_whose_tokenization_was_lost_counts_as_sent(fault: Any):
    def act(paymock: Paymock) -> None:
        paymock.faults.queue(fault)
        tokenize(paymock)
        call(paymock, "GET", PLACES["a query"])

    assert told_by(act) == [leak(2)]


@pytest.mark.parametrize(
    "wrong",
    [{"expiry_year": 2020}, {"cvv": "1"}, {"expiry_month": "May"}, {"card_number": int(VISA)}],
)
def test_a_card_whose_tokenization_was_refused_counts_as_sent(wrong: dict[str, Any]):
    def act(paymock: Paymock) -> None:
        assert tokenize(paymock, **wrong).status_code == 400
        call(paymock, "GET", PLACES["a query"])

    assert told_by(act) == [leak(2)]


def test_a_tokenization_that_is_no_json_sends_no_card():
    def act(paymock: Paymock) -> None:
        for fault in (None, faults.connect_error):
            if fault:
                paymock.faults.queue(fault)
            call(paymock, "POST", "/api/v1/tokenize", content=f"card={VISA}".encode())
            call(paymock, "POST", "/api/v1/tokenize", json={"card": VISA})
        call(paymock, "GET", PLACES["a query"])

    assert told_by(act) == []


# -- no false alarms --------------------------------------------------------------------------


def test_the_tokenization_itself_is_no_leak(client: str):
    assert told_by(lambda paymock: [tokenize(paymock, client=client) for _ in range(2)]) == []


def test_a_number_that_was_never_sent_as_a_card_is_no_card_of_this_test():
    def act(paymock: Paymock) -> None:
        tokenize(paymock)
        pay(paymock, a_token(paymock), description=TEST_CARDS["mastercard"])

    assert told_by(act) == []


@pytest.mark.parametrize(
    "description", ["card ending in 0366", "**** 0366", VISA[:6], "tok_" + "4" * 32, None]
)
def test_what_may_be_kept_of_a_card_is_no_leak(description: str | None):
    def act(paymock: Paymock) -> None:
        token = tokenize(paymock).json()["token"]
        assert pay(paymock, token, description=description).status_code == 201

    assert told_by(act) == []


def test_a_card_that_the_test_arranged_was_not_sent():
    def act(paymock: Paymock) -> None:
        pay(paymock, a_token(paymock), description=VISA)

    assert told_by(act) == []


def test_after_a_reset_no_card_is_known():
    def act(paymock: Paymock) -> None:
        tokenize(paymock)
        call(paymock, "GET", PLACES["a query"])
        paymock.reset()
        call(paymock, "GET", PLACES["a query"])

    assert told_by(act) == []


def test_headers_that_are_kept_in_another_way_are_looked_at_too():
    headers = SimpleNamespace(raw=[(b"a", b"1"), (b"b", VISA.encode())], get={}.get)
    request = SimpleNamespace(method="GET", extensions={}, headers=headers)
    assert Messages().read(request, "/", None, b"")[0].header_digits == f"1 and {VISA}"


def test_so_are_those_of_a_request_that_has_a_dict():
    def act(paymock: Paymock) -> None:
        tokenize(paymock)
        request = requests.Request("GET", f"{paymock.base_url}/api/v1/tokens/x").prepare()
        request.headers = {"a": "1", "b": VISA}  # type: ignore[assignment]
        assert requests.Session().send(request).status_code == 404

    assert told_by(act) == [leak(2)]
