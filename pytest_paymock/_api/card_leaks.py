"""Card numbers in a request, noted for the guard ``card_data_leak``: sent as cards, or astray.

What is noted are fingerprints; nothing here keeps a number.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from pytest_paymock._api import redact
from pytest_paymock._api.http import Request
from pytest_paymock._engine.cards import NUMBER_LENGTHS
from pytest_paymock._engine.engine import Engine

# To translate costs a third of what to delete all else does.
_DIGITS_AS_ZEROS = bytes.maketrans(b"0123456789", b"0" * 10)
_SHORTEST = NUMBER_LENGTHS[0]


def header_digits(values: Iterable[bytes]) -> str:
    """Return the values of header fields, if there may be a card number in them; else nothing.

    Nearly all requests have fewer digits in their header than a card number has, and counting them
    is all that it costs.
    """
    joined = b"\n".join(values)
    if joined.translate(_DIGITS_AS_ZEROS).count(b"0") < _SHORTEST:
        return ""
    # Between two fields has to stand what no card number has within.
    return joined.decode("latin-1").replace("\n", " | | ")


def watch_head(engine: Engine, request: Request) -> None:
    """Note card numbers in a path, query or header, where none belongs."""
    engine.note_stray_card(f"{request.path}?{request.query}")
    if request.header_digits:
        engine.note_stray_card(request.header_digits)


def watch_body(engine: Engine, body: bytes, sent: dict[str, Any] | None) -> None:
    """Note card numbers in a body in which none belongs.

    Args:
        engine: notes them.
        body: as it came.
        sent: its JSON, or None if it has none.
    """
    if sent is not None:
        for text in _texts(sent):
            engine.note_stray_card(text)
    elif redact.suspect(body):
        engine.note_stray_card(body.decode(errors="replace"))


def watch_card(engine: Engine, sent: dict[str, Any]) -> None:
    """Note the number of a card that is sent as one, whatever becomes of the request."""
    card = sent.get("card")
    if isinstance(card, dict) and isinstance(card.get("card_number"), str | int):
        engine.cards.sent(str(card["card_number"]))


def _texts(value: Any) -> Iterator[str]:
    """Return all names and values of a body, each as it reads: a repr would escape separators."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield name
            yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)
    else:
        yield str(value)
