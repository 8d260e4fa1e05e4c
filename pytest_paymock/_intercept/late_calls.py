"""Threads that run on after the end of their fake: what they call must not count in a newer one.

A pool's worker thread outlives its fake as well, and may serve the next test. So a thread is known
by what it was busy with at the end, as the outermost frame of the user's code on its stack: for as
long as that frame is there, the thread calls for the test that has ended.
"""

import sys
from threading import get_ident
from types import FrameType


class LateCalls:
    """The threads whose calls come too late, by their number, and what each is busy with."""

    def __init__(self) -> None:
        self._busy_with: dict[int, FrameType] = {}

    def expect(self, busy_with: dict[int, FrameType]) -> None:
        """Refuse the calls of threads until they have returned from a frame each.

        Args:
            busy_with: that frame, by the number of the thread.
        """
        if not busy_with and not self._busy_with:
            return
        # Those that have returned since are forgotten, and with a frame all that it holds.
        stacks = sys._current_frames()  # noqa: SLF001 - public by its documentation
        known = {**self._busy_with, **busy_with}
        self._busy_with = {
            ident: frame for ident, frame in known.items() if _has(stacks.get(ident), frame)
        }

    def is_one(self) -> bool:
        """Return whether what this thread calls now comes too late."""
        if not self._busy_with:
            return False
        frame = self._busy_with.get(get_ident())
        return frame is not None and _has(sys._getframe(), frame)  # noqa: SLF001 - as above


def _has(stack: FrameType | None, frame: FrameType) -> bool:
    while stack is not None and stack is not frame:
        stack = stack.f_back
    return stack is frame


LATE_CALLS = LateCalls()
"""Of this process, in which threads outlive fakes."""
