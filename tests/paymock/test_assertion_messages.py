"""What a failed assertion says, word for word."""

from collections.abc import Callable

import pytest

from pytest_paymock import ExpectationError, Paymock

from .support import NOW, call, pay, refund

pytestmark = pytest.mark.paymock(clock=NOW)


def told(check: Callable[..., None], *args: object, **wanted: object) -> list[str]:
    """Return the lines that a failed assertion says."""
    with pytest.raises(ExpectationError) as caught:
        check(*args, **wanted)
    return str(caught.value).splitlines()


def test_nothing_happened(paymock: Paymock) -> None:
    nothing = "nothing was called and nothing was paid"
    assert told(paymock.assert_charged) == ["expected 1 charge, found no charge", nothing]
    assert told(paymock.assert_refunded, 5) == [
        "expected 1 refund with amount=5, found no refund",
        nothing,
    ]
    assert told(paymock.assert_called, "refund") == [
        "expected a call to refund, found no call",
        nothing,
    ]
    assert told(paymock.assert_called, "refund", times=2) == [
        "expected 2 calls to refund, found no call",
        nothing,
    ]


def test_another_amount_is_the_nearest(paymock: Paymock) -> None:
    name = pay(paymock, 99.9)
    assert told(paymock.assert_charged, 99.99) == [
        "expected 1 charge with amount=99.99, found no charge",
        f"nearest: {name}  success  99.9 USD  cust_1",
        "       Visa 0366  call 1  (seeded draw 0.477 < 0.90)",
        "  amount is 99.9, expected 99.99",
        "calls:",
        "  1  requests  POST /api/v1/payments  201",
        "payments:",
        f"  {name}  success  99.9 USD  cust_1  Visa 0366",
        "       call 1  (seeded draw 0.477 < 0.90)",
    ]


def test_a_declined_payment_is_near_and_says_why_it_was_declined(paymock: Paymock) -> None:
    name = pay(paymock, 0.01)
    assert told(paymock.assert_charged, 0.01)[:4] == [
        "expected 1 charge with amount=0.01, found no charge",
        f"nearest: {name}  failed  0.01 USD  cust_1",
        "       Visa 0366  call 1  Insufficient funds  (special amount 0.01)",
        "  status is 'failed', expected 'success'",
    ]


def test_the_nearest_differs_in_the_fewest_fields(paymock: Paymock) -> None:
    paymock.add_payment(amount=1, currency="EUR", customer_id="cust_2")
    near = paymock.add_payment(amount=5, currency="EUR", customer_id="cust_1")
    paymock.add_payment(amount=5, status="failed", currency="EUR")
    assert told(paymock.assert_charged, 5, "USD", "cust_1")[:4] == [
        "expected 1 charge with amount=5, currency='USD', customer_id='cust_1', found no charge",
        f"nearest: {near.transaction_id}  success  5 EUR  cust_1  Visa 0366",
        "       (arranged by the test)",
        "  currency is 'EUR', expected 'USD'",
    ]


def test_every_field_that_differs_is_told(paymock: Paymock) -> None:
    paymock.add_payment(amount=1, status="pending", currency="EUR", customer_id="cust_2")
    assert told(paymock.assert_charged, 5, "USD", "cust_1")[3:7] == [
        "  status is 'pending', expected 'success'",
        "  amount is 1, expected 5",
        "  currency is 'EUR', expected 'USD'",
        "  customer_id is 'cust_2', expected 'cust_1'",
    ]


def test_a_charge_too_few_shows_the_nearest_that_did_not_count(paymock: Paymock) -> None:
    paymock.add_payment(amount=5)
    other = paymock.add_payment(amount=6)
    lines = told(paymock.assert_charged, 5, times=2)
    assert lines[0] == "expected 2 charges with amount=5, found 1 charge"
    assert lines[1].startswith(f"nearest: {other.transaction_id}  success  6 USD")
    assert lines[3] == "  amount is 6, expected 5"


def test_a_charge_too_many_shows_the_ledger(paymock: Paymock) -> None:
    first, second = pay(paymock, 5), pay(paymock, 5)
    assert told(paymock.assert_charged, 5) == [
        "expected 1 charge with amount=5, found 2 charges",
        "calls:",
        "  1  requests  POST /api/v1/payments  201",
        "  2  requests  POST /api/v1/payments  201",
        "payments:",
        f"  {first}  success  5 USD  cust_1  Visa 0366  call 1",
        "       (seeded draw 0.477 < 0.90)",
        f"  {second}  success  5 USD  cust_1  Visa 0366  call 2",
        "       (seeded draw 0.624 < 0.90)",
    ]


