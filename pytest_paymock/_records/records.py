"""What people hold: frozen records of exchanges, tokens, payments and refunds."""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from json import loads
from typing import Any

from pytest_paymock._engine.cards import Card
from pytest_paymock._engine.customers import OfCustomer
from pytest_paymock._engine.journal import Call
from pytest_paymock._engine.outcomes import Decision
from pytest_paymock._engine.read_only import read_only
from pytest_paymock._engine.records import (
    AboutPayment,
    AboutRefund,
    AboutToken,
    Payment,
    Refund,
    Token,
)
from pytest_paymock.faults import Fault


@read_only
@dataclass(frozen=True, slots=True, kw_only=True)
class CallRecord:
    """One HTTP exchange, as the client saw it. Of a card only the last four digits are in it.

    ``status_code`` and ``response`` are what reached the client: None where nothing did. ``fault``
    is the value of ``pytest_paymock.faults`` that the exchange met, with its phase, or None, and
    ``waited`` for how many seconds of the fake's clock the client waited because of it.
    ``answered`` is the status that the API gave, whatever became of its answer on the way; None if
    it never acted.
    """

    number: int
    client: str
    endpoint: str | None
    method: str
    path: str
    status_code: int | None
    fault: Fault | None
    at: datetime
    waited: float = field(default=0.0, repr=False)
    answered: int | None = field(default=None, repr=False)
    request_body: bytes | None = field(repr=False)
    response_body: bytes | None = field(repr=False)

    @property
    def request(self) -> Any:
        """The request's JSON; None without a body or if it was no JSON object.

        Card data is masked. A field that the API does not know has the kind of its value, such as
        ``<string>``.
        """
        return None if self.request_body is None else loads(self.request_body)

    @property
    def response(self) -> Any:
        """The answer's JSON; None if there was none, or what is recorded of it is no JSON.

        Of an answer of more than 256 KiB the beginning is recorded.
        """
        if not self.response_body:
            return None
        try:
            return loads(self.response_body)
        except ValueError:
            return None

    @property
    def acted(self) -> bool:
        """Whether the API acted on the request, as it does but for a fault before the commit."""
        return self.answered is not None

    @property
    def lost(self) -> bool:
        """Whether the API acted and the client did not get its answer."""
        arrived = self.status_code is not None and not (self.fault and self.fault.after_commit)
        return self.acted and not arrived


@read_only
@dataclass(frozen=True, slots=True, kw_only=True)
class TokenRecord(AboutToken, OfCustomer):
    """A stored card, with the exchange that made it (None if the test arranged it).

    Times are aware and in UTC.
    """

    token: str
    card: Card
    customer_id: str
    created_at: datetime
    expires_at: datetime
    customer_mark: str = field(default="", repr=False)
    call_number: int | None = field(default=None, repr=False)
    call: CallRecord | None = field(default=None, repr=False)


@read_only
@dataclass(frozen=True, slots=True, kw_only=True)
class RefundRecord(AboutRefund, OfCustomer):
    """The whole amount of one transaction, paid back, with the exchange that did it.

    ``refunded_by`` is the id of the refund that paid this one back, which only the deployed service
    allows (spec section 8).
    """

    refund_id: str
    original_transaction_id: str
    amount: Decimal
    currency: str
    customer_id: str
    card: Card = field(repr=False)
    processed_at: datetime
    customer_mark: str = field(default="", repr=False)
    refunded_by: str | None = field(default=None, repr=False)
    call_number: int | None = field(default=None, repr=False)
    call: CallRecord | None = field(default=None, repr=False)


@read_only
@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class PaymentRecord(AboutPayment, OfCustomer):
    """A payment as it was when it was asked for, with its exchange and its refund, if any."""

    transaction_id: str
    decision: Decision
    amount: Decimal
    currency: str
    token: str
    customer_id: str
    description: str | None
    card: Card
    processed_at: datetime
    customer_mark: str = ""
    refund_id: str | None = None
    call_number: int | None = None
    call: CallRecord | None = None
    refund: RefundRecord | None = None

    def __repr__(self) -> str:
        # What a plain assert shows: what became of it and why, before anything else.
        names: tuple[str, ...] = (
            "status",
            "amount",
            "currency",
            "customer_id",
            "description",
            "outcome",
            "reason",
        )
        if self.refunded:
            names += ("refund_id",)
        shown = ", ".join(f"{name}={getattr(self, name)!r}" for name in names)
        return f"{type(self).__name__}(transaction_id={self.transaction_id!r}, {shown})"


# -- made of what the engine keeps -------------------------------------------------------------


def call_record(number: int, call: Call) -> CallRecord:
    """Return the record of an exchange, counted from 1."""
    return CallRecord(
        number=number,
        client=call.client,
        endpoint=call.endpoint,
        method=call.method,
        path=call.path,
        status_code=call.status,
        fault=call.fault,
        at=call.at,
        waited=call.waited,
        answered=call.answered,
        request_body=call.request,
        response_body=call.response,
    )


def token_record(token: Token, call: CallRecord | None) -> TokenRecord:
    """Return the record of a token, with the exchange that made it."""
    return TokenRecord(
        token=token.token,
        card=token.card,
        customer_id=token.customer_id,
        customer_mark=token.customer_mark,
        created_at=token.created_at,
        expires_at=token.expires_at,
        call_number=token.call_number,
        call=call,
    )


def refund_record(refund: Refund, call: CallRecord | None) -> RefundRecord:
    """Return the record of a refund, with the exchange that made it."""
    return RefundRecord(
        refund_id=refund.refund_id,
        original_transaction_id=refund.original_transaction_id,
        amount=refund.amount,
        currency=refund.currency,
        customer_id=refund.customer_id,
        customer_mark=refund.customer_mark,
        card=refund.card,
        processed_at=refund.processed_at,
        refunded_by=refund.refunded_by,
        call_number=refund.call_number,
        call=call,
    )


def payment_record(
    payment: Payment, call: CallRecord | None, refund: RefundRecord | None
) -> PaymentRecord:
    """Return the record of a payment, with the exchange that made it and its refund."""
    return PaymentRecord(
        transaction_id=payment.transaction_id,
        decision=payment.decision,
        amount=payment.amount,
        currency=payment.currency,
        token=payment.token,
        customer_id=payment.customer_id,
        customer_mark=payment.customer_mark,
        description=payment.description,
        card=payment.card,
        processed_at=payment.processed_at,
        refund_id=payment.refund_id,
        call_number=payment.call_number,
        call=call,
        refund=refund,
    )
