"""A disturbed exchange as bytes on a wire, below the client libraries.

A fault is not imitated by raising what a library would raise. The genuine library runs over a
connection of ours that behaves as the network would, and comes to its own conclusions: types,
messages, causes and its own retries are right because nobody wrote them down here.
"""

import errno
import os
import time
from _socket import SocketType
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from http import HTTPStatus
from typing import Any, NamedTuple

from pytest_paymock._api.http import Disturbed, Failure, Request, Response, Timeouts, nothing
from pytest_paymock._exchange import Gateway, arrives

_PHRASES = {status.value: status.phrase for status in HTTPStatus}

Answer = Response | Disturbed

let_threads_run = time.sleep
"""Called with 0 where a client would wait for a network: other threads run then. Bound here, since
a test may put its own ``sleep`` in the place and count its calls."""


def phrase(status_code: int) -> str:
    """Return the reason phrase of a status, empty for one that has none."""
    return _PHRASES.get(status_code, "")


class WireReply(NamedTuple):
    """What a connection does after the request: bytes that it brings, and how it ends then."""

    data: bytes
    failure: Failure | None
    sleep: float = 0.0
    lose: Callable[[], None] = nothing

    @contextmanager
    def awaited(self) -> Iterator[None]:
        """Take the answer for lost if the client stops to wait, as where its task is cancelled."""
        try:
            yield
        except BaseException:
            self.lose()
            raise


def wire_reply(answer: Answer) -> WireReply:
    """Return what a connection does to bring an answer, or as much of it as comes."""
    if isinstance(answer, Response):
        return WireReply(_head(answer) + answer.body, None)
    data = b""
    arrived = arrives(answer)
    if answer.response is not None and arrived is not None:
        # The head announces the whole body, also where only a part of it comes.
        data = _head(answer.response) + arrived.body
    return WireReply(data, answer.failure, answer.sleep, answer.lose)


def _head(response: Response) -> bytes:
    fields = "".join(f"{name}: {value}\r\n" for name, value in response.headers())
    status = f"HTTP/1.1 {response.status_code} {phrase(response.status_code)}"
    return f"{status}\r\n{fields}\r\n".encode("latin-1")


def refused() -> ConnectionRefusedError:
    """Return what the operating system says where nobody listens."""
    return ConnectionRefusedError(errno.ECONNREFUSED, os.strerror(errno.ECONNREFUSED))


def reset() -> ConnectionResetError:
    """Return what the operating system says when the other side resets the connection."""
    return ConnectionResetError(errno.ECONNRESET, os.strerror(errno.ECONNRESET))


def set_timeout(seconds: Any) -> None:
    """Let the operating system say whether a socket can wait for so long.

    Raises:
        ValueError: as it does, or an ``OverflowError`` or ``TypeError``.
    """
    # Not ``socket.socket``, which a plugin may have forbidden: nothing is connected here.
    with closing(SocketType()) as idle:
        idle.settimeout(seconds)


_UNREACHED = (Failure.REFUSED, Failure.CONNECT_TIMEOUT)


class Attempts:
    """The attempts of one call: the first was made, a client's own retries ask for more.

    Args:
        client: the library's name.
        request: what it sends.
        gateway: that of the fake.
        first: what became of the first attempt.
        is_spent: whether the body can be sent only once, and nothing of it a second time.
        is_counted: whether its length is announced each time, so that a server waits for it.
    """

    def __init__(
        self,
        client: str,
        request: Request,
        gateway: Gateway,
        first: Answer,
        *,
        is_spent: bool = False,
        is_counted: bool = False,
    ) -> None:
        self._ready: list[Answer] = [first]
        self._client = client
        self._request = request
        self._gateway = gateway
        self._is_spent = is_spent
        self._is_counted = is_counted
        self._rest: StalledRequest | None = None
        self.back_off = gateway.wait

    def next(self) -> Answer:
        """Return what becomes of the next attempt."""
        if self._ready:
            answer = self._ready.pop()
        elif self._rest is not None:
            answer = self._rest.next()
        else:
            answer = self._gateway.exchange(self._client, self._request)
        if self._is_spent and not (type(answer) is Disturbed and answer.failure in _UNREACHED):
            self._spend()
        return answer

    def _spend(self) -> None:
        if self._is_counted:
            self._rest = StalledRequest(self._gateway, self._request.timeouts)
        self._request = self._request._replace(body=b"")


class DryRun:
    """The attempts of a request that is sent to nobody, to see whether its client would send it.

    Args:
        answer: to each attempt.
    """

    def __init__(self, answer: Answer) -> None:
        self._answer = answer

    def next(self) -> Answer:
        """Return what becomes of the next attempt."""
        return self._answer

    def back_off(self, seconds: float) -> None:
        """Try again at once."""


class StalledRequest(DryRun):
    """The attempts of a request that announces more than it has: a server waits for the rest.

    Args:
        gateway: that of the fake, whose clock moves on.
        limits: how long the client waits.
    """

    def __init__(self, gateway: Gateway, limits: Timeouts) -> None:
        super().__init__(Disturbed(None, Failure.READ_TIMEOUT))
        self._wait = gateway.wait
        self._limit = limits.get("read") or 0.0

    def next(self) -> Answer:
        """Let the client wait as long as it does."""
        self._wait(self._limit)
        return super().next()

    def back_off(self, seconds: float) -> None:
        """Let the fake's clock move on."""
        self._wait(seconds)
