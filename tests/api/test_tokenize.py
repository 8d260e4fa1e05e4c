import json
import re

import pytest

from tests.api.support import (
    EXAMPLE,
    TOKENIZE,
    VISA,
    an_engine,
    call,
    changed,
    get,
    post,
    refused,
    without,
)

VALID = [
    ("4532015112830366", "Visa"),
    ("5425233430109903", "Mastercard"),
    ("374245455400126", "American Express"),
    ("6011111111111117", "Discover"),
    ("3530111333300000", "Unknown"),
    ("2223000048400011", "Unknown"),
    ("9999999999999995", "Unknown"),
]


@pytest.mark.parametrize(("number", "brand"), VALID)
def test_a_valid_card_is_stored_whatever_its_brand(number, brand):
    engine = an_engine()
    status, answer = post(engine, TOKENIZE, changed(EXAMPLE, "card.card_number", number))

    assert status == 201
    assert re.fullmatch("tok_[0-9a-f]{32}", answer["token"])
    assert (answer["card_type"], answer["last_four_digits"]) == (brand, number[-4:])
    assert engine.token(answer["token"]).card_type == brand


@pytest.mark.parametrize(
    "written",
    [
        "4532 0151 1283 0366",
        "4532-0151-1283-0366",
        " 4532015112830366 ",
        "4532 - 0151 -- 12830366",
    ],
)
def test_spaces_and_dashes_in_a_card_number_are_dropped(written):
    status, answer = post(an_engine(), TOKENIZE, changed(EXAMPLE, "card.card_number", written))

    assert (status, answer["last_four_digits"]) == (201, "0366")


DIGITS_ONLY = "card.card_number: must hold digits only, apart from spaces and dashes"
LENGTH = "card.card_number: must have 15 or 16 digits"
LUHN = "card.card_number: is not a valid card number (the Luhn check digit does not match)"


@pytest.mark.parametrize(
    ("written", "detail"),
    [
        ("", DIGITS_ONLY),
        ("----", DIGITS_ONLY),
        ("4532.0151.1283.0366", DIGITS_ONLY),
        ("4532_0151_1283_0366", DIGITS_ONLY),
        ("4532\t015112830366", DIGITS_ONLY),
        ("4532015112830366\n", DIGITS_ONLY),
        ("+4532015112830366", DIGITS_ONLY),
        ("not a card number", DIGITS_ONLY),
        ("\uff14532015112830366", DIGITS_ONLY),
        ("\u0664532015112830366", DIGITS_ONLY),
        ("4532\u00a0015112830366", DIGITS_ONLY),
        ("4532\u2013015112830366", DIGITS_ONLY),
        ("0" * 14, LENGTH),
        ("42222222222222", LENGTH),
        ("45320151128303660", LENGTH),
        ("6304000000000000000", LENGTH),
        ("4" * 5000, LENGTH),
        ("4532015112830367", LUHN),
        ("374245455400127", LUHN),
    ],
)
def test_a_card_number_that_is_none_is_refused(written, detail):
    engine = an_engine()
    body = changed(EXAMPLE, "card.card_number", written)

    assert refused(engine, "POST", TOKENIZE, body) == (400, detail)


@pytest.mark.parametrize("length", [14, 15, 16, 17])
def test_fifteen_and_sixteen_digits_make_a_card_number(length):
    status, _ = post(an_engine(), TOKENIZE, changed(EXAMPLE, "card.card_number", "0" * length))

    assert (status == 201) is (length in (15, 16))


@pytest.mark.parametrize("cvv", ["123", "1234", "000", "0000"])
def test_a_cvv_has_three_or_four_digits(cvv):
    assert post(an_engine(), TOKENIZE, changed(EXAMPLE, "card.cvv", cvv))[0] == 201


@pytest.mark.parametrize(
    "cvv", ["", "12", "12345", "12a", " 123", "123\n", "1 2 3", "\uff11\uff12\uff13", "-12"]
)
def test_a_cvv_that_is_none_is_refused(cvv):
    assert refused(an_engine(), "POST", TOKENIZE, changed(EXAMPLE, "card.cvv", cvv)) == (
        400,
        "card.cvv: must be 3 or 4 digits",
    )


@pytest.mark.parametrize("email", ["a@b", "john.doe+tag@example.com", "\u00e9@\u00fc", "'@\""])
def test_an_email_is_something_at_something(email):
    assert post(an_engine(), TOKENIZE, changed(EXAMPLE, "customer.email", email))[0] == 201


