"""Until when a card is good, by the fake's clock."""

from datetime import UTC, datetime

import pytest
import time_machine
from freezegun import freeze_time

from pytest_paymock._engine.clock import Clock
from tests.api.support import EXAMPLE, TOKENIZE, an_engine, changed, post, refused


def expiring(month, year):
    return changed(changed(EXAMPLE, "card.expiry_month", month), "card.expiry_year", year)


@pytest.mark.parametrize(
    ("now", "good"),
    [
        ("2025-02-28T23:59:59.999999", True),
        ("2025-03-01T00:00:00", False),
        ("2025-02-01T00:00:00", True),
        ("2025-01-27T12:00:00", True),
    ],
)
def test_a_card_is_good_through_the_last_moment_of_its_month(now, good):
    status, _ = post(an_engine(clock=Clock(now)), TOKENIZE, expiring(2, 2025))

    assert (status == 201) is good


def test_an_expired_card_is_told_the_date_by_the_clock():
    engine = an_engine()
    engine.clock.advance(days=400)

    status, detail = refused(engine, "POST", TOKENIZE, expiring(1, 2026))

    assert status == 400
    assert detail == (
        "card.expiry_year: the card expired at the end of 01/2026, and the clock of the API says "
        "2026-03-03; use a later expiry date"
    )


@pytest.mark.parametrize(("month", "year"), [(1, 2025), (12, 2025), (1, 2026), (12, 9999)])
def test_any_date_in_the_future_will_do(month, year):
    assert post(an_engine(), TOKENIZE, expiring(month, year))[0] == 201


@pytest.mark.parametrize("month", [0, 13, -1, 10**30])
def test_a_month_is_one_of_twelve(month):
    assert refused(an_engine(), "POST", TOKENIZE, expiring(month, 2027)) == (
        400,
        "card.expiry_month: must be between 1 and 12",
    )


def test_a_month_that_is_none_says_nothing_about_the_year():
    assert refused(an_engine(), "POST", TOKENIZE, expiring(13, 2020)) == (
        400,
        "card.expiry_month: must be between 1 and 12",
    )


@pytest.mark.parametrize("year", [0, 25, 999, 10000, -2027, 10**30])
def test_a_year_has_four_digits(year):
    assert refused(an_engine(), "POST", TOKENIZE, expiring(12, year)) == (
        400,
        "card.expiry_year: must be a year of four digits",
    )


def test_the_year_1000_is_one_and_long_gone():
    _, detail = refused(an_engine(), "POST", TOKENIZE, expiring(12, 1000))

    assert "the card expired at the end of 12/1000" in detail


@pytest.mark.parametrize("travel", [time_machine.travel, freeze_time])
def test_the_real_time_counts_as_the_library_that_froze_it_says(travel):
    with travel(datetime(2031, 5, 6, tzinfo=UTC)):
        engine = an_engine(clock=Clock())

        assert post(engine, TOKENIZE, expiring(5, 2031))[0] == 201
        assert "says 2031-05-06;" in refused(engine, "POST", TOKENIZE, expiring(4, 2031))[1]


@pytest.mark.parametrize("travel", [time_machine.travel, freeze_time])
def test_a_pinned_clock_counts_under_a_frozen_real_time_too(travel):
    with travel(datetime(2031, 5, 6, tzinfo=UTC)):
        engine = an_engine()

        assert post(engine, TOKENIZE, expiring(1, 2025))[0] == 201
        assert "says 2025-01-27;" in refused(engine, "POST", TOKENIZE, expiring(12, 2024))[1]
