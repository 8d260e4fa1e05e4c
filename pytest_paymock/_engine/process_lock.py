"""A lock of which a forked process gets one of its own."""

from os import getpid
from threading import RLock


class ProcessLock:
    """A lock for each process: ``with lock.here: ...``.

    A process that was forked while another thread held a lock has a copy of it that nobody will
    ever release, since that thread is missing there. So it gets a lock of its own.
    """

    def __init__(self) -> None:
        self._locks: dict[int, RLock] = {}

    @property
    def here(self) -> RLock:
        """The lock of this process; the thread that holds it may take it again."""
        process = getpid()
        return self._locks.get(process) or self._locks.setdefault(process, RLock())
