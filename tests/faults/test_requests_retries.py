"""``urllib3.util.Retry`` on an adapter does over the fake what it does against a server.

Against the server, ``time.sleep`` only notes what it was asked for; over the fake it fails, and the
clock moves on by exactly the same.
"""

import copy
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any, NamedTuple

import pytest
import requests
from requests.adapters import HTTPAdapter
from urllib3.util import Retry

from pytest_paymock import Paymock, faults
from pytest_paymock.faults import Fault

from . import server
from .clients import CLIENTS, LONG, SHORT, Seen
from .provoking import NOT_ACTED
from .server import HOST, Act

PATH = "/api/v1/customers/cust_1/transactions"
FOUND = b'{"customer_id":"cust_1","transaction_count":0,"transactions":[]}'
SOUND = server.answer("200 OK", FOUND)
NOON = "2026-01-27T12:00:00"


class Wrong(NamedTuple):
    """One thing that goes wrong: for real, and in the fake."""

    act: Act
    fault: Fault


def an_error(line: str, fault: Fault, **headers: str) -> Wrong:
    given = dict(fault.headers) | {name.replace("_", "-"): v for name, v in headers.items()}
    fields = {name.replace("-", "_"): value for name, value in given.items()}
    body = f'{{"detail":"{fault.detail}"}}'.encode()
    made = faults.http_error(fault.status, detail=fault.detail, headers=given)
    return Wrong(server.answer(line, body, **fields), made)


