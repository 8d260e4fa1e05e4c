"""Spec section 8: the answers of the deployed service, through every client."""

import re
from decimal import Decimal
from typing import Any

import pytest

from pytest_paymock import Paymock, UsageError
from tests.contract.clients import Client
from tests.contract.documents import (
    PAYMENTS,
    TOKENIZE,
    customer,
    get_token,
    history,
    pay,
    payment,
    payment_text,
    refund,
    tokenization,
    transaction,
)

from .documents import TIME, TRANSACTION, deployed

pytestmark = deployed


def test_a_token_has_microseconds_and_one_offset(client: Client) -> None:
    answer = client.post(TOKENIZE, tokenization())
    assert (answer.status, answer.headers["content-type"]) == (201, "application/json")
    token = answer.json.pop("token")
    assert re.fullmatch("tok_[0-9a-f]{32}", token)
    assert answer.json == {
        "token": token,
        "last_four_digits": "0366",
        "card_type": "Visa",
        "expires_at": "2026-01-28T12:00:00",
        "customer_id": "cust_123",
        "created_at": "2026-01-27T12:00:00+00:00",
    }
    assert client.get(f"/api/v1/tokens/{token}").json == {
        "token": token,
        "last_four_digits": "0366",
        "card_type": "Visa",
        "expires_at": "2026-01-28T12:00:00",
        "created_at": "2026-01-27T12:00:00",
        "is_valid": True,
    }


def test_a_payment_and_its_transaction(client: Client) -> None:
    token = get_token(client)
    paid = pay(client, token, 10, currency="Dollars", description=None)
    assert re.fullmatch(TRANSACTION, paid["transaction_id"])
    common = {
        "transaction_id": paid["transaction_id"],
        "status": "success",
        "amount": Decimal("10.0"),
        "currency": "Dollars",
        "token": token,
        "customer_id": "cust_123",
        "message": "Payment processed successfully",
        "processed_at": "2026-01-27T12:00:00",
    }
    assert paid == common
    answer = transaction(client, paid["transaction_id"])
    card = {"last_four": "0366", "card_type": "Visa"}
    assert answer.json == {**common, "description": None, "card_info": card}
    assert b'"amount":10.0,' in answer.body


@pytest.mark.parametrize(
    ("sent", "answered", "status"),
    [
        ("10", b"10.0", "success"),
        ("0.1", b"0.1", "success"),
        ("99.90", b"99.9", "success"),
        ("0.10000000000000000000001", b"0.1", "success"),
        ("0.010000000000000000000001", b"0.01", "failed"),
        ("9999.9999999999999999", b"10000.0", "pending"),
        ("1e2", b"100.0", "success"),
        ("123456789012345678", b"1.2345678901234568e+17", "pending"),
        ('"12.50"', b"12.5", "success"),
        ("5e-324", b"5e-324", "success"),
        ("true", b"1.0", "success"),
    ],
)
def test_an_amount_is_a_binary_float(
    client: Client, paymock: Paymock, sent: str, answered: bytes, status: str
) -> None:
    body = payment_text(get_token(client), sent)
    answer = client.send("POST", PAYMENTS, body=body)
    assert b'"amount":%b,' % answered in answer.body
    assert answer.json["status"] == status
    assert paymock.payments.one().amount == Decimal(answered.decode())


@pytest.mark.parametrize("currency", ["", "usd", "Euro", 'a"b\\', "\x1b[2J", "€", "x" * 500])
def test_any_string_is_a_currency(client: Client, paymock: Paymock, currency: str) -> None:
    paid = pay(client, get_token(client), currency=currency)
    assert paid["currency"] == currency
    assert refund(client, paid["transaction_id"]).json["currency"] == currency
    assert paymock.payments.one(currency=currency).currency == currency
    assert "\x1b" not in "\n".join(paymock.report())


@pytest.mark.parametrize(
    "changes",
    [
        {"card_number": "4532015112830367"},
        {"card_number": "4532-0151\t1283\n0366"},
        {"expiry_year": 2024, "expiry_month": 1},
        {"expiry_year": 99999},
        {"expiry_year": "2027", "expiry_month": "1"},
        {"expiry_month": True},
    ],
)
def test_no_check_digit_and_no_clock_decides_about_a_card(
    client: Client, paymock: Paymock, changes: dict[str, Any]
) -> None:
    assert client.post(TOKENIZE, tokenization(changes)).status == 201
    assert paymock.tokens.one().card_type == "Visa"


@pytest.mark.parametrize("customer_id", [None, ""])
def test_a_generated_customer_is_a_unix_time(
    client: Client, paymock: Paymock, customer_id: str | None
) -> None:
    def made() -> str:
        sent = {**tokenization(), "customer": customer(customer_id=customer_id)}
        return str(client.post(TOKENIZE, sent).json["customer_id"])

    assert made() == "cust_1769515200.0"
    # The clock stands still, and still no two are alike.
    assert made() == "cust_1769515200.000001"
    paymock.clock.advance(seconds=1.5)
    assert made() == "cust_1769515201.500002"
    assert len({token.customer_id for token in paymock.tokens}) == 3


@pytest.mark.parametrize("amount", [0.01, 0.03])
def test_only_a_success_is_refunded(client: Client, paymock: Paymock, amount: float) -> None:
    paid = pay(client, get_token(client), amount)
    answer = refund(client, paid["transaction_id"])
    assert answer.status == 400
    assert answer.json == {"detail": "Only successful transactions can be refunded"}
    assert len(paymock.refunds) == 0


