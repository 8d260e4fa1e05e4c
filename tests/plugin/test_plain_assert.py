"""A plain ``assert`` of what became of a payment also says why it became so."""

import pytest

from .conftest import Run

PINNED = "[pytest]\npaymock_clock = 2026-01-27T12:00:00\n"

DECLINED = """
from shop import buy

def test_it(paymock):
    paymock.outcomes.queue("card_declined")
    answer = buy(paymock, 19.5)
    payment = paymock.payments.one()
    {check}
"""

WHY = [
    "E         paymock: txn_20260127120000_3c5a60cf  failed  19.5 USD  cust_1",
    "E                Visa 0366  call 2  Card declined  (queued by the test)",
]


@pytest.fixture
def pinned(project: pytest.Pytester) -> pytest.Pytester:
    project.makeini(PINNED)
    return project


def explained(result: pytest.RunResult) -> list[str]:
    """Return what a failed comparison says, from our first word on."""
    lines = [line for line in result.outlines if line.startswith("E  ")]
    start = next((at for at, line in enumerate(lines) if "paymock: " in line), len(lines))
    return lines[start:]


EXPLAINED = [
    'assert payment.status == "success"',
    'assert "success" == payment.status',
    'assert payment.outcome == "success"',
    'assert answer["status"] == "success"',
    'assert answer["message"] == "Payment processed successfully"',
]
LEFT_ALONE = [
    # pytest itself has nothing to say of these.
    'assert answer["status"] in ("success", "pending")',
    'assert payment.status != "failed"',
    # These ask for something else than what became of the payment.
    'assert payment.currency == "EUR"',
    'assert payment.customer_id == "cust_2"',
    "assert payment.amount == 5",
    'assert [payment.status] == ["success"]',
]


@pytest.mark.parametrize("check", [*EXPLAINED, *LEFT_ALONE])
def test_it_says_why_a_payment_ended_so_and_nothing_else(
    pinned: pytest.Pytester, run: Run, check: str
):
    pinned.makepyfile(DECLINED.format(check=check))
    assert explained(run()) == (WHY if check in EXPLAINED else [])


@pytest.mark.parametrize(
    "flags", [("-v",), ("-q",), ("--tb=short",), ("-p", "xdist", "-n", "1")], ids=" ".join
)
def test_it_says_so_in_every_view(pinned: pytest.Pytester, run: Run, flags: tuple[str, ...]):
    pinned.makepyfile(DECLINED.format(check='assert payment.status == "success"'))
    assert [line.split() for line in explained(run(*flags))] == [line.split() for line in WHY]


def test_of_many_payments_it_names_some(pinned: pytest.Pytester, run: Run):
    pinned.makepyfile(
        """
        from shop import buy

        def test_it(paymock, paymock_factory):
            other = paymock_factory(base_url="https://pay.example")
            for fake in (paymock, other):
                for amount in (0.01, 0.02):
                    buy(fake, amount)
            buy(paymock, 5)
            assert paymock.payments.first.status == "success"
        """
    )
    lines = explained(run())
    assert sum("paymock: txn_" in line for line in lines) == 2
    assert lines[-1] == "E         paymock: 2 more ended so, see below"


def test_outside_a_test_with_a_fake_it_says_nothing(pinned: pytest.Pytester, run: Run):
    pinned.makepyfile(
        """
        def test_fake(paymock): pass
        def test_plain(): assert "failed" == "success"
        """
    )
    assert explained(run()) == []
