"""Which card numbers were sent, and where else they turned up: by fingerprint, never by number."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from pytest_paymock._engine.cards import (
    NUMBER_LENGTHS,
    Card,
    digits_of,
    fingerprint_of,
    passes_luhn,
)
from pytest_paymock._engine.ids import API_ID
from pytest_paymock._engine.masking import as_read

# A run of digits may hide a card number anywhere, but for the API's own ids, which are in the path
# of every second request.
_RUN = re.compile(API_ID + rf"|(\d(?:[\W_]{{0,3}}\d){{{NUMBER_LENGTHS[0] - 1},}})")


class Stray(NamedTuple):
    """A card number in a request that is not the tokenization of a card."""

    fingerprint: str
    last_four: str
    call_number: int | None


class CardWatch:
    """Remembers the card numbers of a test as keyed fingerprints, to find them again in a text."""

    def __init__(self, key: bytes) -> None:
        self._key = key
        self._sent: dict[str, str] = {}
        self._strays: dict[Stray, None] = {}

    def sent(self, text: str) -> None:
        """Remember a number that was sent where a card number belongs, if it is one."""
        digits = digits_of(text)
        if len(digits) in NUMBER_LENGTHS and passes_luhn(digits):
            self._sent[fingerprint_of(digits, self._key)] = digits[-4:]

    def tokenized(self, card: Card) -> None:
        """Remember a card that was sent and is kept, whose number was hashed already."""
        self._sent[card.fingerprint] = card.last_four

    def stray(self, text: str, call_number: int | None) -> None:
        """Remember the card numbers in a request in which none belongs."""
        for fingerprint, last_four in self._candidates(text):
            self._strays[Stray(fingerprint, last_four, call_number)] = None

    @property
    def strays(self) -> list[Stray]:
        """The strays whose numbers were also sent as a card."""
        return [stray for stray in self._strays if stray.fingerprint in self._sent]

    def found_in(self, text: str) -> list[str]:
        """Return the last four digits of each card number that was sent and stands in a text.

        Numbers are found with and without separators, and within longer runs of digits.
        """
        if not self._sent:
            return []
        found = {print_: last for print_, last in self._candidates(text) if print_ in self._sent}
        return list(found.values())

    def clear(self) -> None:
        """Forget all of them."""
        self._sent.clear()
        self._strays.clear()

    def _candidates(self, text: str) -> Iterator[tuple[str, str]]:
        for reading in dict.fromkeys((text, as_read(text))):
            for run in _RUN.finditer(reading):
                yield from self._within(digits_of(run[1] or ""))

    def _within(self, digits: str) -> Iterator[tuple[str, str]]:
        for length in NUMBER_LENGTHS:
            for start in range(len(digits) - length + 1):
                number = digits[start : start + length]
                if passes_luhn(number):
                    yield fingerprint_of(number, self._key), number[-4:]
