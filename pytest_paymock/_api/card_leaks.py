"""Card numbers in a request, noted for the guard ``card_data_leak``: sent as cards, or astray.

What is noted are fingerprints; nothing here keeps a number.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from pytest_paymock._api import redact
from pytest_paymock._api.http import Request
from pytest_paymock._card_numbers import may_hold_card_number
from pytest_paymock._engine.card_leaks import CardWatch
from pytest_paymock._engine.journal import CardSighting

# Between two fields has to stand what no card number has within.
_BETWEEN_FIELDS = b" and "


def header_digits(values: Iterable[bytes]) -> str:
    """Return the values of header fields, if there may be a card number in them; else nothing."""
    text = _BETWEEN_FIELDS.join(values)
    return text.decode("latin-1") if may_hold_card_number(text) else ""


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
    if redact.is_plain(body):
        return []
    if sent is not None and b"\\" in body:
        # As the texts read: an escape may be a digit, or a line break between two.
        return cards.astray(", ".join(_texts(sent)))
    return cards.astray(body.decode(errors="replace"))


def in_card(cards: CardWatch, sent: dict[str, Any]) -> list[CardSighting]:
    """Return the number of a card that is sent as one, whatever becomes of the request."""
    card = sent.get("card")
    if isinstance(card, dict) and isinstance(card.get("card_number"), str | int):
        return cards.sent(str(card["card_number"]))
    return []


def _texts(value: Any) -> Iterator[str]:
    """Yield all names and values of a body, each as it reads."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield name
            yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)
    else:
        yield str(value)
