"""Exact amounts: how a number that a test wrote becomes a ``Decimal``, and how they are summed."""

import re
from collections.abc import Iterable
from decimal import MAX_EMAX, MAX_PREC, MIN_EMIN, Context, Decimal, InvalidOperation

from pytest_paymock._card_numbers import quoted
from pytest_paymock.errors import UsageError, is_for_caller

__tracebackhide__ = is_for_caller

CURRENCY = "[A-Za-z]{3}"
"""The pattern of a currency code (spec section 3)."""

_DOUBLE_MAX = Decimal("1.7976931348623157e308")
_DOUBLE_MIN = Decimal("5e-324")

# The user's own decimal context may round or trap; sums of money do neither.
_EXACT = Context(prec=MAX_PREC, Emax=MAX_EMAX, Emin=MIN_EMIN)


def as_money(value: Decimal | int | float | str) -> Decimal:
    """Return an amount as a ``Decimal``; a float counts as the digits it is written with.

    >>> as_money(99.99) == as_money("99.99") == Decimal("99.99")
    True

    Raises:
        UsageError: for anything that is no finite number.
    """
    if isinstance(value, bool) or not isinstance(value, Decimal | int | float | str):
        raise UsageError(
            f"an amount is a Decimal, an int, a float or a string, not {quoted(value)}"
        )
    try:
        # A float goes by its digits; an int must not, as Python limits how many str may write.
        amount = Decimal(str(value) if isinstance(value, float) else value)
    except InvalidOperation:
        raise UsageError(f"{quoted(value)} is no amount; write it as 99.99 or '99.99'") from None
    if not amount.is_finite():
        raise UsageError(f"an amount is a finite number, not {quoted(value)}")
    return amount


def is_in_range(amount: Decimal) -> bool:
    """Say whether an amount, whatever its sign, is a number for most readers of JSON.

    Beyond a double's range they see infinity; and so the sums stay bounded.
    """
    # Not abs: it rounds, or raises, as the decimal context of the code under test says.
    return amount.is_finite() and amount.copy_abs() <= _DOUBLE_MAX


def is_chargeable(amount: Decimal) -> bool:
    """Say whether a payment can be of this amount (spec section 3)."""
    return is_in_range(amount) and amount >= _DOUBLE_MIN


def is_currency(code: str) -> bool:
    """Say whether a text is a currency code: three ASCII letters (spec section 3)."""
    return isinstance(code, str) and re.fullmatch(CURRENCY, code) is not None


def exact_sum(amounts: Iterable[Decimal]) -> Decimal:
    """Return the sum to the last digit, whatever the thread's decimal context says."""
    total = Decimal(0)
    for amount in amounts:
        total = _EXACT.add(total, amount)
    return total
