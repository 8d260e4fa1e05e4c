"""The workers of a race, of which one goes on at a time, and the gate at which the others wait.

Each call waits at the gate until its worker is chosen. A chosen worker makes that call and goes on
until its next one waits, or until its end; then the next worker is chosen. A worker that waits for
something else, such as a lock that another one holds, does not come back: after a short real time
without any movement it counts as blocked, and another one is chosen.
"""

import asyncio
import sys
import threading
import traceback
from abc import ABC, abstractmethod
from collections.abc import Callable, Coroutine, Generator, Iterator, Sequence
from contextvars import ContextVar, copy_context
from time import perf_counter
from types import FrameType
from typing import Any

import anyio

from pytest_paymock._explore.schedule import Choice, Plan, Step, choice
from pytest_paymock._text import races as words
from pytest_paymock.errors import ExpectationError, ProcessCrash, is_for_caller

__tracebackhide__ = is_for_caller

_GLANCE, _PATIENCE, _DEADLOCK = 0.02, 0.2, 2.0
"""For how many seconds a worker that does not move is given time: one that was blocked before, any
other one, and all of them where none can go on."""

_NAP = 0.01
"""How many seconds pass between two looks at a worker that does not come back."""


class Worker(ABC):
    """One of the callables or coroutines that race.

    Args:
        number: from 1.
        stage: where it runs.
    """

    def __init__(self, number: int, stage: "Stage") -> None:
        self.number = number
        self.arrived = 0
        self.is_done = False
        self.result: Any = None
        self.error: BaseException | None = None
        self.is_out = False
        """Whether it goes on at present, or is blocked."""
        self._tickets: list[Callable[[], object]] = [self._start]
        self._stage = stage
        self._place: object = None
        self._patience = _PATIENCE
        self._since = 0.0

    @property
    def is_ready(self) -> bool:
        """Whether it can be chosen: it waits at the gate, or has not begun."""
        return bool(self._tickets)

    @property
    def outcome(self) -> Any:
        """What it returned or raised."""
        return self.result if self.error is None else self.error

    def go(self) -> None:
        """Let it go on."""
        self.is_out = True
        self._place, self._patience = None, _PATIENCE
        self._tickets.pop(0)()

    def arrive(self, ticket: Callable[[], object]) -> None:
        """Wait with a call at the gate; ``ticket`` lets it pass."""
        self.arrived += 1
        self._tickets.append(ticket)
        self.is_out = False
        self._stage.notify()

    def withdraw(self, ticket: Callable[[], object]) -> None:
        """Take a call back that waits no longer, as where its task was cancelled."""
        if ticket in self._tickets:
            self._tickets.remove(ticket)
            self.is_out = True

    def finish(self) -> None:
        """Be at its end."""
        self.is_out, self.is_done = False, True
        self._stage.notify()

    def watch(self, now: float) -> None:
        """Begin to look whether it moves."""
        self._since = now

    def is_stuck(self, now: float, patience: float) -> bool:
        """Return whether it has not moved for a while; more patience for one that is seen anew."""
        frames = self.frames()
        place = (id(frames[-1][0]), frames[-1][0].f_lasti) if frames else None
        if place != self._place:
            self._place, self._since, self._patience = place, now, _PATIENCE
            return False
        if now - self._since < max(patience, self._patience):
            return False
        self._patience = _GLANCE
        return True

    def stack(self) -> str:
        """Return where it stands, as a traceback shows it."""
        summary = traceback.StackSummary.extract(iter(self.frames()))
        return "".join(summary.format())

    @property
    def is_over(self) -> bool:
        """Whether the race has ended, so that nothing waits any more."""
        return self._stage.is_over

    def check(self) -> None:
        """End what is left of a race that has failed.

        Raises:
            ProcessCrash: where the race ended before this worker did.
        """
        if self._stage.has_failed:
            raise ProcessCrash("the race has ended, and this worker with it")

    def waits_in_vain(self) -> bool:
        """Return whether the caller would stop its own controller by waiting."""
        return False

    @abstractmethod
    def _start(self) -> None:
        """Begin."""

    @abstractmethod
    def frames(self) -> list[tuple[FrameType, int]]:
        """Return where it stands, the innermost frame last, each with its line."""


_WORKER: ContextVar[Worker | None] = ContextVar("paymock_worker", default=None)


