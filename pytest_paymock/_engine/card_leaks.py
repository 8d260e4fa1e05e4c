"""Which card numbers were sent, and where else they turned up: by fingerprint, never by number."""

import re
from collections.abc import Iterator, Mapping

from pytest_paymock._engine.cards import NUMBER_LENGTHS, digits_of, fingerprint_of, passes_luhn
from pytest_paymock._engine.ids import API_ID
from pytest_paymock._engine.journal import CardSighting
from pytest_paymock._engine.masking import as_read

# A run of digits may hide a card number anywhere, but for the API's own ids, which are in the path
# of every second request.
_RUN = re.compile(API_ID + rf"|(\d(?:[\W_]{{0,3}}\d){{{NUMBER_LENGTHS[0] - 1},}})")


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
            return [CardSighting(fingerprint_of(digits, self._key), digits[-4:], astray=False)]
        return []

    def astray(self, text: str) -> list[CardSighting]:
        """Return the card numbers in a text of a request in which none belongs."""
        return [CardSighting(*found, astray=True) for found in self._candidates(text)]

    def found_in(self, text: str, sent: Mapping[str, str]) -> list[str]:
        """Return the last four digits of each card number that was sent and stands in a text.

        Numbers are found with and without separators, and within longer runs of digits.

        Args:
            text: such as a log.
            sent: the last four digits of the cards that were sent, by fingerprint.
        """
        if not sent:
            return []
        found = {print_: last for print_, last in self._candidates(text) if print_ in sent}
        return list(found.values())

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
