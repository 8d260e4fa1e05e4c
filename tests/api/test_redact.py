"""What is masked in a text, in a body and in a path, and what is left alone."""

import json
from decimal import Decimal

import pytest

from pytest_paymock._api.bodies import dump, parse
from pytest_paymock._api.redact import (
    digits_of,
    masked,
    masked_path,
    masked_text,
    may_hide_digits,
    suspect,
)
from tests.api.card_numbers import (
    SCHEMES,
    SEPARATORS,
    ZEROS,
    grouped,
    in_script,
    with_check_digit,
)

VISA = SCHEMES["Visa"]
MASKED = "************0366"


@pytest.mark.parametrize("number", SCHEMES.values(), ids=SCHEMES)
def test_a_card_number_of_every_scheme_is_masked_up_to_its_last_four(number):
    assert with_check_digit(number[:-1]) == number
    assert masked_text(f"card {number}!") == f"card ************{number[-4:]}!"


@pytest.mark.parametrize("separator", SEPARATORS)
def test_whatever_people_put_between_the_digits_hides_no_card(separator):
    assert masked_text(f"card {grouped(VISA, separator)}!") == f"card {MASKED}!"


@pytest.mark.parametrize("zero", ZEROS)
def test_digits_of_any_script_are_digits(zero):
    assert masked_text(in_script(VISA, zero)) == MASKED


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (f"2 {VISA}", f"2 {MASKED}"),
        (f"{VISA} 123", f"{MASKED} 123"),
        (f"{VISA} 12/27 123", f"{MASKED} 12/27 123"),
        (f"12/27 {VISA}", f"12/27 {MASKED}"),
        (f"1 1 {grouped(VISA, ' ')} 7 7", f"1 1 {MASKED} 7 7"),
        (f"{VISA}, {SCHEMES['Discover']}", f"{MASKED}, ************1117"),
        (f"{VISA} {VISA} {VISA}", f"{MASKED} {MASKED} {MASKED}"),
        (f"a{VISA}b", f"a{MASKED}b"),
        (f"_{VISA}_", f"_{MASKED}_"),
        (f"0.{VISA}", f"0.{MASKED}"),
        (f"tok_{VISA}", f"tok_{MASKED}"),
        (f"2025-01-27 12:00:00 {VISA}", f"2025-01-27 12:00:00 {MASKED}"),
    ],
)
def test_digits_beside_a_card_number_do_not_hide_it(text, shown):
    assert masked_text(text) == shown


@pytest.mark.parametrize(
    ("by_chance", "rest"), [("2 4532 0151 1283", " 0366"), ("40002 45320151", " 12830366")]
)
def test_card_numbers_that_overlap_are_masked_as_one(by_chance, rest):
    assert masked_text(by_chance) == f"************{by_chance[-4:]}"
    assert masked_text(by_chance + rest) == MASKED


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Order #12345",
        "order 1234567890123456",
        "order 4532015112830367",
        "invoice 2025-01-27-0001",
        "2025-01-27 12:00:00.123456",
        "1737979200000",
        "+1 555 0123 4567",
        "tracking 1Z999AA10123456784",
        "IBAN DE89 3704 0044 0532 0130 00",
        "550e8400-e29b-41d4-a716-446655440000",
        "tok_453201511283036645320151128303ff",
        "txn_20250127120000_45320151",
        "ref_20250127120000_4532015112830366",
        "cust_12345678",
        "12345678901234567890",
        "45320151128303664532015112830366",
        "4532 0151 1283 03",
        "4532 (01) 1283 -- : 0366",
        "99.99",
        "\u2074\u2075\u00b3\u00b2",
    ],
)
def test_what_is_no_card_number_stays_as_it_is(text):
    assert masked_text(text) == text


@pytest.mark.parametrize(
    ("text", "hides"),
    [("100% cotton", False), ("5% off, 10%", False), ("a%20b", True), ("4532%2D0151", True)],
)
def test_a_percent_sign_alone_costs_no_closer_look(text, hides):
    body = json.dumps({"description": text}).encode()

    assert may_hide_digits(body) is suspect(body) is hides


def test_the_digits_of_a_text_are_read_in_any_script():
    assert digits_of(in_script("0123456789", "\u0660")) == "0123456789"
    assert digits_of("a1-b2 \u00b2") == "12"


# -- bodies -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "key",
    ["card_number", "cardNumber", "CARD-NUMBER", "card number", "number", "pan", "P.A.N", "CardNo",
     "ccNumber", "credit_card_number", "number "],
)  # fmt: skip
@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (VISA, MASKED),
        (int(VISA), MASKED),
        ("4532015112830367", "************0367"),
        ("453201511283", "************1283"),
        ("45320151128", "************"),
        ("secret", "************"),
        (12.5, "************"),
        ([VISA, 1], [MASKED, "************"]),
        ({"raw": VISA}, {"raw": MASKED}),
        (None, None),
        (True, True),
    ],
)
def test_what_stands_where_a_card_number_belongs_is_masked_valid_or_not(key, value, shown):
    body = json.dumps({"more": {key: value}}).encode()

    assert suspect(body) or value in (None, True)
    assert masked(parse(body)) == {"more": {key: shown}}


