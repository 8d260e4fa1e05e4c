"""``paymock.outcomes``, as a test sees it over HTTP."""

from functools import partial
from typing import Any

import pytest

from pytest_paymock import Paymock, UsageError
from pytest_paymock._suggestions import did_you_mean

from .support import NOW, call, paid, pay

pytestmark = pytest.mark.paymock(clock=NOW)

WORDS = {
    "success": ("success", "Payment processed successfully"),
    "insufficient_funds": ("failed", "Insufficient funds"),
    "card_declined": ("failed", "Card declined"),
    "issuer_declined": ("failed", "Card declined by issuer"),
    "pending_verification": ("pending", "Payment pending verification"),
    "manual_review": ("pending", "Large transaction - manual review required"),
    "under_review": ("pending", "Payment under review"),
}


def outcomes(paymock: Paymock) -> list[str]:
    """Return the outcomes of all payments, in order."""
    return [payment.outcome for payment in paymock.payments]


@pytest.mark.parametrize(("name", "words"), WORDS.items())
def test_every_outcome_can_be_queued(paymock: Paymock, name: str, words: tuple[str, str]) -> None:
    paymock.outcomes.queue(name)
    payment = paid(paymock, pay(paymock))
    assert (payment.status, payment.message) == words
    assert payment.outcome == name


def test_a_queue_is_used_up_in_order(paymock: Paymock) -> None:
    paymock.outcomes.queue("card_declined", "under_review")
    paymock.outcomes.queue("success")
    assert paymock.outcomes.pending == ["card_declined", "under_review", "success"]
    for _ in range(3):
        pay(paymock)
    assert outcomes(paymock) == ["card_declined", "under_review", "success"]
    assert paymock.outcomes.pending == []


def test_a_queue_comes_before_special_amounts(paymock: Paymock) -> None:
    paymock.outcomes.queue("success", "success")
    pay(paymock, 0.01)
    pay(paymock, 10000)
    assert outcomes(paymock) == ["success", "success"]


def test_always_holds_for_ordinary_payments_until_it_is_taken_back(paymock: Paymock) -> None:
    forecast = paymock.outcomes.forecast(1)
    paymock.outcomes.always("issuer_declined")
    pay(paymock)
    pay(paymock, 0.03)
    pay(paymock)
    paymock.outcomes.always(None)
    pay(paymock)
    assert outcomes(paymock) == [
        "issuer_declined",
        "pending_verification",
        "issuer_declined",
        *forecast,
    ]


@pytest.mark.parametrize(
    ("conditions", "met"),
    [
        ({"customer_id": "cust_9"}, {"customer_id": "cust_9"}),
        ({"amount": 7.5}, {"amount": 7.5}),
        ({"amount": "7.50"}, {"amount": 7.5}),
        ({"currency": "EUR"}, {"currency": "EUR"}),
        ({"description": "gift"}, {"description": "gift"}),
        ({"description": None, "amount": 8}, {"description": None, "amount": 8}),
    ],
)
def test_a_rule_holds_for_the_payments_that_meet_it(
    paymock: Paymock, conditions: dict[str, Any], met: dict[str, Any]
) -> None:
    paymock.outcomes.when("insufficient_funds", **conditions)
    pay(paymock, description="else")
    pay(paymock, **{"amount": 5, "customer_id": "cust_1", **met})
    pay(paymock, **{"amount": 5, "customer_id": "cust_1", **met})
    assert outcomes(paymock)[1:] == ["insufficient_funds"] * 2
    assert outcomes(paymock)[0] == "success"


@pytest.mark.parametrize("condition", [{"card_type": "Discover"}, {"last_four": "1117"}])
def test_a_rule_can_ask_for_the_card(paymock: Paymock, condition: dict[str, str]) -> None:
    paymock.outcomes.when("card_declined", **condition)
    pay(paymock)
    pay(paymock, token=paymock.add_token("discover").token)
    assert outcomes(paymock) == ["success", "card_declined"]


def test_all_conditions_of_a_rule_must_hold(paymock: Paymock) -> None:
    paymock.outcomes.when("card_declined", currency="EUR", amount=5)
    pay(paymock, 5)
    pay(paymock, 6, currency="EUR")
    pay(paymock, 5, currency="EUR")
    assert outcomes(paymock) == ["success", "success", "card_declined"]


def test_queue_rules_special_amounts_always_seed_decide_in_this_order(paymock: Paymock) -> None:
    paymock.outcomes.always("under_review")
    paymock.outcomes.when("manual_review", customer_id="cust_1")
    paymock.outcomes.when("issuer_declined", currency="EUR")
    paymock.outcomes.queue("insufficient_funds")
    pay(paymock, 0.02, currency="EUR")
    pay(paymock, 0.02, currency="EUR")
    pay(paymock, 0.02)
    pay(paymock, 0.02, "cust_2")
    pay(paymock, 5, "cust_2")
    paymock.outcomes.always(None)
    pay(paymock, 5, "cust_2")
    assert outcomes(paymock) == [
        "insufficient_funds",
        "issuer_declined",
        "manual_review",
        "card_declined",
        "under_review",
        "success",
    ]


