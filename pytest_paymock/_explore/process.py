"""One life of the application under test: a crash ends it, and the test goes on.

A crash is an exception that code under test does not catch, since a process that dies runs no
``except Exception``. What a dead process still tries to call, from whatever thread or task of it,
crashes likewise.
"""

import threading
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from types import TracebackType
from typing import Any, NoReturn, Self

from pytest_paymock.errors import ExpectationError, ProcessCrash, UsageError, is_for_caller

__tracebackhide__ = is_for_caller


class Lives:
    """The processes of one fake, and what crashed outside of all of them."""

    def __init__(self) -> None:
        self._open: list[Process] = []
        self._stray = ""

    def check(self) -> None:
        """Let nothing pass that comes from a process which has crashed.

        Raises:
            ProcessCrash: if the caller belongs to such a process.
        """
        process = self._current()
        if process is not None and process.crashed:
            raise ProcessCrash("the process has crashed, so none of it makes a call any more")

    def crash(self, number: int, endpoint: str | None) -> NoReturn:
        """Let the process of the caller die at a call.

        Args:
            number: the call's, in the records.
            endpoint: its route name, None outside the documented endpoints.

        Raises:
            ProcessCrash: always, but where there is no process to end.
            ExpectationError: there, with what to write. It is no crash, which would end more than
                the test, such as the loop of an async one.
        """
        where = f"call {number} {endpoint or 'unknown path'}"
        process = self._current()
        if process is None:
            self._stray = (
                f"faults.crash ended the process at {where}, and the test is no process: put one "
                "life of your application into `with paymock.process():`; after that block it "
                "starts again"
            )
            raise ExpectationError(self._stray)
        process.crashed = True
        raise ProcessCrash(f"the process crashed at {where}")

    def take_stray(self) -> str:
        """Return what to write where a crash met no process, or nothing; nothing when asked again.

        Code under test may have swallowed the exception.
        """
        stray, self._stray = self._stray, ""
        return stray

    def open(self, process: "Process") -> None:
        """Begin a life."""
        self._open.append(process)

    def close(self, process: "Process") -> None:
        """End a life."""
        self._open.remove(process)

    def _current(self) -> "Process | None":
        """Return the process to which the caller belongs.

        A task knows that by its context, in which the process began. A plain thread knows
        nothing, and belongs to the process that began last and has not ended.
        """
        own = _PROCESS.get()
        if own is not None and (own.crashed or own.is_open):
            return own
        return next(reversed(self._open), None)


_PROCESS: ContextVar["Process | None"] = ContextVar("paymock_process", default=None)


class Process:
    """One life of the application: ``with paymock.process() as process: ...``.

    A crash ends the block and not the test. ``crashed`` says whether there was one, and
    ``is_open`` whether the block runs.
    """

    def __init__(self, lives: Lives) -> None:
        self.crashed = False
        self.is_open = False
        self._lives = lives
        self._is_used = False
        self._outer: Process | None = None
        self._hook: Any = None
        self._hook_before: Any = None

    def __repr__(self) -> str:
        state = "crashed" if self.crashed else "running" if self.is_open else "not running"
        return f"<process: {state}>"

    def __enter__(self) -> Self:
        if self._is_used:
            raise UsageError("a process lives once: ask for the next by paymock.process()")
        self._is_used = self.is_open = True
        self._lives.open(self)
        self._outer = _PROCESS.get()
        _PROCESS.set(self)
        self._hook_before = threading.excepthook
        self._hook = threading.excepthook = _without_crashes(self._hook_before)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> bool:
        if threading.excepthook is self._hook:
            threading.excepthook = self._hook_before
        # Not by a token: a fixture may begin a process in one context and end it in another.
        _PROCESS.set(self._outer)
        self._lives.close(self)
        self.is_open = False
        return self.crashed and error is not None and _follows_crash(error)


def _without_crashes(hook: Callable[[Any], object]) -> Callable[[Any], object]:
    """Return a hook of threads for which it is no error that one dies with its process."""

    def excepthook(args: Any) -> object:
        return None if isinstance(args.exc_value, ProcessCrash) else hook(args)

    return excepthook


def _follows_crash(error: BaseException) -> bool:
    """Return whether an exception is a crash or was raised because of one.

    A dead process raises nothing more, so what its ``finally`` made of the crash is none either.
    What speaks about the test always counts.
    """
    found = list(_chain(error))
    return any(isinstance(one, ProcessCrash) for one in found) and not any(
        isinstance(one, AssertionError) or hasattr(one, "pytrace") for one in found
    )


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    """Yield an exception, all within its groups, and all that it was raised because of."""
    seen: list[BaseException] = []
    waiting = [error]
    while waiting:
        one = waiting.pop()
        if one is not None and not any(one is known for known in seen):
            seen.append(one)
            yield one
            waiting += [one.__cause__, one.__context__]
            waiting += one.exceptions if isinstance(one, BaseExceptionGroup) else ()
