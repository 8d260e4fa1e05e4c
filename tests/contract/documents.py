"""Request bodies as the documentation writes them, and small conversations with the API."""

from collections.abc import Mapping
from typing import Any

import pytest

from .clients import Answer, Client

NOW = "2026-01-27T12:00:00"
"""Where the suite pins the clock: the time of the documented examples."""

contract = pytest.mark.paymock(clock=NOW, guards="off")
"""For every module of the suite. It asks for odd things on purpose; the guards have other tests."""

TOKENIZE = "/api/v1/tokenize"
PAYMENTS = "/api/v1/payments"

TEST_CARDS = {
    "Visa": "4532015112830366",
    "Mastercard": "5425233430109903",
    "American Express": "374245455400126",
    "Discover": "6011111111111117",
}

ADDRESS = {
    "street": "123 Main St",
    "city": "New York",
    "state": "NY",
    "zip_code": "10001",
    "country": "US",
}


def card(**changes: Any) -> dict[str, Any]:
    """Return the documented card, good in 2026, with fields replaced."""
    return {
        "card_number": TEST_CARDS["Visa"],
        "card_holder": "John Doe",
        "expiry_month": 12,
        "expiry_year": 2026,
        "cvv": "123",
        **changes,
    }


def customer(**changes: Any) -> dict[str, Any]:
    """Return the documented customer, with fields replaced."""
    return {
        "customer_id": "cust_123",
        "email": "john.doe@example.com",
        "phone": "+1-555-0123",
        "billing_address": ADDRESS,
        **changes,
    }


def tokenization(
    card_changes: Mapping[str, Any] | None = None, **customer_changes: Any
) -> dict[str, Any]:
    """Return the documented request for a token, with fields replaced."""
    return {"card": card(**(card_changes or {})), "customer": customer(**customer_changes)}


def payment(token: str, amount: Any = 99.99, **changes: Any) -> dict[str, Any]:
    """Return the documented request for a payment, with fields replaced."""
    return {
        "token": token,
        "amount": amount,
        "currency": "USD",
        "customer_id": "cust_123",
        "description": "Order #12345",
        **changes,
    }


def payment_text(token: str, amount: str, currency: str = "USD") -> bytes:
    """Return a request for a payment whose amount is written with just these digits."""
    return (
        f'{{"token": "{token}", "amount": {amount}, "currency": "{currency}", '
        '"customer_id": "cust_123"}'
    ).encode()


def wide(text: str) -> str:
    """Return ASCII letters and digits as their full-width twins, which are none."""
    return "".join(chr(ord(sign) + 0xFEE0) for sign in text)


def without(document: Mapping[str, Any], path: str) -> dict[str, Any]:
    """Return a document without the field at a dotted path.

    >>> without({"card": {"cvv": "123", "number": "4"}}, "card.cvv")
    {'card': {'number': '4'}}
    """
    name, _, rest = path.partition(".")
    kept = {key: value for key, value in document.items() if key != name}
    return {**kept, name: without(document[name], rest)} if rest else kept


def get_token(client: Client, **customer_changes: Any) -> str:
    """Tokenize the documented card and return the token."""
    answer = client.post(TOKENIZE, tokenization(**customer_changes))
    assert answer.status == 201, answer
    return str(answer.json["token"])


def pay(client: Client, token: str, amount: Any = 99.99, **changes: Any) -> dict[str, Any]:
    """Make a payment and return the answer's document."""
    answer = client.post(PAYMENTS, payment(token, amount, **changes))
    assert answer.status == 201, answer
    document: dict[str, Any] = answer.json
    return document


def refund(client: Client, transaction_id: str) -> Answer:
    """Ask for a refund."""
    return client.post(f"/api/v1/transactions/{transaction_id}/refund")


def transaction(client: Client, transaction_id: str) -> Answer:
    """Ask for one transaction."""
    return client.get(f"/api/v1/transactions/{transaction_id}")


def history(client: Client, customer_id: str = "cust_123") -> dict[str, Any]:
    """Ask for a customer's transactions and return the answer's document."""
    answer = client.get(f"/api/v1/customers/{customer_id}/transactions")
    assert answer.status == 200, answer
    document: dict[str, Any] = answer.json
    return document
