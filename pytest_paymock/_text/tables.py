"""Records as lines, the ledger, and messages about records that were expected.

As in ``messages.py``, text of a request is shown with its control characters escaped, and nothing
here decides anything.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from http import HTTPStatus
from typing import Any, TypeVar

from pytest_paymock._card_numbers import masked_text, quoted
from pytest_paymock._records.balances import Balance, balances
from pytest_paymock._records.ledger import Ledger
from pytest_paymock._records.records import CallRecord, PaymentRecord, RefundRecord
from pytest_paymock._text.messages import count, later, safe
from pytest_paymock._text.shorten import kept, with_gaps, wrapped

R = TypeVar("R")

FOLD, FOLD_OF_MESSAGE = 16, 8
"""How many records of one kind are shown; the rest is folded.

Fewer in a message, since under a failing test all that a section shows follows it.
"""

_WIDTH_OF_MESSAGE = 72
"""How many of 80 columns pytest leaves to a message."""

MOST_REASONS = 2
"""How many payments explain a comparison. pytest shows only a few lines."""

_REFUSED = 400
"""From this status on, an answer says that something went wrong."""


# -- one record a line ------------------------------------------------------------------------


def call_line(call: CallRecord) -> str:
    """Return one exchange as a line."""
    status = "no answer" if call.status_code is None else call.status_code
    line = f"{call.number}  {call.client}  {safe(call.method)} {safe(call.path)}  {status}"
    if call.fault is not None:
        # How late an answer was that the client has waited for, its fault says already.
        waited = f"  waited {call.waited:g} s" if call.waited != call.fault.seconds else ""
        return f"{line}  fault: {call.fault}{_consequence(call)}{waited}"
    if call.lost:
        return f"{line}{_consequence(call)}"
    detail = (call.response or {}).get("detail")
    return f"{line}  {safe(_sentence(detail))}" if detail else line


def _sentence(detail: Any) -> str:
    """Return why a request was refused; the deployed service says it in a list."""
    if not isinstance(detail, list):
        return str(detail)
    return "; ".join(f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in detail)


def _consequence(call: CallRecord) -> str:
    """Say whether the API acted, where the fault does not make that plain."""
    if call.answered is None:
        return " (the API never acted)"
    if not call.lost:
        return ""
    refused = call.answered >= HTTPStatus.BAD_REQUEST
    did = f"answered {call.answered}" if refused else "acted"
    return f" (the API {did}, its answer was lost)"


def payment_line(payment: PaymentRecord) -> str:
    """Return one payment as a line, with what the API says of it and the reason for its outcome."""
    said = "" if payment.status == "success" else f"{payment.message}  "
    refunded = f", refunded by {payment.refund_id}" if payment.refunded else ""
    return (
        f"{payment.transaction_id}  {payment.status}  {payment.amount} {safe(payment.currency)}  "
        f"{safe(payment.customer_id)}  {payment.card_type} {payment.last_four}{refunded}  "
        f"{_exchange(payment.call)}{said}({safe(payment.reason)})"
    )


def _exchange(call: CallRecord | None) -> str:
    """Return which exchange a payment was made in, and whether the client was told of it."""
    if call is None:
        return ""
    return f"call {call.number}{', answer lost' if call.lost else ''}  "


def refund_line(refund: RefundRecord) -> str:
    """Return one refund as a line."""
    return (
        f"{refund.refund_id}  {refund.amount} {safe(refund.currency)}  {safe(refund.customer_id)}  "
        f"of {refund.original_transaction_id}"
    )


def balance_line(balance: Balance) -> str:
    """Return the money of one customer in one currency as a line."""
    parts = [f"charged {balance.charged}"]
    if balance.refunded:
        parts.append(f"refunded {balance.refunded}")
    if balance.pending:
        parts.append(f"pending {balance.pending}")
    if balance.lost:
        parts.append(f"answer lost for {balance.lost}")
    return f"{safe(balance.customer_id)}  {safe(balance.currency)}  {', '.join(parts)}"


def line(record: Any) -> str:
    """Return any record as a line."""
    if isinstance(record, CallRecord):
        return call_line(record)
    if isinstance(record, PaymentRecord):
        return payment_line(record)
    if isinstance(record, RefundRecord):
        return refund_line(record)
    return (
        f"{record.token}  {safe(record.customer_id)}  {record.card_type} {record.last_four_digits}"
    )


# -- the ledger -------------------------------------------------------------------------------


def _block(
    title: str,
    live: Iterable[R],
    line: Callable[[R], str],
    most: int,
    matters: Callable[[R], bool] = lambda _: False,
    between: Callable[[R, R], str] = lambda _before, _after: "",
) -> Iterator[str]:
    """Yield a title and the records; of many, both ends and those that matter."""
    records = tuple(live)  # a thread may still add to a live sequence
    if records:
        yield f"{title}:"
    places = kept(len(records), [at for at, one in enumerate(records) if matters(one)], most)
    last = None
    for place, left_out in with_gaps(places, len(records)):
        if left_out:
            yield f"  ... {left_out} more ..."
        if place < len(records):
            remark = "" if last is None else between(last, records[place])
            if remark:
                yield f"  ... {remark} ..."
            last = records[place]
            yield f"  {line(last)}"


def _call_matters(call: CallRecord) -> bool:
    return call.fault is not None or call.status_code is None or call.status_code >= _REFUSED


def _payment_matters(payment: PaymentRecord) -> bool:
    return payment.status != "success" or (payment.call is not None and payment.call.lost)


def _time_between(before: CallRecord, after: CallRecord) -> str:
    """Say how far the clock moved between two exchanges, if it was moved."""
    return later((after.at - before.at).total_seconds() - before.waited)


def ledger_lines(ledger: Ledger, most: int = FOLD) -> list[str]:
    """Return the exchanges, payments and refunds, each kind under a title.

    Args:
        ledger: of one fake.
        most: how many of a kind are shown.
    """
    lines = [
        *_block("calls", ledger.calls, call_line, most, _call_matters, _time_between),
        *_block("payments", ledger.payments, payment_line, most, _payment_matters),
        *_block("refunds", ledger.refunds, refund_line, most),
    ]
    return lines or ["nothing was called and nothing was paid"]


def section_lines(ledger: Ledger) -> list[str]:
    """Return the ledger and the balances."""
    told = balances(ledger.payments, ledger.refunds)
    money = _block("money", told, balance_line, FOLD, lambda one: bool(one.lost))
    return [*ledger_lines(ledger), *money]


# -- expectations that were not met -----------------------------------------------------------


def conditions(wanted: Mapping[str, Any]) -> str:
    """Return ``status='failed', amount=1.00``, or nothing."""
    return ", ".join(f"{name}={_value(value)}" for name, value in wanted.items())


def _value(value: object) -> str:
    return masked_text(str(value)) if isinstance(value, Decimal) else quoted(value)


def not_one(
    noun: str,
    wanted: Mapping[str, Any],
    found: Sequence[Any],
    ledger: Ledger,
    *,
    exactly: bool,
) -> str:
    """Say that there is not exactly one record of a kind, or none at all; show what there is."""
    limit = f" with {conditions(wanted)}" if wanted else ""
    number = "exactly one" if exactly else "at least one"
    sentence = f"expected {number} {noun}{limit}, found {count(len(found), noun)}"
    if not found:
        return not_met(sentence, wanted, _all(noun, ledger) if wanted else (), ledger)
    # Without a condition, the ledger shows the same; but it shows no tokens.
    listed = found if wanted or noun == "token" else ()
    _, *lines = _block("found", listed, line, FOLD_OF_MESSAGE) if listed else [""]
    return _message([sentence, *lines], ledger)


def _all(noun: str, ledger: Ledger) -> Iterable[Any]:
    kinds: dict[str, Iterable[Any]] = {
        "call": ledger.calls,
        "token": ledger.tokens,
        "payment": ledger.payments,
        "refund": ledger.refunds,
        "transaction": ledger.transactions,
    }
    return kinds[noun]


def not_met(
    sentence: str, wanted: Mapping[str, Any], candidates: Iterable[Any], ledger: Ledger
) -> str:
    """Say what was expected, which record came nearest and in what it differs, and the ledger."""
    lines = [sentence]
    nearest = min(candidates, key=lambda record: len(_differences(record, wanted)), default=None)
    if nearest is not None and _differences(nearest, wanted):
        lines.append(f"nearest: {line(nearest)}")
        lines += [
            f"  {name} is {_value(getattr(nearest, name, None))}, expected {_value(wanted[name])}"
            for name in _differences(nearest, wanted)
        ]
    return _message(lines, ledger)


def _differences(record: Any, wanted: Mapping[str, Any]) -> list[str]:
    return [name for name, value in wanted.items() if getattr(record, name, None) != value]


def _message(lines: Sequence[str], ledger: Ledger) -> str:
    """Return lines and the ledger below them as a message; the first line stays whole."""
    first, *others = [*lines, *ledger_lines(ledger, FOLD_OF_MESSAGE)]
    broken = (part for other in others for part in wrapped(other, _WIDTH_OF_MESSAGE))
    return "\n".join([first, *broken])


def reasons(value: str, payments: Iterable[PaymentRecord]) -> list[str]:
    """Return why payments ended in a status, outcome or message that a test has compared.

    Args:
        value: what was compared, such as ``failed``.
        payments: those of the test.
    """
    because = [one for one in payments if value in (one.status, one.outcome, one.message)]
    lines = [f"paymock: {payment_line(one)}" for one in because[:MOST_REASONS]]
    if len(because) > MOST_REASONS:
        lines.append(f"paymock: {len(because) - MOST_REASONS} more ended so, see below")
    return [part for line in lines for part in wrapped(line, _WIDTH_OF_MESSAGE)]
