"""Spec section 4: all transactions of a customer."""

from urllib.parse import quote

import pytest

from pytest_paymock import Paymock

from .clients import Client, every_client
from .documents import contract, get_token, history, pay, refund, transaction

pytestmark = contract


def ids_of(document: dict[str, list[dict[str, str]]]) -> list[str]:
    """Return the transaction ids of a history, in order."""
    return [item["transaction_id"] for item in document["transactions"]]


@pytest.mark.parametrize("customer_id", ["nobody", "%00", "a%20b", "x" * 5000])
def test_a_customer_never_heard_of_has_an_empty_history(client: Client, customer_id: str) -> None:
    document = history(client, customer_id)
    assert document["transaction_count"] == 0
    assert document["transactions"] == []
    assert sorted(document) == ["customer_id", "transaction_count", "transactions"]


def test_a_token_alone_makes_no_history(client: Client) -> None:
    get_token(client)
    assert history(client)["transaction_count"] == 0


def test_transactions_are_listed_in_the_shape_of_a_lookup(client: Client) -> None:
    token = get_token(client)
    made = [pay(client, token, amount)["transaction_id"] for amount in (1, 0.01, 0.03)]
    document = history(client)
    assert document["customer_id"] == "cust_123"
    assert document["transaction_count"] == 3
    assert document["transactions"] == [transaction(client, name).json for name in made]


def test_the_oldest_stands_first_and_refunds_in_between(client: Client, paymock: Paymock) -> None:
    token = get_token(client)
    first = pay(client, token, 1)["transaction_id"]
    paymock.clock.advance(seconds=1)
    second = pay(client, token, 2)["transaction_id"]
    refund_of_first = refund(client, first).json["refund_id"]
    third = pay(client, token, 3)["transaction_id"]
    refund_of_third = refund(client, third).json["refund_id"]
    document = history(client)
    assert ids_of(document) == [first, second, refund_of_first, third, refund_of_third]
    assert document["transaction_count"] == 5
    assert document["transactions"][0]["refund_id"] == refund_of_first
    assert document["transactions"][2]["original_transaction_id"] == first


def test_the_order_is_that_of_the_calls_and_not_of_the_ids(client: Client) -> None:
    token = get_token(client)
    made = [pay(client, token, number + 1)["transaction_id"] for number in range(20)]
    assert made != sorted(made), "ids that sort like the calls would prove nothing"
    assert ids_of(history(client)) == made


def test_a_history_holds_no_one_elses_payments(client: Client) -> None:
    token = get_token(client)
    mine = pay(client, token)["transaction_id"]
    theirs = pay(client, token, customer_id="cust_other")["transaction_id"]
    assert ids_of(history(client)) == [mine]
    assert ids_of(history(client, "cust_other")) == [theirs]


def test_refused_calls_leave_no_trace_in_a_history(client: Client) -> None:
    token = get_token(client)
    only = pay(client, token, 0.01)["transaction_id"]
    refund(client, only)
    client.post("/api/v1/payments", {"token": "tok_none", "amount": 1, "customer_id": "cust_123"})
    client.post("/api/v1/payments", {"token": token, "amount": -1, "customer_id": "cust_123"})
    assert ids_of(history(client)) == [only]


@every_client
@pytest.mark.parametrize(
    "customer_id",
    [
        "cust/1",
        "a b",
        "ünï@çødé",
        "100%",
        "%2F",
        "%252F",
        "a?b#c",
        "a&b=c;d+e",
        "~tilde-._",
        "(round)[square]{curly}",
        '"quoted"\\',
        "日本",
        "😀",
        "line\nfeed\ttab\x7f",
        "transactions",
        "x/transactions",
    ],
)
def test_an_identifier_is_percent_decoded_once(client: Client, customer_id: str) -> None:
    paid = pay(client, get_token(client), customer_id=customer_id)
    document = history(client, quote(customer_id, safe=""))
    assert document["customer_id"] == customer_id
    assert ids_of(document) == [paid["transaction_id"]]


@every_client
@pytest.mark.parametrize(
    "customer_id", ["4532015112830366", "a 4532015112830366 100%25", "4532015112830366/shop"]
)
def test_a_customer_named_like_a_card_number_is_found_under_that_name(
    client: Client, paymock: Paymock, customer_id: str
) -> None:
    paid = pay(client, get_token(client), customer_id=customer_id)
    assert ids_of(history(client, quote(customer_id, safe=""))) == [paid["transaction_id"]]
    assert "4532015112830366" not in repr(paymock.payments) + repr(paymock.calls)
