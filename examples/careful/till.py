"""Two tills that take money for an order and try again when something goes wrong.

Both try again, since a lost connection must not lose a sale. They differ in one question: is it
known that the first try did *not* charge the customer? The API takes no idempotency key, so the
only way to know is to ask for the customer's history.
"""

from dataclasses import dataclass
from typing import Any

import httpx


class PaymentUnknownError(Exception):
    """Nobody can say yet whether the customer was charged; the order has to be looked at later."""


@dataclass(frozen=True)
class Order:
    """What is to be paid, and with which stored card."""

    number: str
    amount: float
    token: str
    customer_id: str

    @property
    def description(self) -> str:
        """The text by which the order is found again in the customer's history."""
        return f"Order {self.number}"


class NaiveTill:
    """Takes money; when there is no answer, or an odd one, it simply tries again."""

    tries = 3

    def __init__(self, api: httpx.Client) -> None:
        self._api = api

    def take(self, order: Order) -> str:
        """Charge the customer and return what became of it: ``success``, ``failed``, ``pending``.

        Raises:
            PaymentUnknownError: after so many tries without success.
        """
        for _ in range(self.tries):
            try:
                return str(self._charge(order)["status"])
            except (httpx.HTTPError, ValueError):
                continue
        raise PaymentUnknownError(order.number)

    def _charge(self, order: Order) -> dict[str, Any]:
        body = {
            "token": order.token,
            "amount": order.amount,
            "customer_id": order.customer_id,
            "description": order.description,
        }
        return self._json(self._api.post("/api/v1/payments", json=body))

    @staticmethod
    def _json(answer: httpx.Response) -> dict[str, Any]:
        found: dict[str, Any] = answer.raise_for_status().json()
        return found


class CarefulTill(NaiveTill):
    """Takes money; before it tries again, it asks whether the money was taken already."""

    def take(self, order: Order) -> str:
        """Charge the customer once, or find out that it was done.

        Raises:
            PaymentUnknownError: if the API cannot be asked; the customer is not charged again.
        """
        for _ in range(self.tries):
            try:
                return str(self._charge(order)["status"])
            except (httpx.HTTPError, ValueError):
                status = self.look_up(order)
                if status is not None:
                    return status
        raise PaymentUnknownError(order.number)

    def look_up(self, order: Order) -> str | None:
        """Return what became of an order, None if it was never charged.

        Raises:
            PaymentUnknownError: if the API cannot be asked.
        """
        try:
            path = f"/api/v1/customers/{order.customer_id}/transactions"
            history = self._json(self._api.get(path))["transactions"]
        except (httpx.HTTPError, ValueError) as error:
            raise PaymentUnknownError(order.number) from error
        found = [entry for entry in history if entry["description"] == order.description]
        return found[-1]["status"] if found else None
