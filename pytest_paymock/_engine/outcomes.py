"""What can become of a payment, and what the amount and the seed say about one.

A payment's outcome is decided once, by the first of these that has something to say:
the test's queue, the test's rules (newest first), the special amounts, the test's ``always``,
and last the seed (``_script/outcomes.py`` has the test's part). Only the seed takes a draw.
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, NamedTuple

from pytest_paymock._card_numbers import quoted
from pytest_paymock._suggestions import did_you_mean
from pytest_paymock.errors import UsageError, is_for_caller

__tracebackhide__ = is_for_caller

Status = Literal["success", "failed", "pending"]


class Outcome(NamedTuple):
    """One way a payment can end: its name in tests, and its words in the API's answer."""

    name: str
    status: Status
    message: str


SUCCESS = Outcome("success", "success", "Payment processed successfully")
INSUFFICIENT_FUNDS = Outcome("insufficient_funds", "failed", "Insufficient funds")
CARD_DECLINED = Outcome("card_declined", "failed", "Card declined")
ISSUER_DECLINED = Outcome("issuer_declined", "failed", "Card declined by issuer")
PENDING_VERIFICATION = Outcome("pending_verification", "pending", "Payment pending verification")
MANUAL_REVIEW = Outcome("manual_review", "pending", "Large transaction - manual review required")
UNDER_REVIEW = Outcome("under_review", "pending", "Payment under review")

OUTCOMES: dict[str, Outcome] = {
    outcome.name: outcome
    for outcome in (
        SUCCESS,
        INSUFFICIENT_FUNDS,
        CARD_DECLINED,
        ISSUER_DECLINED,
        PENDING_VERIFICATION,
        MANUAL_REVIEW,
        UNDER_REVIEW,
    )
}

_SMALL = {
    Decimal("0.01"): INSUFFICIENT_FUNDS,
    Decimal("0.02"): CARD_DECLINED,
    Decimal("0.03"): PENDING_VERIFICATION,
}
_SMALLEST_ORDINARY = Decimal("0.04")
_LARGE = Decimal(10000)


@dataclass(frozen=True, slots=True)
class Decision:
    """An outcome and why: in words, or as a draw, the sign ``<`` or ``>=``, and its bound."""

    outcome: Outcome
    why: str | tuple[float, str, float]

    @property
    def reason(self) -> str:
        """The reason in words that stand in reports."""
        # Of a draw they are made when they are read, which is of few payments.
        return self.why if isinstance(self.why, str) else _comparison(*self.why)

    @property
    def is_drawn(self) -> bool:
        """Whether the seed has decided."""
        return not isinstance(self.why, str)


def outcome_named(name: str) -> Outcome:
    """Return the outcome of that name.

    Raises:
        UsageError: for a name that is none of them; the message lists the valid ones.
    """
    if isinstance(name, list | tuple):
        raise UsageError(
            "outcome names are given one by one, such as queue('card_declined', 'success'), "
            "and not as a list; put a star before the list"
        )
    if not isinstance(name, str) or name not in OUTCOMES:
        raise UsageError(
            f"there is no outcome {quoted(name)}{did_you_mean(name, OUTCOMES)}; "
            f"the outcomes are {', '.join(OUTCOMES)}"
        )
    return OUTCOMES[name]


def special_amount(amount: Decimal) -> Decision | None:
    """Return what an amount decides by itself (spec section 3), or None for an ordinary one."""
    if amount >= _LARGE:
        return Decision(MANUAL_REVIEW, f"special amount {amount}, 10000 or more")
    if amount < _SMALLEST_ORDINARY and amount in _SMALL:
        return Decision(_SMALL[amount], f"special amount {amount}")
    return None


def seeded(draw: float, success_rate: float) -> Decision:
    """Return what a draw decides: success below the rate, the rest split evenly (spec section 3).

    >>> seeded(0.937, 0.9).reason
    'seeded draw 0.937 >= 0.90'
    """
    middle = (1 + success_rate) / 2
    if draw < success_rate:
        return Decision(SUCCESS, (draw, "<", success_rate))
    if draw < middle:
        return Decision(ISSUER_DECLINED, (draw, ">=", success_rate))
    return Decision(UNDER_REVIEW, (draw, ">=", middle))


def _comparison(draw: float, sign: str, bound: float) -> str:
    """Put a draw beside its bound, with as many digits as it takes to see the difference."""
    limit = f"{bound:.2f}" if float(f"{bound:.2f}") == bound else repr(bound)
    for digits in range(3, 17):
        shown = f"{draw:.{digits}f}"
        if (float(shown) < bound) == (draw < bound):
            break
    else:
        shown = repr(draw)
    return f"seeded draw {shown} {sign} {limit}"
