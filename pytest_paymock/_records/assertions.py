"""The common sentences of a payment test, as assertions that explain themselves."""

from collections.abc import Mapping
from typing import Any

from pytest_paymock._api.endpoints import checked_name
from pytest_paymock._card_numbers import masked_argument, masked_text, quoted
from pytest_paymock._engine.money import as_money
from pytest_paymock._records.ledger import Ledger
from pytest_paymock._records.queries import Records
from pytest_paymock._text import messages, tables
from pytest_paymock.errors import ExpectationError, UsageError, is_for_caller

__tracebackhide__ = is_for_caller


class Assertions:
    """The assertions of ``Paymock``, on what stands in its ledger."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def charged(self, times: int, **fields: Any) -> None:
        """Check how many payments succeeded with the given amount, currency and customer."""
        wanted = {"status": "success", **_wanted(fields)}
        self._expect("charge", self._ledger.payments, wanted, times)

    def refunded(self, times: int, **fields: Any) -> None:
        """Check how many refunds there are of the given amount, currency and customer."""
        self._expect("refund", self._ledger.refunds, _wanted(fields), times)

    def called(self, endpoint: str, times: int | None) -> None:
        """Check that an endpoint was called, or that it was called so many times."""
        if times is not None:
            _check_times(times)
        found = self._ledger.calls.to(checked_name(endpoint))
        if len(found) == times or (times is None and len(found)):
            return
        wanted = "a call" if times is None else messages.count(times, "call")
        self._fail(
            f"expected {wanted} to {endpoint}, found {messages.count(len(found), 'call')}", {}, ()
        )

    def no_calls(self) -> None:
        """Check that the API was not called at all."""
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
        # A card number may stand there as ``times``.
        shown = masked_text(sentence)
        raise ExpectationError(tables.not_met(shown, wanted, candidates, self._ledger))


def _check_times(times: int) -> None:
    if isinstance(times, bool) or not isinstance(times, int) or times < 0:
        raise UsageError(f"times says how often, from 0 on, not {quoted(times)}")


def _wanted(fields: Mapping[str, Any]) -> dict[str, Any]:
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
