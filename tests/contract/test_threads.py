"""Many clients at once, of every library: nothing is lost and nothing happens twice."""

from collections import Counter
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from itertools import cycle, islice
from threading import Barrier
from typing import TypeVar

import pytest

from pytest_paymock import Paymock

from .clients import CLIENTS, LIBRARY, Answer, Client
from .documents import NOW, get_token, history, pay, refund

pytestmark = pytest.mark.usefixtures("busy_threads")

T = TypeVar("T")


def at_once(
    paymock: Paymock, number: int, work: Callable[[Client, int], T], names: Iterable[str] = CLIENTS
) -> list[T]:
    """Run work in so many threads that start together, each with a client of its own."""
    start = Barrier(number)
    chosen = list(islice(cycle(names), number))

    def run(index: int) -> T:
        client = CLIENTS[chosen[index]](paymock.base_url)
        start.wait()
        try:
            return work(client, index)
        finally:
            client.close()

    with ThreadPoolExecutor(number) as pool:
        return list(pool.map(run, range(number)))


def shop(client: Client, index: int) -> list[str]:
    """Pay ten times as one customer, take every other payment back, and return all ids."""
    customer_id = f"cust_{index}"
    token = get_token(client, customer_id=customer_id)
    made: list[str] = []
    for number in range(10):
        paid = pay(client, token, index + number / 10 + 1, customer_id=customer_id)
        made.append(paid["transaction_id"])
        if number % 2 and paid["status"] == "success":
            made.append(refund(client, paid["transaction_id"]).json["refund_id"])
    listed = history(client, customer_id)["transactions"]
    assert [item["transaction_id"] for item in listed] == made
    return made


def test_sixteen_threads_lose_nothing() -> None:
    with Paymock(seed=5, clock=NOW) as paymock:
        made = at_once(paymock, 16, shop)
    ids = [name for names in made for name in names]
    assert len(set(ids)) == len(ids)
    assert sorted(item.transaction_id for item in paymock.transactions) == sorted(ids)
    assert len(paymock.tokens) == 16
    assert len({record.token for record in paymock.tokens}) == 16
    assert len(paymock.payments) == 160
    for index, names in enumerate(made):
        mine = paymock.transactions.where(customer_id=f"cust_{index}")
        assert [item.transaction_id for item in mine] == names


def test_sixteen_threads_leave_consistent_records() -> None:
    with Paymock(seed=5, clock=NOW) as paymock:
        at_once(paymock, 16, shop)
    assert [call.number for call in paymock.calls] == list(range(1, len(paymock.calls) + 1))
    assert len(paymock.calls) == 16 * 12 + len(paymock.refunds)
    clients = Counter(LIBRARY[name] for name in islice(cycle(CLIENTS), 16))
    assert {call.client for call in paymock.calls} == set(clients)
    for payment in paymock.payments:
        assert payment.call is not None
        assert payment.call.response["transaction_id"] == payment.transaction_id
        assert payment.call.request["customer_id"] == payment.customer_id
        refunds = paymock.refunds.where(original_transaction_id=payment.transaction_id)
        assert list(refunds) == ([payment.refund] if payment.refunded else [])


def test_the_outcomes_of_racing_threads_are_those_of_the_seed() -> None:
    with Paymock(seed=5, clock=NOW) as paymock:
        forecast = paymock.outcomes.forecast(160)
        at_once(paymock, 16, shop)
    assert [payment.outcome for payment in paymock.payments] == forecast
    assert len(set(forecast)) == 3


def test_of_64_racing_refunds_one_wins() -> None:
    with Paymock(clock=NOW) as paymock:
        name = paymock.add_payment(amount=5).transaction_id
        answers: list[Answer] = at_once(paymock, 64, lambda client, _: refund(client, name))
    won = [answer for answer in answers if answer.status == 200]
    lost = [answer for answer in answers if answer.status == 400]
    assert len(won) == 1
    assert len(lost) == 63
    assert {answer.detail for answer in lost} == {"Transaction has already been refunded"}
    assert paymock.refunds.one().refund_id == won[0].json["refund_id"]
    paymock.assert_refunded(5)


def test_a_stream_for_each_customer_is_stable_under_threads() -> None:
    def buy(client: Client, index: int) -> list[str]:
        token = get_token(client, customer_id=f"cust_{index}")
        return [pay(client, token, customer_id=f"cust_{index}")["status"] for _ in range(12)]

    with Paymock(seed=5, clock=NOW, streams="customer", success_rate=0.5) as paymock:
        forecasts = [
            paymock.outcomes.forecast(12, customer_id=f"cust_{index}") for index in range(16)
        ]
        at_once(paymock, 16, buy)
    assert len({tuple(forecast) for forecast in forecasts}) > 8
    for index, forecast in enumerate(forecasts):
        mine = paymock.payments.where(customer_id=f"cust_{index}")
        assert [payment.outcome for payment in mine] == forecast


def test_a_queue_is_used_up_exactly_under_threads() -> None:
    with Paymock(clock=NOW) as paymock:
        token = paymock.add_token(customer_id="cust_123").token
        paymock.outcomes.queue(*["card_declined"] * 20)
        at_once(paymock, 16, lambda client, _: [pay(client, token, 0.03) for _ in range(2)])
    counted = Counter(payment.outcome for payment in paymock.payments)
    assert counted == {"card_declined": 20, "pending_verification": 12}
    assert paymock.outcomes.pending == []


def test_records_can_be_read_while_threads_pay() -> None:
    def look(client: Client, index: int) -> None:
        token = get_token(client, customer_id=f"cust_{index}")
        for _ in range(5):
            pay(client, token, customer_id=f"cust_{index}")
            assert len(paymock.payments) <= len(paymock.calls)
            assert len(paymock.payments.where(customer_id=f"cust_{index}")) >= 1
            assert paymock.report()
            assert paymock.snapshot()

    with Paymock(clock=NOW) as paymock:
        at_once(paymock, 12, look)
    assert len(paymock.payments) == 60
