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

from pytest_paymock._card_numbers import FEWEST_DIGITS, MASK, MOST_DIGITS, digits_of, masked_text

_NUMBER_KEYS = ("cardnumber", "number", "pan", "cardno", "ccnumber", "creditcardnumber")
_CVV_KEY = re.compile(
    r"cvv|cvc|cvn|cv2|cav2|security(?:code|number)|verification(?:value|code|number)|cardcode"
    r"|^(?:cid|csc)$"
)

CVV_MASK = "***"
_MASKED_CVV = CVV_MASK.encode() + b'"'

_SHORTEST = 12
"""How many digits a card number has at the very least, in the widest reading of ISO/IEC 7812."""

# Nearly all bodies of payments hold no card data and show it at once. The letters and digits of a
# body, run together and with every digit a 0, hold one of these if it needs a closer look.
_ENOUGH = "0" * FEWEST_DIGITS
_HINTS = (
    _ENOUGH,
    *("number", "pan", "cardno"),
    *("cvv", "cvc", "cvn", "cv0", "cav0", "security", "verification", "cardcode"),
    *("cid", "csc"),
)
_FOLDED = bytes(48 if chr(byte).isdigit() else ord(chr(byte).lower()) for byte in range(128))
_FOLDED += bytes(range(128, 256))
_BETWEEN_BYTES = bytes(byte for byte in range(128) if not chr(byte).isalnum())
_BACKSLASH, _PERCENT = ord("\\"), ord("%")

_ENCODED = re.compile(rb"%[0-9A-Fa-f]{2}")

# 43e11 is thirteen digits as well.
_EXPONENT = re.compile(rb"[0-9][Ee]")


def may_hide_digits(body: bytes) -> bool:
    """Say whether a body may hold a digit that does not look like one."""
    # Behind a backslash, a percent sign or a high byte may be an escaped digit, a separator that
    # has digits itself, or a digit of another script; in UTF-16 there are such without a high byte.
    if not body.isascii() or _BACKSLASH in body or 0 in body:
        return True
    return _PERCENT in body and _ENCODED.search(body) is not None


def has_digits(body: bytes) -> bool:
    """Say whether a body that hides none has digits enough for a card number."""
    folded = _folded(body)
    return _ENOUGH in folded or _has_exponent(body, folded)


def suspect(body: bytes) -> bool:
    """Say whether a body needs :func:`masked` at all; never False for one that does."""
    if may_hide_digits(body):
        return True
    folded = _folded(body)
    for hint in _HINTS:  # any() over a generator costs as much as all the rest
        if hint in folded:
            return True
    return _has_exponent(body, folded)


def _folded(body: bytes) -> str:
    # Text, as ``in`` on bytes first asks whether what is sought is a number, and makes and drops an
    # exception, which costs as much as three of these looks.
    return body.translate(_FOLDED, _BETWEEN_BYTES).decode("ascii")


def _has_exponent(body: bytes, folded: str) -> bool:
    # In a text it is none, and ids are full of such; every second piece stands outside of texts.
    return "0e0" in folded and _EXPONENT.search(b",".join(body.split(b'"')[::2])) is not None


# The secrets of a tokenize request, as nearly every client writes them.
_SECRET = re.compile(rb'"(?:(card_number)|cvv)"\s*:\s*"([0-9 -]+)"')


def masked_secrets(body: bytes) -> bytes | None:
    """Return a body with its fields ``card_number`` and ``cvv`` masked, if no more needs to be.

    Tokenize requests that are as they should be never come here: ``plain.py`` reads and masks them
    in one go. Those that are refused, or have a field more, do; but nearly all of them, too, hold
    their secrets where these belong, and so cost a third of what they would by :func:`masked`.
    """
    # Text, name or None, secret, text, name or None, secret, text.
    pieces = _SECRET.split(body)
    if len(pieces) == 1 or suspect(b"".join(pieces[::3])):
        return None
    pieces[1::3] = [b'"%b":"' % (name or b"cvv") for name in pieces[1::3]]
    pieces[2::3] = [
        _masked_number(secret.decode()).encode() + b'"' if b"card" in name else _MASKED_CVV
        for name, secret in zip(pieces[1::3], pieces[2::3], strict=True)
    ]
    return b"".join(pieces)


def masked_path(path: str) -> str:
    """Return a raw path as it is, or masked and encoded anew if it holds a card number."""
    if _is_clean(path):
        return path
    # Piece by piece first: an encoded slash within an identifier must not become a separator.
    pieces = "/".join(_masked_piece(piece, safe="*") for piece in path.split("/"))
    return pieces if _is_clean(pieces) else _masked_piece(path, safe="/*")


def masked_query(query: str) -> str:
    """Return the query of a URL as it is, or masked and encoded anew if it holds a card number."""
    return _masked_piece(query, safe="*=&+")


def _is_clean(path: str) -> bool:
    decoded = unquote(path) if "%" in path else path
    return masked_text(decoded) == decoded


def _masked_piece(piece: str, safe: str) -> str:
    if _is_clean(piece):
        return piece
    return quote(masked_text(unquote(piece)), safe=safe, errors="replace")


def masked(body: dict[str, Any], *, numbers: bool = True) -> dict[str, Any]:
    """Return a parsed request body with all card data masked, whatever its shape.

    The number under a top-level ``amount`` stays, as it is money and nothing else.

    Args:
        body: the JSON of a request.
        numbers: whether a card number that is a number of JSON is masked, by a text. False is for
            the API, which is to see that it is no text, and keeps no number but an amount.
    """
    return {
        masked_text(name): value
        if name == "amount" and not isinstance(value, str | list | dict)
        else _masked(value, name, numbers)
        for name, value in body.items()
    }


def _masked(value: Any, key: str, numbers: bool) -> Any:  # noqa: FBT001 - handed on
    kind = re.sub(r"[^a-z0-9]", "", key.lower())
    if _CVV_KEY.search(kind) and value is not None:
        return CVV_MASK
    if isinstance(value, dict):
        return {masked_text(name): _masked(inner, name, numbers) for name, inner in value.items()}
    if isinstance(value, list):
        return [_masked(inner, key, numbers) for inner in value]
    if value is None or isinstance(value, bool) or not (numbers or isinstance(value, str)):
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
    """Return the ways to read a value: as it is, by its digits alone, and without an exponent."""
    if not isinstance(value, Decimal):
        return (str(value),)
    readings = str(value), "".join(map(str, value.as_tuple().digits))
    return (*readings, f"{value:f}") if abs(value.adjusted()) <= MOST_DIGITS else readings
