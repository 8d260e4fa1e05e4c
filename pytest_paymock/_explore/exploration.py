"""Every fault that could happen to the calls of a test, one world after the other.

The first world is free of faults and counts the calls. Each world after it starts from the same
state and places one fault, in one phase, at one call; with more depth, two at two calls. The worlds
are ordered by depth, so that their number is known as soon as it can be.
"""

from collections.abc import Iterable, Iterator, Sequence

from pytest_paymock._api.endpoints import ENDPOINTS
from pytest_paymock._card_numbers import quoted
from pytest_paymock._explore.world import PlacedFault, Subtests, World, WorldState
from pytest_paymock._script.faults import checked_fault
from pytest_paymock._text import messages
from pytest_paymock.errors import ExpectationError, UsageError, is_for_caller
from pytest_paymock.faults import ALL, Fault

__tracebackhide__ = is_for_caller

_CHANGING = tuple(endpoint.name for endpoint in ENDPOINTS if endpoint.method == "POST")
"""The endpoints whose calls commit something, so that a fault may come before or after that."""


def checked_faults(faults: Sequence[Fault]) -> list[Fault]:
    """Return the faults that ``explore`` is to place.

    Raises:
        UsageError: for what is no list of faults.
    """
    if isinstance(faults, Fault) or not isinstance(faults, Iterable):
        raise UsageError(
            f"explore takes a list of faults, such as [faults.read_timeout], not {quoted(faults)}"
        )
    return [checked_fault(fault) for fault in faults]


class Exploration:
    """The worlds of one ``explore()``, in order; iterate over it once.

    Args:
        world_state: the fake.
        faults: which to place; each in every phase that it has, unless it names the later one.
        depth: how many faults a world has at most.
        subtests: pytest's own fixture, to report every failing world; None stops at the first.
        only: the number of the one world whose verdict counts. What has to run before it, to know
            what it is, runs without a verdict.
    """

    def __init__(
        self,
        world_state: WorldState,
        *,
        faults: Sequence[Fault] = ALL,
        depth: int = 1,
        subtests: Subtests | None = None,
        only: int | None = None,
    ) -> None:
        if isinstance(depth, bool) or not isinstance(depth, int) or depth < 1:
            raise UsageError(f"depth is how many faults a world has at most, not {quoted(depth)}")
        self._world_state = world_state
        self._faults = checked_faults(faults)
        if subtests is not None and not callable(getattr(subtests, "test", None)):
            raise UsageError(
                f"subtests is pytest's own fixture of that name, not {quoted(subtests)}"
            )
        self._depth = depth
        self._subtests = subtests
        self._only = only
        self.worlds: list[World] = []
        self._last: World | None = None
        self._stands_in: World | None = None
        self._extensible: list[World] = []
        self._has_ended = False
        self._is_told = False
        self._unmet = messages.never_explored()

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
            self._unmet = self._left_out(world)
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

    def __iter__(self) -> Iterator[World]:
        self._unmet = ""
        try:
            yield from self._levels()
        finally:
            self._has_ended = True

    def _levels(self) -> Iterator[World]:
        level = [World(self._world_state, 1, None)]
        for depth in range(self._depth + 1):
            if depth:
                level = self._worlds_after(level)
            yield from self._run(level, is_deepest=depth == self._depth)
            if not self.worlds[0].calls:
                raise ExpectationError(messages.nothing_to_explore())
            if not level or self._only in [world.number for world in level]:
                break
        if self._only is not None and self._only > len(self.worlds):
            way = self._world_state.alone(self._only)
            raise UsageError(messages.no_such_world(self._only, len(self.worlds), way))
        missed = [world for world in self.worlds if world.missed]
        if missed:
            self._unmet = messages.never_met(len(missed), len(self.worlds), str(missed[0]))
        self._world_state.leave()
        self._last = None

    def _run(self, level: list[World], *, is_deepest: bool) -> Iterator[World]:
        self.worlds += level
        self._extensible = [] if is_deepest else level
        chosen = [world for world in level if world.number == self._only]
        for world in chosen or level:
            if self._only is not None and not chosen:
                world.silence()
            elif self._subtests is not None:
                world.report_to(self._subtests)
            self._last = self._stands_in = world
            self._is_told = False
            try:
                yield world
            except GeneratorExit:  # who iterates has let go of us
                if not self._is_told:
                    self._unmet = self._left_out(world)
                raise
            self._stands_in = None
            if not world.entered:
                raise UsageError(messages.world_not_entered())
            if world.number == 1:
                self._world_state.remember()

    def _left_out(self, world: World) -> str:
        """Say what was not tried when the loop was left in a world, or nothing if all was."""
        first = self.worlds[0]
        if world.broken_off or any(one.number == self._only and one.entered for one in self.worlds):
            return ""
        if not first.calls:
            return messages.nothing_to_explore() if first.entered else messages.never_explored()
        ran, total = sum(one.entered for one in self.worlds), len(self.worlds)
        if ran == total:
            total += len(self._worlds_after(self._extensible))
        return messages.left_early(ran, total) if ran < total else ""

    def _worlds_after(self, level: list[World]) -> list[World]:
        """Return the worlds with one more fault than those of a level that has run."""
        plans = [plan for world in level for plan in self._plans_after(world)]
        start = len(self.worlds)
        total = start + len(plans)
        return [
            World(self._world_state, start + number, total, plan)
            for number, plan in enumerate(plans, start=1)
        ]

    def _plans_after(self, world: World) -> Iterator[tuple[PlacedFault, ...]]:
        last = world.faults[-1].call if world.faults else 0
        for call, endpoint in enumerate(world.calls, start=1):
            if call > last:
                for fault in self._phases(endpoint):
                    yield (*world.faults, PlacedFault(call, endpoint, fault))

    def _phases(self, endpoint: str | None) -> Iterator[Fault]:
        """Return every fault in every phase that makes a difference at an endpoint."""
        for fault in self._faults:
            yield fault
            if fault.can_follow_commit and not fault.after_commit and endpoint in _CHANGING:
                yield fault(after_commit=True)
