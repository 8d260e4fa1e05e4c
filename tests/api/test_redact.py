"""What is recorded of a request: the fields that the API knows, and of all else names and kinds."""

import json
from decimal import Decimal

import pytest

from pytest_paymock._api.bodies import dump, parse
from pytest_paymock._api.redact import (
    MOST_KEPT,
    NOTHING,
    PAYMENT,
    TOKENIZE,
    is_plain,
    masked_path,
    masked_query,
    recorded,
)
from tests.api.card_numbers import SCHEMES, grouped
from tests.api.support import EXAMPLE, a_payment, changed

VISA = SCHEMES["Visa"]
MASKED = "************0366"

KINDS = [
    ("x", "<string>"),
    (VISA, "<string>"),
    (7391, "<number>"),
    (1.5, "<number>"),
    (Decimal("1.50"), "<number>"),
    (True, "<true/false>"),
    ([VISA], "<list>"),
    ({"cvv": "123"}, "<object>"),
    (None, None),
]


def field_of(sent, path):
    for name in path.split("."):
        sent = sent[name]
    return sent


def test_a_tokenization_is_recorded_without_card_number_and_cvv():
    assert recorded(TOKENIZE, EXAMPLE) == {
        "card": {**EXAMPLE["card"], "card_number": MASKED, "cvv": "***"},
        "customer": EXAMPLE["customer"],
    }


def test_a_payment_is_recorded_as_it_was_sent():
    sent = parse(json.dumps(a_payment("tok_1")).encode())

    assert recorded(PAYMENT, sent) == sent


@pytest.mark.parametrize(("value", "kind"), KINDS)
@pytest.mark.parametrize(
    ("known", "sent"),
    [(NOTHING, {}), (PAYMENT, a_payment("tok_1")), (TOKENIZE, EXAMPLE)],
    ids=["nothing", "payment", "tokenize"],
)
def test_of_a_field_that_the_api_does_not_know_its_name_and_kind_is_kept(known, sent, value, kind):
    assert recorded(known, {**sent, "note": value}) == {**recorded(known, sent), "note": kind}


@pytest.mark.parametrize(("value", "kind"), KINDS)
@pytest.mark.parametrize("path", ["card.pin", "customer.note", "customer.billing_address.door"])
def test_the_same_holds_within_a_tokenization(path, value, kind):
    sent = changed(EXAMPLE, path, value)

    assert field_of(recorded(TOKENIZE, sent), path) == kind


@pytest.mark.parametrize(
    "path",
    ["card.card_holder", "customer.customer_id", "customer.email", "customer.phone",
     "customer.billing_address.street", "card.card_number"],
)  # fmt: skip
@pytest.mark.parametrize(("value", "kind"), KINDS[2:])
def test_of_a_known_field_of_a_wrong_kind_the_kind_is_kept(path, value, kind):
    assert field_of(recorded(TOKENIZE, changed(EXAMPLE, path, value)), path) == kind


@pytest.mark.parametrize(
    ("path", "value", "kind"),
    [
        ("card", VISA, "<string>"),
        ("card", [VISA], "<list>"),
        ("card", None, None),
        ("customer", 5, "<number>"),
        ("customer.billing_address", "home", "<string>"),
        ("card.expiry_month", "12", "<string>"),
        ("card.expiry_month", True, "<true/false>"),
        ("card.expiry_month", int(VISA), "<number>"),
        ("card.expiry_year", -1, "<number>"),
        ("card.expiry_year", Decimal("2030.0"), "<number>"),
        ("card.cvv", 123, "<number>"),
        ("card.cvv", None, None),
    ],
)
def test_so_it_is_with_what_is_no_text(path, value, kind):
    assert field_of(recorded(TOKENIZE, changed(EXAMPLE, path, value)), path) == kind


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (5, 5),
        (Decimal("99.90"), Decimal("99.90")),
        (int(VISA), int(VISA)),
        (-1, -1),
        (True, "<true/false>"),
        (VISA, "<string>"),
        (Decimal("NaN"), "<number>"),
        (Decimal("Infinity"), "<number>"),
        (Decimal("0." + "1" * 1000), "<number>"),
        (10**1000, "<number>"),
        (None, None),
    ],
)
def test_an_amount_is_money_and_kept_to_its_last_digit(value, shown):
    kept = recorded(PAYMENT, {"amount": value})["amount"]

    assert (kept, str(kept)) == (shown, str(shown))


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("4532 0151-1283 0366", MASKED),
        ("4532015112830367", "************0367"),
        ("4532015112836", "************2836"),
        ("453201511283", "************"),
        ("secret", "************"),
        ("", "************"),
    ],
)
def test_what_stands_for_a_card_number_is_masked_valid_or_not(value, shown):
    sent = changed(EXAMPLE, "card.card_number", value)

    assert recorded(TOKENIZE, sent)["card"]["card_number"] == shown


