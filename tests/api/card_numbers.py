"""Card numbers of every scheme, the ways in which people write them, and how to find one again."""

import pickle
import unicodedata
from typing import Any
from urllib.parse import unquote

from hypothesis import strategies as st

from tests.api.support import Handled
from tests.engine.support import Bench

SCHEMES = {
    "Visa": "4532015112830366",
    "Visa of 13 digits": "4222222222222",
    "Visa of 19 digits": "4000000000000000006",
    "Mastercard": "5425233430109903",
    "Mastercard of the 2 series": "2223000048400011",
    "American Express": "374245455400126",
    "Discover": "6011111111111117",
    "Discover 65": "6500000000000002",
    "Diners Club": "36227206271667",
    "JCB": "3530111333300000",
    "Maestro": "6304000000000000",
    "UnionPay": "6205500000000000004",
    "Maestro of the 5 series": "5018000000001239",
    "RuPay": "8172000000000005",
    "Troy": "9792000000000003",
    "JCB of 15 digits": "180000000000002",
}

BEGINNINGS = [
    "4",
    "51",
    "55",
    "2221",
    "2720",
    "34",
    "37",
    "36",
    "38",
    "30",
    "35",
    "6011",
    "65",
    "62",
]

ZEROS = "0\u0660\u06f0\u0966\uff10\U0001d7ce"
"""The digit nought of some scripts: ASCII, Arabic, Persian, Devanagari, full width, bold."""

SEPARATORS = [
    "",
    " ",
    "-",
    ".",
    "\n",
    "_",
    "  ",
    " - ",
    "\u00a0",
    "\u2009",
    "\u200b",
    "/",
    ", ",
    "\r\n",
]


def with_check_digit(digits: str) -> str:
    """Return digits with the check digit that makes them a card number (written out by hand)."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * 2 if place % 2 == 0 else int(digit)
        total += value - 9 if value > 9 else value
    return digits + str(-total % 10)


def grouped(number: str, separator: str) -> str:
    """Return a number in groups of four."""
    return separator.join(number[start : start + 4] for start in range(0, len(number), 4))


def raised(number: str) -> str:
    """Return a number in the digits of exponents."""
    return number.translate(str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹"))


def in_script(number: str, zero: str) -> str:
    """Return a number in the digits of another script."""
    return "".join(chr(ord(zero) + int(digit)) for digit in number)


@st.composite
def card_numbers(draw: st.DrawFn) -> str:
    """Any number that the schemes could issue, of thirteen to nineteen digits."""
    beginning = draw(st.sampled_from(BEGINNINGS))
    length = draw(st.integers(13, 19))
    missing = length - 1 - len(beginning)
    return with_check_digit(
        beginning + draw(st.text("0123456789", min_size=missing, max_size=missing))
    )


@st.composite
def written(draw: st.DrawFn, number: str) -> str:
    """A number as somebody may write it: in any script, with anything between its digits."""
    zero = draw(st.sampled_from(ZEROS))
    between = draw(
        st.just([""] * len(number))
        | st.lists(st.sampled_from(SEPARATORS), min_size=len(number), max_size=len(number))
    )
    pieces = (digit + gap for digit, gap in zip(in_script(number, zero), between, strict=True))
    return "".join(pieces).rstrip("".join(SEPARATORS))


NEIGHBOURS = [
    "",
    "card ",
    "x",
    "no.",
    "12/27 ",
    "123 ",
    "1 ",
    "$5.00, ",
    "(",
    "tok_",
    "2025-01-27T12:00 ",
]
FOLLOWERS = ["", " please", "x", ".", " 123", " 12/27", ", 4111", " - 1", ")", "-cvv", "\n5"]


@st.composite
def texts_with_a_card(draw: st.DrawFn) -> tuple[str, str]:
    """A card number, and a text in which it stands."""
    number = draw(card_numbers())
    before, after = draw(st.sampled_from(NEIGHBOURS)), draw(st.sampled_from(FOLLOWERS))
    return number, before + draw(written(number)) + after


def digits_in(text: str) -> str:
    """Return all digits of a text, whatever their script and whatever stands between."""
    return "".join(str(unicodedata.digit(sign)) for sign in text if sign.isdigit())


def kept(engine: Bench, *handled: Handled) -> list[str]:
    """Return everything that stays behind of some exchanges, as text to search."""
    state = (engine.state().entries(), vars(engine.cards))
    texts = [repr(state), pickle.dumps(engine.state()).decode("latin-1")]
    for exchange in handled:
        texts += [exchange.path, repr(exchange)]
        for body in (exchange.request, exchange.response.body):
            if body is not None:
                texts += [body.decode(), _unescaped(body)]
    return texts


def _unescaped(body: bytes) -> str:
    text: Any = body.decode()
    return text.encode("ascii", "backslashreplace").decode("unicode_escape")


def survives(number: str, texts: list[str]) -> bool:
    """Say whether a number can still be read in any of the texts."""
    return any(number in digits_in(form) for text in texts for form in (text, unquote(text)))
