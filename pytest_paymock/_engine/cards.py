"""Cards: brand, expiry, test cards, and what may be kept of one.

The full number (PAN) and the CVV pass through this module and never stay: what is kept is a
:class:`Card`, with the brand, the last four digits, the expiry, the holder and a keyed fingerprint.
"""

from dataclasses import dataclass, field
from datetime import datetime
from hashlib import blake2b

from pytest_paymock._suggestions import did_you_mean
from pytest_paymock.errors import UsageError, is_for_caller

__tracebackhide__ = is_for_caller

_BRAND_PREFIXES = (
    ("Visa", ("4",)),
    ("Mastercard", ("51", "52", "53", "54", "55")),
    ("American Express", ("34", "37")),
    ("Discover", ("6011", "65")),
)

NUMBER_LENGTHS = (15, 16)
"""How many digits a card number has that the API takes, the shortest first (spec section 2)."""

UNKNOWN_BRAND = "Unknown"

CARD_TYPES = (*(brand for brand, _ in _BRAND_PREFIXES), UNKNOWN_BRAND)
"""All that a card type can be, as the API writes it."""

TEST_CARDS = {
    "visa": "4532015112830366",
    "mastercard": "5425233430109903",
    "american_express": "374245455400126",
    "discover": "6011111111111117",
}
"""The documented test cards (spec section 2), by the name that ``paymock.card`` takes."""

_ALIASES = {"amex": "american_express", "american express": "american_express"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """What is kept of a card: enough to recognise it, too little to charge it."""

    card_type: str
    last_four: str
    expiry_month: int
    expiry_year: int
    holder: str
    fingerprint: str = field(default="", repr=False, compare=False)


def brand_of(number: str) -> str:
    """Return the card type of a number, ``Unknown`` for any other prefix (spec section 2).

    >>> brand_of("4532015112830366")
    'Visa'
    """
    for brand, prefixes in _BRAND_PREFIXES:
        if number.startswith(prefixes):
            return brand
    return UNKNOWN_BRAND


def has_expired(month: int, year: int, now: datetime) -> bool:
    """Say whether a card is past the last moment of its expiry month (spec section 2)."""
    return (year, month) < (now.year, now.month)


def fingerprint_of(number: str, key: bytes) -> str:
    """Return 16 hex digits that are equal for equal numbers under one key, and say no more."""
    return blake2b(number.encode(), key=key, digest_size=8, person=b"paymock card").hexdigest()


def number_of(name: str) -> str:
    """Return the documented test card number of a brand name such as ``visa`` or ``amex``.

    Raises:
        UsageError: for a name that is none of them; the message lists the valid ones.
    """
    key = name.lower() if isinstance(name, str) else name
    try:
        return TEST_CARDS[_ALIASES.get(key, key)]
    except (KeyError, TypeError):
        raise UsageError(
            f"there is no test card {name!r}{did_you_mean(name, TEST_CARDS)}; "
            f"the cards are {', '.join(TEST_CARDS)}"
        ) from None
