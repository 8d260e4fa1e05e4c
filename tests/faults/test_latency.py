"""Latency is virtual: it is held against the client's own timeout, and nobody sleeps."""

import math
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import httpx
import httpx2
import pytest
import requests
from urllib3.util import Timeout

from pytest_paymock import Paymock, faults

from .clients import CLIENTS, HTTPX_FAMILY, Exchange
from .paying import PAYMENTS, a_fake, look_up, pay

LIBRARIES = {"httpx": httpx, "httpx2": httpx2}

HTTPX_PATIENCE: list[tuple[Callable[[Any], Any], float | None]] = [
    (lambda _: 5, 5),
    (lambda _: 0.25, 0.25),
    (lambda _: None, None),
    (lambda _: (0.1, 9, 0.2, 0.3), 9),
    (lambda http: http.Timeout(7), 7),
    (lambda http: http.Timeout(7, read=2), 2),
    (lambda http: http.Timeout(2, read=7), 7),
    (lambda http: http.Timeout(2, read=None), None),
    (lambda http: http.Timeout(None, connect=2, write=2, pool=2), None),
    (lambda http: http.Timeout(connect=0.1, read=3, write=0.1, pool=0.1), 3),
]
"""What may be given to httpx and httpx2, and how long they wait for an answer then."""

REQUESTS_PATIENCE: list[tuple[Any, float | None]] = [
    (5, 5),
    (0.25, 0.25),
    (None, None),
    ((0.1, 9), 9),
    ((9, 0.5), 0.5),
    ((2, None), None),
    ((None, 2), 2),
    (Timeout(6), 6),
    (Timeout(None), None),
    (Timeout(connect=0.1, read=3), 3),
    (Timeout(connect=0.1), None),
    (Timeout(connect=0.1, read=None), None),
    (Timeout(total=4), 4),
    (Timeout(total=4, connect=0.1, read=2), 2),
    (Timeout(total=2, connect=0.1, read=4), 2),
]

ALL_PATIENCE = [
    *(
        pytest.param(name, make(LIBRARIES[name.partition("-")[0]]), patience, id=f"{name}-{number}")
        for name in HTTPX_FAMILY
        for number, (make, patience) in enumerate(HTTPX_PATIENCE)
    ),
    *(
        pytest.param("requests", timeout, patience, id=f"requests-{timeout}")
        for timeout, patience in REQUESTS_PATIENCE
    ),
]


@pytest.fixture(autouse=True)
def _nobody_sleeps(monkeypatch: pytest.MonkeyPatch) -> None:
    def sleep(*_: object) -> None:
        pytest.fail("somebody slept")

    for name in ("time.sleep", "asyncio.sleep", "anyio.sleep", "trio.sleep"):
        monkeypatch.setattr(name, sleep)


def moved(paymock: Paymock, start: datetime) -> float:
    """Return by how many seconds the clock has moved on."""
    return (paymock.clock.now() - start).total_seconds()


@pytest.mark.parametrize(("client", "timeout", "patience"), ALL_PATIENCE)
def test_a_client_waits_as_long_as_it_says(client: str, timeout: Any, patience: float | None):
    with a_fake() as paymock:
        start = paymock.clock.now()
        wait = 100_000 if patience is None else patience
        paymock.faults.queue(faults.latency(wait))
        seen = pay(paymock, CLIENTS[client], timeout=timeout)
        call, payment = paymock.calls.one(), paymock.payments.one()
    assert (seen.status, seen.error) == (201, None)
    assert payment.transaction_id.encode() in seen.body
    assert (call.status_code, call.acted, call.lost) == (201, True, False)
    assert call.response["transaction_id"] == payment.transaction_id
    assert moved(paymock, start) == wait
    assert payment.processed_at == call.at == start


@pytest.mark.parametrize(
    ("client", "timeout", "patience"), [case for case in ALL_PATIENCE if case.values[2] is not None]
)
def test_a_client_gives_up_at_once_on_what_takes_longer(client: str, timeout: Any, patience: float):
    with a_fake() as paymock:
        start = paymock.clock.now()
        paymock.faults.queue(faults.latency(patience + 0.001))
        seen = pay(paymock, CLIENTS[client], timeout=timeout)
        call, payment = paymock.calls.one(), paymock.payments.one()
    assert type(seen.error).__name__ == "ReadTimeout"
    assert (call.status_code, call.response, call.acted, call.lost) == (None, None, True, True)
    assert payment.call == call
    assert moved(paymock, start) == patience


def test_giving_up_looks_as_for_any_read_timeout(exchange: Exchange):
    with a_fake() as paymock:
        paymock.faults.queue(faults.latency(60), faults.read_timeout)
        late, silent = (pay(paymock, exchange, timeout=0.5) for _ in range(2))
    assert late.error is not None
    assert late.facts == silent.facts


