"""One run of a test's body under a plan of faults, and the state that each such run starts from."""

from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from types import TracebackType
from typing import Any, Literal, NamedTuple, Protocol, Self

from pytest_paymock._explore.schedule import Step
from pytest_paymock._explore.world_state import WorldRun, WorldState, raised
from pytest_paymock._text import worlds
from pytest_paymock.errors import is_for_caller
from pytest_paymock.faults import Fault

__tracebackhide__ = is_for_caller


def is_verdict(error: BaseException | None) -> bool:
    """Return whether an exception speaks about the test; others, as a cancellation, must pass."""
    # What pytest.fail and pytest.skip raise is no Exception; this module does without pytest.
    return isinstance(error, Exception) or hasattr(error, "pytrace")


def _is_skip(error: BaseException) -> bool:
    """Return whether an exception ends a test without a verdict: pytest's own, or unittest's."""
    return hasattr(error, "allow_module_level") or type(error).__name__ == "SkipTest"


def _is_break(error: BaseException | None) -> bool:
    """Return whether somebody's generator over the worlds was closed, while in the body of one."""
    return isinstance(error, GeneratorExit)


class PlacedFault(NamedTuple):
    """A fault in a world: at which call, counted from 1, its endpoint, and how many calls meet it.

    More than one call in a row is an outage: they meet the fault whatever they call.
    """

    call: int
    endpoint: str | None
    fault: Fault
    length: int = 1

    @property
    def last(self) -> int:
        """The number of the last call that meets it."""
        return self.call + self.length - 1


class Subtests(Protocol):
    """What ``explore`` needs of pytest's own ``subtests`` fixture."""

    def test(self, msg: str) -> AbstractContextManager[Any]:
        """Open the block of one subtest."""


class World:
    """One run of the test's body, from the same state as all others, under a plan of faults.

    Enter it around the body: ``with world: ...``. A failure within carries the world's name.

    ``number`` counts from 1, ``faults`` holds what is placed where, and ``calls`` the endpoints
    that were called, once the body has run. ``played`` is what happened, if it failed,
    ``broken_off`` says that an exception ended it, whatever became of that, and ``is_open`` that
    its block runs.
    """

    made_by = "explore"
    """The name of what makes such worlds."""

    steps: Sequence[Step] = ()
    """Who did what in which order, in a race."""

    def __init__(
        self,
        world_state: WorldState,
        number: int,
        total: int | None,
        faults: tuple[PlacedFault, ...] = (),
    ) -> None:
        self.number = number
        self.faults = faults
        self.calls: list[str | None] = []
        self.entered = False
        self.is_open = False
        self.failed = False
        self.broken_off = False
        self.played: WorldRun | None = None
        self._skipped = False
        self._world_state = world_state
        self._total = total
        self._silent = False
        self._subtests: Subtests | None = None
        self._block: AbstractContextManager[Any] = nullcontext()

    def __str__(self) -> str:
        return worlds.world(self.number, self._total, self.faults)

    def __repr__(self) -> str:
        return f"<{self}>"

    @property
    def calls_before(self) -> int:
        """How many calls the fake had answered before; a world counts its own from 1."""
        return self._world_state.calls_before

    @property
    def label(self) -> str:
        """Its name, for where its calls are listed after others."""
        return worlds.world_among_calls(str(self), self.calls_before)

    def silence(self) -> None:
        """Let the body run without a verdict: only what it calls is wanted."""
        self._silent = True

    def report_to(self, subtests: Subtests) -> None:
        """Let a failure be reported as one of a subtest, and the other worlds go on."""
        self._subtests = subtests

    @property
    def reached(self) -> bool:
        """Whether the body made the calls at which the faults were placed."""
        return not self.faults or self.faults[-1].last <= len(self.calls)

    @property
    def outcome(self) -> Literal["passed", "failed", "not run"]:
        """What came of it; a world that was entered and has no verdict counts as not run."""
        if self.failed:
            return "failed"
        return "passed" if self._has_verdict and self.reached else "not run"

    @property
    def missed(self) -> bool:
        """Whether it went well because its faults never happened, so that it says nothing."""
        return self._has_verdict and not (self.failed or self.reached)

    @property
    def _has_verdict(self) -> bool:
        return self.entered and not (self._silent or self._skipped)

    def fail(self, error: BaseException) -> None:
        """Count a failure that was told while the fake stood in this world, and name it there.

        Nothing is made of a skip, and nothing is said twice.
        """
        if _is_skip(error) or _is_break(error):
            return
        self.failed = True
        self.played = self._world_state.played()
        note = worlds.world_note(self.label, self._world_state.alone(self.number))
        if note not in getattr(error, "__notes__", ()):
            error.add_note(note)

    def __enter__(self) -> Self:
        self._begin()
        self.entered = self.is_open = True
        self._block = self.opened()
        self._block.__enter__()
        return self

    def _begin(self) -> None:
        """Put the fake and the application where the world starts."""
        self._world_state.begin(
            {
                call: placed.fault
                for placed in self.faults
                for call in range(placed.call, placed.last + 1)
            }
        )

    def opened(self) -> AbstractContextManager[Any]:
        """Return the block in which the body runs: that of a subtest, if failures go there."""
        return nullcontext() if self._subtests is None else self._subtests.test(msg=str(self))

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> bool:
        self.is_open = False
        self.calls = self._world_state.end()
        stray = self._world_state.stray_crash()
        error = error or stray
        if error is None and not self._silent:
            error = self.verdict()
        self.broken_off = error is not None and not _is_break(error)
        if self._silent:
            return is_verdict(error)
        if error is None:
            if self.failed:  # of which a subtest in the block has told
                self.played = self._world_state.played()
            return bool(self._block.__exit__(None, None, None))
        self._skipped = _is_skip(error) or _is_break(error)
        self.fail(error)
        if self.failed and not self.calls and self.number > 1 and not self._world_state.has_reset:
            error.add_note(worlds.idle_note(self.made_by))
        if self._block.__exit__(type(error), error, error.__traceback__):
            return True
        if kind is None:
            raise error
        return False

    def verdict(self) -> AssertionError | None:
        """Return what the guards fail this world for, if anything."""
        error = self._world_state.judge(self.label)
        return None if error is None else raised(error)
