"""Customers whose ids look like card numbers: masked for people, and still told apart."""

import pickle
from urllib.parse import quote

import pytest

from tests.api.support import EXAMPLE, PAYMENTS, TOKENIZE, a_payment, an_engine, changed, get, post
from tests.engine.support import Bench

# Both are masked as ************0366.
ALIKE = ("4532015112830366", "4532 0151 1283 0366")
MASKED = "************0366"


def pay_as(engine: Bench, customer_id: str) -> str:
    """Store a card and charge it for one customer; return the transaction's id."""
    status, stored = post(engine, TOKENIZE, changed(EXAMPLE, "customer.customer_id", customer_id))
    assert status == 201
    status, paid = post(engine, PAYMENTS, a_payment(stored["token"], customer_id=customer_id))
    assert status == 201
    assert stored["customer_id"] == paid["customer_id"] == MASKED
    return paid["transaction_id"]


def history(engine: Bench, customer_id: str) -> tuple[str, list[str]]:
    status, answer = get(engine, f"/api/v1/customers/{quote(customer_id, safe='')}/transactions")
    assert status == 200
    return answer["customer_id"], [
        one.get("refund_id", one["transaction_id"]) for one in answer["transactions"]
    ]


def test_neither_sees_the_history_of_the_other():
    engine = an_engine(success_rate=1)
    first, second = (pay_as(engine, customer_id) for customer_id in ALIKE)
    assert [history(engine, customer_id) for customer_id in ALIKE] == [
        (MASKED, [first]),
        (MASKED, [second]),
    ]
    assert history(engine, MASKED) == (MASKED, [])


def test_a_refund_is_in_the_history_of_its_customer_alone():
    engine = an_engine(success_rate=1)
    first, second = (pay_as(engine, customer_id) for customer_id in ALIKE)
    _, refund = post(engine, f"/api/v1/transactions/{first}/refund")
    assert history(engine, ALIKE[0])[1] == [refund["refund_id"]] * 2
    assert history(engine, ALIKE[1])[1] == [second]


@pytest.mark.parametrize("customer_id", ALIKE)
def test_an_id_is_kept_nowhere(customer_id: str):
    engine = an_engine(success_rate=1)
    pay_as(engine, customer_id)
    history(engine, customer_id)
    kept = pickle.dumps(engine.state()) + repr(engine.state().entries()).encode()
    assert customer_id.encode() not in kept
    assert MASKED.encode() in kept


def test_each_has_a_sequence_of_draws():
    engine = an_engine(streams="customer")
    forecast = engine.script.forecast
    ahead = {customer_id: forecast(20, customer_id=customer_id) for customer_id in ALIKE}
    assert ahead[ALIKE[0]] != ahead[ALIKE[1]]
    for customer_id in ALIKE:
        for _ in range(20):
            pay_as(engine, customer_id)
    outcomes = [payment.outcome for payment in engine.journal.index.payments.values()]
    assert outcomes == ahead[ALIKE[0]] + ahead[ALIKE[1]]


def test_a_rule_for_one_leaves_the_other_alone():
    engine = an_engine(success_rate=1)
    engine.script.when("card_declined", customer_id=ALIKE[0])
    for customer_id in ALIKE:
        pay_as(engine, customer_id)
    outcomes = [payment.outcome for payment in engine.journal.index.payments.values()]
    assert outcomes == ["card_declined", "success"]


def test_a_customer_without_an_id_is_given_one_beside_a_text_that_is_masked():
    request = changed(EXAMPLE, "customer.customer_id", None)
    status, stored = post(an_engine(), TOKENIZE, changed(request, "card.card_holder", ALIKE[0]))
    assert status == 201
    assert stored["customer_id"].startswith("cust_")
