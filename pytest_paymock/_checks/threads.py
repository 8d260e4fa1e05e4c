"""Threads that called a fake and run on after its end."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from types import FrameType

from pytest_paymock._intercept.mount import Mount

_OURS = str(Path(__file__).parent.parent)
_STANDARD_LIBRARY = str(Path(os.__file__).parent)
_INSTALLED = "site-packages", "dist-packages"


def busy_threads(mount: Mount) -> dict[int, FrameType]:
    """Return the threads that have called a fake and are in the user's code still.

    A thread that was there before the fake is not the test's: it may be a server of the module. One
    whose stack holds nothing but libraries waits for work, as the idle worker of a pool does. That
    is how a library's own thread looks too, whatever it does; there is no telling.

    Args:
        mount: the fake's.

    Returns:
        the outermost frame of the user's code, by the number of the thread.
    """
    if not mount.threads:
        return {}
    stacks = sys._current_frames()  # noqa: SLF001 - public by its documentation
    # A greenlet has no number of a thread.
    found = {
        ident: _outermost(stacks[ident])
        for ident, thread in mount.threads.items()
        if ident in stacks and thread.is_alive() and thread not in mount.older_threads
    }
    return {ident: frame for ident, frame in found.items() if frame is not None}


def _outermost(stack: FrameType) -> FrameType | None:
    frames = [frame for frame in _frames(stack) if _is_of_user(frame)]
    return frames[-1] if frames else None


def _frames(frame: FrameType | None) -> Iterator[FrameType]:
    while frame is not None:
        yield frame
        frame = frame.f_back


def _is_of_user(frame: FrameType) -> bool:
    file = frame.f_code.co_filename
    if file.startswith((_OURS, _STANDARD_LIBRARY, "<frozen ")):
        return False
    return not any(name in file for name in _INSTALLED)
