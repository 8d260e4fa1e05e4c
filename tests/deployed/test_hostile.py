"""Whatever is sent: no exception, no 500, no card data, no state changed by a refusal."""

import json
import pickle
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pydantic_core import PydanticKnownError

from pytest_paymock import Paymock, faults
from pytest_paymock._api.http import Request
from pytest_paymock._api.profiles import DEPLOYED
from pytest_paymock._engine.engine import CardData, PaymentOrder
from tests.api.support import handled
from tests.contract.documents import NOW, PAYMENTS, TEST_CARDS, TOKENIZE, payment, tokenization
from tests.contract.test_random_requests import anything, cards, payments
from tests.engine.support import Bench

steady = settings.get_profile("long")

STATUSES = {200, 201, 307, 400, 401, 404, 405, 422}

NUMBER = TEST_CARDS["Visa"]
CVV = "8374"


def engine() -> tuple[Bench, str, str]:
    """Return an engine with a token and a payment, and their names."""
    made = Bench(clock=NOW, rules=DEPLOYED.rules)
    token = made.tokenize(CardData(NUMBER, "John Doe", 12, 2026), "cust_1").token
    order = PaymentOrder(
        token, DEPLOYED.read_payment(payment(token))["amount"], "USD", "cust_1", None
    )
    return made, token, made.pay(order).transaction_id


def assert_answered(of: Bench, method: str, path: str, body: bytes) -> tuple[int, bytes]:
    """Return status and body of an answer that holds what every answer holds."""
    before = of.changes()
    sent = Request(method, path, body, query="a=%ff&b")
    done = handled(of, sent, DEPLOYED, "http://x")
    response, recorded = done.response, done.request
    assert response.status_code in STATUSES
    if response.status_code >= 300:
        assert of.changes() == before
    if response.body:
        assert list(json.loads(response.body))
        assert response.body.isascii()
    if response.status_code >= 400 and response.body:
        assert list(json.loads(response.body)) == ["detail"]
    for _, value in response.headers():
        assert value.isascii()
        assert value.isprintable()
    if recorded is not None:
        json.loads(recorded)
    return response.status_code, response.body


pieces = st.sampled_from(
    [
        "",
        "/",
        "api",
        "v1",
        "payments",
        "transactions",
        "tokens",
        "refund",
        "health",
        "%2F",
        "%",
        "..",
    ]
) | st.text(st.characters(codec="ascii", exclude_characters="?#\r\n"), max_size=8)
paths = st.lists(pieces, max_size=7).map(lambda found: "/" + "/".join(found)) | st.just("")


@given(st.sampled_from(["GET", "POST", "HEAD", "PUT", "BREW", ""]), paths, st.binary(max_size=30))
@example("GET", "/health%0d%0aset-cookie: a=b/", b"")
@example("GET", "/api/v1/tokens/%0d%0aa/", b"")
@example("POST", "/api/v1/payments////", b"{}")
@example("GET", "/api/v1/transactions/txn_none", b"")
@example("POST", "/api/v1/transactions/txn_none/refund", b"{}")
@steady
def test_any_method_path_and_body(method: str, path: str, body: bytes) -> None:
    made, _, _ = engine()
    assert_answered(made, method, path, body)


@given(payments | anything)
@example({"token": "THE TOKEN", "amount": 1.8e308, "customer_id": "c"})
@example({"token": "THE TOKEN", "amount": 1e308, "customer_id": "c", "currency": "\x00"})
@steady
def test_any_payment(sent: Any) -> None:
    made, token, _ = engine()
    body = json.dumps(sent).replace("THE TOKEN", token).encode()
    status, answer = assert_answered(made, "POST", PAYMENTS, body)
    if status == 201:
        name = json.loads(answer)["transaction_id"]
        status, _ = assert_answered(made, "GET", f"/api/v1/transactions/{name}", b"")
        assert status == 200


@given(cards | anything, anything)
@steady
def test_any_card(card: Any, customer: Any) -> None:
    made, _, _ = engine()
    sent = tokenization()
    customers = {**sent["customer"], "customer_id": customer, "phone": customer}
    assert_answered(
        made, "POST", TOKENIZE, json.dumps({"card": card, "customer": customers}).encode()
    )
    assert_answered(
        made, "POST", TOKENIZE, json.dumps({"card": sent["card"], "customer": customer}).encode()
    )


# -- card data --------------------------------------------------------------------------------


def secrets_in(*places: object) -> list[str]:
    shown = "".join(place if isinstance(place, str) else repr(place) for place in places)
    return [secret for secret in (NUMBER, CVV) if secret in shown]


