"""The documented examples, as they stand (spec section 9)."""

from tests.api.support import EXAMPLE, PAYMENTS, TOKENIZE, an_engine, get, post

PAYMENT = {
    "amount": 99.99,
    "currency": "USD",
    "customer_id": "cust_123",
    "description": "Order #12345",
}


def test_the_documented_checkout_works_as_it_stands():
    engine = an_engine()
    engine.clock.move_to("2025-06-27T12:00:00")
    status, stored = post(engine, TOKENIZE, EXAMPLE)
    token = stored["token"]

    assert status == 201
    assert stored == {
        "token": token,
        "last_four_digits": "0366",
        "card_type": "Visa",
        "expires_at": "2025-06-28T12:00:00",
        "customer_id": "cust_123",
        "created_at": "2025-06-27T12:00:00",
    }

    status, paid = post(engine, PAYMENTS, {"token": token, **PAYMENT})
    name = paid["transaction_id"]

    assert status == 201
    assert paid == {
        "transaction_id": name,
        "status": "success",
        "amount": 99.99,
        "currency": "USD",
        "token": token,
        "customer_id": "cust_123",
        "message": "Payment processed successfully",
        "processed_at": "2025-06-27T12:00:00",
    }
    assert get(engine, f"/api/v1/transactions/{name}") == (
        200,
        {
            "transaction_id": name,
            "status": "success",
            "amount": 99.99,
            "currency": "USD",
            "customer_id": "cust_123",
            "description": "Order #12345",
            "processed_at": "2025-06-27T12:00:00",
            "card_info": {"last_four": "0366", "card_type": "Visa"},
        },
    )


def test_the_fields_of_the_documented_answers_come_in_their_order():
    engine = an_engine()
    _, stored = post(engine, TOKENIZE, EXAMPLE)
    _, paid = post(engine, PAYMENTS, {"token": stored["token"], **PAYMENT})
    _, shown = get(engine, f"/api/v1/transactions/{paid['transaction_id']}")

    assert list(stored) == [
        "token",
        "last_four_digits",
        "card_type",
        "expires_at",
        "customer_id",
        "created_at",
    ]
    assert list(paid) == [
        "transaction_id",
        "status",
        "amount",
        "currency",
        "token",
        "customer_id",
        "message",
        "processed_at",
    ]
    assert list(shown) == [
        "transaction_id",
        "status",
        "amount",
        "currency",
        "customer_id",
        "description",
        "processed_at",
        "card_info",
    ]


def test_the_documented_card_has_expired_after_its_year():
    engine = an_engine()
    engine.clock.move_to("2026-01-01T00:00:00")

    assert post(engine, TOKENIZE, EXAMPLE) == (
        400,
        {
            "detail": "card.expiry_year: the card expired at the end of 12/2025, and the clock of "
            "the API says 2026-01-01; use a later expiry date"
        },
    )
