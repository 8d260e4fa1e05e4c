"""The rows as a picture: a bar a row, and on each bar that has a goal, the goal.

An SVG of plain shapes and text. It has no background of its own, and its colours follow the
reader's choice of light or dark.
"""

from collections.abc import Iterable, Iterator, Sequence
from html import escape
from itertools import groupby

from benchmarks.rows import Measure, Row, Unit
from benchmarks.table import bound, number, verdict

_WIDTH = 920
_LABELS = 400
"""Where the labels end and the bars begin."""

_BARS = 300
"""How long the longest bar is."""

_LINE = 20
_TITLE = 30

_FARTHEST = 4
"""A bar ends at so many times the goal; its number says the rest."""

_STYLE = """
text { font: 12px system-ui, -apple-system, "Segoe UI", sans-serif; fill: #1f2328 }
.title { font-weight: 600 }
.label { text-anchor: end }
.goal { stroke: #1f2328; stroke-width: 2 }
.met { fill: #1a7f37 }
.missed { fill: #bc4c00 }
.peer { fill: #8c959f }
@media (prefers-color-scheme: dark) {
  text { fill: #e6edf3 }
  .goal { stroke: #e6edf3 }
  .met { fill: #3fb950 }
  .missed { fill: #f0883e }
  .peer { fill: #6e7681 }
}
"""


def draw(rows: Iterable[Row], measures: Iterable[Measure]) -> str:
    """Return the picture of a run.

    Args:
        rows: in order; counts and what was not measured have no bar.
        measures: whose titles stand above their rows.
    """
    titles = {measure.name: measure.title for measure in measures}
    shown = [row for row in rows if row.value is not None and row.unit is not Unit.COUNT]
    body: list[str] = []
    top = 0
    for name, group in groupby(shown, lambda row: row.measure):
        top += _TITLE
        body.append(
            f'<text class="title" x="8" y="{top - 6}">{name}  {escape(titles[name])}</text>'
        )
        # Bytes and ratios have scales of their own.
        for _, bars in groupby(group, lambda row: row.unit):
            drawn = list(bars)
            scale = _BARS / _longest(drawn)
            for row in drawn:
                body += _bar(row, top, scale)
                top += _LINE
    size = f'width="{_WIDTH}" height="{top + 10}" viewBox="0 0 {_WIDTH} {top + 10}"'
    head = f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img">'
    name = "<title>The speed of pytest-paymock against its goals and its peers</title>"
    return "\n".join([head, name, f"<style>{_STYLE}</style>", *body, "</svg>", ""])


def _longest(rows: Sequence[Row]) -> float:
    """Return what the longest bar of a scale stands for."""
    goals = [row.goal.bound for row in rows if row.goal is not None]
    farthest = _FARTHEST * max(goals) if goals else float("inf")
    return min(max([*goals, *(row.value or 0 for row in rows)]), farthest)


def _bar(row: Row, top: int, scale: float) -> Iterator[str]:
    value = row.value or 0
    middle = top + _LINE / 2
    length = min(value * scale, _BARS)
    kind = verdict(row) or "peer"
    yield f'<text class="label" x="{_LABELS - 8}" y="{middle + 4:g}">{escape(row.what)}</text>'
    yield (
        f'<rect class="{kind}" x="{_LABELS}" y="{top + 3}" '
        f'width="{length:.1f}" height="{_LINE - 6}" rx="2"/>'
    )
    numbers = _LABELS + _BARS + 12
    cut = " (bar cut)" if value * scale > _BARS else ""
    yield f'<text x="{numbers}" y="{middle + 4:g}">{number(value, row.unit)}{cut}</text>'
    if row.goal is None:
        return
    mark = _LABELS + row.goal.bound * scale
    words = escape(f"goal {bound(row.goal, row.unit)}: {kind}")
    yield f'<line class="goal" x1="{mark:.1f}" x2="{mark:.1f}" y1="{top}" y2="{top + _LINE}"/>'
    yield f'<text x="{numbers + 60}" y="{middle + 4:g}">{words}</text>'
