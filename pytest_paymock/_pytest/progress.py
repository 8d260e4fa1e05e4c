"""Where a long exploration stands, on a terminal, while its test runs."""

import sys
from typing import Any

import pytest

from pytest_paymock._explore.worlds import Progress, Watch, unwatched
from pytest_paymock._text.worlds import progress

_PATIENCE, _INTERVAL = 2.0, 0.2
"""After how many seconds a line is shown, and how often it changes."""

_ROOM = 32
"""How many columns have to be free behind what pytest has written."""


def watch(config: pytest.Config) -> Watch:
    """Return what shows how far a loop over worlds has come; without a terminal, nothing does."""
    terminal = config.pluginmanager.get_plugin("terminalreporter")
    capture = config.pluginmanager.get_plugin("capturemanager")
    if not (terminal and capture and terminal.isatty) or config.get_verbosity() < 0:
        return unwatched
    return _Line(config.get_terminal_writer(), capture).show


class _Line:
    """A few words behind what pytest has written, written again and again, and then taken back."""

    def __init__(self, writer: Any, capture: Any) -> None:
        self._writer = writer
        self._capture = capture
        self._shown_at = 0.0
        self._width = 0

    def show(self, reached: Progress | None) -> None:
        """Show how far a loop has come; None takes it back."""
        if reached is None:
            if self._width:
                self._write("")
            self._shown_at = 0.0
        elif reached.seconds >= max(_PATIENCE, self._shown_at + _INTERVAL):
            self._shown_at = reached.seconds
            self._write(progress(*reached))

    def _write(self, text: str) -> None:
        if self._writer.width_of_current_line + _ROOM > self._writer.fullwidth:
            return
        gone = " " * (self._width - len(text))
        self._width = len(text)
        with self._capture.global_and_fixture_disabled():
            # Not by the terminal's own writer, which would count it as a part of pytest's line.
            sys.stdout.write(f"{text}{gone}" + "\b" * (len(text) + len(gone)))
            sys.stdout.flush()
