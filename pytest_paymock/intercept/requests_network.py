"""A connection for requests on which things go wrong: the genuine adapter and urllib3 run over it.

``HTTPAdapter.send`` asks its adapter for a connection pool; it gets one of ours, whose connections
bring what a fault lets come. Everything above, ``urllib3.util.Retry`` included, is real, but for
the back-off between two attempts, which moves the fake's clock instead of sleeping.
"""

import copy
import io
import time
from collections.abc import Callable
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import ConnectTimeoutError, NewConnectionError
from urllib3.util import Retry, Timeout, parse_url

from pytest_paymock.api.messages import Disturbed, Failure, Timeouts
from pytest_paymock.intercept.wire import Attempts, Script, refused, reset, script

Send = Callable[..., requests.Response]


def timeouts_of(timeout: Any) -> Timeouts:
    """Return how long a call of requests waits, from what the caller gave as ``timeout``."""
    if isinstance(timeout, Timeout):
        return Timeouts(_seconds(timeout.connect_timeout), _seconds(timeout.read_timeout))
    if isinstance(timeout, tuple):
        connect, read = timeout
        return Timeouts(_seconds(connect), _seconds(read))
    return Timeouts(_seconds(timeout), _seconds(timeout))


def _seconds(value: Any) -> float | None:
    return value if isinstance(value, int | float) else None


class _Received(io.RawIOBase):
    """What a socket's file brings: bytes as they come, then how the connection ends."""

    def __init__(self, todo: Script) -> None:
        super().__init__()
        self._data = io.BytesIO(todo.data)
        self._failure = todo.failure

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        count = self._data.readinto(buffer)
        if count:
            return count
        if self._failure is Failure.READ_TIMEOUT:
            raise TimeoutError("timed out")
        if self._failure is Failure.RESET:
            raise reset()
        return 0


class _Socket:
    """As much of a socket as ``http.client`` and urllib3 touch."""

    def __init__(self, todo: Script) -> None:
        self._todo = todo

    def makefile(self, *_: Any, **__: Any) -> io.BufferedReader:
        return io.BufferedReader(_Received(self._todo))

    def sendall(self, data: Any) -> None:
        """Take the request, which was read from the client already."""

    def settimeout(self, seconds: float | None) -> None:
        """Wait for nothing: all times here are virtual."""

    def shutdown(self, how: int) -> None:
        """Have nothing to shut down."""

    def close(self) -> None:
        """Have nothing to close."""


class _Wire:
    """Mixed into a connection of urllib3: connects to the next attempt instead of a host."""

    attempts: Attempts
    host: str
    timeout: Any
    sock: Any

    # A connection brings one answer; urllib3 has to make a new one for the next attempt.
    is_connected = False
    is_verified = True

    def connect(self) -> None:
        answer = self.attempts.next()
        failure = answer.failure if isinstance(answer, Disturbed) else None
        connection: Any = self
        if failure is Failure.REFUSED:
            cause = refused()
            raise NewConnectionError(
                connection, f"Failed to establish a new connection: {cause}"
            ) from cause
        if failure is Failure.CONNECT_TIMEOUT:
            words = f"Connection to {self.host} timed out. (connect timeout={self.timeout})"
            raise ConnectTimeoutError(connection, words) from TimeoutError("timed out")
        todo = script(answer)
        if todo.sleep:
            time.sleep(todo.sleep)
        self.sock = _Socket(todo)


def _pool(url: str, attempts: Attempts) -> HTTPConnectionPool:
    """Return a pool of urllib3, named as the genuine one, whose connections are ours."""
    parts = parse_url(url)
    secure = parts.scheme == "https"
    kind, connection = (
        (HTTPSConnectionPool, HTTPSConnection) if secure else (HTTPConnectionPool, HTTPConnection)
    )
    wired = type(connection.__name__, (_Wire, connection), {"attempts": attempts})
    pool = kind(str(parts.host), parts.port)
    pool.ConnectionCls = wired
    return pool


class _Adapter:
    """The user's own adapter, but for where its connections go and how it backs off."""

    def __init__(self, genuine: HTTPAdapter, pool: HTTPConnectionPool, attempts: Attempts) -> None:
        self._genuine = genuine
        self._paymock_pool = pool
        self.max_retries = _without_sleep(genuine.max_retries, attempts)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._genuine, name)

    def get_connection_with_tls_context(self, *_: Any, **__: Any) -> HTTPConnectionPool:
        return self._paymock_pool

    def cert_verify(self, *_: Any, **__: Any) -> None:
        """Verify nothing: no certificate is ever looked at here."""

    def build_response(self, request: requests.PreparedRequest, raw: Any) -> requests.Response:
        return self._genuine.build_response(request, raw)


def _without_sleep(retry: Retry, attempts: Attempts) -> Retry:
    """Return the same rule of retries, user's subclass or not, whose back-off is virtual."""

    def sleep(self: Any, response: Any = None) -> None:
        asked = self.get_retry_after(response) if response is not None else None
        respected = self.respect_retry_after_header and asked
        attempts.back_off(respected or self.get_backoff_time())

    kind = type(retry)
    virtual = copy.copy(retry)
    virtual.__class__ = type(kind.__name__, (kind,), {"sleep": sleep})
    return virtual


def send(
    genuine: Send,
    adapter: HTTPAdapter,
    request: requests.PreparedRequest,
    attempts: Attempts,
    options: dict[str, Any],
) -> requests.Response:
    """Send a request through the genuine adapter code over a network on which things go wrong.

    Args:
        genuine: requests' own ``HTTPAdapter.send``.
        adapter: the one that the session chose.
        request: what it was to send.
        attempts: what becomes of each attempt.
        options: the keywords of ``send``.
    """
    __tracebackhide__ = True
    pool = _pool(str(request.url), attempts)
    return genuine(_Adapter(adapter, pool, attempts), request, **options)