WRONG_CARDS = [
    {"card_number": f"{NUMBER}x"},
    {"card_number": int(NUMBER)},
    {"card_number": float(NUMBER)},
    {"card_number": [NUMBER]},
    {"card_number": {"n": NUMBER}},
    {"card_number": f"{NUMBER}{NUMBER}"},
    {"cvv": int(CVV)},
    {"cvv": f"{CVV}5"},
    {"cvv": f"{CVV[:3]}x"},
    {"cvv": [CVV]},
    {"card_holder": [NUMBER]},
    {"expiry_month": NUMBER},
    {"expiry_month": int(NUMBER)},
    {"expiry_month": f"{NUMBER}.5"},
    {"expiry_year": float(f"-{NUMBER}")},
]


@pytest.mark.parametrize("changes", WRONG_CARDS, ids=range(len(WRONG_CARDS)))
def test_no_refusal_quotes_a_card(changes: dict[str, Any]) -> None:
    with Paymock(clock=NOW, guards="off", profile="deployed") as paymock:
        sent = tokenization({"card_number": NUMBER, "cvv": CVV, **changes})
        answer = httpx.post(paymock.base_url + TOKENIZE, json=sent)
    assert answer.status_code == 422
    assert secrets_in(answer.text, paymock.report(), paymock.calls.one()) == []
    assert secrets_in(str(pickle.dumps(tuple(paymock.calls)))) == []


@pytest.mark.parametrize("write", [str, int, float])
def test_no_card_keeps_a_card_number_for_its_year(write: Callable[[str], Any]) -> None:
    with Paymock(clock=NOW, guards="off", profile="deployed") as paymock:
        sent = tokenization({"expiry_year": write(NUMBER)})
        answer = httpx.post(paymock.base_url + TOKENIZE, json=sent)
    assert answer.status_code == 201
    assert paymock.tokens.one().card.expiry_year == 9999
    assert secrets_in(answer.text, paymock.report(), paymock.calls.one().request_body) == []


@pytest.mark.parametrize("name", ["token", "amount", "currency", "customer_id", "description"])
@pytest.mark.parametrize(
    "write", [str, int, float, lambda number: [number]], ids=["text", "int", "float", "list"]
)
def test_no_payment_keeps_a_card(name: str, write: Callable[[str], Any]) -> None:
    with Paymock(clock=NOW, guards="off", profile="deployed") as paymock:
        sent = {**payment(paymock.add_token().token), name: write(NUMBER)}
        answer = httpx.post(paymock.base_url + PAYMENTS, json=sent)
    if name == "amount" and write in (str, int, float):
        # A number of money is money, however many digits it has; see the documented profile.
        assert answer.status_code == 201
        return
    assert secrets_in(answer.text, paymock.report(), paymock.calls.one().request_body) == []
    assert secrets_in(*paymock.payments) == []


KINDS: dict[Any, dict[str, Any] | None] = {
    "missing": None,
    "model_attributes_type": None,
    "string_type": None,
    "string_unicode": None,
    "string_too_short": {"min_length": 3},
    "string_too_long": {"max_length": 4},
    "int_type": None,
    "int_parsing": None,
    "int_parsing_size": None,
    "int_from_float": None,
    "greater_than": {"gt": 0},
    "greater_than_equal": {"ge": 1},
    "less_than_equal": {"le": 12},
    "float_type": None,
    "float_parsing": None,
    "finite_number": None,
}
"""Every fault of pydantic's own that a request can have, with what its message is made of."""


@pytest.mark.parametrize(("kind", "made_of"), KINDS.items(), ids=str)
def test_no_message_of_pydantic_quotes_the_input(kind: Any, made_of: dict[str, Any] | None) -> None:
    template = PydanticKnownError(kind, made_of).message_template
    assert set(re.findall(r"{(\w+)}", template)) <= {*(made_of or ()), "expected_plural"}


def test_a_card_before_a_fault_is_noted_and_not_kept() -> None:
    with Paymock(clock=NOW, guards="off", profile="deployed") as paymock:
        paymock.faults.queue(faults.disconnect, on="tokenize")
        body = json.dumps(tokenization({"card_number": NUMBER, "cvv": CVV})).encode("utf-16")
        with pytest.raises(httpx.RemoteProtocolError):
            httpx.post(paymock.base_url + TOKENIZE, content=body)
        assert len(paymock.tokens) == 0
        assert list(paymock._parts.journal.index.cards_sent.values()) == ["0366"]
    assert secrets_in(paymock.calls.one(), paymock.calls.one().request_body) == []


# -- threads ----------------------------------------------------------------------------------


def test_racing_refunds_all_win_under_ids_of_their_own() -> None:
    with Paymock(clock=NOW, guards="off", profile="deployed") as paymock:
        name = paymock.add_payment(amount=5).transaction_id
        url = f"{paymock.base_url}/api/v1/transactions/{name}/refund"
        with ThreadPoolExecutor(8) as pool:
            answers = list(pool.map(lambda _: httpx.post(url), range(32)))
    assert {answer.status_code for answer in answers} == {200}
    names = {answer.json()["refund_id"] for answer in answers}
    assert names == {refund.refund_id for refund in paymock.refunds}
    assert len(names) == 32
    assert paymock.payments.one().refund == paymock.refunds.last
