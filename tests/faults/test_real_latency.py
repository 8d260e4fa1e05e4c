"""Under ``real_latency=True`` a late answer is slow. The tests look at who sleeps, how long."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from pytest_paymock import Paymock, faults

from .clients import Exchange
from .paying import a_fake, look_up, pay

SLEEPERS = {"httpx": "time.sleep", "httpx2": "time.sleep", "requests": "time.sleep"}
"""What each client sleeps with; those that are not here are async, and sleep as anyio does."""


@pytest.fixture
def slept(client: str, monkeypatch: pytest.MonkeyPatch) -> list[float]:
    noted: list[float] = []

    async def sleep(seconds: float) -> None:
        noted.append(seconds)

    used = SLEEPERS.get(client, "anyio.sleep")
    monkeypatch.setattr(used, noted.append if used == "time.sleep" else sleep)
    return noted


@pytest.fixture
def paymock() -> Iterator[Paymock]:
    with a_fake(real_latency=True) as paymock:
        yield paymock


def test_the_client_sleeps_for_the_latency(exchange: Exchange, slept, paymock: Paymock):
    start = paymock.clock.now()
    paymock.faults.queue(faults.latency(2))
    seen = pay(paymock, exchange, timeout=5)
    assert (seen.status, seen.error) == (201, None)
    assert slept == [2]
    assert paymock.clock.now() - start == timedelta(seconds=2)
    assert (paymock.calls.one().status_code, paymock.calls.one().lost) == (201, False)


def test_the_late_answer_is_whole(exchange: Exchange, slept, paymock: Paymock):
    paymock.faults.queue(faults.latency(2), faults.latency(0))
    late, prompt = (look_up(paymock, exchange) for _ in range(2))
    assert slept == [2]
    assert late.facts == prompt.facts


def test_a_client_that_gives_up_sleeps_as_long_as_it_is_willing_to(
    exchange: Exchange, slept, paymock: Paymock
):
    start = paymock.clock.now()
    paymock.faults.queue(faults.latency(60), faults.read_timeout)
    late, silent = (pay(paymock, exchange, timeout=5) for _ in range(2))
    assert slept == [5]
    assert late.error is not None
    assert late.facts == silent.facts
    assert paymock.clock.now() - start == timedelta(seconds=10)
    assert paymock.payments.one().call == paymock.calls.first


def test_an_unpinned_clock_is_left_to_the_real_time(exchange: Exchange, slept):
    with Paymock(real_latency=True) as paymock:
        start = paymock.clock.now()
        paymock.faults.queue(faults.latency(3600))
        look_up(paymock, exchange, timeout=None)
        assert paymock.clock.now() - start < timedelta(seconds=60)
    assert slept == [3600]


@pytest.mark.parametrize(
    "fault",
    [faults.connect_timeout, faults.read_timeout, faults.disconnect, faults.server_error],
    ids=str,
)
def test_no_other_fault_sleeps(exchange: Exchange, slept, paymock: Paymock, fault):
    paymock.faults.queue(fault)
    pay(paymock, exchange, timeout=5)
    assert slept == []
    assert paymock.calls.one().fault == fault
