"""The state from which worlds start, and what of it is put back for each of them."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, suppress
from inspect import iscoroutinefunction
from typing import Any, NamedTuple, Protocol

from pytest_paymock._card_numbers import quoted
from pytest_paymock._exchange import Gate
from pytest_paymock._records.ledger import CallRecords
from pytest_paymock._records.records import CallRecord, PaymentRecord, RefundRecord
from pytest_paymock._script.faults import FaultScript
from pytest_paymock._text import worlds
from pytest_paymock.errors import ExpectationError, UsageError, is_for_caller
from pytest_paymock.faults import Fault

__tracebackhide__ = is_for_caller


class WorldRun(NamedTuple):
    """What had happened at the end of a world; the first ``before`` calls were made before it."""

    calls: Sequence[CallRecord]
    payments: Sequence[PaymentRecord]
    refunds: Sequence[RefundRecord]
    before: int


class Fake(Protocol):
    """What is needed of a fake to play worlds on it; ``Paymock`` is one."""

    @property
    def calls(self) -> CallRecords:
        """Its exchanges."""

    @property
    def payments(self) -> Sequence[PaymentRecord]:
        """Its payments."""

    @property
    def refunds(self) -> Sequence[RefundRecord]:
        """Its refunds."""

    @property
    def faults(self) -> FaultScript:
        """Its wire."""

    def gated(self, gate: Gate) -> AbstractContextManager[None]:
        """Let calls wait at a gate within a block."""

    def snapshot(self) -> Any:
        """Return its state."""

    def restore(self, snapshot: Any) -> None:
        """Go back to a state."""


Reset = Callable[[], object]
"""What puts back, at the start of each world, what the application keeps itself."""


def checked_reset(reset: Reset | None) -> Reset | None:
    """Return what is called at the start of each world as it is.

    Raises:
        UsageError: for what cannot be called, or has to be awaited.
    """
    if reset is not None and not callable(reset):
        raise UsageError(
            f"reset is a function without arguments, such as database.clear, not {quoted(reset)}"
        )
    if iscoroutinefunction(reset):
        raise UsageError(
            "reset is called and not awaited, so it cannot be an async function: await yours as "
            "the first thing within `with world:`"
        )
    return reset


class Judge(Protocol):
    """What says whether a world has gone well; the checks of a fake do."""

    @property
    def is_by_hand(self) -> bool:
        """Whether the fake's own arguments alone decide, and no flag of the command line."""

    def take_stray_crash(self) -> str:
        """Return what to write where a crash met no process; nothing when asked again."""

    def judge_world(self, label: str) -> AssertionError | None:
        """Let the guards look at a world of that name, and return what fails it."""


class WorldState:
    """A fake on which worlds are played, and the state from which each of them starts.

    Args:
        fake: as it is now; every world starts from here.
        judge: says whether each has gone well.
        reset: called at the start of each world; None where the API keeps all there is.

    ``calls_before`` counts the calls that were made before the world.
    """

    def __init__(self, fake: Fake, judge: Judge, reset: Reset | None = None) -> None:
        self._fake = fake
        self._reset = checked_reset(reset)
        self._start = fake.snapshot()
        self.calls_before = len(fake.calls)
        self._first: Any = None
        self.judge = judge.judge_world
        self._is_by_hand = judge.is_by_hand
        self._take_stray_crash = judge.take_stray_crash

    @property
    def has_reset(self) -> bool:
        """Whether something is put back at the start of each world."""
        return self._reset is not None

    def alone(self, number: int) -> str:
        """Return what lets the fake run one world alone."""
        return worlds.only_world(number, by_hand=self._is_by_hand)

    def begin(self, faults: Mapping[int, Fault]) -> None:
        """Go back to the start, with faults ahead by the number of the world's call."""
        self._fake.restore(self._start)
        if self._reset is not None:
            self._reset()
            self.calls_before = len(self._fake.calls)
        self._fake.faults.plan({self.calls_before + call: fault for call, fault in faults.items()})

    def end(self) -> list[str | None]:
        """Return the endpoints that were called, with no fault ahead any more."""
        self._fake.faults.plan({})
        return [call.endpoint for call in self._fake.calls[self.calls_before :]]

    def stray_crash(self) -> AssertionError | None:
        """Return what to write where a crash met no process, also if the code has swallowed it."""
        stray = self._take_stray_crash()
        return raised(ExpectationError(stray)) if stray else None

    def count(self) -> int:
        """Return how many exchanges were recorded in the world."""
        return len(self._fake.calls) - self.calls_before

    def gated(self, gate: Gate) -> AbstractContextManager[None]:
        """Let calls wait at a gate within a block."""
        return self._fake.gated(gate)

    def played(self) -> WorldRun:
        """Return what has happened, to be kept beyond the next world."""
        fake = self._fake
        return WorldRun(
            tuple(fake.calls), tuple(fake.payments), tuple(fake.refunds), self.calls_before
        )

    def remember(self) -> None:
        """Keep the state as it is now, for :meth:`leave`."""
        self._first = self._fake.snapshot()

    def leave(self) -> None:
        """Go back to what was remembered: the test ends as one without faults would."""
        self._fake.restore(self._first)


def raised(error: AssertionError) -> AssertionError:
    """Return an exception that has been raised, as subtests need one."""
    with suppress(AssertionError):
        raise error
    return error