@pytest.mark.parametrize("name", HTTPX_FAMILY)
def test_httpx_waits_for_five_seconds_unless_it_is_told(name: str):
    library = LIBRARIES[name.partition("-")[0]]
    with a_fake() as paymock:
        start = paymock.clock.now()
        paymock.faults.queue(faults.latency(5), faults.latency(5.5))
        url = f"{paymock.base_url}/api/v1/customers/cust_1/transactions"
        assert library.get(url).status_code == 200
        with pytest.raises(library.ReadTimeout):
            library.get(url)
        assert moved(paymock, start) == 10


def test_requests_waits_for_ever_unless_it_is_told():
    with a_fake() as paymock:
        start = paymock.clock.now()
        paymock.faults.queue(faults.latency(86_400))
        url = f"{paymock.base_url}/api/v1/customers/cust_1/transactions"
        assert requests.get(url).status_code == 200  # noqa: S113 - that is what is tested
        assert moved(paymock, start) == 86_400


def test_an_unpinned_clock_moves_too(exchange: Exchange):
    with Paymock() as paymock:
        start = paymock.clock.now()
        paymock.faults.queue(faults.latency(3600), faults.latency(7200))
        look_up(paymock, exchange, timeout=None)
        look_up(paymock, exchange, timeout=1800)
        passed = paymock.clock.now() - start
    assert timedelta(seconds=5400) <= passed < timedelta(seconds=5460)


def test_an_answer_without_delay_is_no_delay(exchange: Exchange):
    with a_fake() as paymock:
        start = paymock.clock.now()
        paymock.faults.queue(faults.latency(0))
        assert look_up(paymock, exchange, timeout=0.001).status == 200
        assert moved(paymock, start) == 0


def test_latency_lets_a_token_grow_old(exchange: Exchange):
    with a_fake() as paymock:
        token = paymock.add_token("visa", customer_id="cust_1").token
        paymock.faults.queue(faults.latency(86_400))
        assert look_up(paymock, exchange, timeout=None).status == 200
        assert pay(paymock, exchange, token).status == 401


@pytest.mark.parametrize(
    ("fault", "waited"),
    [
        (faults.connect_timeout, 2),
        (faults.read_timeout, 3),
        (faults.read_timeout(after_commit=True), 3),
        (faults.connect_error, 0),
        (faults.disconnect, 0),
        (faults.server_error, 0),
    ],
    ids=str,
)
@pytest.mark.parametrize("client", ["httpx", "httpx2-trio", "requests"])
def test_a_timeout_takes_the_time_that_the_client_waits(client: str, fault: Any, waited: float):
    library = LIBRARIES.get(client.partition("-")[0])
    timeout = library.Timeout(1, connect=2, read=3) if library else (2, 3)
    with a_fake() as paymock:
        start = paymock.clock.now()
        paymock.faults.queue(fault)
        pay(paymock, CLIENTS[client], timeout=timeout)
        assert moved(paymock, start) == waited


@pytest.mark.parametrize("fault", [faults.connect_timeout, faults.read_timeout], ids=str)
def test_a_client_that_waits_for_ever_is_told_at_once_all_the_same(exchange: Exchange, fault: Any):
    with a_fake() as paymock:
        start = paymock.clock.now()
        paymock.faults.queue(fault)
        seen = pay(paymock, exchange, timeout=None)
        assert moved(paymock, start) == 0
    assert "Timeout" in type(seen.error).__name__


@pytest.mark.parametrize(
    ("client", "seconds"),
    [("httpx-asyncio", math.inf), ("httpx2-trio", math.inf), ("httpx-trio", 1e300)],
)
def test_for_ever_may_be_given_as_a_number(client: str, seconds: float):
    with a_fake() as paymock:
        start = paymock.clock.now()
        paymock.faults.queue(faults.read_timeout)
        seen = pay(paymock, CLIENTS[client], timeout=seconds)
        assert moved(paymock, start) == paymock.calls.one().waited == 0
    assert type(seen.error).__name__ == "ReadTimeout"


@pytest.mark.parametrize(
    "fault", [faults.disconnect, faults.latency(3), faults.read_timeout(after_commit=True)], ids=str
)
def test_no_client_hears_that_the_clock_has_come_to_its_end(exchange: Exchange, fault: Any):
    with a_fake(clock="9998-12-31T23:59:59") as paymock:
        paymock.faults.queue(fault, fault)
        for _ in range(2):
            seen = pay(paymock, exchange, timeout=5)
            assert seen.error is None or "Usage" not in type(seen.error).__name__
        assert len(paymock.calls) == 2
        assert f"{paymock.clock.now():%Y-%m-%d}" in ("9998-12-31", "9999-01-01")


def test_a_late_refusal_is_a_refusal(exchange: Exchange):
    with a_fake() as paymock:
        paymock.faults.queue(faults.latency(1))
        seen = exchange("POST", paymock.base_url + PAYMENTS, body=b"{}")
        assert seen.status == paymock.calls.one().status_code == 400
        assert not paymock.calls.one().lost
