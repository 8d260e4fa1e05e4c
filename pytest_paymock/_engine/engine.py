"""The engine: the rules between tokens, payments and refunds (spec sections 2 to 6).

Every operation decides and returns what would be made, by what stands in the journal. It changes
nothing: who asks appends the answer to the journal, and holds its lock from before the question. A
refusal is a :class:`~pytest_paymock.errors.PaymentRefusedError`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

from pytest_paymock._card_numbers import quoted
from pytest_paymock._engine import ids
from pytest_paymock._engine.card_leaks import CardWatch
from pytest_paymock._engine.cards import Card, brand_of, fingerprint_of
from pytest_paymock._engine.customers import customer_of
from pytest_paymock._engine.journal import ExpiryFound, Journal, Settlement
from pytest_paymock._engine.outcomes import OUTCOMES, Decision, Outcome
from pytest_paymock._engine.records import Payment, Refund, Token
from pytest_paymock._engine.rules import DOCUMENTED, Rules
from pytest_paymock._engine.times import digits
from pytest_paymock.errors import (
    InvalidTokenError,
    NotRefundableError,
    UnknownTokenError,
    UnknownTransactionError,
    UsageError,
    is_for_caller,
)

__tracebackhide__ = is_for_caller

ARRANGED = "arranged by the test"


class CardData(NamedTuple):
    """A card as it was sent. It lives while its tokenize request is handled, and no longer."""

    number: str
    holder: str
    expiry_month: int
    expiry_year: int

    def __repr__(self) -> str:
        return "CardData(...)"


class PaymentOrder(NamedTuple):
    """A payment that was asked for and is about to be decided."""

    token: str
    amount: Decimal
    currency: str
    customer_id: str
    description: str | None
    customer_mark: str = ""

    @property
    def customer_key(self) -> str:
        """What is equal for the same customer only; ``customer_id`` is masked."""
        return self.customer_id + self.customer_mark


@dataclass(slots=True)
class Moment:
    """When something happens: in which exchange, None for an act of the test, and at what time."""

    call: int | None
    now: datetime


Decide = Callable[[PaymentOrder, Card], tuple[Decision, Any]]
"""Returns what becomes of a payment, and the state of the outcome script after it, None if that
stays as it is."""


class Engine:
    """The rules, and the questions to what stands in the journal.

    Args:
        journal: of the fake.
        decide: says what becomes of a payment.
        seed: of the ids.
        rules: those of the profile.
    """

    def __init__(
        self, journal: Journal, decide: Decide, *, seed: int = 0, rules: Rules = DOCUMENTED
    ) -> None:
        key = ids.key_of(seed)
        self._journal = journal
        self._decide = decide
        self._key = key
        self.cards = CardWatch(key)
        self.rules = rules
        self._payment_hex = rules.payment_digits(key)
        self._refund_hex = rules.refund_digits(key)
        self._customer_hex = ids.unique_hex(key, "customer")

    # -- operations ---------------------------------------------------------------------------

    def tokenize(
        self, card: CardData, customer_id: str | None, moment: Moment, customer_mark: str = ""
    ) -> Token:
        """Return the token of a card, good for 24 hours.

        Args:
            card: a card that was validated already.
            customer_id: whose card; None generates an id with the prefix ``cust_``.
            moment: when.
            customer_mark: tells customers apart whose ids are masked, as :meth:`customer` says.
        """
        index, now = self._journal.index, moment.now
        customer_made = customer_id is None
        if customer_id is None:
            number = index.customers_made
            customer_id = self.rules.make_customer(now, number, self._customer_hex)
        return Token(
            token="tok_" + ids.hex_digits(self._key, "token", len(index.tokens) + 1, 32),
            card=self._kept(card),
            customer_id=customer_id,
            customer_mark=customer_mark,
            customer_made=customer_made,
            created_at=now,
            expires_at=self.rules.token_until(now),
            call_number=moment.call,
        )

    def pay(self, order: PaymentOrder, moment: Moment) -> tuple[Payment, Any]:
        """Return the payment that comes of an order, whatever became of it.

        Returns:
            the payment, and the new state of the outcome script, None if it stays as it is.

        Raises:
            InvalidTokenError: if the token does not exist or has expired.
        """
        token = self._journal.index.tokens.get(order.token)
        if token is None or not self.rules.pays_until(token.expires_at, moment.now):
            raise InvalidTokenError("Invalid or expired token")
        decision, outcomes = self._decide(order, token.card)
        return self._payment(order, token.card, decision, moment), outcomes

    def refund(self, transaction_id: str, moment: Moment) -> Refund:
        """Return the refund of the whole amount of a transaction that the rules let be refunded.

        Raises:
            UnknownTransactionError: if there is no such transaction.
            NotRefundableError: if the rules refuse (spec section 5: it is failed, pending, refunded
                already, or itself a refund).
        """
        record = self.transaction(transaction_id)
        refusal = self.rules.why_not_refundable(record)
        if refusal is not None:
            raise NotRefundableError(refusal)
        unique = self._refund_hex(len(self._journal.index.refunds) + 1)
        return Refund(
            refund_id=f"{self.rules.refund_prefix}_{digits(moment.now)}_{unique}",
            original_transaction_id=transaction_id,
            amount=record.amount,
            currency=record.currency,
            customer_id=record.customer_id,
            customer_mark=record.customer_mark,
            card=record.card,
            processed_at=moment.now,
            call_number=moment.call,
        )

    # -- questions ----------------------------------------------------------------------------

    def knows(self, name: str) -> bool:
        """Return whether a name is the id of a token, payment or refund that was made here."""
        index = self._journal.index
        return name in index.payments or name in index.tokens or name in index.refunds

    def customer(self, sent: str) -> tuple[str, str]:
        """Return what may be kept of a customer's id: the text for people, and a mark."""
        return customer_of(sent, self._key)

    def token(self, name: str) -> Token:
        """Return a token, expired or not.

        Raises:
            UnknownTokenError: if it was never issued.
        """
        found = self._journal.index.tokens.get(name)
        if found is None:
            raise UnknownTokenError("Token not found")
        return found

    def is_told_valid(self, token: Token, now: datetime) -> bool:
        """Return whether a token is told to be valid at a time."""
        if self.rules.tells_expiry_late:
            return token.token not in self._journal.index.found_expired
        return self.rules.pays_until(token.expires_at, now)

    def expiry_found(self, name: str) -> ExpiryFound | None:
        """Return what a refused payment with a token changes, if anything."""
        known = self.rules.tells_expiry_late and name in self._journal.index.tokens
        return ExpiryFound(name) if known else None

    def transaction(self, transaction_id: str) -> Payment | Refund:
        """Return a payment or a refund by its id.

        Raises:
            UnknownTransactionError: if there is none.
        """
        index = self._journal.index
        found = index.payments.get(transaction_id) or index.refunds.get(transaction_id)
        if found is None:
            raise UnknownTransactionError("Transaction not found")
        return found

    def history(self, customer_key: str) -> list[Payment | Refund]:
        """Return a customer's payments and refunds, oldest first; none for an unknown customer."""
        index = self._journal.index
        names = index.history.get(customer_key, ())
        return [index.payments.get(name) or index.refunds[name] for name in names]

    # -- arranging ----------------------------------------------------------------------------

    def arrange(self, order: PaymentOrder, outcome: Outcome, moment: Moment) -> Payment:
        """Return a payment with the outcome that the test wants.

        Raises:
            InvalidTokenError: if the token does not exist.
        """
        token = self._journal.index.tokens.get(order.token)
        if token is None:
            raise InvalidTokenError("Invalid or expired token")
        return self._payment(order, token.card, Decision(outcome, ARRANGED), moment)

    def settle(self, transaction_id: str, status: str) -> Settlement:
        """Return the end of a pending payment as ``success`` or ``failed``.

        Raises:
            UnknownTransactionError: if there is no such transaction.
            UsageError: for another status, or if the payment is not pending.
        """
        if status not in ("success", "failed"):
            raise UsageError(f"a payment settles as 'success' or 'failed', not {quoted(status)}")
        outcome = OUTCOMES["success" if status == "success" else "issuer_declined"]
        payment = self.transaction(transaction_id)
        if isinstance(payment, Refund) or payment.status != "pending":
            raise UsageError(
                f"only a pending payment can be settled; {transaction_id} is "
                f"{'a refund' if isinstance(payment, Refund) else payment.status}"
            )
        reason = f"settled by the test; was pending: {payment.decision.reason}"
        return Settlement(transaction_id, Decision(outcome, reason))

    # -- helpers ------------------------------------------------------------------------------

    def _kept(self, card: CardData) -> Card:
        return Card(
            card_type=brand_of(card.number),
            last_four=card.number[-4:],
            expiry_month=card.expiry_month,
            expiry_year=card.expiry_year,
            holder=card.holder,
            fingerprint=fingerprint_of(card.number, self._key),
        )

    def _payment(
        self, order: PaymentOrder, card: Card, decision: Decision, moment: Moment
    ) -> Payment:
        unique = self._payment_hex(len(self._journal.index.payments) + 1)
        return Payment(
            transaction_id=f"txn_{digits(moment.now)}_{unique}",
            decision=decision,
            amount=order.amount,
            currency=order.currency,
            token=order.token,
            customer_id=order.customer_id,
            customer_mark=order.customer_mark,
            description=order.description,
            card=card,
            processed_at=moment.now,
            call_number=moment.call,
        )
