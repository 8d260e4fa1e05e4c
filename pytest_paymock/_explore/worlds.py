"""A loop over worlds: which one it stands in, which of them count, and what was never tried."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from time import perf_counter
from typing import ClassVar, Generic, NamedTuple, TypeVar

from pytest_paymock._card_numbers import quoted
from pytest_paymock._explore.world import Subtests, World
from pytest_paymock._explore.world_state import WorldState
from pytest_paymock._text import worlds as words
from pytest_paymock.errors import UsageError, is_for_caller

__tracebackhide__ = is_for_caller

W_co = TypeVar("W_co", bound=World, covariant=True)


class Progress(NamedTuple):
    """How far a loop over worlds has come.

    Args:
        done: how many worlds have run.
        known: how many there are, as far as is known; None where that is never known before.
        seconds: since the first of them began, in real time.
    """

    done: int
    known: int | None
    seconds: float


Watch = Callable[[Progress | None], None]
"""What is told how far a loop has come before each world; None at the end of the loop."""


def unwatched(progress: Progress | None) -> None:
    """Show nothing."""


class Worlds(ABC, Generic[W_co]):
    """The worlds of one ``explore()`` or ``race()``, in order; iterate over it once.

    Args:
        world_state: the fake.
        subtests: pytest's own fixture, to report every failing world; None stops at the first.
        only: the number of the one world whose verdict counts. What has to run before it, to know
            what it is, runs without a verdict.
        watch: is told how far the loop has come.
    """

    made_by: ClassVar[str]
    """The name of the method that makes such worlds."""

    _now = staticmethod(perf_counter)  # as an attribute of a class, out of reach of freezegun

    def __init__(
        self,
        world_state: WorldState,
        *,
        subtests: Subtests | None,
        only: int | None,
        watch: Watch = unwatched,
    ) -> None:
        if subtests is not None and not callable(getattr(subtests, "test", None)):
            raise UsageError(
                f"subtests is pytest's own fixture of that name, not {quoted(subtests)}"
            )
        self._world_state = world_state
        self._subtests = subtests
        self._only = only
        self._watch = watch
        self.worlds: list[W_co] = []
        self.seconds = 0.0
        """How long the loop took, in real time, the body included."""
        self._last: World | None = None
        self._stands_in: World | None = None
        self._has_ended = False
        self._is_told = False
        self._unmet = words.never_tried(self.made_by)

    @property
    def ended_in(self) -> World | None:
        """The world whose state the fake still has, since the loop did not run to its end."""
        return self._last if self._last is not None and self._last.entered else None

    @property
    def failed_world(self) -> int | None:
        """The number of the world that failed last, if one did."""
        return next((world.number for world in reversed(self.worlds) if world.failed), None)

    def blame(self, error: BaseException) -> None:
        """Count what ended the loop, or the test after it, as a failure of the world it stood in.

        That is nothing before the block of a world: it may be owed to all that came before.
        """
        world = self._stands_in
        if world is not None:
            self._unmet, self._is_told = "", True
            if world.entered:
                world.fail(error)

    def end(self) -> None:
        """Take a loop for left that stands between two worlds, held by a variable of somebody.

        To be called when what it stood in has ended.
        """
        world = self._stands_in
        if world is not None and not (self._has_ended or self._is_told or world.is_open):
            self._unmet = self._left_in(world)
            self._stands_in, self._is_told = None, True

    def end_test(self) -> None:
        """Stand in no world any more whose block has ended: what fails next is another test."""
        self.end()
        if self._stands_in is not None and not self._stands_in.is_open:
            self._stands_in = None

    def forget(self) -> None:
        """Be in no world any more, since the fake has been emptied, unless the loop runs still."""
        self._unmet = ""
        if self._has_ended:
            self._last = self._stands_in = None

    def take_unmet(self) -> str:
        """Return why what had to be tried never was, or nothing; and nothing when asked again.

        Nothing is said of a loop that runs still, and of one that an exception has ended: that
        speaks for itself.
        """
        unmet, self._unmet = self._unmet, ""
        if self._has_ended:
            self._stands_in = None
        return unmet

    def __iter__(self) -> Iterator[W_co]:
        self._unmet = ""
        began = self._now()
        try:
            for world in self._each():
                self._watch(Progress(world.number - 1, self._known, self._now() - began))
                yield world
            self._world_state.leave()
            self._last = None
        finally:
            self._has_ended = True
            self.seconds = self._now() - began
            self._watch(None)

    @abstractmethod
    def _each(self) -> Iterator[W_co]:
        """Yield one world after the other, each by :meth:`_stand_in`."""

    @property
    @abstractmethod
    def _known(self) -> int | None:
        """How many worlds there are, as far as is known; None where that is never known before."""

    @abstractmethod
    def _left_out(self) -> str:
        """Say what was not tried when the loop was left early, or nothing if all was."""

    def _stand_in(self, world: W_co, *, counts: bool) -> Iterator[W_co]:  # type: ignore[misc]
        """Yield a world, and look whether it was entered.

        Args:
            world: the one.
            counts: whether it is judged.
        """
        if not counts:
            world.silence()
        elif self._subtests is not None:
            world.report_to(self._subtests)
        self._last = self._stands_in = world
        self._is_told = False
        try:
            yield world
        except GeneratorExit:  # who iterates has let go of us
            if not self._is_told:
                self._unmet = self._left_in(world)
            raise
        self._stands_in = None
        if not world.entered:
            raise UsageError(words.world_not_entered(self.made_by))
        if world.number == 1:
            self._world_state.remember()

    def _left_in(self, world: World) -> str:
        """Say what was not tried when the loop was left in a world, or nothing if all was."""
        if world.broken_off or any(one.number == self._only and one.entered for one in self.worlds):
            return ""
        first = self.worlds[0]
        if not first.calls:
            reason = words.nothing_to_try if first.entered else words.never_tried
            return reason(self.made_by)
        return self._left_out()
