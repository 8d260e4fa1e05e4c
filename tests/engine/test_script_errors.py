import pytest

from pytest_paymock._engine.cards import CARD_TYPES
from pytest_paymock._suggestions import did_you_mean
from pytest_paymock.errors import UsageError
from tests.engine.support import an_engine

OUTCOMES = (
    "the outcomes are success, insufficient_funds, card_declined, issuer_declined, "
    "pending_verification, manual_review, under_review"
)
CONDITIONS = "the conditions are customer_id, amount, currency, card_type, last_four, description"


def refused(call):
    """Return the message of a refused call, which changes nothing."""
    engine = an_engine()
    engine.script.queue("success")
    before = engine.state()
    with pytest.raises(UsageError) as caught:
        call(engine.script)
    assert engine.state() == before
    return str(caught.value)


def test_queue_wants_an_outcome():
    assert refused(lambda script: script.queue()) == (
        "queue takes one outcome name or more, such as queue('card_declined')"
    )


def test_queue_knows_its_outcomes_and_queues_all_or_none():
    assert refused(lambda script: script.queue("success", "declined")) == (
        f"there is no outcome 'declined' (did you mean card_declined?); {OUTCOMES}"
    )


def test_always_knows_its_outcomes():
    assert refused(lambda script: script.always("failed")) == (
        f"there is no outcome 'failed'; {OUTCOMES}"
    )


def test_when_knows_its_outcomes():
    assert refused(lambda script: script.when("pending", currency="USD")) == (
        f"there is no outcome 'pending' (did you mean pending_verification?); {OUTCOMES}"
    )


def test_when_knows_its_conditions():
    assert refused(lambda script: script.when("success", customer="cust_1", currency="USD")) == (
        f"there is no condition 'customer' (did you mean customer_id?); {CONDITIONS}"
    )


def test_when_wants_a_condition():
    assert refused(lambda script: script.when("success")) == (
        f"there is no rule without a condition; {CONDITIONS}"
    )


@pytest.mark.parametrize("value", ["visa", "Amex", "", None])
def test_when_wants_a_card_type_as_the_api_writes_it(value):
    assert refused(lambda script: script.when("success", card_type=value)) == (
        f"there is no card type {value!r}{did_you_mean(value, CARD_TYPES)}; "
        "the card types are Visa, Mastercard, American Express, Discover, Unknown"
    )


def test_when_wants_an_amount_that_is_one():
    assert refused(lambda script: script.when("success", amount="ten")) == (
        "'ten' is no amount; write it as 99.99 or '99.99'"
    )


@pytest.mark.parametrize("count", [-1, True, 2.0, "3", None])
def test_forecast_wants_a_count(count):
    assert refused(lambda script: script.forecast(count)) == (
        f"forecast takes how many payments to look ahead, not {count!r}"
    )


WHOSE = (
    "forecast takes customer_id= under streams='customer', where each customer has a sequence, "
    "and only there"
)


def test_forecast_takes_no_customer_where_all_share_one_sequence():
    assert refused(lambda script: script.forecast(3, customer_id="cust_1")) == WHOSE


def test_forecast_wants_a_customer_where_each_has_a_sequence():
    with pytest.raises(UsageError) as caught:
        an_engine(streams="customer").script.forecast(3)

    assert str(caught.value) == WHOSE
