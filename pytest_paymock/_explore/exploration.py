"""Every fault that could happen to the calls of a test, one world after the other.

The first world is free of faults and counts the calls. Each world after it starts from the same
state and places one fault, in one phase, at one call; with ``outage``, at several calls in a row;
with more depth, two such faults. The worlds come in steps, so that what a step found out decides
which worlds the next one needs, and their number is known as soon as it can be.
"""

from collections.abc import Iterable, Iterator, Sequence

from pytest_paymock._api.endpoints import ENDPOINTS
from pytest_paymock._card_numbers import quoted
from pytest_paymock._explore.world import PlacedFault, Subtests, World
from pytest_paymock._explore.world_state import WorldState
from pytest_paymock._explore.worlds import Watch, Worlds, unwatched
from pytest_paymock._script.faults import checked_fault
from pytest_paymock._text import worlds as words
from pytest_paymock.errors import ExpectationError, UsageError, is_for_caller
from pytest_paymock.faults import ALL, Fault
from pytest_paymock.faults import crash as process_crash

__tracebackhide__ = is_for_caller

_CHANGING = tuple(endpoint.name for endpoint in ENDPOINTS if endpoint.method == "POST")
"""The endpoints whose calls commit something, so that a fault may come before or after that."""

Plan = tuple[PlacedFault, ...]


def checked_faults(faults: Sequence[Fault], *, crash: bool = False) -> list[Fault]:
    """Return the faults that ``explore`` is to place, with the crash of the process if asked for.

    Raises:
        UsageError: for what is no list of faults.
    """
    if isinstance(faults, Fault) or not isinstance(faults, Iterable):
        raise UsageError(
            f"explore takes a list of faults, such as [faults.read_timeout], not {quoted(faults)}"
        )
    placed = [checked_fault(fault) for fault in faults]
    return [*placed, process_crash] if crash and process_crash not in placed else placed


def _checked_count(number: int, words_of_it: str) -> int:
    if isinstance(number, bool) or not isinstance(number, int) or number < 1:
        raise UsageError(f"{words_of_it}, not {quoted(number)}")
    return number


class Exploration(Worlds[World]):
    """The worlds of one ``explore()``, in order; iterate over it once.

    Args:
        world_state: the fake.
        faults: which to place; each in every phase that it has, unless it names the later one.
        depth: how many faults a world has at most.
        outage: for how many calls in a row a fault lasts at most.
        subtests: pytest's own fixture, to report every failing world; None stops at the first.
        only: the number of the one world whose verdict counts.
        watch: is told how far the loop has come.
    """

    made_by = "explore"

    def __init__(
        self,
        world_state: WorldState,
        *,
        faults: Sequence[Fault] = ALL,
        depth: int = 1,
        outage: int = 1,
        subtests: Subtests | None = None,
        only: int | None = None,
        watch: Watch = unwatched,
    ) -> None:
        self._depth = _checked_count(depth, "depth is how many faults a world has at most")
        self._outage = _checked_count(
            outage, "outage is for how many calls in a row a fault lasts at most"
        )
        self._faults = checked_faults(faults)
        super().__init__(world_state, subtests=subtests, only=only, watch=watch)
        self._step: list[World] = []
        self._level: list[World] = []
        self._left = self._depth

    @property
    def _known(self) -> int | None:
        return len(self.worlds)

    def _each(self) -> Iterator[World]:
        for step in self._steps():
            self._step = step
            is_chosen = self._only in [world.number for world in step]
            for world in step:
                if not is_chosen or world.number == self._only:
                    yield from self._stand_in(world, counts=is_chosen or self._only is None)
            if not self.worlds[0].calls:
                raise ExpectationError(words.nothing_to_try(self.made_by))
            if is_chosen:
                break
        if self._only is not None and self._only > len(self.worlds):
            way = self._world_state.alone(self._only)
            raise UsageError(words.no_such_world(self._only, len(self.worlds), "exploration", way))
        missed = [world for world in self.worlds if world.missed]
        if missed:
            self._unmet = words.never_met(
                len(missed),
                len(self.worlds),
                str(missed[0]),
                has_reset=self._world_state.has_reset,
            )

    def _left_out(self) -> str:
        ran, total = sum(one.entered for one in self.worlds), len(self.worlds)
        if ran == total:
            longer = [plan for world in self._step for plan in self._longer(world)]
            further = self._level if self._left else []
            total += len([*longer, *(plan for world in further for plan in self._one_more(world))])
        return words.left_early(ran, total) if ran < total else ""

    # -- which worlds there are ---------------------------------------------------------------

    def _steps(self) -> Iterator[list[World]]:
        """Yield the worlds in steps, each of which needs to know what those before have called.

        The first step is the world without faults. Then come those with a fault more, and those
        in which just that fault lasts longer by a call.
        """
        self.worlds = self._level = step = [World(self._world_state, 1, None)]
        yield step
        for left in reversed(range(self._depth)):
            self._left = left
            step = self._made([plan for world in self._level for plan in self._one_more(world)])
            if not step:
                return
            self._level = []
            while step:
                self._level += step
                yield step
                step = self._made([plan for world in step for plan in self._longer(world)])

    def _made(self, plans: list[Plan]) -> list[World]:
        start = len(self.worlds)
        total = start + len(plans)
        made = [
            World(self._world_state, start + number, total, plan)
            for number, plan in enumerate(plans, start=1)
        ]
        self.worlds += made
        return made

    def _one_more(self, world: World) -> Iterator[Plan]:
        """Return the plans with one more fault than that of a world, at a later call."""
        before = world.faults[-1] if world.faults else None
        last = before.last if before else 0
        for call, endpoint in enumerate(world.calls[last:], start=last + 1):
            for fault in self._phases(endpoint):
                if before and call == last + 1 and fault == before.fault and self._lasts(before):
                    continue  # the same fault once more in a row is an outage
                yield (*world.faults, PlacedFault(call, endpoint, fault))

    def _longer(self, world: World) -> Iterator[Plan]:
        """Return the plan in which the last fault of a world lasts for one more call.

        There is none where the code under test stopped calling before: all would be the same.
        """
        for last in world.faults[-1:]:
            if self._lasts(last) and last.last < len(world.calls):
                yield (*world.faults[:-1], last._replace(length=last.length + 1))

    def _lasts(self, placed: PlacedFault) -> bool:
        """Return whether a fault may last for one more call."""
        return placed.length < self._outage

    def _phases(self, endpoint: str | None) -> Iterator[Fault]:
        """Return every fault in every phase that makes a difference at an endpoint."""
        for fault in self._faults:
            yield fault
            if fault.can_follow_commit and not fault.after_commit and endpoint in _CHANGING:
                yield fault(after_commit=True)
