"""What happened, as live sequences of records."""

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import Any, Self, TypeVar

from pytest_paymock._api.endpoints import NAMES, checked_name
from pytest_paymock._engine.journal import Journal
from pytest_paymock._engine.records import Payment, Refund, Token
from pytest_paymock._records.queries import MoneyRecords, Records
from pytest_paymock._records.records import (
    CallRecord,
    PaymentRecord,
    RefundRecord,
    TokenRecord,
    call_record,
    payment_record,
    refund_record,
    token_record,
)
from pytest_paymock.errors import is_for_caller

__tracebackhide__ = is_for_caller


R = TypeVar("R")


class CallRecords(Records[CallRecord]):
    """The HTTP exchanges."""

    def to(self, endpoint: str) -> Self:
        """Return the exchanges with one endpoint, by its route name such as ``"refund"``.

        Raises:
            UsageError: for a name that no endpoint has.
        """
        return self.where(endpoint=checked_name(endpoint))

    def _other_ways(self) -> str:
        return f"to() takes {', '.join(NAMES)}; {super()._other_ways()}"


class Ledger:
    """All that one fake remembers, as live sequences of frozen records.

    A record is made when somebody asks for it, and is the same one as long as what it tells of
    stays the same.

    Args:
        journal: where it happened.
        explain: words why there is not the one record that was asked for, given the ledger, too.
    """

    def __init__(self, journal: Journal, explain: Callable[..., str]) -> None:
        self._journal = journal
        self._not_one = explain
        self._kept: dict[str | int, tuple[tuple[Any, ...], Any]] = {}

    def __len__(self) -> int:
        with self._journal.lock:
            return len(self._journal.index.calls)

    def _explain(
        self, noun: str, wanted: Mapping[str, Any], found: Sequence[Any], *, exactly: bool
    ) -> str:
        return self._not_one(noun, wanted, found, self, exactly=exactly)

    @property
    def has_lost_answers(self) -> bool:
        """Whether an answer of the API reached no client, without a record of any call."""
        with self._journal.lock:
            return any(call.lost for call in self._journal.index.calls)

    # -- the live sequences, of which a test asks for one or two ------------------------------

    @cached_property
    def calls(self) -> CallRecords:
        """The exchanges."""
        return CallRecords("call", (CallRecord,), self._all_calls, self._explain)

    @cached_property
    def tokens(self) -> Records[TokenRecord]:
        """The tokens."""
        return Records("token", (TokenRecord,), self._all_tokens, self._explain)

    @cached_property
    def payments(self) -> MoneyRecords[PaymentRecord]:
        """The payments."""
        return MoneyRecords("payment", (PaymentRecord,), self._all_payments, self._explain)

    @cached_property
    def refunds(self) -> MoneyRecords[RefundRecord]:
        """The refunds."""
        return MoneyRecords("refund", (RefundRecord,), self._all_refunds, self._explain)

    @cached_property
    def transactions(self) -> MoneyRecords[PaymentRecord | RefundRecord]:
        """Payments and refunds."""
        kinds = (PaymentRecord, RefundRecord)
        return MoneyRecords("transaction", kinds, self._all_transactions, self._explain)

    def _all_calls(self) -> tuple[CallRecord, ...]:
        with self._journal.lock:
            return tuple(map(self.call, range(1, len(self._journal.index.calls) + 1)))

    def _all_tokens(self) -> tuple[TokenRecord, ...]:
        with self._journal.lock:
            return tuple(map(self.token, self._journal.index.tokens.values()))

    def _all_payments(self) -> tuple[PaymentRecord, ...]:
        with self._journal.lock:
            return tuple(map(self.payment, self._journal.index.payments.values()))

    def _all_refunds(self) -> tuple[RefundRecord, ...]:
        with self._journal.lock:
            return tuple(map(self.refund, self._journal.index.refunds.values()))

    def _all_transactions(self) -> tuple[PaymentRecord | RefundRecord, ...]:
        with self._journal.lock:
            index = self._journal.index
            return tuple(
                self.payment(index.payments[name])
                if name in index.payments
                else self.refund(index.refunds[name])
                for name in index.order
            )

    # -- one record of what stands in the index, under the journal's lock -----------------------

    def call(self, number: int) -> CallRecord:
        """Return the record of an exchange, counted from 1."""
        call = self._journal.index.calls[number - 1]
        return self._same(number, (call,), lambda: call_record(number, call))

    def token(self, token: Token) -> TokenRecord:
        """Return the record of a token."""
        call = self._call(token.call_number)
        return self._same(token.token, (token, call), lambda: token_record(token, call))

    def refund(self, refund: Refund) -> RefundRecord:
        """Return the record of a refund."""
        call = self._call(refund.call_number)
        return self._same(refund.refund_id, (refund, call), lambda: refund_record(refund, call))

    def payment(self, payment: Payment) -> PaymentRecord:
        """Return the record of a payment, its refund with it."""
        call, name = self._call(payment.call_number), payment.refund_id
        refund = None if name is None else self.refund(self._journal.index.refunds[name])
        return self._same(
            payment.transaction_id,
            (payment, call, refund),
            lambda: payment_record(payment, call, refund),
        )

    def _call(self, number: int | None) -> CallRecord | None:
        return None if number is None else self.call(number)

    def _same(self, name: str | int, parts: tuple[Any, ...], make: Callable[[], R]) -> R:
        """Return the record that was made of these very parts before, or make it."""
        known = self._kept.get(name)
        if known is None or any(mine is not its for mine, its in zip(parts, known[0], strict=True)):
            known = self._kept[name] = parts, make()
        record: R = known[1]
        return record
