"""No card number survives, wherever and however it is written; what is none does."""

import json

from hypothesis import example, given
from hypothesis import strategies as st

from pytest_paymock._api.bodies import BodyError, dump, parse
from pytest_paymock._api.redact import masked, masked_path, masked_secrets, masked_text, suspect
from pytest_paymock._engine import ids
from tests.api.card_numbers import card_numbers, digits_in, texts_with_a_card, written
from tests.engine.support import DETERMINISTIC


@DETERMINISTIC
@given(texts_with_a_card())
def test_no_card_number_survives_in_a_text(card):
    number, text = card
    shown = masked_text(text)

    assert number not in digits_in(shown)
    assert "************" in shown


@DETERMINISTIC
@given(texts_with_a_card())
def test_no_card_number_survives_in_a_body_in_any_position(card):
    number, text = card
    body = {
        "description": text,
        text: 1,
        "nested": [{"unknown": [text, {text: {"deep": text}}]}],
        "amount": [text],
        "card": {"card_number": text, "holder": text},
    }
    raw = json.dumps(body).encode()

    assert suspect(raw)
    assert number not in digits_in(json.dumps(masked(parse(raw)), ensure_ascii=False))


@DETERMINISTIC
@given(card_numbers(), st.sampled_from(["", "-", "0.", "1."]), st.sampled_from(["", ".0", "e0"]))
def test_no_card_number_survives_as_a_number(number, before, after):
    text = before + number + ("" if "." in before and "." in after else after)
    raw = b'{"unknown":[%b]}' % text.encode()

    assert suspect(raw)
    assert number not in digits_in(dump(masked(parse(raw))).decode())


@DETERMINISTIC
@given(card_numbers(), st.integers(1, 12))
def test_no_card_number_survives_as_a_number_with_a_point_in_it(number, place):
    raw = b'{"unknown":%b}' % f"{number[:place]}.{number[place:]}".encode()

    assert suspect(raw)
    assert number not in digits_in(dump(masked(parse(raw))).decode())


@DETERMINISTIC
@given(st.data())
def test_no_card_number_survives_in_a_path(data):
    number = data.draw(card_numbers())
    text = data.draw(written(number))
    quoted = "".join(f"%{byte:02X}" for byte in text.encode())
    path = data.draw(st.sampled_from([f"/tokens/{text}", f"/tokens/{quoted}/refund"]))
    shown = masked_path(path)

    assert number not in digits_in(shown)
    assert "************" in shown


@DETERMINISTIC
@given(st.lists(st.text("ab -_.,:#\n\u00e9") | st.from_regex(r"[0-9]{1,2}", fullmatch=True)))
def test_a_text_of_fewer_than_thirteen_digits_stays_as_it_is(pieces):
    text = "".join(pieces)
    if len(digits_in(text)) < 13:
        assert masked_text(text) == text


@DETERMINISTIC
@given(card_numbers(), st.integers(1, 9))
def test_a_wrong_check_digit_makes_no_card_number(number, more):
    wrong = number[:-1] + str((int(number[-1]) + more) % 10)

    assert masked_text(f"order {wrong}.") == f"order {wrong}."


@DETERMINISTIC
@given(st.integers(), st.integers(1, 10**6), st.sampled_from(["", " ", "12 ", "/", '"']))
def test_the_ids_of_the_api_survive(seed, number, beside):
    key = ids.key_of(seed)
    unique = ids.UniqueHex(key, "payment")(number)
    made = [
        f"tok_{ids.hex_digits(key, 'token', number, 32)}",
        f"txn_45320151128303_{unique}",
        f"ref_20250127120000_{ids.hex_digits(key, 'refund', number, 16)}",
        f"cust_{unique}",
    ]
    text = beside.join(made) + beside

    assert masked_text(text) == text
    assert masked_path(text) == text


# -- bodies that need no closer look ----------------------------------------------------------

NUMBERS = st.from_regex(
    r"-?(0|[1-9][0-9]{0,20})(\.[0-9]{1,20})?([eE][+-]?[0-9]{1,2})?", fullmatch=True
)
NAMES = ["cvv", "c_v-v", "Pan", "pan ", "num-ber", "NUMBER", "card.no", "c i d", "csc", "amount",
         "security code", "ccNumber", "4222222222222", "a"]  # fmt: skip
