"""What is wrong with a request is told by path, all of it in one string, and no card data in it."""

import pytest

from tests.api.support import (
    EXAMPLE,
    PAYMENTS,
    TOKENIZE,
    a_payment,
    a_token,
    an_engine,
    changed,
    refused,
    without,
)

CARD = ["card_number", "card_holder", "expiry_month", "expiry_year", "cvv"]
ADDRESS = ["street", "city", "state", "zip_code", "country"]

STRINGS = [
    "card.card_number",
    "card.card_holder",
    "card.cvv",
    "customer.email",
    "customer.customer_id",
    "customer.phone",
    *(f"customer.billing_address.{name}" for name in ADDRESS),
]
NULLABLE = ["customer.customer_id", "customer.phone"]
REQUIRED = [
    "card",
    "customer",
    *(f"card.{name}" for name in CARD),
    "customer.email",
    "customer.billing_address",
    *(f"customer.billing_address.{name}" for name in ADDRESS if name != "country"),
]


@pytest.mark.parametrize("field", REQUIRED)
def test_a_required_field_of_a_tokenization_is_missed(field):
    assert refused(an_engine(), "POST", TOKENIZE, without(EXAMPLE, field)) == (
        400,
        f"{field}: is required",
    )


@pytest.mark.parametrize("value", [12, 1.5, True, [], {}, ["a"], {"a": "b"}])
@pytest.mark.parametrize("field", STRINGS)
def test_a_string_of_a_tokenization_is_a_string(field, value):
    assert refused(an_engine(), "POST", TOKENIZE, changed(EXAMPLE, field, value)) == (
        400,
        f"{field}: must be a string",
    )


@pytest.mark.parametrize("field", [name for name in STRINGS if name not in NULLABLE])
def test_a_string_of_a_tokenization_is_not_null(field):
    assert refused(an_engine(), "POST", TOKENIZE, changed(EXAMPLE, field, None)) == (
        400,
        f"{field}: must be a string",
    )


@pytest.mark.parametrize("value", ["12", 12.0, 12.5, True, None, [], {}, float("nan")])
@pytest.mark.parametrize("field", ["card.expiry_month", "card.expiry_year"])
def test_month_and_year_are_whole_numbers(field, value):
    assert refused(an_engine(), "POST", TOKENIZE, changed(EXAMPLE, field, value)) == (
        400,
        f"{field}: must be a whole number",
    )


@pytest.mark.parametrize("value", ["x", 1, True, None, [], [EXAMPLE["card"]]])
@pytest.mark.parametrize("field", ["card", "customer", "customer.billing_address"])
def test_a_part_of_a_tokenization_is_an_object(field, value):
    assert refused(an_engine(), "POST", TOKENIZE, changed(EXAMPLE, field, value)) == (
        400,
        f"{field}: must be an object",
    )


@pytest.mark.parametrize("field", ["token", "amount", "customer_id"])
def test_a_required_field_of_a_payment_is_missed(field):
    engine = an_engine()
    body = without(a_payment(a_token(engine)), field)

    assert refused(engine, "POST", PAYMENTS, body) == (400, f"{field}: is required")


@pytest.mark.parametrize("value", [12, 1.5, True, [], {}])
@pytest.mark.parametrize("field", ["token", "customer_id", "currency", "description"])
def test_a_string_of_a_payment_is_a_string(field, value):
    engine = an_engine()
    body = changed(a_payment(a_token(engine)), field, value)

    assert refused(engine, "POST", PAYMENTS, body) == (400, f"{field}: must be a string")


@pytest.mark.parametrize("field", ["token", "customer_id", "currency"])
def test_only_the_description_of_a_payment_may_be_null(field):
    engine = an_engine()
    body = changed(a_payment(a_token(engine)), field, None)

    assert refused(engine, "POST", PAYMENTS, body) == (400, f"{field}: must be a string")


@pytest.mark.parametrize(
    "code", ["", "US", "USDX", "U5D", "US ", " USD", "US$", "USD\n", "\u00fcSD"]
)
def test_a_currency_is_three_letters(code):
    engine = an_engine()
    body = a_payment(a_token(engine), currency=code)

    assert refused(engine, "POST", PAYMENTS, body) == (
        400,
        "currency: must be a code of three letters such as USD",
    )


def test_all_faults_of_a_payment_are_told_at_once():
    body = {"amount": 0, "customer_id": 5, "currency": "dollars", "description": []}

    assert refused(an_engine(), "POST", PAYMENTS, body) == (
        400,
        (
            "token: is required; amount: must be greater than 0; customer_id: must be a string; "
            "currency: must be a code of three letters such as USD; description: must be a string"
        ),
    )


def test_all_faults_of_a_tokenization_are_told_at_once():
    body = {
        "card": {"card_number": "4532015112830367", "expiry_month": 0, "expiry_year": "2027"},
        "customer": {
            "email": "nobody",
            "billing_address": {"street": None, "city": "", "state": ""},
        },
    }

    assert refused(an_engine(), "POST", TOKENIZE, body) == (
        400,
        (
            "card.card_number: is not a valid card number (the Luhn check digit does not match); "
            "card.card_holder: is required; card.expiry_month: must be between 1 and 12; "
            "card.expiry_year: must be a whole number; card.cvv: is required; "
            "customer.email: must be an e-mail address of the form name@host; "
            "customer.billing_address.street: must be a string; "
            "customer.billing_address.zip_code: is required"
        ),
    )


def test_an_empty_object_lacks_everything():
    assert refused(an_engine(), "POST", TOKENIZE, {}) == (
        400,
        "card: is required; customer: is required",
    )


@pytest.mark.parametrize(
    "number",
    ["4532015112830367", "453201511283036", "4532x15112830366", 4532015112830366, ["4532015112"]],
)
def test_the_value_of_a_wrong_card_number_is_not_repeated(number):
    _, detail = refused(an_engine(), "POST", TOKENIZE, changed(EXAMPLE, "card.card_number", number))

    assert detail.startswith("card.card_number: ")
    assert not any(digit in detail.replace("15 or 16", "") for digit in "0123456789")


@pytest.mark.parametrize("cvv", ["97531", 975, "9x7", {"value": "975"}])
def test_the_value_of_a_wrong_cvv_is_not_repeated(cvv):
    _, detail = refused(an_engine(), "POST", TOKENIZE, changed(EXAMPLE, "card.cvv", cvv))

    assert detail in ("card.cvv: must be 3 or 4 digits", "card.cvv: must be a string")


@pytest.mark.parametrize("braces", ["{input}", "{0}", "{message}", "%s", "{"])
def test_what_was_sent_is_no_template_for_the_message(braces):
    _, detail = refused(an_engine(), "POST", TOKENIZE, changed(EXAMPLE, "customer.email", braces))

    assert detail == "customer.email: must be an e-mail address of the form name@host"


def test_validation_comes_before_the_token():
    body = a_payment("tok_unknown", amount=-1)

    assert refused(an_engine(), "POST", PAYMENTS, body) == (
        400,
        "amount: must be greater than 0",
    )
