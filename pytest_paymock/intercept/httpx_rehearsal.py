"""What a client of the httpx family cannot send, found out before the API could act on it.

A token that was read with its line break, a length that counts characters, a timeout that came as
text: such a request never leaves a real client. Nothing here imitates how it is refused. A request
that is in any way out of the ordinary is written by the genuine httpcore and h11 to a connection
that takes all and hangs up, and raises what it raises on a network.
"""

import errno
import os
from contextlib import suppress
from copy import copy
from typing import Any

from pytest_paymock.api.messages import NO_TIMEOUTS, Disturbed, Failure
from pytest_paymock.intercept.httpx_network import (
    AsyncConnection,
    AsyncNetwork,
    Connection,
    Network,
    beneath_async,
    mapped,
)
from pytest_paymock.intercept.wire import Rehearsal, set_timeout

_HANGS_UP = Rehearsal(Disturbed(None, Failure.HANG_UP))


def rehearse(family: Any, transport: Any, request: Any) -> None:
    """Let a client write a request, and come to nothing if it can.

    Args:
        family: the library.
        transport: that of the client.
        request: its body has been read.
    """
    __tracebackhide__ = True
    with suppress(family.http.RemoteProtocolError):
        family.genuine(_Rehearsal(family.core).transport(transport), _twin(request))


async def rehearse_async(family: Any, transport: Any, request: Any) -> None:
    """Do as :func:`rehearse`, for async clients."""
    __tracebackhide__ = True
    with suppress(family.http.RemoteProtocolError):
        await family.genuine_async(
            _AsyncRehearsal(family.core).transport(transport), _twin(request)
        )


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


class _Stream(Connection):
    """A connection that takes all, for sync clients."""

    def write(self, buffer: bytes, timeout: Any = None) -> None:  # noqa: ARG002
        """Take some bytes, if a socket would wait as long as that."""
        set_timeout(timeout)


class _AsyncStream(AsyncConnection):
    """The same for async clients."""

    async def write(self, buffer: bytes, timeout: Any = None) -> None:  # noqa: ARG002
        """Take some bytes, if the library beneath would wait as long as that."""
        _wait(timeout, self._reader.core.WriteTimeout)


class _Rehearsal(Network):
    """A network on which every server hangs up, for sync clients."""

    def __init__(self, core: Any) -> None:
        super().__init__(core, _HANGS_UP)
        self._stream = _Stream

    def connect_tcp(self, host: str, port: int, timeout: Any = None, **_: Any) -> Any:
        """Connect, if a socket would wait as long as that."""
        set_timeout(timeout)
        if timeout == 0:  # a socket does not wait at all, then
            waits = errno.EINPROGRESS
            mapped(self._core.ConnectError, BlockingIOError(waits, os.strerror(waits)))
        return super().connect_tcp(host, port)


class _AsyncRehearsal(AsyncNetwork):
    """The same for async clients."""

    def __init__(self, core: Any) -> None:
        super().__init__(core, _HANGS_UP)
        self._stream = _AsyncStream

    async def connect_tcp(self, host: str, port: int, timeout: Any = None, **_: Any) -> Any:
        """Connect, if the library beneath would wait as long as that."""
        _wait(timeout, self._core.ConnectTimeout)
        return await super().connect_tcp(host, port)
