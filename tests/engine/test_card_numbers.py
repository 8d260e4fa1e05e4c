"""Card numbers in what a test writes: masked before a message or a reason repeats it."""

import sys
import unicodedata
from decimal import Decimal

import pytest

from pytest_paymock import _card_numbers
from pytest_paymock._card_numbers import masked_text, may_hold_card_number, passes_luhn, quoted
from pytest_paymock._engine.cards import TEST_CARDS
from pytest_paymock._engine.clock import as_utc
from pytest_paymock._engine.money import as_money
from pytest_paymock._engine.outcomes import outcome_named
from pytest_paymock.errors import UsageError
from tests.api.card_numbers import (
    SCHEMES,
    SEPARATORS,
    ZEROS,
    grouped,
    in_script,
    with_check_digit,
)
from tests.engine.support import an_engine, paid

VISA = TEST_CARDS["visa"]
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


def test_every_sign_that_python_takes_for_a_digit_is_read_as_one():
    signs = [chr(code) for code in range(sys.maxunicode + 1) if chr(code).isdigit()]
    odd = [sign for sign in signs if not sign.isdecimal()]

    for sign in odd:
        number = VISA.translate({ord(str(unicodedata.digit(sign))): sign})
        assert masked_text(number) == MASKED


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("⁴⁵³²⁰¹⁵¹¹²⁸³⁰³⁶⁶", MASKED),
        ("④₅³² 0151 1283 0366, m²", f"{MASKED}, m2"),
        ("at%20home: 4532%200151%201283%200366", f"at home: {MASKED}"),
        ("4532%2D0151%2d1283%E2%80%910366&a=b", f"{MASKED}&a=b"),
        ("%34%35%33%32015112830366", MASKED),
        (f"{VISA}² is 100%25 mine", f"{MASKED}² is 100%25 mine"),
    ],
)
def test_a_number_that_can_be_read_is_masked_whatever_it_is_written_with(text, shown):
    assert masked_text(text) == shown


@pytest.mark.parametrize(
    "text",
    [
        "100% of 4532015112830367",
        "https://shop.example/?q=caf%C3%A9&order=1234567890123456&at=2025-01-27T12%3A00%3A00",
        "x² + y³ = 10⁶, ①②③④⑤⑥⑦⑧⑨①②③④⑤⑥⑦",
        "tok_453201511283036645320151128303ff%20of%20txn_20250127120000_45320151",
    ],
)
def test_a_text_that_hides_none_stays_as_it_is_written(text):
    assert masked_text(text) == text


@pytest.mark.parametrize(
    ("number", "masked"),
    [
        ("400000000002", False),
        ("4222222222222", True),
        ("4000000000000000006", True),
        ("40000000000000000002", False),
    ],
)
def test_a_card_number_has_thirteen_to_nineteen_digits(number, masked):
    assert passes_luhn(number)
    assert (masked_text(number) == f"************{number[-4:]}") is masked
    assert (masked_text(number) == number) is not masked


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("visa", "'visa'"),
        (VISA, f"'{MASKED}'"),
        (int(VISA), MASKED),
        (Decimal(VISA), f"Decimal('{MASKED}')"),
        ([VISA, 1], f"['{MASKED}', 1]"),
        ("4532\n0151\n1283\n0366", f"'{MASKED}'"),
        ("4532\u200b015112830366", f"'{MASKED}'"),
        (["4532", "0151", "1283", "0366"], f"['{MASKED}']"),
        ([*VISA], f"['{MASKED}']"),
        (VISA.encode(), f"b'{MASKED}'"),
        (bytearray(b"4532\n0151\n1283\n0366"), f"b'{MASKED}'"),
        (b"caf\xe9", "b'caf\\xe9'"),
        ({"card": {"cvv": "7391"}}, "{'card': {'cvv': '***'}}"),
        ([{"ccv": 739}, {"cvc": b"7391"}], "[{'ccv': '***'}, {'cvc': '***'}]"),
        ({VISA: {"4532\n015112830366"}}, f"{{'{MASKED}': {{'{MASKED}'}}}}"),
        ({"expiry_year": 2030, "amount": 100}, "{'expiry_year': 2030, 'amount': 100}"),
        (None, "None"),
        ("it's", '"it\'s"'),
    ],
)
def test_a_value_is_quoted_without_a_card_number(value, shown):
    assert quoted(value) == shown


@pytest.mark.parametrize(
    "mistake",
    [
        outcome_named,
        as_utc,
        lambda value: as_money([value]),
        lambda value: as_money(f"x{value}"),
        an_engine().script.forecast,
        lambda value: an_engine().script.when("success", **{value: 1}),
        lambda value: an_engine().settle("txn_1", value),
    ],
)
def test_no_message_to_the_test_repeats_a_card_number(mistake):
    with pytest.raises(UsageError) as caught:
        mistake(VISA)

    assert MASKED in str(caught.value)
    error: BaseException | None = caught.value
    while error is not None:
        assert VISA not in f"{error!r} {error}"
        error = error.__context__


def test_no_reason_repeats_a_card_number_of_a_rule_and_the_rule_still_matches():
    engine = an_engine()
    engine.script.when("card_declined", description=f"card {VISA}")
    payment = paid(engine, description=f"card {MASKED}")

    assert payment.outcome == "card_declined"
    assert payment.reason == f"rule of the test: description='card {MASKED}'"


def test_the_work_is_bounded_by_the_text_whatever_it_holds(monkeypatch):
    checked = []
    monkeypatch.setattr(_card_numbers, "passes_luhn", checked.append)
    text = "4 " * 100_000
    shown = masked_text(text)

    assert len(checked) <= 7 * _card_numbers.MOST_CANDIDATES
    assert set(shown.removesuffix(" ")[-16:]) <= set("*4")


def test_behind_very_many_candidates_all_long_runs_of_digits_are_masked():
    dense = "4 " * 5_000
    token = "tok_453201511283036645320151128303ff"
    shown = masked_text(f"{dense}x {token} 1234567890123456 123 {VISA}")

    assert shown.endswith(f"x {token} {MASKED}")
    assert "1234567890123456" not in shown


@pytest.mark.parametrize(
    "text",
    [
        VISA,
        "card 4532 0151 1283 0366",
        f"%34{VISA[1:]}",
        f"\u2074{VISA[1:]}",
        "4532%2D0151",
    ],
)
def test_a_text_that_may_hold_a_card_number_is_told(text):
    assert may_hold_card_number(text.encode())


@pytest.mark.parametrize(
    "text", ["", "100%", "Order #12345", "caf\xe9", "4 - " * 12, "tok_" + "4e" * 16]
)
def test_a_text_that_cannot_hold_one_is_told_as_well(text):
    assert not may_hold_card_number(text.encode())


def test_a_time_of_the_api_stays_though_its_digits_pass_for_a_card():
    time = "2026-04-12T23:00:35.250037+00:00"
    assert masked_text("23:00:35.250037+00:00") == "************0000"
    assert masked_text(time) == time
