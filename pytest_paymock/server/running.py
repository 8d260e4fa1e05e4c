"""A server that runs: uvicorn on sockets of ours, in this thread or in one of its own."""

import asyncio
import socket
import time
from collections.abc import Callable, Coroutine, Sequence
from threading import Event, Thread
from types import FrameType
from typing import Any

import uvicorn

from pytest_paymock.errors import UsageError, is_for_caller
from pytest_paymock.server import listening
from pytest_paymock.server.application import Application
from pytest_paymock.server.connections import Protocol
from pytest_paymock.server.fake import ServerPaymock
from pytest_paymock.server.serving import Serving

__tracebackhide__ = is_for_caller


class SteadyLoop(asyncio.SelectorEventLoop):
    """An event loop whose clock goes on while a test has frozen the time of its process."""

    def time(self, *, now: Callable[[], float] = time.monotonic) -> float:
        """Return the real time: a default argument is out of reach of freezegun."""
        return now()


class Uvicorn(uvicorn.Server):
    """uvicorn without its tick, which a frozen clock would stop, and with clients disconnected."""

    def __init__(self, serving: Serving) -> None:
        config = uvicorn.Config(
            Application(serving),
            http=Protocol,
            ws="none",
            lifespan="off",
            # Logging is the business of the process that we are in.
            log_config=None,
            # Whose request it is decides who may control the fake; no header may say.
            proxy_headers=False,
            server_header=False,
            date_header=False,
        )
        super().__init__(config)
        self._serving = serving
        self._loop: asyncio.AbstractEventLoop | None = None
        self._over = asyncio.Event()
        self.up = Event()

    async def serve(self, sockets: list[socket.socket] | None = None) -> None:
        """Serve until the server is stopped."""
        self._loop = asyncio.get_running_loop()
        await super().serve(sockets)

    async def main_loop(self) -> None:
        """Wait until the server is stopped."""
        self.up.set()
        await self._over.wait()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Close the sockets, and with them every connection."""
        await self._serving.connections.hang_up()
        self._serving.connections.close_all()
        await super().shutdown(sockets)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Stop on a signal."""
        super().handle_exit(sig, frame)
        self.stop()

    def stop(self) -> None:
        """Stop the server, from any thread or from a signal's handler."""
        self.should_exit = True
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._over.set)

    def hang_up(self) -> None:
        """Disconnect the clients that wait for an answer. Called from another thread."""
        if self._loop is not None and not self._loop.is_closed():
            work: Coroutine[Any, Any, None] = self._serving.connections.hang_up()
            asyncio.run_coroutine_threadsafe(work, self._loop).result()


def run(server: uvicorn.Server, sockets: Sequence[socket.socket]) -> None:
    """Run a server in this thread until it is stopped."""
    with asyncio.Runner(loop_factory=SteadyLoop) as runner:
        runner.run(server.serve(list(sockets)))


class LiveServer:
    """A server in a thread of its own, on a free port of this machine, for one fake at a time."""

    def __init__(self, serving: Serving | None = None) -> None:
        self._serving = serving or Serving()
        self._server = Uvicorn(self._serving)
        self._sockets = listening.listen("127.0.0.1", 0)
        self._port: int = self._sockets[0].getsockname()[1]
        self._failed: BaseException | None = None
        self._thread = Thread(target=self._run, name="paymock server", daemon=True)

    @property
    def url(self) -> str:
        """The base URL of what it serves."""
        return f"http://127.0.0.1:{self._port}{self._serving.prefix}"

    def start(self) -> None:
        """Begin to answer.

        Raises:
            BaseException: whatever kept the server from starting.
        """
        self._thread.start()
        self._server.up.wait()
        if self._failed is not None:
            raise self._failed

    def stop(self) -> None:
        """Close every connection and the port, and return when the thread has ended."""
        self._server.stop()
        if self._thread.ident is not None:
            self._thread.join()
        listening.close(self._sockets)

    def admit(self, fake: ServerPaymock) -> Callable[[], None]:
        """Let a fake answer, and return what takes it away again.

        Raises:
            UsageError: if another one is served.
        """
        if self._serving.fake is not None:
            raise UsageError("the live server serves one fake at a time; another one is active")
        self._serving.fake = fake

        def leave() -> None:
            self._serving.fake = None
            self.hang_up()

        return leave

    def hang_up(self) -> None:
        """Disconnect the clients that still wait for an answer."""
        self._server.hang_up()

    def _run(self) -> None:
        try:
            run(self._server, self._sockets)
        except BaseException as error:  # noqa: BLE001 - told in the thread that waits for it
            self._failed = error
        finally:
            self._server.up.set()
