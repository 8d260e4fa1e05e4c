"""The headers of requests: whether any library would send one, and what is known of it already.

A line break, a token that is missing after ``Bearer ``, a length that is none: a client library
finds such things when it puts a request on the wire, where ours never is. To look for them costs
20,000 instructions, and to count the digits of card numbers 4,000. But nearly every header has been
seen before, and to find that out costs half of the count alone.
"""

import re
from typing import Any

from pytest_paymock._api.card_leaks import header_digits
from pytest_paymock._api.http import LONGEST_WAIT

METHODS = frozenset(("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"))
"""What every library sends."""

ODD = -1
"""In place of a length: there is something in the header that a library may refuse to send."""

# A name (RFC 9110, section 5.6.2) and a value that every library sends.
_FIELD = re.compile(r"[-!#$%&'*+.^_`|~0-9a-zA-Z]+\0(?:[!-~](?:[ -~]*[!-~])?)?")

_FRAMES = re.compile(r"(?i)(host|content-length|transfer-encoding)\0(.*)")
"""Fields of which there may be one."""

_LENGTH = re.compile("[0-9]{1,18}")

_MOST = 256
"""How many headers are known at most."""


class SeenHeaders:
    """The headers of one library that were seen and have no card number in them.

    They are known by their hashes, so that nothing that stands in one stays here.
    """

    def __init__(self) -> None:
        self._lengths: dict[int, int] = {}

    def look(self, fields: tuple[Any, ...]) -> tuple[int, str]:
        """Return what there is to know of a header.

        Args:
            fields: pairs, or more, of which the first is a name and the last is its value.

        Returns:
            the length of the body that it announces, or ``ODD``; and its values, if there may be a
            card number in them.
        """
        try:
            key = hash(fields)
        except TypeError:  # a list for a value
            return ODD, _digits(fields)
        length = self._lengths.get(key)
        if length is not None:
            return length, ""
        length, digits = _length(fields), _digits(fields)
        # Nor is an odd one known: the hash of a text of wide characters is that of its bytes, too.
        if not digits and length != ODD:
            if len(self._lengths) >= _MOST:  # two threads at once may have made it more
                self._lengths.clear()
            self._lengths[key] = length
        return length, digits


def is_usual(seconds: Any) -> bool:
    """Say whether every client can wait for so long, or for ever."""
    return seconds is None or (type(seconds) in (float, int) and 0.0 < seconds < LONGEST_WAIT)


def _digits(fields: tuple[Any, ...]) -> str:
    return header_digits(_text(value).encode("latin-1", "replace") for *_, value in fields)


def _text(part: Any) -> str:
    return part.decode("latin-1") if isinstance(part, bytes) else str(part)


def _length(fields: tuple[Any, ...]) -> int:
    if not all(isinstance(part, str | bytes) for field in fields for part in field):
        return ODD
    lines = [f"{_text(name)}\0{_text(value)}" for name, *_, value in fields]
    if not all(map(_FIELD.fullmatch, lines)):
        return ODD
    framing: dict[str, str] = {}
    for found in filter(None, map(_FRAMES.fullmatch, lines)):
        name = found[1].lower()
        if name in framing:
            return ODD
        framing[name] = found[2]
    length = framing.get("content-length", "0")
    if not _LENGTH.fullmatch(length) or framing.get("transfer-encoding", "chunked") != "chunked":
        return ODD
    # Of these two a library sends one, or announces what it does not send.
    return ODD if {"content-length", "transfer-encoding"} <= framing.keys() else int(length)
