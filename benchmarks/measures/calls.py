"""S3, S4, S5: what a call costs through each client library, against a floor that is canned."""

from collections.abc import Iterator, Mapping
from functools import partial

from benchmarks import instructions
from benchmarks.rows import Effort, Goal, Measure, Row, at_most

_OWN = {
    "S3": (("httpx paymock", "httpx floor", at_most(1.12)),),
    "S4": (("requests paymock", "requests floor", at_most(1.08)),),
    "S5": (
        ("async httpx paymock", "async httpx floor", at_most(1.15)),
        ("httpx2 paymock", "httpx2 floor", at_most(1.15)),
    ),
}
"""Who is measured, against which floor, and the goal."""

_PEERS = {
    "S3": (("httpx pytest-httpx", "httpx floor"), ("httpx respx", "httpx floor")),
    "S4": (
        ("requests responses", "requests floor"),
        ("requests requests-mock", "requests floor"),
    ),
    "S5": (),
}


def _rows(measure: str, effort: Effort) -> Iterator[Row]:
    wanted: list[tuple[str, str, Goal | None]] = [*_OWN[measure]]
    wanted += [(name, floor, None) for name, floor in _PEERS[measure]]
    names = dict.fromkeys(name for named in wanted for name in named[1::-1])
    counted = instructions.per_call(list(names), effort)
    for name, floor, goal in wanted:
        yield _row(measure, name, floor, goal, counted)


def _row(
    measure: str, name: str, floor: str, goal: Goal | None, counted: Mapping[str, float] | str
) -> Row:
    what = f"{name}: instructions of a call / {floor}"
    if isinstance(counted, str):
        return Row(measure, what, None, goal, note=counted)
    note = f"{counted[name]:,.0f} / {counted[floor]:,.0f}"
    return Row(measure, what, counted[name] / counted[floor], goal, note=note)


MEASURES = tuple(
    Measure(name, title, partial(_rows, name))
    for name, title in (
        ("S3", "a call through httpx"),
        ("S4", "a call through requests"),
        ("S5", "a call through async httpx, and through httpx2"),
    )
)
