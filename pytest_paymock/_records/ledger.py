"""What happened: records of tokens, payments, refunds and HTTP exchanges."""

import dataclasses
import json
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any, Self, TypeVar

from pytest_paymock._api.endpoints import NAMES, checked_name
from pytest_paymock._api.http import Handled, Response
from pytest_paymock._engine.engine import Engine
from pytest_paymock._engine.masking import masked_text
from pytest_paymock._engine.records import Payment, Refund, Token
from pytest_paymock._records.queries import Explain, MoneyRecords, Records
from pytest_paymock.errors import is_for_caller
from pytest_paymock.faults import Fault

__tracebackhide__ = is_for_caller


@dataclass(frozen=True, slots=True, kw_only=True)
class CallRecord:
    """One HTTP exchange, as the client saw it. Of a card only the last four digits are in it.

    ``status_code`` and ``response`` are what reached the client: None where nothing did. ``fault``
    is the value of ``pytest_paymock.faults`` that the exchange met, with its phase, or None, and
    ``waited`` for how many seconds of the fake's clock the client waited because of it.
    """

    number: int
    client: str
    endpoint: str | None
    method: str
    path: str
    status_code: int | None
    fault: Fault | None
    at: datetime
    waited: float = field(default=0.0, repr=False)
    request_body: bytes | None = field(repr=False)
    response_body: bytes | None = field(repr=False)

    @property
    def request(self) -> Any:
        """The request's JSON, card data masked; None without a body or if it was no JSON object."""
        return None if self.request_body is None else json.loads(self.request_body)

    @property
    def response(self) -> Any:
        """The answer's JSON; None if there was none, or what came of it was no JSON."""
        if not self.response_body:
            return None
        try:
            return json.loads(self.response_body)
        except ValueError:
            return None

    @property
    def acted(self) -> bool:
        """Whether the API acted on the request, as it does but for a fault before the commit."""
        return self.fault is None or self.fault.acts

    @property
    def lost(self) -> bool:
        """Whether the API acted and the client did not get its answer."""
        if self.status_code is None:
            return self.acted
        return self.fault is not None and self.fault.after_commit


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenRecord(Token):
    """A token, with the exchange that made it (None if the test arranged it)."""

    call: CallRecord | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundRecord(Refund):
    """A refund, with the exchange that made it."""

    call: CallRecord | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class PaymentRecord(Payment):
    """A payment as it was when it was asked for, with its exchange and its refund, if any."""

    call: CallRecord | None = None
    refund: RefundRecord | None = None


P = TypeVar("P", TokenRecord, RefundRecord, PaymentRecord)

_FIELDS = {
    kind: tuple(item.name for item in dataclasses.fields(source))
    for kind, source in ((TokenRecord, Token), (RefundRecord, Refund), (PaymentRecord, Payment))
}
"""What a public record takes over from the engine's."""


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


# A row is an exact tuple of strings, bytes, numbers and a time: the garbage collector stops
# looking at such a tuple, so a long run does not get slower with every call it remembers. Only a
# fault makes a row that it looks at.
Row = tuple[
    str,
    str | None,
    str,
    str,
    int | None,
    Fault | None,
    datetime,
    float,
    bytes | None,
    bytes | None,
]

_STATUS, _FAULT = 4, 5
"""Where in a row the status and the fault stand."""

_METHODS = {method: method for method in ("GET", "POST", "HEAD", "PUT", "PATCH", "DELETE")}
"""One string for all rows: a client makes one for each request."""


