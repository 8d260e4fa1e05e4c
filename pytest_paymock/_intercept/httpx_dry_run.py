"""What a client of the httpx library cannot send, found out before the API could act on it.

A token that was read with its line break, a length that counts characters, a timeout that came as
text: such a request never leaves a real client. Nothing here imitates how it is refused. A request
that is in any way out of the ordinary is written by the genuine httpcore and h11 to a connection
that takes all and hangs up, and raises what it raises on a network.
"""

import errno
import os
from copy import copy
from typing import Any, NoReturn

from pytest_paymock._api.http import NO_TIMEOUTS, Disturbed, Failure
from pytest_paymock._intercept.httpx_network import (
    AsyncConnection,
    AsyncNetwork,
    Connection,
    Network,
    Reader,
    beneath_async,
    mapped,
)
from pytest_paymock._intercept.wire import Attempts, DryRun, set_timeout

_HANGS_UP = DryRun(Disturbed(None, Failure.HANG_UP))


def dry_run(library: Any, transport: Any, request: Any) -> bool:
    """Let a client write a request, and raise what it raises if it cannot.

    Args:
        library: the library.
        transport: that of the client.
        request: its body has been read.

    Returns:
        whether it could read an answer: one that cannot finds out when the API has acted.
    """
    __tracebackhide__ = True
    network = DryRunNetwork(library.core, _HANGS_UP)
    try:
        library.genuine(network.transport(transport), _twin(request))
    except Exception:
        if network.hears is None:
            raise
    return bool(network.hears)


async def dry_run_async(library: Any, transport: Any, request: Any) -> bool:
    """Do as :func:`dry_run`, for async clients."""
    __tracebackhide__ = True
    network = AsyncDryRunNetwork(library.core, _HANGS_UP)
    try:
        await library.genuine_async(network.transport(transport), _twin(request))
    except Exception:
        if network.hears is None:
            raise
    return bool(network.hears)


def _twin(request: Any) -> Any:
    """Return the same request, of whose sending nobody is told: a user may trace the real one."""
    twin = copy(request)
    twin.stream = request.stream
    twin.extensions = {"timeout": request.extensions.get("timeout", NO_TIMEOUTS)}
    return twin


def _wait(timeout: Any, too_slow: Any) -> None:
    """Find out whether the library beneath an async client would wait for so long, and come to it.

    Args:
        timeout: in seconds.
        too_slow: the exception of httpcore where it would not wait at all.
    """
    beneath = beneath_async()
    with beneath.deadline(timeout):
        pass
    if timeout is not None and timeout <= 0:
        mapped(too_slow, beneath.too_slow())


def _would_block(kind: Any, number: int) -> NoReturn:
    """Raise as httpcore does where a socket would have to wait and does not."""
    mapped(kind, BlockingIOError(number, os.strerror(number)))


class _Stream(Connection):
    """A connection that waits for no other time than a socket would, for sync clients."""

    def __init__(self, reader: Reader, network: "DryRunNetwork") -> None:
        super().__init__(reader)
        self._network = network

    def read(self, max_bytes: int, timeout: Any = None) -> bytes:
        """Return what comes, if a socket would wait as long as that."""
        self._network.hears = False
        set_timeout(timeout)
        if timeout == 0:
            _would_block(self._reader.core.ReadError, errno.EAGAIN)
        self._network.hears = True
        return super().read(max_bytes)

    def write(self, buffer: bytes, timeout: Any = None) -> None:  # noqa: ARG002
        """Take some bytes, if a socket would wait as long as that."""
        set_timeout(timeout)


class _AsyncStream(AsyncConnection):
    """The same for async clients."""

    def __init__(self, reader: Reader, network: "AsyncDryRunNetwork") -> None:
        super().__init__(reader)
        self._network = network

    async def read(self, max_bytes: int, timeout: Any = None) -> bytes:
        """Return what comes, if the library beneath would wait as long as that."""
        self._network.hears = False
        _wait(timeout, self._reader.core.ReadTimeout)
        self._network.hears = True
        return await super().read(max_bytes)

    async def write(self, buffer: bytes, timeout: Any = None) -> None:  # noqa: ARG002
        """Take some bytes, if the library beneath would wait as long as that."""
        _wait(timeout, self._reader.core.WriteTimeout)


class DryRunNetwork(Network):
    """A network on which a client cannot wait for any time, for sync clients.

    ``hears`` says whether it could read an answer, None before it has tried to.
    """

    hears: bool | None = None

    def __init__(self, core: Any, attempts: Attempts | DryRun) -> None:
        super().__init__(core, attempts)
        self._stream = lambda reader: _Stream(reader, self)

    def connect_tcp(self, host: str, port: int, timeout: Any = None, **_: Any) -> Any:
        """Connect, if a socket would wait as long as that."""
        set_timeout(timeout)
        if timeout == 0:
            _would_block(self._core.ConnectError, errno.EINPROGRESS)
        return super().connect_tcp(host, port)


class AsyncDryRunNetwork(AsyncNetwork):
    """The same for async clients."""

    hears: bool | None = None

    def __init__(self, core: Any, attempts: Attempts | DryRun) -> None:
        super().__init__(core, attempts)
        self._stream = lambda reader: _AsyncStream(reader, self)

    async def connect_tcp(self, host: str, port: int, timeout: Any = None, **_: Any) -> Any:
        """Connect, if the library beneath would wait as long as that."""
        _wait(timeout, self._core.ConnectTimeout)
        return await super().connect_tcp(host, port)
