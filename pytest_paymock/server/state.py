"""What control shows of a fake: numbers, the newest records, the clock, what is queued.

All of it comes from the records, and no card data is in those.
"""

import json
from decimal import Decimal
from typing import Any

from pytest_paymock import __version__
from pytest_paymock._engine.records import Payment, Refund, Token
from pytest_paymock._engine.times import iso_text
from pytest_paymock._records.records import CallRecord
from pytest_paymock.server.fake import ServerPaymock


def state_of(fake: ServerPaymock, last: int) -> dict[str, Any]:
    """Return the state of a fake as JSON.

    Args:
        fake: whose.
        last: how many records of each kind, the newest ones, oldest first.
    """
    calls, tokens, payments, refunds = fake.recent(last)
    return {
        "version": __version__,
        "base_url": fake.base_url,
        "seed": fake.settings.seed,
        "clock": clock_of(fake),
        "counts": dict(fake.counts()),
        "outcomes": {"pending": fake.outcomes.pending},
        "faults": {"pending": fake.faults.pending},
        "calls": [_call(call) for call in calls],
        "tokens": [_token(token) for token in tokens],
        "payments": [_payment(payment) for payment in payments],
        "refunds": [_refund(refund) for refund in refunds],
    }


def clock_of(fake: ServerPaymock) -> dict[str, Any]:
    """Return the time of a fake."""
    return {"now": iso_text(fake.clock.now()), "pinned": fake.clock.pinned}


def _call(call: CallRecord) -> dict[str, Any]:
    return {
        "number": call.number,
        "endpoint": call.endpoint,
        "method": call.method,
        "path": call.path,
        "status_code": call.status_code,
        "fault": None if call.fault is None else str(call.fault),
        "at": iso_text(call.at),
        "request": _read(call.request_body),
        "response": _read(call.response_body),
    }


def _read(body: bytes | None) -> Any:
    """Return recorded JSON with the digits of its numbers; None for what is no JSON."""
    if not body:
        return None
    try:
        return json.loads(body, parse_float=Decimal, parse_constant=Decimal)
    except ValueError:
        return None


def _token(token: Token) -> dict[str, Any]:
    return {
        "token": token.token,
        "card_type": token.card_type,
        "last_four_digits": token.last_four_digits,
        "customer_id": token.customer_id,
        "created_at": iso_text(token.created_at),
        "expires_at": iso_text(token.expires_at),
        "call": token.call_number,
    }


def _payment(payment: Payment) -> dict[str, Any]:
    return {
        "transaction_id": payment.transaction_id,
        "status": payment.status,
        "outcome": payment.outcome,
        "reason": payment.reason,
        "message": payment.message,
        "amount": payment.amount,
        "currency": payment.currency,
        "customer_id": payment.customer_id,
        "description": payment.description,
        "token": payment.token,
        "card_type": payment.card_type,
        "last_four": payment.last_four,
        "processed_at": iso_text(payment.processed_at),
        "refund_id": payment.refund_id,
        "call": payment.call_number,
    }


def _refund(refund: Refund) -> dict[str, Any]:
    return {
        "refund_id": refund.refund_id,
        "original_transaction_id": refund.original_transaction_id,
        "amount": refund.amount,
        "currency": refund.currency,
        "customer_id": refund.customer_id,
        "processed_at": iso_text(refund.processed_at),
        "call": refund.call_number,
    }