class Ledger:
    """All that one fake remembers, as live sequences.

    ``rows`` are the exchanges in their order, and ``disturbed`` says whether one has met a fault or
    had a client that reads no answer.
    """

    def __init__(self, engine: Engine, explain: Explain) -> None:
        self._engine = engine
        self.rows: list[Row] = []
        self.disturbed = False
        self._built: dict[int, CallRecord] = {}
        self._linked: dict[str, tuple[Any, Any]] = {}
        self._explain = explain

    def __len__(self) -> int:
        return len(self.rows)

    def record(
        self,
        client: str,
        method: str,
        handled: Handled,
        arrived: Response | None,
        fault: Fault | None = None,
        waited: float = 0.0,
    ) -> None:
        """Write down one exchange; called under the engine's lock.

        Args:
            client: the library's name.
            method: the request's.
            handled: the rest of the request, as it may be recorded.
            arrived: what reached the client.
            fault: what the exchange met.
            waited: for how many seconds of the fake's clock the client waits because of it.
        """
        _, endpoint, path, request = handled
        if fault is not None:
            self.disturbed = True
        status, body, _ = arrived or (None, None, ())
        self.rows.append(
            (
                client,
                endpoint,
                _METHODS.get(method) or masked_text(method),
                path,
                status,
                fault,
                self._engine.now(),
                waited,
                request,
                body,
            )
        )

    def lose(self, row: Row) -> None:
        """Write down that a late answer reached nobody, if its exchange is in the book still."""
        for index in range(len(self.rows) - 1, -1, -1):
            if self.rows[index] is row:
                self.rows[index] = (*row[:4], None, *row[5:9], None)
                self.disturbed = True
                # Records that were made of it, and of the payment that it made, tell the old story.
                self._built.pop(index + 1, None)
                self._linked.clear()
                return

    def state(self) -> tuple[Row, ...]:
        """Return what :meth:`restore` takes."""
        return tuple(self.rows)

    def restore(self, state: tuple[Row, ...]) -> None:
        """Bring an earlier :meth:`state` back."""
        self.rows = list(state)
        self.disturbed = any(row[_FAULT] is not None or row[_STATUS] is None for row in state)
        self._built.clear()
        self._linked.clear()

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

    def _call(self, number: int | None) -> CallRecord | None:
        if number is None:
            return None
        known = self._built.get(number)
        if known is None:
            client, endpoint, method, path, status, fault, at, waited, request, response = (
                self.rows[number - 1]
            )
            known = self._built[number] = CallRecord(
                number=number,
                client=client,
                endpoint=endpoint,
                method=method,
                path=path,
                status_code=status,
                fault=fault,
                at=at,
                waited=waited,
                request_body=request,
                response_body=response,
            )
        return known

    def _all_calls(self) -> tuple[CallRecord, ...]:
        with self._engine.lock:
            return tuple(
                call for call in map(self._call, range(1, len(self.rows) + 1)) if call is not None
            )

    def _all_tokens(self) -> tuple[TokenRecord, ...]:
        with self._engine.lock:
            return tuple(map(self.token, self._engine.tokens.values()))

    def _all_payments(self) -> tuple[PaymentRecord, ...]:
        with self._engine.lock:
            return tuple(map(self.payment, self._engine.payments.values()))

    def _all_refunds(self) -> tuple[RefundRecord, ...]:
        with self._engine.lock:
            return tuple(map(self.refund, self._engine.refunds.values()))

    def _all_transactions(self) -> tuple[PaymentRecord | RefundRecord, ...]:
        with self._engine.lock:
            found = map(self._engine.transaction, self._engine.order)
            return tuple(
                self.refund(record) if isinstance(record, Refund) else self.payment(record)
                for record in found
            )

    def token(self, token: Token) -> TokenRecord:
        """Return the public record of an engine's token."""
        return self._record(TokenRecord, token.token, token)

    def refund(self, refund: Refund) -> RefundRecord:
        """Return the public record of an engine's refund."""
        return self._record(RefundRecord, refund.refund_id, refund)

    def payment(self, payment: Payment) -> PaymentRecord:
        """Return the public record of an engine's payment, its refund with it."""
        if payment.refund_id is None:
            return self._record(PaymentRecord, payment.transaction_id, payment)
        refund = self.refund(self._engine.refunds[payment.refund_id])
        known = self._linked.get(payment.transaction_id)
        if known is not None and known[1].refund is not refund:
            # Under the deployed profile a refund changes as well: when it is refunded itself.
            del self._linked[payment.transaction_id]
        return self._record(PaymentRecord, payment.transaction_id, payment, refund=refund)

    def _record(self, kind: type[P], name: str, source: Any, **links: Any) -> P:
        """Return the record of one of the engine's, the same one as long as that stays the same."""
        known = self._linked.get(name)
        if known is None or known[0] is not source:
            own = {field: getattr(source, field) for field in _FIELDS[kind]}
            made = kind(**own, call=self._call(source.call_number), **links)
            known = self._linked[name] = source, made
        record: P = known[1]
        return record
