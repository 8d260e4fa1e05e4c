"""The biller, tested: under asyncio and trio, with every customer's outcome known beforehand.

Concurrent charges arrive in an order that nobody controls, so these tests speak of customers and
not of calls: a rule for a customer, or a seeded sequence for each (``streams="customer"``).
"""

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from pytest_paymock import Paymock, faults

from .biller import Biller, Report, Result, Subscription

pytestmark = [
    pytest.mark.anyio,
    pytest.mark.paymock(clock="2026-01-31T09:00:00", streams="customer"),
]


def subscribe(paymock: Paymock, customer_id: str, price: str = "9.90") -> Subscription:
    token = paymock.add_token("mastercard", customer_id=customer_id).token
    return Subscription(customer_id, Decimal(price), token, due=paymock.clock.now().date())


async def run(
    paymock: Paymock, *subscriptions: Subscription, biller: Biller | None = None
) -> Report:
    biller = biller or Biller(paymock.base_url)
    return await biller.run(subscriptions, today=paymock.clock.now().date())


async def test_every_customer_is_charged_once(paymock: Paymock) -> None:
    paymock.outcomes.always("success")
    customers = [f"cust_{number}" for number in range(25)]

    report = await run(paymock, *(subscribe(paymock, name) for name in customers))

    assert report.customers(Result.PAID) == sorted(customers)
    for name in customers:
        paymock.assert_charged(9.90, customer_id=name)
    assert paymock.payments.total() == 25 * Decimal("9.90")


async def test_what_is_paid_is_due_again_in_a_month(paymock: Paymock) -> None:
    paymock.outcomes.always("success")
    subscription = subscribe(paymock, "cust_1")

    await run(paymock, subscription)
    await run(paymock, subscription)
    assert subscription.due == paymock.clock.now().date() + timedelta(days=30)
    paymock.assert_charged(times=1)


@pytest.mark.parametrize(
    ("outcome", "result"),
    [
        ("insufficient_funds", Result.NO_FUNDS),
        ("card_declined", Result.DECLINED),
        ("issuer_declined", Result.DECLINED),
        ("pending_verification", Result.IN_REVIEW),
        ("manual_review", Result.IN_REVIEW),
        ("under_review", Result.IN_REVIEW),
    ],
)
async def test_the_report_tells_customers_apart(
    paymock: Paymock, outcome: str, result: Result
) -> None:
    paymock.outcomes.always("success")
    paymock.outcomes.when(outcome, customer_id="cust_2")

    report = await run(paymock, *(subscribe(paymock, f"cust_{n}") for n in (1, 2, 3)))

    assert report.customers(result) == ["cust_2"]
    assert report.customers(Result.PAID) == ["cust_1", "cust_3"]


async def test_a_customer_without_funds_is_charged_on_the_next_day(paymock: Paymock) -> None:
    paymock.outcomes.queue("insufficient_funds", "success")
    subscription = subscribe(paymock, "cust_1")

    first = await run(paymock, subscription)
    same_day = await run(paymock, subscription)
    paymock.clock.advance(hours=20)
    next_day = await run(paymock, subscription)

    assert first.customers(Result.NO_FUNDS) == ["cust_1"]
    assert same_day.results == {}
    assert next_day.customers(Result.PAID) == ["cust_1"]


async def test_an_expired_token_pays_nothing_without_a_new_card(paymock: Paymock) -> None:
    subscription = subscribe(paymock, "cust_1")
    paymock.clock.advance(hours=24)

    report = await run(paymock, subscription)

    assert report.customers(Result.CARD_NEEDED) == ["cust_1"]
    assert paymock.calls.to("create_payment").one().status_code == 401
    assert not paymock.payments


async def test_a_customer_who_gives_a_new_card_is_charged_with_it(paymock: Paymock) -> None:
    paymock.outcomes.always("success")
    subscription = subscribe(paymock, "cust_1")
    paymock.clock.advance(hours=25)

    async def ask(customer_id: str) -> Mapping[str, Any]:
        return {"card": paymock.card("amex"), "customer": paymock.customer(customer_id)}

    report = await run(paymock, subscription, biller=Biller(paymock.base_url, ask_for_card=ask))

    assert report.customers(Result.PAID) == ["cust_1"]
    assert paymock.payments.one().card_type == "American Express"
    assert subscription.token == paymock.tokens.last.token


async def test_a_charge_without_an_answer_is_not_tried_again(paymock: Paymock) -> None:
    paymock.faults.queue(faults.read_timeout(after_commit=True), on="create_payment")
    subscription = subscribe(paymock, "cust_1")

    report = await run(paymock, subscription)

    assert report.customers(Result.UNKNOWN) == ["cust_1"]
    paymock.assert_called("create_payment", times=1)


@pytest.mark.paymock(seed=2026, success_rate=0.5)
async def test_the_seed_decides_what_no_test_decides(paymock: Paymock) -> None:
    customers = [f"cust_{number}" for number in range(8)]
    expected = {name: paymock.outcomes.forecast(1, customer_id=name) for name in customers}

    await run(paymock, *(subscribe(paymock, name) for name in customers))

    found = {name: [paymock.payments.one(customer_id=name).outcome] for name in customers}
    assert found == expected
    assert {"success", "issuer_declined"} <= {outcome for [outcome] in found.values()}
