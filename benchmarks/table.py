"""The rows as a table for people, and as JSON for machines."""

import json
from collections.abc import Iterable, Mapping, Sequence

from benchmarks.rows import Goal, Measure, Row, Unit

_WIDTHS = (66, 9, 9, 13)

_CLOSE = 10
"""From here on a ratio is read without its third digit."""


def number(value: float, unit: Unit) -> str:
    """Return a number as it is read.

    >>> number(1.0042, Unit.TIMES), number(94.21, Unit.TIMES), number(489.0, Unit.BYTES)
    ('1.004', '94.2', '489 B')
    """
    if unit is Unit.TIMES:
        return f"{value:.3f}" if value < _CLOSE else f"{value:.1f}"
    return f"{value:.0f} {unit.value}".rstrip()


def bound(goal: Goal | None, unit: Unit) -> str:
    """Return a goal in words.

    >>> bound(Goal(1.12), Unit.TIMES), bound(Goal(50, at_most=False), Unit.TIMES)
    ('<= 1.12', '>= 50')
    """
    if goal is None:
        return ""
    shown = f"{goal.bound:g}" if unit is Unit.TIMES else number(goal.bound, unit)
    return f"{'<=' if goal.at_most else '>='} {shown}"


def verdict(row: Row) -> str:
    """Return what is said of a row's goal."""
    if row.value is None:
        return "not measured"
    if row.met is None:
        return ""
    return "met" if row.met else "missed"


def title(measure: Measure) -> str:
    """Return the line above the rows of a measure."""
    return f"{measure.name}  {measure.title}"


def line(row: Row) -> str:
    """Return one row of the table."""
    value = "-" if row.value is None else number(row.value, row.unit)
    return _line((row.what, value, bound(row.goal, row.unit), verdict(row)), row.note)


def head() -> str:
    """Return the first line of the table."""
    return _line(("", "measured", "goal", ""), "")


def _line(cells: Sequence[str], note: str) -> str:
    padded = [cell.ljust(width) for cell, width in zip(cells, _WIDTHS, strict=True)]
    return f"    {' '.join(padded)} {note}".rstrip()


def as_markdown(rows: Iterable[Row], measures: Iterable[Measure]) -> str:
    """Return the rows that have a goal as a table for the page on performance.

    Args:
        rows: in order.
        measures: whose titles stand beside their rows.
    """
    titles = {measure.name: measure.title for measure in measures}
    lines = ["| | what | | measured | goal | |", "|---|---|---|---|---|---|"]
    for row in rows:
        if row.goal is not None:
            value = "-" if row.value is None else number(row.value, row.unit)
            goal = bound(row.goal, row.unit)
            cells = (row.measure, titles[row.measure], row.what, value, goal, verdict(row))
            lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def as_json(rows: Iterable[Row], about: Mapping[str, object]) -> str:
    """Return a whole run as JSON.

    Args:
        rows: in order.
        about: what the run was made on.
    """
    found = [
        {
            "measure": row.measure,
            "what": row.what,
            "value": row.value,
            "unit": row.unit.value,
            "goal": bound(row.goal, row.unit) or None,
            "met": row.met,
            "note": row.note,
        }
        for row in rows
    ]
    return json.dumps({**about, "rows": found}, indent=2) + "\n"
