import decimal
from collections import Counter
from decimal import Decimal

import pytest

from pytest_paymock._engine import ids
from pytest_paymock._engine.outcomes import OUTCOMES, outcome_named, seeded, special_amount
from pytest_paymock._suggestions import did_you_mean
from pytest_paymock.errors import UsageError
from tests.engine.support import an_engine, outcomes_of, paid

WORDS = {
    "success": ("success", "Payment processed successfully"),
    "insufficient_funds": ("failed", "Insufficient funds"),
    "card_declined": ("failed", "Card declined"),
    "issuer_declined": ("failed", "Card declined by issuer"),
    "pending_verification": ("pending", "Payment pending verification"),
    "manual_review": ("pending", "Large transaction - manual review required"),
    "under_review": ("pending", "Payment under review"),
}


def test_every_outcome_has_its_status_and_its_message():
    assert {name: (o.status, o.message) for name, o in OUTCOMES.items()} == WORDS


@pytest.mark.parametrize("name", ["declined", "Success", "", None])
def test_an_unknown_outcome_is_an_error_that_lists_the_outcomes(name):
    with pytest.raises(UsageError) as caught:
        outcome_named(name)

    assert str(caught.value) == (
        f"there is no outcome {name!r}{did_you_mean(name, OUTCOMES)}; "
        "the outcomes are success, insufficient_funds, card_declined, "
        "issuer_declined, pending_verification, manual_review, under_review"
    )


@pytest.mark.parametrize(
    ("amount", "outcome", "reason"),
    [
        ("0.01", "insufficient_funds", "special amount 0.01"),
        ("0.02", "card_declined", "special amount 0.02"),
        ("0.03", "pending_verification", "special amount 0.03"),
        ("0.010", "insufficient_funds", "special amount 0.010"),
        ("1E-2", "insufficient_funds", "special amount 0.01"),
        ("10000", "manual_review", "special amount 10000, 10000 or more"),
        ("10000.00", "manual_review", "special amount 10000.00, 10000 or more"),
        ("1E+4", "manual_review", "special amount 1E+4, 10000 or more"),
        ("1E+300", "manual_review", "special amount 1E+300, 10000 or more"),
    ],
)
@pytest.mark.parametrize("currency", ["USD", "JPY"])
def test_a_special_amount_decides_whatever_the_currency(amount, outcome, reason, currency):
    payment = paid(an_engine(), amount, currency=currency)

    assert (payment.outcome, payment.reason) == (outcome, reason)
    assert (payment.status, payment.message) == WORDS[outcome]


@pytest.mark.parametrize(
    "amount",
    [
        "0.04",
        "0.009999999999999999999",
        "0.010000000000000000001",
        "0.0100000000000000000000000000000000000001",
        "0.025",
        "0.030000000000000004",
        "9999.99",
        "9999.999999999999999999999999999999",
        "1E-300",
        "1",
        "100",
    ],
)
def test_an_amount_beside_a_special_one_is_ordinary(amount):
    assert special_amount(Decimal(amount)) is None
    assert paid(an_engine(), amount).reason == "seeded draw 0.477 < 0.90"


def test_a_rounding_decimal_context_makes_no_amount_special():
    with decimal.localcontext(prec=2):
        assert special_amount(Decimal("0.010000001")) is None
        assert special_amount(Decimal("9999.999")) is None


ONE_BIT = 2.0**-53


@pytest.mark.parametrize(
    ("draw", "rate", "outcome"),
    [
        (0.0, 0.9, "success"),
        (0.9 - ONE_BIT, 0.9, "success"),
        (0.9, 0.9, "issuer_declined"),
        (0.95 - ONE_BIT, 0.9, "issuer_declined"),
        (0.95, 0.9, "under_review"),
        (1 - ONE_BIT, 0.9, "under_review"),
        (0.0, 0.0, "issuer_declined"),
        (0.5 - ONE_BIT, 0.0, "issuer_declined"),
        (0.5, 0.0, "under_review"),
        (0.5 - ONE_BIT, 0.5, "success"),
        (0.5, 0.5, "issuer_declined"),
        (0.75 - ONE_BIT, 0.5, "issuer_declined"),
        (0.75, 0.5, "under_review"),
        (0.0, 1.0, "success"),
        (1 - ONE_BIT, 1.0, "success"),
    ],
)
def test_a_draw_is_split_exactly_at_its_bounds(draw, rate, outcome):
    assert seeded(draw, rate).outcome.name == outcome


@pytest.mark.parametrize(
    ("draw", "rate", "reason"),
    [
        (0.412, 0.9, "seeded draw 0.412 < 0.90"),
        (0.937, 0.9, "seeded draw 0.937 >= 0.90"),
        (0.9, 0.9, "seeded draw 0.900 >= 0.90"),
        (0.8999, 0.9, "seeded draw 0.8999 < 0.90"),
        (0.9 - ONE_BIT, 0.9, "seeded draw 0.8999999999999999 < 0.90"),
        (0.971, 0.9, "seeded draw 0.971 >= 0.95"),
        (0.2, 0.333, "seeded draw 0.200 < 0.333"),
        (0.999, 0.333, "seeded draw 0.999 >= 0.6665"),
        (0.0, 1.0, "seeded draw 0.000 < 1.00"),
        (0.0, 0.0, "seeded draw 0.000 >= 0.00"),
        (900719925474099 * ONE_BIT, 0.1, "seeded draw 0.09999999999999998 < 0.10"),
    ],
)
def test_a_reason_shows_on_which_side_of_its_bound_a_draw_lies(draw, rate, reason):
    assert seeded(draw, rate).reason == reason


@pytest.mark.parametrize("rate", [0.0, 0.1, 1 / 3, 0.5, 0.9, 1.0])
def test_a_reason_is_never_a_false_comparison(rate):
    key = ids.key_of(3)
    for number in range(2000):
        draw, sign, bound = seeded(ids.draw(key, "payments", number), rate).reason.split()[2:]
        assert (float(draw) < float(bound)) == (sign == "<")


@pytest.mark.parametrize("rate", [0.0, 0.1, 0.5, 0.9])
def test_what_does_not_succeed_is_split_evenly(rate):
    number = 20_000
    engine = an_engine(success_rate=rate)
    counts = Counter(engine.script.forecast(number))

    assert abs(counts["success"] - number * rate) < 0.01 * number
    assert abs(counts["issuer_declined"] - number * (1 - rate) / 2) < 0.01 * number
    assert abs(counts["under_review"] - number * (1 - rate) / 2) < 0.01 * number
    assert counts.total() == number


def test_under_a_rate_of_one_every_ordinary_payment_succeeds():
    assert set(outcomes_of(an_engine(success_rate=1.0), 500)) == {"success"}


def test_under_a_rate_of_zero_none_does():
    assert set(outcomes_of(an_engine(success_rate=0.0), 500)) == {"issuer_declined", "under_review"}
