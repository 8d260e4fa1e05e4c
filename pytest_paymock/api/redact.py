"""Card data stops at the door.

Every request passes here before anything of it is stored, echoed or recorded. The card of a
tokenize request goes to the engine and is masked in the record; a card number or CVV anywhere else
(a description, a path, an unknown field, a wrong request) is masked before the API itself sees it.
Nothing behind this module ever holds one, so nothing behind it has to be careful.
"""

import re
import unicodedata
from decimal import Decimal
from typing import Any
from urllib.parse import unquote

from pytest_paymock.engine.cards import passes_luhn

_NUMBER_KEYS = ("cardnumber", "number", "pan", "cardno", "ccnumber", "creditcardnumber")
_CVV_KEYS = ("cvv", "cvc", "cvv2", "cvc2", "cid", "securitycode", "cardcvv", "cardcvc", "csc")

# Ids of the API come first and stay: their digits are times and hashes, and would now and then
# pass for a card. Then thirteen to nineteen digits of any script, with what people put between.
_RUN = re.compile(
    r"(?:tok_[0-9a-f]{32}|(?:txn|ref)_[0-9]{14}_[0-9a-f]{8,16})"
    r"|(?<!\d)(\d(?:[\W_]{0,2}\d){12,18})(?!\d)"
)

# How the numbers of the card schemes begin; times (20..., 17...) do not.
_SCHEME = re.compile(r"4|5[1-5]|2[2-7]|3[0-9]|6[0-9]")

# A body without any of these cannot hold card data, which nearly all bodies of payments show at
# once: one search instead of a walk. The backslash and the high bytes may begin an escaped digit,
# an escaped separator or a digit of another script.
_SUSPECT = re.compile(
    rb"[\\\x80-\xff]|[0-9](?:[^0-9A-Za-z]{0,2}[0-9]){12}"
    rb"|card|cvv|cvc|cid|csc|pan\"|number\"|security",
    re.IGNORECASE,
)

MASK = "*" * 12
CVV_MASK = "***"

_SHORTEST = 12
"""How many digits a card number has at the very least, in the widest reading of ISO/IEC 7812."""

_LONGEST = 20
"""How many digits a number needs at least to be no card number for sure."""


def suspect(body: bytes) -> bool:
    """Say whether a body needs :func:`masked` at all; never False for one that does."""
    return _SUSPECT.search(body) is not None


def masked_text(text: str) -> str:
    """Return text with every card number in it masked up to the last four digits.

    Thirteen to nineteen digits count as one if a card scheme's numbers begin so and the Luhn check
    digit holds; so nearly all order numbers stay readable.

    >>> masked_text("card 4532 0151 1283 0366, order 1234567890123456")
    'card ************0366, order 1234567890123456'
    """
    return _RUN.sub(_mask_run, text)


def digits_of(text: str) -> str:
    """Return the decimal digits in a text, of any script, as ASCII.

    >>> digits_of("4532-0151 \uff11")
    '453201511'
    """
    return "".join(str(unicodedata.decimal(sign)) for sign in text if sign.isdecimal())


def _mask_run(match: re.Match[str]) -> str:
    digits = digits_of(match[1] or "")
    if not _SCHEME.match(digits) or not passes_luhn(digits):
        return match[0]
    return MASK + digits[-4:]


def masked_path(path: str) -> str:
    """Return a raw path as it is, or decoded and masked if it holds a card number."""
    decoded = unquote(path) if "%" in path else path
    clean = masked_text(decoded)
    return path if clean == decoded else clean


def masked(body: dict[str, Any]) -> dict[str, Any]:
    """Return a parsed request body with all card data masked, whatever its shape.

    The number under a top-level ``amount`` stays, as it is money and nothing else.
    """
    return {
        masked_text(name): value
        if name == "amount" and not isinstance(value, str | list | dict)
        else _masked(value, name)
        for name, value in body.items()
    }


def _masked(value: Any, key: str) -> Any:
    if isinstance(value, dict):
        return {masked_text(name): _masked(inner, name) for name, inner in value.items()}
    kind = re.sub(r"[^a-z0-9]", "", key.lower())
    if kind in _CVV_KEYS and value is not None:
        return CVV_MASK
    if isinstance(value, list):
        return [_masked(inner, key) for inner in value]
    if value is None or isinstance(value, bool):
        return value
    text = value if isinstance(value, str) else _whole_digits(value)
    if kind in _NUMBER_KEYS:
        return _masked_number(text)
    shown = masked_text(text)
    return value if shown == text else shown


def _masked_number(value: str) -> str:
    """Return what is kept of a text that stood where a card number belongs."""
    digits = digits_of(value)
    return MASK + digits[-4:] if len(digits) >= _SHORTEST else MASK


def _whole_digits(number: int | Decimal) -> str:
    """Return a number without its fraction; huge ones are no card number and stay short."""
    return str(int(number)) if Decimal(number).adjusted() < _LONGEST else "0"
