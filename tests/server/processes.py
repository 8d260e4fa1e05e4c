"""Servers in processes of their own, read line by line and stopped as a person stops them."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

PATIENCE = 60
"""How many seconds a process has to end; longer is a failure."""


class Process:
    """A program that prints what it does."""

    def __init__(self, *arguments: str, env: dict[str, str] | None = None) -> None:
        self._process = subprocess.Popen(  # noqa: S603 - our own program
            [sys.executable, *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            env={**os.environ, "PYTHONUNBUFFERED": "1", **(env or {})},
        )
        assert self._process.stdout is not None
        self._output = self._process.stdout
        self.lines: list[str] = []

    def read_until(self, words: str) -> str:
        """Return the first line that holds some words."""
        for line in self._output:
            self.lines.append(line.rstrip("\n"))
            if words in line:
                return self.lines[-1]
        raise AssertionError(f"{words!r} is in none of {self.lines}")

    def interrupt(self) -> int:
        """Press Ctrl-C, read the rest, and return the exit status."""
        self._process.send_signal(signal.SIGINT)
        return self.end()

    def end(self) -> int:
        """Read the rest and return the exit status."""
        output, _ = self._process.communicate(timeout=PATIENCE)
        self.lines += output.splitlines()
        return self._process.returncode

    def terminate(self) -> int:
        """End the process as a supervisor does, read the rest, and return the exit status."""
        self._process.terminate()
        return self.end()

    def stop_reading(self) -> None:
        """Close the pipe into which the process prints."""
        self._output.close()

    def kill(self) -> None:
        """End the process, if it has not ended."""
        self._process.kill()
        self._process.wait(PATIENCE)
        self._output.close()


@contextmanager
def process(*arguments: str, **how: Any) -> Iterator[Process]:
    """Run a program for the time of a block."""
    running = Process(*arguments, **how)
    try:
        yield running
    finally:
        running.kill()


@contextmanager
def serving(*options: str, **how: Any) -> Iterator[tuple[Process, str]]:
    """Run ``paymock serve`` on a free port, and give the base URL that it says."""
    command = ("-m", "pytest_paymock.server.cli", "serve", "--host", "127.0.0.1", "--port", "0")
    with process(*command, *options, **how) as running:
        greeting = running.read_until("paymock ")
        running.read_until("Ctrl-C stops it.")
        yield running, greeting.partition(" at ")[2].partition(" ")[0]
