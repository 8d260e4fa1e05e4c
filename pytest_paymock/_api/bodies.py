"""From the bytes of a body to JSON with exact numbers, and back."""

import json
import re
from decimal import Decimal, InvalidOperation
from typing import Any

MAX_DEPTH = 64

# Amounts keep the digits that were sent: a float in between could turn 0.010000000000000000001
# into the special amount 0.01.
_decode = json.JSONDecoder(parse_float=Decimal, parse_constant=Decimal).decode

_STRING = re.compile(r'"(?:[^"\\]|\\.)*"?', re.DOTALL)

# Every escape of a string, the halves of surrogate pairs that stand alone as a group.
_ESCAPE = re.compile(r"\\(?:ud[89ab]..\\ud[c-f]..|(ud[89a-f]..)|.)", re.IGNORECASE | re.DOTALL)


class BodyError(Exception):
    """The body is no JSON object; the message says what is wrong, and never repeats the body."""


def parse(body: bytes) -> dict[str, Any]:
    """Return a body's JSON object; numbers with a fraction or exponent are ``Decimal``.

    Raises:
        BodyError: if it is not UTF-8, not JSON, no object, nested deeper than ``MAX_DEPTH``, or
            holds text that is none.
    """
    try:
        text = body.decode()
    except UnicodeDecodeError:
        raise BodyError("the request body is not UTF-8") from None
    if text.count("[") + text.count("{") > MAX_DEPTH and depth(text) > MAX_DEPTH:
        raise BodyError(f"the request body is nested deeper than {MAX_DEPTH} levels")
    try:
        value = _decode(text)
    except json.JSONDecodeError as error:
        place = f"line {error.lineno} column {error.colno}"
        raise BodyError(f"the request body is not valid JSON ({place})") from None
    except (ValueError, InvalidOperation):
        raise BodyError("the request body holds a number that is out of range") from None
    if not isinstance(value, dict):
        raise BodyError("the request body must be a JSON object")
    # No file, terminal or process would take such a text from us later.
    if "\\u" in text and any(escape[1] for escape in _ESCAPE.finditer(text)):
        raise BodyError("the request body holds half a surrogate pair, which is no character")
    return value


def is_json_type(content_type: str | None) -> bool:
    """Return whether a body of this type is read as JSON, as one without a type is (section 7).

    >>> is_json_type("application/vnd.api+json; charset=utf-8"), is_json_type("text/json")
    (True, False)
    """
    if not (content_type and content_type.strip()):
        return True
    kind, _, subtype = content_type.partition(";")[0].strip().lower().partition("/")
    return kind == "application" and (subtype == "json" or subtype.endswith("+json"))


def depth(text: str) -> int:
    """Return how deep brackets are nested outside strings; a fixed bound, unlike the stack's."""
    depth = deepest = 0
    for character in _STRING.sub("", text):
        if character in "[{":
            depth += 1
            deepest = max(deepest, depth)
        elif character in "]}":
            depth -= 1
    return deepest


_encode = json.JSONEncoder(separators=(",", ":")).encode

quote = json.encoder.encode_basestring_ascii
"""A string as JSON text, in ASCII."""


def dump(value: Any) -> bytes:
    """Return JSON as compact ASCII bytes; a ``Decimal`` is written as the number it is.

    >>> dump({"amount": Decimal("99.90"), "note": None})
    b'{"amount":99.90,"note":null}'
    """
    try:
        return _encode(value).encode()
    except TypeError:  # it holds a Decimal, which the standard encoder does not write
        return _text(value).encode()


def _text(value: Any) -> str:
    if isinstance(value, Decimal):
        return str(value) if value.is_finite() else "null"
    if isinstance(value, dict):
        return "{" + ",".join(f"{quote(name)}:{_text(v)}" for name, v in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(_text, value)) + "]"
    return _encode(value)
