"""Shapes that many rules share."""

from typing import Any

from pytest_paymock._verify.shapes import (
    ANYTHING,
    INVALID,
    Either,
    Holding,
    Telling,
    Text,
    having,
)
from pytest_paymock._verify.steps import Send

SECOND = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d"
TIME = Either(
    Text(SECOND, "a time to the second without an offset"),
    # On a whole second Python writes no fraction.
    Text(rf"{SECOND}(\.\d{{6}})?", "a time with microseconds and without an offset"),
)
TIME_OF_TOKEN = Either(
    TIME.documented,
    Text(rf"{SECOND}(\.\d{{6}})?\+00:00", "a time with microseconds and the offset +00:00"),
)
TOKEN = Text("tok_[0-9a-f]{32}", "tok_ and 32 lower-case hex digits")
TRANSACTION_ID = Either(
    Text(r"txn_\d{14}_[0-9a-f]{8}", "txn_, fourteen digits of a time, _ and 8 hex digits"),
    Text(r"txn_\d{14}_[0-9a-f]{16}", "txn_, fourteen digits of a time, _ and 16 hex digits"),
)

MESSAGES = {
    "success": "Payment processed successfully",
    "insufficient_funds": "Insufficient funds",
    "card_declined": "Card declined",
    "pending_verification": "Payment pending verification",
    "manual_review": "Large transaction - manual review required",
    "issuer_declined": "Card declined by issuer",
    "under_review": "Payment under review",
}
ORDINARY = ("success", "issuer_declined", "under_review")

INVALID_TOKEN = {"detail": "Invalid or expired token"}
NO_TOKEN = {"detail": "Token not found"}
NO_TRANSACTION = {"detail": "Transaction not found"}
NOT_FOUND = {"detail": "Not Found"}


def refused(send: Send, status: Any = INVALID) -> Send:
    """Return a request of which nothing is expected but that it is refused."""
    return changed(send, status=status, answer=ANYTHING)


def naming(send: Send, field: str) -> Send:
    """Return a request whose refusal names a field by its path."""
    fault = having(type=ANYTHING, loc=["body", *field.split(".")], msg=ANYTHING)
    told = Either(having(detail=Telling((f"{field}: ",))), having(detail=Holding(fault)))
    return changed(send, answer=told, if_refused=True)


def changed(send: Send, **values: Any) -> Send:
    """Return a request with some of its parts replaced."""
    kept = {name: getattr(send, name) for name in Send.__slots__}
    return Send(**{**kept, **values})
