"""A bare connection: exactly the bytes that a test writes, and exactly those that come back."""

import contextlib
import json
import socket
import time
from collections.abc import Callable
from typing import Any, Self
from urllib.parse import urlsplit

PATIENCE = 20
"""How many seconds a test waits for bytes that must come; a hang is a failure and no pass."""


def until(condition: Callable[[], object]) -> None:
    """Come back when a condition holds that a server has to bring about."""
    for _ in range(2000):
        if condition():
            return
        time.sleep(0.01)
    raise AssertionError("the server did not do what a test waits for")


class Wire:
    """One TCP connection to a server."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._socket = socket.create_connection((parts.hostname, parts.port), timeout=PATIENCE)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Hang up."""
        self._socket.close()

    def write(self, data: bytes) -> None:
        """Send bytes as they are."""
        self._socket.sendall(data)

    def finish(self) -> None:
        """Send no more, and go on to read."""
        self._socket.shutdown(socket.SHUT_WR)

    def to_end(self) -> bytes:
        """Return all bytes until the server closes the connection in an orderly way."""
        read = bytearray()
        while piece := self._socket.recv(65536):
            read += piece
        return bytes(read)

    def one(self) -> bytes:
        """Return the bytes of one whole answer, which announces its length."""
        read = bytearray()
        while b"\r\n\r\n" not in read:
            read += self._more(read)
        head, _, body = bytes(read).partition(b"\r\n\r\n")
        length = next(
            int(line.partition(b":")[2])
            for line in head.split(b"\r\n")
            if line.lower().startswith(b"content-length:")
        )
        read = bytearray(body)
        while len(read) < length:
            read += self._more(read)
        assert len(read) == length, "more than one answer came"
        return head + b"\r\n\r\n" + bytes(read)

    def one_after_continue(self) -> bytes:
        """Return the bytes of one whole answer, behind the word that the body may come."""
        read = b""
        while not read.endswith(b"\r\n\r\n"):
            read += self._socket.recv(1)
        assert status_of(read) == 100
        return self.one()

    def silent(self) -> bool:
        """Say whether nothing has come so far."""
        self._socket.setblocking(False)  # noqa: FBT003 - the standard library's own
        try:
            with contextlib.suppress(BlockingIOError):
                return not self._socket.recv(1, socket.MSG_PEEK)
        finally:
            self._socket.settimeout(PATIENCE)
        return True

    def _more(self, so_far: bytes | bytearray) -> bytes:
        piece = self._socket.recv(65536)
        assert piece, f"the server hung up after {bytes(so_far)!r}"
        return piece


def request(method: str, path: str, body: bytes | None = None, *more: str) -> bytes:
    """Return a request as it stands on a wire, with a length for its body if it has one."""
    fields = ["host: 127.0.0.1", *more]
    if body is not None:
        fields.append(f"content-length: {len(body)}")
    head = "".join(f"{field}\r\n" for field in (f"{method} {path} HTTP/1.1", *fields))
    return f"{head}\r\n".encode() + (body or b"")


def post(path: str, document: Any, *more: str) -> bytes:
    """Return a POST of JSON as it stands on a wire."""
    return request("POST", path, json.dumps(document).encode(), *more)


def status_of(answer: bytes) -> int:
    """Return the status of an answer as it stood on a wire."""
    return int(answer.split(b" ", 2)[1])


def body_of(answer: bytes) -> Any:
    """Return the JSON of an answer as it stood on a wire."""
    return json.loads(answer.partition(b"\r\n\r\n")[2])
