"""One conversation, the same bytes through every client library."""

from collections.abc import Callable

import pytest

from pytest_paymock import Paymock

from .clients import CLIENTS, LIBRARY, Answer, Client
from .documents import NOW, PAYMENTS, TEST_CARDS, TOKENIZE, payment, tokenization

AMOUNTS = [0.01, 0.02, 0.03, 10000, 10000.01, 99.99, 10, 10.0, 0.1, 1e2, 123456.78, 0.04]

FIELDS = ("content-type", "content-length", "allow", "location", "retry-after")


class Recorded:
    """A client that keeps what it was answered, as far as all clients must agree on it."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self.kept: list[tuple[int, dict[str, str], bytes]] = []

    def __call__(self, method: str, path: str, document: object = None) -> Answer:
        if method == "POST":
            answer = self._client.post(path, document)
        else:
            answer = self._client.send(method, path)
        fields = {name: answer.headers[name] for name in FIELDS if name in answer.headers}
        self.kept.append((answer.status, fields, answer.body))
        return answer


def converse(call: Recorded, paymock: Paymock) -> None:
    """Go through everything that the documentation tells of."""
    tokens = [
        call("POST", TOKENIZE, tokenization({"card_number": number})).json["token"]
        for number in TEST_CARDS.values()
    ]
    call("POST", TOKENIZE, tokenization(customer_id=None))
    paid = [
        call("POST", PAYMENTS, payment(token, amount)).json
        for amount in AMOUNTS
        for token in tokens
    ]
    for document in paid[:: len(tokens)]:
        name = document["transaction_id"]
        call("GET", f"/api/v1/transactions/{name}")
        refund = call("POST", f"/api/v1/transactions/{name}/refund")
        call("POST", f"/api/v1/transactions/{name}/refund")
        if refund.status == 200:
            call("GET", f"/api/v1/transactions/{refund.json['refund_id']}")
            call("POST", f"/api/v1/transactions/{refund.json['refund_id']}/refund")
    call("GET", "/api/v1/customers/cust_123/transactions")
    call("GET", "/api/v1/customers/nob%2Fody%20%C3%BC/transactions")
    refusals(call, tokens[0])
    paymock.clock.advance(hours=24)
    call("GET", f"/api/v1/tokens/{tokens[0]}")
    call("POST", PAYMENTS, payment(tokens[0]))


def refusals(call: Recorded, token: str) -> None:
    """Make every kind of mistake that has an answer of its own."""
    call("POST", TOKENIZE, tokenization({"card_number": "4532015112830367", "cvv": "1"}))
    call("POST", TOKENIZE, tokenization({"expiry_year": 2025}))
    call("POST", TOKENIZE, {})
    call("POST", TOKENIZE)
    call("POST", PAYMENTS, payment(token, -1, currency="Dollars", description=7))
    call("POST", PAYMENTS, payment("tok_unknown"))
    call("POST", PAYMENTS, [payment(token)])
    for path in ("/api/v1/transactions/txn_1", "/api/v1/tokens/tok_1", "/", "/api/v1/payments/"):
        call("GET", path)
    call("POST", "/api/v1/transactions/txn_1/refund")
    for method in ("GET", "PUT", "DELETE", "OPTIONS", "HEAD", "PATCH"):
        call(method, PAYMENTS)


@pytest.fixture(scope="module")
def kept_by() -> Callable[[str, int], list[tuple[int, dict[str, str], bytes]]]:
    """Run the conversation through a client, under a seed."""

    def run(name: str, seed: int) -> list[tuple[int, dict[str, str], bytes]]:
        with Paymock(seed=seed, clock=NOW, guards="off") as paymock:
            client = CLIENTS[name](paymock.base_url)
            call = Recorded(client)
            converse(call, paymock)
            client.close()
        assert {record.client for record in paymock.calls} == {LIBRARY[name]}
        assert len(paymock.calls) == len(call.kept)
        return call.kept

    return run


@pytest.mark.parametrize("seed", [0, -1])
def test_one_conversation_has_the_same_bytes_through_every_client(
    kept_by: Callable[[str, int], list[tuple[int, dict[str, str], bytes]]], seed: int
) -> None:
    first, *others = CLIENTS
    expected = kept_by(first, seed)
    assert {status for status, _, _ in expected} == {200, 201, 400, 401, 404, 405}
    for name in others:
        assert kept_by(name, seed) == expected, name


def test_another_seed_gives_other_bytes(
    kept_by: Callable[[str, int], list[tuple[int, dict[str, str], bytes]]],
) -> None:
    assert kept_by("httpx", 1) != kept_by("requests", 2)


def test_the_first_bytes_under_the_default_seed_are_a_promise() -> None:
    with Paymock(clock=NOW) as paymock:
        client = CLIENTS["requests"](paymock.base_url)
        token = client.post(TOKENIZE, tokenization())
        paid = client.post(PAYMENTS, payment(token.json["token"]))
        client.close()
    assert token.body == (
        b'{"token":"tok_f6c00db6682917480dac8f9ce9d46c62","last_four_digits":"0366",'
        b'"card_type":"Visa","expires_at":"2026-01-28T12:00:00","customer_id":"cust_123",'
        b'"created_at":"2026-01-27T12:00:00"}'
    )
    assert paid.body == (
        b'{"transaction_id":"txn_20260127120000_3c5a60cf","status":"success","amount":99.99,'
        b'"currency":"USD","token":"tok_f6c00db6682917480dac8f9ce9d46c62",'
        b'"customer_id":"cust_123","message":"Payment processed successfully",'
        b'"processed_at":"2026-01-27T12:00:00"}'
    )
