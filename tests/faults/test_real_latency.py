"""Under ``real_latency=True`` a late answer is slow. The tests look at who sleeps, how long."""

import asyncio
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from typing import Any

import httpx
import pytest

from pytest_paymock import ExpectationError, Paymock, faults

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


class Interrupted(BaseException):
    """What ends a wait from outside: no client takes it for an error of the network."""


@pytest.fixture
def interrupted(client: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(_: float) -> Any:
        raise Interrupted

    monkeypatch.setattr(SLEEPERS.get(client, "anyio.sleep"), interrupt)


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


@pytest.mark.usefixtures("interrupted")
def test_the_answer_to_a_client_that_stops_to_wait_is_lost(exchange: Exchange, paymock: Paymock):
    paymock.faults.queue(faults.latency(2))
    with pytest.raises(Interrupted):
        pay(paymock, exchange)
    call = paymock.calls.one()
    assert (call.status_code, call.response, call.lost) == (None, None, True)
    assert paymock.payments.one().call is call


@pytest.mark.usefixtures("interrupted")
def test_a_record_that_was_made_meanwhile_is_made_anew(
    exchange: Exchange, paymock: Paymock, monkeypatch: pytest.MonkeyPatch
):
    seen: list[Any] = []

    async def looked_at(_: float) -> None:
        seen.append(paymock.payments.one())
        raise Interrupted

    monkeypatch.setattr("anyio.sleep", looked_at)
    monkeypatch.setattr("time.sleep", lambda _: asyncio.run(looked_at(0)))
    paymock.faults.queue(faults.latency(2))
    with suppress(Interrupted):
        pay(paymock, exchange)
    assert [payment.call.lost for payment in (*seen, paymock.payments.one())] == [False, True]


def test_the_guard_sees_that_a_charge_was_made_again_after_its_task_was_cancelled():
    async def checkout(paymock: Paymock) -> None:
        paymock.faults.queue(faults.latency(30))
        order = {"token": paymock.add_token().token, "amount": 5, "customer_id": "cust_1"}
        async with httpx.AsyncClient(base_url=paymock.base_url) as client:
            for patience in (0.01, None):
                with suppress(TimeoutError):
                    await asyncio.wait_for(client.post("/api/v1/payments", json=order), patience)

    with (
        pytest.raises(ExpectationError, match="charged"),
        Paymock(guards="error", real_latency=True) as paymock,
    ):
        asyncio.run(checkout(paymock))
