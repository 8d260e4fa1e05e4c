"""Spec section 9: the examples of the documentation, as they stand."""

import re
from decimal import Decimal
from typing import Any

import pytest

from .clients import Client, every_client
from .documents import TOKENIZE

# The documented card expires in 2025, the documented answers are of 2026.
pytestmark = [pytest.mark.paymock(clock="2025-01-27T12:00:00"), every_client]

CARD_EXAMPLE = b"""
{"card": {"card_number": "4532015112830366", "card_holder": "John Doe", "expiry_month": 12, \
"expiry_year": 2025, "cvv": "123"},
 "customer": {"customer_id": "cust_123", "email": "john.doe@example.com", "phone": "+1-555-0123",
  "billing_address": {"street": "123 Main St", "city": "New York", "state": "NY", \
"zip_code": "10001", "country": "US"}}}
"""
PAYMENT_EXAMPLE = b"""
{"token": "tok_abc123def456...", "amount": 99.99, "currency": "USD", "customer_id": "cust_123", \
"description": "Order #12345"}
"""


def tokenized(client: Client) -> dict[str, Any]:
    """Send the first example and return its answer."""
    answer = client.send("POST", TOKENIZE, body=CARD_EXAMPLE)
    assert answer.status == 201, answer
    document: dict[str, Any] = answer.json
    return document


def test_the_example_of_tokenize(client: Client) -> None:
    document = tokenized(client)
    assert re.fullmatch(r"tok_[0-9a-f]{32}", document.pop("token"))
    assert document == {
        "last_four_digits": "0366",
        "card_type": "Visa",
        "expires_at": "2025-01-28T12:00:00",
        "customer_id": "cust_123",
        "created_at": "2025-01-27T12:00:00",
    }


def test_the_examples_of_payment_and_transaction(client: Client) -> None:
    token = tokenized(client)["token"]
    body = PAYMENT_EXAMPLE.replace(b"tok_abc123def456...", token.encode())
    answer = client.send("POST", "/api/v1/payments", body=body)
    assert answer.status == 201
    paid = answer.json
    name = paid.pop("transaction_id")
    assert re.fullmatch(r"txn_20250127120000_[0-9a-f]{8}", name)
    assert paid == {
        "status": "success",
        "amount": Decimal("99.99"),
        "currency": "USD",
        "token": token,
        "customer_id": "cust_123",
        "message": "Payment processed successfully",
        "processed_at": "2025-01-27T12:00:00",
    }
    assert client.get(f"/api/v1/transactions/{name}").json == {
        "transaction_id": name,
        "status": "success",
        "amount": Decimal("99.99"),
        "currency": "USD",
        "customer_id": "cust_123",
        "description": "Order #12345",
        "processed_at": "2025-01-27T12:00:00",
        "card_info": {"last_four": "0366", "card_type": "Visa"},
    }


def test_the_token_of_the_example_is_no_token(client: Client) -> None:
    answer = client.send("POST", "/api/v1/payments", body=PAYMENT_EXAMPLE)
    assert answer.status == 401
    assert answer.json == {"detail": "Invalid or expired token"}


@pytest.mark.paymock(clock="2026-01-01T00:00:00")
def test_the_example_of_tokenize_has_expired_in_2026(client: Client) -> None:
    answer = client.send("POST", TOKENIZE, body=CARD_EXAMPLE)
    assert answer.status == 400
    assert "the card expired at the end of 12/2025" in answer.detail
