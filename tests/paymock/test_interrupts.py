"""An exception that comes at any moment of a call, and a process that is forked in one.

Ctrl-C and the alarm of a time limit raise between any two instructions. A call that they interrupt
has happened as a whole or not at all, and no lock is held after it.
"""

import dis
import json
import os
import signal
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from pathlib import Path
from threading import Event, Thread, current_thread
from types import CodeType, FrameType
from typing import Any

import httpx
import pytest
import requests

import pytest_paymock
from pytest_paymock import Paymock
from pytest_paymock._engine.clock import Clock
from pytest_paymock._engine.journal import ClockState, Index, Journal

OURS = str(Path(pytest_paymock.__file__).parent)

pytestmark = pytest.mark.paymock(clock="2026-01-27T12:00:00")  # each call takes the same steps

Pay = Callable[[], Any]


class Interrupt(BaseException):
    """What a signal's handler raises."""


@pytest.fixture(params=["httpx", "requests"])
def pay(request: pytest.FixtureRequest, paymock: Paymock) -> Iterator[Pay]:
    """Return what makes one payment through a client."""
    client: Any = httpx.Client() if request.param == "httpx" else requests.Session()
    paymock.outcomes.always("success")
    order = {"token": paymock.add_token().token, "amount": 25, "customer_id": "cust_1"}
    url = f"{paymock.base_url}/api/v1/payments"
    with client:
        yield lambda: client.post(url, json=order)


@pytest.fixture
def elsewhere() -> Iterator[ThreadPoolExecutor]:
    """Return another thread, from which one sees whether a lock is free."""
    with ThreadPoolExecutor(1) as thread:
        yield thread


def check(paymock: Paymock, elsewhere: ThreadPoolExecutor) -> None:
    """Check that state and records agree, and that no lock is held."""
    journal = paymock._parts.journal
    assert elsewhere.submit(is_free, journal).result()
    again = Index(journal.index.entries)
    again.read_on()
    assert told(journal.index) == told(again)
    paid = [json.loads(call.response or b"")["transaction_id"] for call in again.calls]
    assert paid == list(again.payments) == again.order
    assert [paid.call_number for paid in again.payments.values()] == [*range(1, len(paid) + 1)]


def is_free(journal: Journal) -> bool:
    taken = journal.lock.acquire(blocking=False)
    if taken:
        journal.lock.release()
    return taken


def told(index: Index) -> dict[str, Any]:
    return {name: value for name, value in vars(index).items() if name != "entries"}


# -- at every instruction ----------------------------------------------------------------------


def leaving_blocks(code: CodeType) -> set[int]:
    """Return the instructions between the end of a ``with`` block and the call of its ``__exit__``.

    Python handles no signal there: it does so when a function begins, has been called, or loops.
    """
    found: set[int] = set()
    instructions = list(dis.get_instructions(code))
    for at in range(len(instructions) - 4):
        arguments, after = instructions[at : at + 3], instructions[at + 3 : at + 5]
        are_none = all(one.opname == "LOAD_CONST" and one.argval is None for one in arguments)
        if are_none and any(one.opname == "CALL" for one in after):
            before = [one for one in instructions[at - 1 : at] if one.opname == "SWAP"]
            leaving = [*before, *arguments, *after]
            found |= {one.offset for one in leaving if one.opname != "POP_TOP"}
    return found


class Tracer:
    """Raises before one instruction of ours, counted from 1 since it was switched on."""

    def __init__(self) -> None:
        self._safe: dict[CodeType, set[int]] = {}
        self.hit = False

    def run(self, at: int, call: Pay) -> None:
        self._left, self.hit = at, False
        before = sys.gettrace()
        sys.settrace(self._begin)
        try:
            call()
        except Interrupt:
            pass
        finally:
            sys.settrace(before)

    def _begin(self, frame: FrameType, *_: object) -> Any:
        if not frame.f_code.co_filename.startswith(OURS):
            return None
        frame.f_trace_opcodes, frame.f_trace_lines = True, False
        return self._look

    def _look(self, frame: FrameType, event: str, _: object) -> Any:
        if event == "opcode":
            self._left -= 1
            if self._left <= 0 and not self.hit and not self._is_safe(frame):
                self.hit = True
                raise Interrupt
        return self._look

    def _is_safe(self, frame: FrameType) -> bool:
        code = frame.f_code
        if code not in self._safe:
            self._safe[code] = leaving_blocks(code)
        return frame.f_lasti in self._safe[code]


@pytest.mark.parametrize("step", [7, pytest.param(1, marks=pytest.mark.slow)])
def test_an_exception_at_every_instruction(
    paymock: Paymock, pay: Pay, elsewhere: ThreadPoolExecutor, step: int
) -> None:
    tracer, start = Tracer(), paymock.snapshot()
    made = []
    for at in count(1, step):
        tracer.run(at, pay)
        check(paymock, elsewhere)
        if not tracer.hit:
            break
        made.append(len(paymock._parts.journal.index.payments))
        paymock.restore(start)
    # There is one instruction before which nothing has happened, and after which all has.
    assert made == sorted(made)
    assert set(made) == {0, 1}


# -- by a signal -------------------------------------------------------------------------------


# Python swallows what is raised in a finalizer, and says so.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("alarms", [300, pytest.param(5000, marks=pytest.mark.slow)])
def test_alarms_at_any_moment(
    paymock: Paymock, pay: Pay, elsewhere: ThreadPoolExecutor, alarms: int
) -> None:
    rung, is_awaited = 0, False

    def ring(*_: object) -> None:
        nonlocal rung, is_awaited
        if is_awaited:
            rung, is_awaited = rung + 1, False
            raise Interrupt

    before = signal.signal(signal.SIGALRM, ring)
    try:
        for number in count():
            if rung == alarms:
                break
            try:
                is_awaited = True
                # From the first moment of a call to beyond its end; the shortest always rings.
                signal.setitimer(signal.ITIMER_REAL, 20e-6 * (1 + number % 60))
                pay()
                is_awaited = False
            except Interrupt:
                pass
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
    check(paymock, elsewhere)
    pay()
    check(paymock, elsewhere)
    assert paymock.calls.last.acted


# -- in a process that was forked --------------------------------------------------------------


@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
def test_a_fork_while_another_thread_is_in_a_call(
    paymock: Paymock, pay: Pay, monkeypatch: pytest.MonkeyPatch
) -> None:
    inside, go_on = Event(), Event()
    genuine = Clock.now_by

    def now_by(clock: Clock, state: ClockState) -> Any:
        if current_thread() is other:
            inside.set()
            go_on.wait(20)
        return genuine(clock, state)

    monkeypatch.setattr(Clock, "now_by", now_by)
    other = Thread(target=pay)
    other.start()
    assert inside.wait(20)
    child = os.fork()
    if not child:
        signal.alarm(20)  # which ends it if it waits for the thread that is not there
        try:
            pay()
        finally:
            os._exit(0 if len(paymock.payments) == 1 else 1)
    _, status = os.waitpid(child, 0)
    go_on.set()
    other.join()
    assert status == 0
    pay()
    assert len(paymock.payments) == len(paymock.calls) == 2
