"""A shop's checkout: tokenize the card, take the money, keep the order's state.

Nothing in here knows that it is tested with a fake; the only setting is the address of the API.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from types import TracebackType
from typing import Any, Self

import httpx

NO_ANSWER = "We cannot tell yet whether your bank has paid. Please wait until we write to you."
IN_REVIEW = "Thank you. Your bank is checking the payment; we will write to you."
NO_FUNDS = "There is not enough money in the account. Please use another card."
DECLINED = "Your bank declined the payment. Please use another card."


class State(Enum):
    """Where an order stands."""

    OPEN = "open"
    PAID = "paid"
    DECLINED = "declined"
    PENDING = "pending"
    REFUNDED = "refunded"


class ShopError(Exception):
    """The root of what the shop raises; the message can be shown to the customer."""


class CardRefusedError(ShopError):
    """The card was not accepted: a typing error, or it has expired."""


class RefundRefusedError(ShopError):
    """The order cannot be refunded."""


class PaymentServiceError(ShopError):
    """The payment API was not reached, or did not work."""


@dataclass
class Order:
    """One order. ``message`` is what the customer reads."""

    number: str
    total: Decimal
    currency: str
    state: State = State.OPEN
    message: str = NO_ANSWER
    transaction_id: str | None = None


class Shop:
    """Takes money for carts. Use it as a context manager, so that its connections are closed."""

    def __init__(self, base_url: str, *, timeout: float = 5.0) -> None:
        self._api = httpx.Client(base_url=base_url, timeout=timeout)
        self.orders: dict[str, Order] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._api.close()

    def checkout(
        self,
        number: str,
        total: Decimal,
        *,
        card: Mapping[str, Any],
        customer: Mapping[str, Any],
        currency: str = "USD",
    ) -> Order:
        """Charge the card and store the order; a decline is a state, not an exception.

        Raises:
            CardRefusedError: if the card's data is wrong; there is no order then.
            PaymentServiceError: if the API fails; the order stays open, for somebody to look at.
        """
        stored = self._send("POST", "/api/v1/tokenize", {"card": card, "customer": customer})
        if stored.is_client_error:
            raise CardRefusedError(f"Please check your card: {stored.json()['detail']}")
        token = stored.json()
        # Kept before it is charged: an order whose answer gets lost must not be forgotten.
        order = self.orders[number] = Order(number, total, currency)
        charge = {
            "token": token["token"],
            "amount": float(total),
            "currency": currency,
            "customer_id": token["customer_id"],
            "description": f"Order {number}",
        }
        payment = self._send("POST", "/api/v1/payments", charge).raise_for_status().json()
        order.transaction_id = payment["transaction_id"]
        order.state, order.message = _outcome(payment["status"], payment["message"])
        return order

    def follow_up(self) -> list[Order]:
        """Ask what became of the pending orders, and return those that were decided."""
        pending = [order for order in self.orders.values() if order.state is State.PENDING]
        for order in pending:
            path = f"/api/v1/transactions/{order.transaction_id}"
            payment = self._send("GET", path).raise_for_status().json()
            order.state, order.message = _outcome(payment["status"], "")
        return [order for order in pending if order.state is not State.PENDING]

    def refund(self, number: str) -> Order:
        """Pay an order back.

        Raises:
            RefundRefusedError: if it was not paid, or was paid back already.
            PaymentServiceError: if the API fails.
        """
        order = self.orders[number]
        answer = self._send("POST", f"/api/v1/transactions/{order.transaction_id}/refund")
        if answer.is_client_error:
            raise RefundRefusedError(answer.json()["detail"])
        order.state, order.message = State.REFUNDED, "Your money is on its way back."
        return order

    def _send(
        self, method: str, path: str, body: Mapping[str, Any] | None = None
    ) -> httpx.Response:
        try:
            response = self._api.request(method, path, json=body)
        except httpx.TransportError as error:
            raise PaymentServiceError(NO_ANSWER) from error
        if response.is_server_error:
            raise PaymentServiceError(NO_ANSWER)
        return response


def _outcome(status: str, reason: str) -> tuple[State, str]:
    """Return the state of an order and the words for its customer."""
    if status == "success":
        return State.PAID, "Thank you for your order."
    if status == "pending":
        return State.PENDING, IN_REVIEW
    return State.DECLINED, NO_FUNDS if reason == "Insufficient funds" else DECLINED
