"""What a rule of the contract consists of: a name, a sentence, and steps with expectations."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pytest_paymock._verify.shapes import ANYTHING

JSON_TYPE = {"content-type": "application/json"}

TOKENIZE = "/api/v1/tokenize"
PAYMENTS = "/api/v1/payments"

PROFILES = ("documented", "deployed")


@dataclass(frozen=True, slots=True, kw_only=True)
class Send:
    """One request, and what is expected of its answer.

    Args:
        method: as on the wire.
        path: below the base URL, query included; ``<token>`` stands for what is known by that name.
        body: its text, filled in alike, or bytes that go as they are.
        headers: of the request.
        status: expected; any value that ``shapes`` knows.
        answer: expected of the answer's JSON.
        fields: expected of header fields by lower-case name; None for one that is not there.
        empty: whether the answer must have no body.
        save: names under which texts of the answer's JSON are known from then on, by field.
        if_refused: whether nothing is expected of a success: that it should have been refused is
            another rule.
        about: which of a rule's requests it is, where that is not plain from the path.
    """

    method: str
    path: str
    body: str | bytes | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    status: Any = ANYTHING
    answer: Any = ANYTHING
    fields: Mapping[str, Any] = field(default_factory=dict)
    empty: bool = False
    if_refused: bool = False
    save: Mapping[str, str] = field(default_factory=dict)
    about: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Many:
    """One request many times, whose answers fall into kinds.

    Args:
        send: the request.
        times: how often it is sent.
        kinds: the share of each pair of status and message, of 1.
    """

    send: Send
    times: int
    kinds: Mapping[tuple[str, str], float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Race:
    """One request several times at once, of which some succeed.

    Args:
        send: the request.
        times: how often it is sent.
        winners: how many succeed.
    """

    send: Send
    times: int
    winners: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait:
    """The server's clock moves on. A server elsewhere has none that could be moved."""

    hours: int = 0
    microseconds: int = 0


