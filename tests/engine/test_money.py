import decimal
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_paymock._engine.money import (
    as_money,
    exact_sum,
    is_chargeable,
    is_currency,
    is_in_range,
)
from pytest_paymock.errors import UsageError
from tests.engine.support import DETERMINISTIC


@pytest.mark.parametrize(
    ("value", "digits"),
    [
        (99.99, "99.99"),
        ("99.99", "99.99"),
        (Decimal("99.99"), "99.99"),
        ("10.00", "10.00"),
        (10, "10"),
        (0.1, "0.1"),
        (0.1 + 0.2, "0.30000000000000004"),
        (1e22, "1E+22"),
        (0, "0"),
    ],
)
def test_an_amount_keeps_the_digits_that_were_written(value, digits):
    assert str(as_money(value)) == digits


def test_a_whole_number_may_be_of_any_length():
    assert as_money(10**5000) == Decimal("1e5000")


@pytest.mark.parametrize("value", [True, None, b"1", [1], 1 + 0j])
def test_what_is_no_number_is_no_amount(value):
    with pytest.raises(UsageError) as caught:
        as_money(value)

    assert str(caught.value) == (
        f"an amount is a Decimal, an int, a float or a string, not {value!r}"
    )


@pytest.mark.parametrize("value", ["", "ten", "1,000", "$5"])
def test_a_string_that_is_no_number_is_no_amount(value):
    with pytest.raises(UsageError) as caught:
        as_money(value)

    assert str(caught.value) == f"{value!r} is no amount; write it as 99.99 or '99.99'"


@pytest.mark.parametrize("value", ["NaN", "-Infinity", float("inf"), Decimal("sNaN")])
def test_an_amount_is_finite(value):
    with pytest.raises(UsageError) as caught:
        as_money(value)

    assert str(caught.value) == f"an amount is a finite number, not {value!r}"


def test_a_sum_of_nothing_is_zero():
    assert exact_sum([]) == 0


def test_a_sum_has_no_binary_rounding():
    assert exact_sum([Decimal("0.1")] * 3) == Decimal("0.3")


def test_a_sum_is_exact_whatever_the_decimal_context_says():
    amounts = [Decimal("123456.78"), Decimal("0.0000001"), Decimal("1e30")]
    with decimal.localcontext(prec=2, traps=dict.fromkeys(decimal.getcontext().traps, True)):
        total = exact_sum(amounts)

    assert str(total) == "1000000000000000000000000123456.7800001"


@DETERMINISTIC
@given(st.lists(st.integers(min_value=-(10**30), max_value=10**30)))
def test_a_sum_of_cents_is_that_of_whole_numbers(cents):
    total = exact_sum(Decimal(f"{cent}E-2") for cent in cents)

    assert Fraction(total) * 100 == sum(cents)


@pytest.mark.parametrize(
    ("amount", "in_range", "chargeable"),
    [
        ("1", True, True),
        ("5E-324", True, True),
        ("4.999E-324", True, False),
        ("0", True, False),
        ("-0.0", True, False),
        ("-1", True, False),
        ("1.7976931348623157E+308", True, True),
        ("1.7976931348623158E+308", False, False),
        ("-1.7976931348623157E+308", True, False),
        ("-1.7976931348623158E+308", False, False),
        ("NaN", False, False),
        ("Infinity", False, False),
    ],
)
def test_an_amount_that_can_be_charged_is_more_than_nothing_and_in_range(
    amount, in_range, chargeable
):
    assert is_in_range(Decimal(amount)) is in_range
    assert is_chargeable(Decimal(amount)) is chargeable


@pytest.mark.parametrize("code", ["USD", "eur", "XxX"])
def test_a_currency_is_three_letters(code):
    assert is_currency(code)


@pytest.mark.parametrize("code", ["", "US", "USDX", "US1", "US\n", "USD\n", "\u00fcSD", None, 5])
def test_anything_else_is_no_currency(code):
    assert not is_currency(code)
