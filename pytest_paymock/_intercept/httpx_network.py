"""A network for the httpx library on which things go wrong: the genuine httpcore runs over it.

httpcore takes a network backend and connection retries as public arguments, so that a fault needs
only the few methods here; everything above them, ``HTTPTransport(retries=n)`` included, is real.
"""

import asyncio
import math
import ssl
import sys
from types import MethodType
from typing import TYPE_CHECKING, Any, NoReturn

import anyio

from pytest_paymock._api.http import Disturbed, Failure
from pytest_paymock._intercept.mocks import respx
from pytest_paymock._intercept.wire import (
    Answer,
    Attempts,
    DryRun,
    WireReply,
    refused,
    reset,
    wire_reply,
)

if TYPE_CHECKING:
    from collections.abc import Callable


class _Transport:
    """What ``HTTPTransport.handle_request`` looks at of its ``self``."""

    def __init__(self, pool: Any) -> None:
        self._pool = pool


def _retries(transport: Any) -> int:
    return int(getattr(getattr(transport, "_pool", None), "_retries", 0))


def _pool(kind: Any, handler: str, network: Any, genuine: Any) -> Any:
    """Return a pool whose connections are made on a network of ours.

    What comes here is the fake's: no router of respx, which lies in httpcore, is asked again.

    Args:
        kind: the pool's class.
        handler: the name of the method that sends a request.
        network: the backend.
        genuine: the transport for which it stands in.
    """
    pool = kind(ssl_context=_no_trust(), network_backend=network, retries=_retries(genuine))
    connection = pool.create_connection
    pool.create_connection = lambda origin: _unmocked(connection(origin), handler)
    return _unmocked(pool, handler)


def _unmocked(sender: Any, handler: str) -> Any:
    genuine = respx.unmocked(getattr(type(sender), handler))
    setattr(sender, handler, MethodType(genuine, sender))
    return sender


def _no_trust() -> ssl.SSLContext:
    """Return a TLS context that costs nothing: no certificate is ever looked at here."""
    return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


class _Sockets:
    """What the standard library raises beneath httpcore when a network fails."""

    def refused(self, host: str, port: int) -> Exception:  # noqa: ARG002
        return refused()

    def too_slow(self) -> Exception:
        return TimeoutError("timed out")

    def reset(self) -> Exception:
        return reset()


_asyncio_sleep = asyncio.sleep  # a test may put its own in the place


class _AnyIO:
    """The same of anyio, over which httpcore runs under asyncio."""

    deadline = staticmethod(anyio.fail_after)

    async def checkpoint(self) -> None:
        await _asyncio_sleep(0)

    def refused(self, host: str, port: int) -> Exception:  # noqa: ARG002
        return _caused(OSError("All connection attempts failed"), refused())

    def too_slow(self) -> Exception:
        return TimeoutError()

    def reset(self) -> Exception:
        return _caused(anyio.BrokenResourceError(), reset())


class _Trio:
    """The same of trio."""

    def __init__(self) -> None:
        # It is no dependency of ours; where this is asked for, it is running.
        self._trio: Any = sys.modules["trio"]

    def deadline(self, seconds: Any) -> Any:
        return self._trio.fail_after(math.inf if seconds is None else seconds)

    async def checkpoint(self) -> None:
        await self._trio.lowlevel.checkpoint()

    def refused(self, host: str, port: int) -> Exception:
        place = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
        words = f"all attempts to connect to {place} failed"
        return _caused(OSError(words), ExceptionGroup(words, [refused()]))

    def too_slow(self) -> Exception:
        error: Exception = self._trio.TooSlowError()
        return error

    def reset(self) -> Exception:
        cause = reset()
        return _caused(self._trio.BrokenResourceError(f"socket connection broken: {cause}"), cause)


_Beneath = _Sockets | _AnyIO | _Trio


def _caused(error: Exception, cause: Exception) -> Exception:
    error.__cause__ = cause
    return error


def beneath_async() -> _AnyIO | _Trio:
    """Return what lies beneath httpcore here: asyncio in one of its tasks, and else trio."""
    try:
        task = asyncio.current_task()
    except RuntimeError:
        task = None
    return _AnyIO() if task else _Trio()


def mapped(kind: Any, error: Exception) -> NoReturn:
    """Raise as httpcore does for an exception from beneath it.

    Raises:
        httpcore.NetworkError: or whatever else ``kind`` is.
    """
    try:
        raise error  # noqa: TRY301 - so that it is cause and context, wherever this happens
    except Exception as cause:
        raise kind(cause) from cause
    finally:
        # With it, the exception and this frame would hold each other, and so whoever has called us.
        del error


