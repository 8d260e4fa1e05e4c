"""Spec sections 2 and 7: what is no valid request for a token, and what its ``detail`` says."""

from typing import Any

import pytest

from pytest_paymock import Paymock

from .clients import Client
from .documents import TOKENIZE, contract, tokenization, wide, without

pytestmark = contract

REQUIRED = [
    "card",
    "card.card_number",
    "card.card_holder",
    "card.expiry_month",
    "card.expiry_year",
    "card.cvv",
    "customer",
    "customer.email",
    "customer.billing_address",
    "customer.billing_address.street",
    "customer.billing_address.city",
    "customer.billing_address.state",
    "customer.billing_address.zip_code",
]

DIGITS = "card.card_number: must hold digits only, apart from spaces and dashes"
LENGTH = "card.card_number: must have 15 or 16 digits"
LUHN = "card.card_number: is not a valid card number (the Luhn check digit does not match)"
MONTH = "card.expiry_month: must be between 1 and 12"
CVV = "card.cvv: must be 3 or 4 digits"
EMAIL = "customer.email: must be an e-mail address of the form name@host"


def replaced(path: str, value: Any) -> dict[str, Any]:
    """Return the documented request with another value at a dotted path."""
    document = tokenization()
    *way, name = path.split(".")
    place = document
    for step in way:
        place[step] = dict(place[step])
        place = place[step]
    place[name] = value
    return document


@pytest.mark.parametrize("path", REQUIRED)
def test_a_missing_field_is_named(client: Client, paymock: Paymock, path: str) -> None:
    refused = client.post(TOKENIZE, without(tokenization(), path))
    assert refused.status == 400
    assert refused.detail == f"{path}: is required"
    assert len(paymock.tokens) == 0


@pytest.mark.parametrize("path", REQUIRED)
def test_a_required_field_may_not_be_null(client: Client, paymock: Paymock, path: str) -> None:
    refused = client.post(TOKENIZE, replaced(path, None))
    assert refused.status == 400
    assert refused.detail.startswith(f"{path}: must be ")
    assert len(paymock.tokens) == 0


@pytest.mark.parametrize(
    ("path", "value", "detail"),
    [
        ("card.card_number", "4532-0151-1283-036X", DIGITS),
        ("card.card_number", "", DIGITS),
        ("card.card_number", wide("4532015112830366"), DIGITS),
        ("card.card_number", "4532_0151_1283_0366", DIGITS),
        ("card.card_number", "45320151128303", LENGTH),
        ("card.card_number", "4532015112830366" + "0", LENGTH),
        ("card.card_number", "4532015112830367", LUHN),
        ("card.card_number", "374245455400127", LUHN),
        ("card.card_number", 4532015112830366, "card.card_number: must be a string"),
        ("card.card_holder", 4532015112830366, "card.card_holder: must be a string"),
        ("card.card_holder", 8.513578004431404e-123, "card.card_holder: must be a string"),
        ("card.expiry_month", 4532015112830366, "card.expiry_month: must be between 1 and 12"),
        ("card.card_holder", 7, "card.card_holder: must be a string"),
        ("card.expiry_month", 0, MONTH),
        ("card.expiry_month", 13, MONTH),
        ("card.expiry_month", -1, MONTH),
        ("card.expiry_month", "12", "card.expiry_month: must be a whole number"),
        ("card.expiry_month", True, "card.expiry_month: must be a whole number"),
        ("card.expiry_month", 1.5, "card.expiry_month: must be a whole number"),
        ("card.expiry_year", "2026", "card.expiry_year: must be a whole number"),
        ("card.expiry_year", 26, "card.expiry_year: must be a year of four digits"),
        ("card.expiry_year", 10000, "card.expiry_year: must be a year of four digits"),
        ("card.cvv", "12", CVV),
        ("card.cvv", "12345", CVV),
        ("card.cvv", "12a", CVV),
        ("card.cvv", wide("123"), CVV),
        ("card.cvv", "123\n", CVV),
        ("card.cvv", "", CVV),
        ("card.cvv", 123, "card.cvv: must be a string"),
        ("card", "4532015112830366", "card: must be an object"),
        ("card", [], "card: must be an object"),
        ("customer", "cust_123", "customer: must be an object"),
        ("customer.customer_id", 7, "customer.customer_id: must be a string"),
        ("customer.phone", 5550123, "customer.phone: must be a string"),
        ("customer.email", "john.doe", EMAIL),
        ("customer.email", "@example.com", EMAIL),
        ("customer.email", "john@", EMAIL),
        ("customer.email", "john doe@example.com", EMAIL),
        ("customer.email", "john@doe@example.com", EMAIL),
        ("customer.email", "", EMAIL),
        ("customer.billing_address", "Main St", "customer.billing_address: must be an object"),
        (
            "customer.billing_address.zip_code",
            10001,
            "customer.billing_address.zip_code: must be a string",
        ),
        (
            "customer.billing_address.country",
            1,
            "customer.billing_address.country: must be a string",
        ),
    ],
)
def test_a_wrong_value_is_refused_in_words(
    client: Client, paymock: Paymock, path: str, value: Any, detail: str
) -> None:
    refused = client.post(TOKENIZE, replaced(path, value))
    assert refused.status == 400
    assert refused.json == {"detail": detail}
    assert len(paymock.tokens) == 0


def test_an_expired_card_is_refused_with_the_date_of_the_clock(client: Client) -> None:
    refused = client.post(TOKENIZE, tokenization({"expiry_month": 12, "expiry_year": 2025}))
    assert refused.status == 400
    assert refused.detail == (
        "card.expiry_year: the card expired at the end of 12/2025, and the clock of the API says "
        "2026-01-27; use a later expiry date"
    )


def test_all_faults_of_a_request_stand_in_one_sentence(client: Client, paymock: Paymock) -> None:
    document = tokenization(
        {"card_number": "4532015112830367", "expiry_month": 13, "cvv": "12"}, email="nobody"
    )
    del document["customer"]["billing_address"]
    refused = client.post(TOKENIZE, document)
    assert refused.status == 400
    assert refused.detail == "; ".join(
        [LUHN, MONTH, CVV, EMAIL, "customer.billing_address: is required"]
    )
    assert len(paymock.tokens) == 0


@pytest.mark.parametrize(
    "changes",
    [
        {"card_number": "4532015112830367", "cvv": "8374"},
        {"card_number": "4532015112830366", "cvv": "83749"},
        {"card_number": "4532015112830366x", "cvv": "8374y"},
        {"card_number": ["4532015112830366"], "cvv": {"8374": "8374"}},
        {"card_number": 4532015112830366, "cvv": 8374},
    ],
)
def test_a_refusal_never_repeats_card_number_or_cvv(
    client: Client, paymock: Paymock, changes: dict[str, Any]
) -> None:
    refused = client.post(TOKENIZE, tokenization(changes))
    assert refused.status == 400
    assert refused.detail.startswith("card.")
    assert "453201511283" not in refused.body.decode() + repr(refused.headers)
    assert "8374" not in refused.body.decode()
    assert "453201511283" not in repr(paymock.calls) + repr(paymock.calls.last.request)
    assert "8374" not in repr(paymock.calls) + repr(paymock.calls.last.request)


def test_a_refused_request_uses_up_no_token_and_no_customer_id(
    client: Client, paymock: Paymock
) -> None:
    first = client.post(TOKENIZE, tokenization(customer_id=None)).json
    paymock.reset()
    client.post(TOKENIZE, tokenization({"cvv": "1"}, customer_id=None))
    again = client.post(TOKENIZE, tokenization(customer_id=None)).json
    assert again == first
