"""Code under test that takes money: a naive till, a careful one, and their clients."""

from collections.abc import Callable
from typing import Any

import httpx
import requests

from pytest_paymock import Paymock

NOON = "2026-01-27T12:00:00"

_CLIENT = httpx.Client()
_SESSION = requests.Session()

Send = Callable[..., Any]

CLIENTS: dict[str, Send] = {"httpx": _CLIENT.request, "requests": _SESSION.request}

ERRORS = (httpx.TransportError, requests.RequestException)


def a_fake(**options: Any) -> Paymock:
    return Paymock(**{"clock": NOON, "guards": "off", **options})


def a_token(paymock: Paymock) -> str:
    return paymock.add_token("visa", customer_id="cust_1").token


def pay(paymock: Paymock, token: str, amount: int = 5, send: Send = _CLIENT.request) -> Any:
    """Send one payment and return the answer's JSON; whatever goes wrong, it raises."""
    order = {"token": token, "amount": amount, "customer_id": "cust_1", "description": "Order 7"}
    answer = send("POST", f"{paymock.base_url}/api/v1/payments", json=order)
    answer.raise_for_status()
    return answer.json()


def history(paymock: Paymock, send: Send = _CLIENT.request) -> Any:
    answer = send("GET", f"{paymock.base_url}/api/v1/customers/cust_1/transactions")
    answer.raise_for_status()
    return answer.json()["transactions"]


def tokenize(paymock: Paymock, send: Send = _CLIENT.request) -> str:
    sent = {"card": paymock.card("visa"), "customer": paymock.customer("cust_1")}
    answer = send("POST", f"{paymock.base_url}/api/v1/tokenize", json=sent)
    answer.raise_for_status()
    return str(answer.json()["token"])


def quietly(work: Callable[..., Any], *args: Any, **options: Any) -> Any:
    """Do something and take every failure for None."""
    try:
        return work(*args, **options)
    except (*ERRORS, httpx.HTTPStatusError, ValueError):
        return None


def naive(paymock: Paymock, token: str, send: Send = _CLIENT.request) -> None:
    """Charge again when there was no answer: the mistake that exploration is for."""
    if quietly(pay, paymock, token, send=send) is None:
        quietly(pay, paymock, token, send=send)


def careful(paymock: Paymock, token: str, send: Send = _CLIENT.request) -> None:
    """Look into the history before charging again, and give up if that cannot be done."""
    if quietly(pay, paymock, token, send=send) is not None:
        return
    known = quietly(history, paymock, send=send)
    if known == []:
        quietly(pay, paymock, token, send=send)
