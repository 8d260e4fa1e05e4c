"""Spec section 5: paying back."""

import re
from decimal import Decimal

import pytest

from pytest_paymock import Paymock

from .clients import Client
from .documents import contract, get_token, history, pay, payment, refund, transaction

pytestmark = contract


def test_the_answer_has_the_decided_fields(client: Client, paymock: Paymock) -> None:
    paid = pay(client, get_token(client), 12.5, currency="EUR")
    paymock.clock.advance(minutes=5)
    answer = refund(client, paid["transaction_id"])
    assert answer.status == 200
    assert answer.headers["content-type"] == "application/json"
    refund_id = answer.json["refund_id"]
    assert re.fullmatch(r"ref_20260127120500_[0-9a-f]{8}", refund_id)
    assert answer.json == {
        "refund_id": refund_id,
        "original_transaction_id": paid["transaction_id"],
        "amount": Decimal("12.5"),
        "currency": "EUR",
        "customer_id": "cust_123",
        "status": "success",
        "message": "Refund processed successfully",
        "processed_at": "2026-01-27T12:05:00",
    }


@pytest.mark.parametrize(
    ("amount", "status"), [(0.01, "failed"), (0.02, "failed"), (0.03, "pending"), (1e4, "pending")]
)
def test_only_a_successful_payment_is_refunded(
    client: Client, paymock: Paymock, amount: float, status: str
) -> None:
    paid = pay(client, get_token(client), amount)
    refused = refund(client, paid["transaction_id"])
    assert refused.status == 400
    assert refused.json == {
        "detail": f"Only successful transactions can be refunded; this one is {status}"
    }
    assert len(paymock.refunds) == 0


@pytest.mark.parametrize("outcome", ["issuer_declined", "under_review"])
def test_an_ordinary_payment_that_did_not_succeed_is_not_refunded_either(
    client: Client, paymock: Paymock, outcome: str
) -> None:
    paymock.outcomes.queue(outcome)
    paid = pay(client, get_token(client))
    assert refund(client, paid["transaction_id"]).status == 400
    assert len(paymock.refunds) == 0


def test_a_payment_is_refunded_once(client: Client, paymock: Paymock) -> None:
    paid = pay(client, get_token(client))
    assert refund(client, paid["transaction_id"]).status == 200
    for _ in range(2):
        refused = refund(client, paid["transaction_id"])
        assert refused.status == 400
        assert refused.json == {"detail": "Transaction has already been refunded"}
    assert len(paymock.refunds) == 1


def test_a_refund_is_not_refunded(client: Client, paymock: Paymock) -> None:
    paid = pay(client, get_token(client))
    refund_id = refund(client, paid["transaction_id"]).json["refund_id"]
    refused = refund(client, refund_id)
    assert refused.status == 400
    assert refused.json == {"detail": "A refund cannot be refunded"}
    assert len(paymock.refunds) == 1


@pytest.mark.parametrize("name", ["txn_20260127120000_00000000", "nothing", "%00"])
def test_an_unknown_transaction_is_not_refunded(
    client: Client, paymock: Paymock, name: str
) -> None:
    refused = refund(client, name)
    assert refused.status == 404
    assert refused.json == {"detail": "Transaction not found"}
    assert len(paymock.refunds) == 0


def test_a_refused_refund_changes_nothing(client: Client) -> None:
    paid = pay(client, get_token(client), 0.03)
    before = history(client), transaction(client, paid["transaction_id"])
    refund(client, paid["transaction_id"])
    refund(client, "txn_unknown")
    assert (history(client), transaction(client, paid["transaction_id"])) == before


@pytest.mark.parametrize(
    "body",
    [
        b"{}",
        b'{"amount": 1, "reason": "partly"}',
        b"no JSON",
        b"\xff\xfe",
        b"[" * 5000,
        b'{"transaction_id": "txn_other"}',
    ],
)
def test_a_body_is_ignored_and_the_whole_amount_paid_back(client: Client, body: bytes) -> None:
    paid = pay(client, get_token(client), 12.5)
    answer = client.send("POST", f"/api/v1/transactions/{paid['transaction_id']}/refund", body=body)
    assert answer.status == 200
    assert answer.json["amount"] == Decimal("12.5")


def test_a_refund_needs_no_valid_token(client: Client, paymock: Paymock) -> None:
    token = get_token(client)
    paid = pay(client, token)
    paymock.clock.advance(days=90)
    assert client.post("/api/v1/payments", payment(token)).status == 401
    assert refund(client, paid["transaction_id"]).status == 200


def test_every_payment_has_a_refund_of_its_own(client: Client, paymock: Paymock) -> None:
    paymock.outcomes.always("success")
    token = get_token(client)
    paid = [pay(client, token, amount + 1)["transaction_id"] for amount in range(5)]
    refunds = [refund(client, name).json for name in reversed(paid)]
    assert [item["original_transaction_id"] for item in refunds] == paid[::-1]
    assert [item["amount"] for item in refunds] == [5, 4, 3, 2, 1]
    assert len({item["refund_id"] for item in refunds}) == 5


def test_a_settled_payment_can_be_refunded(client: Client, paymock: Paymock) -> None:
    paid = pay(client, get_token(client), 10000)
    paymock.settle(paid["transaction_id"], "success")
    assert refund(client, paid["transaction_id"]).status == 200


def test_a_refund_leaves_the_status_of_the_payment(client: Client) -> None:
    paid = pay(client, get_token(client))
    refund(client, paid["transaction_id"])
    assert transaction(client, paid["transaction_id"]).json["status"] == "success"
