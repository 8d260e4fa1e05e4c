"""Which numbers are amounts, what they decide, and that they come back as they were."""

import decimal
from decimal import Decimal

import pytest

from tests.api.support import PAYMENTS, a_token, an_engine, call, get, post, read, refused


def paying(engine, amount_text):
    """Return the bytes of a payment whose amount stands in it as written here."""
    return b'{"token":"%b","amount":%b,"customer_id":"cust_123"}' % (
        a_token(engine).encode(),
        amount_text.encode(),
    )


def answered(amount_text):
    """Pay, and return the payment's record and the bytes of the answer."""
    engine = an_engine()
    handled = call(engine, "POST", PAYMENTS, paying(engine, amount_text))
    assert handled.response.status_code == 201
    (payment,) = engine.payments.values()
    return payment, handled.response.body


@pytest.mark.parametrize(
    "text",
    [
        "99.99",
        "10",
        "10.0",
        "10.00",
        "0.30000000000000004",
        "0.1",
        "123456789.123456789",
        "0.01",
        "0.010",
        "9007199254740993",
    ],
)
def test_an_amount_comes_back_digit_for_digit(text):
    payment, body = answered(text)

    assert b'"amount":' + text.encode() + b"," in body
    assert str(payment.amount) == text


@pytest.mark.parametrize(
    "text", ["1e2", "1E+2", "1.5e-3", "1e-7", "1.7976931348623157e308", "5e-324"]
)
def test_an_amount_with_an_exponent_comes_back_as_that_number(text):
    engine = an_engine()
    status, answer = post(engine, PAYMENTS, paying(engine, text))

    assert (status, answer["amount"]) == (201, float(text))
    assert isinstance(answer["amount"], float)
    assert next(iter(engine.payments.values())).amount == Decimal(text)


def test_an_amount_is_the_same_in_every_answer():
    engine = an_engine()
    _, paid = post(engine, PAYMENTS, paying(engine, "49.90"))
    path = f"/api/v1/transactions/{paid['transaction_id']}"
    bodies = [
        call(engine, "POST", f"{path}/refund").response.body,
        call(engine, "GET", path).response.body,
        call(engine, "GET", "/api/v1/customers/cust_123/transactions").response.body,
    ]

    assert [body.count(b'"amount":49.90,') for body in bodies] == [1, 1, 2]


@pytest.mark.parametrize(
    ("text", "status", "message"),
    [
        ("0.01", "failed", "Insufficient funds"),
        ("0.010", "failed", "Insufficient funds"),
        ("1e-2", "failed", "Insufficient funds"),
        ("0.02", "failed", "Card declined"),
        ("0.03", "pending", "Payment pending verification"),
        ("10000", "pending", "Large transaction - manual review required"),
        ("10000.00", "pending", "Large transaction - manual review required"),
        ("1e4", "pending", "Large transaction - manual review required"),
        ("99999999999999999999", "pending", "Large transaction - manual review required"),
        ("0.04", "success", "Payment processed successfully"),
        ("9999.99", "success", "Payment processed successfully"),
        ("0.010000000000000000001", "success", "Payment processed successfully"),
        ("0.030000000000000002", "success", "Payment processed successfully"),
        ("9999.9999999999999999999", "success", "Payment processed successfully"),
    ],
)
def test_the_numbers_own_text_decides_whether_it_is_special(text, status, message):
    engine = an_engine()
    _, answer = post(engine, PAYMENTS, paying(engine, text))

    assert (answer["status"], answer["message"]) == (status, message)


@pytest.mark.parametrize(
    ("text", "detail"),
    [
        ('"99.99"', "must be a number"),
        ('"10"', "must be a number"),
        ("true", "must be a number"),
        ("false", "must be a number"),
        ("null", "must be a number"),
        ("[]", "must be a number"),
        ("[10]", "must be a number"),
        ("{}", "must be a number"),
        ("NaN", "must be a finite number"),
        ("Infinity", "must be a finite number"),
        ("-Infinity", "must be a finite number"),
        ("1e400", "must be a finite number"),
        ("-1e400", "must be a finite number"),
        ("1.7976931348623158e308", "must be a finite number"),
        ("9" * 400, "must be a finite number"),
        ("0", "must be greater than 0"),
        ("-0", "must be greater than 0"),
        ("0.0", "must be greater than 0"),
        ("-0.0", "must be greater than 0"),
        ("0e5", "must be greater than 0"),
        ("-1", "must be greater than 0"),
        ("-0.01", "must be greater than 0"),
        ("1e-400", "must be greater than 0"),
    ],
)
def test_what_is_no_amount_is_refused(text, detail):
    engine = an_engine()

    assert refused(engine, "POST", PAYMENTS, paying(engine, text)) == (400, f"amount: {detail}")


@pytest.mark.parametrize("text", ["9" * 5000, "1e99999999999999999999"])
def test_a_number_out_of_all_range_is_refused(text):
    engine = an_engine()

    assert refused(engine, "POST", PAYMENTS, paying(engine, text)) == (
        400,
        "the request body holds a number that is out of range",
    )


@pytest.mark.parametrize("text", ["+1", "01", ".5", "5.", "1_000", "0x10", "1e", "--1", "1,5"])
def test_what_json_does_not_call_a_number_is_no_json(text):
    engine = an_engine()
    status, detail = refused(engine, "POST", PAYMENTS, paying(engine, text))

    assert status == 400
    assert detail.startswith("the request body is not valid JSON (line 1 column ")


@pytest.mark.parametrize(
    "text", ["99.99", "123456.789", "0.30000000000000004", "1e2", "1e400", "-1"]
)
def test_the_decimal_context_of_the_code_under_test_changes_no_amount(text):
    plain, strict = an_engine(), an_engine()
    expected = read(call(plain, "POST", PAYMENTS, paying(plain, text)))
    with decimal.localcontext(prec=2, traps=dict.fromkeys(decimal.getcontext().traps, True)):
        answer = read(call(strict, "POST", PAYMENTS, paying(strict, text)))

    assert answer == expected
    assert strict.state() == plain.state()


@pytest.mark.parametrize("currency", ["USD", "EUR", "jpy", "XxX"])
def test_special_amounts_are_special_in_every_currency(currency):
    engine = an_engine()
    body = paying(engine, "0.02")[:-1] + b',"currency":"%b"}' % currency.encode()
    status, answer = post(engine, PAYMENTS, body)

    assert (status, answer["message"], answer["currency"]) == (201, "Card declined", currency)


def test_the_history_adds_up_exactly():
    engine = an_engine()
    for _ in range(3):
        post(engine, PAYMENTS, paying(engine, "0.1"))
    _, history = get(engine, "/api/v1/customers/cust_123/transactions")

    assert sum(payment.amount for payment in engine.payments.values()) == Decimal("0.3")
    assert [item["amount"] for item in history["transactions"]] == [0.1] * 3
