"""What the engine keeps and hands out: frozen tokens, payments and refunds."""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import cast

from pytest_paymock._engine.cards import Card
from pytest_paymock._engine.drafts import draft_of
from pytest_paymock._engine.outcomes import Decision, Status


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """A stored card. Times are aware and in UTC."""

    token: str
    card: Card
    customer_id: str
    created_at: datetime
    expires_at: datetime
    call_number: int | None = field(default=None, repr=False)

    @property
    def card_type(self) -> str:
        """``Visa``, ``Mastercard``, ``American Express``, ``Discover`` or ``Unknown``."""
        return self.card.card_type

    @property
    def last_four_digits(self) -> str:
        """The last four digits of the card number, as the API names them."""
        return self.card.last_four

    def valid_at(self, now: datetime) -> bool:
        """Say whether the token can still pay; at exactly 24 hours it cannot (spec section 2)."""
        return now < self.expires_at


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Payment:
    """A payment that was processed: charged, declined or held."""

    transaction_id: str
    decision: Decision
    amount: Decimal
    currency: str
    token: str
    customer_id: str
    description: str | None
    card: Card
    processed_at: datetime
    refund_id: str | None = None
    call_number: int | None = None

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

    @property
    def status(self) -> Status:
        """``success``, ``failed`` or ``pending``."""
        return self.decision.outcome.status

    @property
    def outcome(self) -> str:
        """The outcome's name, such as ``insufficient_funds``."""
        return self.decision.outcome.name

    @property
    def message(self) -> str:
        """The API's sentence for the outcome."""
        return self.decision.outcome.message

    @property
    def reason(self) -> str:
        """Why it ended so, such as ``seeded draw 0.412 < 0.90``."""
        return self.decision.reason

    @property
    def card_type(self) -> str:
        """The card's brand."""
        return self.card.card_type

    @property
    def last_four(self) -> str:
        """The last four digits of the card number."""
        return self.card.last_four

    @property
    def refunded(self) -> bool:
        """Whether the payment was paid back."""
        return self.refund_id is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Refund:
    """The whole amount of one transaction, paid back.

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
    refunded_by: str | None = field(default=None, repr=False)
    call_number: int | None = field(default=None, repr=False)

    @property
    def transaction_id(self) -> str:
        """The refund's own id, under which the API answers it."""
        return self.refund_id

    @property
    def status(self) -> Status:
        """Always ``success``, since a refund that is refused leaves no record."""
        return "success"

    @property
    def message(self) -> str:
        """The API's sentence for a refund."""
        return "Refund processed successfully"


TokenDraft = draft_of(Token)
PaymentDraft = draft_of(Payment)
RefundDraft = draft_of(Refund)


def paid_back(payment: Payment, refund_id: str) -> Payment:
    """Return a payment as it is after its refund."""
    made = PaymentDraft()
    made.transaction_id = payment.transaction_id
    made.decision = payment.decision
    made.amount = payment.amount
    made.currency = payment.currency
    made.token = payment.token
    made.customer_id = payment.customer_id
    made.description = payment.description
    made.card = payment.card
    made.processed_at = payment.processed_at
    made.refund_id = refund_id
    made.call_number = payment.call_number
    made.__class__ = Payment
    return cast("Payment", made)
