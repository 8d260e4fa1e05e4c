"""A call is where other tasks and threads run, as it is where a client waits for a network."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

import httpx
import httpx2
import pytest
import requests
import trio

from pytest_paymock import Paymock
from pytest_paymock._intercept import httpx as intercept_httpx
from pytest_paymock._intercept import requests as intercept_requests
from pytest_paymock._intercept import wire

LIBRARIES = {"httpx": httpx, "httpx2": httpx2}

Work = Callable[[], Awaitable[Any]]


async def _on_asyncio(*work: Work) -> None:
    await asyncio.gather(*[one() for one in work])


async def _on_trio(*work: Work) -> None:
    async with trio.open_nursery() as nursery:
        for one in work:
            nursery.start_soon(one)


LOOPS: dict[str, tuple[Any, Any]] = {
    "asyncio": (lambda main: asyncio.run(main()), _on_asyncio),
    "trio": (trio.run, _on_trio),
}

each_library = pytest.mark.parametrize("library", LIBRARIES.values(), ids=LIBRARIES)


@pytest.fixture
def paymock() -> Iterator[Paymock]:
    with Paymock(success_rate=1, guards="off") as fake:
        yield fake


@pytest.fixture
def order(paymock: Paymock) -> dict[str, Any]:
    token = paymock.add_token("visa", customer_id="cust_1").token
    return {"token": token, "amount": 25, "customer_id": "cust_1"}


@each_library
@pytest.mark.parametrize(("run", "at_once"), LOOPS.values(), ids=LOOPS)
def test_two_tasks_that_look_before_they_pay_charge_twice_as_on_a_server(
    paymock: Paymock, order: dict[str, Any], library: Any, run: Any, at_once: Any
):
    async def main() -> None:
        async with library.AsyncClient(base_url=paymock.base_url) as client:

            async def careful() -> None:
                history = await client.get("/api/v1/customers/cust_1/transactions")
                if not history.json()["transaction_count"]:
                    await client.post("/api/v1/payments", json=order)

            await at_once(careful, careful)

    run(main)
    assert len(paymock.payments) == 2


@each_library
def test_a_task_that_is_cancelled_before_it_is_its_turn_charges_nothing(
    paymock: Paymock, order: dict[str, Any], library: Any
):
    async def main() -> None:
        async with library.AsyncClient(base_url=paymock.base_url) as client:
            paying = asyncio.create_task(client.post("/api/v1/payments", json=order))
            await asyncio.sleep(0)
            paying.cancel()
            with pytest.raises(asyncio.CancelledError):
                await paying

    asyncio.run(main())
    paymock.assert_no_calls()


@each_library
def test_a_deadline_of_asyncio_ends_a_loop_of_calls(paymock: Paymock, library: Any):
    async def main() -> None:
        async with library.AsyncClient(base_url=paymock.base_url) as client:
            async with asyncio.timeout(0):
                while True:
                    await client.get("/api/v1/tokens/tok_1")

    with pytest.raises(TimeoutError):
        asyncio.run(main())
    assert len(paymock.calls) <= 1


@each_library
def test_a_deadline_of_trio_ends_a_loop_of_calls(paymock: Paymock, library: Any):
    async def main() -> None:
        async with library.AsyncClient(base_url=paymock.base_url) as client:
            with trio.move_on_after(0):
                while True:
                    await client.get("/api/v1/tokens/tok_1")

    trio.run(main)
    assert len(paymock.calls) == 0


@pytest.mark.parametrize("library", [httpx, httpx2, requests], ids=["httpx", "httpx2", "requests"])
def test_other_threads_run_before_the_request_of_one_is_taken(
    paymock: Paymock,
    order: dict[str, Any],
    library: Any,
    monkeypatch: pytest.MonkeyPatch,
):
    taken: list[int] = []
    for module in (intercept_httpx, intercept_requests):
        # Whether the system lets another thread run is its own decision.
        monkeypatch.setattr(module, "let_threads_run", lambda _: taken.append(len(paymock.calls)))
    library.post(f"{paymock.base_url}/api/v1/payments", json=order)
    assert taken == [0]
    assert wire.let_threads_run is time.sleep


def test_no_sleep_of_a_test_is_called(
    paymock: Paymock, order: dict[str, Any], monkeypatch: pytest.MonkeyPatch
):
    slept: list[float] = []
    monkeypatch.setattr(time, "sleep", slept.append)
    monkeypatch.setattr(asyncio, "sleep", slept.append)

    async def main() -> None:
        async with httpx.AsyncClient(base_url=paymock.base_url) as client:
            await client.post("/api/v1/payments", json=order)

    asyncio.run(main())
    requests.post(f"{paymock.base_url}/api/v1/payments", json=order, timeout=1)
    assert slept == []
    assert len(paymock.payments) == 2
