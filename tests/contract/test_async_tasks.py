"""Many tasks of one event loop, sharing one client."""

import asyncio
from collections import Counter
from types import ModuleType
from typing import Any

import httpx
import httpx2
import pytest
import trio

from pytest_paymock import Paymock

from .clients import on_asyncio
from .documents import PAYMENTS, contract, payment

pytestmark = contract

TASKS = 100

both = pytest.mark.parametrize("library", [httpx, httpx2], ids=["httpx", "httpx2"])


async def charge(client: Any, url: str, token: str, amount: int) -> dict[str, Any]:
    """Pay once and return the answer's document."""
    response = await client.post(url, json=payment(token, amount))
    assert response.status_code == 201
    document: dict[str, Any] = response.json()
    return document


@both
def test_gathered_payments_arrive_in_the_order_of_their_tasks(
    paymock: Paymock, library: ModuleType
) -> None:
    forecast = paymock.outcomes.forecast(TASKS)
    token = paymock.add_token().token

    async def work() -> list[dict[str, Any]]:
        async with library.AsyncClient(verify=False) as client:
            url = paymock.base_url + PAYMENTS
            tasks = [charge(client, url, token, number + 1) for number in range(TASKS)]
            return await asyncio.gather(*tasks)

    answers = on_asyncio(work)
    assert [answer["amount"] for answer in answers] == list(range(1, TASKS + 1))
    assert [item.transaction_id for item in paymock.payments] == [
        answer["transaction_id"] for answer in answers
    ]
    assert [item.outcome for item in paymock.payments] == forecast
    assert len({answer["transaction_id"] for answer in answers}) == TASKS


@both
def test_a_nursery_of_payments_loses_none(paymock: Paymock, library: ModuleType) -> None:
    forecast = paymock.outcomes.forecast(TASKS)
    token = paymock.add_token().token
    answers: list[dict[str, Any]] = []

    async def work() -> None:
        async def one(amount: int) -> None:
            answers.append(await charge(client, paymock.base_url + PAYMENTS, token, amount))

        async with library.AsyncClient(verify=False) as client, trio.open_nursery() as nursery:
            for number in range(TASKS):
                nursery.start_soon(one, number + 1)

    trio.run(work)
    assert sorted(answer["amount"] for answer in answers) == list(range(1, TASKS + 1))
    assert {item.transaction_id for item in paymock.payments} == {
        answer["transaction_id"] for answer in answers
    }
    assert [item.outcome for item in paymock.payments] == forecast


@both
def test_racing_tasks_refund_once(paymock: Paymock, library: ModuleType) -> None:
    name = paymock.add_payment(amount=5).transaction_id
    url = f"{paymock.base_url}/api/v1/transactions/{name}/refund"

    async def work() -> list[int]:
        async with library.AsyncClient(verify=False) as client:
            answers = await asyncio.gather(*(client.post(url) for _ in range(64)))
        return [answer.status_code for answer in answers]

    assert Counter(on_asyncio(work)) == {200: 1, 400: 63}
    paymock.assert_refunded(5)


async def test_an_async_test_pays_under_the_event_loop_of_its_backend(
    paymock: Paymock, anyio_backend_name: str
) -> None:
    token = paymock.add_token().token
    async with httpx.AsyncClient(base_url=paymock.base_url) as client:
        answer = await charge(client, PAYMENTS, token, 5)
    assert answer["status"] == "success"
    assert anyio_backend_name in ("asyncio", "trio")
    paymock.assert_charged(5)
