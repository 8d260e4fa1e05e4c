"""Which card numbers were sent, and where else they turned up: by fingerprint, never by number."""

from collections.abc import Mapping
from itertools import islice

from pytest_paymock._card_numbers import (
    MOST_CANDIDATES,
    card_numbers_in,
    digits_of,
    passes_luhn,
)
from pytest_paymock._engine.cards import NUMBER_LENGTHS, fingerprint_of
from pytest_paymock._engine.journal import CardSighting

MOST_STRAYS = 20
"""How many card numbers of one text are remembered, so that no request can fill the memory."""


class CardWatch:
    """Finds card numbers in a text, as keyed fingerprints.

    Args:
        key: that of the seed.
    """

    def __init__(self, key: bytes) -> None:
        self._key = key

    def sent(self, text: str) -> list[CardSighting]:
        """Return what was sent where a card number belongs, if it is one."""
        digits = digits_of(text)
        if len(digits) in NUMBER_LENGTHS and passes_luhn(digits):
            return [self._sighting(digits, astray=False)]
        return []

    def astray(self, text: str) -> list[CardSighting]:
        """Return the card numbers in a text of a request in which none belongs."""
        found = dict.fromkeys(card_numbers_in(text, MOST_CANDIDATES))
        return [self._sighting(number, astray=True) for number in islice(found, MOST_STRAYS)]

    def found_in(self, text: str, sent: Mapping[str, str]) -> list[str]:
        """Return the last four digits of each card number that was sent and stands in a text.

        Numbers are found with and without separators.

        Args:
            text: such as a log.
            sent: the last four digits of the cards that were sent, by fingerprint.
        """
        if not sent:
            return []
        prints = (fingerprint_of(number, self._key) for number in card_numbers_in(text))
        return [sent[known] for known in dict.fromkeys(prints) if known in sent]

    def _sighting(self, number: str, *, astray: bool) -> CardSighting:
        return CardSighting(fingerprint_of(number, self._key), number[-4:], astray=astray)
