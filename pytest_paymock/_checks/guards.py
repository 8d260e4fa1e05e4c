"""The guards: what a payments team would want to know without asking.

A guard looks at what happened and decides; its words are made in ``messages.py``.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from pytest_paymock._engine.card_leaks import CardWatch
from pytest_paymock._engine.journal import Index, Journal
from pytest_paymock._options import GUARDS
from pytest_paymock._records.ledger import Ledger
from pytest_paymock._records.records import PaymentRecord
from pytest_paymock._text import messages

DOUBLE_CHARGE, CARD_DATA_LEAK, FOREIGN_TOKEN, SWALLOWED_BLOCK = GUARDS


class Finding(NamedTuple):
    """One thing that a guard found, and the sentence that shows it."""

    guard: str
    sentence: str

    def within(self, label: str) -> "Finding":
        """Return the same finding with the name of the world in which it was made."""
        return self._replace(sentence=f"in {label}: {self.sentence}")


def findings(journal: Journal, ledger: Ledger) -> list[Finding]:
    """Return what the guards find in the records of a fake."""
    with journal.lock:  # a thread that the test left behind may still pay, or even reset
        return [
            *double_charges(ledger),
            *_foreign_tokens(journal.index, ledger),
            *_stray_cards(journal.index),
        ]


def leaks(journal: Journal, cards: CardWatch, texts: Iterable[tuple[str, str]]) -> list[Finding]:
    """Return findings for the card numbers of this test in its output.

    Args:
        journal: knows which were sent.
        cards: finds them.
        texts: pairs of a place, such as ``stdout``, and the text that stands there.
    """
    with journal.lock:
        sent = dict(journal.index.cards_sent)
    return [
        Finding(CARD_DATA_LEAK, messages.leak(last_four, place))
        for place, text in texts
        for last_four in cards.found_in(text, sent)
    ]


def _charge(payment: PaymentRecord) -> tuple[object, ...]:
    """Return what makes two payments the same charge for a customer."""
    return payment.customer_key, payment.amount, payment.currency, payment.description


def _may_charge(payment: PaymentRecord) -> bool:
    return payment.status != "failed" and not payment.refunded


def double_charges(ledger: Ledger) -> Iterator[Finding]:
    """Find charges that were made again after their answer was lost.

    Two equal charges alone prove nothing: a customer may buy a thing twice.
    """
    if not ledger.has_lost_answers:
        return  # nothing was lost, as in nearly all tests, and no record has to be made
    lost: dict[tuple[object, ...], PaymentRecord] = {}
    for payment in filter(_may_charge, ledger.payments):
        if payment.call is None:
            continue  # the test arranged it, nobody charged for it
        first = lost.pop(_charge(payment), None)
        if first is not None:
            yield Finding(DOUBLE_CHARGE, messages.double_charge(first, payment))
        if payment.call.lost:
            lost[_charge(payment)] = payment


def _foreign_tokens(index: Index, ledger: Ledger) -> Iterator[Finding]:
    for payment in index.payments.values():
        token = index.tokens[payment.token]
        # Whoever named no customer when the card was stored has none whose token it could be.
        if payment.call_number is None or token.customer_made:
            continue
        owner = token.customer_id
        # The id that the API answers is masked, and a client may go on with it.
        marks = {token.customer_mark, payment.customer_mark, ""}
        if owner != payment.customer_id or len(marks) > 2:  # noqa: PLR2004 - two customers
            yield Finding(FOREIGN_TOKEN, messages.foreign_token(ledger.payment(payment), owner))


def _stray_cards(index: Index) -> Iterator[Finding]:
    for stray in index.strays:
        yield Finding(CARD_DATA_LEAK, messages.leak(stray.last_four, f"call {stray.call_number}"))
