"""What the tests of the contract share: requests as a client sends them, and answers as it reads
them."""

import json
from copy import deepcopy
from typing import Any

from pytest_paymock._api.handle import Handled, find, handle
from pytest_paymock._api.http import Request
from pytest_paymock._api.profiles import DOCUMENTED, Profile
from pytest_paymock._engine.journal import Entry
from tests.engine.support import A_CALL, Bench

TOKENIZE = "/api/v1/tokenize"
PAYMENTS = "/api/v1/payments"

VISA = "4532015112830366"

EXAMPLE = {
    "card": {
        "card_number": VISA,
        "card_holder": "John Doe",
        "expiry_month": 12,
        "expiry_year": 2025,
        "cvv": "123",
    },
    "customer": {
        "customer_id": "cust_123",
        "email": "john.doe@example.com",
        "phone": "+1-555-0123",
        "billing_address": {
            "street": "123 Main St",
            "city": "New York",
            "state": "NY",
            "zip_code": "10001",
            "country": "US",
        },
    },
}
"""The documented tokenize request (spec section 9), to the letter."""


def an_engine(**options: Any) -> Bench:
    return Bench(**{"clock": "2025-01-27T12:00:00", **options})


def handled(
    bench: Bench, request: Request, profile: Profile = DOCUMENTED, base_url: str = ""
) -> Handled:
    """Answer a request as an exchange does, and enter in the journal what came of it."""
    with bench.journal.lock:
        moment = bench.moment(len(bench.journal.index.calls) + 1)
        done = handle(bench.engine, request, find(request), moment, profile, base_url)
        enter(bench, done)
        return done


def enter(bench: Bench, done: Handled) -> None:
    bench.journal.append(Entry(A_CALL, done.effect, done.outcomes, cards=done.cards))


def call(engine: Bench, method: str, path: str, body: Any = b"") -> Handled:
    """Send a request; a body that is not bytes goes as JSON."""
    sent = body if isinstance(body, bytes) else json.dumps(body).encode()
    return handled(engine, Request(method, path, sent))


def post(engine: Bench, path: str, body: Any = b"") -> tuple[int, Any]:
    """Return status and JSON of the answer to a POST."""
    return read(call(engine, "POST", path, body))


def get(engine: Bench, path: str) -> tuple[int, Any]:
    """Return status and JSON of the answer to a GET."""
    return read(call(engine, "GET", path))


def read(handled: Handled) -> tuple[int, Any]:
    return handled.response.status_code, json.loads(handled.response.body)


def changed(body: dict[str, Any], field: str, value: Any) -> dict[str, Any]:
    """Return a request with one field, named by its path, of another value."""
    copy = deepcopy(body)
    *outer, last = field.split(".")
    part = copy
    for name in outer:
        part = part[name]
    part[last] = value
    return copy


def without(body: dict[str, Any], field: str) -> dict[str, Any]:
    """Return a request that lacks one field, named by its path."""
    copy = deepcopy(body)
    *outer, last = field.split(".")
    part = copy
    for name in outer:
        part = part[name]
    del part[last]
    return copy


def a_token(engine: Bench, number: str = VISA) -> str:
    """Tokenize a card and return its token."""
    status, answer = post(engine, TOKENIZE, changed(EXAMPLE, "card.card_number", number))
    assert status == 201
    return answer["token"]


def a_payment(token: str, **fields: Any) -> dict[str, Any]:
    """Return the documented payment request, with some fields of other values."""
    return {
        "token": token,
        "amount": 99.99,
        "currency": "USD",
        "customer_id": "cust_123",
        "description": "Order #12345",
        **fields,
    }


def pay(engine: Bench, **fields: Any) -> Any:
    """Pay with a fresh token and return the answer."""
    status, answer = post(engine, PAYMENTS, a_payment(a_token(engine), **fields))
    assert status == 201
    return answer


def refused(engine: Bench, method: str, path: str, body: Any = b"") -> tuple[int, str]:
    """Return status and detail of a request that is refused and changes nothing."""
    before = engine.changes()
    status, answer = read(call(engine, method, path, body))
    assert engine.changes() == before
    assert status >= 400
    assert list(answer) == ["detail"]
    return status, answer["detail"]
