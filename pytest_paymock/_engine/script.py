"""The test's say in what becomes of the payments: a queue, rules, a standing answer, a forecast."""

from collections import deque
from dataclasses import dataclass
from decimal import Decimal
from threading import RLock
from typing import Any, NamedTuple

from pytest_paymock._engine import ids
from pytest_paymock._engine.cards import CARD_TYPES, UNKNOWN_BRAND, Card
from pytest_paymock._engine.masking import masked_argument, quoted
from pytest_paymock._engine.money import as_money
from pytest_paymock._engine.outcomes import Decision, Outcome, outcome_named, seeded, special_amount
from pytest_paymock.errors import UsageError, is_for_caller

__tracebackhide__ = is_for_caller

CONDITIONS = ("customer_id", "amount", "currency", "card_type", "last_four", "description")

_FARTHEST = 1_000_000
"""How many payments a forecast looks ahead at most; a slip of the pen should not run for hours."""


class PaymentOrder(NamedTuple):
    """A payment that was asked for and is about to be decided."""

    token: str
    amount: Decimal
    currency: str
    customer_id: str
    description: str | None


class _Queued(NamedTuple):
    outcome: Outcome
    optional: bool


@dataclass(frozen=True, slots=True)
class _Rule:
    outcome: Outcome
    conditions: tuple[tuple[str, Any], ...]

    def matches(self, order: PaymentOrder, card: Card) -> bool:
        return all(
            getattr(card if name in ("card_type", "last_four") else order, name) == wanted
            for name, wanted in self.conditions
        )

    def __str__(self) -> str:
        return ", ".join(f"{name}={_plain(wanted)}" for name, wanted in self.conditions)


def _plain(value: object) -> str:
    return str(value) if isinstance(value, Decimal) else repr(value)


