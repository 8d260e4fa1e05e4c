"""The rows as a table for people, and as JSON for machines."""

import json
from collections.abc import Iterable, Sequence
from typing import Any

from benchmarks.rows import Goal, Row, Unit

_WIDTHS = (4, 70, 12, 12, 14)


def number(value: float, unit: Unit) -> str:
    """Return a number as it is read: the more digits, the closer it is to 1.

    >>> number(1.0042, Unit.TIMES), number(94.21, Unit.TIMES), number(489.0, Unit.BYTES)
    ('1.004', '94.2', '489 B')
    """
    if unit is not Unit.TIMES:
        return f"{value:.0f} {unit.value}"
    return f"{value:.3f}" if value < 10 else f"{value:.1f}"  # noqa: PLR2004 - a matter of looks


def bound(goal: Goal | None, unit: Unit) -> str:
    """Return a goal in words.

    >>> bound(Goal(1.12), Unit.TIMES), bound(Goal(50, at_most=False), Unit.TIMES)
    ('<= 1.12', '>= 50')
    """
    if goal is None:
        return ""
    shown = f"{goal.bound:g}" + ("" if unit is Unit.TIMES else f" {unit.value}")
    return f"{'<=' if goal.at_most else '>='} {shown}"


def verdict(row: Row, *, judged: bool) -> str:
    """Return what is said of a row's goal."""
    if row.value is None:
        return "not measured"
    if not judged or row.met is None:
        return ""
    return "met" if row.met else "MISSED"


def line(row: Row, *, judged: bool) -> str:
    """Return one row of the table."""
    value = "-" if row.value is None else number(row.value, row.unit)
    cells = (row.measure, row.what, value, bound(row.goal, row.unit), verdict(row, judged=judged))
    return _line(cells, row.note)


def head() -> str:
    """Return the first line of the table."""
    return _line(("", "what", "measured", "goal", ""), "")


def _line(cells: Sequence[str], note: str) -> str:
    padded = [cell.ljust(width) for cell, width in zip(cells, _WIDTHS, strict=True)]
    return f"{' '.join(padded)} {note}".rstrip()


def as_json(rows: Iterable[Row], about: dict[str, Any], *, judged: bool) -> str:
    """Return the whole run as JSON."""
    found = [
        {
            "measure": row.measure,
            "what": row.what,
            "value": row.value,
            "unit": row.unit.value,
            "goal": row.goal and row.goal.bound,
            "goal_is": row.goal and ("at most" if row.goal.at_most else "at least"),
            "met": row.met if judged else None,
            "note": row.note,
        }
        for row in rows
    ]
    return json.dumps({**about, "judged": judged, "rows": found}, indent=2) + "\n"
