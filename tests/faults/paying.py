"""Calls of the API through any client, for tests of what a fault does to them."""

import json
from typing import Any

from pytest_paymock import Paymock

from .clients import Exchange, Seen

NOON = "2026-01-27T12:00:00"
PAYMENTS = "/api/v1/payments"


def a_fake(**options: Any) -> Paymock:
    return Paymock(**{"clock": NOON, "guards": "off", **options})


def pay(paymock: Paymock, exchange: Exchange, token: str | None = None, **how: Any) -> Seen:
    """Charge 5 USD, with a token that is put in place without HTTP unless there is one."""
    name = token or paymock.add_token("visa", customer_id="cust_1").token
    order = {"token": name, "amount": 5, "customer_id": "cust_1"}
    return post(paymock, exchange, PAYMENTS, order, **how)


def tokenize(paymock: Paymock, exchange: Exchange, **how: Any) -> Seen:
    sent = {"card": paymock.card("visa"), "customer": paymock.customer("cust_1")}
    return post(paymock, exchange, "/api/v1/tokenize", sent, **how)


def refund(paymock: Paymock, exchange: Exchange, transaction_id: str, **how: Any) -> Seen:
    return post(paymock, exchange, f"/api/v1/transactions/{transaction_id}/refund", None, **how)


def look_up(paymock: Paymock, exchange: Exchange, customer_id: str = "cust_1", **how: Any) -> Seen:
    path = f"/api/v1/customers/{customer_id}/transactions"
    return exchange("GET", paymock.base_url + path, **how)


def post(paymock: Paymock, exchange: Exchange, path: str, sent: Any, **how: Any) -> Seen:
    body = None if sent is None else json.dumps(sent).encode()
    return exchange("POST", paymock.base_url + path, body=body, **how)
