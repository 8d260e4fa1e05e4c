"""S6: paymock, which decides and remembers, against mocks with fixed answers."""

from collections.abc import Iterator
from functools import partial

from benchmarks import flows, timing, turns
from benchmarks.rows import Effort, Goal, Measure, Row, at_most

_GOALS = {"pytest-httpx": at_most(0.97), "respx": at_most(0.65)}

_CONTENDERS = {
    "httpx": ("floor", "paymock", "pytest-httpx", "respx", "live server", "pytest-httpserver"),
    "requests": (
        *("floor", "paymock", "responses", "requests-mock"),
        *("live server", "pytest-httpserver"),
    ),
}


def _samples(library: str, count: int, effort: Effort) -> timing.Samples:
    works = {
        name: partial(turns.seconds, f"{library} {name}", count) for name in _CONTENDERS[library]
    }
    return timing.interleaved(works, effort.of(15, 1))


def _rows(effort: Effort) -> Iterator[Row]:
    count = effort.of(50, 1)
    samples = {library: _samples(library, count, effort) for library in _CONTENDERS}

    def row(library: str, name: str, base: str, goal: Goal | None = None) -> Row:
        taken = samples[library]
        note = " / ".join(timing.shown(taken, each, count * flows.CALLS) for each in (name, base))
        what = f"{library}: {name} / {base}"
        return Row("S6", what, timing.ratio(taken, name, base), goal, note=note)

    for base, goal in _GOALS.items():
        yield row("httpx", "paymock", base, goal)
    for library, names in _CONTENDERS.items():
        for name in names[1:]:
            yield row(library, name, "floor")


MEASURES = (Measure("S6", "a call against mocks with fixed answers and servers: CPU time", _rows),)
