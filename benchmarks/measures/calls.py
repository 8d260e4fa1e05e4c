"""S3, S4, S5: what a call costs through each client library, against a floor that is canned."""

from collections.abc import Iterator
from functools import partial
from typing import NamedTuple

from benchmarks import instructions
from benchmarks.rows import Effort, Goal, Measure, Row, at_most


class _Wanted(NamedTuple):
    what: str
    name: str
    floor: str
    goal: Goal | None = None


_ALONE = "paymock, less what the guards do at the end of the test"

_WANTED = {
    "S3": (
        _Wanted("paymock", "httpx paymock", "httpx floor", at_most(1.12)),
        _Wanted(_ALONE, "httpx paymock calls", "httpx floor"),
        _Wanted("pytest-httpx, fixed answers", "httpx pytest-httpx", "httpx floor"),
        _Wanted("respx, fixed answers", "httpx respx", "httpx floor"),
        _Wanted("of it behind the client: tokenize", "fake tokenize", "httpx floor"),
        _Wanted("of that: read, check and mask the body", "fake card", "httpx floor"),
        _Wanted("of that: token, id, fingerprint", "fake token", "httpx floor"),
        _Wanted("of it behind the client: a payment", "fake pay", "httpx floor"),
        _Wanted("of that: read, check and search the body", "fake order", "httpx floor"),
        _Wanted("of that: draw, outcome, id, record", "fake payment", "httpx floor"),
        _Wanted("of it behind the client: look up", "fake get", "httpx floor"),
        _Wanted("of it behind the client: payment and refund", "fake pay, refund", "httpx floor"),
    ),
    "S4": (
        _Wanted("paymock", "requests paymock", "requests floor", at_most(1.08)),
        _Wanted(_ALONE, "requests paymock calls", "requests floor"),
        _Wanted("responses, fixed answers", "requests responses", "requests floor"),
        _Wanted("requests-mock, fixed answers", "requests requests-mock", "requests floor"),
    ),
    "S5": (
        _Wanted("paymock, async httpx", "async httpx paymock", "async httpx floor", at_most(1.15)),
        _Wanted("paymock, httpx2", "httpx2 paymock", "httpx2 floor", at_most(1.15)),
    ),
}


def _rows(measure: str, effort: Effort) -> Iterator[Row]:
    wanted = _WANTED[measure]
    names = dict.fromkeys(name for one in wanted for name in (one.floor, one.name))
    counted = instructions.per_call(list(names), effort)
    for what, name, floor, goal in wanted:
        if isinstance(counted, str):
            yield Row(measure, what, None, goal, note=counted)
        else:
            note = f"{counted[name]:,.0f} / {counted[floor]:,.0f}"
            yield Row(measure, what, counted[name] / counted[floor], goal, note=note)


MEASURES = tuple(
    Measure(name, title, partial(_rows, name))
    for name, title in (
        ("S3", "a call through httpx / the same on a canned MockTransport: instructions"),
        ("S4", "a call through requests / the same on a canned adapter: instructions"),
        ("S5", "a call through async httpx or httpx2 / on a canned MockTransport: instructions"),
    )
)
