"""Card numbers are found again in a text by their fingerprints, however they are written."""

import pickle

import pytest

from pytest_paymock._engine.card_leaks import MOST_STRAYS, CardWatch
from pytest_paymock._engine.cards import TEST_CARDS

VISA, AMEX = TEST_CARDS["visa"], TEST_CARDS["american_express"]


def in_groups(separator: str, number: str = VISA) -> str:
    return separator.join(number[start : start + 4] for start in range(0, len(number), 4))


def in_digits_of(zero: str) -> str:
    return "".join(chr(ord(zero) + int(digit)) for digit in VISA)


def found(text: str, *sent: str) -> list[str]:
    """Return the last four digits of the cards in a text, of those that were sent."""
    watch = CardWatch(b"key")
    cards = [card for number in sent for card in watch.sent(number)]
    return watch.found_in(text, {card.fingerprint: card.last_four for card in cards})


WRITTEN = {
    "plain": VISA,
    "in a sentence": f"card={VISA}, cvv=123",
    "spaces": in_groups(" "),
    "dashes": in_groups("-"),
    "dots": in_groups("."),
    "newlines": in_groups("\n"),
    "line ends": in_groups("\r\n"),
    "tabs": in_groups("\t"),
    "underscores": in_groups("_"),
    "slashes": in_groups("/"),
    "dashes with spaces": in_groups(" - "),
    "each digit apart": " ".join(VISA),
    "other groups": f"{VISA[:6]} {VISA[6:]}",
    "thin spaces": in_groups("\u2009"),
    "full-width digits": in_digits_of("\uff10"),
    "Arabic digits": in_digits_of("\u0660"),
    "mixed digits": VISA[:8] + in_digits_of("\u0966")[8:],
    "a date before": f"2026-01-27 {VISA}",
    "a time and an amount around": f"12:00:00 {in_groups(' ')} 5.00",
    "a number with a point": f"{VISA}.0",
    "a number with an exponent": f"{VISA[0]}.{VISA[1:]}E+15",
    "JSON": f'{{"card_number": {VISA}}}',
    "in quotes": f"'{in_groups(' ')}'",
    "a list of pieces": str(in_groups(" ").split()),
    "a list of digits": str(list(VISA)),
    "behind other digits": f"2 {in_groups(' ')} 123",
    "in a word": f"tok_{VISA}_x",
}


@pytest.mark.parametrize("written", WRITTEN)
def test_a_number_is_found_however_it_is_written(written: str):
    assert found(WRITTEN[written], VISA) == ["0366"]


NOT_WRITTEN = {
    "nothing": "",
    "the last four digits": "card ending in 0366",
    "the masked number": "************0366",
    "first six and last four": "453201******0366",
    "all but one digit": VISA[:-1],
    "all but the first digit": VISA[1:],
    "a digit changed": VISA[:-1] + "7",
    "two digits exchanged": f"{VISA[:4]}{VISA[5]}{VISA[4]}{VISA[6:]}",
    "backwards": VISA[::-1],
    "letters between": in_groups(" x "),
    "far apart": in_groups("\n\n\n\n\n"),
    "digits before": f"007{VISA}",
    "digits after": f"{VISA}00",
    "another card": TEST_CARDS["mastercard"],
    "an id of the API": "txn_20260127120000_3c5a60cf",
}


@pytest.mark.parametrize("written", NOT_WRITTEN)
def test_what_is_not_the_number_is_not_found(written: str):
    assert found(NOT_WRITTEN[written], VISA) == []


def test_each_card_that_was_sent_is_found_once():
    text = " ".join([*TEST_CARDS.values(), VISA, in_groups("-")])
    assert sorted(found(text, *TEST_CARDS.values())) == ["0126", "0366", "1117", "9903"]


def test_a_card_of_fifteen_digits_is_found_too():
    sent = in_groups(" ", AMEX)
    assert found(f"paid with {AMEX[:4]}-{AMEX[4:10]}-{AMEX[10:]}", sent) == ["0126"]
    assert found(VISA, sent) == []


@pytest.mark.parametrize("sent", [VISA, in_groups(" "), in_groups("-"), in_digits_of("\uff10")])
def test_a_number_may_be_sent_in_any_form(sent: str):
    assert found(VISA, sent) == ["0366"]


@pytest.mark.parametrize("sent", ["", "0366", VISA[:-1], VISA[:-1] + "7", f"{VISA}0", "0" * 14])
def test_what_is_no_card_number_is_not_remembered(sent: str):
    assert found(f"{sent} {VISA} {sent}", sent) == []


def test_the_number_itself_is_kept_nowhere():
    watch = CardWatch(b"key")
    cards = [*watch.sent(VISA), *watch.astray(in_groups(" "))]
    kept = repr(vars(watch)) + repr(cards) + repr(pickle.dumps((vars(watch), cards)))
    assert "0366" in kept
    assert not any(VISA[start : start + 6] in kept for start in range(10))


def test_fingerprints_differ_with_the_key():
    (one,), (two,) = (CardWatch(key).sent(VISA) for key in (b"one", b"two"))
    assert one.fingerprint != two.fingerprint


def test_of_one_text_a_bounded_number_of_strays_is_kept():
    text = "\n".join(f"4{place:014}{digit}" for place in range(1000) for digit in range(10))

    assert len(CardWatch(b"key").astray(text)) == MOST_STRAYS
