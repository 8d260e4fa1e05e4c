"""Small projects whose runs are reported, and reading what a report says."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

# An in-process run throws away what it imported, so what is heavy is imported here, once for all.
import pytest_paymock._report.document
import pytest_paymock._report.page  # noqa: F401

Run = Callable[..., pytest.RunResult]
Reported = Callable[..., dict[str, Any]]

# The rule about warnings of the run around it holds within the process, unless another is given.
STEADY = ("-W", "always")

TILL = '''
"""The code under test: it takes money through httpx or requests."""

import httpx
import requests

CLIENTS = {"httpx": httpx.Client(), "requests": requests.Session()}
NO_ANSWER = (httpx.TransportError, requests.RequestException)


def send(paymock, method, path, client="httpx", **body):
    return CLIENTS[client].request(method, paymock.base_url + path, **body)


def tokenize(paymock, customer_id="cust_1", client="httpx"):
    sent = {"card": paymock.card(), "customer": paymock.customer(customer_id)}
    return send(paymock, "POST", "/api/v1/tokenize", client, json=sent).json()["token"]


def pay(paymock, amount=5, customer_id="cust_1", client="httpx", **order):
    token = paymock.add_token(customer_id=order.pop("owner", customer_id)).token
    sent = {"token": token, "amount": amount, "customer_id": customer_id, **order}
    return send(paymock, "POST", "/api/v1/payments", client, json=sent)


def pay_naively(paymock, **order):
    """Charge, and charge again when there is no answer."""
    for _ in range(2):
        try:
            return pay(paymock, **order)
        except NO_ANSWER:
            pass


def refund(paymock, payment):
    return send(paymock, "POST", f"/api/v1/transactions/{payment.transaction_id}/refund")
'''


@pytest.fixture(autouse=True)
def anywhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let pytest shorten its summary as at a desk, also where these tests run on a CI machine."""
    for name in ("CI", "BUILD_NUMBER"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def project(pytester: pytest.Pytester) -> pytest.Pytester:
    """An empty project with the code under test in ``till.py``, and the clock pinned."""
    pytester.makepyfile(till=TILL)
    pytester.makeini("[pytest]\npaymock_clock = 2026-01-27T12:00:00\n")
    return pytester


@pytest.fixture
def run(project: pytest.Pytester) -> Run:
    """Run the project's tests, or the given ones, in this process."""

    def run(source: str | None = None, *args: str) -> pytest.RunResult:
        if source is not None:
            project.makepyfile(test_till=f"import pytest\nfrom till import *\n{source}")
        return project.runpytest_inprocess(*STEADY, *args)

    return run


@pytest.fixture
def reported(run: Run, project: pytest.Pytester) -> Reported:
    """Run tests, and return what the JSON report says."""

    def reported(source: str | None = None, *args: str) -> dict[str, Any]:
        run(source, "--paymock-report=report.json", *args)
        return read(project.path / "report.json")

    return reported


def read(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return found


def summary(result: pytest.RunResult) -> list[str]:
    """Return the lines of the terminal summary, or none without one."""
    found: list[str] = []
    inside = False
    for line in result.outlines:
        if line.startswith("====") or line.rstrip().endswith("===="):
            inside = line.strip("= ") == "paymock"
        elif inside and line and not re.search(r" in \d+\.\d\ds", line):
            found.append(line)
    return found
