"""Card numbers in a text, and the text without them.

A text that somebody wrote, be it a request's or a test's, may hold a card number anywhere. Whatever
is kept or shown of such a text passes here first.
"""

import re
from unicodedata import digit
from urllib.parse import unquote

from pytest_paymock._engine.cards import digits_of, passes_luhn
from pytest_paymock._engine.ids import API_ID
from pytest_paymock.errors import UsageError, is_for_caller

__tracebackhide__ = is_for_caller

# Ids of the API come first and stay: their digits are times and hashes, and would now and then
# pass for a card. Then thirteen digits or more, of any script, with what people put between.
_RUN = re.compile(API_ID + r"|(\d(?:[\W_]{0,3}\d){12,})")
_BETWEEN = re.compile(r"(\D+)")

# How the numbers of the card schemes begin; times (20..., 17...) do not.
_SCHEME = re.compile(r"4|5[0-8]|2[2-7]|3|6|8[12]|9792|1800|2131")

# Digits of no number system, such as raised and circled ones, can be read all the same. But one may
# be that of a footnote, so they count only where there is no number without them.
_ODD_DIGIT = re.compile(
    "[\u00b2\u00b3\u00b9\u1369-\u1371\u19da\u2070\u2074-\u2079\u2080-\u2089\u2460-\u2468"
    "\u2474-\u247c\u2488-\u2490\u24ea\u24f5-\u24fd\u24ff\u2776-\u277e\u2780-\u2788\u278a-\u2792"
    "\U00010a40-\U00010a43\U00010e60-\U00010e68\U00011052-\U0001105a\U0001f100-\U0001f10a]"
)

MASK = "*" * 12

FEWEST_DIGITS, MOST_DIGITS = 13, 19
"""How many digits the numbers of today's card schemes have."""


def masked_text(text: str) -> str:
    """Return text with every card number in it masked up to the last four digits.

    Thirteen to nineteen digits count as one if a card scheme's numbers begin so and the Luhn check
    digit holds; so nearly all order numbers stay readable. Other digits may stand beside it, as
    long as something is between.

    >>> masked_text("card 4532 0151 1283 0366 12/27, order 1234567890123456")
    'card ************0366 12/27, order 1234567890123456'
    """
    if len(text) < FEWEST_DIGITS:
        return text
    shown = _RUN.sub(_mask_run, text)
    if shown.isascii() and "%" not in shown:
        return shown
    # Only a text that hides a number so is kept as it reads.
    read = as_read(shown)
    masked = _RUN.sub(_mask_run, read)
    return shown if masked == read else masked


def as_read(text: str) -> str:
    """Return text with what percent signs stand for, and with odd digits as plain ones.

    >>> as_read("4532%200151 \u2074\u2075")
    '4532 0151 45'
    """
    decoded = unquote(text)
    return decoded if decoded.isascii() else _ODD_DIGIT.sub(_plain_digit, decoded)


def _plain_digit(match: re.Match[str]) -> str:
    return str(digit(match[0]))


def _mask_run(match: re.Match[str]) -> str:
    if match[1] is None:
        return match[0]
    # Groups of digits at the even places, what stands between them at the odd ones.
    pieces = _BETWEEN.split(match[1])
    shown, place = [], 0
    while place < len(pieces):
        end = _card_end(pieces, place)
        if end:
            shown.append(MASK + digits_of("".join(pieces[place:end]))[-4:])
        else:
            end = place + 1
            shown.append(pieces[place])
        shown += pieces[end : end + 1]
        place = end + 1
    return "".join(shown)


def _card_end(pieces: list[str], place: int) -> int:
    """Return where the card numbers end that begin with a group, or 0 if none does.

    Digits that stand before a card number may make another one with its beginning. Those that
    begin within one belong to it, or the rest of the right one would stay readable.
    """
    end = _longest_card(pieces, place)
    while place + 2 < end:
        place += 2
        end = max(end, _longest_card(pieces, place))
    return end


def _longest_card(pieces: list[str], place: int) -> int:
    digits, found = "", 0
    for index in range(place, len(pieces), 2):
        if len(digits) + len(pieces[index]) > MOST_DIGITS:
            break
        digits += digits_of(pieces[index])
        if len(digits) >= FEWEST_DIGITS and _SCHEME.match(digits) and passes_luhn(digits):
            found = index + 1
    return found


def quoted(value: object) -> str:
    """Return a value of a test as a message may repeat it.

    >>> quoted("4532015112830366")
    "'************0366'"
    """
    # A repr writes a line break as a letter, behind which a number would no longer look like one.
    if isinstance(value, str):
        return repr(masked_text(value))
    try:
        return masked_text(repr(value))
    except Exception:  # noqa: BLE001 - such as an int of more digits than Python will write
        return f"something of type {type(value).__name__}"


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
