"""Ending a payment that is pending."""

import pytest

from pytest_paymock import Paymock, UsageError

from .support import NOW, call, paid, pay, refund

pytestmark = pytest.mark.paymock(clock=NOW)


@pytest.mark.parametrize(
    ("status", "outcome", "message"),
    [
        ("success", "success", "Payment processed successfully"),
        ("failed", "issuer_declined", "Card declined by issuer"),
    ],
)
@pytest.mark.parametrize("amount", [0.03, 10000])
def test_a_pending_payment_ends(
    paymock: Paymock, amount: float, status: str, outcome: str, message: str
) -> None:
    name = pay(paymock, amount)
    settled = paymock.settle(name, status)
    assert settled == paid(paymock, name)
    assert (settled.status, settled.outcome, settled.message) == (status, outcome, message)
    assert call(paymock, "GET", f"/transactions/{name}")["status"] == status


def test_a_payment_settles_as_success_unless_said_otherwise(paymock: Paymock) -> None:
    assert paymock.settle(
        paymock.add_payment(amount=1, status="pending").transaction_id
    ).status == ("success")


def test_the_reason_tells_the_whole_story(paymock: Paymock) -> None:
    name = pay(paymock, 0.03)
    assert paymock.settle(name, "failed").reason == (
        "settled by the test; was pending: special amount 0.03"
    )


def test_settling_keeps_everything_else(paymock: Paymock) -> None:
    name = pay(paymock, 0.03, description="gift")
    before = paid(paymock, name)
    pay(paymock, 1)
    after = paymock.settle(name)
    for field in ("transaction_id", "amount", "description", "call", "card", "processed_at"):
        assert getattr(after, field) == getattr(before, field), field
    assert paymock.payments.first.transaction_id == name


def test_a_settled_success_counts_as_a_charge_and_can_be_refunded(paymock: Paymock) -> None:
    name = pay(paymock, 0.03)
    paymock.assert_not_charged()
    paymock.settle(name, "success")
    paymock.assert_charged(0.03)
    assert refund(paymock, name).startswith("ref_")


def test_a_settled_failure_cannot_be_refunded(paymock: Paymock) -> None:
    name = pay(paymock, 0.03)
    paymock.settle(name, "failed")
    assert call(paymock, "POST", f"/transactions/{name}/refund")["detail"].endswith("is failed")


@pytest.mark.parametrize("status", ["success", "failed"])
def test_what_is_not_pending_cannot_be_settled(paymock: Paymock, status: str) -> None:
    name = paymock.add_payment(amount=1, status=status).transaction_id
    with pytest.raises(UsageError) as caught:
        paymock.settle(name, "success")
    assert str(caught.value) == f"only a pending payment can be settled; {name} is {status}"
    assert paid(paymock, name).reason == "arranged by the test"


def test_a_payment_is_settled_once(paymock: Paymock) -> None:
    name = pay(paymock, 0.03)
    paymock.settle(name, "failed")
    with pytest.raises(UsageError, match="is failed"):
        paymock.settle(name, "success")


def test_a_refund_cannot_be_settled(paymock: Paymock) -> None:
    refund_id = refund(paymock, pay(paymock))
    with pytest.raises(UsageError) as caught:
        paymock.settle(refund_id, "success")
    assert str(caught.value) == f"only a pending payment can be settled; {refund_id} is a refund"


def test_an_unknown_payment_cannot_be_settled(paymock: Paymock) -> None:
    with pytest.raises(UsageError, match="there is no transaction 'txn_no' to settle"):
        paymock.settle("txn_no")


def test_an_unknown_payment_is_not_named_if_it_is_a_card_number(paymock: Paymock) -> None:
    with pytest.raises(UsageError) as caught:
        paymock.settle("4532015112830366")
    assert "453201511283" not in str(caught.value)


@pytest.mark.parametrize("status", ["pending", "done", "", None])
def test_a_payment_settles_as_nothing_else(paymock: Paymock, status: str) -> None:
    name = pay(paymock, 0.03)
    with pytest.raises(UsageError, match="a payment settles as 'success' or 'failed', not"):
        paymock.settle(name, status)
    assert paid(paymock, name).status == "pending"