def test_the_forecast_comes_true_and_uses_nothing_up(paymock: Paymock) -> None:
    forecast = paymock.outcomes.forecast(12)
    assert paymock.outcomes.forecast(12) == forecast
    assert paymock.outcomes.forecast(3) == forecast[:3]
    assert paymock.outcomes.forecast(0) == []
    for _ in range(5):
        pay(paymock)
    assert outcomes(paymock) == forecast[:5]
    assert paymock.outcomes.forecast(7) == forecast[5:]


def test_scripts_take_no_draw(paymock: Paymock) -> None:
    forecast = paymock.outcomes.forecast(5)
    paymock.outcomes.queue("card_declined")
    pay(paymock)
    paymock.outcomes.when("card_declined", amount=7)
    pay(paymock, 7)
    paymock.outcomes.always("card_declined")
    pay(paymock)
    assert paymock.outcomes.forecast(5) == forecast


@pytest.mark.parametrize(
    ("rate", "expected"), [(1, {"success"}), (0.0, {"issuer_declined", "under_review"})]
)
def test_the_success_rate_rules_ordinary_payments(
    paymock_factory: Any, rate: float, expected: set[str]
) -> None:
    paymock = paymock_factory(success_rate=rate, base_url="http://pay.example")
    for _ in range(20):
        pay(paymock)
    assert set(outcomes(paymock)) == expected
    assert set(paymock.outcomes.forecast(500)) == expected


def test_the_default_rate_is_nine_in_ten(paymock: Paymock) -> None:
    names = paymock.outcomes.forecast(10_000)
    assert 0.89 < names.count("success") / 10_000 < 0.91
    assert 0.04 < names.count("issuer_declined") / 10_000 < 0.06
    assert 0.04 < names.count("under_review") / 10_000 < 0.06


@pytest.mark.paymock(streams="customer", success_rate=0.5)
def test_each_customer_has_a_sequence_under_that_option(paymock: Paymock) -> None:
    forecasts = {
        name: paymock.outcomes.forecast(10, customer_id=name) for name in ("cust_1", "cust_2")
    }
    assert forecasts["cust_1"] != forecasts["cust_2"]
    for _ in range(10):
        pay(paymock, customer_id="cust_1")
        pay(paymock, customer_id="cust_2")
    for name, forecast in forecasts.items():
        mine = paymock.payments.where(customer_id=name)
        assert [payment.outcome for payment in mine] == forecast
    with pytest.raises(UsageError, match="customer_id="):
        paymock.outcomes.forecast(1)


def test_a_forecast_for_a_customer_needs_that_option(paymock: Paymock) -> None:
    with pytest.raises(UsageError, match="streams='customer'"):
        paymock.outcomes.forecast(1, customer_id="cust_1")


@pytest.mark.parametrize("count", [-1, True, 1.5, "3", None])
def test_a_forecast_takes_a_number(paymock: Paymock, count: Any) -> None:
    with pytest.raises(UsageError, match="how many payments"):
        paymock.outcomes.forecast(count)


@pytest.mark.parametrize("wrong", ["declined", "Success", "", None, 7])
def test_an_unknown_outcome_is_a_usage_error_that_lists_the_known_ones(
    paymock: Paymock, wrong: Any
) -> None:
    asked = [
        partial(paymock.outcomes.queue, "success", wrong),
        partial(paymock.outcomes.when, wrong, amount=1),
    ]
    if wrong is not None:
        asked.append(partial(paymock.outcomes.always, wrong))
    for ask in asked:
        with pytest.raises(UsageError) as caught:
            ask()
        assert str(caught.value) == (
            f"there is no outcome {wrong!r}{did_you_mean(wrong, WORDS)}; "
            f"the outcomes are {', '.join(WORDS)}"
        )
    assert paymock.outcomes.pending == []


@pytest.mark.parametrize("conditions", [{}, {"colour": "red"}, {"amount": 1, "token": "t"}])
def test_a_rule_without_a_valid_condition_is_a_usage_error(
    paymock: Paymock, conditions: dict[str, Any]
) -> None:
    with pytest.raises(
        UsageError,
        match="the conditions are customer_id, amount, currency, card_type, last_four, description",
    ):
        paymock.outcomes.when("success", **conditions)


def test_an_empty_queue_is_a_usage_error(paymock: Paymock) -> None:
    with pytest.raises(UsageError, match="one outcome name or more"):
        paymock.outcomes.queue()


def test_what_was_scripted_is_seen_in_repr_and_report(paymock: Paymock) -> None:
    paymock.outcomes.queue("card_declined", "success", optional=True)
    paymock.outcomes.when("success", amount=7)
    paymock.outcomes.always("under_review")
    assert repr(paymock.outcomes) == (
        "<outcomes: card_declined, success queued, 1 rules, always under_review>"
    )
    assert "still queued: card_declined, success" in paymock.report()


def test_a_scripted_payment_is_answered_like_any_other(paymock: Paymock) -> None:
    paymock.outcomes.queue("insufficient_funds")
    name = pay(paymock, 5)
    answer = call(paymock, "GET", f"/transactions/{name}")
    assert answer["status"] == "failed"
    assert "reason" not in answer
    assert "outcome" not in answer
