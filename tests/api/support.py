"""What the tests of the contract share: requests as a client sends them, and answers as it reads
them."""

import json
from copy import deepcopy
from typing import Any, NamedTuple

from pytest_paymock._api.handle import handle
from pytest_paymock._api.http import Request, Response
from pytest_paymock._engine.clock import Clock
from pytest_paymock._engine.engine import Engine

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


def an_engine(**options: Any) -> Engine:
    return Engine(**{"clock": Clock("2025-01-27T12:00:00"), **options})


class Handled(NamedTuple):
    """An answer, and what may be recorded of the exchange."""

    response: Response
    endpoint: str | None
    path: str
    request: bytes | None


def call(engine: Engine, method: str, path: str, body: Any = b"") -> Handled:
    """Send a request; a body that is not bytes goes as JSON."""
    sent = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Handled(*handle(engine, Request(method, path, sent)))


def post(engine: Engine, path: str, body: Any = b"") -> tuple[int, Any]:
    """Return status and JSON of the answer to a POST."""
    return read(call(engine, "POST", path, body))


def get(engine: Engine, path: str) -> tuple[int, Any]:
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


def a_token(engine: Engine, number: str = VISA) -> str:
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


def pay(engine: Engine, **fields: Any) -> Any:
    """Pay with a fresh token and return the answer."""
    status, answer = post(engine, PAYMENTS, a_payment(a_token(engine), **fields))
    assert status == 201
    return answer


def refused(engine: Engine, method: str, path: str, body: Any = b"") -> tuple[int, str]:
    """Return status and detail of a request that is refused and changes nothing."""
    before = engine.state()
    status, answer = read(call(engine, method, path, body))
    assert engine.state() == before
    assert status >= 400
    assert list(answer) == ["detail"]
    return status, answer["detail"]
