"""Every fault that could happen to the calls of a test, one world after the other.

The first world is free of faults and counts the calls. Each world after it starts from the same
state and places one fault, in one phase, at one call; with more depth, two at two calls. The worlds
are ordered by depth, so that their number is known as soon as it can be.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext, suppress
from types import TracebackType
from typing import Any, Literal, NamedTuple, Protocol

from pytest_paymock import describe
from pytest_paymock.api.endpoints import ENDPOINTS
from pytest_paymock.engine.masking import quoted
from pytest_paymock.errors import ExpectationError, UsageError
from pytest_paymock.fault_script import FaultScript, checked_fault
from pytest_paymock.faults import ALL, Fault
from pytest_paymock.ledger import CallRecord, CallRecords, PaymentRecord, RefundRecord

_CHANGING = tuple(endpoint.name for endpoint in ENDPOINTS if endpoint.method == "POST")
"""The endpoints whose calls commit something, so that a fault may come before or after that."""


def _is_verdict(error: BaseException | None) -> bool:
    """Say whether an exception speaks about the test; others, such as a cancellation, must pass."""
    # What pytest.fail and pytest.skip raise is no Exception; this module does without pytest.
    return isinstance(error, Exception) or hasattr(error, "pytrace")


def _checked_faults(faults: Sequence[Fault]) -> list[Fault]:
    if isinstance(faults, Fault) or not isinstance(faults, Iterable):
        raise UsageError(
            f"explore takes a list of faults, such as [faults.read_timeout], not {quoted(faults)}"
        )
    return [checked_fault(fault) for fault in faults]


def _is_skip(error: BaseException) -> bool:
    """Say whether an exception ends a test without a verdict: pytest's own, or unittest's."""
    return hasattr(error, "allow_module_level") or type(error).__name__ == "SkipTest"


class Placed(NamedTuple):
    """A fault at a call of a world: the call's number, counted from 1, and its endpoint."""

    call: int
    endpoint: str | None
    fault: Fault


class Played(NamedTuple):
    """What had happened at the end of a world; the first ``before`` calls were made before it."""

    calls: Sequence[CallRecord]
    payments: Sequence[PaymentRecord]
    refunds: Sequence[RefundRecord]
    before: int


class Subtests(Protocol):
    """What ``explore`` needs of pytest's own ``subtests`` fixture."""

    def test(self, msg: str) -> AbstractContextManager[Any]:
        """Open the block of one subtest."""


class Fake(Protocol):
    """What is needed of a fake to explore it; ``Paymock`` is one."""

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

    def snapshot(self) -> Any:
        """Return its state."""

    def restore(self, snapshot: Any) -> None:
        """Go back to a state."""


class Stage:
    """A fake on which worlds are played, and the state from which each of them starts.

    Args:
        fake: as it is now; every world starts from here.
        judge: lets the guards look at a world of that name, and returns what fails it.
    """

    def __init__(self, fake: Fake, judge: Callable[[str], AssertionError | None]) -> None:
        self._fake = fake
        self._start = fake.snapshot()
        self._calls_before = len(fake.calls)
        self._first: Any = None
        self.judge = judge

    def begin(self, faults: Mapping[int, Fault]) -> None:
        """Go back to the start, with faults ahead by the number of the world's call."""
        self._fake.restore(self._start)
        self._fake.faults.plan({self._calls_before + call: fault for call, fault in faults.items()})

    def end(self) -> list[str | None]:
        """Return the endpoints that were called, with no fault ahead any more."""
        self._fake.faults.plan({})
        return [call.endpoint for call in self._fake.calls[self._calls_before :]]

    def played(self) -> Played:
        """Return what has happened, to be kept beyond the next world."""
        fake = self._fake
        return Played(
            tuple(fake.calls), tuple(fake.payments), tuple(fake.refunds), self._calls_before
        )

    def remember(self) -> None:
        """Keep the state as it is now, for :meth:`leave`."""
        self._first = self._fake.snapshot()

    def leave(self) -> None:
        """Go back to what was remembered: the test ends as one without faults would."""
        self._fake.restore(self._first)