def _connected(core: Any, answer: Answer, beneath: _Beneath, host: str, port: int) -> WireReply:
    """Return what a new connection will do, or raise as httpcore does where there is none."""
    failure = answer.failure if isinstance(answer, Disturbed) else None
    if failure is Failure.REFUSED:
        mapped(core.ConnectError, beneath.refused(host, port))
    if failure is Failure.CONNECT_TIMEOUT:
        mapped(core.ConnectTimeout, beneath.too_slow())
    return wire_reply(answer)


class Reader:
    """The reading half of a connection: bytes as they come, then how it ends."""

    def __init__(self, core: Any, todo: WireReply, beneath: _Beneath) -> None:
        self.core = core
        self._data = todo.data
        self._failure = todo.failure
        self._beneath = beneath

    def take(self, most: int) -> bytes:
        """Return the next bytes, none at the end of the stream, or raise as httpcore does."""
        chunk, self._data = self._data[:most], self._data[most:]
        if chunk:
            return chunk
        if self._failure is Failure.READ_TIMEOUT:
            mapped(self.core.ReadTimeout, self._beneath.too_slow())
        if self._failure is Failure.RESET:
            mapped(self.core.ReadError, self._beneath.reset())
        return b""


class Network:
    """A network backend of httpcore, for sync clients."""

    def __init__(self, core: Any, attempts: Attempts | DryRun) -> None:
        self._core = core
        self._attempts = attempts
        self._stream: Callable[[Reader], Connection] = Connection

    def transport(self, genuine: Any) -> Any:
        """Return what stands in for a transport whose connections are made on this network."""
        return _Transport(_pool(self._core.ConnectionPool, "handle_request", self, genuine))

    def connect_tcp(self, host: str, port: int, *_: Any, **__: Any) -> "Connection":
        """Make one attempt."""
        beneath = _Sockets()
        todo = _connected(self._core, self._attempts.next(), beneath, host, port)
        if todo.sleep:
            with todo.awaited():
                self._core.SyncBackend().sleep(todo.sleep)
        return self._stream(Reader(self._core, todo, beneath))

    def sleep(self, seconds: float) -> None:
        """Let the fake's clock move on, where httpcore backs off between two attempts."""
        self._attempts.back_off(seconds)


class Connection:
    """A network stream of httpcore, for sync clients."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ARG002
        """Return what comes."""
        return self._reader.take(max_bytes)

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Take the request, which was read from the client already."""

    def close(self) -> None:
        """Forget the connection."""

    def start_tls(self, *_: Any, **__: Any) -> "Connection":
        """Pretend to encrypt: nothing leaves this process."""
        return self

    def get_extra_info(self, info: str) -> Any:  # noqa: ARG002
        """Know nothing more; None is httpcore's word for that."""
        return None


class AsyncNetwork:
    """A network backend of httpcore, for async clients."""

    def __init__(self, core: Any, attempts: Attempts | DryRun) -> None:
        self._core = core
        self._attempts = attempts
        self._stream: Callable[[Reader], AsyncConnection] = AsyncConnection

    def transport(self, genuine: Any) -> Any:
        """Return what stands in for a transport whose connections are made on this network."""
        kind = self._core.AsyncConnectionPool
        return _Transport(_pool(kind, "handle_async_request", self, genuine))

    async def connect_tcp(self, host: str, port: int, *_: Any, **__: Any) -> "AsyncConnection":
        """Make one attempt."""
        beneath = beneath_async()
        todo = _connected(self._core, self._attempts.next(), beneath, host, port)
        if todo.sleep:
            with todo.awaited():
                await self._core.AnyIOBackend().sleep(todo.sleep)
        return self._stream(Reader(self._core, todo, beneath))

    async def sleep(self, seconds: float) -> None:
        """Let the fake's clock move on, where httpcore backs off between two attempts."""
        self._attempts.back_off(seconds)


class AsyncConnection:
    """A network stream of httpcore, for async clients."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ARG002
        """Return what comes."""
        return self._reader.take(max_bytes)

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Take the request, which was read from the client already."""

    async def aclose(self) -> None:
        """Forget the connection."""

    async def start_tls(self, *_: Any, **__: Any) -> "AsyncConnection":
        """Pretend to encrypt: nothing leaves this process."""
        return self

    def get_extra_info(self, info: str) -> Any:  # noqa: ARG002
        """Know nothing more; None is httpcore's word for that."""
        return None
