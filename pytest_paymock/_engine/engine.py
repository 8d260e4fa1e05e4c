"""The engine: the one owner of all payment state, and of the lock that guards it.

Every operation either changes everything that belongs to it, or raises a
:class:`~pytest_paymock.errors.PaymentRefusedError` and changes nothing. All it hands out is frozen.
More belongs to one than the engine knows of, such as the record of the call. So who begins it takes
the lock, and holds it until all of that is done.
"""

from dataclasses import replace
from datetime import datetime
from threading import RLock
from typing import Any, NamedTuple, cast

from pytest_paymock._engine import ids
from pytest_paymock._engine.card_leaks import CardWatch
from pytest_paymock._engine.cards import Card, CardDraft, brand_of, fingerprint_of
from pytest_paymock._engine.clock import Clock
from pytest_paymock._engine.masking import quoted
from pytest_paymock._engine.outcomes import OUTCOMES, Decision, Outcome
from pytest_paymock._engine.records import (
    Payment,
    PaymentDraft,
    Refund,
    RefundDraft,
    Token,
    TokenDraft,
    paid_back,
)
from pytest_paymock._engine.rules import DOCUMENTED, Rules
from pytest_paymock._engine.script import OutcomeScript, PaymentOrder
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


class Engine:
    """Tokens, payments and refunds, and the rules between them (spec sections 2 to 6)."""

    def __init__(
        self,
        *,
        seed: int = 0,
        success_rate: float = 0.9,
        streams: str = "payments",
        clock: Clock | None = None,
        rules: Rules = DOCUMENTED,
    ) -> None:
        key = ids.key_of(seed)
        self.lock = RLock()
        self.clock = clock or Clock()
        self.script = OutcomeScript(key, success_rate, streams, self.lock)
        self._key = key
        self.cards = CardWatch(key)
        self.rules = rules
        self._payment_hex = rules.payment_digits(key)
        self._refund_hex = rules.refund_digits(key)
        self._customer_hex = ids.unique_hex(key, "customer")
        self._empty()

    def _empty(self) -> None:
        self.tokens: dict[str, Token] = {}
        self.payments: dict[str, Payment] = {}
        self.refunds: dict[str, Refund] = {}
        self.order: list[str] = []
        self._history: dict[str, list[str]] = {}
        self._customers_made = 0
        self._exchange: int | None = None
        self._instant: datetime | None = None

    def during_call(self, number: int | None) -> None:
        """Mark the records that follow with the number of the exchange that makes them.

        An exchange happens at one instant, at which its records are made as well; None ends it.
        """
        self._exchange = number
        self._instant = None if number is None else self.clock.now()

    def now(self) -> datetime:
        """Return the time of the clock, which stands still during an exchange."""
        return self._instant or self.clock.now()

    def note_stray_card(self, text: str) -> None:
        """Remember a card number in a request in which none belongs, for the guards."""
        self.cards.stray(text, self._exchange)

    # -- operations, all called under the lock ------------------------------------------------

    def tokenize(self, card: CardData, customer_id: str | None) -> Token:
        """Store a card for 24 hours and return its token.

        Args:
            card: a card that was validated already.
            customer_id: whose card; None generates an id with the prefix ``cust_``.
        """
        now = self.now()
        number = len(self.tokens) + 1
        name = "tok_" + ids.hex_digits(self._key, "token", number, 32)
        made = TokenDraft()
        made.token = name
        made.card = self._keep(card)
        made.customer_id = self._new_customer(now) if customer_id is None else customer_id
        made.created_at = now
        made.expires_at = self.rules.token_until(now)
        made.call_number = self._exchange
        made.__class__ = Token
        token: Token = made
        self.tokens[name] = token
        return token

    def pay(self, order: PaymentOrder) -> Payment:
        """Process a payment and return it, whatever became of it.

        Raises:
            InvalidTokenError: if the token does not exist or has expired; nothing is recorded.
        """
        token, now = self.tokens.get(order.token), self.now()
        if token is None or not token.valid_at(now):
            raise InvalidTokenError("Invalid or expired token")
        return self._record(order, token.card, self.script.decide(order, token.card), now)

    def refund(self, transaction_id: str) -> Refund:
        """Pay back the whole amount of a transaction that the rules let be refunded.

        Raises:
            UnknownTransactionError: if there is no such transaction.
            NotRefundableError: if the rules refuse (spec section 5: it is failed, pending, refunded
                already, or itself a refund).
        """
        record = self.transaction(transaction_id)
        refusal = self.rules.why_not_refundable(record)
        if refusal is not None:
            raise NotRefundableError(refusal)
        now = self.now()
        unique = self._refund_hex(len(self.refunds) + 1)
        name = f"{self.rules.refund_prefix}_{digits(now)}_{unique}"
        made = RefundDraft()
        made.refund_id = name
        made.original_transaction_id = transaction_id
        made.amount = record.amount
        made.currency = record.currency
        made.customer_id = record.customer_id
        made.card = record.card
        made.processed_at = now
        made.refunded_by = None
        made.call_number = self._exchange
        made.__class__ = Refund
        refund: Refund = made
        if isinstance(record, Refund):
            self.refunds[transaction_id] = replace(record, refunded_by=name)
        else:
            self.payments[transaction_id] = paid_back(record, name)
        self.refunds[name] = refund
        self._append(name, record.customer_id)
        return refund

    # -- questions ----------------------------------------------------------------------------

    def knows(self, name: str) -> bool:
        """Say whether a name is the id of a token, payment or refund that was made here."""
        return name in self.payments or name in self.tokens or name in self.refunds

    def token(self, name: str) -> Token:
        """Return a token, expired or not.

        Raises:
            UnknownTokenError: if it was never issued.
        """
        try:
            return self.tokens[name]
        except KeyError:
            raise UnknownTokenError("Token not found") from None

    def transaction(self, transaction_id: str) -> Payment | Refund:
        """Return a payment or a refund by its id.

        Raises:
            UnknownTransactionError: if there is none.
        """
        found = self.payments.get(transaction_id) or self.refunds.get(transaction_id)
        if found is None:
            raise UnknownTransactionError("Transaction not found")
        return found

    def history(self, customer_id: str) -> list[Payment | Refund]:
        """Return a customer's payments and refunds, oldest first; none for an unknown customer."""
        return [self.transaction(name) for name in self._history.get(customer_id, ())]

    # -- arranging ----------------------------------------------------------------------------

    def arrange(self, order: PaymentOrder, outcome: Outcome) -> Payment:
        """Put a payment in place with the outcome that the test wants.

        Raises:
            InvalidTokenError: if the token does not exist.
        """
        with self.lock:
            token = self.tokens.get(order.token)
            if token is None:
                raise InvalidTokenError("Invalid or expired token")
            now = self.now()
            return self._record(order, token.card, Decision(outcome, ARRANGED), now)

    def settle(self, transaction_id: str, status: str) -> Payment:
        """End a pending payment as ``success`` or ``failed``.

        Raises:
            UnknownTransactionError: if there is no such transaction.
            UsageError: for another status, or if the payment is not pending.
        """
        if status not in ("success", "failed"):
            raise UsageError(f"a payment settles as 'success' or 'failed', not {quoted(status)}")
        outcome = OUTCOMES["success" if status == "success" else "issuer_declined"]
        with self.lock:
            payment = self.transaction(transaction_id)
            if isinstance(payment, Refund) or payment.status != "pending":
                raise UsageError(
                    f"only a pending payment can be settled; {transaction_id} is "
                    f"{'a refund' if isinstance(payment, Refund) else payment.status}"
                )
            reason = f"settled by the test; was pending: {payment.reason}"
            settled = replace(payment, decision=Decision(outcome, reason))
            self.payments[transaction_id] = settled
            return settled

    # -- state --------------------------------------------------------------------------------

    def reset(self) -> None:
        """Empty everything and restart every counter; the clock stays where it is."""
        with self.lock:
            self._empty()
            self.script.clear()
            self.cards.clear()

    def state(self) -> tuple[Any, ...]:
        """Return what :meth:`restore` takes; it shares nothing that changes."""
        with self.lock:
            history = {customer: list(names) for customer, names in self._history.items()}
            kept = dict(self.tokens), dict(self.payments), dict(self.refunds), list(self.order)
            return kept, history, self._customers_made, self.script.state(), self.clock.state()

    def restore(self, state: tuple[Any, ...]) -> None:
        """Bring an earlier :meth:`state` back, the clock and the scripts included."""
        with self.lock:
            kept, history, self._customers_made, script, clock = state
            tokens, payments, refunds, order = kept
            self.tokens, self.payments = dict(tokens), dict(payments)
            self.refunds, self.order = dict(refunds), list(order)
            self._history = {customer: list(names) for customer, names in history.items()}
            self.script.restore(script)
            self.clock.restore(clock)

    # -- helpers, all called under the lock ---------------------------------------------------

    def _keep(self, card: CardData) -> Card:
        made = CardDraft()
        made.card_type = brand_of(card.number)
        made.last_four = card.number[-4:]
        made.expiry_month = card.expiry_month
        made.expiry_year = card.expiry_year
        made.holder = card.holder
        made.fingerprint = fingerprint_of(card.number, self._key)
        made.__class__ = Card
        return cast("Card", made)

    def _record(
        self, order: PaymentOrder, card: Card, decision: Decision, now: datetime
    ) -> Payment:
        name = f"txn_{digits(now)}_{self._payment_hex(len(self.payments) + 1)}"
        made = PaymentDraft()
        made.transaction_id = name
        made.decision = decision
        made.token, made.amount, made.currency, made.customer_id, made.description = order
        made.card = card
        made.processed_at = now
        made.refund_id = None
        made.call_number = self._exchange
        made.__class__ = Payment
        payment: Payment = made
        self.payments[name] = payment
        self._append(name, order.customer_id)
        return payment

    def _append(self, transaction_id: str, customer_id: str) -> None:
        self.order.append(transaction_id)
        self._history.setdefault(customer_id, []).append(transaction_id)

    def _new_customer(self, now: datetime) -> str:
        made = self.rules.make_customer(now, self._customers_made, self._customer_hex)
        self._customers_made += 1
        return made
