"""Times taken in turns, so that whatever else the machine does meets all of them alike.

It is the time of the processor that a process was given, all of its threads together: on a machine
with nothing else to do the same as that of the clock, less what a client waits for a server.
"""

import gc
import time
from collections.abc import Callable, Mapping, Sequence
from statistics import median

__all__ = ["Samples", "interleaved", "median", "ratio", "shown", "stopwatch"]

Samples = dict[str, list[float]]


def stopwatch(work: Callable[[], object]) -> Callable[[], float]:
    """Return a function that does some work and returns how many seconds that took."""

    def seconds() -> float:
        begun = time.process_time()
        work()
        return time.process_time() - begun

    return seconds


def interleaved(works: Mapping[str, Callable[[], float]], rounds: int) -> Samples:
    """Take turns, and return the seconds of each work, a number a round.

    Each round begins with another one, so that none always comes after the same.

    Args:
        works: each does its work once and returns how many seconds it took.
        rounds: how many turns each gets.
    """
    names = list(works)
    samples: Samples = {name: [] for name in names}
    for number in range(rounds):
        first = number % len(names)
        for name in (*names[first:], *names[:first]):
            gc.collect()  # what the one before has left is not to be swept up by this one
            samples[name].append(works[name]())
    return samples


def ratio(samples: Mapping[str, Sequence[float]], name: str, base: str) -> float:
    """Return how much longer one takes than another: the median of the ratios within each round.

    >>> ratio({"a": [2.0, 9.0, 4.0], "b": [1.0, 1.0, 2.0]}, "a", "b")
    2.0
    """
    pairs = zip(samples[name], samples[base], strict=True)
    return median(mine / other for mine, other in pairs)


def shown(samples: Mapping[str, Sequence[float]], name: str, count: int) -> str:
    """Return the median time of one piece of work of which a turn had some, for orientation.

    >>> shown({"a": [0.002, 0.001, 0.004]}, "a", 10)
    '200.0 us'
    """
    return f"{median(samples[name]) / count * 1e6:.1f} us"
