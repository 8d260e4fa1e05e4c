"""Runs of Python in a process of their own."""

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
"""Of the checkout, from where the benchmarks are a package."""


class BrokenRunError(Exception):
    """A run failed; the message holds the end of what it said."""


def run(
    arguments: Sequence[str],
    place: Path,
    *,
    within: Sequence[str] = (),
    more: Mapping[str, str] | None = None,
) -> str:
    """Run this Python, and return what it wrote to standard error.

    Args:
        arguments: for ``python``.
        place: the directory to run in.
        within: the command that runs Python, if it is not run by itself.
        more: variables of the environment beside those of this process.

    Raises:
        BrokenRunError: if it fails.
    """
    done = subprocess.run(  # noqa: S603 - our own words
        [*within, sys.executable, *arguments],
        check=False,
        cwd=place,
        # Hashes of strings decide how often the keys of a dict collide.
        env={**os.environ, "PYTHONHASHSEED": "0", **(more or {})},
        capture_output=True,
        text=True,
    )
    if done.returncode:
        said = f"{done.stdout[-1000:]}\n{done.stderr[-3000:]}"
        raise BrokenRunError(f"python {' '.join(arguments)} ended with {done.returncode}: {said}")
    return done.stderr
