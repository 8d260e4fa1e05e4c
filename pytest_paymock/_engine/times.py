"""Times as digits: in ids, and as the documented API writes them."""

from datetime import datetime
from functools import lru_cache

# To format six numbers costs twice as much, and ``isoformat`` three times. So those of two digits
# lie ready, and those with a sign before them; and nearly all times of a run are of one day.
_TWO = tuple(f"{number:02}" for number in range(60))
_AFTER_COLON = tuple(f":{number:02}" for number in range(60))


@lru_cache(maxsize=64)
def _day(ordinal: int) -> str:
    return datetime.fromordinal(ordinal).isoformat()[:10]


@lru_cache(maxsize=64)
def _digits_of_day(ordinal: int) -> str:
    return _day(ordinal).replace("-", "")


def iso_text(when: datetime) -> str:
    """Return a time in ISO 8601 to the second, without an offset.

    >>> iso_text(datetime(2026, 1, 27, 9, 5, 0))
    '2026-01-27T09:05:00'
    """
    return (
        f"{_day(when.toordinal())}T{_TWO[when.hour]}{_AFTER_COLON[when.minute]}"
        f"{_AFTER_COLON[when.second]}"
    )


def digits(when: datetime) -> str:
    """Return a time to the second as fourteen digits, as they stand in the ids of transactions.

    >>> digits(datetime(2026, 1, 27, 9, 5, 0))
    '20260127090500'
    """
    return (
        f"{_digits_of_day(when.toordinal())}{_TWO[when.hour]}{_TWO[when.minute]}{_TWO[when.second]}"
    )