HANG = Wrong(server.hang, faults.read_timeout)
HANG_UP = Wrong(server.hang_up, faults.disconnect)
RESET = Wrong(server.reset, faults.connection_reset)
CUT_OFF = Wrong(
    server.cut_off("200 OK", NOT_ACTED, NOT_ACTED[: len(NOT_ACTED) // 2]), faults.truncated_body
)
BUSY = an_error("503 Service Unavailable", faults.unavailable)
BUSY_3 = an_error("503 Service Unavailable", faults.unavailable, retry_after="3")
LIMITED = an_error("429 Too Many Requests", faults.rate_limited)
SINCE_2015 = an_error(
    "503 Service Unavailable", faults.unavailable, retry_after="Wed, 21 Oct 2015 07:28:00 GMT"
)
SOON = an_error("503 Service Unavailable", faults.unavailable, retry_after="soon")


class Stubborn(Retry):
    """A user's own rule: every back-off is a quarter of a second."""

    def get_backoff_time(self) -> float:
        return 0.25


class Noted(Retry):
    """A user's own rule that notes each attempt, and each back-off."""

    def __init__(self, *args: Any, notes: list[str], **options: Any) -> None:
        super().__init__(*args, **options)
        self.notes = notes

    def new(self, **options: Any) -> Retry:
        return super().new(notes=self.notes, **options)

    def increment(self, *args: Any, **options: Any) -> Retry:
        self.notes.append("again")
        return super().increment(*args, **options)

    def sleep(self, response: Any = None) -> None:
        self.notes.append("sleep")
        super().sleep(response)


class ByName(Retry):
    """A user's own rule that makes its successor by its own name, not by its type."""

    def new(self, **options: Any) -> Retry:
        return ByName(**{**vars(self), **options})


CASES: dict[str, tuple[Retry, list[Wrong]]] = {
    "a total, used up": (Retry(total=2, backoff_factor=0.5), [HANG_UP] * 3),
    "a total, enough": (Retry(total=3, backoff_factor=0.5), [HANG_UP, RESET]),
    "a read limit, used up": (Retry(read=1), [HANG_UP, HANG_UP]),
    "a read limit, enough": (Retry(read=2, backoff_factor=1), [RESET, HANG_UP]),
    "a read limit for silence": (Retry(read=2, backoff_factor=0.1), [HANG, HANG, HANG]),
    "silence, used up": (Retry(total=1), [HANG, HANG]),
    "no reading again": (Retry(total=5, read=False), [HANG_UP]),
    "no reading again after silence": (Retry(total=5, read=False), [HANG]),
    "nothing again": (Retry(total=False), [HANG_UP]),
    "connect only": (Retry(total=None, connect=3, read=0), [RESET]),
    "a status": (Retry(3, status_forcelist=[503], backoff_factor=0.2), [BUSY, BUSY]),
    "a status, used up": (Retry(1, status_forcelist=[503]), [BUSY, BUSY]),
    "a status limit": (Retry(5, status=1, status_forcelist=[503]), [BUSY, BUSY]),
    "a status limit alone": (Retry(None, status=1, status_forcelist=[503]), [BUSY, BUSY]),
    "a status, but no retry": (Retry(0, status_forcelist=[503]), [BUSY]),
    "a status that may be": (
        Retry(1, status_forcelist=[503], raise_on_status=False),
        [BUSY, BUSY],
    ),
    "a status off the list": (Retry(3, status_forcelist=[500]), [BUSY]),
    "what a server asks for": (Retry(2, backoff_factor=9), [LIMITED, BUSY_3]),
    "what a server asks for, ignored": (
        Retry(2, respect_retry_after_header=False, status_forcelist=[429], backoff_factor=1),
        [LIMITED, LIMITED],
    ),
    "a time long past": (Retry(2, backoff_factor=0.5), [SINCE_2015, SINCE_2015]),
    "a time that is none": (Retry(2), [SOON]),
    "a time that is none, ignored": (
        Retry(2, respect_retry_after_header=False, status_forcelist=[503]),
        [SOON],
    ),
    "a longest back-off": (Retry(4, backoff_factor=50, backoff_max=60), [HANG_UP] * 4),
    "other methods only": (Retry(3, allowed_methods=["POST"]), [HANG_UP]),
    "redirects have no part in it": (Retry(2, redirect=0), [HANG_UP, BUSY_3]),
    "all sorts": (Retry(5, status_forcelist=[503], backoff_factor=0.3), [BUSY, HANG_UP, RESET]),
    "a body that breaks off": (Retry(3), [CUT_OFF]),
    "a broken body after a retry": (Retry(3), [HANG_UP, CUT_OFF]),
    "a subclass": (Stubborn(3), [HANG_UP, RESET]),
    "a subclass by name": (ByName(3, backoff_factor=0.5), [HANG_UP, HANG_UP, HANG_UP]),
}


class Run(NamedTuple):
    """What came of one request: what the client saw, how often it tried, how long it backed off."""

    seen: Seen
    attempts: int
    slept: timedelta


@contextmanager
def sleeping(monkeypatch: pytest.MonkeyPatch, sleep: Callable[[float], Any]) -> Iterator[None]:
    with monkeypatch.context() as patched:
        patched.setattr("time.sleep", sleep)
        yield


def never(seconds: float) -> None:
    pytest.fail(f"slept for {seconds} seconds")


def natively(monkeypatch: pytest.MonkeyPatch, run: Any, port: int) -> tuple[Seen, timedelta]:
    slept: list[float] = []
    with sleeping(monkeypatch, slept.append):
        seen = run(f"http://{HOST}:{port}{PATH}")
    return seen, sum((timedelta(seconds=seconds) for seconds in slept), timedelta())


def faked(monkeypatch: pytest.MonkeyPatch, run: Any, port: int, *queued: Fault) -> Run:
    with Paymock(base_url=f"http://{HOST}:{port}", clock=NOON) as paymock:
        start = paymock.clock.now()
        for fault in queued:
            paymock.faults.queue(fault)
        with sleeping(monkeypatch, never):
            seen = run(f"{paymock.base_url}{PATH}")
        return Run(seen, len(paymock.calls), paymock.clock.now() - start)


def through(adapter: HTTPAdapter, method: str = "GET", **how: Any) -> Any:
    return lambda url: CLIENTS["requests"](method, url, adapter=adapter, **how)


def getting(retry: Any, method: str = "GET", **how: Any) -> Any:
    return through(HTTPAdapter(max_retries=retry), method, **how)


@pytest.mark.parametrize("case", CASES)
def test_a_rule_of_retries_goes_as_against_a_server(monkeypatch, case):
    retry, wrong = CASES[case]
    silent = timedelta(seconds=SHORT) * wrong.count(HANG)
    patience = {"timeout": (LONG, SHORT if silent else LONG)}
    with server.serving(*(one.act for one in wrong), SOUND) as running:
        run = getting(retry, **patience)
        seen, slept = natively(monkeypatch, run, running.port)
        fake = faked(monkeypatch, run, running.port, *(one.fault for one in wrong))
    assert fake.seen.facts == seen.facts
    assert fake.attempts == len(running.requests)
    assert fake.slept == slept + silent


@pytest.mark.parametrize(
    ("retry", "attempts"),
    [
        (Retry(3, backoff_factor=0.5), 4),
        (Retry(None, connect=1), 2),
        (Retry(5, connect=0), 1),
        (Retry(total=False), 1),
        (2, 3),
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_refused_connection_is_tried_again_as_against_a_server(
    monkeypatch, retry, attempts, method
):
    with server.refusing() as port:
        seen, slept = natively(monkeypatch, getting(retry, method), port)
        queued = [faults.connect_error] * attempts
        fake = faked(monkeypatch, getting(retry, method), port, *queued)
    assert seen.error is not None
    assert fake == (fake.seen, attempts, slept)
    assert fake.seen.facts == seen.facts


def test_a_connection_that_is_not_made_in_time_is_tried_again(monkeypatch):
    retry = Retry(connect=2, backoff_factor=1)
    with server.deaf() as port:
        run = getting(retry, timeout=(SHORT, LONG))
        seen, slept = natively(monkeypatch, run, port)
        fake = faked(monkeypatch, run, port, *[faults.connect_timeout] * 3)
    assert fake.seen.facts == seen.facts
    assert fake.slept == slept + 3 * timedelta(seconds=SHORT)
    assert slept == timedelta(seconds=2)


def test_a_rule_that_notes_its_attempts_notes_the_same(monkeypatch):
    real: list[str] = []
    virtual: list[str] = []
    wrong = [HANG_UP, BUSY_3, RESET]
    with server.serving(*(one.act for one in wrong), SOUND) as running:
        seen, slept = natively(monkeypatch, getting(Noted(3, notes=real)), running.port)
        fake = faked(
            monkeypatch,
            getting(Noted(3, notes=virtual)),
            running.port,
            *(one.fault for one in wrong),
        )
    assert fake == (fake.seen, 4, slept)
    assert fake.seen.facts == seen.facts
    assert seen.status == 200
    assert virtual == real == ["again", "sleep"] * 3


def test_the_rule_of_the_adapter_is_left_as_it_was(monkeypatch):
    retry = Retry(2, backoff_factor=0.5)
    adapter = HTTPAdapter(max_retries=retry)
    before = copy.deepcopy(vars(retry))
    run = faked(monkeypatch, through(adapter), 8000, faults.disconnect)
    assert run.seen.status == 200
    assert type(retry) is Retry
    assert adapter.max_retries is retry
    assert vars(retry) == before


def test_a_back_off_moves_an_unpinned_clock_too(monkeypatch):
    with Paymock() as paymock:
        paymock.faults.queue(faults.unavailable, faults.unavailable)
        adapter = HTTPAdapter(max_retries=Retry(2, status_forcelist=[503], backoff_factor=1800))
        with sleeping(monkeypatch, never):
            seen = through(adapter)(paymock.base_url + PATH)
        first, _, last = paymock.calls
    assert seen.status == 200
    assert timedelta(minutes=2) <= last.at - first.at < timedelta(minutes=3)


def test_an_answer_at_the_first_attempt_has_an_empty_history():
    with Paymock() as paymock:
        seen = through(HTTPAdapter())(paymock.base_url + PATH)
    assert (seen.status, seen.history, seen.error) == (200, [], None)


def test_a_bare_number_set_on_the_adapter_later_is_a_rule_too(monkeypatch):
    adapter = HTTPAdapter()
    adapter.max_retries = 2  # urllib3 takes it
    with server.refusing() as port:
        seen, _ = natively(monkeypatch, through(adapter), port)
        fake = faked(monkeypatch, through(adapter), port, *[faults.connect_error] * 3)
    assert fake.attempts == 3
    assert fake.seen.facts == seen.facts
    assert faked(monkeypatch, through(adapter), port).seen.status == 200


@pytest.mark.parametrize("fault", [faults.unavailable, faults.rate_limited, faults.disconnect])
def test_a_further_attempt_under_https_gets_no_warning_of_an_unverified_host(fault):
    with (
        Paymock(base_url="https://pay.example") as paymock,
        requests.Session() as session,
        warnings.catch_warnings(),
    ):
        warnings.simplefilter("error")
        session.mount("https://", HTTPAdapter(max_retries=Retry(2, status_forcelist=[503, 429])))
        paymock.faults.queue(fault, fault)
        answer = session.get(paymock.base_url + PATH)
    assert (answer.status_code, len(paymock.calls)) == (200, 3)
