"""Three programs in three languages, each in a process of its own, tested through the live server.

Those whose interpreter is on this machine are tested; Python is always there.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from pytest_paymock import faults
from pytest_paymock.server import ServerPaymock

HERE = Path(__file__).parent

PROGRAMS = {"python": [sys.executable, str(HERE / "charge.py")]}
if shutil.which("sh") and shutil.which("curl"):
    PROGRAMS["shell"] = ["sh", str(HERE / "charge.sh")]
if shutil.which("node"):
    PROGRAMS["node"] = ["node", str(HERE / "charge.mjs")]

VISA = "4532015112830366"

Charge = Callable[..., tuple[int, str]]


@pytest.fixture(params=PROGRAMS)
def charge(request: pytest.FixtureRequest, paymock_server: ServerPaymock) -> Charge:
    """Run one of the programs; it knows nothing of the test but a URL."""

    def run(amount: str = "99.99", card: str = VISA) -> tuple[int, str]:
        done = subprocess.run(  # noqa: S603 - our own program
            [*PROGRAMS[request.param], amount, card, "cust_1"],
            env={**os.environ, "PAYMENT_URL": paymock_server.url},
            capture_output=True,
            text=True,
            check=False,
        )
        return done.returncode, done.stdout.strip()

    return run


@pytest.mark.paymock(success_rate=1)
def test_an_order_is_paid_once(charge: Charge, paymock_server: ServerPaymock) -> None:
    status, words = charge()
    payment = paymock_server.payments.one()
    assert (status, words) == (0, f"paid: {payment.transaction_id}")
    assert (payment.amount, payment.customer_id) == (Decimal("99.99"), "cust_1")


@pytest.mark.parametrize(
    ("outcome", "words"),
    [
        ("insufficient_funds", "not paid: Insufficient funds"),
        ("under_review", "not paid: Payment under review"),
    ],
)
def test_a_payment_that_does_not_go_through_is_told(
    charge: Charge, paymock_server: ServerPaymock, outcome: str, words: str
) -> None:
    paymock_server.outcomes.queue(outcome)
    assert charge() == (2, words)
    paymock_server.assert_not_charged()


def test_a_wrong_card_is_refused_in_the_words_of_the_api(
    charge: Charge, paymock_server: ServerPaymock
) -> None:
    status, words = charge(card="4532015112830367")
    assert status == 1
    assert words.startswith("refused: card.card_number: is not a valid card number")
    paymock_server.assert_called("tokenize", times=1)
    paymock_server.assert_called("create_payment", times=0)


@pytest.mark.parametrize(
    "fault", [faults.disconnect, faults.connection_reset, faults.truncated_body], ids=str
)
def test_a_lost_answer_is_not_tried_again(
    charge: Charge, paymock_server: ServerPaymock, fault: faults.Fault
) -> None:
    paymock_server.faults.queue(fault, on="create_payment", after_commit=True)
    assert charge() == (3, "unknown: look before you charge again")
    assert paymock_server.payments.one().call is paymock_server.calls.last
    paymock_server.assert_called("create_payment", times=1)
