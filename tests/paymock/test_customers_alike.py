"""What a test reads of two customers whose ids are masked alike."""

from decimal import Decimal

import httpx
import pytest

from pytest_paymock import Paymock, faults
from pytest_paymock._records.balances import balances
from tests.guards.calling import a_token, pay, told_by

ALIKE = ("4532015112830366", "4532 0151 1283 0366")
MASKED = "************0366"


def test_arranged_customers_are_those_of_calls():
    with Paymock() as paymock:
        paid = [paymock.add_payment(amount=5, customer_id=one).transaction_id for one in ALIKE]
        token = paymock.add_token(customer_id=ALIKE[1]).token
        paid.append(paymock.add_payment(amount=6, token=token).transaction_id)
        found = [
            [one["transaction_id"] for one in history(paymock, customer_id)]
            for customer_id in ALIKE
        ]
    assert found == [paid[:1], paid[1:]]


def history(paymock: Paymock, customer_id: str) -> list[dict[str, str]]:
    answer = httpx.get(f"{paymock.base_url}/api/v1/customers/{customer_id}/transactions").json()
    return list(answer["transactions"])


def test_each_has_a_balance():
    with Paymock() as paymock:
        first, _ = [paymock.add_payment(amount=5, customer_id=one) for one in ALIKE]
        httpx.post(f"{paymock.base_url}/api/v1/transactions/{first.transaction_id}/refund")
    found = balances(paymock.payments, paymock.refunds)
    assert [(one.customer_id, one.kept) for one in found] == [
        (MASKED, Decimal(0)),
        (MASKED, Decimal(5)),
    ]


def test_a_token_of_the_other_is_a_foreign_one():
    def body(paymock: Paymock) -> None:
        pay(paymock, a_token(paymock, ALIKE[0]), customer_id=ALIKE[1])

    (told,) = told_by(body)
    assert f"charges {MASKED} 5 USD with a token of {MASKED}" in told


@pytest.mark.parametrize("customer_id", [ALIKE[0], MASKED])
def test_the_own_token_is_none_by_the_id_that_was_sent_or_answered(customer_id: str):
    assert told_by(lambda p: pay(p, a_token(p, ALIKE[0]), customer_id=customer_id)) == []


def test_charges_of_two_customers_are_no_double_charge():
    def body(paymock: Paymock) -> None:
        paymock.outcomes.always("success")
        for customer_id in ALIKE:
            paymock.faults.queue(faults.read_timeout(after_commit=True))
            pay(paymock, a_token(paymock, customer_id), customer_id=customer_id)

    assert told_by(body) == []
