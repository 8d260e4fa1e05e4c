"""A connection for requests on which things go wrong: the genuine adapter and urllib3 run over it.

``HTTPAdapter.send`` asks its adapter for a connection pool; it gets one of ours, whose connections
bring what a fault lets come. Everything above, ``urllib3.util.Retry`` included, is real, but for
the back-off between two attempts, which moves the fake's clock instead of sleeping.
"""

import copy
import http.client
import io
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import ConnectTimeoutError, NewConnectionError, TimeoutStateError
from urllib3.util import Retry, Timeout, parse_url

from pytest_paymock._api.http import (
    LONGEST_WAIT,
    NO_TIMEOUTS,
    Body,
    Disturbed,
    Failure,
    Response,
    Timeouts,
)
from pytest_paymock._intercept.headers import is_usual
from pytest_paymock._intercept.wire import (
    Answer,
    Attempts,
    DryRun,
    WireReply,
    refused,
    reset,
    set_timeout,
    wire_reply,
)
from pytest_paymock._intercept.wrappers import is_wrapped

Send = Callable[..., requests.Response]

_NOBODY = DryRun(Response(200, b""))


_BENEATH = (
    (HTTPConnectionPool, "urlopen"),
    (http.client.HTTPConnection, "putrequest"),
    (http.client.HTTPConnection, "getresponse"),
)
"""What tracers of urllib3 and of Python's own client wrap."""


class Tracers:
    """Tells whether a tracer beneath requests would see a call that goes over the network."""

    def __init__(self) -> None:
        self._known: tuple[Any, ...] = ()
        self._is_traced = False

    def would_see(self) -> bool:
        """Return whether there is one now: then a faked call has to take the way past it."""
        found = tuple([getattr(owner, name) for owner, name in _BENEATH])
        if found != self._known:
            self._is_traced = any(map(is_wrapped, *zip(*_BENEATH, strict=True)))
            self._known = found
        return self._is_traced


def timeouts_of(timeout: Any) -> Timeouts:
    """Return how long a call of requests waits, from what the caller gave as ``timeout``.

    Raises:
        ValueError: for what cannot be waited for, as requests and Python's own sockets do.
    """
    # urllib3's own class would say the same, for 20,000 instructions and more.
    if timeout is None:
        return NO_TIMEOUTS
    if type(timeout) in (int, float) and 0 < timeout < LONGEST_WAIT:
        return {"connect": timeout, "read": timeout}
    limit = timeout if isinstance(timeout, Timeout) else _checked(timeout)
    for seconds in (limit.connect_timeout, _read_limit(limit)):
        if not is_usual(seconds) and _seconds(seconds) is not None:
            set_timeout(seconds)
    return {"connect": _seconds(limit.connect_timeout), "read": _read_limit(limit)}


def _checked(timeout: Any) -> Timeout:
    """Return a timeout as the adapter of requests makes it, and refuses it.

    Raises:
        ValueError: for a wrong one, in the words of requests or urllib3.
    """
    if not isinstance(timeout, tuple):
        return Timeout(connect=timeout, read=timeout)
    try:
        connect, read = timeout
        return Timeout(connect=connect, read=read)
    except ValueError:
        raise ValueError(
            f"Invalid timeout {timeout}. Pass a (connect, read) timeout tuple, "
            "or a single float to set both timeouts to the same value."
        ) from None


def _read_limit(timeout: Timeout) -> float | None:
    """Return how long an answer may take. Of a total nothing is used up: it is virtual, as all."""
    read = None
    with suppress(TimeoutStateError):  # only a total was given, and its timer has not started
        read = _seconds(timeout.read_timeout)
    limits = [limit for limit in (read, _seconds(timeout.total)) if limit is not None]
    return min(limits, default=None)


def _seconds(value: Any) -> float | None:
    return value if isinstance(value, int | float) else None


class _Received(io.RawIOBase):
    """What a socket's file brings: bytes as they come, then how the connection ends."""

    def __init__(self, todo: WireReply) -> None:
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


class Socket:
    """As much of a socket as ``http.client`` and urllib3 touch."""

    def __init__(self, todo: WireReply) -> None:
        self._todo = todo

    def makefile(self, *_: Any, **__: Any) -> io.BufferedReader:
        """Return what brings the answer."""
        return io.BufferedReader(_Received(self._todo))

    def sendall(self, data: Any) -> None:
        """Take a piece of the request, which was read already, if it is one that can be sent.

        Raises:
            TypeError: as the operating system does; ``http.client`` makes its own words of it.
        """
        io.BytesIO().write(data)

    def settimeout(self, seconds: float | None) -> None:
        """Wait for nothing: all times here are virtual."""

    def shutdown(self, how: int) -> None:
        """Have nothing to shut down."""

    def close(self) -> None:
        """Have nothing to close."""


def _reach(answer: Answer) -> None:
    """Raise what the operating system does where no connection is made."""
    failure = answer.failure if isinstance(answer, Disturbed) else None
    if failure is Failure.REFUSED:
        raise refused()
    if failure is Failure.CONNECT_TIMEOUT:
        raise TimeoutError("timed out")


