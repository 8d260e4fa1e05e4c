"""Spec section 2: what a valid request for a token is answered."""

import re

import pytest

from pytest_paymock import Paymock

from .clients import Client
from .documents import (
    ADDRESS,
    TEST_CARDS,
    TOKENIZE,
    contract,
    get_token,
    tokenization,
    without,
)

pytestmark = contract

FIELDS = [
    "token",
    "last_four_digits",
    "card_type",
    "expires_at",
    "customer_id",
    "created_at",
]


def with_check_digit(start: str, length: int) -> str:
    """Return a number that begins so and passes the Luhn check, found without the product."""
    body = start.ljust(length - 1, "0")
    for digit in "0123456789":
        number = body + digit
        doubled = [int(d) * (2 if i % 2 else 1) for i, d in enumerate(reversed(number))]
        if sum(d - 9 if d > 9 else d for d in doubled) % 10 == 0:
            return number
    raise AssertionError("one of ten check digits always fits")


def test_the_answer_has_the_documented_fields(client: Client) -> None:
    answer = client.post(TOKENIZE, tokenization())
    assert answer.status == 201
    assert answer.headers["content-type"] == "application/json"
    assert sorted(answer.json) == sorted(FIELDS)
    assert re.fullmatch(r"tok_[0-9a-f]{32}", answer.json["token"])
    assert answer.json == {
        "token": answer.json["token"],
        "last_four_digits": "0366",
        "card_type": "Visa",
        "expires_at": "2026-01-28T12:00:00",
        "customer_id": "cust_123",
        "created_at": "2026-01-27T12:00:00",
    }


@pytest.mark.parametrize(("card_type", "number"), TEST_CARDS.items(), ids=TEST_CARDS)
def test_every_documented_test_card_works(client: Client, card_type: str, number: str) -> None:
    cvv = "1234" if card_type == "American Express" else "123"
    answer = client.post(TOKENIZE, tokenization({"card_number": number, "cvv": cvv}))
    assert answer.status == 201
    assert answer.json["card_type"] == card_type
    assert answer.json["last_four_digits"] == number[-4:]


@pytest.mark.parametrize(
    ("start", "card_type"),
    [
        ("4", "Visa"),
        *((str(start), "Mastercard") for start in range(51, 56)),
        ("34", "American Express"),
        ("37", "American Express"),
        ("6011", "Discover"),
        ("65", "Discover"),
        *(
            (start, "Unknown")
            for start in ("50", "56", "2221", "30", "33", "35", "36", "6010", "6012", "64", "66")
        ),
        *((start, "Unknown") for start in ("0", "1", "7", "8", "9")),
    ],
)
@pytest.mark.parametrize("length", [15, 16])
def test_the_card_type_follows_from_the_first_digits(
    client: Client, start: str, card_type: str, length: int
) -> None:
    number = with_check_digit(start, length)
    answer = client.post(TOKENIZE, tokenization({"card_number": number}))
    assert answer.status == 201
    assert answer.json["card_type"] == card_type
    assert answer.json["last_four_digits"] == number[-4:]


@pytest.mark.parametrize(
    "written",
    ["4532 0151 1283 0366", "4532-0151-1283-0366", " 4532015112830366 ", "-4532 0151-12830366"],
)
def test_spaces_and_dashes_in_a_card_number_are_dropped(client: Client, written: str) -> None:
    answer = client.post(TOKENIZE, tokenization({"card_number": written}))
    assert answer.status == 201
    assert answer.json["last_four_digits"] == "0366"
    assert answer.json["card_type"] == "Visa"


@pytest.mark.parametrize("cvv", ["000", "123", "8374", "9999"])
def test_any_cvv_of_three_or_four_digits_works_with_any_card(client: Client, cvv: str) -> None:
    assert client.post(TOKENIZE, tokenization({"cvv": cvv})).status == 201


@pytest.mark.parametrize("month", range(1, 13))
def test_every_month_of_a_future_year_is_good(client: Client, month: int) -> None:
    changes = {"expiry_month": month, "expiry_year": 2027}
    assert client.post(TOKENIZE, tokenization(changes)).status == 201


