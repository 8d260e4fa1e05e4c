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


def test_one_of_several_shows_the_ledger_and_before_it_those_that_meet_the_conditions(
    paymock: Paymock,
) -> None:
    first = pay(paymock, 5)
    second = pay(paymock, 0.01)
    refund_id = refund(paymock, first)
    lines = [
        f"  {first}  success  5 USD  cust_1  Visa 0366,",
        f"       refunded by {refund_id}  call 1",
        "       (seeded draw 0.477 < 0.90)",
        f"  {second}  failed  0.01 USD  cust_1  Visa 0366",
        "       call 2  Insufficient funds  (special amount 0.01)",
    ]
    sentence, *ledger = told(paymock.payments.one).splitlines()
    assert sentence == "expected exactly one payment, found 2 payments"
    assert ledger == [
        "calls:",
        "  1  requests  POST /api/v1/payments  201",
        "  2  requests  POST /api/v1/payments  201",
        "  3  requests",
        f"       POST /api/v1/transactions/{first}/refund  200",
        "payments:",
        *lines,
        "refunds:",
        f"  {refund_id}  5 USD  cust_1",
        f"       of {first}",
    ]
    assert told(paymock.payments.one, customer_id="cust_1").splitlines() == [
        "expected exactly one payment with customer_id='cust_1', found 2 payments",
        *lines,
        *ledger,
    ]


def test_one_with_conditions_names_them(paymock: Paymock) -> None:
    arranged = paymock.add_payment(amount="5.00")
    assert told(paymock.payments.one, customer_id="cust_9", amount=5).splitlines() == [
        "expected exactly one payment with customer_id='cust_9', amount=5, found no payment",
        f"nearest: {arranged.transaction_id}  success  5.00 USD  cust_1",
        "       Visa 0366  (arranged by the test)",
        "  customer_id is 'cust_1', expected 'cust_9'",
        "payments:",
        f"  {arranged.transaction_id}  success  5.00 USD  cust_1  Visa 0366",
        "       (arranged by the test)",
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
    assert told(paymock.calls.one).splitlines()[:3] == [
        "expected exactly one call, found 2 calls",
        "calls:",
        "  1  requests  GET /api/v1/nothing  404  Not Found",
    ]


def test_the_nearest_of_any_kind_is_told(paymock: Paymock) -> None:
    assert told(paymock.tokens.one, card_type="Visa").splitlines()[1:] == [
        "nothing was called and nothing was paid"
    ]
    refund_id = refund(paymock, pay(paymock, 5))
    paymock.add_token("discover", customer_id="cust_9")
    for records, wanted, nearest, difference in (
        (
            paymock.tokens,
            {"card_type": "Unknown"},
            "tok_",
            "card_type is 'Visa', expected 'Unknown'",
        ),
        (paymock.calls, {"status_code": 404}, "1  requests", "status_code is 201, expected 404"),
        (paymock.refunds, {"amount": 6}, refund_id, "amount is 5, expected 6"),
        (
            paymock.transactions,
            {"outcome": "card_declined"},
            "txn_",
            "outcome is 'success', expected 'card_declined'",
        ),
        (paymock.payments.where(amount=6), {}, "txn_", "amount is 5, expected 6"),
    ):
        lines = told(records.one, **wanted).splitlines()
        assert lines[1].startswith(f"nearest: {nearest}")
        assert f"  {difference}" in lines


def test_those_that_meet_the_conditions_are_folded(paymock: Paymock) -> None:
    for _ in range(30):
        paymock.add_payment(amount=5)
    lines = told(paymock.payments.one, amount=5).splitlines()
    assert lines[0] == "expected exactly one payment with amount=5, found 30 payments"
    assert lines.count("  ... 22 more ...") == 2
    assert len(lines) == 1 + 17 + 1 + 17


def test_the_traceback_of_a_failed_query_ends_in_the_test(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        import pytest

        @pytest.mark.parametrize(
            "ask",
            [
                lambda fake: fake.payments.one(),
                lambda fake: fake.payments.first,
                lambda fake: fake.payments.last,
                lambda fake: fake.payments.where(status="success").only(),
                lambda fake: fake.payments.one(colour="red"),
            ],
        )
        def test_it(paymock, ask):
            ask(paymock)
        """
    )
    result = pytester.runpytest_inprocess()
    result.assert_outcomes(failed=5)
    result.stdout.no_fnmatch_line("*queries.py*")


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
    assert lines[4] == "payments:"
    assert "  ... 22 more ..." in lines
    assert "success  1 USD" in lines[5]
    assert "success  30 USD" in lines[-2]
    assert len(lines) == 5 + 2 * 8 + 1


def test_no_text_of_a_request_can_rewrite_a_terminal(paymock: Paymock) -> None:
    pay(paymock, customer_id="\x1b[2Jcust\n\r\u202e")
    words = told(paymock.payments.one, amount=99)
    assert "\\x1b[2Jcust\\n\\r\\u202e" in words
    assert all(line.isprintable() for line in words.splitlines())


NUMBER, CVV = "4532015112830366", "7391"

CONDITIONS = [
    {"request": {"card": {"card_number": NUMBER, "cvv": CVV}}},
    {"request": {"card": [NUMBER, {"ccv": int(CVV)}]}},
    {"request": NUMBER.encode()},
    {"response": [*NUMBER]},
    {"response": ("4532", "0151", "1283", "0366")},
    {"path": int(NUMBER)},
    {"path": f"{NUMBER[:8]}\n{NUMBER[8:]}"},
]


@pytest.mark.parametrize("wanted", CONDITIONS)
def test_no_message_repeats_card_data_of_a_condition(
    paymock: Paymock, wanted: dict[str, object]
) -> None:
    pay(paymock, 5)
    for ask in (paymock.calls.one, lambda **equal: paymock.calls.where(**equal).first):
        shown = told(ask, **wanted)
        digits = "".join(filter(str.isdigit, shown.partition("calls:")[0]))
        assert "************" in shown
        assert NUMBER not in digits
        assert CVV not in digits


@pytest.mark.parametrize("amount", [NUMBER, int(NUMBER), float(NUMBER), f"{NUMBER}.00"])
def test_nor_that_of_an_amount(paymock: Paymock, amount: object) -> None:
    assert NUMBER not in told(paymock.payments.one, amount=amount)
    assert NUMBER not in told(paymock.assert_charged, amount=amount)
