"""Whatever is sent, httpx and requests get the same bytes, and never a 500 or an exception."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st

from pytest_paymock import Paymock

from .clients import Client, Httpx, Requests
from .documents import NOW, PAYMENTS, TOKENIZE, payment, tokenization

STATUSES = {200, 201, 400, 401, 404, 405}

steady = settings.get_profile("long")

numbers = st.integers() | st.floats() | st.decimals(allow_nan=False).map(str)
scalars = st.none() | st.booleans() | numbers | st.text(max_size=30)
anything = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner),
    max_leaves=12,
)
amounts = st.sampled_from([0.01, 0.02, 0.03, 9999.99, 10000, 1e308, -0.0]) | scalars
payments = st.fixed_dictionaries(
    {},
    optional={
        "token": st.just("THE TOKEN") | anything,
        "amount": amounts,
        "customer_id": st.text(max_size=20) | anything,
        "currency": st.sampled_from(["USD", "eur", "X"]) | anything,
        "description": anything,
    },
)
cards = st.fixed_dictionaries(
    {},
    optional={
        "card_number": st.sampled_from(["4532015112830366", "374245455400126"]) | anything,
        "card_holder": anything,
        "expiry_month": st.integers(-1, 14) | anything,
        "expiry_year": st.integers(2020, 2100) | st.integers() | anything,
        "cvv": st.from_regex(r"\A[0-9]{2,5}\Z") | anything,
    },
)


class Pair:
    """The same requests to two fakes that were made alike, through two libraries."""

    def __init__(self, httpx_client: Client, requests_client: Client) -> None:
        self._both = httpx_client, requests_client
        self.token = ""

    def send(self, method: str, path: str, body: bytes | None = None) -> Any:
        """Send through both, compare, and return the answer."""
        one, other = (client.send(method, path, body=body) for client in self._both)
        assert one.status == other.status
        assert one.body == other.body
        assert one.headers == other.headers
        assert one.status in STATUSES
        assert one.headers["content-type"] == "application/json"
        if one.status >= 400:
            assert list(one.json) == ["detail"]
            assert isinstance(one.json["detail"], str)
        return one


@contextmanager
def two_fakes() -> Iterator[tuple[Pair, Paymock, Paymock]]:
    """Make two fakes alike but for their base URLs, with a client for each."""
    with (
        Paymock(seed=3, clock=NOW, guards="off", base_url="http://one.example") as one,
        Paymock(seed=3, clock=NOW, guards="off", base_url="http://other.example") as other,
    ):
        clients = Httpx(one.base_url), Requests(other.base_url)
        pair = Pair(*clients)
        made = pair.send("POST", TOKENIZE, json.dumps(tokenization()).encode())
        pair.token = made.json["token"]
        yield pair, one, other
        for client in clients:
            client.close()


def assert_alike(one: Paymock, other: Paymock) -> None:
    """Check that two fakes hold the same, and can show it."""
    assert len(one.calls) == len(other.calls)
    for mine, theirs in zip(one.calls, other.calls, strict=True):
        assert mine.request == theirs.request or repr(mine.request) == repr(theirs.request)
        assert mine.response_body == theirs.response_body
    assert [item.transaction_id for item in one.transactions] == [
        item.transaction_id for item in other.transactions
    ]
    assert len(one.report()) == len(other.report())


@steady
@given(st.lists(st.binary(max_size=200), min_size=1, max_size=5))
@example([b"", b"{", b"[" * 200_000, b"\xff", b"1" * 5000, b"NaN", b"\xef\xbb\xbf{}"])
def test_random_bytes(bodies: list[bytes]) -> None:
    with two_fakes() as (pair, one, other):
        for body in bodies:
            for path in (TOKENIZE, PAYMENTS, "/api/v1/transactions/txn_1/refund"):
                assert pair.send("POST", path, body).status in (400, 404)
        assert_alike(one, other)
        assert len(one.tokens) == 1
        assert len(one.transactions) == 0


@steady
@given(st.lists(anything, min_size=1, max_size=5))
def test_random_json(documents: list[Any]) -> None:
    with two_fakes() as (pair, one, other):
        for document in documents:
            for path in (TOKENIZE, PAYMENTS):
                assert pair.send("POST", path, json.dumps(document).encode()).status == 400
        assert_alike(one, other)
        assert len(one.tokens) == 1
        assert len(one.transactions) == 0


@steady
@given(st.lists(payments, min_size=1, max_size=6))
def test_random_payments(documents: list[dict[str, Any]]) -> None:
    with two_fakes() as (pair, one, other):
        accepted = 0
        for document in documents:
            body = json.dumps(document).replace("THE TOKEN", pair.token).encode()
            answer = pair.send("POST", PAYMENTS, body)
            accepted += answer.status == 201
            if answer.status == 201:
                name = answer.json["transaction_id"]
                assert pair.send("GET", f"/api/v1/transactions/{name}").status == 200
                pair.send("POST", f"/api/v1/transactions/{name}/refund")
        assert_alike(one, other)
        assert len(one.payments) == accepted


@steady
@given(st.lists(cards, min_size=1, max_size=4), st.data())
def test_random_cards(documents: list[dict[str, Any]], data: st.DataObject) -> None:
    with two_fakes() as (pair, one, other):
        accepted = 1
        for document in documents:
            full = tokenization()
            full["card"].update(document)
            full["customer"].update(data.draw(st.dictionaries(st.text(max_size=9), anything)))
            body = json.dumps(full).encode()
            accepted += pair.send("POST", TOKENIZE, body).status == 201
        assert_alike(one, other)
        assert len(one.tokens) == accepted


@steady
@given(
    st.sampled_from(["GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"]),
    st.lists(
        st.sampled_from(["api", "v1", "payments", "tokens", "transactions", "refund", "%2F", "x"])
        | st.text("abc019_-~", min_size=1, max_size=5),
        max_size=7,
    ),
)
def test_random_paths(method: str, pieces: list[str]) -> None:
    with two_fakes() as (pair, one, other):
        answer = pair.send(method, "".join(f"/{piece}" for piece in pieces))
        assert answer.status in (200, 400, 404, 405)
        assert_alike(one, other)


@steady
@given(st.sampled_from([0.01, 0.02, 0.03, 1, 99.99, 10000]), st.integers(1, 12))
def test_ordinary_conversations(amount: float, times: int) -> None:
    with two_fakes() as (pair, one, other):
        for _ in range(times):
            body = json.dumps(payment(pair.token, amount)).encode()
            assert pair.send("POST", PAYMENTS, body).status == 201
        assert pair.send("GET", "/api/v1/customers/cust_123/transactions").status == 200
        assert_alike(one, other)
