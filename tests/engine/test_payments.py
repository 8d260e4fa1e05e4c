from datetime import UTC, datetime
from decimal import Decimal

import pytest

from pytest_paymock._engine.outcomes import OUTCOMES
from pytest_paymock.errors import (
    InvalidTokenError,
    NotRefundableError,
    UnknownTransactionError,
    UsageError,
)
from tests.engine.support import a_card, an_engine, an_order, paid


def test_a_payment_carries_what_was_asked_for_and_what_became_of_it():
    engine = an_engine()
    token = engine.tokenize(a_card(), "cust_1")
    engine.clock.advance(minutes=5)
    order = an_order(token, "99.90", currency="EUR", customer_id="cust_2", description="Order 7")
    payment = engine.pay(order)

    assert (payment.amount, str(payment.amount)) == (Decimal("99.9"), "99.90")
    assert (payment.currency, payment.description) == ("EUR", "Order 7")
    assert (payment.token, payment.customer_id) == (token.token, "cust_2")
    assert (payment.card, payment.card_type, payment.last_four) == (token.card, "Visa", "0366")
    assert payment.processed_at == datetime(2025, 1, 27, 12, 5, tzinfo=UTC)
    assert (payment.status, payment.outcome) == ("success", "success")
    assert payment.message == "Payment processed successfully"
    assert not payment.refunded
    assert engine.transaction(payment.transaction_id) is payment


@pytest.mark.parametrize("amount", ["0.1", "0.30000000000000004", "1E-300", "123456.789012345678"])
def test_an_amount_is_kept_to_its_last_digit(amount):
    assert str(paid(an_engine(), amount).amount) == amount


def test_a_token_pays_more_than_once():
    engine = an_engine()
    token = engine.tokenize(a_card(), "cust_1")
    payments = [engine.pay(an_order(token)) for _ in range(3)]

    assert len({payment.transaction_id for payment in payments}) == 3


def test_a_refund_pays_the_whole_amount_back():
    engine = an_engine()
    payment = paid(engine, "99.90", currency="EUR", customer_id="cust_2")
    engine.clock.advance(days=90)
    refund = engine.refund(payment.transaction_id)

    assert (str(refund.amount), refund.currency) == ("99.90", "EUR")
    assert refund.original_transaction_id == payment.transaction_id
    assert (refund.customer_id, refund.card) == ("cust_2", payment.card)
    assert (refund.status, refund.message) == ("success", "Refund processed successfully")
    assert refund.processed_at == datetime(2025, 4, 27, 12, tzinfo=UTC)
    assert refund.transaction_id == refund.refund_id
    assert engine.transaction(refund.refund_id) is refund


def test_a_refunded_payment_names_its_refund_and_is_else_the_same():
    engine = an_engine()
    payment = paid(engine)
    refund = engine.refund(payment.transaction_id)
    after = engine.transaction(payment.transaction_id)

    assert after.refunded
    assert after.refund_id == refund.refund_id
    assert (after.status, after.amount) == (payment.status, payment.amount)
    assert not payment.refunded


def test_the_history_of_a_customer_is_in_order_and_only_theirs():
    engine = an_engine()
    first = paid(engine, customer_id="cust_1")
    paid(engine, customer_id="cust_2")
    second = paid(engine, customer_id="cust_1")
    refund = engine.refund(first.transaction_id)

    assert [record.transaction_id for record in engine.history("cust_1")] == [
        first.transaction_id,
        second.transaction_id,
        refund.refund_id,
    ]
    assert engine.history("cust_1")[0].refunded
    assert engine.history("never heard of") == []


def test_all_transactions_are_in_the_order_in_which_they_happened():
    engine = an_engine()
    first, second = paid(engine), paid(engine)
    refund = engine.refund(first.transaction_id)
    third = paid(engine)

    assert engine.order == [
        first.transaction_id,
        second.transaction_id,
        refund.refund_id,
        third.transaction_id,
    ]


def test_records_know_the_exchange_that_made_them():
    engine = an_engine()
    arranged = engine.tokenize(a_card(), "cust_1")
    payment = paid(engine)
    token = engine.engine.tokenize(a_card(), "cust_1", engine.moment(3))
    paid_by_call, _ = engine.engine.pay(an_order(arranged), engine.moment(4))
    refund = engine.engine.refund(payment.transaction_id, engine.moment(5))

    assert (arranged.call_number, payment.call_number) == (None, None)
    assert (token.call_number, paid_by_call.call_number, refund.call_number) == (3, 4, 5)


# -- what is refused --------------------------------------------------------------------------


def refused(engine, error, operation):
    """Return the message of a refused operation, which changes nothing."""
    before = engine.state()
    with pytest.raises(error) as caught:
        operation()
    assert engine.state() == before
    return str(caught.value)


@pytest.mark.parametrize("name", ["", "tok_unknown", "tok_" + "0" * 32])
def test_an_unknown_token_pays_nothing(name):
    engine = an_engine()
    paid(engine)

    assert refused(engine, InvalidTokenError, lambda: engine.pay(an_order(name))) == (
        "Invalid or expired token"
    )


