"""``paymock.faults``: what the test says about the wire, from a queue to a plan for each call."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, NamedTuple

from pytest_paymock._api.endpoints import checked_name
from pytest_paymock._card_numbers import quoted
from pytest_paymock._engine.journal import Entry, Journal
from pytest_paymock._engine.read_only import DrivenByCalls
from pytest_paymock._suggestions import did_you_mean
from pytest_paymock.errors import UnknownNameError, UsageError, is_for_caller
from pytest_paymock.faults import FAULT_NAMES, Fault, http_error, latency

__tracebackhide__ = is_for_caller


@dataclass(frozen=True, slots=True)
class _Entry:
    """A fault and the endpoint that it waits for; ``left`` counts the calls until it happens.

    It is 0 for what waits for no certain call, and ``_MISSED`` once that call met another fault.
    """

    fault: Fault
    on: str | None
    optional: bool = False
    left: int = 0

    def concerns(self, endpoint: str | None) -> bool:
        return self.on in (None, endpoint)

    def __str__(self) -> str:
        place = f" on {self.on}" if self.on else ""
        return f"{self.fault}{place}"


_MISSED = -1


class FaultState(NamedTuple):
    """What the test has said and no call has used up; the newest rule comes first."""

    queue: tuple[_Entry, ...] = ()
    rules: tuple[_Entry, ...] = ()
    always: tuple[_Entry, ...] = ()

    def passed_by(self, endpoint: str | None) -> "FaultState":
        """Return the state after a call that has met a fault from elsewhere."""
        return self._replace(rules=self._counted_down(endpoint)[1])

    def choose(self, endpoint: str | None) -> tuple[Fault | None, "FaultState"]:
        """Return the fault of a call, and the state after it.

        Args:
            endpoint: the call's route name, None outside the documented endpoints.
        """
        nth, rules = self._counted_down(endpoint)
        state = self._replace(rules=rules)
        if nth is not None:
            return nth, state
        for index, entry in enumerate(self.queue):
            if entry.concerns(endpoint):
                left = self.queue[:index] + self.queue[index + 1 :]
                return entry.fault, state._replace(queue=left)
        for entry in rules + self.always:
            if not entry.left and entry.concerns(endpoint):
                return entry.fault, state
        return None, state

    def _counted_down(self, endpoint: str | None) -> tuple[Fault | None, tuple[_Entry, ...]]:
        """Count a call for the rules that wait for their n-th.

        Returns:
            the fault whose turn it is, and the rules after that.
        """
        due: Fault | None = None
        rules: list[_Entry] = []
        for rule in self.rules:
            if rule.left < 1 or not rule.concerns(endpoint):
                rules.append(rule)
            elif rule.left > 1:
                rules.append(replace(rule, left=rule.left - 1))
            elif due is None:
                due = rule.fault
            else:
                # A call meets one fault. This one is told at the end as what never happened.
                rules.append(replace(rule, left=_MISSED))
        return due, tuple(rules)

    @property
    def waiting(self) -> list[_Entry]:
        """What waits for a certain call: the queue, and the rules with ``nth``."""
        return [*self.queue, *(rule for rule in self.rules if rule.left)]


_NOTHING_SAID = FaultState()


class FaultScript(DrivenByCalls):
    """What goes wrong on the wire, and when.

    A call's fault is the first that concerns it: the plan of an explored world, a rule for just
    this n-th call, the queue, the standing rules (newest first), then ``always``. All methods may
    be called from any thread.

    >>> from pytest_paymock import faults
    >>> paymock = getfixture("paymock")
    >>> paymock.faults.queue(faults.read_timeout, on="create_payment", optional=True)
    >>> paymock.faults.pending
    ['read timeout on create_payment']
    """

    def __setattr__(self, name: str, value: Any) -> None:
        if isinstance(value, Fault):  # which can be called, as a spy can
            raise UnknownNameError(self._why_not_set(name, value))
        super().__setattr__(name, value)

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._planned: Mapping[int, Fault] = {}

    def __repr__(self) -> str:
        waiting = ", ".join(self.pending) or "nothing"
        return f"<faults: {waiting} pending>"

    if not TYPE_CHECKING:  # pragma: no branch - a type checker would take any name

        def __getattr__(self, name: str) -> Any:
            if name in FAULT_NAMES:
                raise UnknownNameError(
                    f"faults are values of a module, which has the name of this script as well: "
                    f"write `from pytest_paymock import faults` and faults.{name}"
                )
            raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")

    # -- what the test says -------------------------------------------------------------------

    def queue(
        self,
        *faults: Fault,
        on: str | None = None,
        after_commit: bool | None = None,
        optional: bool = False,
    ) -> None:
        """Let the next calls meet these faults, in order, one a call.

        Args:
            faults: values of ``pytest_paymock.faults``.
            on: the endpoint whose calls are meant, by route name; None means any call.
            after_commit: the phase, for all of them; None leaves each fault's own.
            optional: True if it is no fault when they never happen; otherwise what is left over at
                the end fails the test.

        Raises:
            UsageError: for an unknown endpoint or a fault that cannot be; nothing is queued then.
        """
        if not faults:
            raise UsageError("queue takes one fault or more, such as queue(faults.read_timeout)")
        entries = tuple(
            _Entry(_in_phase(fault, after_commit=after_commit), _checked_on(on), optional)
            for fault in faults
        )
        with self._journal.lock:
            self._say(self._state._replace(queue=self._state.queue + entries))

    def when(
        self,
        fault: Fault,
        *,
        on: str | None = None,
        nth: int | None = None,
        after_commit: bool | None = None,
        optional: bool = False,
    ) -> None:
        """Let every call that is meant meet a fault, or only one of them.

        Args:
            fault: a value of ``pytest_paymock.faults``.
            on: the endpoint whose calls are meant; None means any call.
            nth: only the n-th such call from now on, counted from 1. It fails the test if it never
                happens, unless it is optional.
            after_commit: the phase; None leaves the fault's own.
            optional: see ``nth``.

        Raises:
            UsageError: for an unknown endpoint, a fault that cannot be, or a wrong ``nth``.
        """
        if nth is not None and (isinstance(nth, bool) or not isinstance(nth, int) or nth < 1):
            raise UsageError(f"nth counts calls from 1, so it cannot be {quoted(nth)}")
        entry = _Entry(
            _in_phase(fault, after_commit=after_commit), _checked_on(on), optional, nth or 0
        )
        with self._journal.lock:
            self._say(self._state._replace(rules=(entry, *self._state.rules)))

    def always(
        self, fault: Fault | None, *, on: str | None = None, after_commit: bool | None = None
    ) -> None:
        """Let every further call that meets no other fault meet this one; None ends it.

        Args:
            fault: a value of ``pytest_paymock.faults``, or None.
            on: the endpoint whose calls are meant; None means any call.
            after_commit: the phase; None leaves the fault's own.

        Raises:
            UsageError: for an unknown endpoint or a fault that cannot be.
        """
        place = _checked_on(on)
        entries: tuple[_Entry, ...] = ()
        if fault is not None:
            entries = (_Entry(_in_phase(fault, after_commit=after_commit), place),)
        with self._journal.lock:
            self._say(self._state._replace(always=entries))

    def clear(self) -> None:
        """Forget the queue, the rules and ``always``: the wire is sound again."""
        with self._journal.lock:
            self._say(_NOTHING_SAID)

    # -- what an exchange asks, under the journal's lock ---------------------------------------

    def choose(self, endpoint: str | None, number: int) -> tuple[Fault | None, FaultState | None]:
        """Return the fault of a call, and the new state of the script, None if that stays as it is.

        Args:
            endpoint: the call's route name, None outside the documented endpoints.
            number: the call's number in the records.
        """
        said = self._journal.index.faults
        if said is None and not self._planned:
            return None, None
        before = said or _NOTHING_SAID
        fault = self._planned.get(number)
        if fault is None:
            fault, after = before.choose(endpoint)
        else:
            after = before.passed_by(endpoint)
        return fault, None if after == before else after

    # -- state --------------------------------------------------------------------------------

    def plan(self, faults: Mapping[int, Fault]) -> None:
        """Place faults at calls by their number in the records, before all else."""
        self._planned = dict(faults)

    @property
    def planned(self) -> Mapping[int, Fault]:
        """The faults at calls by their number, also those that have happened."""
        return self._planned

    @property
    def pending(self) -> list[str]:
        """The faults that wait for a call, in the queue or in a rule with ``nth``."""
        return [str(entry) for entry in self._state.waiting]

    @property
    def unmet(self) -> list[str]:
        """The pending faults that were not queued as optional."""
        return [str(entry) for entry in self._state.waiting if not entry.optional]

    @property
    def _state(self) -> FaultState:
        with self._journal.lock:
            state: FaultState = self._journal.index.faults or _NOTHING_SAID
            return state

    def _say(self, state: FaultState) -> None:
        self._journal.append(Entry(faults=state))


def checked_fault(fault: Any) -> Fault:
    """Return a fault as it is.

    Raises:
        UsageError: for anything else.
    """
    if isinstance(fault, Fault):
        return fault
    if fault in (latency, http_error):
        name, example = fault.__name__, 503 if fault is http_error else 3
        raise UsageError(f"faults.{name} makes a fault of a number, such as {name}({example})")
    near = did_you_mean(fault, FAULT_NAMES)
    raise UsageError(
        f"a fault is a value of pytest_paymock.faults, such as faults.read_timeout, "
        f"not {quoted(fault)}{near}"
    )


def _in_phase(fault: Fault, *, after_commit: bool | None) -> Fault:
    checked = checked_fault(fault)
    return checked if after_commit is None else checked(after_commit=after_commit)


def _checked_on(on: str | None) -> str | None:
    return None if on is None else checked_name(on)
