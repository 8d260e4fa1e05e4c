"""The common sentences of a payment test, as assertions that explain themselves."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from pytest_paymock._api.endpoints import checked_name
from pytest_paymock._card_numbers import masked_argument, quoted
from pytest_paymock._engine.money import as_money
from pytest_paymock._records.ledger import Ledger
from pytest_paymock._records.queries import Records
from pytest_paymock._text import messages, tables
from pytest_paymock.errors import ExpectationError, UsageError, is_for_caller

__tracebackhide__ = is_for_caller


class Assertions:
    """The part of ``Paymock`` that checks what happened."""

    _ledger: Ledger

    def assert_charged(
        self,
        amount: Decimal | int | float | str | None = None,
        currency: str | None = None,
        customer_id: str | None = None,
        times: int = 1,
    ) -> None:
        """Check how many payments succeeded with the given amount, currency and customer.

        Raises:
            ExpectationError: with the nearest payment, what differs, and the ledger.
            UsageError: for an amount, a text or a number of times that cannot be.
        """
        wanted = _wanted(amount=amount, currency=currency, customer_id=customer_id)
        self._expect("charge", self._ledger.payments, {"status": "success", **wanted}, times)

    def assert_not_charged(
        self,
        amount: Decimal | int | float | str | None = None,
        currency: str | None = None,
        customer_id: str | None = None,
    ) -> None:
        """Check that no payment succeeded with the given amount, currency and customer.

        Raises:
            ExpectationError: with the ledger.
            UsageError: for an amount or a text that cannot be.
        """
        self.assert_charged(amount, currency, customer_id, times=0)

    def assert_refunded(
        self,
        amount: Decimal | int | float | str | None = None,
        currency: str | None = None,
        customer_id: str | None = None,
        times: int = 1,
    ) -> None:
        """Check how many refunds there are of the given amount, currency and customer.

        Raises:
            ExpectationError: with the nearest refund, what differs, and the ledger.
            UsageError: for an amount, a text or a number of times that cannot be.
        """
        wanted = _wanted(amount=amount, currency=currency, customer_id=customer_id)
        self._expect("refund", self._ledger.refunds, wanted, times)

    def assert_called(self, endpoint: str, times: int | None = None) -> None:
        """Check that an endpoint was called, or that it was called so many times.

        Args:
            endpoint: a route name, such as ``"create_payment"``.
            times: how often; None asks for once or more.

        Raises:
            ExpectationError: with the ledger.
            UsageError: for an unknown endpoint or a number of times that cannot be.
        """
        if times is not None:
            _check_times(times)
        found = self._ledger.calls.to(checked_name(endpoint))
        if len(found) == times or (times is None and len(found)):
            return
        wanted = "a call" if times is None else messages.count(times, "call")
        self._fail(
            f"expected {wanted} to {endpoint}, found {messages.count(len(found), 'call')}", {}, ()
        )

    def assert_no_calls(self) -> None:
        """Check that the API was not called at all.

        Raises:
            ExpectationError: with the ledger.
        """
        if len(self._ledger):
            self._fail(
                f"expected no call, found {messages.count(len(self._ledger), 'call')}", {}, ()
            )

    def _expect(
        self, noun: str, records: Records[Any], wanted: Mapping[str, Any], times: int
    ) -> None:
        _check_times(times)
        found = records.where(**wanted)
        if len(found) == times:
            return
        shown = tables.conditions({k: v for k, v in wanted.items() if k != "status"})
        sentence = (
            f"expected {messages.count(times, noun)}{f' with {shown}' if shown else ''}, "
            f"found {messages.count(len(found), noun)}"
        )
        others = [record for record in records if record not in found]
        self._fail(sentence, wanted, others if len(found) < times else ())

    def _fail(self, sentence: str, wanted: Mapping[str, Any], candidates: Any) -> None:
        raise ExpectationError(tables.not_met(sentence, wanted, candidates, self._ledger))


def _check_times(times: int) -> None:
    if isinstance(times, bool) or not isinstance(times, int) or times < 0:
        raise UsageError(f"times says how often, from 0 on, not {quoted(times)}")


def _wanted(**fields: Any) -> dict[str, Any]:
    """Return the conditions that were given, with an exact amount.

    Raises:
        UsageError: for what no record could equal: that nothing does would prove nothing.
    """
    given = {name: value for name, value in fields.items() if value is not None}
    if "amount" in given:
        given["amount"] = as_money(given["amount"])
    for name in ("customer_id", "currency"):
        if name in given:
            given[name] = masked_argument(name, given[name])
    return given