def test_a_charge_that_was_ruled_out(paymock: Paymock) -> None:
    arranged = paymock.add_payment(amount=5)
    assert told(paymock.assert_not_charged, customer_id="cust_1") == [
        "expected no charge with customer_id='cust_1', found 1 charge",
        "payments:",
        f"  {arranged.transaction_id}  success  5 USD  cust_1  Visa 0366",
        "       (arranged by the test)",
    ]


def test_the_nearest_refund(paymock: Paymock) -> None:
    name = pay(paymock, 5)
    refund_id = refund(paymock, name)
    assert told(paymock.assert_refunded, 6) == [
        "expected 1 refund with amount=6, found no refund",
        f"nearest: {refund_id}  5 USD  cust_1",
        f"       of {name}",
        "  amount is 5, expected 6",
        "calls:",
        "  1  requests  POST /api/v1/payments  201",
        "  2  requests",
        f"       POST /api/v1/transactions/{name}/refund  200",
        "payments:",
        f"  {name}  success  5 USD  cust_1  Visa 0366,",
        f"       refunded by {refund_id}  call 1",
        "       (seeded draw 0.477 < 0.90)",
        "refunds:",
        f"  {refund_id}  5 USD  cust_1",
        f"       of {name}",
    ]


def test_a_refused_call_says_why(paymock: Paymock) -> None:
    call(paymock, "POST", "/payments", {"token": "tok_no", "amount": 0, "customer_id": "c"})
    call(paymock, "POST", "/payments", {"token": "tok_no", "amount": 1, "customer_id": "c"})
    call(paymock, "GET", "/else")
    assert told(paymock.assert_called, "create_payment", times=1) == [
        "expected 1 call to create_payment, found 2 calls",
        "calls:",
        "  1  requests  POST /api/v1/payments  400",
        "       amount: must be greater than 0",
        "  2  requests  POST /api/v1/payments  401  Invalid or expired token",
        "  3  requests  GET /api/v1/else  404  Not Found",
    ]
    assert told(paymock.assert_no_calls)[0] == "expected no call, found 3 calls"
    assert told(paymock.assert_called, "create_payment", times=0)[0] == (
        "expected no call to create_payment, found 2 calls"
    )


def test_amounts_are_written_as_plain_numbers_and_texts_in_quotes(paymock: Paymock) -> None:
    paymock.add_payment(amount="5.00", description="x")
    lines = told(paymock.assert_charged, "6.50", customer_id="cust\n9")
    assert lines[0] == (
        "expected 1 charge with amount=6.50, customer_id='cust\\n9', found no charge"
    )
    assert lines[3] == "  amount is 5.00, expected 6.50"
    assert lines[4] == "  customer_id is 'cust_1', expected 'cust\\n9'"


def test_a_failed_assertion_does_not_repeat_a_card_number_of_a_request(paymock: Paymock) -> None:
    pay(paymock, customer_id="4532015112830366", description="4532 0151 1283 0366")
    words = "\n".join(told(paymock.assert_charged, 9))
    assert "4532" not in words
    assert "************0366" in words


def test_a_failed_assertion_does_not_repeat_a_card_number_of_the_test(paymock: Paymock) -> None:
    paymock.add_payment(amount=5)
    words = "\n".join(told(paymock.assert_charged, customer_id="4532015112830366"))
    assert "453201511283" not in words
    assert "expected 1 charge with customer_id=" in words


def test_a_message_is_short_and_fits_what_pytest_leaves_of_80_columns(paymock: Paymock) -> None:
    for number in range(30):
        pay(paymock, 0.02 if number == 15 else 5, f"customer_{number:020}")
    first, *lines = told(paymock.assert_charged, 7)
    assert first == "expected 1 charge with amount=7, found no charge"
    assert max(map(len, lines)) <= 72
    assert len(lines) < 45
    assert sum("(special amount 0.02)" in line for line in lines) == 1


def test_a_card_number_as_a_number_of_calls_is_masked():
    with Paymock() as paymock, pytest.raises(ExpectationError) as caught:
        paymock.assert_called("tokenize", times=4532015112830366)
    assert "expected ************0366 calls to tokenize, found no call" in str(caught.value)
    with Paymock() as paymock, pytest.raises(ExpectationError) as caught:
        paymock.assert_charged(times=4532015112830366)
    assert "expected ************0366 charges, found no charge" in str(caught.value)
