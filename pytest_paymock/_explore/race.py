"""Every order in which the calls of several workers can reach the API, a world each."""

from collections.abc import Callable, Coroutine, Iterator, Sequence
from contextlib import AbstractContextManager
from inspect import iscoroutine, iscoroutinefunction
from threading import Event
from types import TracebackType
from typing import Any

import anyio

from pytest_paymock._card_numbers import quoted
from pytest_paymock._explore.gate import Gate, waker
from pytest_paymock._explore.schedule import Choice, Plan, Step, next_plan
from pytest_paymock._explore.stage import Stage
from pytest_paymock._explore.worker import TaskWorker, ThreadWorker, results
from pytest_paymock._explore.world import Subtests, World
from pytest_paymock._explore.world_state import WorldState
from pytest_paymock._explore.worlds import Watch, Worlds, unwatched
from pytest_paymock._text import races as words
from pytest_paymock._text import worlds
from pytest_paymock.errors import ExpectationError, UsageError, is_for_caller

__tracebackhide__ = is_for_caller

FEWEST = 2
"""How many workers it takes to race."""


class RaceWorld(World):
    """One order in which workers go on: ``with world: world.run(first, second)``.

    ``steps`` holds who did what, once they have run.
    """

    made_by = "race"

    def __init__(self, world_state: WorldState, number: int, plan: Plan) -> None:
        super().__init__(world_state, number, None)
        self._plan = plan
        self.trace: list[Choice] = []
        self.steps: Sequence[Step] = ()
        self.errors: list[tuple[int, BaseException]] = []
        self._has_raced = False

    def __str__(self) -> str:
        return words.race_world(self.number, self.steps)

    def run(self, *work: Callable[[], Any]) -> list[Any]:
        """Run each function in a thread, one of them at a time, from one call to the next.

        Args:
            work: two functions without arguments, or more.

        Returns:
            What they returned, in their order; where one raised, the exception.

        Raises:
            UsageError: for what is no function, or called twice in a world.
            ExpectationError: if the workers wait for each other.
        """
        for one in work:
            if not callable(one) or iscoroutinefunction(one):
                raise UsageError(
                    "world.run takes functions without arguments, such as lambda: pay(order), not "
                    f"{quoted(one)}; coroutines go to `await world.gather(...)`"
                )
        self._begin_race(len(work))
        changed = Event()
        stage = Stage(self._plan, self._world_state.count, changed.set)
        threads = [ThreadWorker(number, stage, one) for number, one in enumerate(work, start=1)]
        stage.workers = [*threads]
        try:
            with self._world_state.gated(Gate()):
                for seconds in stage.control():
                    changed.wait(seconds)
                    changed.clear()
        finally:
            self._end_race(stage)
        for worker in threads:
            worker.thread.join()
        return results(threads)

    async def gather(self, *work: Coroutine[Any, Any, Any]) -> list[Any]:
        """Run each coroutine in a task, one of them at a time, from one call to the next.

        Args:
            work: two coroutines, or more; on asyncio or trio.

        Returns:
            What they returned, in their order; where one raised, the exception.

        Raises:
            UsageError: for what is no coroutine, or called twice in a world.
            ExpectationError: if the workers wait for each other.
        """
        try:
            for one in work:
                if not iscoroutine(one):
                    raise UsageError(
                        "world.gather takes coroutines, such as pay(order) of an async function, "
                        f"not {quoted(one)}; functions go to world.run(...)"
                    )
            self._begin_race(len(work))
            return await self._gather(work)
        finally:
            for one in work:
                if iscoroutine(one):
                    one.close()

    async def _gather(self, work: tuple[Coroutine[Any, Any, Any], ...]) -> list[Any]:
        changed, wake = anyio.Event(), waker()

        def notify() -> None:
            wake(lambda: changed.set())  # noqa: PLW0108 - the event that is there by then

        stage = Stage(self._plan, self._world_state.count, notify)
        failure: ExpectationError | None = None
        try:
            async with anyio.create_task_group() as group:
                stage.workers = [
                    TaskWorker(number, stage, one, group.start_soon)
                    for number, one in enumerate(work, start=1)
                ]
                with self._world_state.gated(Gate()):
                    try:
                        for seconds in stage.control():
                            with anyio.move_on_after(seconds):
                                await changed.wait()
                            changed = anyio.Event()
                    except ExpectationError as error:
                        failure = error
                        group.cancel_scope.cancel()
        finally:
            self._end_race(stage)
        if failure is not None:
            raise failure
        return results(stage.workers)

    def _begin_race(self, workers: int) -> None:
        if workers < FEWEST:
            raise UsageError(f"a race takes two workers or more, not {workers}")
        if self._has_raced:
            raise UsageError("there was a race in this world already: give it all workers at once")
        self._has_raced = True

    def _end_race(self, stage: Stage) -> None:
        if stage.has_failed:
            stage.abandon()
        self.trace, self.steps = stage.trace, stage.steps
        self.errors = [(one.number, one.error) for one in stage.workers if one.error is not None]

    def opened(self) -> AbstractContextManager[Any]:
        """Return the block in which the body runs."""
        return super().opened() if self._subtests is None else _LateSubtest(self._subtests, self)

    def verdict(self) -> AssertionError | None:
        """Return what the guards fail this world for, if anything."""
        if not self._has_raced:
            raise UsageError(words.not_raced())
        return super().verdict()


class _LateSubtest(AbstractContextManager[Any]):
    """The block of a subtest that is opened when it ends: before, its order has no name."""

    def __init__(self, subtests: Subtests, world: RaceWorld) -> None:
        self._subtests = subtests
        self._world = world

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> bool | None:
        block = self._subtests.test(msg=str(self._world))
        block.__enter__()
        return block.__exit__(kind, error, traceback)


class Race(Worlds[RaceWorld]):
    """The worlds of one ``race()``, in order; iterate over it once.

    Args:
        world_state: the fake.
        preemptions: how often a world stops a worker that could go on; None for any number.
        subtests: pytest's own fixture, to report every failing world; None stops at the first.
        only: the number of the one world whose verdict counts.
        watch: is told how far the loop has come.
    """

    made_by = "race"

    def __init__(
        self,
        world_state: WorldState,
        *,
        preemptions: int | None = 2,
        subtests: Subtests | None = None,
        only: int | None = None,
        watch: Watch = unwatched,
    ) -> None:
        is_count = isinstance(preemptions, int) and not isinstance(preemptions, bool)
        if preemptions is not None and not (is_count and preemptions >= 0):
            raise UsageError(
                "preemptions is how often a world stops a worker that could go on, from 0, or None "
                f"for any number, not {quoted(preemptions)}"
            )
        super().__init__(world_state, subtests=subtests, only=only, watch=watch)
        self._preemptions = preemptions

    @property
    def _known(self) -> int | None:
        return None

    def _each(self) -> Iterator[RaceWorld]:
        plan: Plan | None = ()
        while plan is not None:
            world = RaceWorld(self._world_state, len(self.worlds) + 1, plan)
            self.worlds.append(world)
            yield from self._stand_in(world, counts=self._only in (None, world.number))
            if not self.worlds[0].calls:
                raise ExpectationError(words.nothing_raced(self.worlds[0].errors))
            if world.number == self._only:
                return
            plan = next_plan(world.trace, self._preemptions)
        if self._only is not None:
            way = self._world_state.alone(self._only)
            raise UsageError(worlds.no_such_world(self._only, len(self.worlds), "race", way))

    def _left_out(self) -> str:
        if next_plan(self.worlds[-1].trace, self._preemptions) is None:
            return ""
        return words.left_early(len(self.worlds))
