"""The back office, tested: the past is put in place, and only the question under test is asked."""

import logging
from collections.abc import Callable, Iterator
from decimal import Decimal

import pytest

from pytest_paymock import Paymock

from .backoffice import BackOffice, NotFoundError, RefundRefusedError


@pytest.fixture
def office(paymock: Paymock) -> Iterator[BackOffice]:
    office = BackOffice(paymock.base_url, staff="kim")
    yield office
    office.close()


def test_an_account_shows_payments_and_refunds_in_order(
    office: BackOffice, paymock: Paymock
) -> None:
    first = paymock.add_payment(amount=20, description="Order 1")
    paymock.add_payment(amount=35, status="failed", description="Order 2")
    office.refund(first.transaction_id, reason="damaged")

    account = office.history("cust_1")

    assert [(entry.text, entry.amount, entry.status) for entry in account] == [
        ("Order 1", Decimal(20), "success"),
        ("Order 2", Decimal(35), "failed"),
        (f"refund of {first.transaction_id}", Decimal(-20), "success"),
    ]


@pytest.mark.paymock(clock="2026-01-27T12:00:00")
def test_an_entry_tells_when_it_happened(office: BackOffice, paymock: Paymock) -> None:
    paymock.add_payment(amount=1)
    paymock.clock.advance(days=3)
    paymock.add_payment(amount=1)

    assert [f"{entry.when:%d %B}" for entry in office.history("cust_1")] == [
        "27 January",
        "30 January",
    ]


@pytest.mark.usefixtures("paymock")
def test_an_unknown_customer_has_an_empty_account(office: BackOffice) -> None:
    assert office.history("cust_never_seen") == []
    assert office.totals("cust_never_seen") == {}


def test_a_customer_id_may_hold_any_character(office: BackOffice, paymock: Paymock) -> None:
    paymock.add_payment(amount=5, customer_id="shop/42?x=1")
    paymock.add_payment(amount=7, customer_id="shop")

    assert office.totals("shop/42?x=1") == {"USD": Decimal(5)}


def test_totals_are_exact_and_kept_apart_by_currency(office: BackOffice, paymock: Paymock) -> None:
    for cents in range(1, 8):
        paymock.add_payment(amount=f"0.{cents}", currency="EUR")
    paymock.add_payment(amount="19.99")
    paymock.add_payment(amount="500", status="pending")

    assert office.totals("cust_1") == {"EUR": Decimal("2.8"), "USD": Decimal("19.99")}
    paymock.assert_charged(times=8)


def test_what_was_paid_back_does_not_count(office: BackOffice, paymock: Paymock) -> None:
    paymock.add_payment(amount="19.99")
    returned = paymock.add_payment(amount="5.01")
    office.refund(returned.transaction_id, reason="returned")

    assert office.totals("cust_1") == {"USD": Decimal("19.99")}
    assert paymock.refunds.total() == Decimal("5.01")


def test_a_refund_is_logged_with_its_reason(
    office: BackOffice, paymock: Paymock, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, logger="backoffice")
    payment = paymock.add_payment(amount=20)

    refund_id = office.refund(payment.transaction_id, reason="damaged")

    assert (
        paymock.refunds.one(original_transaction_id=payment.transaction_id).refund_id == refund_id
    )
    assert caplog.messages == [f"kim refunded {payment.transaction_id}: damaged"]


def test_two_members_of_staff_cannot_refund_the_same_payment(
    office: BackOffice, paymock: Paymock, caplog: pytest.LogCaptureFixture
) -> None:
    payment = paymock.add_payment(amount=20)
    office.refund(payment.transaction_id, reason="damaged")
    caplog.clear()

    with pytest.raises(RefundRefusedError, match="already been refunded"):
        BackOffice(paymock.base_url, staff="lee").refund(payment.transaction_id, reason="again")

    paymock.assert_refunded(20, times=1)
    assert not caplog.messages


@pytest.mark.parametrize("status", ["failed", "pending"])
def test_a_payment_that_did_not_succeed_is_not_refunded(
    office: BackOffice, paymock: Paymock, status: str
) -> None:
    payment = paymock.add_payment(amount=20, status=status)

    with pytest.raises(RefundRefusedError, match=f"this one is {status}"):
        office.refund(payment.transaction_id, reason="mistake")

    paymock.assert_refunded(times=0)


@pytest.mark.usefixtures("paymock")
def test_a_mistyped_transaction_is_not_found(office: BackOffice) -> None:
    with pytest.raises(NotFoundError, match="Transaction not found"):
        office.refund("txn_20260127120000_00000000", reason="mistake")


@pytest.mark.parametrize(
    ("brand", "text"),
    [
        ("visa", "Visa ending in 0366"),
        ("mastercard", "Mastercard ending in 9903"),
        ("amex", "American Express ending in 0126"),
        ("discover", "Discover ending in 1117"),
    ],
)
def test_support_sees_which_card_is_meant(
    office: BackOffice, paymock: Paymock, brand: str, text: str
) -> None:
    token = paymock.add_token(brand).token

    assert office.card(token).text == text


def test_a_saved_card_is_valid_for_24_hours(office: BackOffice, paymock: Paymock) -> None:
    token = paymock.add_token().token

    paymock.clock.advance(hours=23)
    assert office.card(token).valid
    paymock.clock.advance(hours=1)
    assert not office.card(token).valid


def test_two_regions_are_two_apis(paymock_factory: Callable[..., Paymock]) -> None:
    europe = paymock_factory(base_url="https://eu.pay.example")
    america = paymock_factory(base_url="https://us.pay.example")
    payment = europe.add_payment(amount=20, currency="EUR")

    with pytest.raises(NotFoundError):
        BackOffice(america.base_url, staff="kim").refund(payment.transaction_id, reason="wrong one")
    BackOffice(europe.base_url, staff="kim").refund(payment.transaction_id, reason="right one")

    europe.assert_refunded(20, "EUR")
    america.assert_refunded(times=0)
