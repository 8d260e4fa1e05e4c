"""Spec section 3: what is no valid payment, and which tokens cannot pay."""

from typing import Any

import pytest

from pytest_paymock import Paymock

from .clients import JSON_TYPE, Client
from .documents import PAYMENTS, contract, get_token, pay, payment, payment_text, wide, without

pytestmark = contract

UNKNOWN = "tok_" + "0" * 32
INVALID = {"detail": "Invalid or expired token"}
CURRENCY = "currency: must be a code of three letters such as USD"


@pytest.mark.parametrize("path", ["token", "amount", "customer_id"])
def test_a_missing_field_is_named(client: Client, paymock: Paymock, path: str) -> None:
    refused = client.post(PAYMENTS, without(payment(get_token(client)), path))
    assert refused.status == 400
    assert refused.json == {"detail": f"{path}: is required"}
    assert len(paymock.payments) == 0


@pytest.mark.parametrize(
    ("amount", "detail"),
    [
        ("0", "must be greater than 0"),
        ("0.0", "must be greater than 0"),
        ("-0.0", "must be greater than 0"),
        ("0e5", "must be greater than 0"),
        ("-1", "must be greater than 0"),
        ("-0.01", "must be greater than 0"),
        ("NaN", "must be a finite number"),
        ("Infinity", "must be a finite number"),
        ("-Infinity", "must be a finite number"),
        ("1e999", "must be a finite number"),
        ('"99.99"', "must be a number"),
        ('"0.01"', "must be a number"),
        ("true", "must be a number"),
        ("false", "must be a number"),
        ("null", "must be a number"),
        ("[1]", "must be a number"),
        ("{}", "must be a number"),
    ],
)
def test_what_is_no_positive_number_is_no_amount(
    client: Client, paymock: Paymock, amount: str, detail: str
) -> None:
    token = paymock.add_token().token
    refused = client.send("POST", PAYMENTS, body=payment_text(token, amount), headers=JSON_TYPE)
    assert refused.status == 400
    assert refused.json == {"detail": f"amount: {detail}"}
    assert len(paymock.payments) == 0


@pytest.mark.parametrize(
    ("field", "value", "detail"),
    [
        ("token", 7, "token: must be a string"),
        ("token", None, "token: must be a string"),
        ("customer_id", 7, "customer_id: must be a string"),
        ("customer_id", None, "customer_id: must be a string"),
        ("currency", "US", CURRENCY),
        ("currency", "USDD", CURRENCY),
        ("currency", "US1", CURRENCY),
        ("currency", "", CURRENCY),
        ("currency", "ÜSD", CURRENCY),
        ("currency", "USD\n", CURRENCY),
        ("currency", wide("USD"), CURRENCY),
        ("currency", 840, "currency: must be a string"),
        ("currency", None, "currency: must be a string"),
        ("description", 12345, "description: must be a string"),
        ("description", 4532015112830366, "description: must be a string"),
        ("customer_id", 4532015112830366, "customer_id: must be a string"),
        ("description", ["Order"], "description: must be a string"),
    ],
)
def test_a_wrong_value_is_refused_in_words(
    client: Client, paymock: Paymock, field: str, value: Any, detail: str
) -> None:
    refused = client.post(PAYMENTS, {**payment(get_token(client)), field: value})
    assert refused.status == 400
    assert refused.json == {"detail": detail}
    assert len(paymock.payments) == 0


def test_all_faults_of_a_request_stand_in_one_sentence(client: Client) -> None:
    refused = client.post(PAYMENTS, {"amount": -1, "currency": "dollars", "description": 1})
    assert refused.status == 400
    assert refused.detail == "; ".join(
        [
            "token: is required",
            "amount: must be greater than 0",
            "customer_id: is required",
            CURRENCY,
            "description: must be a string",
        ]
    )


@pytest.mark.parametrize("token", [UNKNOWN, "", "tok_", "nonsense", "tok_\x00", "t" * 10_000])
def test_an_unknown_token_cannot_pay(client: Client, paymock: Paymock, token: str) -> None:
    refused = client.post(PAYMENTS, payment(token))
    assert refused.status == 401
    assert refused.json == INVALID
    assert len(paymock.payments) == 0
    assert len(paymock.transactions) == 0


def test_a_token_is_known_by_its_exact_letters(client: Client) -> None:
    token = get_token(client)
    for almost in (token.upper(), f"{token} ", token[:-1], f"{token}0"):
        assert client.post(PAYMENTS, payment(almost)).status == 401


def test_a_token_pays_until_24_hours_have_passed_and_then_no_longer(
    client: Client, paymock: Paymock
) -> None:
    token = get_token(client)
    paymock.clock.advance(hours=23, minutes=59, seconds=59)
    assert client.post(PAYMENTS, payment(token)).status == 201
    paymock.clock.advance(seconds=1)
    refused = client.post(PAYMENTS, payment(token))
    assert refused.status == 401
    assert refused.json == INVALID
    assert len(paymock.payments) == 1


@pytest.mark.paymock(clock="2026-01-27T12:00:00.750000")
def test_a_token_is_not_valid_beyond_the_second_in_which_it_says_it_expires(
    client: Client, paymock: Paymock
) -> None:
    token = get_token(client)
    paymock.clock.move_to("2026-01-28T11:59:59.999999")
    assert client.post(PAYMENTS, payment(token)).status == 201
    paymock.clock.move_to("2026-01-28T12:00:00.750000")
    assert client.post(PAYMENTS, payment(token)).status == 401


def test_an_expired_token_does_not_come_back_and_a_new_one_pays(
    client: Client, paymock: Paymock
) -> None:
    old = get_token(client)
    paymock.clock.advance(days=30)
    fresh = get_token(client)
    assert client.post(PAYMENTS, payment(old)).status == 401
    assert client.post(PAYMENTS, payment(fresh)).status == 201


@pytest.mark.parametrize("amount", [-1, "5", None])
def test_validation_comes_before_the_token(client: Client, amount: Any) -> None:
    refused = client.post(PAYMENTS, payment(UNKNOWN, amount))
    assert refused.status == 400
    assert refused.detail.startswith("amount: ")


def test_a_special_amount_does_not_come_before_the_token(client: Client, paymock: Paymock) -> None:
    for amount in (0.01, 0.02, 0.03, 10000):
        assert client.post(PAYMENTS, payment(UNKNOWN, amount)).status == 401
    assert len(paymock.payments) == 0


def test_a_refused_payment_uses_up_nothing(client: Client, paymock: Paymock) -> None:
    token = get_token(client)
    paymock.outcomes.queue("card_declined")
    forecast = paymock.outcomes.forecast(9)
    client.post(PAYMENTS, payment(UNKNOWN))
    client.post(PAYMENTS, payment(token, -1))
    client.send("POST", PAYMENTS, body=b"no JSON")
    assert paymock.outcomes.pending == ["card_declined"]
    assert paymock.outcomes.forecast(9) == forecast
    assert pay(client, token)["message"] == "Card declined"
