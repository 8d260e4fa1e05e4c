"""What takes a draw of the seed and what does not, and whose draws they are."""

from itertools import chain

import pytest

from pytest_paymock.errors import InvalidTokenError
from tests.engine.support import a_card, an_engine, an_order, outcomes_of, paid

SEED_0 = ["success"] * 8 + ["issuer_declined", "under_review"]


def test_the_forecast_is_what_then_really_happens():
    engine = an_engine(seed=5, success_rate=0.4)
    forecast = engine.script.forecast(200)

    assert outcomes_of(engine, 200) == forecast
    assert len(set(forecast)) == 3


def test_a_forecast_begins_where_the_payments_are():
    engine = an_engine()
    outcomes_of(engine, 8)

    assert engine.script.forecast(2) == ["issuer_declined", "under_review"]


def test_a_forecast_uses_nothing_up():
    engine = an_engine()
    before = engine.state()

    assert engine.script.forecast(10) == engine.script.forecast(10) == SEED_0
    assert engine.script.forecast(0) == []
    assert engine.state() == before


@pytest.mark.parametrize("amount", ["0.01", "0.02", "0.03", "10000", "123456.78"])
def test_a_special_amount_takes_no_draw(amount):
    engine = an_engine()
    paid(engine, amount)

    assert outcomes_of(engine, 10) == SEED_0


@pytest.mark.parametrize(
    "say",
    [
        lambda script: script.queue("card_declined"),
        lambda script: script.when("card_declined", customer_id="cust_script"),
    ],
    ids=["queue", "rule"],
)
def test_a_scripted_payment_takes_no_draw(say):
    engine = an_engine()
    say(engine.script)

    assert paid(engine, customer_id="cust_script").outcome == "card_declined"
    assert outcomes_of(engine, 10) == SEED_0


def test_a_payment_under_always_takes_no_draw():
    engine = an_engine()
    engine.script.always("card_declined")
    outcomes_of(engine, 5)
    engine.script.always(None)

    assert outcomes_of(engine, 10) == SEED_0


def test_a_refused_payment_takes_no_draw():
    engine = an_engine()
    with pytest.raises(InvalidTokenError):
        engine.pay(an_order("tok_unknown"))

    assert outcomes_of(engine, 10) == SEED_0


def test_refunds_and_tokens_take_no_draw():
    engine = an_engine()
    engine.refund(paid(engine).transaction_id)
    for _ in range(5):
        engine.tokenize(a_card(), None)

    assert outcomes_of(engine, 9) == SEED_0[1:]


def test_all_customers_share_one_sequence_by_default():
    engine = an_engine()
    token = engine.tokenize(a_card(), "cust_1")
    made = [engine.pay(an_order(token, customer_id=f"cust_{n % 3}")).outcome for n in range(10)]

    assert made == SEED_0


def test_each_customer_can_have_a_sequence():
    engine = an_engine(streams="customer", success_rate=0.5)
    forecast = {name: engine.script.forecast(30, customer_id=name) for name in ("a", "b", "c")}
    token = engine.tokenize(a_card(), "cust_1")
    made = {name: [] for name in forecast}
    for name in chain.from_iterable(zip("abc" * 20, "cab" * 20, strict=True)):
        if len(made[name]) < 30:
            made[name].append(engine.pay(an_order(token, customer_id=name)).outcome)

    assert made == forecast
    assert len({tuple(outcomes) for outcomes in made.values()}) == 3


def test_the_sequence_of_a_customer_goes_by_the_payment_and_not_by_the_token():
    engine = an_engine(streams="customer", success_rate=0.5)
    token = engine.tokenize(a_card(), "whose card it is")
    forecast = engine.script.forecast(20, customer_id="who pays")

    assert [engine.pay(an_order(token, customer_id="who pays")).outcome for _ in range(20)] == (
        forecast
    )


def test_a_customer_without_a_name_has_a_sequence_too():
    engine = an_engine(streams="customer", success_rate=0.5)
    forecast = engine.script.forecast(20, customer_id="")

    assert outcomes_of(engine, 20, customer_id="") == forecast


def test_the_same_seed_gives_the_same_outcomes_and_another_one_others():
    outcomes = [outcomes_of(an_engine(seed=seed), 50) for seed in (3, 3, 4)]

    assert outcomes[0] == outcomes[1] != outcomes[2]
