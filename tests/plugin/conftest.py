"""Small projects that use the fake: written, run and read by the tests of this directory."""

from collections.abc import Callable

import pytest

Run = Callable[..., pytest.RunResult]

STEADY = ("-W", "error")
"""No warning of ours in anybody's suite."""

SHOP = '''
"""The code under test: it takes money through httpx or requests."""

import httpx
import requests

CLIENTS = {"httpx": httpx.Client(), "requests": requests.Session()}


def tokenize(paymock, customer_id="cust_1", *, client="httpx", base=None):
    sent = {"card": paymock.card(), "customer": paymock.customer(customer_id)}
    answer = CLIENTS[client].post(f"{base or paymock.base_url}/api/v1/tokenize", json=sent)
    answer.raise_for_status()
    return answer.json()


def buy(paymock, amount=5, customer_id="cust_1", *, client="httpx", base=None, **order):
    base = base or paymock.base_url
    token = tokenize(paymock, customer_id, client=client, base=base)["token"]
    sent = {"token": token, "amount": amount, "customer_id": customer_id, **order}
    answer = CLIENTS[client].post(f"{base}/api/v1/payments", json=sent)
    answer.raise_for_status()
    return answer.json()
'''


@pytest.fixture(autouse=True)
def anywhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let pytest shorten its summary as at a desk, also where these tests run on a CI machine."""
    for name in ("CI", "BUILD_NUMBER"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def project(pytester: pytest.Pytester) -> pytest.Pytester:
    """An empty project with the code under test in ``shop.py``."""
    pytester.makepyfile(shop=SHOP)
    return pytester


@pytest.fixture
def run(project: pytest.Pytester) -> Run:
    """Run the project's tests in this process."""
    return lambda *args: project.runpytest_inprocess(*STEADY, *args)


@pytest.fixture
def run_apart(pytester: pytest.Pytester) -> Run:
    """Run the project's tests in a process of their own."""
    return lambda *args: pytester.runpytest_subprocess(*STEADY, *args)
