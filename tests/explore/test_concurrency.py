"""Bodies that are async, and bodies with threads."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest
import trio

from pytest_paymock import Paymock, faults

from .tills import CLIENTS, a_fake, a_token, naive


async def pay_async(paymock: Paymock, token: str, customer_id: str = "cust_1") -> None:
    """Charge, and charge again when there is no answer."""
    order = {"token": token, "amount": 5, "customer_id": customer_id}
    async with httpx.AsyncClient() as client:
        for _ in range(2):
            try:
                await client.post(f"{paymock.base_url}/api/v1/payments", json=order)
            except httpx.TransportError:
                continue
            return


def on_asyncio(work: Callable[[], Any]) -> Any:
    return asyncio.run(work())


@pytest.mark.parametrize("run", [on_asyncio, trio.run], ids=["asyncio", "trio"])
def test_an_async_body_is_explored_like_any_other(run: Callable[..., Any]):
    async def explore() -> list[int]:
        guilty = []
        with a_fake() as paymock:
            token = a_token(paymock)
            for world in paymock.explore():
                with world:
                    await pay_async(paymock, token)
                    if len(paymock.payments) > 1:
                        guilty.append(world.number)
        return guilty

    assert run(explore) == [5, 7, 9, 11]


def test_tasks_within_a_world_meet_its_fault_once():
    async def explore() -> list[tuple[int, int]]:
        found = []
        with a_fake() as paymock:
            token = a_token(paymock)
            for world in paymock.explore([faults.disconnect]):
                with world:
                    await asyncio.gather(*(pay_async(paymock, token) for _ in range(3)))
                    found.append((len(paymock.calls), len(paymock.payments)))
        return found

    assert asyncio.run(explore()) == [(3, 3), *[(4, 3), (4, 4)] * 3]


def test_threads_within_a_world_meet_its_fault_once():
    with a_fake() as paymock, ThreadPoolExecutor(4) as pool:
        token = a_token(paymock)
        found = []
        for world in paymock.explore([faults.read_timeout]):
            with world:
                for future in [pool.submit(naive, paymock, token) for _ in range(4)]:
                    future.result()
                met = [call.fault for call in paymock.calls if call.fault]
                found.append((len(paymock.calls), len(paymock.payments), len(met)))
    assert found == [(4, 4, 0), *[(5, 4, 1), (5, 5, 1)] * 4]


def test_two_fakes_are_explored_each_on_its_own():
    with a_fake() as outer, a_fake(base_url="https://pay.example/v2") as inner:
        tokens = {fake: a_token(fake) for fake in (outer, inner)}
        for world in outer.explore([faults.disconnect]):
            with world:
                for fake in (outer, inner):
                    naive(fake, tokens[fake], CLIENTS["requests"])
        assert len(outer.payments) == 1
        assert len(inner.payments) == 3
        assert not any(call.fault for call in inner.calls)
