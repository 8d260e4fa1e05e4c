"""What the engine makes: tokens, payments and refunds.

They are not changed once they stand in the journal. That is a habit and no guard, as a guard would
cost more than all else about them. What people hold are the frozen records of ``_records``, which
share the classes without fields below: what follows from the fields, whoever keeps them.
"""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from pytest_paymock._engine.cards import Card
from pytest_paymock._engine.customers import OfCustomer
from pytest_paymock._engine.outcomes import Decision, Status


class AboutToken:
    """What follows from the fields of a token."""

    __slots__ = ()
    card: Card
    expires_at: datetime

    @property
    def card_type(self) -> str:
        """``Visa``, ``Mastercard``, ``American Express``, ``Discover`` or ``Unknown``."""
        return self.card.card_type

    @property
    def last_four_digits(self) -> str:
        """The last four digits of the card number, as the API names them."""
        return self.card.last_four


class AboutPayment:
    """What follows from the fields of a payment."""

    __slots__ = ()
    decision: Decision
    card: Card
    refund_id: str | None

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


class AboutRefund:
    """What follows from the fields of a refund."""

    __slots__ = ()
    refund_id: str

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


@dataclass(slots=True, kw_only=True)
class Token(AboutToken, OfCustomer):
    """A stored card; ``customer_made`` means that the API itself gave the customer an id."""

    token: str
    card: Card
    customer_id: str
    customer_made: bool
    created_at: datetime
    expires_at: datetime
    customer_mark: str = ""
    call_number: int | None = None


@dataclass(slots=True, kw_only=True)
class Payment(AboutPayment, OfCustomer):
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
    customer_mark: str = ""
    refund_id: str | None = None
    call_number: int | None = None


@dataclass(slots=True, kw_only=True)
class Refund(AboutRefund, OfCustomer):
    """The whole amount of one transaction, paid back.

    ``refunded_by`` is the id of the refund that paid this one back, which only the deployed service
    allows (spec section 8).
    """

    refund_id: str
    original_transaction_id: str
    amount: Decimal
    currency: str
    customer_id: str
    card: Card
    processed_at: datetime
    customer_mark: str = ""
    refunded_by: str | None = None
    call_number: int | None = None
