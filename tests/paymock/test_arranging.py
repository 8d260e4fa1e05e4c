"""State that is put in place without HTTP."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from pytest_paymock import Paymock, UsageError

from .support import NOW, call, pay, refund

pytestmark = pytest.mark.paymock(clock=NOW)

OUTCOMES = (
    "success",
    "insufficient_funds",
    "card_declined",
    "issuer_declined",
    "pending_verification",
    "manual_review",
    "under_review",
)


@pytest.mark.parametrize(
    ("name", "number", "card_type"),
    [
        ("visa", "4532015112830366", "Visa"),
        ("mastercard", "5425233430109903", "Mastercard"),
        ("american_express", "374245455400126", "American Express"),
        ("amex", "374245455400126", "American Express"),
        ("discover", "6011111111111117", "Discover"),
        ("VISA", "4532015112830366", "Visa"),
    ],
)
def test_a_card_is_a_valid_part_of_a_request(
    paymock: Paymock, name: str, number: str, card_type: str
) -> None:
    card = paymock.card(name)
    assert type(card) is dict
    assert card["card_number"] == number
    assert len(card["cvv"]) == (4 if card_type == "American Express" else 3)
    answer = call(paymock, "POST", "/tokenize", {"card": card, "customer": paymock.customer()})
    assert answer["card_type"] == card_type


def test_a_card_is_a_visa_unless_said_otherwise(paymock: Paymock) -> None:
    assert paymock.card() == paymock.card("visa")


@pytest.mark.parametrize("clock", ["1999-12-31", "2026-01-27", "2098-06-01", "9998-12-31T23:59:59"])
def test_a_card_expires_in_the_future_of_the_clock(clock: str) -> None:
    with Paymock(clock=clock) as paymock:
        document = {"card": paymock.card(), "customer": paymock.customer()}
        assert call(paymock, "POST", "/tokenize", document)["last_four_digits"] == "0366"
        assert paymock.add_token().card.expiry_year == document["card"]["expiry_year"]


def test_a_card_made_after_the_clock_moved_is_good_then(paymock: Paymock) -> None:
    paymock.clock.advance(days=365 * 20)
    document = {"card": paymock.card(), "customer": paymock.customer()}
    assert "token" in call(paymock, "POST", "/tokenize", document)


def test_fields_of_a_card_are_replaced(paymock: Paymock) -> None:
    card = paymock.card("visa", cvv="x", expiry_year=2001)
    assert (card["cvv"], card["expiry_year"]) == ("x", 2001)
    assert card["card_number"] == "4532015112830366"


@pytest.mark.parametrize("name", ["maestro", "", "4532015112830366"])
def test_an_unknown_card_is_a_usage_error_that_lists_the_known_ones(
    paymock: Paymock, name: str
) -> None:
    for make in (paymock.card, paymock.add_token):
        with pytest.raises(
            UsageError, match="the cards are visa, mastercard, american_express, discover"
        ):
            make(name)
    assert len(paymock.tokens) == 0


def test_a_usage_error_does_not_repeat_a_card_number(paymock: Paymock) -> None:
    with pytest.raises(UsageError) as caught:
        paymock.card("4532015112830366")
    assert "4532015112830366" not in str(caught.value)


def test_a_customer_is_a_valid_part_of_a_request(paymock: Paymock) -> None:
    assert paymock.customer()["customer_id"] == "cust_1"
    customer = paymock.customer("cust_9", email="a@b")
    assert (customer["customer_id"], customer["email"]) == ("cust_9", "a@b")
    answer = call(paymock, "POST", "/tokenize", {"card": paymock.card(), "customer": customer})
    assert answer["customer_id"] == "cust_9"


def test_a_customer_without_an_id_is_given_one_by_the_api(paymock: Paymock) -> None:
    document = {"card": paymock.card(), "customer": paymock.customer(None)}
    assert call(paymock, "POST", "/tokenize", document)["customer_id"].startswith("cust_")


def test_request_parts_are_the_callers_own(paymock: Paymock) -> None:
    paymock.card()["cvv"] = "changed"
    paymock.customer()["billing_address"]["city"] = "changed"
    assert paymock.card()["cvv"] == "123"
    assert paymock.customer()["billing_address"]["city"] == "New York"


def test_an_arranged_token_is_a_token_like_any_other(paymock: Paymock) -> None:
    token = paymock.add_token("mastercard", customer_id="cust_9")
    assert token == paymock.tokens.one()
    assert token.call is None
    assert (token.card_type, token.last_four_digits) == ("Mastercard", "9903")
    assert token.customer_id == "cust_9"
    assert token.expires_at - token.created_at == timedelta(hours=24)
    assert pay(paymock, token=token.token, customer_id="cust_9").startswith("txn_")
    assert len(paymock.calls) == 1


def test_an_arranged_token_belongs_to_cust_1_or_to_a_new_customer(paymock: Paymock) -> None:
    assert paymock.add_token().customer_id == "cust_1"
    made = [paymock.add_token(customer_id=None).customer_id for _ in range(3)]
    assert len(set(made)) == 3
    assert all(name.startswith("cust_") for name in made)


def test_an_arranged_payment_is_a_payment_like_any_other(paymock: Paymock) -> None:
    payment = paymock.add_payment(amount=9.5)
    assert payment == paymock.payments.one()
    assert (payment.amount, payment.currency) == (Decimal("9.5"), "USD")
    assert (payment.status, payment.outcome) == ("success", "success")
    assert payment.customer_id == "cust_1"
    assert payment.token == paymock.tokens.one().token
    assert payment.reason == "arranged by the test"
    assert payment.processed_at == datetime(2026, 1, 27, 12, tzinfo=UTC)
    assert payment.call is None
    paymock.assert_charged(9.5)
    assert refund(paymock, payment.transaction_id).startswith("ref_")
    assert len(paymock.calls) == 1


def test_an_arranged_payment_has_a_call_to_look_it_up(paymock: Paymock) -> None:
    payment = paymock.add_payment(
        amount="12.30", currency="EUR", customer_id="cust_9", description="gift"
    )
    assert call(paymock, "GET", f"/transactions/{payment.transaction_id}") == {
        "transaction_id": payment.transaction_id,
        "status": "success",
        "amount": 12.3,
        "currency": "EUR",
        "customer_id": "cust_9",
        "description": "gift",
        "processed_at": "2026-01-27T12:00:00",
        "card_info": {"last_four": "0366", "card_type": "Visa"},
    }


@pytest.mark.parametrize(
    ("status", "outcome"),
    [("success", "success"), ("failed", "issuer_declined"), ("pending", "under_review")],
)
def test_a_payment_is_arranged_by_status(paymock: Paymock, status: str, outcome: str) -> None:
    payment = paymock.add_payment(amount=1, status=status)
    assert (payment.status, payment.outcome) == (status, outcome)


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_a_payment_is_arranged_by_outcome(paymock: Paymock, outcome: str) -> None:
    assert paymock.add_payment(amount=1, outcome=outcome).outcome == outcome


@pytest.mark.parametrize("amount", [0.01, 10000, 99.99])
def test_an_arranged_payment_does_not_care_for_special_amounts(
    paymock: Paymock, amount: float
) -> None:
    assert paymock.add_payment(amount=amount).status == "success"


def test_an_arranged_payment_uses_up_no_draw_and_no_script(paymock: Paymock) -> None:
    forecast = paymock.outcomes.forecast(9)
    paymock.outcomes.queue("card_declined")
    paymock.add_payment(amount=1)
    assert paymock.outcomes.pending == ["card_declined"]
    assert paymock.outcomes.forecast(9) == forecast
    pay(paymock)
    assert paymock.payments.last.outcome == "card_declined"


@pytest.mark.parametrize("by", ["name", "record"])
def test_a_payment_is_arranged_with_a_token(paymock: Paymock, by: str) -> None:
    token = paymock.add_token("discover", customer_id="cust_9")
    payment = paymock.add_payment(amount=1, token=token if by == "record" else token.token)
    assert (payment.customer_id, payment.card_type) == ("cust_9", "Discover")
    assert payment.token == token.token
    assert len(paymock.tokens) == 1


def test_a_payment_is_arranged_with_an_expired_token(paymock: Paymock) -> None:
    token = paymock.add_token()
    paymock.clock.advance(days=2)
    assert paymock.add_payment(amount=1, token=token).status == "success"


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"amount": 0}, "an amount is greater than 0, not 0"),
        ({"amount": "-1"}, "an amount is greater than 0, not '-1'"),
        ({"amount": "five"}, "'five' is no amount; write it as 99.99 or '99.99'"),
        ({"amount": float("inf")}, "an amount is a finite number, not inf"),
        ({"amount": True}, "an amount is a Decimal, an int, a float or a string, not True"),
        ({"status": "done"}, "a payment's status is one of success, failed, pending, not 'done'"),
        (
            {"outcome": "declined"},
            (
                "there is no outcome 'declined' (did you mean card_declined?); "
                f"the outcomes are {', '.join(OUTCOMES)}"
            ),
        ),
        (
            {"status": "success", "outcome": "card_declined"},
            "add_payment takes a status or an outcome, which has one, not both",
        ),
        ({"token": "tok_no"}, "add_payment takes a token that exists; add_token makes one"),
    ],
)
def test_an_impossible_payment_is_a_usage_error(
    paymock: Paymock, wrong: dict[str, Any], words: str
) -> None:
    with pytest.raises(UsageError) as caught:
        paymock.add_payment(**{"amount": 1, **wrong})
    assert str(caught.value) == words
    assert len(paymock.payments) == len(paymock.tokens) == 0


@pytest.mark.parametrize("currency", ["dollars", "", "US1", 'US"', "ÜSD"])
def test_a_currency_that_the_api_would_refuse_cannot_be_arranged(
    paymock: Paymock, currency: str
) -> None:
    with pytest.raises(UsageError, match="currency"):
        paymock.add_payment(amount=1, currency=currency)
    assert len(paymock.payments) == 0


@pytest.mark.parametrize("amount", ["1e309", "1e-400"])
def test_an_amount_that_the_api_would_refuse_cannot_be_arranged(
    paymock: Paymock, amount: str
) -> None:
    with pytest.raises(UsageError, match="amount"):
        paymock.add_payment(amount=amount)
    assert len(paymock.payments) == 0


@pytest.mark.parametrize(("amount", "text"), [("1_000", "1000"), ("+5", "5"), (" 5.50 ", "5.50")])
def test_an_arranged_amount_is_answered_as_a_number(
    paymock: Paymock, amount: str, text: str
) -> None:
    payment = paymock.add_payment(amount=amount)
    body = paymock.payments.one().amount
    assert str(body) == text
    assert call(paymock, "GET", f"/transactions/{payment.transaction_id}")["amount"] == float(text)


def test_no_card_number_is_kept_of_what_is_arranged(paymock: Paymock) -> None:
    number = "4532015112830366"
    token = paymock.add_token(customer_id=f"cust {number}")
    paymock.add_payment(amount=1, customer_id=number, description=f"paid with {number}")
    assert number not in repr(paymock.tokens) + repr(paymock.payments) + repr(token)
    assert paymock.payments.one().description == "paid with ************0366"
