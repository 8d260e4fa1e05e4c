"""The checkout, tested: what the customer reads, and what was really charged."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

from pytest_paymock import Paymock, faults

from .shop import (
    DECLINED,
    IN_REVIEW,
    NO_FUNDS,
    CardRefusedError,
    Order,
    PaymentServiceError,
    RefundRefusedError,
    Shop,
    State,
)

# What a test does not decide, succeeds, whatever the seed.
pytestmark = pytest.mark.paymock(success_rate=1)


@pytest.fixture
def shop(paymock: Paymock) -> Iterator[Shop]:
    with Shop(paymock.base_url) as shop:
        yield shop


def buy(shop: Shop, paymock: Paymock, total: str = "99.99", **card: Any) -> Order:
    return shop.checkout(
        "A-1",
        Decimal(total),
        card=paymock.card("visa", **card),
        customer=paymock.customer("cust_1"),
    )


def test_a_paid_order_was_charged_once(shop: Shop, paymock: Paymock) -> None:
    order = buy(shop, paymock)

    assert order.state is State.PAID
    payment = paymock.payments.one()
    assert payment.amount == Decimal("99.99")
    assert payment.description == "Order A-1"
    assert payment.transaction_id == order.transaction_id


@pytest.mark.parametrize(
    ("outcome", "message"),
    [
        ("insufficient_funds", NO_FUNDS),
        ("card_declined", DECLINED),
        ("issuer_declined", DECLINED),
    ],
)
def test_a_decline_is_told_to_the_customer(
    shop: Shop, paymock: Paymock, outcome: str, message: str
) -> None:
    paymock.outcomes.queue(outcome)

    order = buy(shop, paymock)

    assert (order.state, order.message) == (State.DECLINED, message)
    paymock.assert_not_charged()


def test_the_documented_amounts_decline_without_a_script(shop: Shop, paymock: Paymock) -> None:
    assert buy(shop, paymock, total="0.01").message == NO_FUNDS
    assert buy(shop, paymock, total="0.02").message == DECLINED
    paymock.assert_not_charged()


def test_another_try_after_a_decline_can_succeed(shop: Shop, paymock: Paymock) -> None:
    paymock.outcomes.queue("card_declined", "success")

    assert buy(shop, paymock).state is State.DECLINED
    assert buy(shop, paymock).state is State.PAID
    paymock.assert_charged(99.99, customer_id="cust_1")


def test_a_card_with_a_wrong_digit_is_no_order(shop: Shop, paymock: Paymock) -> None:
    with pytest.raises(CardRefusedError, match="not a valid card number"):
        buy(shop, paymock, card_number="4532015112830367")

    assert shop.orders == {}
    paymock.assert_called("create_payment", times=0)


def test_an_expired_card_is_no_order(shop: Shop, paymock: Paymock) -> None:
    with pytest.raises(CardRefusedError, match="expired at the end of 12/2020"):
        buy(shop, paymock, expiry_year=2020)

    assert shop.orders == {}


@pytest.mark.parametrize(
    ("decision", "state"), [("success", State.PAID), ("failed", State.DECLINED)]
)
def test_a_pending_order_is_followed_up(
    shop: Shop, paymock: Paymock, decision: str, state: State
) -> None:
    order = buy(shop, paymock, total="12000.00")
    assert (order.state, order.message) == (State.PENDING, IN_REVIEW)

    assert shop.follow_up() == [], "nothing is decided yet"
    paymock.settle(paymock.payments.one().transaction_id, decision)
    assert shop.follow_up() == [order]

    assert order.state is state
    paymock.assert_called("get_transaction", times=2)


def test_a_refund_pays_the_whole_order_back(shop: Shop, paymock: Paymock) -> None:
    order = buy(shop, paymock)

    assert shop.refund(order.number).state is State.REFUNDED

    paymock.assert_refunded(99.99, "USD", customer_id="cust_1")
    assert paymock.payments.one().refunded


def test_a_second_refund_is_refused_and_moves_no_money(shop: Shop, paymock: Paymock) -> None:
    order = buy(shop, paymock)
    shop.refund(order.number)

    with pytest.raises(RefundRefusedError, match="already been refunded"):
        shop.refund(order.number)

    paymock.assert_refunded(times=1)


def test_a_declined_order_cannot_be_refunded(shop: Shop, paymock: Paymock) -> None:
    paymock.outcomes.always("card_declined")
    order = buy(shop, paymock)

    with pytest.raises(RefundRefusedError, match="Only successful"):
        shop.refund(order.number)

    assert order.state is State.DECLINED


@pytest.mark.parametrize("fault", [faults.connect_error, faults.read_timeout, faults.unavailable])
def test_without_an_answer_the_customer_is_asked_to_wait(
    shop: Shop, paymock: Paymock, fault: Any
) -> None:
    paymock.faults.queue(fault, on="create_payment")

    with pytest.raises(PaymentServiceError, match="Please wait"):
        buy(shop, paymock)

    assert shop.orders["A-1"].state is State.OPEN


@pytest.mark.paymock(base_url="https://pay.example/v2")
def test_the_address_of_the_api_is_a_setting(shop: Shop, paymock: Paymock) -> None:
    buy(shop, paymock)

    assert [call.endpoint for call in paymock.calls] == ["tokenize", "create_payment"]
