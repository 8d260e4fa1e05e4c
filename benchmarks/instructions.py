"""What one call costs each contender, in instructions."""

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor

from benchmarks import cachegrind, contenders, flows, processes
from benchmarks.rows import Effort

FEWER, MORE = 40, 120
"""How many flows the two runs make whose difference is counted."""


def per_call(names: Sequence[str], effort: Effort) -> Mapping[str, float] | str:
    """Return for each contender what one call costs, or in words why that is not known.

    Args:
        names: of contenders.
        effort: under ``short`` each runs the flow once and nothing is counted.
    """
    if effort.short or not cachegrind.is_here():
        # In any case what would be counted has to work.
        for name in names:
            contenders.run(name, 1)
        return cachegrind.MISSING
    with ThreadPoolExecutor(effort.jobs) as pool:
        return dict(zip(names, pool.map(_count, names), strict=True))


def _count(name: str) -> float:
    arguments = ("-m", "benchmarks.contenders", name)
    # Once without valgrind, so that no module has to be compiled in a run that counts.
    processes.run((*arguments, "1"), processes.ROOT)
    fewer, more = (
        cachegrind.count((*arguments, str(flow)), processes.ROOT) for flow in (FEWER, MORE)
    )
    return cachegrind.per_round((FEWER, fewer), (MORE, more)) / flows.CALLS
