"""The documented examples (spec section 9), so that the buttons of the pages work.

They stand as documented but for what a reader cannot get right beforehand: the card is good by the
clock of the fake, and the identifiers are those of its newest records. Without any, the token is
the first that the fake will give, which its seed says.
"""

from typing import Any

from pytest_paymock._engine import ids
from pytest_paymock.server.fake import ServerPaymock

CUSTOMER = "cust_123"
TRANSACTION = "txn_20260127120000_a1b2c3d4"
REFUND = "ref_20260127120500_d4c3b2a1"

Example = dict[str, Any]


def token_of(fake: ServerPaymock) -> str:
    """Return the newest token of a fake, or the one that its first card will get."""
    newest = fake.recent(1).tokens
    if newest:
        return newest[0].token
    return "tok_" + ids.hex_digits(ids.key_of(fake.settings.seed), "token", 1, 32)


def transaction_of(fake: ServerPaymock) -> str:
    """Return the id of the newest payment, or the documented one."""
    newest = fake.recent(1).payments
    return newest[0].transaction_id if newest else TRANSACTION


def card(fake: ServerPaymock) -> Example:
    """Return the documented body of ``tokenize``."""
    return {
        "card": {
            "card_number": "4532015112830366",
            "card_holder": "John Doe",
            "expiry_month": 12,
            "expiry_year": fake.card()["expiry_year"],
            "cvv": "123",
        },
        "customer": {
            "customer_id": CUSTOMER,
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


def payment(fake: ServerPaymock, amount: float) -> Example:
    """Return the documented body of ``create_payment``."""
    return {
        "token": token_of(fake),
        "amount": amount,
        "currency": "USD",
        "customer_id": CUSTOMER,
        "description": "Order #12345",
    }


def bodies(fake: ServerPaymock) -> dict[str, dict[str, Example]]:
    """Return the examples of request bodies by endpoint, each with a sentence."""
    return {
        "tokenize": {"documented": {"summary": "The documented card", "value": card(fake)}},
        "create_payment": {
            name: {"summary": summary, "value": payment(fake, amount)}
            for name, summary, amount in (
                ("documented", "The documented payment, once its card is tokenized", 99.99),
                ("insufficient_funds", "0.01 fails for insufficient funds", 0.01),
                ("card_declined", "0.02 is declined", 0.02),
                ("pending_verification", "0.03 is pending", 0.03),
                ("manual_review", "10000 and above wait for a manual review", 10000),
            )
        },
    }


def parameters(fake: ServerPaymock) -> dict[str, str]:
    """Return an example of each identifier in a path."""
    return {
        "transaction_id": transaction_of(fake),
        "customer_id": CUSTOMER,
        "token": token_of(fake),
    }


def answers_of(fake: ServerPaymock) -> dict[str, Example]:
    """Return an example of each endpoint's answer."""
    token = token_of(fake)
    now, later = "2026-01-27T12:00:00", "2026-01-28T12:00:00"
    known = {"last_four_digits": "0366", "card_type": "Visa", "expires_at": later}
    paid = {"status": "success", "amount": 99.99, "currency": "USD"}
    transaction = {
        "transaction_id": TRANSACTION,
        **paid,
        "customer_id": CUSTOMER,
        "description": "Order #12345",
        "processed_at": now,
        "card_info": {"last_four": "0366", "card_type": "Visa"},
    }
    return {
        "tokenize": {"token": token, **known, "customer_id": CUSTOMER, "created_at": now},
        "create_payment": {
            "transaction_id": TRANSACTION,
            **paid,
            "token": token,
            "customer_id": CUSTOMER,
            "message": "Payment processed successfully",
            "processed_at": now,
        },
        "get_transaction": transaction,
        "list_customer_transactions": {
            "customer_id": CUSTOMER,
            "transaction_count": 1,
            "transactions": [transaction],
        },
        "refund": {
            "refund_id": REFUND,
            "original_transaction_id": TRANSACTION,
            **paid,
            "customer_id": CUSTOMER,
            "message": "Refund processed successfully",
            "processed_at": "2026-01-27T12:05:00",
        },
        "get_token": {"token": token, **known, "created_at": now, "is_valid": True},
    }
