"""Fakes that remember much, each in a process of its own.

What one of them keeps must not slow the garbage collector of the other one down.
"""

import gc
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing import get_context
from typing import TYPE_CHECKING

import httpx

from benchmarks import flows
from benchmarks.ours import SURE
from pytest_paymock import Paymock

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

Turn = Callable[[int], float]
"""Does its work as often as it is told, and returns how many seconds of the processor that took."""


def calls(pipe: "Connection[float, int]", recorded: int) -> None:
    """Make flows where some calls are recorded already, the same number before every turn."""
    sent, first = flows.card(), 20

    def as_before() -> None:
        # What is restored are copies: young, so that the collector would walk through all of them
        # in the turn, and without room for one entry more. Those of a long run are neither.
        paymock.restore(before)
        gc.collect()
        flows.run(client, flows.BASE_URL, sent, first)

    with Paymock(success_rate=SURE) as paymock, httpx.Client() as client:
        flows.run(client, flows.BASE_URL, sent, recorded // flows.CALLS)
        before = paymock.snapshot()
        _answer(
            pipe,
            lambda count: flows.run(client, flows.BASE_URL, sent, count),
            as_before,
        )


def histories(pipe: "Connection[float, int]", payments: int) -> None:
    """Ask for the history of a customer with ten payments among many of other customers."""
    mine, others = 10, payments - 10
    url = f"{flows.BASE_URL}/api/v1/customers/{flows.CUSTOMER}/transactions"
    with Paymock(success_rate=SURE, guards="off") as paymock, httpx.Client() as client:
        token = paymock.add_token(customer_id=flows.CUSTOMER)
        for number in range(payments):
            own = number % (payments // mine) == 0
            customer = flows.CUSTOMER if own else f"cust_{2 + number % others}"
            paymock.add_payment(amount=flows.AMOUNT, token=token, customer_id=customer)
        _answer(pipe, lambda count: _ask(client, url, count), lambda: None)


def _ask(client: httpx.Client, url: str, count: int) -> None:
    for _ in range(count):
        client.get(url).json()


def _answer(
    pipe: "Connection[float, int]", work: Callable[[int], None], after: Callable[[], None]
) -> None:
    pipe.send(0.0)  # it is grown
    while count := pipe.recv():
        begun = time.process_time()
        work(count)
        pipe.send(time.process_time() - begun)
        after()


@contextmanager
def grown(target: Callable[["Connection[float, int]", int], None], size: int) -> Iterator[Turn]:
    """Run one of the functions above in a process of its own, as a function that does a turn.

    Args:
        target: which.
        size: how many calls or payments it remembers.
    """
    context = get_context("spawn")
    near, far = context.Pipe()
    process = context.Process(target=target, args=(far, size))
    process.start()
    far.close()  # so that a process that breaks is heard of as the end of the pipe
    near.recv()

    def turn(count: int) -> float:
        near.send(count)
        seconds: float = near.recv()
        return seconds

    try:
        yield turn
    finally:
        near.send(0)
        process.join()
