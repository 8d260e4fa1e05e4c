"""The guard ``foreign_token``: a payment with another customer's token."""

import httpx
import pytest

from pytest_paymock import Paymock, faults

from .calling import CLIENTS, a_token, pay, silence, told_by


@pytest.mark.parametrize("client", CLIENTS)
@pytest.mark.parametrize("outcome", ["success", "card_declined", "under_review"])
def test_a_payment_with_a_token_of_another_customer_is_told(client: str, outcome: str):
    def body(paymock: Paymock) -> None:
        paymock.outcomes.queue(outcome)
        pay(paymock, a_token(paymock, "cust_1"), client=client, customer_id="cust_2")

    assert told_by(body) == [
        "foreign_token: txn_20260127120000_3c5a60cf charges cust_2 5 USD with a token of cust_1 "
        + silence("foreign_token")
    ]


def test_each_further_one_is_counted():
    def body(paymock: Paymock) -> None:
        token = a_token(paymock)
        for customer_id in ("cust_2", "cust_3", "cust_1"):
            pay(paymock, token, customer_id=customer_id)

    (told,) = told_by(body)
    assert "charges cust_2 5 USD with a token of cust_1; and 1 more (silence" in told


def test_customer_ids_cannot_write_on_the_terminal():
    def body(paymock: Paymock) -> None:
        pay(paymock, a_token(paymock, "a\nb"), customer_id="c\x07d")

    (told,) = told_by(body)
    assert "charges c\\x07d 5 USD with a token of a\\nb (silence" in told


def test_an_own_token_is_no_foreign_one():
    assert told_by(lambda paymock: pay(paymock, a_token(paymock))) == []


def test_a_payment_that_was_refused_charges_nobody():
    def body(paymock: Paymock) -> None:
        token = a_token(paymock)
        paymock.faults.queue(faults.disconnect)
        pay(paymock, token, customer_id="cust_2")
        assert pay(paymock, token, customer_id="cust_2", amount=0).status_code == 400
        paymock.clock.advance(hours=24)
        assert pay(paymock, token, customer_id="cust_2").status_code == 401

    assert told_by(body) == []


def test_what_the_test_arranged_is_its_own_business():
    def body(paymock: Paymock) -> None:
        paymock.add_payment(amount=5, token=a_token(paymock), customer_id="cust_2")
        assert paymock.payments.one().customer_id == "cust_2"

    assert told_by(body) == []


@pytest.mark.parametrize("missing", [{}, {"customer_id": None}])
def test_a_card_that_was_stored_for_no_customer_is_nobody_elses(missing: dict[str, None]):
    def body(paymock: Paymock) -> None:
        customer = {**paymock.customer(), **missing}
        if not missing:
            del customer["customer_id"]
        sent = {"card": paymock.card("visa"), "customer": customer}
        token = httpx.post(f"{paymock.base_url}/api/v1/tokenize", json=sent).json()["token"]
        pay(paymock, token, customer_id="cust_2")

    assert told_by(body) == []
