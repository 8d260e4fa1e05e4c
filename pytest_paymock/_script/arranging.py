"""State put in place without HTTP: request parts that are valid, tokens, payments, settlements."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from pytest_paymock._card_numbers import masked_argument, masked_text, quoted
from pytest_paymock._engine.cards import brand_of, number_of
from pytest_paymock._engine.clock import Clock
from pytest_paymock._engine.engine import CardData, Engine, Moment, PaymentOrder
from pytest_paymock._engine.journal import Entry, Journal
from pytest_paymock._engine.money import as_money, is_chargeable
from pytest_paymock._engine.outcomes import (
    ISSUER_DECLINED,
    SUCCESS,
    UNDER_REVIEW,
    Outcome,
    outcome_named,
)
from pytest_paymock._records.ledger import Ledger
from pytest_paymock._records.records import PaymentRecord, TokenRecord
from pytest_paymock._suggestions import did_you_mean
from pytest_paymock.errors import UnknownTransactionError, UsageError, is_for_caller

__tracebackhide__ = is_for_caller

_BY_STATUS = {"success": SUCCESS, "failed": ISSUER_DECLINED, "pending": UNDER_REVIEW}


class Arranging:
    """What puts the state of one fake in place."""

    def __init__(self, journal: Journal, clock: Clock, engine: Engine, ledger: Ledger) -> None:
        self._journal = journal
        self._clock = clock
        self._engine = engine
        self._ledger = ledger

    def _now(self) -> Moment:
        return Moment(None, self._clock.now())

    def card(self, name: str, overrides: Mapping[str, Any]) -> dict[str, Any]:
        """Return a valid ``card`` for a tokenize request, with fields replaced."""
        if not isinstance(name, str):
            raise UsageError(
                f"a test card is chosen by its name, such as 'visa', not by a {type(name).__name__}"
            )
        number = number_of(masked_text(name))
        made = {
            "card_number": number,
            "card_holder": "Test Customer",
            "expiry_month": 12,
            "expiry_year": self._good_year(),
            "cvv": "1234" if brand_of(number) == "American Express" else "123",
        }
        return _overridden("card", made, overrides)

    def _good_year(self) -> int:
        soon = self._clock.now().year + 2
        return min(max(soon, self._engine.rules.earliest_expiry_year), 9999)

    def customer(self, customer_id: str | None, overrides: Mapping[str, Any]) -> dict[str, Any]:
        """Return a valid ``customer`` for a tokenize request, with fields replaced."""
        made: dict[str, Any] = {
            "customer_id": customer_id,
            "email": "customer@example.com",
            "phone": "+1-555-0123",
            "billing_address": {
                "street": "123 Main St",
                "city": "New York",
                "state": "NY",
                "zip_code": "10001",
                "country": "US",
            },
        }
        address = overrides.get("billing_address")
        if isinstance(address, dict):
            _overridden("billing_address", made["billing_address"], address)
        return _overridden("customer", made, overrides)

    def add_token(self, card: str, customer_id: str | None) -> TokenRecord:
        """Put a token in place, and return its record."""
        made = self.card(card, {})
        data = CardData(
            made["card_number"], made["card_holder"], made["expiry_month"], made["expiry_year"]
        )
        customer, mark = self._customer(customer_id)
        with self._journal.lock:
            token = self._engine.tokenize(data, customer, self._now(), mark)
            self._journal.append(Entry(effect=token))
            return self._ledger.token(token)

    def _customer(self, customer_id: str | None) -> tuple[str | None, str]:
        """Return what may be kept of a customer's id, and the mark; None is no customer."""
        if customer_id is None:
            return None, ""
        masked_argument("customer_id", customer_id)
        return self._engine.customer(customer_id)

    def add_payment(
        self,
        *,
        amount: Decimal | int | float | str,
        token: str | TokenRecord | None,
        status: str | None,
        outcome: str | None,
        currency: str,
        customer_id: str | None,
        description: str | None,
    ) -> PaymentRecord:
        """Put a payment in place, and return its record."""
        money = as_money(amount)
        if not is_chargeable(money):
            bound = "greater than 0" if money <= 1 else "less than 1.8e308"
            raise UsageError(f"an amount is {bound}, not {quoted(amount)}")
        rules = self._engine.rules
        if not rules.is_currency(currency):
            raise UsageError(f"a currency is {rules.currency}, not {quoted(currency)}")
        chosen = _outcome_of(status, outcome)
        whose, mark = self._customer(customer_id or None)
        words = None if description is None else masked_argument("description", description)
        if token is None:
            token = self.add_token("visa", customer_id or "cust_1")
        name = token.token if isinstance(token, TokenRecord) else token
        with self._journal.lock:
            known = self._journal.index.tokens.get(name) if isinstance(name, str) else None
            if known is None:
                raise UsageError("add_payment takes a token that exists; add_token makes one")
            if whose is None:
                whose, mark = known.customer_id, known.customer_mark
            order = PaymentOrder(name, money, masked_text(currency), whose, words, mark)
            payment = self._engine.arrange(order, chosen, self._now())
            self._journal.append(Entry(effect=payment))
            return self._ledger.payment(payment)

    def settle(self, transaction_id: str, status: str) -> PaymentRecord:
        """End a pending payment, and return its new record."""
        try:
            wanted = masked_argument("transaction_id", transaction_id)
            with self._journal.lock:
                settlement = self._engine.settle(wanted, status)
                self._journal.append(Entry(effect=settlement))
                return self._ledger.payment(self._journal.index.payments[wanted])
        except UnknownTransactionError:
            raise UsageError(
                f"there is no transaction {quoted(transaction_id)} to settle"
            ) from None


def _overridden(noun: str, made: dict[str, Any], overrides: Mapping[str, Any]) -> dict[str, Any]:
    for name in overrides:
        if name not in made:
            raise UsageError(
                f"a {noun} has no field {quoted(name)}{did_you_mean(name, made)}; "
                f"it has {', '.join(made)}"
            )
    return {**made, **overrides}


def _outcome_of(status: str | None, outcome: str | None) -> Outcome:
    if outcome is not None:
        if status is not None:
            raise UsageError("add_payment takes a status or an outcome, which has one, not both")
        return outcome_named(outcome)
    if status is None:
        return SUCCESS
    if not isinstance(status, str) or status not in _BY_STATUS:
        raise UsageError(
            f"a payment's status is one of {', '.join(_BY_STATUS)}, not {quoted(status)}"
        )
    return _BY_STATUS[status]
