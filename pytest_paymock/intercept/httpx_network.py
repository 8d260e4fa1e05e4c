"""A network for the httpx family on which things go wrong: the genuine httpcore runs over it.

httpcore takes a network backend and connection retries as public arguments, so that a fault needs
only the few methods here; everything above them, ``HTTPTransport(retries=n)`` included, is real.
"""

import ssl
from typing import Any

from pytest_paymock.api.messages import Disturbed, Failure
from pytest_paymock.intercept.wire import Answer, Attempts, Script, refused, reset, script


class _Transport:
    """What ``HTTPTransport.handle_request`` looks at of its ``self``."""

    def __init__(self, pool: Any) -> None:
        self._pool = pool


def _retries(transport: Any) -> int:
    return int(getattr(getattr(transport, "_pool", None), "_retries", 0))


def _no_trust() -> ssl.SSLContext:
    """Return a TLS context that costs nothing: no certificate is ever looked at here."""
    return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


def _connected(core: Any, answer: Answer, timeout_message: str) -> Script:
    """Return what a new connection will do, or raise as httpcore does where there is none."""
    failure = answer.failure if isinstance(answer, Disturbed) else None
    if failure is Failure.REFUSED:
        cause = refused()
        raise core.ConnectError(str(cause)) from cause
    if failure is Failure.CONNECT_TIMEOUT:
        raise core.ConnectTimeout(timeout_message) from _timeout(timeout_message)
    return script(answer)


def _timeout(message: str) -> TimeoutError:
    return TimeoutError(message) if message else TimeoutError()


class _Reader:
    """The reading half of a connection: bytes as they come, then how it ends."""

    def __init__(self, core: Any, todo: Script, timeout_message: str) -> None:
        self._core = core
        self._data = todo.data
        self._failure = todo.failure
        self._timeout_message = timeout_message

    def take(self, most: int) -> bytes:
        """Return the next bytes, none at the end of the stream, or raise as httpcore does."""
        chunk, self._data = self._data[:most], self._data[most:]
        if chunk:
            return chunk
        if self._failure is Failure.READ_TIMEOUT:
            message = self._timeout_message
            raise self._core.ReadTimeout(message) from _timeout(message)
        if self._failure is Failure.RESET:
            cause = reset()
            raise self._core.ReadError(str(cause)) from cause
        return b""


class Network:
    """A network backend of httpcore, for sync clients."""

    timeout_message = "timed out"
    """What a socket of the standard library says."""

    def __init__(self, core: Any, attempts: Attempts) -> None:
        self._core = core
        self._attempts = attempts

    def transport(self, genuine: Any) -> Any:
        """Return what stands in for a transport whose connections are made on this network."""
        return _Transport(
            self._core.ConnectionPool(
                ssl_context=_no_trust(), network_backend=self, retries=_retries(genuine)
            )
        )

    def connect_tcp(self, *_: Any, **__: Any) -> "Connection":
        """Make one attempt."""
        todo = _connected(self._core, self._attempts.next(), self.timeout_message)
        if todo.sleep:
            self._core.SyncBackend().sleep(todo.sleep)
        return Connection(_Reader(self._core, todo, self.timeout_message))

    connect_unix_socket = connect_tcp

    def sleep(self, seconds: float) -> None:
        """Let the fake's clock move on, where httpcore backs off between two attempts."""
        self._attempts.back_off(seconds)


class Connection:
    """A network stream of httpcore, for sync clients."""

    def __init__(self, reader: _Reader) -> None:
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

    timeout_message = ""
    """What ``anyio.fail_after`` says: nothing."""

    def __init__(self, core: Any, attempts: Attempts) -> None:
        self._core = core
        self._attempts = attempts

    def transport(self, genuine: Any) -> Any:
        """Return what stands in for a transport whose connections are made on this network."""
        return _Transport(
            self._core.AsyncConnectionPool(
                ssl_context=_no_trust(), network_backend=self, retries=_retries(genuine)
            )
        )

    async def connect_tcp(self, *_: Any, **__: Any) -> "AsyncConnection":
        """Make one attempt."""
        todo = _connected(self._core, self._attempts.next(), self.timeout_message)
        if todo.sleep:
            await self._core.AnyIOBackend().sleep(todo.sleep)
        return AsyncConnection(_Reader(self._core, todo, self.timeout_message))

    connect_unix_socket = connect_tcp

    async def sleep(self, seconds: float) -> None:
        """Let the fake's clock move on, where httpcore backs off between two attempts."""
        self._attempts.back_off(seconds)


class AsyncConnection:
    """A network stream of httpcore, for async clients."""

    def __init__(self, reader: _Reader) -> None:
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
