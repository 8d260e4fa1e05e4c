"""``paymock.outcomes``: what the test says about the payments, as a state of the journal."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple

from pytest_paymock._card_numbers import masked_argument, quoted
from pytest_paymock._engine import ids
from pytest_paymock._engine.cards import CARD_TYPES, UNKNOWN_BRAND, Card
from pytest_paymock._engine.customers import customer_of
from pytest_paymock._engine.engine import PaymentOrder
from pytest_paymock._engine.journal import Entry, Index, Journal
from pytest_paymock._engine.money import as_money
from pytest_paymock._engine.outcomes import Decision, Outcome, outcome_named, seeded, special_amount
from pytest_paymock._engine.read_only import DrivenByCalls
from pytest_paymock._suggestions import did_you_mean
from pytest_paymock.errors import UsageError, is_for_caller

__tracebackhide__ = is_for_caller

CONDITIONS = ("customer_id", "amount", "currency", "card_type", "last_four", "description")

_FARTHEST = 1_000_000
"""How many payments a forecast looks ahead at most; a slip of the pen should not run for hours."""


class _Queued(NamedTuple):
    outcome: Outcome
    optional: bool


@dataclass(frozen=True, slots=True)
class _Rule:
    outcome: Outcome
    conditions: tuple[tuple[str, Any], ...]
    customer_mark: str | None = None
    """Tells customers apart whose ids are masked; None for a rule for all customers."""

    def matches(self, order: PaymentOrder, card: Card) -> bool:
        if self.customer_mark not in (None, order.customer_mark):
            return False
        return all(
            getattr(card if name in ("card_type", "last_four") else order, name) == wanted
            for name, wanted in self.conditions
        )

    def __str__(self) -> str:
        return ", ".join(f"{name}={_plain(wanted)}" for name, wanted in self.conditions)


def _plain(value: object) -> str:
    return str(value) if isinstance(value, Decimal) else repr(value)


class OutcomeState(NamedTuple):
    """What the test has said and no payment has used up; the newest rule comes first."""

    queue: tuple[_Queued, ...] = ()
    rules: tuple[_Rule, ...] = ()
    always: Outcome | None = None


_NOTHING_SAID = OutcomeState()


class OutcomeScript(DrivenByCalls):
    """What the test says about the payments to come, and what the seed says.

    Without a word from the test, special amounts and the seed decide. All methods may be called
    at any time, from any thread.
    """

    def __init__(
        self,
        journal: Journal,
        *,
        seed: int = 0,
        success_rate: float = 0.9,
        streams: str = "payments",
    ) -> None:
        self._journal = journal
        self._key = ids.key_of(seed)
        self._success_rate = success_rate
        self._by_customer = streams == "customer"

    def __repr__(self) -> str:
        queue, rules, always = self._state
        waiting = ", ".join(entry.outcome.name for entry in queue) or "nothing"
        standing = None if always is None else always.name
        return f"<outcomes: {waiting} queued, {len(rules)} rules, always {standing}>"

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
        entries = tuple(_Queued(outcome_named(name), optional) for name in names)
        with self._journal.lock:
            self._say(self._state._replace(queue=self._state.queue + entries))

    def always(self, name: str | None) -> None:
        """Let every further ordinary payment end so; None goes back to the seed.

        Special amounts, rules and the queue still come first.
        """
        outcome = None if name is None else outcome_named(name)
        with self._journal.lock:
            self._say(self._state._replace(always=outcome))

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
            problem = "no rule without a condition"
            if unknown:
                near = did_you_mean(unknown[0], CONDITIONS)
                problem = f"no condition {quoted(unknown[0])}{near}"
            raise UsageError(f"there is {problem}; the conditions are {', '.join(CONDITIONS)}")
        if "amount" in conditions:
            conditions["amount"] = as_money(conditions["amount"])
        customer, mark = conditions.get("customer_id"), None
        if isinstance(customer, str):
            _, mark = customer_of(customer, self._key)
        # Masked as the payments are, so that they meet, and no reason repeats a card number.
        conditions = {
            name: wanted if name == "amount" or wanted is None else masked_argument(name, wanted)
            for name, wanted in conditions.items()
        }
        if conditions.get("card_type", UNKNOWN_BRAND) not in CARD_TYPES:
            raise UsageError(
                f"there is no card type {quoted(conditions['card_type'])}"
                f"{did_you_mean(conditions['card_type'], CARD_TYPES)}; "
                f"the card types are {', '.join(CARD_TYPES)}"
            )
        rule = _Rule(outcome, tuple(conditions.items()), mark)
        with self._journal.lock:
            self._say(self._state._replace(rules=(rule, *self._state.rules)))

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
        customer_key = None
        if customer_id is not None:
            masked_argument("customer_id", customer_id)
            customer_key = "".join(customer_of(customer_id, self._key))
        if self._by_customer == (customer_id is None):
            raise UsageError(
                "forecast takes customer_id= under streams='customer', where each customer "
                "has a sequence, and only there"
            )
        if isinstance(count, bool) or not isinstance(count, int) or count < 0:
            raise UsageError(f"forecast takes how many payments to look ahead, not {quoted(count)}")
        if count > _FARTHEST:
            raise UsageError(f"forecast looks {_FARTHEST:,} payments ahead at most")
        with self._journal.lock:
            start = self._drawn(self._journal.index, customer_key)
        stream = self._stream(customer_key)
        return [self._seeded(stream, start + n).outcome.name for n in range(1, count + 1)]

    # -- what the engine asks -----------------------------------------------------------------

    def decide(self, order: PaymentOrder, card: Card) -> tuple[Decision, OutcomeState | None]:
        """Return what becomes of a payment, and the state after it, None if that stays as it is.

        A draw is used up by the payment that it has decided, and by no state. To be called under
        the journal's lock.
        """
        index = self._journal.index
        queue, rules, always = state = index.outcomes or _NOTHING_SAID
        if queue:
            decision = Decision(queue[0].outcome, "queued by the test")
            return decision, state._replace(queue=queue[1:])
        for rule in rules:
            if rule.matches(order, card):
                return Decision(rule.outcome, f"rule of the test: {rule}"), None
        special = special_amount(order.amount)
        if special is not None:
            return special, None
        if always is not None:
            return Decision(always, f"always {always.name}, said the test"), None
        number = self._drawn(index, order.customer_key) + 1
        return self._seeded(self._stream(order.customer_key), number), None

    def _drawn(self, index: Index, customer_key: str | None) -> int:
        """Return how many draws of the stream of a customer, or of all, have been used up."""
        if self._by_customer:
            return index.drawn_by_customer.get(customer_key or "", 0)
        return index.drawn

    def _stream(self, customer_key: str | None) -> str:
        return f"customer:{customer_key}" if self._by_customer else "payments"

    def _seeded(self, stream: str, number: int) -> Decision:
        return seeded(ids.draw(self._key, stream, number), self._success_rate)

    # -- state --------------------------------------------------------------------------------

    def clear(self) -> None:
        """Forget the queue, the rules and ``always``: special amounts and the seed decide again."""
        self._say(_NOTHING_SAID)

    @property
    def pending(self) -> list[str]:
        """The queued outcomes that no payment has used yet, by name."""
        return [entry.outcome.name for entry in self._state.queue]

    @property
    def unmet(self) -> list[str]:
        """The pending outcomes that were not queued as optional."""
        return [entry.outcome.name for entry in self._state.queue if not entry.optional]

    @property
    def _state(self) -> OutcomeState:
        with self._journal.lock:
            state: OutcomeState = self._journal.index.outcomes or _NOTHING_SAID
            return state

    def _say(self, state: OutcomeState) -> None:
        with self._journal.lock:
            self._journal.append(Entry(outcomes=state))
