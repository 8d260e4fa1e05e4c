"""Spec section 1: the six endpoints, and nothing beside them."""

from collections.abc import Callable

import pytest

from pytest_paymock import Paymock

from .clients import Client, every_client
from .conftest import Connect
from .documents import contract, get_token, pay, payment, tokenization

pytestmark = [contract, every_client]

ENDPOINTS = [
    ("tokenize", "POST", "/api/v1/tokenize"),
    ("create_payment", "POST", "/api/v1/payments"),
    ("get_transaction", "GET", "/api/v1/transactions/txn_1"),
    ("list_customer_transactions", "GET", "/api/v1/customers/cust_123/transactions"),
    ("refund", "POST", "/api/v1/transactions/txn_1/refund"),
    ("get_token", "GET", "/api/v1/tokens/tok_1"),
]
METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD", "BREW"]

WRONG_METHODS = [
    (method, path, documented)
    for _, documented, path in ENDPOINTS
    for method in METHODS
    if method != documented
]

UNKNOWN_PATHS = [
    "",
    "/",
    "/api",
    "/api/v1",
    "/api/v1/",
    "/api/v1/payment",
    "/api/v1/paymentss",
    "/api/v2/payments",
    "/v1/payments",
    "/API/V1/PAYMENTS",
    "/api/v1/tokens",
    "/api/v1/tokens/",
    "/api/v1/tokens/tok_1/info",
    "/api/v1/transactions",
    "/api/v1/transactions/",
    "/api/v1/transactions/txn_1/refunds",
    "/api/v1/transactions/txn_1/refund/again",
    "/api/v1/transactions//refund",
    "/api/v1/customers",
    "/api/v1/customers/cust_1",
    "/api/v1/customers//transactions",
    "/api/v1/customers/cust_1/payments",
    "/api/v1/refunds/ref_1",
    "/api/v1//payments",
    "/api/v1/payments%20",
    "/api/v1/payments%0A",
    "/api%2Fv1%2Fpayments",
    "/health",
    "/docs",
    "/openapi.json",
    "/_paymock/state",
]


def test_every_documented_endpoint_is_there(client: Client, paymock: Paymock) -> None:
    for name, method, path in ENDPOINTS:
        answer = client.send(method, path)
        assert answer.status in (200, 400, 404)
        assert answer.body not in (b'{"detail":"Not Found"}', b'{"detail":"Method Not Allowed"}')
        assert paymock.calls.last.endpoint == name


def test_the_documented_answers_are_200_and_201(client: Client, paymock: Paymock) -> None:
    token = client.post("/api/v1/tokenize", tokenization()).json["token"]
    paid = client.post("/api/v1/payments", payment(token)).json["transaction_id"]
    client.get(f"/api/v1/transactions/{paid}")
    client.get("/api/v1/customers/cust_123/transactions")
    client.post(f"/api/v1/transactions/{paid}/refund")
    client.get(f"/api/v1/tokens/{token}")
    assert [(call.endpoint, call.status_code) for call in paymock.calls] == [
        ("tokenize", 201),
        ("create_payment", 201),
        ("get_transaction", 200),
        ("list_customer_transactions", 200),
        ("refund", 200),
        ("get_token", 200),
    ]


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_any_other_path_is_not_found(client: Client, paymock: Paymock, method: str) -> None:
    for path in UNKNOWN_PATHS:
        answer = client.send(method, path)
        assert answer.status == 404, path
        assert answer.json == {"detail": "Not Found"}
        assert answer.headers["content-type"] == "application/json"
        assert "allow" not in answer.headers
        assert paymock.calls.last.endpoint is None
    assert len(paymock.calls) == len(UNKNOWN_PATHS)


def test_a_trailing_slash_is_another_path_and_no_redirect(client: Client, paymock: Paymock) -> None:
    for name, method, path in ENDPOINTS:
        answer = client.send(method, f"{path}/")
        assert answer.status == 404, name
        assert answer.json == {"detail": "Not Found"}
        assert "location" not in answer.headers
    assert len(paymock.calls) == len(ENDPOINTS)


def test_another_method_is_not_allowed(client: Client, paymock: Paymock) -> None:
    for method, path, documented in WRONG_METHODS:
        answer = client.send(method, path)
        assert answer.status == 405, (method, path)
        assert answer.headers["allow"] == documented
        assert answer.headers["content-type"] == "application/json"
        expected = b"" if method == "HEAD" else b'{"detail":"Method Not Allowed"}'
        assert answer.body == expected
        call = paymock.calls.last
        assert (call.method, call.path, call.status_code) == (method, path, 405)
        assert call.endpoint is None
    assert len(paymock.calls) == len(WRONG_METHODS)


def test_any_method_on_an_unknown_path_is_not_found(client: Client) -> None:
    for method in METHODS:
        answer = client.send(method, "/api/v1/nothing")
        assert answer.status == 404, method
        assert answer.body == (b"" if method == "HEAD" else b'{"detail":"Not Found"}')


def test_a_refused_path_or_method_changes_nothing(client: Client, paymock: Paymock) -> None:
    token = get_token(client)
    paid = pay(client, token)["transaction_id"]
    before = list(paymock.tokens), list(paymock.transactions), paymock.outcomes.forecast(5)
    for method in ("PUT", "PATCH", "DELETE"):
        client.send(method, f"/api/v1/transactions/{paid}/refund")
        client.send(method, "/api/v1/payments", body=b'{"token": "%s"}' % token.encode())
    client.send("POST", "/api/v1/payments/", body=b'{"token": "%s"}' % token.encode())
    client.send("GET", f"/api/v1/transactions/{paid}/refund")
    client.send("DELETE", f"/api/v1/tokens/{token}")
    assert before == (
        list(paymock.tokens),
        list(paymock.transactions),
        paymock.outcomes.forecast(5),
    )


@pytest.mark.parametrize("network", ["loopback", "none", "any"])
def test_an_unknown_path_never_reaches_the_network(
    connect: Connect, network: str, paymock_factory: Callable[..., Paymock]
) -> None:
    client = connect(paymock_factory(network=network, base_url="http://unreachable.invalid:1"))
    assert client.get("/elsewhere").json == {"detail": "Not Found"}
    assert client.send("DELETE", "/api/v1/payments").status == 405


@pytest.mark.parametrize(
    "query", ["?", "?a=b", "?amount=1&status=failed", "?x=%2F%00#part", "?a?b/c"]
)
def test_a_query_has_no_effect(client: Client, paymock: Paymock, query: str) -> None:
    token = client.post(f"/api/v1/tokenize{query}", tokenization()).json["token"]
    paid = client.post(f"/api/v1/payments{query}", payment(token))
    assert paid.status == 201
    name = paid.json["transaction_id"]
    plain = client.get(f"/api/v1/transactions/{name}")
    assert client.get(f"/api/v1/transactions/{name}{query}") == plain
    listed = client.get(f"/api/v1/customers/cust_123/transactions{query}")
    assert listed.json["transaction_count"] == 1
    assert client.get(f"/api/v1/tokens/{token}{query}").json["is_valid"] is True
    assert client.post(f"/api/v1/transactions/{name}/refund{query}").status == 200
    assert len(paymock.calls) == 7


def test_a_query_does_not_rescue_a_wrong_path(client: Client) -> None:
    assert client.get("/api/v1/customers?/cust_123/transactions").status == 404
