"""Small conversations, for tests that need something to have happened."""

from typing import Any

import requests

from pytest_paymock import PaymentRecord, Paymock

NOW = "2026-01-27T12:00:00"


def call(paymock: Paymock, method: str, path: str, document: Any = None) -> Any:
    """Send one request to a fake and return the answer's JSON."""
    return requests.request(
        method, f"{paymock.base_url}/api/v1{path}", json=document, timeout=9
    ).json()


def tokenize(paymock: Paymock, customer_id: str | None = "cust_1", card: str = "visa") -> str:
    """Get a token over HTTP."""
    document = {"card": paymock.card(card), "customer": paymock.customer(customer_id)}
    return str(call(paymock, "POST", "/tokenize", document)["token"])


def pay(paymock: Paymock, amount: float = 5, customer_id: str = "cust_1", **fields: Any) -> str:
    """Pay over HTTP with a token that is put in place, and return the transaction's id."""
    token = fields.pop("token", None) or paymock.add_token(customer_id=customer_id).token
    document = {"token": token, "amount": amount, "customer_id": customer_id, **fields}
    return str(call(paymock, "POST", "/payments", document)["transaction_id"])


def refund(paymock: Paymock, transaction_id: str) -> str:
    """Pay back over HTTP and return the refund's id."""
    return str(call(paymock, "POST", f"/transactions/{transaction_id}/refund")["refund_id"])


def paid(paymock: Paymock, transaction_id: str) -> PaymentRecord:
    """Return the record of a payment."""
    return paymock.payments.one(transaction_id=transaction_id)
