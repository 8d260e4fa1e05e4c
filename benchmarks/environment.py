"""The few variables of the environment with which everything here runs.

``requests`` reads all of them at each call, so that their number would decide how its floor and
everything above it compare; and some of them change how Python, pytest or a client behaves.
"""

import os

KEPT = ("PATH", "HOME", "TMPDIR", "TEMP", "SYSTEMROOT", "USERPROFILE", "LANG")


def trim() -> None:
    """Drop all other variables, for this process and those that it starts."""
    for name in list(os.environ):
        if name not in KEPT:
            del os.environ[name]
