"""Card data stops at the door.

Every request passes here before anything of it is stored, echoed or recorded. The card of a
tokenize request goes to the engine and is masked in the record; a card number or CVV anywhere else
(a description, a path, an unknown field, a wrong request) is masked before the API itself sees it.
Nothing behind this module ever holds one, so nothing behind it has to be careful.
"""

import re
from decimal import Decimal
from typing import Any
from urllib.parse import quote, unquote

from pytest_paymock.engine.cards import digits_of, passes_luhn

_NUMBER_KEYS = ("cardnumber", "number", "pan", "cardno", "ccnumber", "creditcardnumber")
_CVV_KEY = re.compile(r"cvv|cvc|securitycode|^(?:cid|csc)$")

# Ids of the API come first and stay: their digits are times and hashes, and would now and then
# pass for a card. Then thirteen digits or more, of any script, with what people put between.
_RUN = re.compile(
    r"(?:tok_[0-9a-f]{32}|(?:txn|ref)_[0-9]{14}_[0-9a-f]{8,16})|(\d(?:[\W_]{0,3}\d){12,})"
)
_BETWEEN = re.compile(r"(\D+)")

# How the numbers of the card schemes begin; times (20..., 17...) do not.
_SCHEME = re.compile(r"4|5[1-5]|2[2-7]|3[0-9]|6[0-9]")

MASK = "*" * 12
CVV_MASK = "***"

_SHORTEST = 12
"""How many digits a card number has at the very least, in the widest reading of ISO/IEC 7812."""

_FEWEST, _MOST = 13, 19
"""How many digits the numbers of today's card schemes have."""

# Nearly all bodies of payments hold no card data and show it at once. The letters and digits of a
# body, run together and with every digit a 0, hold one of these if it needs a closer look.
_HINTS = (
    b"0" * _FEWEST,
    *(b"number", b"pan", b"cardno"),
    *(b"cvv", b"cvc", b"securitycode", b"cid", b"csc"),
)
_FOLDED = bytes(48 if chr(byte).isdigit() else ord(chr(byte).lower()) for byte in range(128))
_FOLDED += bytes(range(128, 256))
_BETWEEN_BYTES = bytes(byte for byte in range(128) if not chr(byte).isalnum())

# 43e11 is thirteen digits as well.
_EXPONENT = re.compile(rb"[\s:,\[][-0-9.]+[Ee]")


def suspect(body: bytes) -> bool:
    """Say whether a body needs :func:`masked` at all; never False for one that does."""
    # Behind a backslash or a high byte may be an escaped digit or one of another script.
    if b"\\" in body or not body.isascii():
        return True
    folded = body.translate(_FOLDED, _BETWEEN_BYTES)
    return any(hint in folded for hint in _HINTS) or _EXPONENT.search(body) is not None


def masked_text(text: str) -> str:
    """Return text with every card number in it masked up to the last four digits.

    Thirteen to nineteen digits count as one if a card scheme's numbers begin so and the Luhn check
    digit holds; so nearly all order numbers stay readable. Other digits may stand beside it, as
    long as something is between.

    >>> masked_text("card 4532 0151 1283 0366 12/27, order 1234567890123456")
    'card ************0366 12/27, order 1234567890123456'
    """
    return _RUN.sub(_mask_run, text)


def _mask_run(match: re.Match[str]) -> str:
    if match[1] is None:
        return match[0]
    # Groups of digits at the even places, what stands between them at the odd ones.
    pieces = _BETWEEN.split(match[1])
    shown, place = [], 0
    while place < len(pieces):
        end = _card_end(pieces, place)
        if end:
            shown.append(MASK + digits_of("".join(pieces[place:end]))[-4:])
        else:
            end = place + 1
            shown.append(pieces[place])
        shown += pieces[end : end + 1]
        place = end + 1
    return "".join(shown)


def _card_end(pieces: list[str], place: int) -> int:
    """Return where the card numbers end that begin with a group, or 0 if none does.

    Digits that stand before a card number may make another one with its beginning. Those that
    begin within one belong to it, or the rest of the right one would stay readable.
    """
    end = _longest_card(pieces, place)
    while place + 2 < end:
        place += 2
        end = max(end, _longest_card(pieces, place))
    return end


def _longest_card(pieces: list[str], place: int) -> int:
    digits, found = "", 0
    for index in range(place, len(pieces), 2):
        if len(digits) + len(pieces[index]) > _MOST:
            break
        digits += digits_of(pieces[index])
        if len(digits) >= _FEWEST and _SCHEME.match(digits) and passes_luhn(digits):
            found = index + 1
    return found


def masked_path(path: str) -> str:
    """Return a raw path as it is, or masked and encoded anew if it holds a card number."""
    decoded = unquote(path) if "%" in path else path
    clean = masked_text(decoded)
    return path if clean == decoded else quote(clean, safe="/*", errors="replace")


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
    kind = re.sub(r"[^a-z0-9]", "", key.lower())
    if _CVV_KEY.search(kind) and value is not None:
        return CVV_MASK
    if isinstance(value, dict):
        return {masked_text(name): _masked(inner, name) for name, inner in value.items()}
    if isinstance(value, list):
        return [_masked(inner, key) for inner in value]
    if value is None or isinstance(value, bool):
        return value
    if kind in _NUMBER_KEYS:
        return _masked_number(str(value))
    readings = ((text, masked_text(text)) for text in _written(value))
    return next((shown for text, shown in readings if shown != text), value)


def _masked_number(value: str) -> str:
    """Return what is kept of a text that stood where a card number belongs."""
    digits = digits_of(value)
    return MASK + digits[-4:] if len(digits) >= _SHORTEST else MASK


def _written(value: str | int | Decimal) -> tuple[str, ...]:
    """Return the ways in which a value may be read: with its exponent and, if short, without."""
    if isinstance(value, Decimal) and abs(value.adjusted()) <= _MOST:
        return str(value), f"{value:f}"
    return (str(value),)
