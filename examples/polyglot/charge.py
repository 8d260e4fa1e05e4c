"""Charge a card through the Payment Mock API, with nothing but the standard library.

``PAYMENT_URL=... python charge.py AMOUNT CARD_NUMBER CUSTOMER``; the exit status is 0 if it was
paid, 1 if it was refused, 2 if it was declined or is pending, and 3 if nobody knows.
"""

import json
import os
import sys
from datetime import date
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen


def post(path: str, document: dict[str, Any]) -> dict[str, Any]:
    """Return the JSON of an answer, a refusal's included."""
    request = Request(  # noqa: S310 - the base URL is configuration
        f"{os.environ['PAYMENT_URL']}/api/v1/{path}",
        json.dumps(document).encode(),
        {"content-type": "application/json"},
    )
    try:
        with urlopen(request, timeout=20) as answer:  # noqa: S310 - the same
            read: dict[str, Any] = json.load(answer)
    except HTTPError as error:
        with error:
            read = json.load(error)
    return read


def charge(amount: str, card_number: str, customer_id: str) -> tuple[int, str]:
    """Return the exit status and a sentence."""
    address = {"street": "123 Main St", "city": "New York", "state": "NY", "zip_code": "10001"}
    card = {
        "card_number": card_number,
        "card_holder": "Python",
        "expiry_month": 12,
        "expiry_year": date.today().year + 2,
        "cvv": "123",
    }
    customer = {
        "customer_id": customer_id,
        "email": "python@example.com",
        "billing_address": address,
    }
    stored = post("tokenize", {"card": card, "customer": customer})
    if "token" not in stored:
        return 1, f"refused: {stored['detail']}"
    order = {"token": stored["token"], "amount": float(amount), "customer_id": customer_id}
    paid = post("payments", order)
    if "status" not in paid:
        return 1, f"refused: {paid['detail']}"
    if paid["status"] == "success":
        return 0, f"paid: {paid['transaction_id']}"
    return 2, f"not paid: {paid['message']}"


def main() -> int:
    """Charge what the command line says."""
    try:
        status, words = charge(*sys.argv[1:])
    except (OSError, HTTPException, ValueError):
        # An answer that is lost does not say that nothing was charged: nothing is tried again.
        status, words = 3, "unknown: look before you charge again"
    sys.stdout.write(f"{words}\n")
    return status


if __name__ == "__main__":
    sys.exit(main())
