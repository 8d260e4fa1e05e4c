import pickle
from dataclasses import FrozenInstanceError, fields, replace
from decimal import Decimal

import pytest

from pytest_paymock import Paymock
from pytest_paymock._api.http import Request
from tests.engine.support import an_engine, paid


def records():
    """Return one record of each kind that people hold."""
    paymock = Paymock(clock="2026-01-27T12:00:00")
    payment = paymock.add_payment(amount=Decimal("99.99"))
    gateway = paymock._parts.mount.gateway
    gateway.exchange(
        "httpx", Request("POST", f"/api/v1/transactions/{payment.transaction_id}/refund", b"")
    )
    payment, token = paymock.payments.one(), paymock.tokens.one()
    call, refund = paymock.calls.one(), paymock.refunds.one()
    return token, payment, refund, call, token.card, payment.decision


NAMES = ["token", "payment", "refund", "call", "card", "decision"]


@pytest.mark.parametrize("record", records(), ids=NAMES)
def test_no_field_of_a_record_can_be_assigned(record):
    for item in fields(record):
        before = getattr(record, item.name)
        with pytest.raises(FrozenInstanceError):
            setattr(record, item.name, before)
        with pytest.raises(FrozenInstanceError):
            delattr(record, item.name)


@pytest.mark.parametrize("record", records(), ids=NAMES)
def test_a_record_takes_no_further_field(record):
    with pytest.raises((FrozenInstanceError, TypeError, AttributeError)):
        record.note = "mine"

    assert not hasattr(record, "note")


@pytest.mark.parametrize("record", records(), ids=NAMES)
def test_a_record_travels_between_processes(record):
    assert pickle.loads(pickle.dumps(record)) == record  # noqa: S301 - our own bytes


@pytest.mark.parametrize("record", records(), ids=NAMES)
def test_a_record_is_what_its_class_makes_of_the_same_fields(record):
    made = type(record)(**{item.name: getattr(record, item.name) for item in fields(record)})

    assert (made, repr(made), hash(made)) == (record, repr(record), hash(record))
    assert replace(record) == record


def test_a_refund_changes_nothing_else_of_its_payment():
    engine = an_engine()
    before = paid(engine, description="Order #12345")
    refund = engine.refund(before.transaction_id)

    assert engine.transaction(before.transaction_id) == replace(before, refund_id=refund.refund_id)


def test_a_record_is_a_value():
    assert records() == records()
    assert len({hash(record) for record in (*records(), *records())}) == 6


def test_a_payment_shows_what_it_is_about():
    payment = records()[1]
    shown = repr(payment)

    assert payment.transaction_id in shown
    assert "Decimal('99.99')" in shown
    assert payment.token not in shown
    assert payment.card.fingerprint not in shown
