"""What the tests of the engine share: an engine under a pinned clock, and things to do with it."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from hypothesis import HealthCheck, settings

from pytest_paymock._engine.cards import TEST_CARDS
from pytest_paymock._engine.clock import Clock
from pytest_paymock._engine.engine import CardData, Engine, Moment, PaymentOrder
from pytest_paymock._engine.journal import Call, Entry, Journal, Snapshot
from pytest_paymock._engine.outcomes import Outcome
from pytest_paymock._engine.records import Payment, Refund, Token
from pytest_paymock._engine.rules import DOCUMENTED, Rules
from pytest_paymock._script.outcomes import OutcomeScript

NOON = "2025-01-27T12:00:00"

# The same examples on every run, and none that depends on how busy the machine is.
DETERMINISTIC = settings(
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)


A_CALL = Call(
    client="httpx",
    endpoint=None,
    method="GET",
    path="/",
    status=404,
    fault=None,
    at=datetime(2025, 1, 27, 12, tzinfo=UTC),
    waited=0.0,
    request=None,
    response=b"{}",
    answered=404,
)


class Bench:
    """An engine with the journal, the clock and the script that it needs.

    What the engine decides is entered in the journal at once, as an exchange does it.
    """

    def __init__(
        self,
        *,
        clock: Clock | str = NOON,
        seed: int = 0,
        success_rate: float = 0.9,
        streams: str = "payments",
        rules: Rules = DOCUMENTED,
    ) -> None:
        self.journal = Journal()
        self.clock = Clock(clock, self.journal) if isinstance(clock, str) else clock
        self.script = OutcomeScript(
            self.journal, seed=seed, success_rate=success_rate, streams=streams
        )
        self.engine = Engine(self.journal, self.script.decide, seed=seed, rules=rules)

    def __getattr__(self, name: str) -> Any:
        """Look for what is read, and not made, in the index and the engine."""
        part = self.journal.index if hasattr(self.journal.index, name) else self.engine
        return getattr(part, name)

    def moment(self, call: int | None = None) -> Moment:
        return Moment(call, self.clock.now())

    def enter(self, effect: Any, outcomes: Any = None) -> Any:
        self.journal.append(Entry(effect=effect, outcomes=outcomes))
        return effect

    def tokenize(self, card: CardData, customer_id: str | None) -> Token:
        return self.enter(self.engine.tokenize(card, customer_id, self.moment()))

    def pay(self, order: PaymentOrder) -> Payment:
        with self.journal.lock:
            return self.enter(*self.engine.pay(order, self.moment()))

    def refund(self, transaction_id: str) -> Refund:
        with self.journal.lock:
            return self.enter(self.engine.refund(transaction_id, self.moment()))

    def arrange(self, order: PaymentOrder, outcome: Outcome) -> Payment:
        return self.enter(self.engine.arrange(order, outcome, self.moment()))

    def settle(self, transaction_id: str, status: str) -> Payment:
        self.enter(self.engine.settle(transaction_id, status))
        return self.journal.index.payments[transaction_id]

    def history(self, customer_id: str) -> list[Payment | Refund]:
        return self.engine.history(customer_id)

    def state(self) -> Snapshot:
        return self.journal.snapshot()

    def changes(self) -> list[Any]:
        """Return all that was made or changed, in order; that a card was seen is no change."""
        return [
            (entry.effect, entry.outcomes, entry.faults, entry.clock)
            for entry in self.state().entries()
            if entry.effect or entry.outcomes or entry.faults or entry.clock
        ]

    def restore(self, state: Snapshot) -> None:
        self.journal.restore(state)

    def reset(self) -> None:
        self.journal.reset()


def an_engine(**options: Any) -> Bench:
    return Bench(**options)


def a_card(number: str = TEST_CARDS["visa"], **fields: Any) -> CardData:
    return CardData(
        **{
            "number": number,
            "holder": "John Doe",
            "expiry_month": 12,
            "expiry_year": 2027,
            **fields,
        }
    )


def an_order(token: Token | str, amount: str = "99.99", **fields: Any) -> PaymentOrder:
    named = {
        "token": token if isinstance(token, str) else token.token,
        "amount": Decimal(amount),
        "currency": "USD",
        "customer_id": "cust_1",
        "description": None,
        **fields,
    }
    return PaymentOrder(**named)


def paid(engine: Bench, amount: str = "99.99", **fields: Any) -> Payment:
    """Pay with a fresh token."""
    token = engine.tokenize(a_card(), "cust_1")
    return engine.pay(an_order(token, amount, **fields))


def outcomes_of(engine: Bench, count: int, **fields: Any) -> list[str]:
    """Return what becomes of the next payments, all with one token."""
    token = engine.tokenize(a_card(), "cust_1")
    return [engine.pay(an_order(token, **fields)).outcome for _ in range(count)]
