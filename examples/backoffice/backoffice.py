"""A back office: what support and bookkeeping ask of the payment API, over ``requests``."""

import logging
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from urllib.parse import quote

import requests

log = logging.getLogger("backoffice")


class BackOfficeError(Exception):
    """The root of what the back office raises."""


class NotFoundError(BackOfficeError):
    """There is no such transaction or token."""


class RefundRefusedError(BackOfficeError):
    """The payment cannot be paid back; the message says why."""


@dataclass(frozen=True)
class Entry:
    """One line of a customer's account. ``amount`` is negative for a refund."""

    transaction_id: str
    when: datetime
    amount: Decimal
    currency: str
    status: str
    text: str


@dataclass(frozen=True)
class SavedCard:
    """What support sees of a card."""

    text: str
    valid: bool


class BackOffice:
    """The questions and the one act of the back office.

    Args:
        base_url: where the API lives.
        staff: who works with it; refunds are logged under this name.
    """

    def __init__(self, base_url: str, staff: str) -> None:
        self._base_url = base_url.rstrip("/")
        self._staff = staff
        self._session = requests.Session()

    def close(self) -> None:
        """Give the connections back."""
        self._session.close()

    def history(self, customer_id: str) -> list[Entry]:
        """Return a customer's payments and refunds, oldest first; empty for an unknown one."""
        # A customer id is the shop's business and may hold a slash.
        answer = self._call("GET", f"/api/v1/customers/{quote(customer_id, safe='')}/transactions")
        return [_entry(found) for found in answer["transactions"]]

    def totals(self, customer_id: str) -> dict[str, Decimal]:
        """Return what a customer has paid, less what was paid back, by currency."""
        totals: dict[str, Decimal] = {}
        for entry in self.history(customer_id):
            if entry.status == "success":
                totals[entry.currency] = totals.get(entry.currency, Decimal(0)) + entry.amount
        return totals

    def refund(self, transaction_id: str, *, reason: str) -> str:
        """Pay a payment back, and return the id of the refund.

        Raises:
            NotFoundError: if there is no such payment.
            RefundRefusedError: if it cannot be paid back.
        """
        answer = self._call("POST", f"/api/v1/transactions/{quote(transaction_id)}/refund")
        log.info("%s refunded %s: %s", self._staff, transaction_id, reason)
        return str(answer["refund_id"])

    def card(self, token: str) -> SavedCard:
        """Return what can be told about a saved card.

        Raises:
            NotFoundError: if the token was never issued.
        """
        info = self._call("GET", f"/api/v1/tokens/{quote(token)}")
        text = f"{info['card_type']} ending in {info['last_four_digits']}"
        return SavedCard(text, valid=info["is_valid"])

    def _call(self, method: str, path: str) -> Any:
        response = self._session.request(method, self._base_url + path, timeout=10)
        # Decimal, so that sums of money are exact.
        answer = response.json(parse_float=Decimal, parse_int=Decimal)
        if response.status_code == requests.codes.not_found:
            raise NotFoundError(answer["detail"])
        if response.status_code == requests.codes.bad_request:
            raise RefundRefusedError(answer["detail"])
        response.raise_for_status()
        return answer


def _entry(found: dict[str, Any]) -> Entry:
    refund_of = found.get("original_transaction_id")
    return Entry(
        found["transaction_id"],
        datetime.fromisoformat(found["processed_at"]),
        -found["amount"] if refund_of else found["amount"],
        found["currency"],
        found["status"],
        f"refund of {refund_of}" if refund_of else (found["description"] or ""),
    )
