"""The bodies of the deployed service's answers (spec section 8), from the engine's records.

Times carry microseconds unless they fall on a whole second, amounts are binary floats, and a
currency may be any text.
"""

from datetime import datetime
from typing import Any

from pydantic import ValidationError

from pytest_paymock._api import deployed_bodies
from pytest_paymock._api.bodies import dump
from pytest_paymock._api.http import Response
from pytest_paymock._engine.records import Payment, Refund, Token


def invalid(error: ValidationError) -> Response:
    """Return the answer to a request that is not valid, which repeats nothing of it."""
    found = error.errors(include_url=False, include_input=False, include_context=False)
    return deployed_bodies.refused(
        [
            {"type": fault["type"], "loc": ["body", *fault["loc"]], "msg": fault["msg"]}
            for fault in found
        ]
    )


def time_text(when: datetime) -> str:
    """Return a time as the service writes it: UTC without an offset.

    The fraction is left out where it is zero, as Python does it.
    """
    return when.replace(tzinfo=None).isoformat()


def tokenized(token: Token) -> bytes:
    """Return the answer to ``tokenize``; its ``created_at`` is the one time with an offset."""
    return dump(
        {
            "token": token.token,
            "last_four_digits": token.card.last_four,
            "card_type": token.card.card_type,
            "expires_at": time_text(token.expires_at),
            "customer_id": token.customer_id,
            "created_at": f"{time_text(token.created_at)}+00:00",
        }
    )


def token_info(token: Token, is_valid: bool) -> bytes:  # noqa: FBT001 - a field like others
    """Return the answer to ``get_token``."""
    return dump(
        {
            "token": token.token,
            "last_four_digits": token.card.last_four,
            "card_type": token.card.card_type,
            "expires_at": time_text(token.expires_at),
            "created_at": time_text(token.created_at),
            "is_valid": is_valid,
        }
    )


def paid(payment: Payment) -> bytes:
    """Return the answer to ``create_payment``."""
    return dump(
        {
            "transaction_id": payment.transaction_id,
            "status": payment.status,
            "amount": float(payment.amount),
            "currency": payment.currency,
            "token": payment.token,
            "customer_id": payment.customer_id,
            "message": payment.message,
            "processed_at": time_text(payment.processed_at),
        }
    )


def refunded(refund: Refund) -> bytes:
    """Return the answer to ``refund``."""
    return dump(_refund(refund))


def transaction(record: Payment | Refund) -> bytes:
    """Return the answer to ``get_transaction``."""
    return dump(_transaction(record))


def history(customer_id: str, records: list[Payment | Refund]) -> bytes:
    """Return the answer to ``list_customer_transactions``."""
    return dump(
        {
            "customer_id": customer_id,
            "transaction_count": len(records),
            "transactions": [_transaction(record) for record in records],
        }
    )


def _refund(refund: Refund) -> dict[str, Any]:
    return {
        "refund_id": refund.refund_id,
        "original_transaction_id": refund.original_transaction_id,
        "amount": float(refund.amount),
        "currency": refund.currency,
        "customer_id": refund.customer_id,
        "status": refund.status,
        "message": refund.message,
        "processed_at": time_text(refund.processed_at),
    }


def _transaction(record: Payment | Refund) -> dict[str, Any]:
    """One stored transaction; what pays it back is noted on it, and the last refund stays."""
    if isinstance(record, Refund):
        document, paid_back = _refund(record), record.refunded_by
    else:
        document, paid_back = _payment(record), record.refund_id
    if paid_back is None:
        return document
    # On a refund this takes the place of its own id: the service has one field for both.
    return {**document, "refunded": True, "refund_id": paid_back}


def _payment(payment: Payment) -> dict[str, Any]:
    return {
        "transaction_id": payment.transaction_id,
        "token": payment.token,
        "amount": float(payment.amount),
        "currency": payment.currency,
        "customer_id": payment.customer_id,
        "description": payment.description,
        "status": payment.status,
        "message": payment.message,
        "processed_at": time_text(payment.processed_at),
        "card_info": {"last_four": payment.card.last_four, "card_type": payment.card.card_type},
    }