class _Wire:
    """Mixed into a connection of urllib3: connects to the next attempt instead of a host."""

    attempts: Attempts | DryRun
    host: str
    timeout: Any
    sock: Any

    # A connection brings one answer; urllib3 has to make a new one for the next attempt.
    is_connected = False
    is_verified = True

    def connect(self) -> None:
        # urllib3 forgets it when it closes a connection, and would warn at the next attempt.
        self.is_verified = True
        answer = self.attempts.next()
        connection: Any = self
        try:
            _reach(answer)
        except TimeoutError as error:
            words = f"Connection to {self.host} timed out. (connect timeout={self.timeout})"
            raise ConnectTimeoutError(connection, words) from error
        except OSError as error:
            words = f"Failed to establish a new connection: {error}"
            raise NewConnectionError(connection, words) from error
        todo = wire_reply(answer)
        if todo.sleep:
            with todo.awaited():
                time.sleep(todo.sleep)
        self.sock = Socket(todo)


class _Written(Exception):  # noqa: N818 - nothing went wrong
    """A request was written as a whole. Neither urllib3 nor requests knows it, so it passes."""


class _Unanswered(_Wire):
    """Mixed into a connection on which a request is rehearsed: that it was written ends it.

    An answer would be seen by the rule of retries, which may ask for another one, and in the log.
    """

    def getresponse(self) -> Any:
        raise _Written


class _HidesBody:
    """Mixed into a pool of urllib3: none of its frames shows the body of a request."""

    def urlopen(self, method: str, url: str, body: Any = None, *args: Any, **options: Any) -> Any:
        if isinstance(body, str):
            body = body.encode()
        if isinstance(body, bytes):
            body = Body(body)
        genuine: Any = super()
        return genuine.urlopen(method, url, body, *args, **options)


def _pool(url: str, attempts: Attempts | DryRun, wire: type[_Wire] = _Wire) -> HTTPConnectionPool:
    """Return a pool of urllib3, named as the genuine one, whose connections are ours."""
    parts = parse_url(url)
    secure = parts.scheme == "https"
    kind, connection = (
        (HTTPSConnectionPool, HTTPSConnection) if secure else (HTTPConnectionPool, HTTPConnection)
    )
    wired = type(connection.__name__, (wire, connection), {"attempts": attempts})
    hiding: Any = type(kind.__name__, (_HidesBody, kind), {})
    pool: HTTPConnectionPool = hiding(str(parts.host), parts.port)
    pool.ConnectionCls = wired
    return pool


class _Adapter:
    """The user's own adapter, but for where its connections go and how it backs off."""

    def __init__(
        self, genuine: HTTPAdapter, pool: HTTPConnectionPool, attempts: Attempts | DryRun
    ) -> None:
        self._genuine = genuine
        self._paymock_pool = pool
        retries = Retry.from_int(genuine.max_retries, redirect=False)  # as urllib3 reads a number
        self.max_retries = _without_sleep(retries, attempts)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._genuine, name)

    def get_connection_with_tls_context(self, *_: Any, **__: Any) -> HTTPConnectionPool:
        return self._paymock_pool

    def cert_verify(self, *_: Any, **__: Any) -> None:
        """Verify nothing: no certificate is ever looked at here."""

    def add_headers(self, *_: Any, **__: Any) -> None:
        """Add nothing: that was done before the fake was asked."""

    def build_response(self, request: requests.PreparedRequest, raw: Any) -> requests.Response:
        return self._genuine.build_response(request, raw)


class _BacksOff:
    """Mixed into a rule of retries, user's subclass or not: sleeps by the clock of the fake."""

    attempts: Attempts | DryRun
    get_retry_after: Callable[[Any], float | None]
    get_backoff_time: Callable[[], float]

    def sleep_for_retry(self, response: Any) -> bool:
        asked = self.get_retry_after(response)
        self.attempts.back_off(asked or 0)
        return bool(asked)

    def _sleep_backoff(self) -> None:
        self.attempts.back_off(self.get_backoff_time())

    def increment(self, *args: Any, **options: Any) -> Retry:
        # A subclass may make the next rule by its own name.
        following: Any = super()
        return _without_sleep(following.increment(*args, **options), self.attempts)


def _without_sleep(retry: Retry, attempts: Attempts | DryRun) -> Retry:
    """Return the same rule of retries, whose back-off is virtual."""
    kind = type(retry)
    if issubclass(kind, _BacksOff):
        return retry
    virtual = copy.copy(retry)
    virtual.__class__ = type(kind.__name__, (_BacksOff, kind), {"attempts": attempts})
    return virtual


def send(
    genuine: Send,
    adapter: HTTPAdapter,
    request: requests.PreparedRequest,
    attempts: Attempts | DryRun,
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


def look_for_certificates(
    adapter: HTTPAdapter, request: requests.PreparedRequest, options: dict[str, Any]
) -> None:
    """Let an adapter look for the files of certificates that it is given.

    Raises:
        OSError: where there is none, as it does before it connects.
    """
    pool = _pool(str(request.url), _NOBODY)
    look: Callable[..., None] = adapter.cert_verify
    look(pool, request.url, options.get("verify"), options.get("cert"))


def dry_run(
    genuine: Send, adapter: HTTPAdapter, request: requests.PreparedRequest, options: dict[str, Any]
) -> None:
    """Let the genuine adapter code try to send a request, and raise what it raises.

    The arguments are those of :func:`send`.
    """
    __tracebackhide__ = True
    pool = _pool(str(request.url), _NOBODY, _Unanswered)
    with suppress(_Written):
        genuine(_Adapter(adapter, pool, _NOBODY), request, **options)
