"""Calls of the API, and what the guards say about them at the end of a ``with`` block."""

import re
import warnings
from collections.abc import Callable
from typing import Any

import httpx
import pytest
import requests

from pytest_paymock import Paymock, PaymockWarning

NOON = "2026-01-27T12:00:00"
VISA = "4532015112830366"

CLIENTS: dict[str, Callable[..., Any]] = {
    "httpx": httpx.Client().request,
    "requests": requests.Session().request,
}

NO_ANSWER = (httpx.TransportError, requests.RequestException)


def a_fake(**options: Any) -> Paymock:
    return Paymock(**{"clock": NOON, **options})


def a_token(paymock: Paymock, customer_id: str = "cust_1") -> str:
    return paymock.add_token("visa", customer_id=customer_id).token


def call(paymock: Paymock, method: str, path: str, *, client: str = "httpx", **how: Any) -> Any:
    """Send a request below the base URL; None if there is no answer."""
    try:
        return CLIENTS[client](method, paymock.base_url + path, **how)
    except NO_ANSWER:
        return None


def pay(paymock: Paymock, token: str, *, client: str = "httpx", **order: Any) -> Any:
    """Charge 5 USD to ``cust_1`` unless told otherwise; None if there is no answer."""
    sent = {"token": token, "amount": 5, "customer_id": "cust_1", "description": "Order 7", **order}
    return call(paymock, "POST", "/api/v1/payments", client=client, json=sent)


def tokenize(paymock: Paymock, *, client: str = "httpx", **card: Any) -> Any:
    sent = {"card": {**paymock.card("visa"), **card}, "customer": paymock.customer("cust_1")}
    return call(paymock, "POST", "/api/v1/tokenize", client=client, json=sent)


def told_by(body: Callable[[Paymock], Any], **options: Any) -> list[str]:
    """Run a body within a fake's block, and return what the guards warned of at its end."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        with a_fake(**options) as paymock:
            body(paymock)
    assert all(issubclass(warning.category, PaymockWarning) for warning in caught)
    return [str(warning.message) for warning in caught]


def silence(guard: str) -> str:
    """Return how a finding of a guard says that it can be silenced."""
    return f'(silence it with @pytest.mark.paymock(allow=["{guard}"]))'


def told_in(result: pytest.RunResult) -> list[str]:
    """Return the findings of the guards that a run shows, each once."""
    found = re.findall(r"(?:\w+_charge|\w+_token|\w+_leak): .*?\]\)\)", result.stdout.str())
    return list(dict.fromkeys(found))