STRINGS = st.one_of(
    st.text(max_size=12),
    st.sampled_from([*NAMES, "4222 2222 22222", "tok_" + "4" * 32]),
    texts_with_a_card().map(lambda card: card[1]),
    st.from_regex(r"[0-9][0-9 .,:-]{10,24}", fullmatch=True),
).flatmap(lambda text: st.sampled_from([json.dumps(text), json.dumps(text, ensure_ascii=False)]))
VALUES = st.recursive(
    NUMBERS | STRINGS | st.sampled_from(["null", "true", "NaN", "Infinity"]),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4).map(lambda items: f"[{','.join(items)}]"),
        st.lists(st.tuples(STRINGS, inner), max_size=4).map(
            lambda pairs: "{" + ",".join(f"{name}: {value}" for name, value in pairs) + "}"
        ),
    ),
    max_leaves=8,
)
OBJECTS = st.lists(
    st.tuples(st.sampled_from(NAMES).map(json.dumps) | STRINGS, VALUES), min_size=1, max_size=4
).map(lambda pairs: "{" + " , ".join(f"{name} :{value}" for name, value in pairs) + "}")


@DETERMINISTIC
@given(OBJECTS.map(lambda text: text.encode("utf-8", "replace")))
@example(b'{"c-v-v":"123"}')
@example(b'{"number ":"123"}')
@example(b'{"x":43e11}')
@example(b'{"x" :\n43E11}')
@example(b'{"x":[1,43E+11]}')
@example(b'{"x":4.3e12}')
@example(b'{"4222222222222":1}')
@example(b'{"p.a.n":0}')
@example(b'{"x":"4222%2D2222%2D22222"}')
@example(b'{"x":"%34222222222222"}')
@example(b'{"x":"100% of 42"}')
def test_a_body_that_would_be_masked_is_always_suspect(body):
    try:
        parsed = parse(body)
    except BodyError:
        return
    assert suspect(body) or dump(masked(parsed)) == dump(parsed)


def test_the_strategy_for_bodies_makes_both_kinds():
    kinds = set()

    @DETERMINISTIC
    @given(OBJECTS.map(lambda text: text.encode("utf-8", "replace")))
    def look(body):
        try:
            parsed = parse(body)
        except BodyError:
            return
        kinds.add((suspect(body), dump(masked(parsed)) == dump(parsed)))

    look()
    assert kinds == {(True, True), (True, False), (False, True)}


# -- tokenize requests in which card data is where it belongs ---------------------------------

SECRETS = st.tuples(
    st.sampled_from(["card_number", "cvv", "Cvv", "card-number", "pan"]),
    st.sampled_from([":", ": ", " :\n"]),
    st.from_regex(r"[0-9][0-9 -]{0,20}", fullmatch=True) | card_numbers() | STRINGS.map(json.loads),
).map(lambda field: f"{json.dumps(field[0])}{field[1]}{json.dumps(field[2])}")
PLAIN = st.sampled_from(['"expiry_year":2030', '"zip_code":"10001"', '"company":"x"', '"a":[{}]'])
CARDS = st.lists(SECRETS | PLAIN, min_size=1, max_size=5).map(
    lambda fields: f'{{"card":{{{",".join(fields)}}},"customer":{{"email":"a@b","cvc":null}}}}'
)


@DETERMINISTIC
@given(st.one_of(CARDS, CARDS.map(lambda text: text.replace(',"cvc":null', ""))))
@example('{"card":{"card_number":"4222222222222","card_number":"1","cvv":"1"}}')
@example('{"card":{"cvv":"123"},"card_number":"4532 0151 1283 0366"}')
@example('{"description":"\\"cvv\\":\\"123\\"","cvv":"123"}')
def test_secrets_in_their_place_are_masked_as_anywhere(text):
    body = text.encode()

    shown = masked_secrets(body)

    assert shown is None or dump(parse(shown)) == dump(masked(parse(body)))


def test_a_tokenize_request_as_clients_write_it_needs_no_closer_look():
    sent = {"card": {"card_number": "4532-0151-1283-0366", "cvv": "123", "expiry_year": 2030}}

    for separators in ((",", ":"), (", ", ": ")):
        assert masked_secrets(json.dumps(sent, separators=separators).encode()) is not None
