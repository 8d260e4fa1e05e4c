"""A worker of a race: a function in a thread, or a coroutine in a task."""

import sys
import threading
import traceback
from abc import ABC, abstractmethod
from collections.abc import Callable, Coroutine, Sequence
from contextvars import ContextVar, copy_context
from types import FrameType
from typing import Any, Protocol

from pytest_paymock.errors import ProcessCrash, is_for_caller

__tracebackhide__ = is_for_caller

GLANCE, PATIENCE = 0.02, 0.2
"""For how many seconds a worker that does not move is given time, before it counts as blocked: one
that was blocked before, and any other one."""


class Race(Protocol):
    """What a worker knows of where it runs; ``Stage`` is one."""

    @property
    def is_over(self) -> bool:
        """Whether it has come to its end."""

    @property
    def has_failed(self) -> bool:
        """Whether it ended before the workers did."""

    @property
    def notify(self) -> Callable[[], object]:
        """Says that something has changed."""


class Worker(ABC):
    """One of the callables or coroutines that race.

    Args:
        number: from 1.
        stage: where it runs.
    """

    def __init__(self, number: int, stage: Race) -> None:
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
        self._patience = PATIENCE
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
        self._place, self._patience = None, PATIENCE
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
        """Return whether it has not moved for a while; at least for ``patience`` seconds."""
        frame = self.innermost()
        place = None if frame is None else (id(frame), frame.f_lasti)
        if place != self._place:
            self._place, self._since, self._patience = place, now, PATIENCE
            return False
        if now - self._since < max(patience, self._patience):
            return False
        self._patience = GLANCE
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

    def blocks_all_workers(self) -> bool:
        """Return whether the caller would stop its own controller by waiting."""
        return False

    @abstractmethod
    def _start(self) -> None:
        """Begin."""

    def innermost(self) -> FrameType | None:
        """Return the frame in which it stands, None if it is in none."""
        frames = self.frames()
        return frames[-1][0] if frames else None

    @abstractmethod
    def frames(self) -> list[tuple[FrameType, int]]:
        """Return where it stands, the innermost frame last, each with its line."""


WORKER: ContextVar[Worker | None] = ContextVar("paymock_worker", default=None)


class ThreadWorker(Worker):
    """A callable in a thread."""

    def __init__(self, number: int, stage: Race, work: Callable[[], Any]) -> None:
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
        WORKER.set(self)
        try:
            self.result = self._work()
        except BaseException as error:  # noqa: BLE001 - it is a value, or raised by the caller
            self.error = error
        finally:
            self.finish()

    def innermost(self) -> FrameType | None:
        """Return the frame in which its thread stands."""
        # And not from frame to frame: to follow the stack of a thread that runs can end the
        # process in CPython 3.11.
        return sys._current_frames().get(self.thread.ident or 0)  # noqa: SLF001 - public

    def frames(self) -> list[tuple[FrameType, int]]:
        """Return where its thread stands; to be asked for when it does not move."""
        innermost = self.innermost()
        return list(traceback.walk_stack(innermost))[::-1] if innermost else []


class TaskWorker(Worker):
    """A coroutine in a task of asyncio or trio."""

    def __init__(
        self,
        number: int,
        stage: Race,
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
        WORKER.set(self)
        try:
            self.result = await self._work
        except BaseException as error:
            self.error = error
            if not isinstance(error, Exception | ProcessCrash) and not is_verdict(error):
                raise  # a cancellation
        finally:
            self.finish()

    def blocks_all_workers(self) -> bool:
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
