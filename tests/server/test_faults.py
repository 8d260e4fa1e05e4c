"""Faults act on the real socket: the client sees what the network did, and the ledger knows."""

import socket
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import httpx
import pytest
import requests

from pytest_paymock import UsageError, faults
from pytest_paymock.server.fake import SOCKET_FAULTS, ServerPaymock

from .conftest import Serve
from .impatience import impatient
from .sockets import Wire, body_of, post, request, status_of, until

PAYMENTS = "/api/v1/payments"
pytestmark = pytest.mark.paymock(guards="off")


@pytest.fixture
def order(paymock_server: ServerPaymock) -> dict[str, Any]:
    """A payment that would succeed."""
    token = paymock_server.add_token("visa", customer_id="cust_1").token
    return {"token": token, "amount": 5, "customer_id": "cust_1"}


def test_disconnect_closes_the_connection_without_a_byte(
    paymock_server: ServerPaymock, wire: Wire, order: dict[str, Any]
) -> None:
    paymock_server.faults.queue(faults.disconnect)
    wire.write(post(PAYMENTS, order))
    assert wire.to_end() == b""
    paymock_server.assert_not_charged()
    call = paymock_server.calls.one()
    assert (call.fault, call.status_code, call.acted) == (faults.disconnect, None, False)


def test_a_reset_is_a_reset_and_no_end(
    paymock_server: ServerPaymock, wire: Wire, order: dict[str, Any]
) -> None:
    paymock_server.faults.queue(faults.connection_reset(after_commit=True))
    wire.write(post(PAYMENTS, order))
    with pytest.raises(ConnectionResetError):
        wire.to_end()
    paymock_server.assert_charged(5)
    assert paymock_server.calls.one().lost


def test_a_truncated_body_announces_more_than_comes(
    paymock_server: ServerPaymock, wire: Wire, order: dict[str, Any]
) -> None:
    paymock_server.faults.queue(faults.truncated_body(after_commit=True))
    wire.write(post(PAYMENTS, order))
    head, _, body = wire.to_end().partition(b"\r\n\r\n")
    record = paymock_server.calls.one()
    assert head.startswith(b"HTTP/1.1 201 Created\r\ncontent-type: application/json\r\n")
    assert int(head.rpartition(b" ")[2]) // 2 == len(body) > 50
    assert body == record.response_body
    paymock_server.assert_charged(5)


def test_malformed_json_arrives_whole(
    paymock_server: ServerPaymock, wire: Wire, order: dict[str, Any]
) -> None:
    paymock_server.faults.queue(faults.malformed_json)
    wire.write(post(PAYMENTS, order))
    body = wire.one().partition(b"\r\n\r\n")[2]
    with pytest.raises(ValueError, match="Unterminated string"):
        body_of(b"\r\n\r\n" + body)
    paymock_server.assert_not_charged()


@pytest.mark.parametrize(
    ("fault", "status", "detail", "field"),
    [
        (faults.server_error, 500, "Internal server error", b""),
        (faults.bad_gateway, 502, "Bad gateway", b""),
        (faults.rate_limited, 429, "Too many requests", b"retry-after: 1"),
        (faults.http_error(418, headers={"X-Pot": "tea"}), 418, "I'm a Teapot", b"x-pot: tea"),
        (faults.http_error(599, detail="no"), 599, "no", b""),
    ],
    ids=str,
)
def test_an_error_answer_is_an_answer(
    paymock_server: ServerPaymock,
    wire: Wire,
    order: dict[str, Any],
    *,
    fault: faults.Fault,
    status: int,
    detail: str,
    field: bytes,
) -> None:
    paymock_server.faults.queue(fault)
    wire.write(post(PAYMENTS, order))
    answer = wire.one()
    assert status_of(answer) == status
    assert body_of(answer)["detail"].lower() == detail.lower()
    assert field in answer.lower()
    wire.write(post(PAYMENTS, order))
    assert status_of(wire.one()) == 201, "the connection is sound after it"


def test_a_read_timeout_is_the_clients_own(
    paymock_server: ServerPaymock, order: dict[str, Any]
) -> None:
    paymock_server.faults.when(faults.read_timeout(after_commit=True), nth=1)
    url = paymock_server.url + PAYMENTS
    with impatient(paymock_server, faults.read_timeout) as http, pytest.raises(httpx.ReadTimeout):
        http.post(PAYMENTS, json=order)
    assert requests.post(url, json=order, timeout=20).status_code == 201
    paymock_server.assert_charged(5, times=2)
    assert [call.lost for call in paymock_server.calls] == [True, False]


def test_who_waits_for_an_answer_that_never_comes_is_let_go_at_the_end(
    serve: Serve,
) -> None:
    fake = serve(options={"guards": "off"})
    fake.faults.always(faults.read_timeout)
    with Wire(fake.url) as first, Wire(fake.url) as second:
        for wire in (first, second):
            wire.write(request("GET", "/api/v1/tokens/tok_1"))
        until(lambda: len(fake.calls) == 2)
        assert first.silent()
        assert second.silent()
        fake.verify()
        assert first.to_end() == second.to_end() == b""