class OutcomeScript:
    """``paymock.outcomes``: what the test says about the payments to come.

    Without a word from the test, special amounts and the seed decide. All methods may be called
    at any time, from any thread.
    """

    def __init__(self, key: bytes, success_rate: float, streams: str, lock: RLock) -> None:
        self._key = key
        self._success_rate = success_rate
        self._by_customer = streams == "customer"
        self._lock = lock
        self._queue: deque[_Queued] = deque()
        self._rules: list[_Rule] = []
        self._always: Outcome | None = None
        self._drawn: dict[str, int] = {}

    def __repr__(self) -> str:
        waiting = ", ".join(self.pending) or "nothing"
        return f"<outcomes: {waiting} queued, {len(self._rules)} rules, always {self._always_name}>"

    # -- what the test says -------------------------------------------------------------------

    def queue(self, *names: str, optional: bool = False) -> None:
        """Let the next payments end so, in order, whatever their amount.

        Args:
            names: outcome names, such as ``"card_declined"``, one a payment.
            optional: True if it is no fault when the payments never come; otherwise what is left
                over at the end fails the test.

        Raises:
            UsageError: for an unknown outcome; nothing is queued then.
        """
        if not names:
            raise UsageError("queue takes one outcome name or more, such as queue('card_declined')")
        entries = [_Queued(outcome_named(name), optional) for name in names]
        with self._lock:
            self._queue.extend(entries)

    def always(self, name: str | None) -> None:
        """Let every further ordinary payment end so; None goes back to the seed.

        Special amounts, rules and the queue still come first.
        """
        outcome = None if name is None else outcome_named(name)
        with self._lock:
            self._always = outcome

    def when(self, name: str, **conditions: Any) -> None:
        """Let every further payment that meets all conditions end so; newer rules come first.

        Args:
            name: the outcome, such as ``"insufficient_funds"``.
            conditions: one or more of ``customer_id``, ``amount``, ``currency``, ``card_type``,
                ``last_four`` and ``description``.

        Raises:
            UsageError: for an unknown outcome or condition, or none, and for a value that no
                payment could have, such as ``last_four=366``, which is no text, or
                ``card_type="visa"``, which the API writes ``Visa``.
        """
        outcome = outcome_named(name)
        unknown = [key for key in conditions if key not in CONDITIONS]
        if unknown or not conditions:
            problem = (
                f"no condition {quoted(unknown[0])}" if unknown else "no rule without a condition"
            )
            raise UsageError(f"there is {problem}; the conditions are {', '.join(CONDITIONS)}")
        if "amount" in conditions:
            conditions["amount"] = as_money(conditions["amount"])
        # Masked as the payments are, so that they meet, and no reason repeats a card number.
        conditions = {
            name: wanted if name == "amount" or wanted is None else masked_argument(name, wanted)
            for name, wanted in conditions.items()
        }
        if conditions.get("card_type", UNKNOWN_BRAND) not in CARD_TYPES:
            raise UsageError(
                f"there is no card type {quoted(conditions['card_type'])}; "
                f"the card types are {', '.join(CARD_TYPES)}"
            )
        with self._lock:
            self._rules.insert(0, _Rule(outcome, tuple(conditions.items())))

    def forecast(self, count: int, *, customer_id: str | None = None) -> list[str]:
        """Return the outcome names that the seed has for the next ordinary payments.

        Nothing is used up. Scripts of the test are not looked at.

        Args:
            count: how many.
            customer_id: whose payments; needed under ``streams="customer"`` and only there.

        Raises:
            UsageError: for a count that is no whole number from 0 on, or is beyond a million, and
                for a ``customer_id`` that is missing, or given where there is no such sequence.

        >>> getfixture("paymock").outcomes.forecast(3)
        ['success', 'success', 'success']
        """
        if customer_id is not None:
            customer_id = masked_argument("customer_id", customer_id)
        if self._by_customer == (customer_id is None):
            raise UsageError(
                "forecast takes customer_id= under streams='customer', where each customer "
                "has a sequence, and only there"
            )
        if isinstance(count, bool) or not isinstance(count, int) or count < 0:
            raise UsageError(f"forecast takes how many payments to look ahead, not {quoted(count)}")
        if count > _FARTHEST:
            raise UsageError(f"forecast looks {_FARTHEST:,} payments ahead at most")
        with self._lock:
            stream = self._stream(customer_id or "")
            start = self._drawn.get(stream, 0)
        return [self._seeded(stream, start + n).outcome.name for n in range(1, count + 1)]

    # -- what the engine asks -----------------------------------------------------------------

    def decide(self, order: PaymentOrder, card: Card) -> Decision:
        """Decide a payment, and use up what decided it; called under the engine's lock."""
        if self._queue:
            return Decision(self._queue.popleft().outcome, "queued by the test")
        for rule in self._rules:
            if rule.matches(order, card):
                return Decision(rule.outcome, f"rule of the test: {rule}")
        special = special_amount(order.amount)
        if special is not None:
            return special
        if self._always is not None:
            return Decision(self._always, f"always {self._always.name}, said the test")
        stream = self._stream(order.customer_id)
        number = self._drawn.get(stream, 0) + 1
        self._drawn[stream] = number
        return self._seeded(stream, number)

    def _stream(self, customer_id: str) -> str:
        return f"customer:{customer_id}" if self._by_customer else "payments"

    def _seeded(self, stream: str, number: int) -> Decision:
        return seeded(ids.draw(self._key, stream, number), self._success_rate)

    # -- state --------------------------------------------------------------------------------

    @property
    def _always_name(self) -> str | None:
        return None if self._always is None else self._always.name

    @property
    def pending(self) -> list[str]:
        """The queued outcomes that no payment has used yet, by name."""
        with self._lock:
            return [entry.outcome.name for entry in self._queue]

    @property
    def unmet(self) -> list[str]:
        """The pending outcomes that were not queued as optional."""
        with self._lock:
            return [entry.outcome.name for entry in self._queue if not entry.optional]

    def clear(self) -> None:
        """Forget the queue, the rules and ``always``, and start the seeded sequence again."""
        with self._lock:
            self.restore(((), (), None, {}))

    def state(self) -> tuple[Any, ...]:
        """Return what :meth:`restore` takes; called under the engine's lock."""
        return tuple(self._queue), tuple(self._rules), self._always, dict(self._drawn)

    def restore(self, state: tuple[Any, ...]) -> None:
        """Bring an earlier :meth:`state` back; called under the engine's lock."""
        queued, rules, self._always, drawn = state
        self._queue, self._rules, self._drawn = deque(queued), list(rules), dict(drawn)
