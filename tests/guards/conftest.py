"""Small test files, run and read by the tests of this directory."""

from collections.abc import Callable

import pytest

from .calling import VISA

Run = Callable[..., pytest.RunResult]

# The rule about warnings of the run around it holds within the process, unless another is given.
STEADY = ("-W", "always")

HELPERS = f"""
import httpx
import pytest

from pytest_paymock import faults

CLIENT = httpx.Client()
VISA = "{VISA}"


def tokenize(paymock):
    sent = {{"card": paymock.card("visa"), "customer": paymock.customer("cust_1")}}
    return CLIENT.post(f"{{paymock.base_url}}/api/v1/tokenize", json=sent)


def pay(paymock, **order):
    token = paymock.add_token("visa", customer_id="cust_1").token
    sent = {{"token": token, "amount": 5, "customer_id": "cust_1", **order}}
    return CLIENT.post(f"{{paymock.base_url}}/api/v1/payments", json=sent)


def charge_twice(paymock):
    paymock.faults.queue(faults.server_error(after_commit=True))
    for _ in range(2):
        pay(paymock)


def use_a_foreign_token(paymock):
    pay(paymock, customer_id="cust_2")


def send_a_card_astray(paymock):
    tokenize(paymock)
    pay(paymock, description=VISA)


def print_a_card(paymock):
    tokenize(paymock)
    print("charging", VISA)


def swallow_a_block(paymock):
    with pytest.raises(httpx.ConnectError):
        httpx.get("https://bank.example/")
"""


@pytest.fixture
def run(pytester: pytest.Pytester) -> Run:
    """Run a test file, of which the helpers are known, in this process."""

    def run(source: str, *args: str) -> pytest.RunResult:
        pytester.makepyfile(helpers=HELPERS, test_till=f"from helpers import *\n{source}")
        return pytester.runpytest_inprocess(*STEADY, *args)

    return run
