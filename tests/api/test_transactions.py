"""Payments, looking them up, paying them back, and the history of a customer."""

import pytest

from pytest_paymock._engine.outcomes import OUTCOMES
from tests.api.support import (
    PAYMENTS,
    VISA,
    a_payment,
    a_token,
    an_engine,
    call,
    get,
    pay,
    post,
    refused,
    without,
)

TRANSACTIONS = "/api/v1/transactions"


def refund(engine, name):
    return post(engine, f"{TRANSACTIONS}/{name}/refund")


@pytest.mark.parametrize("name", OUTCOMES)
def test_whatever_becomes_of_a_payment_the_answer_is_201(name):
    engine = an_engine()
    engine.script.queue(name)
    answer = pay(engine)

    assert (answer["status"], answer["message"]) == (OUTCOMES[name].status, OUTCOMES[name].message)


def test_without_a_currency_a_payment_is_in_dollars():
    engine = an_engine()
    body = without(a_payment(a_token(engine)), "currency")

    assert post(engine, PAYMENTS, body)[1]["currency"] == "USD"


@pytest.mark.parametrize("currency", ["usd", "Eur", "JPY"])
def test_a_currency_comes_back_as_it_was_sent(currency):
    assert pay(an_engine(), currency=currency)["currency"] == currency


@pytest.mark.parametrize("description", [None, "", 'a "quoted" \\ text\n', "\u20ac \U0001f4b3"])
def test_a_description_comes_back_as_it_was_sent(description):
    engine = an_engine()
    name = pay(engine, description=description)["transaction_id"]

    assert get(engine, f"{TRANSACTIONS}/{name}")[1]["description"] == description


def test_without_a_description_it_is_null():
    engine = an_engine()
    body = without(a_payment(a_token(engine)), "description")
    name = post(engine, PAYMENTS, body)[1]["transaction_id"]

    assert get(engine, f"{TRANSACTIONS}/{name}")[1]["description"] is None


@pytest.mark.parametrize(
    "field", ["idempotency_key", "card", "status", "transaction_id", "outcome"]
)
@pytest.mark.parametrize("value", ["x", 1, None, {"a": [1]}])
def test_an_unknown_field_of_a_payment_has_no_effect(field, value):
    plain, more = an_engine(), an_engine()

    assert pay(more, **{field: value}) == pay(plain)
    assert more.changes() == plain.changes()


def test_the_same_payment_twice_is_two_payments():
    engine = an_engine()
    body = a_payment(a_token(engine), idempotency_key="once")
    names = {post(engine, PAYMENTS, body)[1]["transaction_id"] for _ in range(2)}

    assert len(names) == len(engine.payments) == 2


def test_the_body_of_a_payment_is_recorded_as_it_was_sent():
    engine = an_engine()
    body = b'{ "token": "%b", "amount": 1.50, "customer_id": "c" }' % a_token(engine).encode()

    assert call(engine, "POST", PAYMENTS, body).request == body


@pytest.mark.parametrize("token", ["", "tok_unknown", "tok_" + "0" * 32, VISA])
def test_an_unknown_token_is_401_and_no_payment(token):
    engine = an_engine()
    pay(engine)

    assert refused(engine, "POST", PAYMENTS, a_payment(token)) == (401, "Invalid or expired token")


def test_an_expired_token_is_401_and_no_payment():
    engine = an_engine()
    token = a_token(engine)
    engine.clock.advance(hours=24)

    assert refused(engine, "POST", PAYMENTS, a_payment(token)) == (401, "Invalid or expired token")
    assert engine.payments == {}


def test_a_transaction_may_be_another_customers_than_the_token():
    engine = an_engine()
    name = pay(engine, customer_id="someone else")["transaction_id"]

    assert get(engine, f"{TRANSACTIONS}/{name}")[1]["customer_id"] == "someone else"


# -- refunds ----------------------------------------------------------------------------------


def test_a_refund_answers_with_its_own_record():
    engine = an_engine()
    name = pay(engine, currency="EUR")["transaction_id"]
    engine.clock.advance(days=1)
    status, answer = refund(engine, name)

    assert status == 200
    assert answer == {
        "refund_id": answer["refund_id"],
        "original_transaction_id": name,
        "amount": 99.99,
        "currency": "EUR",
        "customer_id": "cust_123",
        "status": "success",
        "message": "Refund processed successfully",
        "processed_at": "2025-01-28T12:00:00",
    }


def test_a_refunded_payment_says_so_and_else_what_it_said_before():
    engine = an_engine()
    name = pay(engine)["transaction_id"]
    _, before = get(engine, f"{TRANSACTIONS}/{name}")
    _, answer = refund(engine, name)
    _, after = get(engine, f"{TRANSACTIONS}/{name}")

    assert after == {**before, "refunded": True, "refund_id": answer["refund_id"]}


