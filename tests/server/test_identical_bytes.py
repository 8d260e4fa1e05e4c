"""What stands on the wire is, byte for byte, what the interceptors build."""

from typing import Any

import pytest

from pytest_paymock import Paymock
from pytest_paymock._api.http import Request
from pytest_paymock._exchange import Gateway
from pytest_paymock._intercept.wire import wire_reply
from pytest_paymock._script.faults import FaultScript
from pytest_paymock.server.fake import ServerPaymock
from tests.contract.clients import Httpx
from tests.contract.documents import NOW, PAYMENTS, TEST_CARDS, TOKENIZE, payment, tokenization
from tests.contract.test_identical_bytes import Recorded, converse
from tests.engine.support import Bench

from .sockets import Wire, body_of, post, request, status_of

pytestmark = pytest.mark.paymock(clock=NOW)


class Twin:
    """The fake as the interceptors have it: requests in, the bytes of a whole answer out."""

    def __init__(self) -> None:
        bench = Bench(clock=NOW)
        faults = FaultScript(bench.journal)
        self._gateway = Gateway(bench.journal, bench.engine, bench.clock, faults)

    def answer(self, method: str, path: str, body: bytes = b"") -> bytes:
        raw, _, query = path.partition("?")
        sent = Request(method, raw, body, query=query)
        return wire_reply(self._gateway.exchange("twin", sent)).data


class Both:
    """The same requests to a server and to its twin."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire
        self._twin = Twin()
        self.statuses: set[int] = set()

    def post(self, path: str, document: Any = None) -> Any:
        """Compare the answers to a POST, and return the JSON in them."""
        sent = post(path, document) if document is not None else request("POST", path, b"")
        return self._compare("POST", path, sent, sent.partition(b"\r\n\r\n")[2])

    def send(self, method: str, path: str) -> Any:
        """Compare the answers to a request without a body, and return the JSON in them."""
        return self._compare(method, path, request(method, path), b"")

    def _compare(self, method: str, path: str, sent: bytes, body: bytes) -> Any:
        self._wire.write(sent)
        answer = self._wire.one()
        expected = self._twin.answer(method, path, body)
        # The reason phrases and the order of the fields are part of what is compared.
        assert answer.decode() == expected.decode() or method == "HEAD"
        assert answer.partition(b"\r\n\r\n")[0] == expected.partition(b"\r\n\r\n")[0]
        self.statuses.add(status_of(answer))
        return None if method == "HEAD" else body_of(answer)


def test_every_answer_is_the_interceptors_own_to_the_byte(wire: Wire) -> None:
    both = Both(wire)
    for number in TEST_CARDS.values():
        token = both.post(TOKENIZE, tokenization({"card_number": number}))["token"]
    paid = both.post(PAYMENTS, payment(token, 99.99, description="Ünïcode ☃"))
    for path in (f"transactions/{paid['transaction_id']}", f"tokens/{token}"):
        both.send("GET", f"/api/v1/{path}")
    both.send("GET", "/api/v1/customers/cust_123/transactions?limit=1")
    both.send("GET", "/api/v1/customers/cust%2F1/transactions")
    for _ in range(2):
        both.post(f"/api/v1/transactions/{paid['transaction_id']}/refund")
    both.post(TOKENIZE, {})
    both.post(PAYMENTS, payment("tok_unknown"))
    both.post(PAYMENTS)
    for method in ("GET", "HEAD", "OPTIONS", "PUT", "PATCH", "DELETE", "TRACE", "BREW"):
        both.send(method, PAYMENTS)
    for path in ("/", "/api", "/api/v1/payments/", "//", "/health", "/api/v1/payments%0A"):
        both.send("GET", path)
        both.send("HEAD", path)
    assert both.statuses == {200, 201, 400, 401, 404, 405}


def test_a_whole_conversation_is_that_of_an_intercepted_client(
    paymock_server: ServerPaymock,
) -> None:
    served = Httpx(paymock_server.url)
    over_the_wire = Recorded(served)
    converse(over_the_wire, paymock_server)
    served.close()
    with Paymock(clock=NOW, base_url="http://intercepted.example") as paymock:
        client = Httpx(paymock.base_url)
        intercepted = Recorded(client)
        converse(intercepted, paymock)
        client.close()
    # The one page that a server has and an interceptor has not is none of the contract's paths.
    assert over_the_wire.kept == intercepted.kept
    assert len(over_the_wire.kept) > 80
    assert {call.client for call in paymock_server.calls} == {"server"}


def test_no_field_is_added_to_an_answer(wire: Wire) -> None:
    wire.write(request("GET", "/api/v1/tokens/tok_1"))
    head = wire.one().partition(b"\r\n\r\n")[0]
    assert head.split(b"\r\n") == [
        b"HTTP/1.1 404 Not Found",
        b"content-type: application/json",
        b"content-length: 28",
    ]


def test_a_client_that_wants_to_close_is_told_so_and_nothing_else(wire: Wire) -> None:
    wire.write(request("GET", "/api/v1/tokens/tok_1", None, "connection: close"))
    head, _, body = wire.to_end().partition(b"\r\n\r\n")
    assert head.lower().split(b"\r\n")[1:] == [
        b"content-type: application/json",
        b"content-length: 28",
        b"connection: close",
    ]
    assert body == b'{"detail":"Token not found"}'
