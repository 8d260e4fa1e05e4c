"""Counts of instructions by name, such as what one call costs each contender."""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor

from benchmarks import cachegrind, contenders, flows, processes
from benchmarks.rows import Effort

FEWER, MORE = 40, 120
"""How many flows the two runs make whose difference is counted."""


def counted(
    names: Sequence[str],
    effort: Effort,
    *,
    count: Callable[[str], float],
    once: Callable[[str], object],
) -> Mapping[str, float] | str:
    """Return a count by name, or in words why there is none.

    Args:
        names: what is counted.
        effort: under ``short`` nothing is.
        count: counts one of them, several at a time if ``effort`` says so.
        once: runs one without counting: in any case what would be counted has to work.
    """
    if effort.short or not cachegrind.is_here():
        for name in names:
            once(name)
        return cachegrind.MISSING
    with ThreadPoolExecutor(effort.jobs) as pool:
        return dict(zip(names, pool.map(count, names), strict=True))


def per_call(names: Sequence[str], effort: Effort) -> Mapping[str, float] | str:
    """Return for each contender what one call costs, or in words why that is not known.

    Args:
        names: of contenders.
        effort: under ``short`` each runs the flow once and nothing is counted.
    """
    return counted(names, effort, count=_count, once=lambda name: contenders.run(name, 1))


def _count(name: str) -> float:
    arguments = ("-m", "benchmarks.contenders", name)
    # Once without valgrind, so that no module has to be compiled in a run that counts.
    processes.run((*arguments, "1"), processes.ROOT)
    fewer, more = (
        cachegrind.count((*arguments, str(flow)), processes.ROOT) for flow in (FEWER, MORE)
    )
    return cachegrind.per_round((FEWER, fewer), (MORE, more)) / flows.CALLS
