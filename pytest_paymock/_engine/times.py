"""Times as digits: in ids, and as the documented API writes them."""

from datetime import datetime

_NO_SEPARATORS = str.maketrans("", "", "-:T")


def iso_text(when: datetime) -> str:
    """Return a time in ISO 8601 to the second, without an offset.

    >>> iso_text(datetime(2026, 1, 27, 9, 5, 0))
    '2026-01-27T09:05:00'
    """
    return when.isoformat()[:19]


def digits(when: datetime) -> str:
    """Return a time to the second as fourteen digits, as they stand in the ids of transactions.

    >>> digits(datetime(2026, 1, 27, 9, 5, 0))
    '20260127090500'
    """
    return iso_text(when).translate(_NO_SEPARATORS)
