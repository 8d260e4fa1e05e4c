"""What is no HTTP, or hardly: answered in words, without a 500, and nothing changes."""

import pytest

from pytest_paymock import faults
from pytest_paymock.server.fake import ServerPaymock

from .conftest import Serve
from .sockets import Wire, body_of, post, request, status_of

NO_HTTP = {"detail": "this is no HTTP/1.1 request"}
GET = request("GET", "/api/v1/tokens/tok_1")

GARBAGE = {
    "words": b"hello there\r\n\r\n",
    "nul": b"\0" * 64 + b"\r\n\r\n",
    "high bytes": bytes(range(128, 256)) + b"\r\n\r\n",
    "tls": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\x11" * 200 + b"\r\n\r\n",
    "http 0.9": b"GET /\r\n\r\n",
    "no version": b"GET /api/v1/payments\r\nhost: x\r\n\r\n",
    "no host": b"GET /api/v1/payments HTTP/1.1\r\n\r\n",
    "two hosts": b"GET / HTTP/1.1\r\nhost: a\r\nhost: b\r\n\r\n",
    "space in target": b"GET /a b HTTP/1.1\r\nhost: x\r\n\r\n",
    "raw bytes in target": b"GET /\xff\xfe HTTP/1.1\r\nhost: x\r\n\r\n",
    "no colon": b"GET / HTTP/1.1\r\nhost: x\r\nbroken\r\n\r\n",
    "nul in a field": b"GET / HTTP/1.1\r\nhost: x\r\na: \0\r\n\r\n",
    "two lengths": b"POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n",
    "no number": b"POST / HTTP/1.1\r\nhost: x\r\ncontent-length: one\r\n\r\n",
    "negative": b"POST / HTTP/1.1\r\nhost: x\r\ncontent-length: -1\r\n\r\n",
    "endless head": b"GET / HTTP/1.1\r\nhost: x\r\n" + b"a: " + b"b" * 200_000,
}


def assert_nothing_changed(fake: ServerPaymock) -> None:
    """Check that there is no call, and that the next one is answered."""
    fake.assert_no_calls()
    with Wire(fake.url) as wire:
        wire.write(GET)
        assert status_of(wire.one()) == 404


@pytest.mark.parametrize("garbage", GARBAGE.values(), ids=GARBAGE)
def test_garbage_is_refused_in_words(
    paymock_server: ServerPaymock, wire: Wire, garbage: bytes
) -> None:
    wire.write(garbage)
    try:
        answer = wire.to_end()
    except ConnectionResetError:
        # What was not read when the connection was closed makes of its end a reset.
        assert len(garbage) > 60_000
    else:
        assert status_of(answer) == 400
        assert body_of(answer) == NO_HTTP
        assert b"content-type: application/json\r\n" in answer
    assert_nothing_changed(paymock_server)


def test_requests_in_one_packet_are_answered_in_order(
    paymock_server: ServerPaymock, wire: Wire
) -> None:
    sent = {"card": paymock_server.card(), "customer": paymock_server.customer()}
    last = request("GET", "/api/v1/tokens/tok_2", None, "connection: close")
    wire.write(GET + post("/api/v1/tokenize", sent) + request("DELETE", "/nowhere") + last)
    answers = wire.to_end().split(b"HTTP/1.1 ")[1:]  # none of them has these words in its body
    assert [int(answer[:3]) for answer in answers] == [404, 201, 404, 404]
    assert [call.path for call in paymock_server.calls] == [
        "/api/v1/tokens/tok_1",
        "/api/v1/tokenize",
        "/nowhere",
        "/api/v1/tokens/tok_2",
    ]


def test_garbage_behind_a_request_does_not_spoil_its_answer(
    paymock_server: ServerPaymock, wire: Wire
) -> None:
    wire.write(GET + b"\x00garbage\r\n\r\n")
    first, second = wire.to_end().split(b"HTTP/1.1 400 Bad Request")
    assert status_of(first) == 404
    assert first.endswith(b'{"detail":"Token not found"}')
    assert body_of(second) == NO_HTTP
    assert paymock_server.calls.one().status_code == 404


@pytest.mark.parametrize(
    "body", [b"zz\r\n{}\r\n0\r\n\r\n", b"5\r\n{}\r\n0\r\n\r\n", b"-2\r\n{}\r\n"]
)
def test_a_body_that_breaks_its_framing_is_no_request(
    paymock_server: ServerPaymock, wire: Wire, body: bytes
) -> None:
    chunked = request("POST", "/api/v1/tokenize", None, "transfer-encoding: chunked")
    wire.write(chunked + body)
    answer = wire.to_end()
    assert status_of(answer) == 400
    assert body_of(answer) == NO_HTTP
    assert_nothing_changed(paymock_server)


def test_garbage_behind_an_answer_that_came_early_ends_the_connection(
    serve: Serve, caplog: pytest.LogCaptureFixture
) -> None:
    fake = serve(longest_body=10)
    chunked = request("POST", "/api/v1/tokenize", None, "transfer-encoding: chunked")
    with Wire(fake.url) as wire:
        wire.write(chunked + b"b\r\n12345678901\r\n")
        assert body_of(wire.one()) == {"detail": "the request body is larger than 10 bytes"}
        wire.write(b"no length\r\n")
        assert wire.to_end() == b""
    assert not [record for record in caplog.records if record.levelname == "ERROR"]


def test_garbage_behind_an_answer_that_breaks_off(
    paymock_server: ServerPaymock, wire: Wire
) -> None:
    paymock_server.faults.queue(faults.truncated_body)
    wire.write(GET + b"\x00\x01\x02\r\n\r\n" * 1000)
    try:
        answer = wire.to_end()
        assert status_of(answer) == 200
        assert answer.count(b"HTTP/1.1") == 1
    except ConnectionResetError:
        pass
    assert paymock_server.calls.one().fault is faults.truncated_body


def test_the_preface_of_http_2_is_a_request_like_any_other(wire: Wire) -> None:
    wire.write(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")
    first, second = wire.to_end().split(b"HTTP/1.1 400 Bad Request")
    assert status_of(first) == 404
    assert body_of(second) == NO_HTTP


def test_an_old_client_gets_one_answer_and_an_end(wire: Wire) -> None:
    wire.write(b"GET /api/v1/tokens/tok_1 HTTP/1.0\r\n\r\n")
    assert wire.to_end().endswith(b'{"detail":"Token not found"}')


@pytest.mark.parametrize("protocol", ["websocket", "h2c", "TLS/1.2"])
def test_a_wish_for_another_protocol_is_not_granted(wire: Wire, protocol: str) -> None:
    fields = ("connection: upgrade", f"upgrade: {protocol}")
    wire.write(request("GET", "/api/v1/tokens/tok_1", None, *fields))
    assert body_of(wire.one()) == {"detail": "Token not found"}


def test_a_tunnel_is_not_dug(wire: Wire) -> None:
    wire.write(request("CONNECT", "pay.example:443"))
    assert status_of(wire.one()) == 404


def test_what_is_refused_names_nothing_of_what_was_sent(
    wire: Wire, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(0)
    wire.write(b"4532015112830366 cvv=123\r\n\r\n")
    assert b"4532" not in wire.to_end()
    assert "4532" not in caplog.text + "".join(capfd.readouterr())
