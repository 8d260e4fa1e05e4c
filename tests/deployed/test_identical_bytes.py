"""One conversation, the same bytes through every client library, and over the wire."""

import json

import pytest

from pytest_paymock import Paymock
from pytest_paymock.server.fake import ServerPaymock
from tests.contract.clients import CLIENTS, LIBRARY, Httpx
from tests.contract.documents import NOW, PAYMENTS, TOKENIZE, payment, tokenization
from tests.contract.test_identical_bytes import AMOUNTS, Recorded

Kept = list[tuple[int, dict[str, str], bytes]]


def converse(call: Recorded, paymock: Paymock) -> None:
    """Go through everything in which the profile differs."""
    for path in ("/", "/health", "/health/", "/nothing/"):
        call("GET", path)
    made = [call("POST", TOKENIZE, tokenization(customer_id=None)).json for _ in range(2)]
    token = call("POST", f"{TOKENIZE}/", tokenization()).json["token"]
    call("GET", f"/api/v1/tokens/{token}/")
    for amount in AMOUNTS:
        paid = call("POST", PAYMENTS, payment(token, amount, currency="Ünïcode")).json
        name = paid["transaction_id"]
        for _ in range(2):
            refund = call("POST", f"/api/v1/transactions/{name}/refund")
        if refund.status == 200:
            call("POST", f"/api/v1/transactions/{refund.json['refund_id']}/refund")
            call("GET", f"/api/v1/transactions/{refund.json['refund_id']}")
        call("GET", f"/api/v1/transactions/{name}")
    call("GET", "/api/v1/customers/cust_123/transactions")
    call("GET", f"/api/v1/customers/{made[0]['customer_id']}/transactions")
    call("POST", TOKENIZE, tokenization({"card_number": "1", "cvv": "1"}))
    call("POST", TOKENIZE)
    call("POST", PAYMENTS, [])
    call("POST", PAYMENTS, payment("tok_unknown"))
    paymock.clock.advance(hours=24, microseconds=7)
    call("POST", PAYMENTS, payment(token))
    call("POST", TOKENIZE, tokenization(customer_id=None))
    call("PUT", "/health")


def kept_by(name: str, seed: int) -> Kept:
    """Run the conversation through a client, under a seed."""
    with Paymock(seed=seed, clock=NOW, guards="off", profile="deployed") as paymock:
        client = CLIENTS[name](paymock.base_url)
        call = Recorded(client)
        converse(call, paymock)
        client.close()
    assert {record.client for record in paymock.calls} == {LIBRARY[name]}
    return call.kept


@pytest.mark.parametrize("seed", [0, 2**80])
def test_one_conversation_has_the_same_bytes_through_every_client(seed: int) -> None:
    first, *others = CLIENTS
    expected = kept_by(first, seed)
    assert {status for status, _, _ in expected} == {200, 201, 400, 401, 404, 405, 422}
    for name in others:
        assert kept_by(name, seed) == expected, name


@pytest.mark.paymock(clock=NOW, guards="off", profile="deployed")
def test_the_live_server_answers_the_same_bytes(paymock_server: ServerPaymock) -> None:
    client = Httpx(paymock_server.url)
    call = Recorded(client)
    converse(call, paymock_server)
    client.close()
    assert call.kept == kept_by("requests", 0)


def test_the_first_bytes_under_the_default_seed_are_a_promise() -> None:
    kept = iter(kept_by("httpx", 0))
    bodies = [next(kept)[2] for _ in range(7)][4:]
    assert [json.loads(body)["customer_id"] for body in bodies] == [
        "cust_1769515200.0",
        "cust_1769515200.000001",
        "cust_123",
    ]
    next(kept)
    assert next(kept)[2] == (
        b'{"transaction_id":"txn_20260127120000_e9427cee5ed6d7d3","status":"failed","amount":0.01,'
        b'"currency":"\\u00dcn\\u00efcode","token":"tok_d06341dea1a223ae6248f7c4a3edc740","customer_id":"cust_123",'
        b'"message":"Insufficient funds","processed_at":"2026-01-27T12:00:00"}'
    )


def test_all_ids_of_a_run_are_different() -> None:
    with Paymock(clock=NOW, success_rate=1, guards="off", profile="deployed") as paymock:
        token = paymock.add_token().token
        client = Httpx(paymock.base_url)
        paid = [client.post(PAYMENTS, payment(token)).json["transaction_id"] for _ in range(100)]
        back = [
            client.post(f"/api/v1/transactions/{name}/refund").json["refund_id"] for name in paid
        ]
        client.close()
    assert len({*paid, *back}) == 200
    assert len({name[-16:-8] for name in (*paid, *back)}) == 200


def test_a_snapshot_brings_back_ids_and_refunds() -> None:
    with Paymock(clock=NOW, profile="deployed") as paymock:
        client = Httpx(paymock.base_url)
        payment_id = paymock.add_payment(amount=5).transaction_id
        before = paymock.snapshot()
        runs = []
        for _ in range(2):
            refund = client.post(f"/api/v1/transactions/{payment_id}/refund").json["refund_id"]
            client.post(f"/api/v1/transactions/{refund}/refund")
            client.post(TOKENIZE, tokenization(customer_id=None))
            runs.append([call.response_body for call in paymock.calls])
            paymock.restore(before)
        client.close()
    assert runs[0] == runs[1]
    assert len(paymock.refunds) == 0