@pytest.mark.parametrize(
    "key",
    ["cvv", "CVV", "cvc", "cvv2", "cvc2", "c-v-v", "card_cvv", "cardCvc", "cvvCode", "cid", "CSC",
     "security_code", "card_security_code", "cvv ", "cvn", "cv2", "cav2", "cardCode",
     "verification_value", "security-number"],
)  # fmt: skip
@pytest.mark.parametrize("value", ["123", 123, 0, "", ["123"], {"value": "123"}, True, 1.5])
def test_what_stands_where_a_cvv_belongs_is_masked_whatever_it_is(key, value):
    body = json.dumps({"more": [{key: value}]}).encode()

    assert suspect(body)
    assert masked(parse(body)) == {"more": [{key: "***"}]}


def test_a_cvv_that_is_null_is_none():
    assert masked({"cvv": None}) == {"cvv": None}


@pytest.mark.parametrize("key", ["acid", "placid", "cscx", "numbers", "expanse", "phone_number"])
def test_a_key_that_only_resembles_one_for_card_data_is_none(key):
    assert masked({key: "123"}) == {key: "123"}


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        (VISA, MASKED),
        (f"-{VISA}", f"-{MASKED}"),
        (f"{VISA}.0", f"{MASKED}.0"),
        ("4532.015112830366", MASKED),
        (f"0.{VISA}", f"0.{MASKED}"),
        (f"{VISA}e0", MASKED),
        ("4.532015112830366e15", MASKED),
        (f"{VISA}e-20", MASKED),
        (f"{VISA}e-30", f"{MASKED}E-15"),
        (f"{VISA}e3", f"{MASKED}E+18"),
        ("43e11", "************0000"),
        ("4.3E12", "************0000"),
    ],
)
def test_a_card_number_that_is_a_number_is_masked_however_it_is_written(number, shown):
    body = b'{"a":[%b]}' % number.encode()

    assert suspect(body)
    assert masked(parse(body)) == {"a": [shown]}


@pytest.mark.parametrize(
    "number",
    ["0", "10", "99.99", "1e2", "-12.50", "1e400", "1e-400", "1234567890123456", "9" * 30,
     "0." + "9" * 30, "NaN", "Infinity", "-Infinity"],
)  # fmt: skip
def test_an_ordinary_number_stays_as_it_is(number):
    body = b'{"a":{"b":%b}}' % number.encode()

    assert dump(masked(parse(body))) == dump(parse(body))


def test_the_amount_of_a_payment_is_money_and_nothing_else():
    body = {"amount": int(VISA), "inner": {"amount": int(VISA)}}

    assert masked(body) == {"amount": int(VISA), "inner": {"amount": MASKED}}


@pytest.mark.parametrize(
    ("value", "shown"), [(VISA, MASKED), ([int(VISA)], [MASKED]), ({"a": VISA}, {"a": MASKED})]
)
def test_an_amount_that_is_no_number_is_looked_at(value, shown):
    assert masked({"amount": value}) == {"amount": shown}


def test_a_key_may_be_a_card_number():
    assert masked({VISA: {VISA: 1}, "a": [{f"x {VISA}": None}]}) == {
        MASKED: {MASKED: 1},
        "a": [{f"x {MASKED}": None}],
    }


def test_what_is_not_card_data_keeps_value_and_type():
    body = {"a": "x", "b": 1, "c": Decimal("1.50"), "d": None, "e": [True, {}], "f": {"g": []}}

    assert masked(body) == body
    assert str(masked(body)["c"]) == "1.50"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{}",
        b'{"token":"tok_f6c00db6682917480dac8f9ce9d46c62","amount":99.99,"currency":"USD"}',
        b'{"customer_id":"cust_123","description":"Order #12345"}',
        b'{"amount": 10, "items": [1, 2, 3], "total": 1234.56}',
    ],
)
def test_an_ordinary_body_is_seen_to_be_one_at_once(body):
    assert not suspect(body)


# -- paths ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        (f"/api/v1/tokens/{VISA}", f"/api/v1/tokens/{MASKED}"),
        (f"/{grouped(VISA, '%20')}", f"/{MASKED}"),
        (f"/{grouped(VISA, '-')}/refund", f"/{MASKED}/refund"),
        (f"/{grouped(VISA, '/')}", f"/{MASKED}"),
        ("/%34532015112830366", f"/{MASKED}"),
        ("/" + "".join(f"%3{digit}" for digit in VISA), f"/{MASKED}"),
        (f"/caf%C3%A9%20{VISA}", f"/caf%C3%A9%20{MASKED}"),
        ("/%EF%BC%94532015112830366", f"/{MASKED}"),
        (f"/customers/{VISA}%2F1/x", f"/customers/{MASKED}%2F1/x"),
        (f"/customers/{VISA}%2541/x", f"/customers/{MASKED}%2541/x"),
        (f"/a%2Fb/{VISA}", f"/a%2Fb/{MASKED}"),
        (f"/a%7Eb%2fc/{VISA}", f"/a%7Eb%2fc/{MASKED}"),
    ],
)
def test_a_card_number_in_a_path_is_masked(path, shown):
    assert masked_path(path) == shown


@pytest.mark.parametrize(
    "path",
    ["", "/api/v1/tokenize", "/api/v1/customers/a%2Fb%20c/transactions", "/100%", "/%FF",
     "/api/v1/transactions/txn_20250127120000_45320151/refund"],
)  # fmt: skip
def test_a_path_without_one_stays_as_it_stood_on_the_wire(path):
    assert masked_path(path) == path
