from decimal import Decimal

import pytest

from pytest_paymock.errors import InvalidTokenError
from tests.engine.support import a_card, an_engine, an_order, outcomes_of, paid


def decided(engine, amount="99.99", **fields):
    payment = paid(engine, amount, **fields)
    return payment.outcome, payment.reason


def test_without_a_script_the_seed_decides():
    assert decided(an_engine()) == ("success", "seeded draw 0.477 < 0.90")


def test_the_queue_decides_the_next_payments_in_order():
    engine = an_engine()
    engine.script.queue("card_declined", "under_review")
    engine.script.queue("success")

    assert outcomes_of(engine, 3) == ["card_declined", "under_review", "success"]
    assert decided(engine) == ("success", "seeded draw 0.477 < 0.90")


def test_the_queue_comes_before_everything():
    engine = an_engine()
    engine.script.always("issuer_declined")
    engine.script.when("card_declined", currency="USD")
    engine.script.queue("success")

    assert decided(engine, "0.01") == ("success", "queued by the test")


def test_rules_come_before_special_amounts():
    engine = an_engine()
    engine.script.when("success", currency="USD")

    assert decided(engine, "0.02") == ("success", "rule of the test: currency='USD'")


def test_special_amounts_come_before_always():
    engine = an_engine()
    engine.script.always("success")

    assert decided(engine, "0.02") == ("card_declined", "special amount 0.02")


def test_always_comes_before_the_seed():
    engine = an_engine()
    engine.script.always("under_review")

    assert decided(engine) == ("under_review", "always under_review, said the test")


def test_always_stands_until_the_seed_is_asked_for_again():
    engine = an_engine()
    engine.script.always("issuer_declined")
    first = outcomes_of(engine, 3)
    engine.script.always("success")
    second = outcomes_of(engine, 2)
    engine.script.always(None)

    assert (first, second) == (["issuer_declined"] * 3, ["success"] * 2)
    assert decided(engine) == ("success", "seeded draw 0.477 < 0.90")


def test_the_newest_rule_that_fits_decides():
    engine = an_engine()
    engine.script.when("card_declined", currency="USD")
    engine.script.when("under_review", customer_id="cust_9")
    engine.script.when("issuer_declined", customer_id="cust_9", currency="EUR")

    assert decided(engine)[0] == "card_declined"
    assert decided(engine, customer_id="cust_9")[0] == "under_review"
    assert decided(engine, customer_id="cust_9", currency="EUR")[0] == "issuer_declined"
    assert decided(engine, currency="EUR")[0] == "success"


@pytest.mark.parametrize(
    ("condition", "other"),
    [
        ({"customer_id": "cust_1"}, {"customer_id": "cust_2"}),
        ({"amount": Decimal("5.00")}, {"amount": Decimal("5.01")}),
        ({"currency": "EUR"}, {"currency": "eur"}),
        ({"description": "Order 7"}, {"description": None}),
        ({"description": None}, {"description": ""}),
    ],
)
def test_a_rule_matches_what_the_payment_says(condition, other):
    engine = an_engine()
    engine.script.when("card_declined", **condition)
    token = engine.tokenize(a_card(), "cust_1")

    assert engine.pay(an_order(token, **condition)).outcome == "card_declined"
    assert engine.pay(an_order(token, **other)).outcome == "success"


@pytest.mark.parametrize("condition", [{"card_type": "Mastercard"}, {"last_four": "9903"}])
def test_a_rule_matches_the_card(condition):
    engine = an_engine()
    engine.script.when("card_declined", **condition)
    mastercard = engine.tokenize(a_card("5425233430109903"), "cust_1")

    assert engine.pay(an_order(mastercard)).outcome == "card_declined"
    assert decided(engine)[0] == "success"


def test_a_rule_needs_all_its_conditions():
    engine = an_engine()
    engine.script.when("card_declined", customer_id="cust_1", currency="EUR")

    assert decided(engine)[0] == "success"
    assert decided(engine, currency="EUR") == (
        "card_declined",
        "rule of the test: customer_id='cust_1', currency='EUR'",
    )


@pytest.mark.parametrize("amount", [10.5, "10.50", Decimal("10.500")])
def test_a_rules_amount_may_be_written_in_any_way(amount):
    engine = an_engine()
    engine.script.when("card_declined", amount=amount)
    written = str(amount)

    assert decided(engine, "10.5") == ("card_declined", f"rule of the test: amount={written}")


def test_what_is_queued_can_be_looked_at():
    engine = an_engine()
    engine.script.queue("card_declined", "success")
    engine.script.queue("under_review", optional=True)

    assert engine.script.pending == ["card_declined", "success", "under_review"]
    assert engine.script.unmet == ["card_declined", "success"]


def test_what_was_used_is_queued_no_longer():
    engine = an_engine()
    engine.script.queue("card_declined", "success")
    decided(engine)

    assert engine.script.pending == engine.script.unmet == ["success"]


def test_a_payment_that_is_refused_uses_nothing_up():
    engine = an_engine()
    engine.script.queue("card_declined")
    token = engine.tokenize(a_card(), "cust_1")
    engine.clock.advance(hours=24)
    with pytest.raises(InvalidTokenError):
        engine.pay(an_order(token))

    assert engine.script.pending == ["card_declined"]
    assert engine.script.forecast(1) == ["success"]


def test_clear_forgets_what_the_test_said_and_the_seed_goes_on():
    engine = an_engine()
    outcomes_of(engine, 8)
    engine.script.queue("card_declined")
    engine.script.when("card_declined", currency="USD")
    engine.script.always("card_declined")
    engine.script.clear()

    assert engine.script.pending == []
    assert outcomes_of(engine, 1) == ["issuer_declined"]


def test_the_script_tells_what_it_holds():
    engine = an_engine()
    assert repr(engine.script) == "<outcomes: nothing queued, 0 rules, always None>"

    engine.script.queue("card_declined", "success")
    engine.script.when("success", currency="USD")
    engine.script.always("under_review")
    assert repr(engine.script) == (
        "<outcomes: card_declined, success queued, 1 rules, always under_review>"
    )
