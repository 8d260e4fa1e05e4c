"""Which items of a long list are worth their lines: the ends, and what lies around what matters."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice


def kept(total: int, matters: Sequence[int], most: int) -> list[int]:
    """Return the places of the items to show, in order; all of them if they are few enough.

    >>> kept(100, [50], 7)
    [0, 1, 49, 50, 51, 98, 99]

    Args:
        total: how many items there are.
        matters: the places of those that should be seen, in order.
        most: how many may be shown.
    """
    if total <= most:
        return list(range(total))
    around = (place + step for place in matters for step in (-1, 1))
    wanted = chain((0, total - 1), matters, around, _from_both_ends(total))
    distinct = dict.fromkeys(place for place in wanted if 0 <= place < total)
    return sorted(islice(distinct, most))


def _from_both_ends(total: int) -> Iterator[int]:
    for place in range(total):
        yield place
        yield total - 1 - place


def with_gaps(places: Iterable[int], total: int) -> Iterator[tuple[int, int]]:
    """Yield each place with the number of items that are left out before it; at last the total.

    >>> list(with_gaps([0, 1, 5], 8))
    [(0, 0), (1, 0), (5, 3), (8, 2)]
    """
    after = 0
    for place in chain(places, (total,)):
        yield place, place - after
        after = place + 1