class World:
    """One run of the test's body, from the same state as all others, under a plan of faults.

    Enter it around the body: ``with world: ...``. A failure within carries the world's name.

    ``number`` counts from 1, ``faults`` holds what is placed where, and ``calls`` the endpoints
    that were called, once the body has run. ``played`` is what happened, if it failed.
    """

    def __init__(
        self, stage: Stage, number: int, total: int | None, faults: tuple[Placed, ...] = ()
    ) -> None:
        self.number = number
        self.faults = faults
        self.calls: list[str | None] = []
        self.entered = False
        self.failed = False
        self.played: Played | None = None
        self._skipped = False
        self._stage = stage
        self._total = total
        self._silent = False
        self._block: AbstractContextManager[Any] = nullcontext()

    def __str__(self) -> str:
        return describe.world(self.number, self._total, self.faults)

    def __repr__(self) -> str:
        return f"<{self}>"

    def silence(self) -> None:
        """Let the body run without a verdict: only what it calls is wanted."""
        self._silent = True

    def report_to(self, subtests: Subtests) -> None:
        """Let a failure be reported as one of a subtest, and the other worlds go on."""
        self._block = subtests.test(msg=str(self))

    @property
    def reached(self) -> bool:
        """Whether the body made the calls at which the faults were placed."""
        return not self.faults or self.faults[-1].call <= len(self.calls)

    @property
    def outcome(self) -> Literal["passed", "failed", "not run"]:
        """What came of it; a world that was entered and has no verdict counts as not run."""
        if self.failed:
            return "failed"
        return "passed" if self.entered and not (self._silent or self._skipped) else "not run"

    def __enter__(self) -> "World":
        self.entered = True
        self._stage.begin({placed.call: placed.fault for placed in self.faults})
        self._block.__enter__()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> bool:
        __tracebackhide__ = True
        self.calls = self._stage.end()
        if self._silent:
            return _is_verdict(error)
        if error is None:
            error = self._verdict()
        if error is None:
            return bool(self._block.__exit__(None, None, None))
        self._skipped = _is_skip(error)
        if not self._skipped:
            self.failed = True
            self.played = self._stage.played()
            error.add_note(describe.world_note(str(self), self.number))
        if self._block.__exit__(type(error), error, error.__traceback__):
            return True
        if kind is None:
            raise error
        return False

    def _verdict(self) -> AssertionError | None:
        """Return what the guards fail this world for, if anything."""
        error = self._stage.judge(str(self))
        if error is not None:
            with suppress(AssertionError):
                raise error  # subtests need an exception that has been raised
        return error


class Exploration:
    """The worlds of one ``explore()``, in order; iterate over it once.

    Args:
        stage: the fake.
        faults: which to place; each in every phase that it has, unless it names the later one.
        depth: how many faults a world has at most.
        subtests: pytest's own fixture, to report every failing world; None stops at the first.
        only: the number of the one world whose verdict counts. What has to run before it, to know
            what it is, runs without a verdict.
    """

    def __init__(
        self,
        stage: Stage,
        *,
        faults: Sequence[Fault] = ALL,
        depth: int = 1,
        subtests: Subtests | None = None,
        only: int | None = None,
    ) -> None:
        if isinstance(depth, bool) or not isinstance(depth, int) or depth < 1:
            raise UsageError(f"depth is how many faults a world has at most, not {quoted(depth)}")
        self._stage = stage
        self._faults = _checked_faults(faults)
        if subtests is not None and not callable(getattr(subtests, "test", None)):
            raise UsageError(
                f"subtests is pytest's own fixture of that name, not {quoted(subtests)}"
            )
        self._depth = depth
        self._subtests = subtests
        self._only = only
        self.worlds: list[World] = []
        self._last: World | None = None

    @property
    def ended_in(self) -> World | None:
        """The world whose state the fake still has, if that world failed."""
        return self._last if self._last is not None and self._last.failed else None

    @property
    def failed_world(self) -> int | None:
        """The number of the world that failed last, if one did."""
        return next((world.number for world in reversed(self.worlds) if world.failed), None)

    def __iter__(self) -> Iterator[World]:
        level = [World(self._stage, 1, None)]
        for depth in range(self._depth + 1):
            if depth:
                level = self._worlds_after(level)
            yield from self._run(level)
            if not self.worlds[0].calls:
                raise ExpectationError(describe.nothing_to_explore())
            if not level or self._only in [world.number for world in level]:
                break
        if self._only is not None and self._only > len(self.worlds):
            raise UsageError(describe.no_such_world(self._only, len(self.worlds)))
        self._stage.leave()
        self._last = None

    def _run(self, level: list[World]) -> Iterator[World]:
        self.worlds += level
        chosen = [world for world in level if world.number == self._only]
        for world in chosen or level:
            if self._only is not None and not chosen:
                world.silence()
            elif self._subtests is not None:
                world.report_to(self._subtests)
            self._last = world
            yield world
            if not world.entered:
                raise UsageError(describe.world_not_entered())
            if world.number == 1:
                self._stage.remember()

    def _worlds_after(self, level: list[World]) -> list[World]:
        """Return the worlds with one more fault than those of a level that has run."""
        plans = [plan for world in level for plan in self._plans_after(world)]
        start = len(self.worlds)
        total = start + len(plans)
        return [
            World(self._stage, start + number, total, plan)
            for number, plan in enumerate(plans, start=1)
        ]

    def _plans_after(self, world: World) -> Iterator[tuple[Placed, ...]]:
        last = world.faults[-1].call if world.faults else 0
        for call, endpoint in enumerate(world.calls, start=1):
            if call > last:
                for fault in self._phases(endpoint):
                    yield (*world.faults, Placed(call, endpoint, fault))

    def _phases(self, endpoint: str | None) -> Iterator[Fault]:
        """Return every fault in every phase that makes a difference at an endpoint."""
        for fault in self._faults:
            yield fault
            if fault.can_follow_commit and not fault.after_commit and endpoint in _CHANGING:
                yield fault(after_commit=True)
