"""What stands in a record of a token, a payment, a refund."""

import copy
import dataclasses
import pickle
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from pytest_paymock import PaymentRecord, Paymock, RefundRecord, TokenRecord

from .support import NOW, call, pay, refund, tokenize

pytestmark = pytest.mark.paymock(clock=NOW)

NOON = datetime(2026, 1, 27, 12, tzinfo=UTC)


def test_a_token_record_carries_the_answer_and_the_card(paymock: Paymock) -> None:
    name = tokenize(paymock, "cust_7", "amex")
    record = paymock.tokens.one()
    assert isinstance(record, TokenRecord)
    assert record.token == name
    assert record.customer_id == "cust_7"
    assert record.card_type == record.card.card_type == "American Express"
    assert record.last_four_digits == record.card.last_four == "0126"
    assert record.card.holder == "Test Customer"
    assert (record.card.expiry_month, record.card.expiry_year) == (12, 2028)
    assert record.created_at == NOON
    assert record.expires_at == NOON + timedelta(hours=24)
    assert record.call == paymock.calls.one()


def test_a_payment_record_carries_everything_of_the_answer(paymock: Paymock) -> None:
    name = tokenize(paymock)
    document = {"token": name, "amount": 9.5, "customer_id": "cust_1", "description": "Order 1"}
    answer = call(paymock, "POST", "/payments", document)
    record = paymock.payments.one()
    assert isinstance(record, PaymentRecord)
    for field in (
        "transaction_id",
        "status",
        "currency",
        "token",
        "customer_id",
        "message",
    ):
        assert getattr(record, field) == answer[field], field
    assert record.amount == Decimal("9.5")
    assert isinstance(record.amount, Decimal)
    assert record.processed_at == NOON
    assert record.description == "Order 1"


def test_a_payment_record_says_why_it_ended_so(paymock: Paymock) -> None:
    pay(paymock, 9.5)
    record = paymock.payments.one()
    assert record.outcome == "success"
    assert record.reason.startswith("seeded draw 0.")
    assert record.reason.endswith(" < 0.90")
    assert record.call == paymock.calls.to("create_payment").one()
    assert (record.card_type, record.last_four) == ("Visa", "0366")
    assert record.card == paymock.tokens.one().card
    assert record.refund is None
    assert record.refunded is False


@pytest.mark.parametrize(
    ("amount", "outcome", "reason"),
    [
        (0.01, "insufficient_funds", "special amount 0.01"),
        (0.02, "card_declined", "special amount 0.02"),
        (0.03, "pending_verification", "special amount 0.03"),
        (10000, "manual_review", "special amount 10000, 10000 or more"),
    ],
)
def test_a_special_amount_is_a_reason(
    paymock: Paymock, amount: float, outcome: str, reason: str
) -> None:
    pay(paymock, amount)
    record = paymock.payments.one()
    assert (record.outcome, record.reason) == (outcome, reason)


def test_the_words_of_the_test_are_reasons(paymock: Paymock) -> None:
    paymock.outcomes.queue("card_declined")
    pay(paymock)
    paymock.outcomes.when("under_review", customer_id="cust_1", amount="7.00")
    pay(paymock, 7)
    paymock.outcomes.always("issuer_declined")
    pay(paymock)
    arranged = paymock.add_payment(amount=1)
    assert [record.reason for record in paymock.payments] == [
        "queued by the test",
        "rule of the test: customer_id='cust_1', amount=7.00",
        "always issuer_declined, said the test",
        "arranged by the test",
    ]
    assert arranged.call is None


def test_a_refund_record_carries_the_answer(paymock: Paymock) -> None:
    name = pay(paymock, 9.5, "cust_7", currency="EUR")
    paymock.clock.advance(minutes=1)
    refund_id = refund(paymock, name)
    record = paymock.refunds.one()
    assert isinstance(record, RefundRecord)
    assert record.refund_id == record.transaction_id == refund_id
    assert record.original_transaction_id == name
    assert (record.amount, record.currency) == (Decimal("9.5"), "EUR")
    assert record.customer_id == "cust_7"
    assert record.status == "success"
    assert record.message == "Refund processed successfully"
    assert record.processed_at == NOON + timedelta(minutes=1)
    assert record.call == paymock.calls.to("refund").one()


def test_a_payment_knows_its_refund(paymock: Paymock) -> None:
    before = pay(paymock)
    refund_id = refund(paymock, before)
    record = paymock.payments.one()
    assert record.refunded is True
    assert record.refund_id == refund_id
    assert record.refund == paymock.refunds.one()


def test_a_record_that_was_taken_stays_as_it_was(paymock: Paymock) -> None:
    name = pay(paymock, 0.03)
    taken = paymock.payments.one()
    paymock.settle(name, "success")
    refund(paymock, name)
    assert (taken.status, taken.refunded, taken.refund) == ("pending", False, None)
    now = paymock.payments.one()
    assert (now.status, now.refunded) == ("success", True)
    assert taken != now


@pytest.mark.parametrize("field", ["amount", "status", "transaction_id", "anything"])
def test_a_record_cannot_be_changed(paymock: Paymock, field: str) -> None:
    record = paymock.add_payment(amount=5)
    with pytest.raises((AttributeError, TypeError)):
        setattr(record, field, "changed")
    assert paymock.payments.one() == record


def test_every_record_is_a_frozen_dataclass_that_travels(paymock: Paymock) -> None:
    refund(paymock, pay(paymock))
    kinds = paymock.calls, paymock.tokens, paymock.payments, paymock.refunds, paymock.transactions
    for records in kinds:
        for record in records:
            assert dataclasses.is_dataclass(record)
            assert pickle.loads(pickle.dumps(record)) == record  # noqa: S301 - our own
            assert copy.deepcopy(record) == record
            assert hash(record) == hash(copy.copy(record))


def test_two_looks_at_a_record_are_equal(paymock: Paymock) -> None:
    refund(paymock, pay(paymock))
    assert paymock.payments.one() == paymock.payments.one()
    assert paymock.calls.last == paymock.calls.last
    assert paymock.payments.one() in paymock.transactions
    assert paymock.refunds.one() in paymock.transactions


def test_the_repr_of_a_payment_says_what_became_of_it(paymock: Paymock) -> None:
    shown = repr(paymock.add_payment(amount="9.50", outcome="insufficient_funds"))
    assert shown.startswith("PaymentRecord(transaction_id='txn_20260127120000_")
    assert "amount=Decimal('9.50')" in shown
    assert "status='failed'" in shown
    assert "outcome='insufficient_funds'" in shown


def test_the_repr_of_a_call_is_its_line_and_not_its_bodies(paymock: Paymock) -> None:
    pay(paymock)
    shown = repr(paymock.calls.last)
    assert "endpoint='create_payment'" in shown
    assert "status_code=201" in shown
    assert "body" not in shown
