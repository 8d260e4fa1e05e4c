"""``HTTPTransport(retries=n)`` tries a connection again over the fake as it does over a network.

Over the network the sleeping functions only note what they were asked for; over the fake they fail,
and the clock moves on by exactly the same.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest

from pytest_paymock import Paymock, faults

from .clients import HTTPX_FAMILY, SHORT, Exchange, Seen
from .provoking import PROVOKED, patience
from .server import HOST

NOON = "2026-01-27T12:00:00"
HISTORY = "/api/v1/customers/cust_1/transactions"
SLEEPERS = ("time.sleep", "anyio.sleep", "trio.sleep")


@pytest.fixture(params=HTTPX_FAMILY)
def exchange(request: pytest.FixtureRequest) -> Exchange:
    return HTTPX_FAMILY[request.param]


@contextmanager
def sleeping(monkeypatch: pytest.MonkeyPatch, sleep: Callable[[float], Any]) -> Iterator[None]:
    async def sleep_async(seconds: float) -> None:
        sleep(seconds)

    with monkeypatch.context() as patched:
        for name in SLEEPERS:
            patched.setattr(name, sleep if name == "time.sleep" else sleep_async)
        yield


def never(seconds: float) -> None:
    pytest.fail(f"slept for {seconds} seconds")


def sent(exchange: Exchange, base_url: str, retries: int, fault: str = "") -> Seen:
    return exchange("GET", base_url + HISTORY, timeout=patience(fault), retries=retries)


@pytest.mark.parametrize("retries", [0, 1, 3])
@pytest.mark.parametrize("fault", ["connect_error", "connect_timeout"])
def test_a_connection_is_tried_again_as_over_a_network(monkeypatch, exchange, fault, retries):
    slept: list[float] = []
    with PROVOKED[fault]() as port, sleeping(monkeypatch, slept.append):
        native = sent(exchange, f"http://{HOST}:{port}", retries, fault)
    with Paymock(base_url=f"http://{HOST}:{port}", clock=NOON) as paymock:
        start = paymock.clock.now()
        paymock.faults.queue(*[getattr(faults, fault)] * (retries + 1))
        with sleeping(monkeypatch, never):
            seen = sent(exchange, paymock.base_url, retries, fault)
        moved = paymock.clock.now() - start
    waited = SHORT * (retries + 1) if fault == "connect_timeout" else 0
    assert native.error is not None
    assert seen.facts == native.facts
    assert len(paymock.calls) == retries + 1
    assert moved == timedelta(seconds=sum(slept) + waited)
    assert sum(slept) == {0: 0, 1: 0, 3: 1.5}[retries]


def test_the_attempt_that_is_answered_ends_it(exchange):
    with Paymock() as paymock:
        paymock.faults.queue(faults.connect_error)
        seen = sent(exchange, paymock.base_url, 2)
        first, second = paymock.calls
    assert (seen.status, seen.error) == (200, None)
    assert (first.status_code, first.fault) == (None, faults.connect_error)
    assert (second.status_code, second.fault) == (200, None)


def test_the_second_attempt_may_meet_another_fault(exchange):
    with Paymock() as paymock:
        paymock.faults.queue(faults.connect_error, faults.unavailable)
        seen = sent(exchange, paymock.base_url, 2)
    assert (seen.status, seen.error) == (503, None)
    assert len(paymock.calls) == 2


@pytest.mark.parametrize("fault", ["read_timeout", "disconnect", "connection_reset", "unavailable"])
def test_nothing_but_a_connection_is_tried_again(monkeypatch, exchange, fault):
    with PROVOKED[fault]() as port, sleeping(monkeypatch, never):
        native = sent(exchange, f"http://{HOST}:{port}", 2, fault)
        with Paymock(base_url=f"http://{HOST}:{port}") as paymock:
            paymock.faults.queue(getattr(faults, fault))
            seen = sent(exchange, paymock.base_url, 2, fault)
    assert seen.facts == native.facts
    assert len(paymock.calls) == 1
