"""Executed instructions instead of time: the same on a busy machine as on a quiet one.

A run under cachegrind counts the start of Python, imports and set-up as well. Two runs that differ
only in how many rounds they make differ by those rounds alone.
"""

import re
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

from benchmarks.processes import BrokenRunError, run

MISSING = (
    "valgrind counts the instructions, and is not installed here "
    "(Debian and Ubuntu: apt install valgrind, Fedora: dnf install valgrind)"
)

_VALGRIND = ("valgrind", "--tool=cachegrind", "--cache-sim=no", "--cachegrind-out-file=/dev/null")

_TOTAL = re.compile(r"^==\d+==\s+I\s+refs:\s+([\d,]+)", re.MULTILINE)


def is_here() -> bool:
    """Say whether valgrind is installed."""
    return shutil.which("valgrind") is not None


def total(output: str) -> int:
    r"""Return the number of executed instructions from what cachegrind writes at the end of a run.

    Raises:
        BrokenRunError: if it stands nowhere in there.

    >>> total("==7== Command: python\n==7== I   refs:      1,234,567\n")
    1234567
    """
    found = _TOTAL.search(output)
    if found is None:
        raise BrokenRunError(f"cachegrind told no instruction count: ...{output[-2000:]}")
    return int(found[1].replace(",", ""))


def per_round(fewer: tuple[int, int], more: tuple[int, int]) -> float:
    """Return what one round costs, from two runs.

    Args:
        fewer: how many rounds a run made, and its instructions.
        more: the same of a run with more rounds.

    >>> per_round((10, 1_000), (30, 1_500))
    25.0
    """
    return (more[1] - fewer[1]) / (more[0] - fewer[0])


def count(arguments: Sequence[str], place: Path, *, more: Mapping[str, str] | None = None) -> int:
    """Return how many instructions a run of this Python executes.

    Args:
        arguments: for ``python``.
        place: the directory to run in.
        more: variables of the environment beside those of this process.

    Raises:
        BrokenRunError: if it fails.
    """
    return total(run(arguments, place, within=_VALGRIND, more=more))
