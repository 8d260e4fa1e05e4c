"""Which paths and methods there are, and what all others answer."""

import json

import pytest

from pytest_paymock._api.endpoints import ENDPOINTS, NAMES, checked_name, match
from pytest_paymock._api.http import Request
from pytest_paymock._engine.clock import Clock
from pytest_paymock._suggestions import did_you_mean
from pytest_paymock.errors import UsageError
from tests.api.support import EXAMPLE, TOKENIZE, an_engine, call, get, pay, post, refused

ROWS = [
    ("tokenize", "POST", "/api/v1/tokenize"),
    ("create_payment", "POST", "/api/v1/payments"),
    ("get_transaction", "GET", "/api/v1/transactions/id"),
    ("list_customer_transactions", "GET", "/api/v1/customers/id/transactions"),
    ("refund", "POST", "/api/v1/transactions/id/refund"),
    ("get_token", "GET", "/api/v1/tokens/id"),
]
METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "get", "BREW", ""]

TABLE = [
    ("tokenize", "POST", "/api/v1/tokenize", 201),
    ("create_payment", "POST", "/api/v1/payments", 201),
    ("get_transaction", "GET", "/api/v1/transactions/{transaction_id}", 200),
    ("list_customer_transactions", "GET", "/api/v1/customers/{customer_id}/transactions", 200),
    ("refund", "POST", "/api/v1/transactions/{transaction_id}/refund", 200),
    ("get_token", "GET", "/api/v1/tokens/{token}", 200),
]


def test_the_table_is_the_documented_one():
    assert [(e.name, e.method, e.path, e.success) for e in ENDPOINTS] == TABLE
    assert [name for name, *_ in TABLE] == list(NAMES)
    assert all(endpoint.summary for endpoint in ENDPOINTS)


@pytest.mark.parametrize(("name", "method", "path"), ROWS)
def test_a_documented_request_finds_its_endpoint(name, method, path):
    assert call(an_engine(), method, path, b"{}").endpoint == name


@pytest.mark.parametrize(("name", "allowed", "path"), ROWS)
@pytest.mark.parametrize("method", METHODS)
def test_a_known_path_with_another_method_is_405(name, allowed, path, method):
    engine = an_engine()
    before = engine.changes()
    handled = call(engine, method, path, b"{}")
    if method == allowed:
        assert handled.endpoint == name
        return

    assert handled.endpoint is None
    assert handled.response.status_code == 405
    assert ("allow", allowed) in handled.response.headers()
    assert handled.response.body == (
        b"" if method == "HEAD" else b'{"detail":"Method Not Allowed"}'
    )
    assert engine.changes() == before


UNKNOWN = [
    "",
    "/",
    "/api",
    "/api/v1",
    "/api/v1/",
    "/api/v2/tokenize",
    "/api/v1/tokenize/",
    "/api/v1/payments/",
    "/api/v1/payments/txn_1",
    "/api/v1/tokens",
    "/api/v1/tokens/",
    "/api/v1/tokens/tok_1/",
    "/api/v1/tokens/tok_1/more",
    "/api/v1/transactions",
    "/api/v1/transactions/",
    "/api/v1/transactions//refund",
    "/api/v1/transactions/txn_1/",
    "/api/v1/transactions/txn_1/refund/",
    "/api/v1/transactions/txn_1/refunds",
    "/api/v1/customers/cust_1",
    "/api/v1/customers//transactions",
    "/api/v1/customers/cust_1/transactions/",
    "/api/v1/customers/a/b/transactions",
    "//api/v1/tokenize",
    "/api//v1/tokenize",
    "api/v1/tokenize",
    "/API/v1/tokenize",
    "/api/v1/Tokenize",
    "/api/v1/tokenize%0A",
    "/api/v1/tokenize\n",
    "/api/v1/tokeniz%65",
    "/api/v1/./tokenize",
    "/api/v1/x/../tokenize",
    "/api/v1/tokens%2Ftok_1",
    "/api/v1/tokenize;v=1",
    "/health",
    "/docs",
]


@pytest.mark.parametrize("path", UNKNOWN)
@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
def test_an_unknown_path_is_404(path, method):
    engine = an_engine()
    handled = call(engine, method, path, EXAMPLE)

    assert refused(engine, method, path, EXAMPLE) == (404, "Not Found")
    assert handled.endpoint is None
    assert "allow" not in dict(handled.response.headers())


def test_head_of_an_unknown_path_has_no_body():
    response = call(an_engine(), "HEAD", "/nowhere").response

    assert (response.status_code, response.body) == (404, b"")
    assert ("content-length", "0") in response.headers()


