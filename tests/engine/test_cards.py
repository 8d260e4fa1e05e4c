from datetime import UTC, datetime

import pytest

from pytest_paymock._card_numbers import passes_luhn
from pytest_paymock._engine.cards import (
    TEST_CARDS,
    brand_of,
    fingerprint_of,
    has_expired,
    number_of,
)
from pytest_paymock._suggestions import did_you_mean
from pytest_paymock.errors import UsageError
from tests.engine.support import a_card, an_engine

BRAND_OF_PREFIX = {
    "4": "Visa",
    "40": "Visa",
    "49": "Visa",
    **dict.fromkeys(["51", "52", "53", "54", "55"], "Mastercard"),
    **dict.fromkeys(["50", "56", "22", "27"], "Unknown"),
    **dict.fromkeys(["34", "37"], "American Express"),
    **dict.fromkeys(["33", "35", "36", "38", "30"], "Unknown"),
    **dict.fromkeys(["6011", "65"], "Discover"),
    **dict.fromkeys(["6010", "6012", "64", "66", "60", "61"], "Unknown"),
    **dict.fromkeys(["0", "1", "7", "8", "9"], "Unknown"),
}


@pytest.mark.parametrize(("prefix", "brand"), BRAND_OF_PREFIX.items())
def test_a_prefix_decides_the_brand(prefix, brand):
    assert brand_of(prefix.ljust(16, "0")) == brand


@pytest.mark.parametrize(
    ("name", "brand"),
    [
        ("visa", "Visa"),
        ("mastercard", "Mastercard"),
        ("american_express", "American Express"),
        ("discover", "Discover"),
    ],
)
def test_every_documented_test_card_is_valid_and_of_its_brand(name, brand):
    number = TEST_CARDS[name]

    assert passes_luhn(number)
    assert brand_of(number) == brand


@pytest.mark.parametrize("number", TEST_CARDS.values(), ids=TEST_CARDS)
def test_luhn_finds_every_single_wrong_digit(number):
    wrong = [
        f"{number[:place]}{digit}{number[place + 1 :]}"
        for place in range(len(number))
        for digit in "0123456789"
        if digit != number[place]
    ]

    assert not [other for other in wrong if passes_luhn(other)]


@pytest.mark.parametrize("number", TEST_CARDS.values(), ids=TEST_CARDS)
def test_luhn_finds_neighbours_that_were_swapped(number):
    swapped = {
        number[:place] + number[place + 1] + number[place] + number[place + 2 :]
        for place in range(len(number) - 1)
        if {number[place], number[place + 1]} != {"0", "9"}
    } - {number}

    assert swapped
    assert not [other for other in swapped if passes_luhn(other)]


@pytest.mark.parametrize(
    ("number", "valid"),
    [("0", True), ("18", True), ("26", True), ("59", True), ("91", True), ("19", False)],
)
def test_luhn_doubles_every_second_digit_from_the_right(number, valid):
    assert passes_luhn(number) is valid


@pytest.mark.parametrize(
    ("now", "expired"),
    [
        (datetime(2025, 12, 31, 23, 59, 59, 999999, tzinfo=UTC), False),
        (datetime(2026, 1, 1, tzinfo=UTC), True),
        (datetime(2024, 12, 31, tzinfo=UTC), False),
        (datetime(2025, 11, 30, tzinfo=UTC), False),
        (datetime(2026, 2, 1, tzinfo=UTC), True),
    ],
)
def test_a_card_is_good_through_the_last_moment_of_its_month(now, expired):
    assert has_expired(12, 2025, now) is expired


def test_a_later_month_of_an_earlier_year_has_expired():
    assert has_expired(12, 2024, datetime(2025, 1, 1, tzinfo=UTC))


def test_a_fingerprint_is_equal_for_equal_numbers_under_one_seed_only():
    visa, other = TEST_CARDS["visa"], TEST_CARDS["discover"]

    assert fingerprint_of(visa, b"one") == fingerprint_of(visa, b"one")
    assert fingerprint_of(visa, b"one") != fingerprint_of(visa, b"two")
    assert fingerprint_of(visa, b"one") != fingerprint_of(other, b"one")


def test_what_is_kept_of_a_card_is_not_its_number():
    engine = an_engine()
    first, again = (engine.tokenize(a_card(), "cust_1").card for _ in range(2))

    assert (first.card_type, first.last_four, first.holder) == ("Visa", "0366", "John Doe")
    assert (first.expiry_month, first.expiry_year) == (12, 2027)
    assert first.fingerprint == again.fingerprint
    assert first.fingerprint not in repr(first)
    assert "1128" not in repr(first)


def test_card_data_on_its_way_shows_nothing_of_itself():
    card = a_card()

    assert repr(card) == str(card) == f"{card}" == "CardData(...)"


@pytest.mark.parametrize(
    ("name", "number"),
    [
        ("visa", "4532015112830366"),
        ("Visa", "4532015112830366"),
        ("MASTERCARD", "5425233430109903"),
        ("american_express", "374245455400126"),
        ("amex", "374245455400126"),
        ("American Express", "374245455400126"),
        ("discover", "6011111111111117"),
    ],
)
def test_a_test_card_goes_by_its_brand(name, number):
    assert number_of(name) == number


@pytest.mark.parametrize("name", ["maestro", "", None, 4, ["visa"]])
def test_an_unknown_test_card_is_an_error_that_lists_the_cards(name):
    with pytest.raises(UsageError) as caught:
        number_of(name)

    assert str(caught.value) == (
        f"there is no test card {name!r}{did_you_mean(name, TEST_CARDS)}; "
        "the cards are visa, mastercard, american_express, discover"
    )
