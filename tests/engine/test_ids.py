import re
from collections import Counter

import pytest

from pytest_paymock._engine import ids
from tests.engine.support import a_card, an_engine, an_order

MANY = 200_000


@pytest.mark.parametrize("seed", [0, 1, -1, 2**200])
def test_no_two_of_very_many_ids_are_alike(seed):
    unique = ids.UniqueHex(ids.key_of(seed), "payment")

    assert len({unique(number) for number in range(1, MANY + 1)}) == MANY


def test_an_id_is_eight_hex_digits_even_when_it_begins_with_zeros():
    unique = ids.UniqueHex(ids.key_of(0), "payment")
    made = [unique(number) for number in range(1, 1001)]

    assert all(re.fullmatch("[0-9a-f]{8}", text) for text in made)
    assert any(text.startswith("0") for text in made)


def test_every_digit_of_an_id_takes_every_value():
    unique = ids.UniqueHex(ids.key_of(0), "payment")
    made = [unique(number) for number in range(1, 1001)]

    assert {len({text[place] for text in made}) for place in range(8)} == {16}


def test_ids_differ_between_kinds_and_between_seeds():
    kinds = [ids.UniqueHex(ids.key_of(0), kind)(1) for kind in ("payment", "refund", "customer")]

    assert len({*kinds, ids.UniqueHex(ids.key_of(1), "payment")(1)}) == 4


def test_no_two_of_many_tokens_are_alike():
    key = ids.key_of(0)

    assert len({ids.hex_digits(key, "token", number, 32) for number in range(20_000)}) == 20_000


def test_the_ids_of_an_engine_have_the_documented_forms():
    engine = an_engine()
    token = engine.tokenize(a_card(), None)
    payment = engine.pay(an_order(token))
    refund = engine.refund(payment.transaction_id)

    assert re.fullmatch("tok_[0-9a-f]{32}", token.token)
    assert re.fullmatch("cust_[0-9a-f]{8}", token.customer_id)
    assert re.fullmatch("txn_20250127120000_[0-9a-f]{8}", payment.transaction_id)
    assert re.fullmatch("ref_20250127120000_[0-9a-f]{8}", refund.refund_id)


def test_the_time_in_a_transaction_id_is_that_of_its_processing():
    engine = an_engine()
    token = engine.tokenize(a_card(), "cust_1")
    engine.clock.advance(hours=1, minutes=2, seconds=3.9)

    assert engine.pay(an_order(token)).transaction_id.startswith("txn_20250127130203_")


def test_the_payments_of_one_second_have_different_ids():
    engine = an_engine()
    token = engine.tokenize(a_card(), "cust_1")

    assert len({engine.pay(an_order(token)).transaction_id for _ in range(2000)}) == 2000


def test_a_draw_is_at_least_nothing_and_less_than_one():
    key = ids.key_of(0)
    draws = [ids.draw(key, "payments", number) for number in range(5000)]

    assert all(0 <= draw < 1 for draw in draws)
    assert len(set(draws)) == 5000


def test_draws_are_spread_evenly():
    key = ids.key_of(0)
    tenths = Counter(int(ids.draw(key, "payments", number) * 10) for number in range(20_000))

    assert sorted(tenths) == list(range(10))
    assert all(abs(count - 2000) < 200 for count in tenths.values())


def test_a_draw_needs_none_of_those_before_it():
    key = ids.key_of(0)
    backwards = [ids.draw(key, "payments", number) for number in range(20, 0, -1)]

    assert backwards[::-1] == [ids.draw(key, "payments", number) for number in range(1, 21)]


def test_a_stream_may_have_any_name_that_a_customer_can_have():
    key = ids.key_of(0)
    names = ["customer:", "customer:a", "customer:\ud800", "customer:\u00e9", "payments"]

    assert len({ids.draw(key, name, 1) for name in names}) == len(names)
