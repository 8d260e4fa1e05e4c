"""S9 and S10: what it costs to remember much."""

import gc
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

import httpx

from benchmarks import contenders, flows, timing
from benchmarks.grown import calls, grown, histories
from benchmarks.ours import SURE
from benchmarks.rows import Effort, Goal, Measure, Row, Unit, at_most
from pytest_paymock import Paymock

_OTHERS = (
    *("httpx pytest-httpx", "httpx respx"),
    *("requests responses", "requests requests-mock"),
)


def _ours(count: int) -> tuple[float, float]:
    """Return how many bytes are kept of a call: of its record, and with all that came of it."""
    sent = flows.card()
    with httpx.Client() as client, Paymock(success_rate=SURE) as paymock:
        flows.run(client, flows.BASE_URL, sent, 1)
        paymock.reset()
        with _traced() as kept:
            flows.run(client, flows.BASE_URL, sent, count)
            everything = kept()
            snapshot = paymock.snapshot()
            for entry in snapshot.entries():
                entry.call = None
            paymock.restore(snapshot)
            paymock.assert_no_calls()
            records = everything - kept()
        paymock.reset()  # payments without their calls are no state to be judged at the end
    calls_made = count * flows.CALLS
    return records / calls_made, everything / calls_made


def _theirs(name: str, count: int) -> float:
    """Return how many bytes another mock keeps of a call."""
    with contenders.contender(name)() as drive:
        drive(1)
        with _traced() as kept:
            drive(count)
            return kept() / (count * flows.CALLS)


@contextmanager
def _traced() -> Iterator[Callable[[], int]]:
    """Count the bytes that are allocated and kept from now on."""

    def kept() -> int:
        gc.collect()
        return tracemalloc.get_traced_memory()[0]

    gc.collect()
    tracemalloc.start()
    try:
        yield kept
    finally:
        tracemalloc.stop()


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
    count = effort.of(2500, 2)
    record, everything = _ours(count)
    yield Row("S9", "memory of the record of a call", record, at_most(600), Unit.BYTES)
    what = "the same, with the tokens, payments and refunds themselves"
    yield Row("S9", what, everything, unit=Unit.BYTES)
    for name in _OTHERS:
        what = f"memory of a call in {name.partition(' ')[2]}"
        yield Row("S9", what, _theirs(name, count), unit=Unit.BYTES)
    sizes = effort.of(100_000, 40), effort.of(1_000, 4)
    flows_a_turn = effort.of(50, 1)
    samples = _growth(calls, sizes, flows_a_turn, effort.of(41, 1))
    what = f"CPU time of a call when {sizes[0]:,} are recorded / {sizes[1]:,}"
    yield _row("S9", what, samples, at_most(1.10), flows_a_turn * flows.CALLS)


def _history(effort: Effort) -> Iterator[Row]:
    sizes = effort.of(100_000, 200), 100
    asked = effort.of(100, 1)
    samples = _growth(histories, sizes, asked, effort.of(41, 1))
    what = f"10 of {sizes[0]:,} payments / 10 of {sizes[1]:,}"
    yield _row("S10", what, samples, at_most(1.2), asked)


MEASURES = (
    Measure("S9", "to remember calls", _remembering),
    Measure("S10", "the history of a customer: CPU time", _history),
)
