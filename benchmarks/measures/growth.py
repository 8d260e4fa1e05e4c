"""S9 and S10: what it costs to remember much."""

import gc
import tracemalloc
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import httpx

from benchmarks import flows, timing
from benchmarks.grown import calls, grown, histories
from benchmarks.ours import SURE
from benchmarks.rows import Effort, Goal, Measure, Row, Unit, at_most
from pytest_paymock import Paymock


def _bytes_a_call(count: int) -> float:
    """Return how much memory is kept of a call: its record, and what the API knows by it."""
    sent = flows.card()
    with httpx.Client() as client, Paymock(success_rate=SURE) as paymock:
        flows.run(client, flows.BASE_URL, sent, 25)
        paymock.reset()
        gc.collect()
        tracemalloc.start()
        flows.run(client, flows.BASE_URL, sent, count)
        gc.collect()
        kept, _ = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    return kept / (count * flows.CALLS)


def _growth(
    target: Callable[[Any, int], None], sizes: tuple[int, int], count: int, rounds: int
) -> timing.Samples:
    many, few = sizes
    with grown(target, many) as at_many, grown(target, few) as at_few:
        works = {"many": partial(at_many, count), "few": partial(at_few, count)}
        timing.interleaved(works, 1)  # caches are filled by the first turn
        return timing.interleaved(works, rounds)


def _row(measure: str, what: str, samples: timing.Samples, goal: Goal, calls: int) -> Row:
    note = " / ".join(timing.shown(samples, name, calls) for name in ("many", "few"))
    return Row(measure, what, timing.ratio(samples, "many", "few"), goal, note=note)


def _remembering(effort: Effort) -> Iterator[Row]:
    kept = _bytes_a_call(effort.of(5000, 10))
    yield Row("S9", "memory kept of a call", kept, at_most(600), Unit.BYTES)
    sizes = effort.of(100_000, 40), effort.of(1_000, 4)
    flows_a_turn = effort.of(50, 1)
    samples = _growth(calls, sizes, flows_a_turn, effort.of(41, 1))
    what = f"time of a call when {sizes[0]:,} are recorded / when {sizes[1]:,} are"
    yield _row("S9", what, samples, at_most(1.10), flows_a_turn * flows.CALLS)


def _history(effort: Effort) -> Iterator[Row]:
    sizes = effort.of(100_000, 200), 100
    asked = effort.of(100, 1)
    samples = _growth(histories, sizes, asked, effort.of(41, 1))
    what = f"history of a customer with 10 of {sizes[0]:,} payments / with 10 of {sizes[1]:,}"
    yield _row("S10", what, samples, at_most(1.2), asked)


MEASURES = (
    Measure("S9", "to remember calls", _remembering),
    Measure("S10", "to find a customer's payments", _history),
)
