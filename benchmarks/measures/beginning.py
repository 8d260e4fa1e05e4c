"""S2: what paymock costs a test before its first call and after its last one."""

from collections.abc import Iterator

import respx
from responses import RequestsMock

from benchmarks import timing
from benchmarks.rows import Effort, Measure, Row, at_most
from pytest_paymock import Paymock


def _ours(count: int) -> None:
    for _ in range(count):
        with Paymock():
            pass


def _bare(count: int) -> None:
    for _ in range(count):
        with respx.mock, RequestsMock():
            pass


def _rows(effort: Effort) -> Iterator[Row]:
    count = effort.of(100, 1)
    works = {
        "paymock": timing.stopwatch(lambda: _ours(count)),
        "bare": timing.stopwatch(lambda: _bare(count)),
    }
    samples = timing.interleaved(works, effort.of(31, 1))
    yield Row(
        "S2",
        "paymock / respx.mock and RequestsMock, both empty",
        timing.ratio(samples, "paymock", "bare"),
        at_most(0.20),
        note=" / ".join(timing.shown(samples, name, count) for name in works),
    )


MEASURES = (Measure("S2", "set-up and tear-down in a test: CPU time", _rows),)
