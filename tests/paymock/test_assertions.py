"""The sentences of a payment test: when they hold, and when they do not."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from pytest_paymock import ExpectationError, Paymock, PaymockError, UsageError

from .support import NOW, call, pay, refund

pytestmark = pytest.mark.paymock(clock=NOW)


@pytest.fixture
def ledger(paymock: Paymock) -> Paymock:
    """Give a fake with three charges, a decline, a pending payment and a refund."""
    first = pay(paymock, 5)
    pay(paymock, 5, currency="EUR")
    pay(paymock, 7.5, "cust_2")
    pay(paymock, 0.01)
    pay(paymock, 0.03)
    refund(paymock, first)
    return paymock


@pytest.mark.parametrize(
    "wanted",
    [
        {"times": 3},
        {"amount": 5, "times": 2},
        {"amount": 5, "currency": "USD"},
        {"amount": "5.00", "currency": "EUR"},
        {"amount": Decimal("7.50")},
        {"customer_id": "cust_2"},
        {"customer_id": "cust_1", "times": 2},
        {"amount": 7.5, "currency": "USD", "customer_id": "cust_2", "times": 1},
        {"amount": 0.01, "times": 0},
        {"amount": 0.03, "times": 0},
        {"amount": 99, "times": 0},
    ],
)
def test_a_charge_that_happened_is_found(ledger: Paymock, wanted: dict[str, Any]) -> None:
    ledger.assert_charged(**wanted)


@pytest.mark.parametrize(
    "wanted",
    [
        {},
        {"times": 2},
        {"times": 4},
        {"times": 0},
        {"amount": 5},
        {"amount": 5, "times": 3},
        {"amount": 6},
        {"amount": 0.01},
        {"amount": 0.03},
        {"amount": 7.5, "currency": "EUR"},
        {"amount": 7.5, "customer_id": "cust_1"},
        {"currency": "eur"},
        {"customer_id": "nobody"},
    ],
)
def test_a_charge_that_did_not_happen_fails(ledger: Paymock, wanted: dict[str, Any]) -> None:
    with pytest.raises(ExpectationError, match="expected "):
        ledger.assert_charged(**wanted)


@pytest.mark.parametrize("times", [-1, 1.0, "2", True])
@pytest.mark.parametrize(
    "ask",
    [
        lambda fake, times: fake.assert_charged(times=times),
        lambda fake, times: fake.assert_refunded(times=times),
        lambda fake, times: fake.assert_called("refund", times=times),
    ],
    ids=["charged", "refunded", "called"],
)
def test_a_number_of_times_that_cannot_be_is_refused(
    ledger: Paymock, times: Any, ask: Callable[[Paymock, Any], None]
) -> None:
    with pytest.raises(UsageError) as caught:
        ask(ledger, times)
    assert str(caught.value) == f"times says how often, from 0 on, not {times!r}"


def test_the_first_arguments_may_be_positional(ledger: Paymock) -> None:
    ledger.assert_charged(7.5, "USD", "cust_2", 1)
    ledger.assert_not_charged(7.5, "EUR", "cust_2")
    ledger.assert_refunded(5, "USD", "cust_1", 1)
    ledger.assert_called("refund", 1)


@pytest.mark.parametrize(
    "wanted",
    [
        {"amount": 0.01},
        {"amount": 0.03},
        {"amount": 5, "customer_id": "cust_2"},
        {"currency": "GBP"},
    ],
)
def test_a_charge_that_did_not_happen_is_ruled_out(ledger: Paymock, wanted: dict[str, Any]) -> None:
    ledger.assert_not_charged(**wanted)


@pytest.mark.parametrize("wanted", [{}, {"amount": 5}, {"customer_id": "cust_2"}])
def test_a_charge_that_happened_cannot_be_ruled_out(
    ledger: Paymock, wanted: dict[str, Any]
) -> None:
    with pytest.raises(ExpectationError, match="expected no charge"):
        ledger.assert_not_charged(**wanted)


@pytest.mark.parametrize(
    "wanted",
    [{}, {"amount": 5}, {"currency": "USD", "customer_id": "cust_1"}, {"amount": 7.5, "times": 0}],
)
def test_a_refund_that_happened_is_found(ledger: Paymock, wanted: dict[str, Any]) -> None:
    ledger.assert_refunded(**wanted)


@pytest.mark.parametrize(
    "wanted",
    [{"times": 0}, {"times": 2}, {"amount": 7.5}, {"currency": "EUR"}, {"customer_id": "cust_2"}],
)
def test_a_refund_that_did_not_happen_fails(ledger: Paymock, wanted: dict[str, Any]) -> None:
    with pytest.raises(ExpectationError, match="expected "):
        ledger.assert_refunded(**wanted)


def test_a_refunded_charge_is_still_a_charge(paymock: Paymock) -> None:
    refund(paymock, pay(paymock))
    paymock.assert_charged(5)
    paymock.assert_refunded(5)


def test_a_call_is_counted_whatever_its_answer(paymock: Paymock) -> None:
    paymock.assert_called("refund", times=0)
    call(paymock, "POST", "/transactions/no/refund")
    paymock.assert_called("refund")
    call(paymock, "POST", "/transactions/no/refund")
    paymock.assert_called("refund")
    paymock.assert_called("refund", times=2)
    for times in (0, 1, 3):
        with pytest.raises(ExpectationError):
            paymock.assert_called("refund", times=times)
    with pytest.raises(ExpectationError):
        paymock.assert_called("tokenize")


def test_any_exchange_is_a_call(paymock: Paymock) -> None:
    paymock.assert_no_calls()
    paymock.add_payment(amount=5)
    paymock.assert_no_calls()
    call(paymock, "GET", "/nothing")
    with pytest.raises(ExpectationError):
        paymock.assert_no_calls()


def test_a_failed_assertion_is_an_assertion_error(paymock: Paymock) -> None:
    with pytest.raises(AssertionError) as caught:
        paymock.assert_charged(5)
    assert isinstance(caught.value, ExpectationError)
    assert isinstance(caught.value, PaymockError)


@pytest.mark.parametrize(
    ("ask", "words"),
    [
        (lambda p: p.assert_charged("five"), "'five' is no amount"),
        (lambda p: p.assert_charged(float("nan")), "an amount is a finite number"),
        (lambda p: p.assert_refunded(amount=True), "not True"),
        (lambda p: p.assert_not_charged([5]), "not [5]"),
        (lambda p: p.assert_called("charge"), "there is no endpoint 'charge'; the endpoints are"),
        (lambda p: p.assert_called("fallback"), "there is no endpoint 'fallback'"),
    ],
)
def test_a_wrong_question_is_a_usage_error(
    paymock: Paymock, ask: Callable[[Paymock], None], words: str
) -> None:
    with pytest.raises(UsageError) as caught:
        ask(paymock)
    assert words in str(caught.value)


def test_assertions_change_nothing(ledger: Paymock) -> None:
    before = ledger.snapshot()
    ledger.assert_charged(times=3)
    ledger.assert_called("refund")
    with pytest.raises(ExpectationError):
        ledger.assert_no_calls()
    assert ledger.snapshot() == before
