"""A body that requests cannot send, or announces wrongly, ends as with a server that reads it."""

import io
import json
import socketserver
import warnings
from collections.abc import Iterator
from threading import Thread
from typing import Any

import pytest
import requests
from requests.adapters import HTTPAdapter
from urllib3.util import Retry

from pytest_paymock import Paymock
from tests.faults.clients import facts_of

PATH = "/api/v1/payments"

HERE = __file__

PATIENCE = 0.2
"""For how many seconds the genuine client waits for a server that does."""

ANSWER = b"HTTP/1.1 400 Bad Request\r\nconnection: close\r\ncontent-length: 2\r\n\r\n{}"


class _Handler(socketserver.StreamRequestHandler):
    """Answers when it has read as much of a body as was announced."""

    timeout = 5

    def handle(self) -> None:
        head = b""
        while (line := self.rfile.readline()).strip():
            head += line.lower()
        body = self._chunks() if b"chunked" in head else self._whole(head)
        self.server.read.append(body)  # type: ignore[attr-defined]
        if body is not None:
            self.wfile.write(ANSWER)

    def _whole(self, head: bytes) -> bytes | None:
        length = int((head + b"content-length: 0").partition(b"content-length:")[2].split()[0])
        body = self.rfile.read(length)
        return body if len(body) == length else None

    def _chunks(self) -> bytes | None:
        body = b""
        while (size := self.rfile.readline().strip()) not in (b"0", b""):
            body += self.rfile.read(int(size, 16))
            self.rfile.readline()
        return body if size else None


