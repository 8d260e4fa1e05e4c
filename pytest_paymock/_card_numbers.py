"""Card numbers in a text: how they are found, checked and masked.

Whatever is kept or shown of a text that a request or a test brings passes here first. A card number
is thirteen to nineteen digits that begin as a card scheme's numbers do and end in the Luhn check
digit (ISO/IEC 7812-1). Up to four signs that are neither letters nor digits may stand between two
of them, so groups, lines and the quotation marks and commas of a list hide no number. Digits may
be those of any script, raised or circled, and percent-encoded once.

The limits: a number that is glued to further digits, or has words between its digits, is not
found, nor is one in an encoding that hides it from a reader (Base64, escapes within escapes).

The work is in proportion to the length of the text, whatever it holds.
"""

import re
from collections.abc import Iterator
from itertools import islice
from typing import Any
from unicodedata import digit
from urllib.parse import unquote

from pytest_paymock.errors import UsageError, is_for_caller

__tracebackhide__ = is_for_caller

FEWEST_DIGITS, MOST_DIGITS = 13, 19
"""How many digits the numbers of today's card schemes have."""

MASK = "*" * 12

CVV_MASK = "***"

# The API's own ids and times come first and stay: their digits would now and then pass for a card.
_API_ID = (
    r"(?:tok_[0-9a-f]{32}|(?:txn|ref)_[0-9]{14}_[0-9a-f]{8,16}|[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:"
    r"[0-9]{2}:[0-9]{2}(?:\.[0-9]{6})?(?:\+[0-9]{2}:[0-9]{2})?)"
)

# How the numbers of the card schemes begin; times (20..., 17...) do not.
_SCHEMES = "4 5[0-8] 2[2-7] 3 6 8[12] 9792 1800 2131"

_BETWEEN = r"[\W_]{0,4}"
_NEXT = f"{_BETWEEN}[0-9]"
_BEGINNING = "|".join(
    _BETWEEN.join(re.findall(r"\[.*?\]|[0-9]", scheme)) for scheme in _SCHEMES.split()
)

# Where digits begin as a card number does: as many of the digits from there as one may have, up to
# the end of a group. It takes up no text, so that the next one may begin within.
_CANDIDATE = re.compile(
    rf"{_API_ID}|(?<![0-9])(?={_BEGINNING})"
    rf"(?=([0-9](?:{_NEXT}){{{FEWEST_DIGITS - 1},{MOST_DIGITS - 1}}}(?![0-9])))"
)
# What nearly every text lacks, in the forms that cost least to look for. In bytes, digits and all
# that may be part of one become noughts, and what stands between them goes; but the signs stay
# behind which a digit may be encoded.
_LONG_ENOUGH = re.compile(rf"[0-9][\W_0-9]{{{FEWEST_DIGITS - 1}}}")
_ENCODING = "%\\\0"
_FOLDED = bytes(
    ord("a" if chr(byte).isalpha() else chr(byte) if chr(byte) in _ENCODING else "0")
    for byte in range(128)
)
_FOLDED += b"0" * 128
_SEPARATORS = bytes(
    byte for byte in range(128) if not chr(byte).isalnum() and chr(byte) not in _ENCODING
)
_ENCODED = re.compile(b"%[0-9A-Fa-f]{2}")
_NOUGHTS = "0" * FEWEST_DIGITS

_ANY_RUN = re.compile(rf"{_API_ID}|([0-9](?:{_NEXT}){{{FEWEST_DIGITS - 1},}}+)")
_GROUP = re.compile("[0-9]+")

MOST_CANDIDATES = 1000
"""How many candidates in one text are checked; a text that people write has a few."""

# Digits of other scripts, and those of no number system, such as raised and circled ones.
_OTHER_DECIMAL = re.compile(r"[^\D0-9]")
_OTHER_DIGIT = re.compile(
    r"[^\D0-9]|[\u00b2\u00b3\u00b9\u1369-\u1371\u19da\u2070\u2074-\u2079\u2080-\u2089\u2460-\u2468"
    r"\u2474-\u247c\u2488-\u2490\u24ea\u24f5-\u24fd\u24ff\u2776-\u277e\u2780-\u2788\u278a-\u2792"
    r"\U00010a40-\U00010a43\U00010e60-\U00010e68\U00011052-\U0001105a\U0001f100-\U0001f10a]"
)