@pytest.mark.parametrize("name", ["token", "currency", "customer_id", "description"])
def test_a_card_number_in_a_known_text_is_masked(name):
    sent = {**a_payment("tok_1"), name: f"pay {grouped(VISA, ' ')} now"}

    assert recorded(PAYMENT, sent)[name] == f"pay {MASKED} now"


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("note", "note"),
        (f"x {VISA}", f"x {MASKED}"),
        (VISA, "<no letter>"),
        ("4275", "<no letter>"),
        ("", "<no letter>"),
        ("n" * 64, "n" * 64),
        ("n" * 65, "n" * 64 + "..."),
    ],
)
def test_a_name_that_the_api_does_not_know_is_shown_as_a_name(name, shown):
    assert recorded(NOTHING, {name: 1}) == {shown: "<number>"}


@pytest.mark.parametrize(
    "sent",
    [
        {"digits": ["4275", "5828", "2357", "4162"]},
        {"digits": [*"4275582823574162"]},
        {"4275": 1, "5828": 1, "2357": 1, "4162": 1},
        {"a": "4275", "b": "5828", "c": "2357", "d": "4162"},
        {"ccv": "7391", "cvd": 7391, "card_verification": "7391"},
        {"card": "4275582823574162|12|30|7391"},
        {"more": {"card_number": "4275582823574162", "cvv": "7391"}},
    ],
)
@pytest.mark.parametrize("known", [NOTHING, PAYMENT, TOKENIZE])
def test_card_data_in_pieces_or_under_other_names_is_not_kept(known, sent):
    kept = json.dumps(recorded(known, sent))

    assert not any(piece in kept for piece in ("4275", "5828", "2357", "4162", "7391", "30"))


# -- sizes ------------------------------------------------------------------------------------


def test_of_a_very_long_text_the_beginning_is_kept_and_its_length():
    long = "word " * 400_000
    kept = recorded(PAYMENT, {"description": long})["description"]

    assert kept == f"{long[:MOST_KEPT]}... (2000000 characters)"
    assert recorded(PAYMENT, {"description": "x" * MOST_KEPT})["description"] == "x" * MOST_KEPT


def test_of_very_many_names_fifty_are_kept_and_their_number():
    kept = recorded(PAYMENT, {**{f"n{place}": place for place in range(1000)}, "amount": 5})

    assert len(kept) == 52
    assert kept["n49"] == "<number>"
    assert (kept["..."], kept["amount"]) == ("<950 more fields>", 5)


@pytest.mark.parametrize("known", [NOTHING, PAYMENT, TOKENIZE])
def test_a_record_is_small_whatever_a_request_holds(known):
    sent = {f"{place}{'n' * 2000}": ["x" * 2000] for place in range(1000)}
    sent |= {"description": "\u20ac" * 2_000_000, "card": {"card_holder": "y" * 2_000_000}}

    assert len(dump(recorded(known, sent))) < 40_000


# -- bodies that are kept as they came --------------------------------------------------------


@pytest.mark.parametrize(
    "body",
    [
        b"{}",
        b'{"token":"tok_f6c00db6682917480dac8f9ce9d46c62","amount":99.99,"currency":"USD"}',
        b'{"customer_id":"cust_123","description":"Order #12345, 100%"}',
        '{"description":"Caf\u00e9 \u6f22\u5b57"}'.encode(),
        b'{"description":"%b"}' % (b"x" * 4000),
    ],
)
def test_an_ordinary_body_is_plain(body):
    assert is_plain(body)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b" {}",
        b"\xef\xbb\xbf{}",
        b'{"a":"\\u0034"}',
        b'{"description":"Order 1234567890123456"}',
        '{"a":1}'.encode("utf-16-le"),
        b'{"a":"%b"}' % VISA.encode(),
        b'{"a":"4532%20015112830366"}',
        b'{"a":"%b"}' % (b"x" * MOST_KEPT),
    ],
)
def test_a_body_with_anything_that_is_to_be_looked_at_is_not(body):
    assert not is_plain(body)


def test_a_query_is_masked_piece_by_piece():
    assert masked_query(f"a=%2F&card={grouped(VISA, '+')}") == f"a=%2F&card={MASKED}"
    assert masked_query("a=%2F&b=c+d") == "a=%2F&b=c+d"


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