class _Server(socketserver.ThreadingTCPServer):
    """Remembers the bodies that it has read, None for one that did not come whole."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.read: list[bytes | None] = []
        self.url = f"http://127.0.0.1:{self.server_address[1]}"

    def handle_error(self, *_: Any) -> None:
        """Print nothing: a client that is gone is what is tested."""
        self.read.append(None)


@pytest.fixture
def server() -> Iterator[_Server]:
    with _Server() as server:
        thread = Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def sent(url: str, changed: dict[str, Any], retries: Any = 0, **how: Any) -> Any:
    """Send a request that was changed after it was prepared, and return what became of it."""
    request = requests.Request("POST", url + PATH, **how).prepare()
    if "body" in changed:
        del request.headers["Content-Length"]
        request.body = changed["body"]()
    request.headers.update(changed.get("headers", {}))
    with warnings.catch_warnings(), requests.Session() as session:
        warnings.simplefilter("ignore", ResourceWarning)
        session.mount("http://", HTTPAdapter(max_retries=retries))
        try:
            return session.send(request, timeout=PATIENCE, **changed.get("options", {})).status_code
        except Exception as error:  # noqa: BLE001 - that is what is looked at
            return error


def both(server: _Server, changed: dict[str, Any], *how: Any) -> tuple[Any, Any, Paymock]:
    """Return what became of a request before a server and before the fake."""
    real = sent(server.url, changed, *how)
    with Paymock(base_url=server.url) as paymock:
        return real, sent(server.url, changed, *how), paymock


def once(*pieces: Any) -> Iterator[Any]:
    yield from pieces


JSON = b'{"token":"tok_none"}'

MORE = {
    "a length that is too long": {"headers": {"Content-Length": "99"}, "body": lambda: JSON},
    "one in bytes": {"headers": {"Content-Length": b"99"}, "body": lambda: JSON},
    "a length of nothing": {"headers": {"Content-Length": "9"}},
    "no more text": {"headers": {"Content-Length": "9"}, "body": str},
    "an empty list": {"headers": {"Content-Length": "9"}, "body": list},
    "a list that is too short": {"headers": {"Content-Length": "9"}, "body": lambda: ["a", b"b"]},
    "names without their values": {"headers": {"Content-Length": "9"}, "body": lambda: {"a": 1}},
    "an odd header beside it": {"headers": {"Content-Length": "9", "X-It": "\u00e9"}},
    "a generator with a length": {
        "headers": {"Content-Length": "20", "Transfer-Encoding": "chunked"},
        "body": lambda: once(JSON),
    },
    "chunks that are none": {
        "headers": {"Content-Length": "20", "Transfer-Encoding": "chunked"},
        "body": lambda: JSON,
    },
}


@pytest.mark.parametrize("name", MORE)
def test_for_what_is_announced_and_does_not_come_a_client_waits(server: _Server, name: str):
    real, told, paymock = both(server, MORE[name])
    assert facts_of(told) == facts_of(real)
    assert type(told) is requests.ReadTimeout
    assert "leave Content-Length and Transfer-Encoding to the client" in told.__notes__[0]
    assert len(paymock.calls) == 0


class _Stream:
    """What cannot go back."""

    def __init__(self, body: bytes) -> None:
        self.read = io.BytesIO(body).read


@pytest.mark.parametrize("kind", [io.BytesIO, _Stream])
def test_a_stream_that_was_read_is_announced_again(server: _Server, kind: Any):
    body = kind(JSON)
    changed = {"headers": {"Content-Length": str(len(JSON))}, "body": lambda: body}
    assert sent(server.url, changed) == 400
    real = sent(server.url, changed)
    with Paymock(base_url=server.url) as paymock:
        body = kind(JSON)
        assert sent(server.url, changed) == 400
        assert facts_of(sent(server.url, changed)) == facts_of(real)
        assert paymock.calls.one().request == {"token": "tok_none"}


def test_a_stream_is_not_there_for_another_attempt(server: _Server):
    rule = Retry(1, allowed_methods=None, status_forcelist=[400])
    changed = {"headers": {"Content-Length": str(len(JSON))}, "body": lambda: _Stream(JSON)}
    real, told, paymock = both(server, changed, rule)
    assert facts_of(told) == facts_of(real)
    assert server.read[0] == JSON
    assert paymock.calls.one().status_code == 400


def test_it_takes_the_time_of_each_attempt(server: _Server):
    rule = Retry(2, allowed_methods=None, backoff_factor=0.01)
    real = sent(server.url, MORE["a length of nothing"], rule)
    with Paymock(base_url=server.url, clock="2026-01-27T12:00:00") as paymock:
        start = paymock.clock.now()
        told = sent(server.url, MORE["a length of nothing"], rule)
        assert (paymock.clock.now() - start).total_seconds() == pytest.approx(3 * PATIENCE + 0.02)
    assert facts_of(told) == facts_of(real)


LESS: dict[str, tuple[dict[str, Any], bytes]] = {
    "no length": ({"headers": {"Content-Length": "0"}, "body": lambda: JSON}, b""),
    "a short length": ({"headers": {"Content-Length": "9"}, "body": lambda: JSON}, JSON[:9]),
    "in pieces": ({"headers": {"Content-Length": "2"}, "body": lambda: [b"{}", b"{}"]}, b"{}"),
    "an odd header beside it": (
        {"headers": {"Content-Length": "2", "X-It": "\u00e9"}, "body": lambda: b"{} and more"},
        b"{}",
    ),
}


@pytest.mark.parametrize("name", LESS)
def test_what_comes_beyond_the_length_is_not_read(server: _Server, name: str):
    changed, read = LESS[name]
    real, told, paymock = both(server, changed)
    assert (real, told) == (400, 400)
    assert server.read[0] == read
    assert paymock.calls.one().request == (json.loads(read) if read == b"{}" else None)


def test_a_body_in_chunks_has_no_length(server: _Server):
    real, told, paymock = both(
        server, {"headers": {"Transfer-Encoding": "chunked"}, "body": lambda: once(JSON, "", b"")}
    )
    assert (real, told, server.read) == (400, 400, [JSON])
    assert paymock.calls.one().request == {"token": "tok_none"}


# Those that are written as a whole have a length, as requests gives it to what has one.
PIECES: dict[str, dict[str, Any]] = {
    "a number in a list": {"headers": {"Content-Length": "1"}, "body": lambda: [3]},
    "a set of numbers": {"headers": {"Content-Length": "1"}, "body": lambda: {3}},
    "a range": {"headers": {"Content-Length": "2"}, "body": lambda: range(1, 3)},
    "a number in a chunk": {"body": lambda: once(3)},
    "a list in a chunk": {"body": lambda: once([1])},
    "no iterable": {"body": lambda: 3},
}


@pytest.mark.parametrize("name", PIECES)
def test_a_piece_that_is_no_bytes_is_refused_in_the_words_of_the_client(server: _Server, name: str):
    real, told, paymock = both(server, PIECES[name])
    assert type(told) is TypeError
    assert facts_of(told) == facts_of(real)
    assert len(paymock.calls) == 0


def test_a_list_of_lists_is_refused_although_it_could_be_sent(server: _Server):
    changed = {"headers": {"Content-Length": "2"}, "body": lambda: [[b"{", b"}"]]}
    real, told, paymock = both(server, changed)
    assert (real, server.read) == (400, [b"{}"])
    assert isinstance(told, TypeError)
    assert len(paymock.calls) == 0


CERTIFICATES: dict[str, dict[str, Any]] = {
    "a file that there is not": {"cert": "/nope"},
    "a pair of them": {"cert": ("/nope", "/nope")},
    "a key that there is not": {"cert": (HERE, "/nope")},
    "a number": {"cert": 3},
}


@pytest.mark.parametrize("name", CERTIFICATES)
def test_a_certificate_is_looked_for(server: _Server, name: str):
    real, told, paymock = both(server, {"options": CERTIFICATES[name]})
    assert isinstance(real, OSError | TypeError)
    assert facts_of(told) == facts_of(real)
    assert len(paymock.calls) == 0


@pytest.mark.parametrize("options", [{"cert": HERE}, {"cert": (HERE, HERE)}, {"verify": "/nope"}])
def test_one_that_is_there_or_not_needed_is_no_matter(server: _Server, options: dict[str, Any]):
    real, told, paymock = both(server, {"options": options})
    assert (real, told, len(paymock.calls)) == (400, 400, 1)


def test_authorities_that_are_not_there_are_told_where_they_are_needed():
    with Paymock(base_url="https://pay.example") as paymock:
        with pytest.raises(OSError, match=r"^Could not find a suitable TLS CA certificate bundle"):
            requests.get("https://pay.example/", verify="/nope", timeout=1)
        assert requests.get("https://pay.example/", verify=HERE, timeout=1).status_code == 404
        assert len(paymock.calls) == 1
