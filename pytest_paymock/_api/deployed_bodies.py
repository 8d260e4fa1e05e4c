"""From the bytes of a body to JSON as the deployed service reads them, and how it refuses them.

FastAPI hands a body to ``json.loads``, which takes more than the standard does: UTF-16 and UTF-32,
a byte order mark, ``NaN``, halves of surrogate pairs. A body that is not JSON is a fault like any
other in a request: 422, with a list.
"""

import json
import re
from decimal import Decimal, InvalidOperation
from typing import Any

from pytest_paymock._api import answers, bodies
from pytest_paymock._api.bodies import BodyError
from pytest_paymock._api.http import Response

Fault = dict[str, Any]

_MISSING: Fault = {"type": "missing", "loc": ["body"], "msg": "Field required"}
_NO_OBJECT: Fault = {
    "type": "model_attributes_type",
    "loc": ["body"],
    "msg": "Input should be a valid dictionary or object to extract fields from",
}
_UNPARSED = Response(400, answers.error("There was an error parsing the body"))

# Every escape in ASCII JSON; halves of surrogate pairs that stand alone as a group.
_ESCAPE = re.compile(rb"\\(?:ud[89ab]..\\ud[c-f]..|(ud[89a-f]..)|.)")


class UnreadableError(BodyError):
    """The body is no JSON object; ``response`` is what the service answers."""

    def __init__(self, response: Response) -> None:
        super().__init__("the request body is no JSON object")
        self.response = response


def unreadable(error: BodyError) -> Response:
    """Return the answer to a body that :func:`parse` refuses."""
    return error.response if isinstance(error, UnreadableError) else _UNPARSED


def other_type(_: str) -> Response:
    """Return the answer to a body whose type is no JSON type: to FastAPI it is bytes, no object."""
    return refused([_NO_OBJECT])


def refused(faults: list[Fault]) -> Response:
    """Return FastAPI's answer to a request that is not valid: each fault with type, loc and msg."""
    return Response(422, bodies.dump({"detail": faults}))


def _exact(text: str) -> Decimal:
    # Digits stay as they were sent until card data is masked; then they become a float.
    try:
        return Decimal(text)
    except InvalidOperation:  # an exponent that no Decimal has, and a float has not either
        return Decimal(float(text))


_decode = json.JSONDecoder(parse_float=_exact, parse_constant=Decimal).decode


def parse(body: bytes) -> dict[str, Any]:
    """Return a body's JSON object; numbers with a fraction or exponent are ``Decimal``.

    Raises:
        UnreadableError: if there is none.
    """
    if not body:
        raise UnreadableError(refused([_MISSING]))
    try:
        text = body.decode(json.detect_encoding(body), "surrogatepass")
        if bodies.depth(text) > bodies.MAX_DEPTH:
            raise UnreadableError(_UNPARSED)
        value = _decode(text)
    except json.JSONDecodeError as error:
        fault = {"type": "json_invalid", "loc": ["body", error.pos], "msg": "JSON decode error"}
        raise UnreadableError(refused([fault])) from None
    except ValueError:  # no text in that encoding, or an integer of thousands of digits
        raise UnreadableError(_UNPARSED) from None
    if not isinstance(value, dict):
        # FastAPI takes null for no body at all.
        raise UnreadableError(refused([_MISSING if value is None else _NO_OBJECT]))
    return value


def dump(value: Any) -> bytes:
    """Return a parsed body as compact ASCII bytes, in which every character is one.

    A half of a surrogate pair, which no file, terminal or process would take, is replaced.
    """
    text = bodies.dump(value)
    return _ESCAPE.sub(lambda escape: rb"\ufffd" if escape[1] else escape[0], text)
