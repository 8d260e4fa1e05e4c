"""The body of a request of requests, as it goes over the wire."""

from collections.abc import Iterator
from typing import Any

import requests
from urllib3.util.request import body_to_chunks

from pytest_paymock._api.http import Body

_BLOCK = 16384
"""How many bytes of a file urllib3 reads at once."""

_LONGEST = 18
"""So many digits the length of nothing has that can be kept in memory."""


def body_of(request: requests.PreparedRequest) -> Body | list[Any]:
    """Return a request's body as the bytes that go over the wire, or pieces that are not all bytes.

    What can be read only once is spent then, as it would be, for whoever sends the request again.
    """
    body: Any = request.body
    if body is None:
        return Body()
    if isinstance(body, str):
        return Body(body.encode())
    if isinstance(body, bytes):
        return Body(body)
    chunks = body_to_chunks(body, str(request.method), _BLOCK).chunks or ()
    # Where a generator yields nothing, nothing is sent.
    sent = filter(None, chunks)
    pieces = [piece.encode() if isinstance(piece, str) else piece for piece in sent]
    try:
        return Body(b"".join(pieces))
    except TypeError:
        return pieces


def with_pieces(request: requests.PreparedRequest, pieces: list[Any]) -> requests.PreparedRequest:
    """Return the same request with a body that was taken out of it."""
    twin = request.copy()
    twin.body = pieces  # type: ignore[assignment]  # requests sends any iterable
    return twin


def is_spent(body: Any) -> bool:
    """Say whether a body that was sent cannot be sent again: urllib3 goes back in a file alone."""
    if hasattr(body, "tell"):
        return False
    return hasattr(body, "read") or isinstance(body, Iterator)


def announced(request: requests.PreparedRequest, body: bytes) -> int:
    """Return how much a server reads of a body before it answers, by its header, right or wrong.

    Chunks are announced where a generator is sent, and none are written if there is a length, too:
    then no body is enough.
    """
    length = request.headers.get("Content-Length", "")
    if length and "Transfer-Encoding" in request.headers:
        return len(body) + 1
    digits = length.decode("latin-1") if isinstance(length, bytes) else str(length)
    # Python reads no number of some thousand digits.
    return int(digits[:_LONGEST]) if digits.isdecimal() else len(body)
