"""Times as digits: in ids, and as the documented API writes them."""

from datetime import datetime


def iso_text(when: datetime) -> str:
    """Return a time in ISO 8601 to the second, without an offset.

    >>> iso_text(datetime(2026, 1, 27, 9, 5, 0))
    '2026-01-27T09:05:00'
    """
    return _written(when, "%04d-%02d-%02dT%02d:%02d:%02d")


def digits(when: datetime) -> str:
    """Return a time to the second as fourteen digits, as they stand in the ids of transactions.

    >>> digits(datetime(2026, 1, 27, 9, 5, 0))
    '20260127090500'
    """
    return _written(when, "%04d%02d%02d%02d%02d%02d")


def _written(when: datetime, form: str) -> str:
    # ``isoformat`` writes the offset as well, which takes longer than all the rest.
    return form % (when.year, when.month, when.day, when.hour, when.minute, when.second)
