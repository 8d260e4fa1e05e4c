"""One turn of a contender, in a process of its own.

In one process for all, each runs in what the others have left behind: in memory that they have
scattered, with lookups that their patches have undone, from caches that hold their code. A suite
has one mock, and no others before it. That made paymock dearer by a tenth than it is by itself.
"""

import gc
import sys
from functools import partial

from benchmarks import contenders, processes, timing
from benchmarks.contenders import Contender

_REPEATS = 5
"""How often a process does its work: what it is the first time to do is done before."""


def seconds(name: str, count: int) -> float:
    """Return for how many seconds of a processor a contender runs some flows, once it is warm.

    Args:
        name: of the contender.
        count: of flows.

    Raises:
        BrokenRunError: if it fails.
    """
    said = processes.run(("-m", "benchmarks.turns", name, str(count)), processes.ROOT)
    return float(said)


def _timed(contender: Contender, count: int) -> float:
    with contender() as drive:
        drive(max(count // 10, 1))
        gc.collect()
        return timing.stopwatch(partial(drive, count))()


def _main(name: str, count: int) -> None:
    found = contenders.contender(name)
    _timed(found, 1)
    taken = [_timed(found, count) for _ in range(_REPEATS)]
    sys.stderr.write(repr(timing.median(taken)))


if __name__ == "__main__":
    _main(sys.argv[1], int(sys.argv[2]))
