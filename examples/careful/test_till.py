"""Is any customer charged twice, whichever call fails in whatever way? The naive till: yes."""

from collections.abc import Iterator
from contextlib import suppress

import httpx
import pytest

from pytest_paymock import Paymock, faults

from .till import CarefulTill, NaiveTill, Order, PaymentUnknownError


@pytest.fixture
def api(paymock: Paymock) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=paymock.base_url) as client:
        yield client


@pytest.fixture
def order(paymock: Paymock) -> Order:
    paymock.outcomes.always("success")
    token = paymock.add_token("visa", customer_id="cust_1").token
    return Order("A-17", 99.99, token, "cust_1")


def nobody_is_charged_twice(paymock: Paymock, till: NaiveTill, order: Order, depth: int) -> None:
    for world in paymock.explore(depth=depth):
        with world:
            with suppress(PaymentUnknownError):
                till.take(order)
            assert len(paymock.payments.where(status="success")) <= 1


def test_the_careful_till_charges_nobody_twice(
    paymock: Paymock, api: httpx.Client, order: Order
) -> None:
    nobody_is_charged_twice(paymock, CarefulTill(api), order, depth=2)


@pytest.mark.paymock(allow=["double_charge"])
def test_the_naive_till_is_found_guilty(paymock: Paymock, api: httpx.Client, order: Order) -> None:
    with pytest.raises(AssertionError) as guilty:
        nobody_is_charged_twice(paymock, NaiveTill(api), order, depth=1)

    note = guilty.value.__notes__[0]
    assert "call 1 create_payment, read timeout after commit" in note
    assert "--paymock-world=" in note


def test_one_lost_answer_is_enough(paymock: Paymock, api: httpx.Client, order: Order) -> None:
    paymock.faults.queue(faults.read_timeout(after_commit=True), on="create_payment")

    assert CarefulTill(api).take(order) == "success"

    payment = paymock.payments.one()
    assert payment.call is not None
    assert payment.call.lost  # the customer was charged by the call whose answer never came
    assert [call.endpoint for call in paymock.calls] == [
        "create_payment",
        "list_customer_transactions",
    ]


def test_an_order_in_doubt_is_never_charged_again(
    paymock: Paymock, api: httpx.Client, order: Order
) -> None:
    paymock.faults.queue(faults.disconnect(after_commit=True), on="create_payment")
    paymock.faults.queue(faults.unavailable, on="list_customer_transactions")
    till = CarefulTill(api)

    with pytest.raises(PaymentUnknownError):
        till.take(order)

    assert till.look_up(order) == "success"
    paymock.assert_charged(99.99, customer_id="cust_1")


def test_a_guard_notices_the_double_charge_that_nobody_looks_for() -> None:
    # As a context manager, since the guard is to fail and this test is not.
    with pytest.raises(AssertionError, match=r"double_charge: cust_9 was charged 5\.0 USD twice"):
        take_twice(Paymock(base_url="https://pay.example", guards="error"))


def take_twice(fake: Paymock) -> None:
    with fake as paymock, httpx.Client(base_url=paymock.base_url) as client:
        token = paymock.add_token("visa", customer_id="cust_9").token
        paymock.faults.queue(faults.connection_reset(after_commit=True))
        NaiveTill(client).take(Order("B-18", 5.00, token, "cust_9"))