@pytest.mark.parametrize("email", ["", "a", "@b", "a@", "a@b@c", "a b@c", "a@b ", "a@b\n"])
def test_an_email_that_is_none_is_refused(email):
    assert refused(an_engine(), "POST", TOKENIZE, changed(EXAMPLE, "customer.email", email)) == (
        400,
        "customer.email: must be an e-mail address of the form name@host",
    )


@pytest.mark.parametrize("body", [
    without(EXAMPLE, "customer.customer_id"),
    changed(EXAMPLE, "customer.customer_id", None),
], ids=["absent", "null"])  # fmt: skip
def test_without_a_customer_id_one_is_generated(body):
    engine = an_engine()
    ids = [post(engine, TOKENIZE, body)[1]["customer_id"] for _ in range(2)]

    assert all(re.fullmatch("cust_[0-9a-f]{8}", name) for name in ids)
    assert ids[0] != ids[1]


@pytest.mark.parametrize("field", ["customer.phone", "customer.billing_address.country"])
def test_an_optional_field_may_be_left_out(field):
    assert post(an_engine(), TOKENIZE, without(EXAMPLE, field))[0] == 201


def test_a_phone_may_be_null():
    assert post(an_engine(), TOKENIZE, changed(EXAMPLE, "customer.phone", None))[0] == 201


@pytest.mark.parametrize(
    "field", ["idempotency_key", "card.brand", "customer.name", "customer.billing_address.line2"]
)
@pytest.mark.parametrize("value", ["x", 1, None, [], {}])
def test_an_unknown_field_has_no_effect(field, value):
    plain, more = an_engine(), an_engine()

    assert post(more, TOKENIZE, changed(EXAMPLE, field, value)) == post(plain, TOKENIZE, EXAMPLE)
    assert more.state() == plain.state()


def test_the_same_request_twice_stores_two_cards():
    engine = an_engine()

    assert post(engine, TOKENIZE, EXAMPLE)[1] != post(engine, TOKENIZE, EXAMPLE)[1]
    assert len(engine.tokens) == 2


def test_a_customers_id_comes_back_as_it_was_sent():
    name = 'cust "1"\\/\n\u00e9\u20ac\U0001f4b3</script>'
    body = changed(EXAMPLE, "customer.customer_id", name)

    assert post(an_engine(), TOKENIZE, body)[1]["customer_id"] == name


# -- the record of the exchange ---------------------------------------------------------------


def test_what_is_recorded_of_the_request_is_all_but_the_card_data():
    recorded = json.loads(call(an_engine(), "POST", TOKENIZE, EXAMPLE).request)

    masked = changed(EXAMPLE, "card.card_number", "************0366")
    assert recorded == changed(masked, "card.cvv", "***")


def test_nothing_that_is_kept_holds_the_card_number_or_the_cvv():
    engine = an_engine()
    handled = call(engine, "POST", TOKENIZE, changed(EXAMPLE, "card.cvv", "9731"))
    kept = f"{handled} {engine.state().entries()}"

    assert VISA not in kept
    assert "9731" not in kept


# -- looking a token up -----------------------------------------------------------------------


def test_a_token_can_be_looked_up():
    engine = an_engine()
    token = post(engine, TOKENIZE, EXAMPLE)[1]["token"]

    assert get(engine, f"/api/v1/tokens/{token}") == (
        200,
        {
            "token": token,
            "last_four_digits": "0366",
            "card_type": "Visa",
            "expires_at": "2025-01-28T12:00:00",
            "created_at": "2025-01-27T12:00:00",
            "is_valid": True,
        },
    )


@pytest.mark.parametrize(
    ("age", "valid"),
    [({"hours": 23, "minutes": 59, "seconds": 59}, True), ({"hours": 24}, False)],
)
def test_a_token_says_whether_it_is_still_valid(age, valid):
    engine = an_engine()
    token = post(engine, TOKENIZE, EXAMPLE)[1]["token"]
    engine.clock.advance(**age)
    status, answer = get(engine, f"/api/v1/tokens/{token}")

    assert (status, answer["is_valid"]) == (200, valid)


@pytest.mark.parametrize("name", ["tok_unknown", "tok_" + "0" * 32, "txn_1", "%20", "caf%C3%A9"])
def test_an_unknown_token_is_not_found(name):
    assert refused(an_engine(), "GET", f"/api/v1/tokens/{name}") == (404, "Token not found")
