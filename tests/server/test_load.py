"""Many connections at once: nothing is lost, nothing is charged twice, and memory stays small."""

import json
import tracemalloc
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest

from pytest_paymock.server.fake import ServerPaymock

from .sockets import Wire, body_of, post, request, status_of

CONNECTIONS = 8
EACH = 250

pytestmark = pytest.mark.paymock(guards="off")


def test_nothing_is_lost_over_eight_connections(paymock_server: ServerPaymock) -> None:
    tokens = [paymock_server.add_token(customer_id=f"cust_{n}").token for n in range(CONNECTIONS)]

    def shop(number: int) -> list[str]:
        paid = []
        with Wire(paymock_server.url) as wire:
            for _ in range(EACH):
                order = {
                    "token": tokens[number],
                    "amount": 0.1,
                    "customer_id": f"cust_{number}",
                }
                wire.write(post("/api/v1/payments", order))
                answer = wire.one()
                assert status_of(answer) == 201
                paid.append(body_of(answer)["transaction_id"])
        return paid

    with ThreadPoolExecutor(CONNECTIONS) as pool:
        answered = list(pool.map(shop, range(CONNECTIONS)))
    ids = [transaction_id for paid in answered for transaction_id in paid]
    assert len(set(ids)) == len(ids) == CONNECTIONS * EACH
    assert {payment.transaction_id for payment in paymock_server.payments} == set(ids)
    assert paymock_server.payments.total() == Decimal(CONNECTIONS * EACH) / 10
    assert [call.number for call in paymock_server.calls] == list(range(1, len(ids) + 1))
    for number, paid in enumerate(answered):
        with Wire(paymock_server.url) as wire:
            wire.write(request("GET", f"/api/v1/customers/cust_{number}/transactions"))
            listed = body_of(wire.one())["transactions"]
        assert [one["transaction_id"] for one in listed] == paid


def test_of_racing_refunds_one_wins(paymock_server: ServerPaymock) -> None:
    payments = [paymock_server.add_payment(amount=5).transaction_id for _ in range(20)]

    def refund(_: int) -> list[int]:
        statuses = []
        with Wire(paymock_server.url) as wire:
            for name in payments:
                wire.write(request("POST", f"/api/v1/transactions/{name}/refund", b""))
                statuses.append(status_of(wire.one()))
        return statuses

    with ThreadPoolExecutor(CONNECTIONS) as pool:
        answered = list(pool.map(refund, range(CONNECTIONS)))
    for statuses in zip(*answered, strict=True):
        assert sorted(statuses) == [200] + [400] * (CONNECTIONS - 1)
    assert len(paymock_server.refunds) == len(payments)


def test_a_recorded_call_is_small(paymock_server: ServerPaymock, wire: Wire) -> None:
    token = paymock_server.add_token(customer_id="cust_1").token
    order = {"token": token, "amount": 5, "customer_id": "cust_1"}
    sent = post("/api/v1/payments", order)

    def pay(times: int) -> None:
        for _ in range(times):
            wire.write(sent)
            assert status_of(wire.one()) == 201

    pay(100)
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        pay(400)
        after = tracemalloc.get_traced_memory()[0]
    finally:
        tracemalloc.stop()
    # A call, its request and answer, and a payment with its place in two lists.
    assert (after - before) / 400 < 600 + len(json.dumps(order)) + 1600