_NO_DIGITS = re.compile(r"[^0-9]+")

# A digit's character to that of the digit sum of its double.
_DOUBLED = bytes.maketrans(b"0123456789", b"0246813579")


def digits_of(text: str) -> str:
    """Return the decimal digits in a text, of any script, as ASCII.

    >>> digits_of("4532-0151 \uff11")
    '453201511'
    """
    return _NO_DIGITS.sub("", _with_decimals(text))


def passes_luhn(number: str) -> bool:
    """Return whether the last digit is the check digit of the others (ISO/IEC 7812-1 annex B).

    >>> passes_luhn("4532015112830366"), passes_luhn("4532015112830367")
    (True, False)
    """
    # The bytes are summed as they are, each by 48 more than its digit.
    digits = number.encode()
    total = sum(digits[::-2]) + sum(digits[-2::-2].translate(_DOUBLED))
    return (total - 48 * len(digits)) % 10 == 0


def masked_number(text: str) -> str:
    """Return what may be kept of a text that stands where a card number belongs.

    >>> masked_number("4532 0151 1283 0367"), masked_number("secret")
    ('************0367', '************')
    """
    digits = digits_of(text)
    return MASK + digits[-4:] if len(digits) >= FEWEST_DIGITS else MASK


def masked_text(text: str) -> str:
    """Return a text with every card number in it masked up to the last four digits.

    Where more than ``MOST_CANDIDATES`` places of it begin as a card number does, all runs of
    thirteen digits and more behind them are masked without a check.

    >>> masked_text("card 4532 0151 1283 0366 12/27, order 1234567890123456")
    'card ************0366 12/27, order 1234567890123456'
    """
    if len(text) < FEWEST_DIGITS:
        return text
    if text.isascii() and "%" not in text:
        return _masked(text) if _LONG_ENOUGH.search(text) else text
    if "%" not in text and not _OTHER_DIGIT.search(text):
        return _masked(text)
    plain = _with_decimals(text)
    masked = _masked(plain)
    # A text that hides a number is kept as it reads, and all others as they are. A raised digit
    # may be that of a footnote, so it counts only where there is no number without it.
    shown = text if masked == plain else masked
    read = _as_read(shown)
    masked = _masked(read)
    return shown if masked == read else masked


def may_hold_card_number(text: bytes) -> bool:
    """Return whether card numbers have to be looked for in a text; never False where one is.

    Args:
        text: in any encoding, escapes of JSON and percent signs included.
    """
    # Every body and every header passes here, and nearly all of them hold no such run. A regular
    # expression would cost five times as much, which is a fifteenth of a call.
    folded = text.translate(_FOLDED, _SEPARATORS).decode("ascii")
    if _NOUGHTS in folded or "\\" in folded or "\0" in folded:
        return True
    return "%" in folded and _ENCODED.search(text) is not None


def card_numbers_in(text: str, most: int | None = None) -> Iterator[str]:
    """Yield the digits of the card numbers in a text, once for each way to read it.

    Args:
        text: to search.
        most: how many candidates are checked; None is all.
    """
    for reading in dict.fromkeys((_with_decimals(text), _as_read(text))):
        for candidate in islice(_candidates(reading), most):
            for _, number in _numbers_of(candidate[1]):
                yield number


def _with_decimals(text: str) -> str:
    """Return a text with the digits of all scripts as ASCII; all places stay where they are.

    >>> _with_decimals("\uff14\u2075")
    '4\u2075'
    """
    return _with_plain_digits(text, _OTHER_DECIMAL)


def _as_read(text: str) -> str:
    """Return a text as somebody would read it.

    >>> _as_read("4532%200151 \u2074\u2075")
    '4532 0151 45'
    """
    return _with_plain_digits(unquote(text) if "%" in text else text, _OTHER_DIGIT)