@pytest.mark.paymock(clock="2026-01-31T23:59:59.999999")
def test_a_card_is_good_through_the_last_moment_of_its_month(
    client: Client, paymock: Paymock
) -> None:
    january = tokenization({"expiry_month": 1, "expiry_year": 2026})
    assert client.post(TOKENIZE, january).status == 201
    paymock.clock.advance(microseconds=1)
    refused = client.post(TOKENIZE, january)
    assert refused.status == 400
    assert refused.detail == (
        "card.expiry_year: the card expired at the end of 01/2026, and the clock of the API says "
        "2026-02-01; use a later expiry date"
    )


@pytest.mark.parametrize("email", ["a@b", "john.doe+tag@example.com", "jürgen@bücher.example"])
def test_anything_of_the_form_of_an_address_is_an_email(client: Client, email: str) -> None:
    assert client.post(TOKENIZE, tokenization(email=email)).status == 201


@pytest.mark.parametrize(
    "absent",
    ["customer.customer_id", "customer.phone", "customer.billing_address.country"],
)
def test_what_is_optional_may_be_left_out(client: Client, absent: str) -> None:
    assert client.post(TOKENIZE, without(tokenization(), absent)).status == 201


def test_a_phone_may_be_null(client: Client) -> None:
    assert client.post(TOKENIZE, tokenization(phone=None)).status == 201


def test_a_customer_without_an_id_gets_one(client: Client) -> None:
    absent = client.post(TOKENIZE, without(tokenization(), "customer.customer_id"))
    null = client.post(TOKENIZE, tokenization(customer_id=None))
    made = absent.json["customer_id"], null.json["customer_id"]
    assert all(re.fullmatch(r"cust_\w+", customer_id) for customer_id in made)
    assert made[0] != made[1]


def test_a_generated_customer_id_can_pay_and_has_a_history(
    client: Client, paymock: Paymock
) -> None:
    made = client.post(TOKENIZE, tokenization(customer_id=None)).json
    paid = client.post(
        "/api/v1/payments",
        {"token": made["token"], "amount": 5, "customer_id": made["customer_id"]},
    ).json
    listed = client.get(f"/api/v1/customers/{made['customer_id']}/transactions").json
    assert [item["transaction_id"] for item in listed["transactions"]] == [paid["transaction_id"]]
    assert paymock.payments.one().customer_id == made["customer_id"]


def test_unknown_fields_are_ignored_at_every_level(client: Client, paymock: Paymock) -> None:
    document = tokenization(
        {"status": "stolen", "token": "tok_mine", "last_four_digits": "9999"},
        vip=True,
        billing_address={**ADDRESS, "planet": "Earth"},
    )
    document |= {"token": "tok_mine", "expires_at": "2099-01-01T00:00:00", "outcome": "failed"}
    answer = client.post(TOKENIZE, document)
    assert answer.status == 201
    assert answer.json == {
        "token": paymock.tokens.one().token,
        "last_four_digits": "0366",
        "card_type": "Visa",
        "expires_at": "2026-01-28T12:00:00",
        "customer_id": "cust_123",
        "created_at": "2026-01-27T12:00:00",
    }


def test_the_same_card_twice_gives_two_tokens(client: Client) -> None:
    assert get_token(client) != get_token(client)


def test_a_repeated_request_is_not_recognised_by_an_idempotency_key(client: Client) -> None:
    answers = [
        client.send(
            "POST",
            TOKENIZE,
            body=b'{"card": {}}',
            headers={"idempotency-key": "1", "content-type": "application/json"},
        ),
        client.post(TOKENIZE, tokenization()),
    ]
    assert [answer.status for answer in answers] == [400, 201]


@pytest.mark.paymock(clock="2026-01-27T12:00:00.987654")
def test_times_are_answered_to_the_second(client: Client) -> None:
    answer = client.post(TOKENIZE, tokenization())
    assert answer.json["created_at"] == "2026-01-27T12:00:00"
    assert answer.json["expires_at"] == "2026-01-28T12:00:00"


@pytest.mark.paymock(clock="2026-01-27T23:30:00+09:00")
def test_times_are_answered_in_utc(client: Client) -> None:
    assert client.post(TOKENIZE, tokenization()).json["created_at"] == "2026-01-27T14:30:00"
