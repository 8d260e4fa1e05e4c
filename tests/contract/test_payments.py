"""Spec section 3: payments that are accepted, and what becomes of them."""

import re
from decimal import Decimal

import pytest

from pytest_paymock import Paymock

from .clients import JSON_TYPE, Client
from .documents import PAYMENTS, contract, get_token, pay, payment, payment_text, without

pytestmark = contract

CURRENCIES = ["USD", "EUR", "JPY", "kwd"]

SPECIAL = [
    ("0.01", "failed", "Insufficient funds"),
    ("0.010", "failed", "Insufficient funds"),
    ("1e-2", "failed", "Insufficient funds"),
    ("0.02", "failed", "Card declined"),
    ("2E-2", "failed", "Card declined"),
    ("0.03", "pending", "Payment pending verification"),
    ("0.0300", "pending", "Payment pending verification"),
    ("10000", "pending", "Large transaction - manual review required"),
    ("10000.00", "pending", "Large transaction - manual review required"),
    ("1e4", "pending", "Large transaction - manual review required"),
    ("10000.01", "pending", "Large transaction - manual review required"),
    ("999999999", "pending", "Large transaction - manual review required"),
]

ORDINARY = [
    "0.04",
    "0.001",
    "0.011",
    "0.009999999999999999999999",
    "0.010000000000000000000001",
    "0.030000000000000000000001",
    "1",
    "99.99",
    "9999.99",
    "9999.999999999999999999999",
]


@pytest.mark.parametrize("currency", CURRENCIES)
@pytest.mark.parametrize(("amount", "status", "message"), SPECIAL)
def test_a_special_amount_decides_whatever_the_currency(
    client: Client, paymock: Paymock, amount: str, status: str, message: str, currency: str
) -> None:
    token = paymock.add_token(customer_id="cust_123").token
    answer = client.send(
        "POST", PAYMENTS, body=payment_text(token, amount, currency), headers=JSON_TYPE
    )
    assert answer.status == 201
    assert (answer.json["status"], answer.json["message"]) == (status, message)
    assert answer.json["currency"] == currency
    assert Decimal(answer.json["amount"]) == Decimal(amount)


@pytest.mark.parametrize("amount", ORDINARY)
def test_an_amount_close_to_a_special_one_is_ordinary(
    client: Client, paymock: Paymock, amount: str
) -> None:
    paymock.outcomes.always("under_review")
    token = paymock.add_token().token
    answer = client.send("POST", PAYMENTS, body=payment_text(token, amount), headers=JSON_TYPE)
    assert answer.status == 201
    assert answer.json["message"] == "Payment under review"
    assert Decimal(answer.json["amount"]) == Decimal(amount)


def test_the_answer_has_the_documented_fields(client: Client) -> None:
    token = get_token(client)
    answer = client.post(PAYMENTS, payment(token))
    assert answer.status == 201
    assert answer.headers["content-type"] == "application/json"
    transaction_id = answer.json["transaction_id"]
    assert re.fullmatch(r"txn_20260127120000_[0-9a-f]{8}", transaction_id)
    assert answer.json == {
        "transaction_id": transaction_id,
        "status": "success",
        "amount": Decimal("99.99"),
        "currency": "USD",
        "token": token,
        "customer_id": "cust_123",
        "message": "Payment processed successfully",
        "processed_at": "2026-01-27T12:00:00",
    }


def test_currency_and_description_may_be_left_out(client: Client, paymock: Paymock) -> None:
    document = without(without(payment(get_token(client)), "currency"), "description")
    answer = client.post(PAYMENTS, document)
    assert answer.status == 201
    assert answer.json["currency"] == "USD"
    assert paymock.payments.one().description is None


def test_a_description_may_be_null(client: Client) -> None:
    assert client.post(PAYMENTS, payment(get_token(client), description=None)).status == 201


@pytest.mark.parametrize("currency", ["EUR", "eur", "xXx", "ZZZ"])
def test_a_currency_is_answered_as_it_was_sent(client: Client, currency: str) -> None:
    assert pay(client, get_token(client), currency=currency)["currency"] == currency