def test_an_expired_token_pays_nothing():
    engine = an_engine()
    engine.script.queue("success")
    token = engine.tokenize(a_card(), "cust_1")
    engine.clock.advance(hours=24)

    assert refused(engine, InvalidTokenError, lambda: engine.pay(an_order(token))) == (
        "Invalid or expired token"
    )


@pytest.mark.parametrize(
    ("outcome", "status"),
    [(name, o.status) for name, o in OUTCOMES.items() if o.status != "success"],
)
def test_only_a_success_can_be_refunded(outcome, status):
    engine = an_engine()
    engine.script.queue(outcome)
    payment = paid(engine)

    assert refused(engine, NotRefundableError, lambda: engine.refund(payment.transaction_id)) == (
        f"Only successful transactions can be refunded; this one is {status}"
    )


def test_a_payment_is_refunded_once():
    engine = an_engine()
    payment = paid(engine)
    engine.refund(payment.transaction_id)

    assert refused(engine, NotRefundableError, lambda: engine.refund(payment.transaction_id)) == (
        "Transaction has already been refunded"
    )


def test_a_refund_is_not_refunded():
    engine = an_engine()
    refund = engine.refund(paid(engine).transaction_id)

    assert refused(engine, NotRefundableError, lambda: engine.refund(refund.refund_id)) == (
        "A refund cannot be refunded"
    )


@pytest.mark.parametrize("name", ["", "txn_unknown", "txn_20250127120000_00000000"])
def test_what_does_not_exist_is_not_refunded_and_not_found(name):
    engine = an_engine()
    paid(engine)

    for ask in (engine.refund, engine.transaction):
        message = refused(engine, UnknownTransactionError, lambda ask=ask: ask(name))
        assert message == "Transaction not found"


# -- what the test arranges -------------------------------------------------------------------


@pytest.mark.parametrize("name", OUTCOMES)
def test_a_payment_is_arranged_with_any_outcome_and_takes_no_draw(name):
    engine = an_engine()
    engine.script.queue("under_review")
    token = engine.tokenize(a_card(), "cust_1")
    payment = engine.arrange(an_order(token, "0.02"), OUTCOMES[name])

    assert (payment.outcome, payment.reason) == (name, "arranged by the test")
    assert engine.transaction(payment.transaction_id) is payment
    assert engine.script.pending == ["under_review"]


def test_a_payment_is_arranged_with_an_expired_token_too():
    engine = an_engine()
    token = engine.tokenize(a_card(), "cust_1")
    engine.clock.advance(days=2)

    assert engine.arrange(an_order(token), OUTCOMES["success"]).status == "success"


def test_a_payment_is_not_arranged_without_a_token():
    engine = an_engine()
    order = an_order("tok_unknown")

    assert refused(
        engine, InvalidTokenError, lambda: engine.arrange(order, OUTCOMES["success"])
    ) == ("Invalid or expired token")


@pytest.mark.parametrize(
    ("status", "outcome"), [("success", "success"), ("failed", "issuer_declined")]
)
def test_a_pending_payment_settles(status, outcome):
    engine = an_engine()
    payment = paid(engine, "0.03")
    settled = engine.settle(payment.transaction_id, status)

    assert (settled.status, settled.outcome) == (status, outcome)
    assert settled.reason == "settled by the test; was pending: special amount 0.03"
    assert settled.transaction_id == payment.transaction_id
    assert engine.transaction(payment.transaction_id) is settled
    assert engine.history("cust_1") == [settled]


def test_a_payment_that_settled_as_a_success_can_be_refunded():
    engine = an_engine()
    payment = paid(engine, "10000")
    engine.settle(payment.transaction_id, "success")

    assert engine.refund(payment.transaction_id).amount == 10000


@pytest.mark.parametrize("status", ["pending", "Success", "", None])
def test_a_payment_settles_one_way_or_the_other(status):
    engine = an_engine()
    payment = paid(engine, "0.03")

    assert refused(engine, UsageError, lambda: engine.settle(payment.transaction_id, status)) == (
        f"a payment settles as 'success' or 'failed', not {status!r}"
    )


@pytest.mark.parametrize(("amount", "status"), [("99.99", "success"), ("0.02", "failed")])
def test_only_a_pending_payment_settles(amount, status):
    engine = an_engine()
    name = paid(engine, amount).transaction_id

    assert refused(engine, UsageError, lambda: engine.settle(name, "success")) == (
        f"only a pending payment can be settled; {name} is {status}"
    )


def test_a_refund_does_not_settle():
    engine = an_engine()
    name = engine.refund(paid(engine).transaction_id).refund_id

    assert refused(engine, UsageError, lambda: engine.settle(name, "failed")) == (
        f"only a pending payment can be settled; {name} is a refund"
    )


def test_what_does_not_exist_does_not_settle():
    engine = an_engine()

    assert refused(
        engine, UnknownTransactionError, lambda: engine.settle("txn_unknown", "failed")
    ) == ("Transaction not found")
