"""Spec sections 4 and 6: one transaction, and one token."""

from decimal import Decimal

import pytest

from pytest_paymock import Paymock

from .clients import Client
from .documents import (
    TEST_CARDS,
    TOKENIZE,
    contract,
    get_token,
    pay,
    refund,
    tokenization,
    transaction,
)

pytestmark = contract


def test_a_transaction_has_the_documented_fields(client: Client) -> None:
    paid = pay(client, get_token(client))
    answer = transaction(client, paid["transaction_id"])
    assert answer.status == 200
    assert answer.headers["content-type"] == "application/json"
    assert answer.json == {
        "transaction_id": paid["transaction_id"],
        "status": "success",
        "amount": Decimal("99.99"),
        "currency": "USD",
        "customer_id": "cust_123",
        "description": "Order #12345",
        "processed_at": "2026-01-27T12:00:00",
        "card_info": {"last_four": "0366", "card_type": "Visa"},
    }


@pytest.mark.parametrize(("card_type", "number"), TEST_CARDS.items(), ids=TEST_CARDS)
def test_the_card_of_a_transaction_is_the_one_that_paid(
    client: Client, card_type: str, number: str
) -> None:
    token = client.post(TOKENIZE, tokenization({"card_number": number})).json["token"]
    paid = pay(client, token)
    card_info = transaction(client, paid["transaction_id"]).json["card_info"]
    assert card_info == {"last_four": number[-4:], "card_type": card_type}


@pytest.mark.parametrize(
    ("amount", "status"), [(0.01, "failed"), (0.02, "failed"), (0.03, "pending"), (1e4, "pending")]
)
def test_a_payment_that_did_not_succeed_can_be_looked_up_too(
    client: Client, amount: float, status: str
) -> None:
    paid = pay(client, get_token(client), amount)
    found = transaction(client, paid["transaction_id"])
    assert found.status == 200
    assert found.json["status"] == paid["status"] == status


@pytest.mark.parametrize("description", [None, "", 'Order\n"1" \\ ünïcødé 😀 \x00 \u2028'])
def test_a_description_comes_back_as_it_was(client: Client, description: str | None) -> None:
    paid = pay(client, get_token(client), description=description)
    assert transaction(client, paid["transaction_id"]).json["description"] == description


@pytest.mark.parametrize("name", ["txn_20260127120000_00000000", "nothing", "0", "%00", "%F0%9F"])
def test_an_unknown_transaction_is_not_found(client: Client, name: str) -> None:
    answer = transaction(client, name)
    assert answer.status == 404
    assert answer.json == {"detail": "Transaction not found"}


def test_the_id_of_a_token_is_no_transaction(client: Client) -> None:
    assert transaction(client, get_token(client)).status == 404


def test_a_lookup_changes_nothing(client: Client, paymock: Paymock) -> None:
    paid = pay(client, get_token(client))
    first = transaction(client, paid["transaction_id"])
    paymock.clock.advance(days=400)
    assert transaction(client, paid["transaction_id"]) == first
    assert len(paymock.transactions) == 1


def test_a_refunded_payment_says_so(client: Client) -> None:
    paid = pay(client, get_token(client))
    before = transaction(client, paid["transaction_id"]).json
    refund_id = refund(client, paid["transaction_id"]).json["refund_id"]
    after = transaction(client, paid["transaction_id"]).json
    assert "refunded" not in before
    assert after == {**before, "refunded": True, "refund_id": refund_id}


def test_the_id_of_a_refund_answers_the_refund(client: Client, paymock: Paymock) -> None:
    paid = pay(client, get_token(client), 12.5, currency="EUR")
    paymock.clock.advance(hours=1)
    made = refund(client, paid["transaction_id"]).json
    answer = transaction(client, made["refund_id"])
    assert answer.status == 200
    for field in ("refund_id", "original_transaction_id", "amount", "currency", "customer_id"):
        assert answer.json[field] == made[field], field
    assert answer.json["status"] == "success"
    assert answer.json["processed_at"] == "2026-01-27T13:00:00"
    assert answer.json["message"] == "Refund processed successfully"


def test_a_settled_payment_is_answered_with_its_new_status(
    client: Client, paymock: Paymock
) -> None:
    paid = pay(client, get_token(client), 0.03)
    paymock.settle(paid["transaction_id"], "success")
    assert transaction(client, paid["transaction_id"]).json["status"] == "success"


def test_a_payment_that_the_test_arranged_can_be_looked_up(
    client: Client, paymock: Paymock
) -> None:
    arranged = paymock.add_payment(amount="7.50", customer_id="cust_9", description="gift")
    answer = transaction(client, arranged.transaction_id)
    assert answer.status == 200
    assert answer.json["amount"] == Decimal("7.50")
    assert answer.json["customer_id"] == "cust_9"
    assert answer.json["description"] == "gift"
