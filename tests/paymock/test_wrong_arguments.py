"""An argument that cannot be is refused in a sentence, before anything is kept or proven by it."""

from collections.abc import Callable
from typing import Any

import pytest

from pytest_paymock import Paymock, UsageError, faults

from .support import NOW

pytestmark = pytest.mark.paymock(clock=NOW)

ENDLESS = 10**5000
"""A number of more digits than Python will write."""

TEXTS: dict[str, Callable[[Paymock, Any], object]] = {
    "add_token customer_id": lambda fake, value: fake.add_token(customer_id=value),
    "add_payment customer_id": lambda fake, value: fake.add_payment(amount=1, customer_id=value),
    "add_payment description": lambda fake, value: fake.add_payment(amount=1, description=value),
    "settle transaction_id": lambda fake, value: fake.settle(value),
    "outcomes.when customer_id": lambda fake, value: fake.outcomes.when(
        "success", customer_id=value
    ),
    "outcomes.when currency": lambda fake, value: fake.outcomes.when("success", currency=value),
    "outcomes.when card_type": lambda fake, value: fake.outcomes.when("success", card_type=value),
    "outcomes.when last_four": lambda fake, value: fake.outcomes.when("success", last_four=value),
    "outcomes.when description": lambda fake, value: fake.outcomes.when(
        "success", description=value
    ),
    "outcomes.forecast customer_id": lambda fake, value: fake.outcomes.forecast(
        1, customer_id=value
    ),
    "assert_charged customer_id": lambda fake, value: fake.assert_charged(customer_id=value),
    "assert_not_charged currency": lambda fake, value: fake.assert_not_charged(currency=value),
    "assert_not_charged customer_id": lambda fake, value: fake.assert_not_charged(
        customer_id=value
    ),
    "assert_refunded customer_id": lambda fake, value: fake.assert_refunded(
        customer_id=value, times=0
    ),
    "payments.total currency": lambda fake, value: fake.payments.total(value),
}


@pytest.mark.parametrize("value", [366, 1.5, True, b"cust_1", ["cust_1"], {"a": 1}])
@pytest.mark.parametrize("place", TEXTS)
def test_what_is_no_text_is_refused_where_a_text_belongs(
    paymock: Paymock, place: str, value: Any
) -> None:
    with pytest.raises(UsageError) as caught:
        TEXTS[place](paymock, value)

    assert str(caught.value) == f"{place.split()[1]} is a text, not {value!r}"
    assert len(paymock.tokens) == len(paymock.payments) == 0


def test_a_rule_may_ask_for_payments_without_a_description(paymock: Paymock) -> None:
    paymock.outcomes.when("card_declined", description=None)

    assert "1 rules" in repr(paymock.outcomes)


@pytest.mark.parametrize("value", [[], {}, 7])
def test_names_that_are_no_texts_are_refused_like_others(paymock: Paymock, value: Any) -> None:
    pending = paymock.add_payment(amount=1, status="pending").transaction_id

    with pytest.raises(UsageError, match=r"^a payment's status is one of success, failed, pending"):
        paymock.add_payment(amount=1, status=value)
    with pytest.raises(UsageError, match=r"^add_payment takes a token that exists"):
        paymock.add_payment(amount=1, token=value)
    with pytest.raises(UsageError, match=r"^a payment settles as 'success' or 'failed', not"):
        paymock.settle(pending, value)


@pytest.mark.parametrize(
    ("ask", "words"),
    [
        (lambda _: Paymock(seed=ENDLESS), "seed must be a whole number, not"),
        (lambda _: Paymock(success_rate=ENDLESS), "success_rate must be a number from 0 to 1, not"),
        (lambda _: Paymock(network=ENDLESS), "network must be one of loopback, none, any, not"),
        (lambda fake: fake.add_payment(amount=ENDLESS), "an amount is less than 1.8e308, not"),
        (lambda fake: fake.outcomes.queue(ENDLESS), "there is no outcome"),
        (lambda fake: fake.clock.move_to(ENDLESS), "a time is a datetime or an ISO string, not"),
        (lambda fake: fake.faults.queue(ENDLESS), "a fault is a value of pytest_paymock.faults"),
        (lambda _: faults.latency(ENDLESS), "latency takes a number of seconds from 0 on, not"),
        (lambda fake: fake.restore(ENDLESS), "restore takes what snapshot() returned, not"),
    ],
)
def test_a_number_that_cannot_be_written_is_refused_all_the_same(
    paymock: Paymock, ask: Callable[[Paymock], object], words: str
) -> None:
    with pytest.raises(UsageError) as caught:
        ask(paymock)

    assert str(caught.value).startswith(words)
    assert "something of type int" in str(caught.value)


def test_a_forecast_does_not_run_for_hours(paymock: Paymock) -> None:
    with pytest.raises(UsageError, match=r"^forecast looks 1,000,000 payments ahead at most$"):
        paymock.outcomes.forecast(10**15)


@pytest.mark.parametrize("faults_given", [None, 7, faults.read_timeout])
def test_explore_takes_a_list_of_faults(paymock: Paymock, faults_given: Any) -> None:
    with pytest.raises(UsageError) as caught:
        paymock.explore(faults_given)

    assert str(caught.value) == (
        f"explore takes a list of faults, such as [faults.read_timeout], not {faults_given!r}"
    )


@pytest.mark.parametrize("subtests", [True, "subtests", object])
def test_explore_takes_the_subtests_of_pytest(paymock: Paymock, subtests: Any) -> None:
    with pytest.raises(UsageError) as caught:
        paymock.explore(subtests=subtests)

    assert str(caught.value) == (f"subtests is pytest's own fixture of that name, not {subtests!r}")
