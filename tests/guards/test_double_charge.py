"""The guard ``double_charge``: the same charge again, after its answer was lost."""

from typing import Any

import pytest

from pytest_paymock import Paymock, faults
from pytest_paymock.faults import ALL, Fault

from .calling import CLIENTS, a_token, call, pay, silence, told_by

LOST = faults.read_timeout(after_commit=True)
LATER = [fault(after_commit=True) for fault in ALL if fault.can_follow_commit]

FIRST, SECOND, THIRD = (
    f"txn_20260127120000_{digits}" for digits in ("3c5a60cf", "fdb8f325", "b87e3572")
)


def again(paymock: Paymock, client: str = "httpx", fault: Fault = LOST) -> None:
    """Charge, lose the answer, and charge again."""
    token = a_token(paymock)
    paymock.faults.queue(fault)
    for _ in range(2):
        pay(paymock, token, client=client)


def evidence(
    first: str, second: str, fault: str = "read timeout after commit", **words: Any
) -> str:
    calls = words.get("calls", (1, 2))
    return (
        f"cust_1 was charged 5 USD twice: the answer to {first} was lost (call {calls[0]}, "
        f"{fault}), the same charge was made again as {second} (call {calls[1]}), and neither was "
        "refunded"
    )


@pytest.mark.parametrize("client", CLIENTS)
@pytest.mark.parametrize("fault", LATER, ids=str)
def test_a_charge_that_is_made_again_after_its_answer_was_lost_is_told(client: str, fault: Fault):
    (told,) = told_by(lambda paymock: again(paymock, client, fault))
    # The patience of the client goes by before the second charge.
    second = f"txn_2026012712000{5 if fault == LOST and client == 'httpx' else 0}_fdb8f325"
    assert (
        told == f"double_charge: {evidence(FIRST, second, str(fault))} {silence('double_charge')}"
    )


def test_a_late_answer_that_nobody_waited_for_was_lost_too():
    (told,) = told_by(lambda paymock: again(paymock, fault=faults.latency(60)))
    assert "was lost (call 1, latency 60 s), the same charge" in told


def test_each_further_charge_is_counted():
    def body(paymock: Paymock) -> None:
        token = a_token(paymock)
        paymock.faults.queue(faults.disconnect, faults.disconnect, after_commit=True)
        for _ in range(4):
            pay(paymock, token)

    (told,) = told_by(body)
    assert told == (
        f"double_charge: {evidence(FIRST, SECOND, 'disconnect after commit')}; and 1 more "
        f"{silence('double_charge')}"
    )


def test_charges_of_others_in_between_do_not_hide_it():
    def body(paymock: Paymock) -> None:
        token, other = a_token(paymock), a_token(paymock, "cust_2")
        paymock.faults.queue(faults.disconnect(after_commit=True))
        pay(paymock, token)
        pay(paymock, other, customer_id="cust_2")
        pay(paymock, token)

    (told,) = told_by(body)
    words = evidence(FIRST, THIRD, "disconnect after commit", calls=(1, 3))
    assert told == f"double_charge: {words} {silence('double_charge')}"


def test_another_token_of_the_same_customer_makes_no_other_charge():
    def body(paymock: Paymock) -> None:
        paymock.faults.queue(LOST)
        pay(paymock, a_token(paymock))
        pay(paymock, a_token(paymock))

    assert len(told_by(body)) == 1


def test_a_pending_charge_is_a_charge():
    def body(paymock: Paymock) -> None:
        paymock.outcomes.queue("under_review", "manual_review")
        again(paymock)

    assert len(told_by(body)) == 1


def test_a_customer_id_cannot_write_on_the_terminal():
    def body(paymock: Paymock) -> None:
        token = a_token(paymock, "\x1b[2J")
        paymock.faults.queue(LOST)
        for _ in range(2):
            pay(paymock, token, customer_id="\x1b[2J")

    (told,) = told_by(body)
    assert told.startswith("double_charge: \\x1b[2J was charged 5 USD twice: ")


# -- no false alarms --------------------------------------------------------------------------


def twice(paymock: Paymock, first: dict[str, Any], second: dict[str, Any]) -> None:
    token = a_token(paymock)
    paymock.faults.queue(LOST)
    pay(paymock, token, **first)
    pay(paymock, token, **second)


@pytest.mark.parametrize(
    "other",
    [
        {"amount": 6},
        {"amount": 5.01},
        {"currency": "EUR"},
        {"description": "Order 8"},
        {"description": None},
    ],
    ids=str,
)
def test_another_charge_is_another_charge(other: dict[str, Any]):
    assert told_by(lambda paymock: twice(paymock, {}, other)) == []
    assert told_by(lambda paymock: twice(paymock, other, {})) == []
    assert len(told_by(lambda paymock: twice(paymock, other, other))) == 1


