"""The gate of a race, at which the calls of its workers wait until they are chosen."""

import asyncio
import sys
import threading
from collections.abc import Callable
from typing import Any

import anyio

from pytest_paymock._explore.worker import WORKER, Worker
from pytest_paymock.errors import is_for_caller

__tracebackhide__ = is_for_caller


class Gate:
    """Where the calls of workers wait until they are chosen; all other calls pass."""

    def wait(self) -> None:
        """Wait with a call that is made without ``await``."""
        worker = _waiting()
        if worker is not None and not worker.blocks_all_workers():
            passed = threading.Event()
            worker.arrive(passed.set)
            passed.wait()
            worker.check()

    async def wait_async(self) -> None:
        """Wait with a call that is awaited."""
        worker = _waiting()
        if worker is not None:
            passed, wake = anyio.Event(), waker()

            def ticket() -> None:
                wake(passed.set)

            worker.arrive(ticket)
            try:
                await passed.wait()
            finally:
                worker.withdraw(ticket)
            worker.check()


def _waiting() -> Worker | None:
    """Return the worker whose call has to wait, if it is one's."""
    worker = WORKER.get()
    if worker is None:
        return None
    worker.check()
    return None if worker.is_over else worker


def waker() -> Callable[[Callable[[], object]], object]:
    """Return what runs a function in the loop that runs here, from any thread."""
    try:
        return asyncio.get_running_loop().call_soon_threadsafe
    except RuntimeError:
        token: Any = sys.modules["trio"].lowlevel.current_trio_token()
        wake: Callable[[Callable[[], object]], object] = token.run_sync_soon
        return wake
