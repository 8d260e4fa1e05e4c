"""What ``one``, ``first`` and ``last`` say when there is not what they want."""

import pytest

from pytest_paymock import ExpectationError, Paymock

from .support import NOW, call, pay, refund

pytestmark = pytest.mark.paymock(clock=NOW)


def told(ask: object, **wanted: object) -> str:
    """Return what a query says as it fails."""
    with pytest.raises(ExpectationError) as caught:
        ask(**wanted)  # type: ignore[operator]
    return str(caught.value)


def test_one_of_nothing_says_that_nothing_happened(paymock: Paymock) -> None:
    assert told(paymock.payments.one) == (
        "expected exactly one payment, found no payment\nnothing was called and nothing was paid"
    )


def test_one_of_several_lists_them_and_the_ledger(paymock: Paymock) -> None:
    first = pay(paymock, 5)
    second = pay(paymock, 0.01)
    refund_id = refund(paymock, first)
    lines = [
        (
            f"  {first}  success  5 USD  cust_1  Visa 0366, refunded by {refund_id}  "
            "(seeded draw 0.477 < 0.90)"
        ),
        f"  {second}  failed  0.01 USD  cust_1  Visa 0366  (special amount 0.01)",
    ]
    assert told(paymock.payments.one).splitlines() == [
        "expected exactly one payment, found 2 payments",
        *lines,
        "calls:",
        "  1  requests  POST /api/v1/payments  201",
        "  2  requests  POST /api/v1/payments  201",
        f"  3  requests  POST /api/v1/transactions/{first}/refund  200",
        "payments:",
        *lines,
        "refunds:",
        f"  {refund_id}  5 USD  cust_1  of {first}",
    ]


def test_one_with_conditions_names_them(paymock: Paymock) -> None:
    arranged = paymock.add_payment(amount="5.00")
    assert told(paymock.payments.one, customer_id="cust_9", amount=5).splitlines() == [
        "expected exactly one payment with customer_id='cust_9', amount=5, found no payment",
        "payments:",
        (
            f"  {arranged.transaction_id}  success  5.00 USD  cust_1  Visa 0366  "
            "(arranged by the test)"
        ),
    ]


def test_one_after_where_names_the_conditions_of_both(paymock: Paymock) -> None:
    paymock.add_payment(amount=5)
    words = told(paymock.payments.where(status="failed").one, amount=7).splitlines()[0]
    assert "status='failed'" in words
    assert "amount=7" in words


@pytest.mark.parametrize("end", ["first", "last"])
def test_first_and_last_ask_for_one_or_more_and_say_so(paymock: Paymock, end: str) -> None:
    words = told(lambda: getattr(paymock.payments, end))
    assert "found no payment" in words
    assert "exactly one" not in words


def test_a_token_a_call_and_a_refund_have_lines_of_their_own(paymock: Paymock) -> None:
    token = paymock.add_token("discover", customer_id="cust_9")
    call(paymock, "GET", "/nothing")
    assert told(paymock.tokens.one, card_type="Visa").splitlines()[0] == (
        "expected exactly one token with card_type='Visa', found no token"
    )
    paymock.add_token("visa")
    assert told(paymock.tokens.one).splitlines()[:2] == [
        "expected exactly one token, found 2 tokens",
        f"  {token.token}  cust_9  Discover 1117",
    ]
    call(paymock, "GET", "/nothing")
    assert told(paymock.calls.one).splitlines()[:2] == [
        "expected exactly one call, found 2 calls",
        "  1  requests  GET /api/v1/nothing  404  Not Found",
    ]


@pytest.mark.parametrize("written", ["4532015112830366", "paid with 4532 0151 1283 0366"])
def test_a_card_number_in_a_condition_is_not_repeated(paymock: Paymock, written: str) -> None:
    words = told(paymock.payments.one, description=written)
    assert words.startswith("expected exactly one payment with description=")
    assert "1283" not in words


def test_a_long_ledger_is_folded_in_the_middle(paymock: Paymock) -> None:
    for number in range(30):
        paymock.add_payment(amount=number + 1)
    lines = told(paymock.payments.one, amount=99).splitlines()
    assert lines[0] == "expected exactly one payment with amount=99, found no payment"
    assert lines[1] == "payments:"
    assert "  ... 6 more ..." in lines
    assert "success  1 USD" in lines[2]
    assert "success  30 USD" in lines[-1]
    assert len(lines) == 2 + 24 + 1


def test_no_text_of_a_request_can_rewrite_a_terminal(paymock: Paymock) -> None:
    pay(paymock, customer_id="\x1b[2Jcust\n\r\u202e")
    words = told(paymock.payments.one, amount=99)
    assert "\\x1b[2Jcust\\n\\r\\u202e" in words
    assert all(line.isprintable() for line in words.splitlines())
