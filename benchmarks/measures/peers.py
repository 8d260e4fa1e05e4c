"""S6: paymock, which decides and remembers, against mocks with fixed answers, in time."""

from collections.abc import Iterator
from functools import partial

from benchmarks import contenders, flows, timing
from benchmarks.rows import Effort, Goal, Measure, Row, at_most

_GOALS = {"httpx pytest-httpx": at_most(0.97), "httpx respx": at_most(0.65)}

_HTTPX = ("floor", "paymock", "pytest-httpx", "respx", "pytest-httpserver", "live server")
_REQUESTS = (
    *("floor", "paymock", "responses", "requests-mock"),
    *("pytest-httpserver", "live server"),
)


def _turn(name: str, count: int) -> float:
    with contenders.contender(name)() as drive:
        drive(max(count // 10, 1))
        return timing.stopwatch(partial(drive, count))()


def _samples(library: str, names: tuple[str, ...], effort: Effort) -> timing.Samples:
    full = [f"{library} {name}" for name in names]
    works = {name: partial(_turn, name, effort.of(50, 1)) for name in full}
    return timing.interleaved(works, effort.of(21, 1))


def _row(samples: timing.Samples, name: str, base: str, goal: Goal | None, count: int) -> Row:
    note = " / ".join(timing.shown(samples, each, count * flows.CALLS) for each in (name, base))
    what = f"{name}: time of a call / {base}"
    return Row("S6", what, timing.ratio(samples, name, base), goal, note=note)


def _rows(effort: Effort) -> Iterator[Row]:
    count = effort.of(50, 1)
    samples = _samples("httpx", _HTTPX, effort)
    for base, goal in _GOALS.items():
        yield _row(samples, "httpx paymock", base, goal, count)
    samples |= _samples("requests", _REQUESTS, effort)
    for name in samples:
        floor = f"{name.partition(' ')[0]} floor"
        if name != floor:
            yield _row(samples, name, floor, None, count)


MEASURES = (Measure("S6", "against fixed answers", _rows),)