@pytest.mark.parametrize("customer_id", ["cust_123", "someone else", "ünï/çødé?#%", "\x00\n", "😀"])
def test_any_text_is_a_customer_id(client: Client, customer_id: str) -> None:
    paid = pay(client, get_token(client), customer_id=customer_id)
    assert paid["customer_id"] == customer_id


def test_unknown_fields_have_no_effect(client: Client, paymock: Paymock) -> None:
    token = get_token(client)
    extra = {
        "status": "failed",
        "outcome": "card_declined",
        "transaction_id": "txn_mine",
        "processed_at": "2020-01-01T00:00:00",
        "message": "hello",
        "idempotency_key": "once",
    }
    first, second = pay(client, token, **extra), pay(client, token, **extra)
    assert first["status"] == second["status"] == "success"
    assert first["transaction_id"] != second["transaction_id"]
    assert first["processed_at"] == "2026-01-27T12:00:00"
    paymock.assert_charged(99.99, times=2)


def test_an_idempotency_key_does_not_stop_a_second_charge(client: Client, paymock: Paymock) -> None:
    token = get_token(client)
    headers = {**JSON_TYPE, "idempotency-key": "once", "x-idempotency-key": "once"}
    for _ in range(2):
        client.send("POST", PAYMENTS, body=payment_text(token, "5"), headers=headers)
    paymock.assert_charged(5, times=2)


def test_a_token_pays_more_than_once(client: Client) -> None:
    token = get_token(client)
    made = {pay(client, token)["transaction_id"] for _ in range(5)}
    assert len(made) == 5


def test_transaction_ids_carry_the_time_of_the_payment(client: Client, paymock: Paymock) -> None:
    token = get_token(client)
    paymock.clock.advance(hours=13, minutes=1, seconds=2)
    paid = pay(client, token)
    assert paid["processed_at"] == "2026-01-28T01:01:02"
    assert paid["transaction_id"].startswith("txn_20260128010102_")


def test_ordinary_payments_end_as_the_seed_forecasts(client: Client, paymock: Paymock) -> None:
    words = {
        "success": ("success", "Payment processed successfully"),
        "issuer_declined": ("failed", "Card declined by issuer"),
        "under_review": ("pending", "Payment under review"),
    }
    forecast = paymock.outcomes.forecast(12)
    token = get_token(client)
    answers = [pay(client, token) for _ in range(12)]
    assert [(paid["status"], paid["message"]) for paid in answers] == [
        words[name] for name in forecast
    ]
    assert set(forecast) == set(words), "the first twelve under seed 0 show all three"


def test_the_first_ordinary_payment_under_the_default_seed_succeeds(client: Client) -> None:
    assert pay(client, get_token(client))["status"] == "success"


def test_special_amounts_take_nothing_from_the_seeded_sequence(
    client: Client, paymock: Paymock
) -> None:
    forecast = paymock.outcomes.forecast(9)
    token = get_token(client)
    for amount in (0.01, 0.02, 0.03, 10000):
        pay(client, token, amount)
    assert paymock.outcomes.forecast(9) == forecast


def test_a_declined_payment_is_no_http_error(client: Client, paymock: Paymock) -> None:
    answer = client.post(PAYMENTS, payment(get_token(client), 0.01))
    assert answer.status == 201
    assert answer.json["status"] == "failed"
    assert paymock.payments.one().transaction_id == answer.json["transaction_id"]


@pytest.mark.parametrize(
    "sent", ["99.99", "10", "10.0", "0.1", "12.340", "1e2", "123456789.123456789123456789"]
)
def test_an_amount_is_answered_as_the_number_it_was(
    client: Client, paymock: Paymock, sent: str
) -> None:
    paymock.outcomes.always("success")
    token = paymock.add_token().token
    answer = client.send("POST", PAYMENTS, body=payment_text(token, sent), headers=JSON_TYPE)
    amount = answer.json["amount"]
    assert isinstance(amount, int | Decimal)
    assert amount == Decimal(sent)
    assert paymock.payments.one().amount == Decimal(sent)


def test_a_hundred_dimes_are_ten_dollars(client: Client, paymock: Paymock) -> None:
    paymock.outcomes.always("success")
    token = get_token(client)
    for _ in range(100):
        pay(client, token, 0.1)
    assert paymock.payments.total() == 10
