"""Warnings that point at the user's line, never at ours."""

import contextlib
import inspect
import os
import warnings
from pathlib import Path
from typing import NamedTuple

from pytest_paymock.errors import PaymockWarning, is_for_caller

__tracebackhide__ = is_for_caller

_NOT_OF_USER = (
    f"{Path(__file__).parent.parent}/".replace("\\", "/"),
    contextlib.__file__.replace("\\", "/"),
)
"""Code between the user's line and a warning: our own, and ``contextlib``."""


class SourceLocation(NamedTuple):
    """A line of the user's code; ``module`` is the name for filters of warnings."""

    file: str
    line: int
    module: str


def warn(words: str, place: SourceLocation | None) -> None:
    """Give a warning of ours.

    Args:
        words: what it says.
        place: where it points; None for the line from which we were called.
    """
    if place is None:
        warnings.warn(words, PaymockWarning, stacklevel=_steps_to_user())
    else:
        file = os.path.normpath(place.file)
        warnings.warn_explicit(words, PaymockWarning, file, place.line, place.module)


def _steps_to_user() -> int:
    """Return the ``stacklevel``, for our caller, of the first frame that is not ours."""
    # From Python 3.12 on, ``skip_file_prefixes`` does this.
    frame, steps = inspect.currentframe(), 0
    while frame is not None and frame.f_code.co_filename.replace("\\", "/").startswith(
        _NOT_OF_USER
    ):
        frame, steps = frame.f_back, steps + 1
    return steps
