"""Bodies that are too large, too slow or never end: refused in words, and never held in memory."""

import re
import tracemalloc
from collections.abc import Iterator

import pytest

from pytest_paymock.server.fake import ServerPaymock
from pytest_paymock.server.serving import LONGEST_BODY

from .conftest import Serve
from .sockets import Wire, body_of, post, request, status_of, until

TOKENIZE = "/api/v1/tokenize"
TOO_LARGE = {"detail": f"the request body is larger than {LONGEST_BODY} bytes"}
TOO_SLOW = {"detail": "the request body did not arrive in time"}


def chunks(total: int, piece: bytes = b" " * 65536) -> Iterator[bytes]:
    """Yield a body of so many bytes in chunks, without an end."""
    for _ in range(total // len(piece)):
        yield b"%x\r\n%s\r\n" % (len(piece), piece)


def head(*fields: str, path: str = TOKENIZE) -> bytes:
    return "".join(
        f"{line}\r\n" for line in (f"POST {path} HTTP/1.1", "host: x", *fields, "")
    ).encode()


def assert_sound(fake: ServerPaymock) -> None:
    """Check that nothing came of it, and that the server answers others."""
    assert len(fake.tokens) == len(fake.transactions) == 0
    with Wire(fake.url) as wire:
        wire.write(request("GET", "/api/v1/tokens/tok_1"))
        assert status_of(wire.one()) == 404


@pytest.mark.parametrize("path", [TOKENIZE, "/api/v1/transactions/txn_1/refund", "/nowhere"])
def test_a_length_that_is_too_large_is_refused_before_the_body_comes(
    paymock_server: ServerPaymock, wire: Wire, path: str
) -> None:
    wire.write(head(f"content-length: {LONGEST_BODY + 1}", path=path))
    answer = wire.one()
    assert status_of(answer) == 400
    assert body_of(answer) == TOO_LARGE
    call = paymock_server.calls.one()
    assert (call.path, call.status_code, call.request) == (path, 400, None)
    assert_sound(paymock_server)


@pytest.mark.parametrize("digits", [19, 4300, 5000])
def test_a_length_that_nobody_has_is_refused(
    paymock_server: ServerPaymock, wire: Wire, digits: int
) -> None:
    wire.write(head(f"content-length: {'9' * digits}"))
    assert status_of(wire.to_end() if digits > 19 else wire.one()) == 400
    assert_sound(paymock_server)


def test_the_largest_body_is_read(paymock_server: ServerPaymock, wire: Wire) -> None:
    wire.write(request("POST", TOKENIZE, b" " * (LONGEST_BODY - 2) + b"{}"))
    assert body_of(wire.one())["detail"].startswith("card: is required")
    assert paymock_server.calls.one().endpoint == "tokenize"


def test_a_stream_that_is_too_large_is_refused_and_not_kept(
    paymock_server: ServerPaymock, wire: Wire
) -> None:
    total = 20 * LONGEST_BODY
    tracemalloc.start()
    try:
        wire.write(head("transfer-encoding: chunked"))
        for chunk in chunks(total):
            wire.write(chunk)
        wire.write(b"0\r\n\r\n")
        answer = wire.one()
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert body_of(answer) == TOO_LARGE
    assert peak < total / 4
    assert_sound(paymock_server)


def test_the_connection_lives_on_after_a_body_that_was_not_read(wire: Wire) -> None:
    wire.write(request("POST", TOKENIZE, b" " * (LONGEST_BODY + 1)))
    assert body_of(wire.one()) == TOO_LARGE
    wire.write(request("GET", "/api/v1/tokens/tok_1"))
    assert body_of(wire.one()) == {"detail": "Token not found"}


@pytest.mark.parametrize("framing", ["content-length: 100", "transfer-encoding: chunked"])
def test_a_body_that_stalls_is_refused_in_the_end(serve: Serve, framing: str) -> None:
    fake = serve(patience=0.05)
    with Wire(fake.url) as wire:
        wire.write(head(framing))
        answer = wire.one()
    assert status_of(answer) == 400
    assert body_of(answer) == TOO_SLOW
    assert_sound(fake)


def test_a_body_in_small_pieces_is_one_body(wire: Wire, paymock_server: ServerPaymock) -> None:
    sent = {"card": paymock_server.card(), "customer": paymock_server.customer()}
    for byte in post(TOKENIZE, sent):
        wire.write(bytes([byte]))
    assert status_of(wire.one()) == 201


@pytest.mark.parametrize("sent", [b"", b"POST", head("content-length: 9")[:-2], head() + b"x"])
def test_who_goes_away_in_the_middle_leaves_nothing_behind(
    paymock_server: ServerPaymock, sent: bytes
) -> None:
    with Wire(paymock_server.url) as wire:
        wire.write(sent)
    assert_sound(paymock_server)


def test_a_body_that_is_cut_off_is_no_request(paymock_server: ServerPaymock) -> None:
    with Wire(paymock_server.url) as wire:
        wire.write(head("content-length: 100") + b'{"card":')
        wire.finish()
        assert wire.to_end() == b""
    paymock_server.assert_no_calls()
    assert_sound(paymock_server)


def test_a_client_may_ask_whether_to_send_its_body(
    paymock_server: ServerPaymock, wire: Wire
) -> None:
    wire.write(head("content-length: 2", "expect: 100-continue"))
    until(lambda: not wire.silent())
    wire.write(b"{}")
    text = wire.one_after_continue()
    assert status_of(text) == 400
    assert len(paymock_server.calls) == 1


@pytest.mark.parametrize("kind", ["application/json; charset=utf-16", "application/x+json", ""])
def test_a_body_of_a_json_type_or_of_none_is_read(
    paymock_server: ServerPaymock, wire: Wire, kind: str
) -> None:
    sent = {"card": paymock_server.card(), "customer": paymock_server.customer()}
    wire.write(post(TOKENIZE, sent, f"content-type: {kind}"))
    assert status_of(wire.one()) == 201
    wire.write(request("POST", TOKENIZE, b"a=b&c=d", f"content-type: {kind}"))
    answer = wire.one()
    assert status_of(answer) == 400
    assert re.match("the request body is not valid JSON", body_of(answer)["detail"])


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", 'no/such; "type', "text/json"]
)
def test_a_body_of_another_type_is_not_read(
    paymock_server: ServerPaymock, wire: Wire, kind: str
) -> None:
    sent = {"card": paymock_server.card(), "customer": paymock_server.customer()}
    wire.write(post(TOKENIZE, sent, f"content-type: {kind}"))
    answer = wire.one()
    assert status_of(answer) == 400
    assert f"is of the type {kind}; send it as application/json" in body_of(answer)["detail"]
    assert paymock_server.tokens == []