def _with_plain_digits(text: str, other: re.Pattern[str]) -> str:
    if text.isascii():
        return text
    # One question for each sign that occurs, however often it does.
    signs = filter(other.match, dict.fromkeys(text))
    return text.translate({ord(sign): str(digit(sign)) for sign in signs})


def _masked(text: str) -> str:
    pieces, done = [], 0
    for start, end in _places(text):
        pieces += [text[done:start], MASK + _NO_DIGITS.sub("", text[start:end])[-4:]]
        done = end
    return "".join((*pieces, text[done:])) if pieces else text


def _places(text: str) -> Iterator[tuple[int, int]]:
    """Yield where the card numbers of a text begin and end; those that overlap are one.

    Digits that stand before a card number may make another one with its beginning. Both go, or the
    rest of the right one would stay readable.
    """
    candidates = _candidates(text)
    start = end = 0
    for candidate in islice(candidates, MOST_CANDIDATES):
        longest = next(_numbers_of(candidate[1]), None)
        if longest is None:
            continue
        if candidate.start() >= end:
            if end:
                yield start, end
            start = candidate.start()
        end = max(end, candidate.start() + longest[0])
    if end:
        yield start, end
    unchecked = next(candidates, None)
    if unchecked is not None:
        runs = _ANY_RUN.finditer(text, max(end, unchecked.start()))
        yield from (run.span() for run in runs if run[1])


def _candidates(text: str) -> Iterator[re.Match[str]]:
    if not _LONG_ENOUGH.search(text):
        return iter(())
    return (found for found in _CANDIDATE.finditer(text) if found[1])


def _numbers_of(text: str) -> Iterator[tuple[int, str]]:
    """Yield the card numbers with which a candidate begins, the longest first: end and digits."""
    for group in reversed(list(_GROUP.finditer(text))):
        digits = _NO_DIGITS.sub("", text[: group.end()])
        if len(digits) < FEWEST_DIGITS:
            return
        if passes_luhn(digits):
            yield group.end(), digits


# What anybody may call by the name of the number on the back of a card is three or four digits.
_CVV = re.compile("b?'?[0-9]{3,4}'?")

_NOT_CVV = (
    *("amount", "expiry_month", "expiry_year", "last_four", "last_four_digits", "number", "port"),
    *("status_code", "street", "transaction_count", "zip_code"),
)
"""Names in a test's own values under which three or four digits are no CVV."""


def quoted(value: object) -> str:
    """Return a value of a test as a message may repeat it.

    Card numbers are masked in it, and in mappings whatever may be a CVV.

    >>> quoted("4532015112830366")
    "'************0366'"
    >>> quoted({"card": {"cvv": "123", "expiry_year": 2030}})
    "{'card': {'cvv': '***', 'expiry_year': 2030}}"
    """
    try:
        # Once more as a whole: a list may hold a number in pieces.
        return masked_text(repr(_without_secrets(value)))
    except Exception:  # noqa: BLE001 - such as an int of more digits than Python will write
        return f"something of type {type(value).__name__}"


def _without_secrets(value: Any) -> Any:
    # Before a repr, which writes a line break as a letter, behind which a number would no longer
    # look like one.
    if isinstance(value, str):
        return masked_text(value)
    if isinstance(value, bytes | bytearray):
        return masked_text(value.decode("latin-1")).encode("latin-1", "replace")
    if isinstance(value, dict):
        return {
            _without_secrets(name): CVV_MASK if _is_cvv(name, inner) else _without_secrets(inner)
            for name, inner in value.items()
        }
    if type(value) in (list, tuple, set, frozenset):
        return type(value)(map(_without_secrets, value))
    return value


def _is_cvv(name: object, value: object) -> bool:
    return name not in _NOT_CVV and _CVV.fullmatch(repr(value)) is not None


def masked_argument(name: str, value: object) -> str:
    """Return a text that a test gives, as it may be kept.

    Args:
        name: of the argument, for the message.
        value: of the argument.

    Raises:
        UsageError: for what is no text, which no record could ever equal.
    """
    if not isinstance(value, str):
        raise UsageError(f"{name} is a text, not {quoted(value)}")
    return masked_text(value)