@pytest.mark.parametrize(
    ("raw", "identifier"),
    [
        ("cust_1", "cust_1"),
        ("cust%201", "cust 1"),
        ("cust+1", "cust+1"),
        ("cust%2F1", "cust/1"),
        ("cust%2f1", "cust/1"),
        ("caf%C3%A9", "caf\u00e9"),
        ("a%2541", "a%41"),
        ("100%", "100%"),
        ("%zz", "%zz"),
        ("a%0A", "a\n"),
        ("%00", "\0"),
        ("%FF", "\ufffd"),
        ("~a%7Eb", "~a~b"),
        ("{}", "{}"),
        ("{customer_id}", "{customer_id}"),
        ("..", ".."),
        ("a;b=c", "a;b=c"),
    ],
)
def test_an_identifier_is_decoded_once(raw, identifier):
    by_method, found, _ = match(f"/api/v1/customers/{raw}/transactions")

    assert list(by_method) == ["GET"]
    assert found == identifier


@pytest.mark.parametrize(
    ("raw", "name"), [("cust%2F1", "cust/1"), ("a%2541", "a%41"), ("%C3%A9%20", "\u00e9 ")]
)
def test_the_history_of_a_customer_with_an_odd_name_is_found(raw, name):
    engine = an_engine()
    pay(engine, customer_id=name)
    status, history = get(engine, f"/api/v1/customers/{raw}/transactions")

    assert (status, history["customer_id"], history["transaction_count"]) == (200, name, 1)


def test_an_identifier_with_a_line_break_behind_it_is_another_one():
    engine = an_engine()
    name = pay(engine)["transaction_id"]

    assert refused(engine, "GET", f"/api/v1/transactions/{name}%0A") == (
        404,
        "Transaction not found",
    )


def test_the_path_is_recorded_as_it_stood_on_the_wire():
    path = "/api/v1/customers/cust%2F1/transactions"

    assert call(an_engine(), "GET", path).path == path


@pytest.mark.parametrize(
    ("path", "names"),
    [
        ("/api/v1/tokenize", ["tokenize"]),
        ("/api/v1/transactions/{transaction_id}", ["get_transaction"]),
        ("/api/v1/nothing", []),
    ],
)
def test_match_gives_the_endpoints_of_a_path_by_method(path, names):
    assert [endpoint.name for endpoint in match(path)[0].values()] == names


@pytest.mark.parametrize("name", NAMES)
def test_an_endpoint_goes_by_its_name(name):
    assert checked_name(name) == name


@pytest.mark.parametrize("name", ["payment", "/api/v1/tokenize", "", None])
def test_an_unknown_endpoint_is_an_error_that_lists_the_endpoints(name):
    with pytest.raises(UsageError) as caught:
        checked_name(name)

    assert str(caught.value) == (
        f"there is no endpoint {name!r}{did_you_mean(name, NAMES)}; "
        "the endpoints are tokenize, create_payment, get_transaction, "
        "list_customer_transactions, refund, get_token"
    )


# -- every answer -----------------------------------------------------------------------------


def test_every_answer_is_json_with_its_length():
    engine = an_engine()
    name = pay(engine)["transaction_id"]
    requests = [
        ("POST", TOKENIZE, EXAMPLE),
        ("POST", TOKENIZE, b"nonsense"),
        ("GET", f"/api/v1/transactions/{name}", b""),
        ("GET", "/api/v1/transactions/unknown", b""),
        ("DELETE", TOKENIZE, b""),
        ("GET", "/nowhere", b""),
    ]
    for method, path, body in requests:
        response = call(engine, method, path, body).response
        assert response.headers()[:2] == [
            ("content-type", "application/json"),
            ("content-length", str(len(response.body))),
        ]
        assert response.body.isascii()
        assert isinstance(json.loads(response.body), dict)


def test_a_request_shows_nothing_of_itself():
    request = Request("POST", TOKENIZE, b'{"cvv":"123"}')

    assert repr(request) == f"{request}" == "Request('POST', 16 characters of path, 13 bytes)"


def test_the_times_of_all_answers_are_to_the_second_and_without_an_offset():
    engine = an_engine(clock=Clock("2025-01-27T13:00:00.987654+01:00"))
    status, stored = post(engine, TOKENIZE, EXAMPLE)

    assert status == 201
    assert stored["created_at"] == "2025-01-27T12:00:00"
    assert stored["expires_at"] == "2025-01-28T12:00:00"
    assert pay(engine)["processed_at"] == "2025-01-27T12:00:00"