def test_a_payment_is_refunded_again_and_again(client: Client, paymock: Paymock) -> None:
    paid = pay(client, get_token(client), 10)
    names = [refund(client, paid["transaction_id"]).json["refund_id"] for _ in range(3)]
    assert len({paid["transaction_id"], *names}) == 4
    assert all(re.fullmatch(TRANSACTION, name) for name in names)
    found = transaction(client, paid["transaction_id"]).json
    assert (found["refunded"], found["refund_id"]) == (True, names[-1])
    assert paymock.payments.one().refund == paymock.refunds.last
    assert paymock.refunds.total() == 30


def test_a_refund_is_refunded_like_any_other(client: Client, paymock: Paymock) -> None:
    paid = pay(client, get_token(client), 10)
    first = refund(client, paid["transaction_id"]).json
    assert paymock.payments.one().refund == paymock.refunds.one()
    second = refund(client, first["refund_id"]).json
    assert second == {
        "refund_id": second["refund_id"],
        "original_transaction_id": first["refund_id"],
        "amount": Decimal("10.0"),
        "currency": "USD",
        "customer_id": "cust_123",
        "status": "success",
        "message": "Refund processed successfully",
        "processed_at": "2026-01-27T12:00:00",
    }
    again = transaction(client, first["refund_id"]).json
    assert again == {**first, "refunded": True, "refund_id": second["refund_id"]}
    assert transaction(client, second["refund_id"]).json == second
    assert paymock.refunds.first.refunded_by == second["refund_id"]
    assert paymock.payments.one().refund == paymock.refunds.first


def test_a_history_lists_refunds_as_records_of_their_own(client: Client) -> None:
    token = get_token(client)
    first, second = pay(client, token, 10), pay(client, token, 20)
    back = refund(client, first["transaction_id"]).json
    found = history(client)
    assert (found["customer_id"], found["transaction_count"]) == ("cust_123", 3)
    assert found["transactions"] == [
        transaction(client, first["transaction_id"]).json,
        transaction(client, second["transaction_id"]).json,
        back,
    ]
    assert "transaction_id" not in back
    assert history(client, "nobody")["transactions"] == []


def test_the_root_and_the_health_of_the_service(client: Client, paymock: Paymock) -> None:
    root = client.get("/")
    assert (root.status, root.headers["content-type"]) == (200, "application/json")
    assert root.json == {
        "service": "Payment Mock API",
        "version": "1.0.0",
        "status": "running",
        "endpoints": {
            "tokenize": "/api/v1/tokenize",
            "process_payment": "/api/v1/payments",
            "get_transaction": "/api/v1/transactions/{transaction_id}",
            "refund": "/api/v1/transactions/{transaction_id}/refund",
            "docs": "/docs",
        },
    }
    health = client.get("/health")
    assert health.json == {"status": "healthy", "timestamp": "2026-01-27T12:00:00+00:00"}
    assert [(call.endpoint, call.status_code) for call in paymock.calls] == [(None, 200)] * 2
    for path in ("/", "/health"):
        wrong = client.post(path, {})
        assert (wrong.status, wrong.headers["allow"]) == (405, "GET")
        assert wrong.json == {"detail": "Method Not Allowed"}


def test_a_clock_with_microseconds_shows_them(client: Client, paymock: Paymock) -> None:
    paymock.clock.advance(microseconds=123)
    token = get_token(client)
    assert client.get(f"/api/v1/tokens/{token}").json["expires_at"] == "2026-01-28T12:00:00.000123"
    paymock.clock.advance(hours=24, microseconds=-1)
    assert pay(client, token)["processed_at"] == "2026-01-28T12:00:00.000122"
    paymock.clock.advance(microseconds=1)
    assert client.post(PAYMENTS, payment(token)).status == 201
    paymock.clock.advance(microseconds=1)
    # It is valid until a payment has been tried with it.
    assert client.get(f"/api/v1/tokens/{token}").json["is_valid"] is True
    assert client.post(PAYMENTS, payment(token)).status == 401
    assert client.get(f"/api/v1/tokens/{token}").json["is_valid"] is False


def test_what_the_test_arranges_is_answered_alike(client: Client, paymock: Paymock) -> None:
    arranged = paymock.add_payment(amount=10, currency="Dollars \x1b", customer_id="cust_123")
    assert re.fullmatch(TRANSACTION, arranged.transaction_id)
    found = transaction(client, arranged.transaction_id).json
    assert (found["amount"], found["currency"]) == (Decimal("10.0"), "Dollars \x1b")
    assert re.fullmatch(TIME, found["processed_at"])


@pytest.mark.paymock(clock="2020-01-01T00:00:00")
def test_the_card_of_the_fake_is_good_here_too(client: Client, paymock: Paymock) -> None:
    sent = {"card": paymock.card("amex"), "customer": paymock.customer()}
    assert sent["card"]["expiry_year"] == 2024
    assert client.post(TOKENIZE, sent).status == 201


def test_a_currency_that_is_arranged_is_a_string(paymock: Paymock) -> None:
    with pytest.raises(UsageError, match=r"^a currency is a string, not 7$"):
        paymock.add_payment(amount=10, currency=7)  # type: ignore[arg-type]
    assert len(paymock.tokens) == len(paymock.payments) == 0


def test_a_sum_over_odd_currencies_names_them_as_they_can_be_shown(paymock: Paymock) -> None:
    for currency in ("USD", "\x1b[2J", ""):
        paymock.add_payment(amount=10, currency=currency)
    with pytest.raises(UsageError) as refused:
        paymock.payments.total()
    assert str(refused.value) == ("these amounts are in '', '\\x1b[2J', USD; name one: total('')")
    assert paymock.payments.total("") == 10