def test_a_refund_can_be_looked_up_in_the_shape_of_a_transaction():
    engine = an_engine()
    name = pay(engine)["transaction_id"]
    _, answer = refund(engine, name)

    assert get(engine, f"{TRANSACTIONS}/{answer['refund_id']}") == (
        200,
        {
            "transaction_id": answer["refund_id"],
            "description": None,
            "card_info": {"last_four": "0366", "card_type": "Visa"},
            **answer,
        },
    )


@pytest.mark.parametrize(
    "body",
    [b"", b"{}", b'{"amount":1}', b"not JSON", b"\xff\xfe", b"[1,2", b"null", b'{"cvv":"123"}'],
)
def test_the_body_of_a_refund_is_ignored(body):
    plain, other = an_engine(), an_engine()
    expected = refund(plain, pay(plain)["transaction_id"])
    path = f"{TRANSACTIONS}/{pay(other)['transaction_id']}/refund"

    assert post(other, path, body) == expected
    assert other.changes() == plain.changes()


@pytest.mark.parametrize(
    ("body", "recorded"),
    [
        (b"", None),
        (b"not JSON", None),
        (b"[1]", None),
        (b'{"amount": 1.50, "cvv": "123"}', b'{"amount":"<number>","cvv":"<string>"}'),
    ],
)
def test_a_body_that_the_api_ignores_is_recorded_as_far_as_it_is_json(body, recorded):
    engine = an_engine()
    path = f"{TRANSACTIONS}/{pay(engine)['transaction_id']}/refund"

    assert call(engine, "POST", path, body).request == recorded


@pytest.mark.parametrize(
    ("outcome", "status"),
    [(name, o.status) for name, o in OUTCOMES.items() if o.status != "success"],
)
def test_only_a_success_is_refunded(outcome, status):
    engine = an_engine()
    engine.script.queue(outcome)
    path = f"{TRANSACTIONS}/{pay(engine)['transaction_id']}/refund"

    assert refused(engine, "POST", path) == (
        400,
        f"Only successful transactions can be refunded; this one is {status}",
    )


def test_a_payment_is_refunded_once():
    engine = an_engine()
    name = pay(engine)["transaction_id"]
    refund(engine, name)

    assert refused(engine, "POST", f"{TRANSACTIONS}/{name}/refund") == (
        400,
        "Transaction has already been refunded",
    )


def test_a_refund_is_not_refunded():
    engine = an_engine()
    _, answer = refund(engine, pay(engine)["transaction_id"])

    assert refused(engine, "POST", f"{TRANSACTIONS}/{answer['refund_id']}/refund") == (
        400,
        "A refund cannot be refunded",
    )


@pytest.mark.parametrize("name", ["txn_unknown", "txn_20250127120000_00000000", "tok_1", "%20"])
def test_an_unknown_transaction_is_not_found(name):
    engine = an_engine()
    pay(engine)

    for method, path in (("GET", ""), ("POST", "/refund")):
        assert refused(engine, method, f"{TRANSACTIONS}/{name}{path}") == (
            404,
            "Transaction not found",
        )


# -- the history of a customer ----------------------------------------------------------------


def test_the_history_holds_payments_and_refunds_oldest_first():
    engine = an_engine()
    names = [pay(engine, amount=amount)["transaction_id"] for amount in (1, 0.02, 0.03)]
    pay(engine, customer_id="someone else")
    _, answer = refund(engine, names[0])
    status, history = get(engine, "/api/v1/customers/cust_123/transactions")

    assert status == 200
    assert list(history) == ["customer_id", "transaction_count", "transactions"]
    assert (history["customer_id"], history["transaction_count"]) == ("cust_123", 4)
    assert [item["transaction_id"] for item in history["transactions"]] == [
        *names,
        answer["refund_id"],
    ]


def test_the_history_shows_each_transaction_as_looking_it_up_does():
    engine = an_engine()
    refund(engine, pay(engine)["transaction_id"])
    pay(engine, description=None)
    _, history = get(engine, "/api/v1/customers/cust_123/transactions")

    assert history["transactions"] == [
        get(engine, f"{TRANSACTIONS}/{name}")[1] for name in engine.order
    ]


@pytest.mark.parametrize("name", ["nobody", "cust_1234", "%00", "a%20b"])
def test_a_customer_never_heard_of_has_an_empty_history(name):
    engine = an_engine()
    pay(engine)
    status, history = get(engine, f"/api/v1/customers/{name}/transactions")

    assert status == 200
    assert (history["transaction_count"], history["transactions"]) == (0, [])


def test_a_payment_that_settled_shows_its_new_status():
    engine = an_engine()
    name = pay(engine, amount=10000)["transaction_id"]
    engine.settle(name, "success")

    assert get(engine, f"{TRANSACTIONS}/{name}")[1]["status"] == "success"
    assert refund(engine, name)[0] == 200
