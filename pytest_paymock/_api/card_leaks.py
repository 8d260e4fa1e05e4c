"""Card numbers in a request, noted for the guard ``card_data_leak``: sent as cards, or astray.

What is noted are fingerprints; nothing here keeps a number.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from pytest_paymock._api import redact
from pytest_paymock._api.http import Request
from pytest_paymock._engine.card_leaks import CardWatch
from pytest_paymock._engine.cards import NUMBER_LENGTHS
from pytest_paymock._engine.journal import CardSighting

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


def in_head(cards: CardWatch, request: Request) -> list[CardSighting]:
    """Return the card numbers in a path, query or header, where none belongs."""
    return cards.astray(f"{request.path}?{request.query}") + cards.astray(request.header_digits)


def in_body(cards: CardWatch, body: bytes, sent: dict[str, Any] | None) -> list[CardSighting]:
    """Return the card numbers in a body in which none belongs.

    Args:
        cards: finds them.
        body: as it came.
        sent: its JSON, or None if it has none.
    """
    if not redact.suspect(body):
        return []
    if sent is None:
        return cards.astray(body.decode(errors="replace"))
    return [card for text in _texts(sent) for card in cards.astray(text)]


def in_card(cards: CardWatch, sent: dict[str, Any]) -> list[CardSighting]:
    """Return the number of a card that is sent as one, whatever becomes of the request."""
    card = sent.get("card")
    if isinstance(card, dict) and isinstance(card.get("card_number"), str | int):
        return cards.sent(str(card["card_number"]))
    return []


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
