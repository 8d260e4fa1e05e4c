"""No card number survives, wherever and however it is written; what is none does."""

import json

from hypothesis import given
from hypothesis import strategies as st

from pytest_paymock._api.redact import (
    NOTHING,
    PAYMENT,
    TOKENIZE,
    is_plain,
    masked_path,
    recorded,
)
from pytest_paymock._card_numbers import masked_text
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
@given(texts_with_a_card(), st.sampled_from([NOTHING, PAYMENT, TOKENIZE]))
def test_no_card_number_survives_in_a_record(card, known):
    number, text = card
    sent = {
        "description": text,
        text: 1,
        "nested": [{"unknown": [text, {text: {"deep": text}}]}],
        "amount": [text],
        "card": {"card_number": text, "card_holder": text, text: text},
    }

    assert number not in digits_in(json.dumps(recorded(known, sent), ensure_ascii=False))


@DETERMINISTIC
@given(texts_with_a_card(), st.booleans())
def test_a_body_with_a_card_number_in_it_is_never_plain(card, ascii_only):
    body = json.dumps({"description": card[1]}, ensure_ascii=ascii_only).encode()

    assert not is_plain(body)


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
