"""A request of the httpx library as the API gets it, and whether a client sends it for sure."""

from typing import Any, NamedTuple

from pytest_paymock._api.http import NO_TIMEOUTS, Request
from pytest_paymock._intercept.headers import METHODS, SeenHeaders, is_usual


class Messages:
    """Reads the requests of one library of the library."""

    def __init__(self) -> None:
        self._seen_headers = SeenHeaders()
        # A client waits as long for each of its calls, by the very same number.
        self._patience: float | None = None

    def read(self, request: Any, path: str, query: str | None, body: bytes) -> tuple[Request, bool]:
        """Return a request as the API gets it, and whether nothing can keep a client from sending.

        Args:
            request: of httpx or one like it.
            path: below the base URL, as it stands on the wire.
            query: that of the URL, if it has one.
            body: its own.
        """
        limits = request.extensions.get("timeout", NO_TIMEOUTS)
        connect, read, write = limits.get("connect"), limits.get("read"), limits.get("write")
        headers = request.headers
        # By the public way each name is paired anew, which costs as much as all the rest here.
        length, digits = self._seen_headers.look(
            tuple(getattr(headers, "_list", None) or headers.raw)
        )
        if connect is not self._patience and is_usual(connect):
            self._patience = connect
        is_ordinary = (
            length == len(body)
            and request.method in METHODS
            and connect is self._patience
            and (read is connect or is_usual(read))
            and (write is connect or is_usual(write))
        )
        kind = headers.get("content-type") if body else None
        sent = Request(request.method, path, body, limits, query or "", "", digits, kind)
        return sent, is_ordinary


class Parts(NamedTuple):
    """A URL as it goes over the wire."""

    scheme: str
    host: str
    port: int | None
    path: str
    query: str | None


def parts_of(url: Any) -> Any:
    """Return what :class:`Parts` has, of a URL of the library."""
    parts = getattr(url, "_uri_reference", None)
    if parts is not None:  # what the public names encode anew, each for itself
        return parts
    # Not ``url.host``, which is decoded where it is international.
    host = url.raw_host.decode("ascii")
    path, _, query = url.raw_path.decode("ascii").partition("?")
    return Parts(url.scheme, host, url.port, path, query)
