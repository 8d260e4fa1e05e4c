"""What is recorded of a request: what the API knows, and of all else names and kinds.

A record is written from the fields that the API knows (spec sections 2 and 3): the card number
masked up to its last four digits, the CVV hidden, card numbers in texts masked. Of a field that the
API does not know, and of a known one that holds something of a wrong kind, a record has the kind
alone, such as ``<string>``: what nobody looks at is not kept. So there is nothing to search for in
it, and a record stays small whatever a request holds.
"""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, Union
from urllib.parse import quote, unquote

from pydantic_core import to_json

from pytest_paymock._card_numbers import (
    CVV_MASK,
    MASK,
    masked_number,
    masked_text,
    may_hold_card_number,
)

MOST_KEPT = 4096
"""How many characters of a text, or bytes of a body, are recorded."""

MOST_ANSWERED = 1 << 18
"""How many bytes of an answer are recorded: a history of some 800 payments."""

_MOST_NAMES, _LONGEST_NAME, _LONGEST_NUMBER = 50, 64, 400

Known = Mapping[str, Union["Known", Callable[[Any], Any]]]
"""The fields of an object that the API knows: what is in each, or what is recorded of it."""


def kind_of(value: Any) -> str | None:
    """Return what kind of JSON a value is.

    >>> kind_of("4532"), kind_of([1]), kind_of(True), kind_of(None)
    ('<string>', '<list>', '<true/false>', None)
    """
    if value is None:
        return None
    if isinstance(value, bool):
        return "<true/false>"
    names = ((str, "<string>"), (dict, "<object>"), (list, "<list>"))
    return next((name for kind, name in names if isinstance(value, kind)), "<number>")


def shortened(text: str) -> str:
    """Return a text with card numbers masked, and of a very long one its beginning and length."""
    return cut(masked_text(text), len(text))


def cut(shown: str, length: int) -> str:
    """Return a masked text as it is, or its beginning and how many characters it had."""
    if len(shown) <= MOST_KEPT:
        return shown
    return f"{shown[:MOST_KEPT]}... ({length} characters)"


def recorded_answer(body: bytes) -> bytes:
    """Return what is recorded of an answer: all of it, or of a very long one its beginning."""
    if len(body) <= MOST_ANSWERED:
        return body
    return body[:MOST_ANSWERED] + f"... ({len(body)} bytes)".encode()


def _text(value: Any) -> str | None:
    return shortened(value) if isinstance(value, str) else kind_of(value)


def _date_part(value: Any) -> int | str | None:
    # What has more digits is no month and no year, and may be a card number.
    return value if type(value) is int and 0 <= value <= 9999 else kind_of(value)  # noqa: PLR2004


def _amount(value: Any) -> int | Decimal | str | None:
    # As it was sent: it is money and nothing else.
    is_number = type(value) is int or (isinstance(value, Decimal) and value.is_finite())
    return value if is_number and len(str(value)) <= _LONGEST_NUMBER else kind_of(value)


def _card_number(value: Any) -> str | None:
    return masked_number(value) if isinstance(value, str) else kind_of(value)


def _cvv(value: Any) -> str | None:
    return CVV_MASK if isinstance(value, str) else kind_of(value)


_ADDRESS = dict.fromkeys(("street", "city", "state", "zip_code", "country"), _text)

TOKENIZE: Known = {
    "card": {
        "card_number": _card_number,
        "card_holder": _text,
        "expiry_month": _date_part,
        "expiry_year": _date_part,
        "cvv": _cvv,
    },
    "customer": {
        "customer_id": _text,
        "email": _text,
        "phone": _text,
        "billing_address": _ADDRESS,
    },
}

PAYMENT: Known = {
    "token": _text,
    "amount": _amount,
    "currency": _text,
    "customer_id": _text,
    "description": _text,
}

NOTHING: Known = {}
"""What the API knows of a body that it does not look at."""


def recorded(known: Known, sent: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is recorded of an object of a request.

    Args:
        known: its fields that the API knows.
        sent: the object.

    >>> recorded(PAYMENT, {"amount": 5, "note": "4532", "token": None})
    {'amount': 5, 'note': '<string>', 'token': None}
    """
    shown: dict[str, Any] = {}
    others = 0
    for name, value in sent.items():
        rule = known.get(name)
        if rule is None:
            others += 1
            if others <= _MOST_NAMES:
                shown[_name(name)] = kind_of(value)
        elif callable(rule):
            shown[name] = rule(value)
        else:
            shown[name] = recorded(rule, value) if isinstance(value, dict) else kind_of(value)
    if others > _MOST_NAMES:
        shown["..."] = f"<{others - _MOST_NAMES} more fields>"
    return shown


def _name(name: str) -> str:
    """Return the name of a field that the API does not know; one without letters may be a piece."""
    if not any(map(str.isalpha, name)):
        return "<no letter>"
    shown = masked_text(name)
    return shown if len(shown) <= _LONGEST_NAME else f"{shown[:_LONGEST_NAME]}..."


def recorded_tokenization(sent: dict[str, Any], valid: dict[str, Any]) -> bytes | None:
    """Return what is recorded of a usual request to tokenize, None if there is more to look at.

    Args:
        sent: the request.
        valid: its fields that the API knows, as it understands them.
    """
    if valid != sent:
        return None
    card = sent["card"]
    number = MASK + card["card_number"][-4:]  # all of it is digits, or it would differ
    shown = to_json({**sent, "card": {**card, "card_number": number, "cvv": CVV_MASK}})
    return shown if is_plain(shown) else None


def is_plain(body: bytes) -> bool:
    """Return whether an object is short, reads as it is written, and has no card number in it."""
    return len(body) <= MOST_KEPT and body[:1] == b"{" and not may_hold_card_number(body)


def masked_path(path: str) -> str:
    """Return a raw path as it is, or masked and encoded again if it holds a card number."""
    if _is_clean(path):
        return path
    # Piece by piece first: an encoded slash within an identifier must not become a separator.
    pieces = "/".join(_masked_piece(piece, safe="*") for piece in path.split("/"))
    return pieces if _is_clean(pieces) else _masked_piece(path, safe="/*")


def masked_query(query: str) -> str:
    """Return the query of a URL as it is, or masked and encoded again if it holds a card number."""
    return _masked_piece(query, safe="*=&+")


def _is_clean(path: str) -> bool:
    decoded = unquote(path) if "%" in path else path
    return masked_text(decoded) == decoded


def _masked_piece(piece: str, safe: str) -> str:
    if _is_clean(piece):
        return piece
    return quote(masked_text(unquote(piece)), safe=safe, errors="replace")