Step = Send | Many | Race | Wait


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule of the contract.

    Args:
        name: by which it is asked for.
        section: of the contract in which it stands.
        says: the rule in a sentence.
        steps: tried in order, up to the first that shows a difference.
        needs: what has to be there before: ``token``, ``paid``, ``failed``, ``pending``,
            ``refunded``. It is made with as little expectation as possible.
        profiles: under which it holds.
        untold: why a server elsewhere cannot be asked; empty if it can.
        served: whether only a server can keep it, and no fake in memory.
    """

    name: str
    section: str
    says: str
    steps: tuple[Step, ...] = ()
    needs: tuple[str, ...] = ()
    profiles: tuple[str, ...] = PROFILES
    untold: str = ""
    served: bool = False


NEEDS_A_CLOCK = "needs a clock that can be moved"
NEEDS_OTHER_CARDS = "needs card numbers beside the documented test cards"
NEEDS_A_FAULT = "needs a fault that the server is told to have"

TEST_CARDS = {
    "Visa": "4532015112830366",
    "Mastercard": "5425233430109903",
    "American Express": "374245455400126",
    "Discover": "6011111111111117",
}

CVV = "8374"
"""Of every card that is sent where no other is asked for."""

_CARD: dict[str, Any] = {
    "card_number": TEST_CARDS["Visa"],
    "card_holder": "John Doe",
    "expiry_month": 12,
    "expiry_year": "<year>",
    "cvv": CVV,
}
_ADDRESS: dict[str, Any] = {
    "street": "123 Main St",
    "city": "New York",
    "state": "NY",
    "zip_code": "10001",
    "country": "US",
}
_CUSTOMER: dict[str, Any] = {
    "customer_id": "<customer>",
    "email": "john.doe@example.com",
    "phone": "+1-555-0123",
    "billing_address": _ADDRESS,
}

REQUIRED_OF_TOKENIZE = (
    "card",
    "card.card_number",
    "card.card_holder",
    "card.expiry_month",
    "card.expiry_year",
    "card.cvv",
    "customer",
    "customer.email",
    "customer.billing_address",
    "customer.billing_address.street",
    "customer.billing_address.city",
    "customer.billing_address.state",
    "customer.billing_address.zip_code",
)

REQUIRED_OF_PAYMENT = ("token", "amount", "customer_id")


_NUMBERS = ("<year>", "<this_year>", "<this_month>", "<last_year>", "<last_month>")
"""Known texts that stand for numbers."""


class Absent:
    """Stands for the value of a field that is left out."""


ABSENT = Absent()


class Digits(str):
    """Text that stands in JSON as it is, such as a number with just these digits."""

    __slots__ = ()


def card_request(changes: Mapping[str, Any] | None = None) -> str:
    """Return the documented request for a token, with fields by dotted path replaced."""
    return _written({"card": _CARD, "customer": _CUSTOMER}, changes or {})


def payment_request(changes: Mapping[str, Any] | None = None) -> str:
    """Return a request for a payment of ``<token>``, with fields by dotted path replaced."""
    usual = {
        "token": "<token>",
        "amount": Digits("99.99"),
        "currency": "USD",
        "customer_id": "<customer>",
        "description": "Order #12345",
    }
    return _written(usual, changes or {})


def _written(document: dict[str, Any], changes: Mapping[str, Any]) -> str:
    for path, value in changes.items():
        document = _replaced(document, path.split("."), value)
    return _text(document)


def _replaced(document: dict[str, Any], path: list[str], value: Any) -> dict[str, Any]:
    name, *rest = path
    changed = _replaced(document[name], rest, value) if rest else value
    return {key: old for key, old in {**document, name: changed}.items() if old is not ABSENT}


def _text(value: Any) -> str:
    if isinstance(value, dict):
        inner = ", ".join(f"{json.dumps(name)}: {_text(part)}" for name, part in value.items())
        return f"{{{inner}}}"
    if isinstance(value, Digits):
        return value
    if isinstance(value, str) and value in _NUMBERS:
        return value
    return json.dumps(value)


def tokenize(changes: Mapping[str, Any] | None = None, **expected: Any) -> Send:
    """Return a request for a token, with fields replaced and what is expected of its answer."""
    return post(TOKENIZE, card_request(changes), about=_about(changes), **expected)


def charge(changes: Mapping[str, Any] | None = None, **expected: Any) -> Send:
    """Return a request for a payment, with fields replaced and what is expected of its answer."""
    return post(PAYMENTS, payment_request(changes), about=_about(changes), **expected)


def post(path: str, body: str | bytes | None = None, **more: Any) -> Send:
    """Return a POST, of JSON if it has a body."""
    headers = {"headers": JSON_TYPE} if body is not None else {}
    return Send(method="POST", path=path, body=body, **{**headers, **more})


def get(path: str, **expected: Any) -> Send:
    """Return a GET."""
    return Send(method="GET", path=path, **expected)


def refund(name: str = "<paid>", **more: Any) -> Send:
    """Return a request for a refund of a transaction."""
    return Send(method="POST", path=f"/api/v1/transactions/{name}/refund", **more)


def transaction(name: str = "<paid>", **expected: Any) -> Send:
    """Return a request for a transaction."""
    return get(f"/api/v1/transactions/{name}", **expected)


def token_info(name: str = "<token>", **expected: Any) -> Send:
    """Return a request for what is known of a token."""
    return get(f"/api/v1/tokens/{name}", **expected)


def history(customer: str = "<customer>", **expected: Any) -> Send:
    """Return a request for a customer's transactions."""
    return get(f"/api/v1/customers/{customer}/transactions", **expected)


def _about(changes: Mapping[str, Any] | None) -> str:
    """Say which fields a request has otherwise; never the value of a card's secret."""
    return ", ".join(_change(path, value) for path, value in (changes or {}).items())


def _change(path: str, value: Any) -> str:
    if value is ABSENT:
        return f"without {path}"
    if path.startswith("card.c"):
        return f"another {path}"
    return f"{path} {_text(value)}"