class ThreadWorker(Worker):
    """A callable in a thread."""

    def __init__(self, number: int, stage: "Stage", work: Callable[[], Any]) -> None:
        super().__init__(number, stage)
        self._work = work
        self.thread = threading.Thread(
            target=copy_context().run,
            args=(self._run,),
            name=f"paymock worker {number}",
            daemon=True,
        )

    def _start(self) -> None:
        self.thread.start()

    def _run(self) -> None:
        _WORKER.set(self)
        try:
            self.result = self._work()
        except BaseException as error:  # noqa: BLE001 - it is a value, or raised by the caller
            self.error = error
        finally:
            self.finish()

    def frames(self) -> list[tuple[FrameType, int]]:
        """Return where its thread stands."""
        innermost = sys._current_frames().get(self.thread.ident or 0)  # noqa: SLF001
        return list(traceback.walk_stack(innermost))[::-1] if innermost else []


class TaskWorker(Worker):
    """A coroutine in a task of asyncio or trio."""

    def __init__(
        self,
        number: int,
        stage: "Stage",
        work: Coroutine[Any, Any, Any],
        start: Callable[..., object],
    ) -> None:
        super().__init__(number, stage)
        self._work = work
        self._start_soon = start
        self._home = threading.get_ident()

    def _start(self) -> None:
        self._start_soon(self._run)

    async def _run(self) -> None:
        _WORKER.set(self)
        try:
            self.result = await self._work
        except BaseException as error:
            self.error = error
            if not isinstance(error, Exception | ProcessCrash) and not is_verdict(error):
                raise  # a cancellation
        finally:
            self.finish()

    def waits_in_vain(self) -> bool:
        """Return whether a call without ``await`` is made in the loop in which all tasks run."""
        return threading.get_ident() == self._home

    def frames(self) -> list[tuple[FrameType, int]]:
        """Return where its coroutine stands, and those for which it waits."""
        found = []
        one: Any = self._work
        while one is not None:
            frame = getattr(one, "cr_frame", None) or getattr(one, "gi_frame", None)
            if frame is not None:
                found.append((frame, frame.f_lineno))
            one = getattr(one, "cr_await", None) or getattr(one, "gi_yieldfrom", None)
        return found


def is_verdict(error: BaseException) -> bool:
    """Return whether an exception speaks about the test: it is raised, and no value."""
    return isinstance(error, AssertionError) or hasattr(error, "pytrace")


class Gate:
    """Where the calls of workers wait until they are chosen; all other calls pass."""

    def wait(self) -> None:
        """Wait with a call that is made without ``await``."""
        worker = _waiting()
        if worker is not None and not worker.waits_in_vain():
            passed = threading.Event()
            worker.arrive(passed.set)
            passed.wait()
            worker.check()

    async def wait_async(self) -> None:
        """Wait with a call that is awaited."""
        worker = _waiting()
        if worker is not None:
            passed, wake = anyio.Event(), waker()

            def ticket() -> None:
                wake(passed.set)

            worker.arrive(ticket)
            try:
                await passed.wait()
            finally:
                worker.withdraw(ticket)
            worker.check()


def _waiting() -> Worker | None:
    """Return the worker whose call has to wait, if it is one's."""
    worker = _WORKER.get()
    if worker is None:
        return None
    worker.check()
    return None if worker.is_over else worker


def waker() -> Callable[[Callable[[], object]], object]:
    """Return what runs a function in the loop that runs here, from any thread."""
    try:
        return asyncio.get_running_loop().call_soon_threadsafe
    except RuntimeError:
        token: Any = sys.modules["trio"].lowlevel.current_trio_token()
        wake: Callable[[Callable[[], object]], object] = token.run_sync_soon
        return wake


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
            while not all(worker.is_done for worker in self.workers):
                if not any(worker.is_ready for worker in self.workers):
                    yield from self._settle(_DEADLOCK)
                ready = [worker.number for worker in self.workers if worker.is_ready]
                if not ready and any(not worker.is_done for worker in self.workers):
                    raise ExpectationError(self._deadlock())
                if not ready:
                    break
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


def results(workers: Sequence[Worker]) -> list[Any]:
    """Return what each worker returned or raised, in their order.

    Raises:
        BaseException: what a worker said about the test, and what no worker may keep to itself.
    """
    for worker in workers:
        error = worker.error
        if error is not None and (
            is_verdict(error) or not isinstance(error, Exception | ProcessCrash | SystemExit)
        ):
            raise error
    return [worker.outcome for worker in workers]