CLIENT_ERRORS: list[tuple[faults.Fault, type[Exception], type[Exception]]] = [
    (faults.disconnect, httpx.RemoteProtocolError, requests.ConnectionError),
    (faults.connection_reset, httpx.ReadError, requests.ConnectionError),
    (
        faults.truncated_body,
        httpx.RemoteProtocolError,
        requests.exceptions.ChunkedEncodingError,
    ),
]


@pytest.mark.parametrize("after_commit", [False, True])
@pytest.mark.parametrize(
    ("fault", "in_httpx", "in_requests"), CLIENT_ERRORS, ids=[str(row[0]) for row in CLIENT_ERRORS]
)
def test_clients_raise_what_they_raise_in_production(
    paymock_server: ServerPaymock,
    order: dict[str, Any],
    *,
    fault: faults.Fault,
    in_httpx: type[Exception],
    in_requests: type[Exception],
    after_commit: bool,
) -> None:
    url = paymock_server.url + PAYMENTS
    paymock_server.faults.queue(fault, fault, after_commit=after_commit)
    with pytest.raises(in_httpx):
        httpx.post(url, json=order)
    with pytest.raises(in_requests):
        requests.post(url, json=order, timeout=20)
    paymock_server.assert_charged(5, times=2 if after_commit else 0)


@pytest.mark.parametrize("fault", SOCKET_FAULTS, ids=str)
@pytest.mark.parametrize("method", ["HEAD", "GET"])
def test_a_fault_may_meet_any_request(
    paymock_server: ServerPaymock, fault: faults.Fault, method: str
) -> None:
    paymock_server.faults.queue(fault)
    status: int | None = None
    with impatient(paymock_server, fault) as http, suppress(httpx.HTTPError):
        status = http.request(method, "/nowhere").status_code
    assert httpx.get(f"{paymock_server.url}/nowhere").status_code == 404
    recorded = paymock_server.calls[0].status_code
    assert status == recorded or fault is faults.truncated_body
    assert paymock_server.faults.pending == []


IMPOSSIBLE = [faults.connect_error, faults.connect_timeout]


@pytest.mark.parametrize("fault", IMPOSSIBLE, ids=str)
@pytest.mark.parametrize(
    "say",
    [
        lambda fake, fault: fake.faults.queue(faults.disconnect, fault),
        lambda fake, fault: fake.faults.when(fault, on="refund"),
        lambda fake, fault: fake.faults.always(fault),
        lambda fake, fault: fake.explore(faults=[faults.disconnect, fault]),
    ],
    ids=["queue", "when", "always", "explore"],
)
def test_a_server_that_listens_cannot_refuse_a_connection(
    paymock_server: ServerPaymock,
    fault: faults.Fault,
    say: Callable[[ServerPaymock, faults.Fault], None],
) -> None:
    with pytest.raises(UsageError, match=f"{fault.words} cannot happen on the live server: it lis"):
        say(paymock_server, fault)
    assert paymock_server.faults.pending == []


def test_what_is_no_fault_is_told_as_ever(paymock_server: ServerPaymock) -> None:
    with pytest.raises(UsageError, match="a fault is a value of "):
        paymock_server.faults.queue("disconnect")  # type: ignore[arg-type]
    paymock_server.faults.always(None)
    assert paymock_server.faults.pending == []


def test_every_fault_of_a_server_is_explored(paymock_server: ServerPaymock) -> None:
    charged = 0
    seen = set()
    for world in paymock_server.explore():
        fault = world.faults[0].fault if world.faults else None
        with world, impatient(paymock_server, fault) as http:
            seen |= {placed.fault.name for placed in world.faults}
            token = paymock_server.add_token().token
            with suppress(httpx.HTTPError):
                http.post(PAYMENTS, json={"token": token, "amount": 5, "customer_id": "cust_1"})
            charged += len(paymock_server.payments.where(status="success"))
    assert seen == {fault.name for fault in SOCKET_FAULTS}
    # Once in the sound world, and once for each fault that comes after the commit.
    assert charged == 1 + sum(fault.can_follow_commit for fault in SOCKET_FAULTS)


def test_a_fault_on_one_connection_leaves_the_others_alone(
    paymock_server: ServerPaymock, order: dict[str, Any]
) -> None:
    paymock_server.faults.when(faults.connection_reset, on="get_token")
    with Wire(paymock_server.url) as one, Wire(paymock_server.url) as other:
        one.write(request("GET", f"/api/v1/tokens/{order['token']}"))
        with pytest.raises(ConnectionResetError):
            one.to_end()
        other.write(post(PAYMENTS, order))
        assert status_of(other.one()) == 201


def test_a_closed_port_is_what_a_refused_connection_looks_like() -> None:
    # What the message of connect_error advises.
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"http://127.0.0.1:{port}/")
