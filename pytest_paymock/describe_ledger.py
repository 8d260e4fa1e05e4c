"""Words over what happened: a record a line, a ledger, and what was expected of one.

As in ``describe.py``, text of a request is shown with its control characters escaped, and nothing
here decides anything.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, TypeVar

from pytest_paymock.balances import Balance, balances
from pytest_paymock.describe import count, safe
from pytest_paymock.folding import kept, with_gaps
from pytest_paymock.ledger import CallRecord, Ledger, PaymentRecord, RefundRecord

R = TypeVar("R")

FOLD = 24
"""How many records of one kind are shown before the others are folded away."""

_REFUSED = 400
"""From this status on, an answer says that something went wrong."""


# -- one record a line ------------------------------------------------------------------------


def call_line(call: CallRecord) -> str:
    """Return one exchange as a line."""
    status = "-" if call.status_code is None else call.status_code
    line = f"{call.number}  {call.client}  {safe(call.method)} {safe(call.path)}  {status}"
    if call.fault is not None:
        # How late an answer was that the client has waited for, its fault says already.
        waited = f"  waited {call.waited:g} s" if call.waited != call.fault.seconds else ""
        return f"{line}  fault: {call.fault}{_consequence(call)}{waited}"
    detail = (call.response or {}).get("detail")
    return f"{line}  {safe(_sentence(detail))}" if detail else line


def _sentence(detail: Any) -> str:
    """Return why a request was refused; the deployed service says it in a list."""
    if not isinstance(detail, list):
        return str(detail)
    return "; ".join(f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in detail)


def _consequence(call: CallRecord) -> str:
    """Say what a fault meant for the payment, where that is not plain."""
    if call.lost:
        return " (the API acted, its answer was lost)"
    return "" if call.acted else " (the API never acted)"


def payment_line(payment: PaymentRecord) -> str:
    """Return one payment as a line, with the reason for its outcome."""
    refunded = f", refunded by {payment.refund_id}" if payment.refunded else ""
    return (
        f"{payment.transaction_id}  {payment.status}  {payment.amount} {safe(payment.currency)}  "
        f"{safe(payment.customer_id)}  {payment.card_type} {payment.last_four}{refunded}  "
        f"({safe(payment.reason)})"
    )


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
        parts.append(f"answer lost {balance.lost}")
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
    matters: Callable[[R], bool] = lambda _: False,
) -> Iterator[str]:
    """Yield a title and the records; if they are many, the ends and those around what matters."""
    records = tuple(live)  # a thread may still add to a live sequence
    if records:
        yield f"{title}:"
    places = kept(len(records), [at for at, one in enumerate(records) if matters(one)], FOLD)
    for place, left_out in with_gaps(places, len(records)):
        if left_out:
            yield f"  ... {left_out} more ..."
        if place < len(records):
            yield f"  {line(records[place])}"


def _call_matters(call: CallRecord) -> bool:
    return call.fault is not None or call.status_code is None or call.status_code >= _REFUSED


def _payment_matters(payment: PaymentRecord) -> bool:
    return payment.status != "success" or (payment.call is not None and payment.call.lost)


def ledger_lines(ledger: Ledger) -> list[str]:
    """Return the exchanges, payments and refunds, a title above each kind that there is."""
    lines = [
        *_block("calls", ledger.calls, call_line, _call_matters),
        *_block("payments", ledger.payments, payment_line, _payment_matters),
        *_block("refunds", ledger.refunds, refund_line),
    ]
    return lines or ["nothing was called and nothing was paid"]


def section_lines(ledger: Ledger) -> list[str]:
    """Return the ledger and what it adds up to."""
    told = balances(ledger.payments, ledger.refunds)
    # A single payment tells its own sum, unless there is more to it.
    alone = len(ledger.payments) == 1 and not any(one.refunded or one.lost for one in told)
    money = _block("money", () if alone else told, balance_line, lambda one: bool(one.lost))
    return [*ledger_lines(ledger), *money]


# -- expectations that were not met -----------------------------------------------------------


def conditions(wanted: Mapping[str, Any]) -> str:
    """Return ``status='failed', amount=1.00``, or nothing."""
    return ", ".join(f"{name}={_value(value)}" for name, value in wanted.items())


def _value(value: object) -> str:
    return str(value) if isinstance(value, Decimal) else repr(value)


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
    lines = [f"expected {number} {noun}{limit}, found {count(len(found), noun)}"]
    lines += [f"  {line(record)}" for record in found[:FOLD]]
    return "\n".join([*lines, *ledger_lines(ledger)])


def not_met(
    sentence: str, wanted: Mapping[str, Any], candidates: Iterable[Any], ledger: Ledger
) -> str:
    """Say what was expected, which record came nearest and in what it differs, and the ledger."""
    lines = [sentence]
    nearest = min(candidates, key=lambda record: len(_differences(record, wanted)), default=None)
    if nearest is not None and _differences(nearest, wanted):
        lines.append(f"nearest: {line(nearest)}")
        lines += [
            f"  {name} is {_value(getattr(nearest, name))}, expected {_value(wanted[name])}"
            for name in _differences(nearest, wanted)
        ]
    return "\n".join([*lines, *ledger_lines(ledger)])


def _differences(record: Any, wanted: Mapping[str, Any]) -> list[str]:
    return [name for name, value in wanted.items() if getattr(record, name) != value]
