from datetime import UTC, datetime, timedelta

import pytest

from pytest_paymock._engine.clock import Clock
from pytest_paymock.errors import InvalidTokenError, UnknownTokenError
from tests.engine.support import a_card, an_engine, an_order

NOON = datetime(2025, 1, 27, 12, tzinfo=UTC)
DAY = timedelta(hours=24)
MOMENT = timedelta(microseconds=1)


def test_a_token_carries_what_was_stored():
    engine = an_engine()
    token = engine.tokenize(a_card(), "cust_1")

    assert (token.card_type, token.last_four_digits) == ("Visa", "0366")
    assert token.customer_id == "cust_1"
    assert (token.created_at, token.expires_at) == (NOON, NOON + DAY)
    assert engine.token(token.token) is token


def test_the_same_card_gets_another_token_each_time():
    engine = an_engine()

    assert engine.tokenize(a_card(), "cust_1").token != engine.tokenize(a_card(), "cust_1").token


def test_without_a_customer_one_is_made():
    engine = an_engine()
    made = [engine.tokenize(a_card(), None).customer_id for _ in range(3)]

    assert len(set(made)) == 3
    assert all(name.startswith("cust_") for name in made)


def test_a_customer_that_was_named_takes_no_number_of_the_made_ones():
    named, alone = an_engine(), an_engine()
    named.tokenize(a_card(), "cust_1")

    assert named.tokenize(a_card(), None).customer_id == alone.tokenize(a_card(), None).customer_id


def test_a_customers_id_may_be_empty():
    assert an_engine().tokenize(a_card(), "").customer_id == ""


def test_a_token_pays_until_the_last_moment_before_24_hours():
    engine = an_engine()
    token = engine.tokenize(a_card(), "cust_1")
    engine.clock.advance(DAY - MOMENT)

    assert engine.is_told_valid(token, engine.clock.now())
    assert engine.pay(an_order(token)).token == token.token


def test_at_exactly_24_hours_a_token_has_expired():
    engine = an_engine()
    token = engine.tokenize(a_card(), "cust_1")
    engine.clock.advance(DAY)

    assert not engine.is_told_valid(token, engine.clock.now())
    with pytest.raises(InvalidTokenError, match=r"^Invalid or expired token$"):
        engine.pay(an_order(token))


def test_a_token_expires_at_the_second_that_the_api_tells():
    engine = an_engine(clock=Clock("2025-01-27T12:00:00.75"))
    token = engine.tokenize(a_card(), "cust_1")

    assert token.expires_at == NOON + DAY
    assert engine.is_told_valid(token, NOON + DAY - MOMENT)
    assert not engine.is_told_valid(token, NOON + DAY)


def test_a_token_made_at_the_clocks_end_still_has_an_expiry():
    engine = an_engine(clock=Clock("9998-12-31T23:59:59"))

    assert engine.tokenize(a_card(), "cust_1").expires_at.year == 9999


def test_an_expired_token_can_still_be_looked_up():
    engine = an_engine()
    token = engine.tokenize(a_card(), "cust_1")
    engine.clock.advance(days=30)

    assert engine.token(token.token) is token


@pytest.mark.parametrize("name", ["", "tok_unknown", "tok_" + "0" * 32])
def test_a_token_that_was_never_issued_is_unknown(name):
    engine = an_engine()
    engine.tokenize(a_card(), "cust_1")
    with pytest.raises(UnknownTokenError, match=r"^Token not found$"):
        engine.token(name)
