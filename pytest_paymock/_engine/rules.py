"""What the engine does differently where the documented API and the deployed service part ways.

One value of :class:`Rules` each, side by side, so that the difference can be read at one look: the
documented rules of spec sections 2 to 6, and those of section 8.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from pytest_paymock._engine.ids import LongUniqueHex, unique_hex
from pytest_paymock._engine.money import is_currency
from pytest_paymock._engine.records import Payment, Refund

_MICROSECONDS = 1_000_000

UniqueDigits = Callable[[int], str]
"""From the number of a record to hex digits that no other record has."""


class MakeCustomer(Protocol):
    """How a customer without an id gets one."""

    def __call__(self, now: datetime, number: int, digits: UniqueDigits) -> str:
        """Return an id that no other customer of the same fake has.

        Args:
            now: the time of the engine's clock, aware and in UTC.
            number: how many ids were made before.
            digits: hex digits by number.
        """


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """The engine's part of a profile.

    Args:
        payment_digits: from the seed's key, the digits at the end of payments' ids.
        refund_digits: the same of refunds.
        refund_prefix: how the id of a refund begins.
        why_not_refundable: why a transaction cannot be paid back, or None if it can.
        token_until: until when a token is good, by the time of its making.
        pays_until: whether a token that is good until a time still pays at a time.
        tells_expiry_late: whether a token is told to be valid until a payment was tried with it.
        make_customer: how a customer without an id gets one.
        earliest_expiry_year: the first year to which a card may be good, whatever the clock says.
        is_currency: whether a value is a currency.
        currency: what one is, in words that stand behind "a currency is".
    """

    payment_digits: Callable[[bytes], UniqueDigits]
    refund_digits: Callable[[bytes], UniqueDigits]
    refund_prefix: str
    why_not_refundable: Callable[[Payment | Refund], str | None]
    token_until: Callable[[datetime], datetime]
    pays_until: Callable[[datetime, datetime], bool]
    tells_expiry_late: bool
    make_customer: MakeCustomer
    earliest_expiry_year: int
    is_currency: Callable[[Any], bool]
    currency: str


# -- documented -------------------------------------------------------------------------------


def _refunded_once(record: Payment | Refund) -> str | None:
    if isinstance(record, Refund):
        return "A refund cannot be refunded"
    if record.refund_id is not None:
        return "Transaction has already been refunded"
    if record.status != "success":
        return f"Only successful transactions can be refunded; this one is {record.status}"
    return None


def _a_day_from_that_second(now: datetime) -> datetime:
    # The second that the API tells, so that a token does not outlive what was told.
    return now + timedelta(1, 0, -now.microsecond)


def _counted_customer(now: datetime, number: int, digits: UniqueDigits) -> str:  # noqa: ARG001
    return f"cust_{digits(number + 1)}"


DOCUMENTED = Rules(
    payment_digits=lambda key: unique_hex(key, "payment"),
    refund_digits=lambda key: unique_hex(key, "refund"),
    refund_prefix="ref",
    why_not_refundable=_refunded_once,
    token_until=_a_day_from_that_second,
    pays_until=lambda until, now: now < until,
    tells_expiry_late=False,
    make_customer=_counted_customer,
    earliest_expiry_year=1000,
    is_currency=is_currency,
    currency="a code of three letters",
)
"""Spec sections 2 to 6."""


# -- deployed ---------------------------------------------------------------------------------


def _refunded_again(record: Payment | Refund) -> str | None:
    # A refund is a successful transaction like any other there, and one that was refunded stays so.
    return None if record.status == "success" else "Only successful transactions can be refunded"


def _a_day_from_then(now: datetime) -> datetime:
    return now + timedelta(days=1)


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _dated_customer(now: datetime, number: int, digits: UniqueDigits) -> str:  # noqa: ARG001
    """Return a Unix time with fraction, as Python writes a float.

    No two calls of the real service fall on one microsecond; under a clock that stands still, each
    id counts as a microsecond later than the one before.
    """
    seconds, fraction = divmod(now.microsecond + number, _MICROSECONDS)
    seconds += int(now.replace(microsecond=0).timestamp())
    digits_of_fraction = f"{fraction:06}".rstrip("0") or "0"
    return f"cust_{seconds}.{digits_of_fraction}"


DEPLOYED = Rules(
    # One family of ids for both, told apart by odd and even numbers: a refund is a transaction.
    payment_digits=lambda key: LongUniqueHex(key, "transaction", odd=True),
    refund_digits=lambda key: LongUniqueHex(key, "transaction", odd=False),
    refund_prefix="txn",
    why_not_refundable=_refunded_again,
    token_until=_a_day_from_then,
    pays_until=lambda until, now: now <= until,
    tells_expiry_late=True,
    make_customer=_dated_customer,
    earliest_expiry_year=2024,
    is_currency=_is_text,
    currency="a string",
)
"""Spec section 8."""
