"""Long lists and lines, shortened for a terminal.

No word is cut, and no list loses its ends.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice
from textwrap import wrap

WIDTH = 80
"""The usual width of a terminal in columns."""

_PLACES = re.compile(r"(  +(?=\S)| (?=\()| (?=refunded by ))")
"""Where a line is broken first: between its columns, and before a remark."""

_INDENT = " " * 7


def kept(total: int, matters: Sequence[int], most: int) -> list[int]:
    """Return the indexes of the items to show, in order; all if they are few enough.

    >>> kept(100, [50], 7)
    [0, 1, 49, 50, 51, 98, 99]

    Args:
        total: how many items there are.
        matters: the indexes of those that should be shown, in order.
        most: how many may be shown.
    """
    if total <= most:
        return list(range(total))
    first = [matters[at] for at in _from_both_ends(len(matters))]
    around = (place + step for place in first for step in (-1, 1))
    wanted = chain((0, total - 1), first, around, _from_both_ends(total))
    distinct = dict.fromkeys(place for place in wanted if 0 <= place < total)
    return sorted(islice(distinct, most))


def _from_both_ends(total: int) -> Iterator[int]:
    for place in range(total):
        yield place
        yield total - 1 - place


def with_gaps(places: Iterable[int], total: int) -> Iterator[tuple[int, int]]:
    """Yield each index with the number of items left out before it, and last the total.

    >>> list(with_gaps([0, 1, 5], 8))
    [(0, 0), (1, 0), (5, 3), (8, 2)]
    """
    after = 0
    for place in chain(places, (total,)):
        yield place, place - after
        after = place + 1


def wrapped(line: str, width: int = WIDTH) -> list[str]:
    """Return a line broken into lines that fit, where it can be broken.

    >>> wrapped("  1  httpx  POST /payments  -  fault: disconnect (the API never acted)", 50)
    ['  1  httpx  POST /payments  -  fault: disconnect', '       (the API never acted)']
    """
    if "  " not in line.strip():
        return _at_words(line, width)  # a sentence, which has no columns
    words = line.lstrip(" ")
    first, *rest = _PLACES.split(words)
    lines = [line[: len(line) - len(words)] + first]
    for space, part in zip(rest[::2], rest[1::2], strict=True):
        if len(lines[-1]) + len(space) + len(part) <= width:
            lines[-1] += space + part
        else:
            lines.append(f"{_INDENT}{part}")
    return [short for long in lines for short in _at_words(long, width)]


def _at_words(line: str, width: int) -> list[str]:
    words = line.lstrip(" ")
    return wrap(
        words,
        width,
        initial_indent=line[: len(line) - len(words)],
        subsequent_indent=_INDENT,
        break_long_words=False,
        break_on_hyphens=False,
        expand_tabs=False,
        replace_whitespace=False,
    ) or [line]
