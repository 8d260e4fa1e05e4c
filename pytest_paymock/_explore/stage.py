"""The stage of a race, on which one worker goes on at a time.

Each call waits at the gate until its worker is chosen. A chosen worker makes that call and goes on
until its next one waits, or until its end; then the next worker is chosen. A worker that waits for
something else, such as a lock that another one holds, does not come back: after a short real time
without any movement it counts as blocked, and another one is chosen.
"""

from collections.abc import Callable, Generator, Iterator
from time import perf_counter

from pytest_paymock._explore.schedule import Choice, Plan, Step, choice
from pytest_paymock._explore.worker import Worker
from pytest_paymock._text import races as words
from pytest_paymock.errors import ExpectationError, is_for_caller

__tracebackhide__ = is_for_caller

_DEADLOCK = 2.0
"""For how many seconds all of the workers do not move before that is a deadlock."""

_NAP = 0.01
"""How many seconds pass between two looks at a worker that does not come back."""


class Stage:
    """One race: its workers, and who of them goes on.

    Args:
        plan: who has to, at the first choices.
        count: returns how many exchanges were recorded in the world.
        notify: says that something has changed.
    """

    def __init__(self, plan: Plan, count: Callable[[], int], notify: Callable[[], object]) -> None:
        self.workers: list[Worker] = []
        self.trace: list[Choice] = []
        self.steps: list[Step] = []
        self.is_over = False
        self.has_failed = False
        self.notify = notify
        self._plan = plan
        self._count = count

    _now = staticmethod(perf_counter)

    def control(self) -> Generator[float, None, None]:
        """Choose one worker after the other; yield for how many seconds to wait for a change.

        Raises:
            ExpectationError: if the workers wait for each other, or the plan cannot be followed.
        """
        last = None
        try:
            while True:
                if not any(worker.is_ready for worker in self.workers):
                    yield from self._settle(_DEADLOCK)
                ready = [worker.number for worker in self.workers if worker.is_ready]
                if all(worker.is_done for worker in self.workers):
                    break
                if not ready:
                    raise ExpectationError(self._deadlock())
                chosen = choice(self._plan, self.trace, ready, last)
                worker = self.workers[chosen.taken - 1]
                if not worker.is_ready:
                    yield from self._settle(_DEADLOCK)
                if not worker.is_ready:
                    raise ExpectationError(words.no_repeat(worker.number, is_done=worker.is_done))
                self.trace.append(chosen)
                last = worker.number
                before = self._count()
                worker.go()
                yield from self._settle(0.0)
                self.steps.append(self._step(worker, before))
            self.is_over = True
        finally:
            self.has_failed = not self.is_over

    def abandon(self) -> None:
        """Let the workers of a race that has failed end at their next call."""
        for worker in self.workers:
            if worker.is_ready and worker.arrived:
                worker.go()

    def _settle(self, patience: float) -> Iterator[float]:
        """Wait until no worker goes on: each is at the gate, at its end or blocked."""
        for worker in self.workers:
            worker.watch(self._now())
        while True:
            out = [worker for worker in self.workers if worker.is_out]
            now = self._now()
            if all(worker.is_stuck(now, patience) for worker in out):
                return
            yield _NAP

    def _step(self, worker: Worker, before: int) -> Step:
        until = 0 if worker.is_done else worker.arrived if worker.is_ready else None
        error = type(worker.error).__name__ if worker.is_done and worker.error else ""
        return Step(worker.number, tuple(range(before + 1, self._count() + 1)), until, error)

    def _deadlock(self) -> str:
        stuck = [worker for worker in self.workers if not worker.is_done]
        return words.deadlock([(worker.number, worker.stack()) for worker in stuck])