def test_another_customer_is_another_customer():
    def body(paymock: Paymock) -> None:
        paymock.faults.queue(LOST)
        pay(paymock, a_token(paymock))
        pay(paymock, a_token(paymock, "cust_2"), customer_id="cust_2")

    assert told_by(body) == []


def test_an_equal_amount_is_equal_however_it_is_written():
    assert len(told_by(lambda paymock: twice(paymock, {"amount": 5}, {"amount": 5.0}))) == 1


def test_two_equal_charges_with_their_answers_are_two_purchases():
    def body(paymock: Paymock) -> None:
        token = a_token(paymock)
        for _ in range(3):
            pay(paymock, token)

    assert told_by(body) == []


@pytest.mark.parametrize("fault", ALL, ids=str)
def test_a_charge_after_one_that_never_happened_is_the_first(fault: Fault):
    assert told_by(lambda paymock: again(paymock, fault=fault)) == []


def test_a_late_answer_that_came_in_time_was_not_lost():
    assert told_by(lambda paymock: again(paymock, fault=faults.latency(4))) == []


def test_a_lost_answer_that_was_looked_up_is_no_second_charge():
    def body(paymock: Paymock) -> None:
        paymock.faults.queue(LOST)
        pay(paymock, a_token(paymock))
        found = call(paymock, "GET", "/api/v1/customers/cust_1/transactions").json()
        assert found["transaction_count"] == 1

    assert told_by(body) == []


@pytest.mark.parametrize("which", [0, 1])
def test_a_charge_that_was_refunded_is_none(which: int):
    def body(paymock: Paymock) -> None:
        again(paymock)
        name = paymock.payments[which].transaction_id
        assert call(paymock, "POST", f"/api/v1/transactions/{name}/refund").status_code == 200

    assert told_by(body) == []


@pytest.mark.parametrize("outcomes", [("card_declined", "success"), ("success", "card_declined")])
def test_a_charge_that_failed_is_none(outcomes: tuple[str, str]):
    def body(paymock: Paymock) -> None:
        paymock.outcomes.queue(*outcomes)
        again(paymock)
        assert [payment.outcome for payment in paymock.payments] == list(outcomes)

    assert told_by(body) == []


def test_a_pending_charge_that_failed_later_is_none():
    def body(paymock: Paymock) -> None:
        paymock.outcomes.queue("under_review")
        again(paymock)
        paymock.settle(paymock.payments.first.transaction_id, "failed")

    assert told_by(body) == []


def test_what_the_test_arranged_is_no_charge():
    def body(paymock: Paymock) -> None:
        arranged = {"amount": 5, "customer_id": "cust_1", "description": "Order 7"}
        paymock.add_payment(**arranged)
        paymock.faults.queue(LOST)
        pay(paymock, a_token(paymock))
        paymock.add_payment(**arranged)
        assert len({payment.amount for payment in paymock.payments}) == 1

    assert told_by(body) == []


def test_a_lost_refund_or_token_is_no_charge():
    def body(paymock: Paymock) -> None:
        payment = paymock.add_payment(amount=5)
        paymock.faults.queue(LOST, LOST, on="refund")
        for _ in range(2):
            call(paymock, "POST", f"/api/v1/transactions/{payment.transaction_id}/refund")

    assert told_by(body) == []


def test_after_a_reset_there_is_nothing_to_tell():
    def body(paymock: Paymock) -> None:
        again(paymock)
        paymock.reset()

    assert told_by(body) == []


# -- in explored worlds -----------------------------------------------------------------------


def test_double_charges_of_explored_worlds_are_told_once_with_the_name_of_the_first():
    def body(paymock: Paymock) -> None:
        token = a_token(paymock)
        for world in paymock.explore():
            with world:
                if pay(paymock, token) is None:
                    pay(paymock, token)

    (told,) = told_by(body)
    first = "world 5 of 20: call 1 create_payment, read timeout after commit"
    second = "txn_20260127120005_fdb8f325"
    assert told == (
        f"double_charge: in {first}: {evidence(FIRST, second)}; and 3 more "
        f"{silence('double_charge')}"
    )


def test_explored_worlds_without_a_double_charge_are_not_told_of():
    def body(paymock: Paymock) -> None:
        token = a_token(paymock)
        for world in paymock.explore():
            with world:
                pay(paymock, token)

    assert told_by(body) == []


def test_a_reset_forgets_what_was_found_in_worlds():
    def body(paymock: Paymock) -> None:
        for world in paymock.explore([faults.disconnect]):
            with world:
                token = a_token(paymock)
                if pay(paymock, token) is None:
                    pay(paymock, token)
        paymock.reset()

    assert told_by(body) == []
