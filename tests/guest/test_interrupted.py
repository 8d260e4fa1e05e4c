"""An exception at any moment of ``start`` or ``stop``, as of a signal, leaves nothing for ever."""

import gc
import opcode
import os
import signal
import sys
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from threading import Event, Thread
from types import FrameType
from typing import Any

import httpx
import pytest

import pytest_paymock
from pytest_paymock import Paymock, PaymockWarning, UsageError
from pytest_paymock._intercept.code_patch import CodePatch
from pytest_paymock._intercept.interceptor import LOCK

from .seams import moved, seams

PACKAGE = pytest_paymock.__file__.removesuffix("__init__.py")


class Alarm(BaseException):
    """What the handler of a signal raises, as pytest-timeout and Ctrl-C do."""


def lets_signals_in(name: str) -> bool:
    """Return whether Python looks for signals after an instruction."""
    return name.startswith(("CALL", "JUMP_BACKWARD", "RESUME"))


@contextmanager
def interrupted(at: int) -> Iterator[list[int]]:
    """Raise at the n-th moment of our code at which Python would call the handler of a signal."""
    moments: list[int] = []
    last: dict[FrameType, int] = {}

    def step(frame: FrameType, event: str, _: Any) -> Any:
        if event == "opcode":
            before = last.get(frame, 0)
            last[frame] = frame.f_lasti
            if lets_signals_in(opcode.opname[frame.f_code.co_code[before]]):
                moments.append(frame.f_lineno)
                if len(moments) == at:
                    raise Alarm(f"{frame.f_code.co_qualname}, line {frame.f_lineno}")
        return step

    def enter(frame: FrameType, *_: Any) -> Any:
        code = frame.f_code
        # What is raised in ``__del__`` reaches nobody, and it may be that of another fake.
        if not code.co_filename.startswith(PACKAGE) or code.co_name == "__del__":
            return None
        frame.f_trace_opcodes = True
        return step

    known = sys.gettrace()
    sys.settrace(enter)
    try:
        yield moments
    finally:
        sys.settrace(known)


def is_free() -> bool:
    """Return whether another thread can have the lock."""
    found: list[bool] = []

    def take() -> None:
        found.append(LOCK.here.acquire(blocking=False))
        if found[0]:
            LOCK.here.release()

    thread = Thread(target=take)
    thread.start()
    thread.join()
    return found == [True]


def each_moment(act: Callable[[int], bool]) -> int:
    """Act until nothing was left to interrupt, and return how many moments there were."""
    at = 1
    while act(at):
        at += 1
    return at - 1


def test_a_start_that_was_interrupted_leaves_nothing():
    before = seams()

    def act(at: int) -> bool:
        fake = Paymock()
        with suppress(Alarm), interrupted(at) as moments:
            fake.start()
        is_over = len(moments) < at
        if is_over:
            fake.stop()
        assert moved(before) == [], f"moment {at}"
        assert is_free()
        return not is_over

    assert each_moment(act) > 100


def test_a_stop_that_was_interrupted_is_done_by_the_next_one():
    before = seams()

    def act(at: int) -> bool:
        fake = Paymock()
        fake.start()
        with suppress(Alarm), interrupted(at) as moments:
            fake.stop()
        fake.stop()
        assert moved(before) == [], f"moment {at}"
        assert is_free()
        return len(moments) >= at

    assert each_moment(act) > 50


@pytest.mark.parametrize("act", ["start", "stop"])
def test_another_fake_answers_after_one_that_was_interrupted(act: str):
    broken, whole = Paymock(), Paymock()
    if act == "stop":
        broken.start()
    with suppress(Alarm), interrupted(60):
        getattr(broken, act)()
    with whole, httpx.Client() as client:
        client.get(f"{whole.base_url}/api/v1/tokens/tok_1")
    broken.stop()
    assert len(whole.calls) == 1


# -- processes, and fakes that nobody stops ---------------------------------------------------


def test_a_process_that_was_forked_while_a_thread_starts_a_fake_has_fakes_of_its_own():
    held, done = Event(), Event()

    def hold() -> None:
        with LOCK.here:
            held.set()
            done.wait()

    thread = Thread(target=hold)
    thread.start()
    held.wait()
    with warnings.catch_warnings(category=DeprecationWarning, action="ignore"):
        child = os.fork()  # Python itself warns that there are threads
    if not child:
        signal.alarm(20)  # ends a process that hangs
        with Paymock() as fake:
            fake.add_token("visa")
        os._exit(0)
    done.set()
    thread.join()
    assert os.waitpid(child, 0)[1] == 0


def test_a_fake_that_is_dropped_while_it_is_active_stops_and_says_so():
    before = seams()
    with warnings.catch_warnings(action="always", record=True) as told:
        Paymock().start()
        gc.collect()
    (warning,) = told
    assert warning.category is PaymockWarning
    assert str(warning.message).startswith(
        "a Paymock for http://localhost:8000 was dropped while it was active: call stop()"
    )
    assert moved(before) == []


def test_a_fake_that_was_stopped_is_dropped_without_a_word():
    fake = Paymock()
    fake.start()
    fake.stop()
    with warnings.catch_warnings(action="error"):
        del fake
        gc.collect()


def test_a_fake_that_could_not_be_made_is_dropped_without_a_word():
    with pytest.raises(UsageError):
        Paymock(seed="none")  # type: ignore[arg-type]


def test_a_fake_is_not_started_twice():
    with Paymock() as fake, pytest.raises(UsageError, match=r"stop\(\) it first, or make another"):
        fake.start()


def test_a_start_that_fails_leaves_nothing(monkeypatch: pytest.MonkeyPatch):
    before = seams()
    put = CodePatch.put

    def put_and_fail(patch: CodePatch) -> None:
        put(patch)
        raise Alarm

    monkeypatch.setattr(CodePatch, "put", put_and_fail)
    fake = Paymock()
    with pytest.raises(Alarm):
        fake.start()
    assert moved(before) == []
    assert not fake.is_active
