"""Paths and methods: all of them are the fake's to answer, as they stood on the wire."""

import httpx
import pytest

from pytest_paymock.server.fake import ServerPaymock

from .conftest import Serve
from .sockets import Wire, body_of, request, status_of

OF_THE_SERVER = ["/docs", "/redoc", "/openapi.json", "/docs-assets/favicon.png"]


@pytest.mark.parametrize(
    ("method", "path", "name"),
    [
        ("POST", "/api/v1/tokenize", "tokenize"),
        ("POST", "/api/v1/payments", "create_payment"),
        ("GET", "/api/v1/transactions/txn_1", "get_transaction"),
        ("GET", "/api/v1/customers/cust_1/transactions", "list_customer_transactions"),
        ("POST", "/api/v1/transactions/txn_1/refund", "refund"),
        ("GET", "/api/v1/tokens/tok_1", "get_token"),
    ],
)
def test_every_documented_endpoint_is_served(
    http: httpx.Client, paymock_server: ServerPaymock, method: str, path: str, name: str
) -> None:
    http.request(method, path)
    call = paymock_server.calls.one()
    assert (call.endpoint, call.method, call.path, call.client) == (name, method, path, "server")


@pytest.mark.parametrize("path", ["/", "/nothing", "/api/v1/tokenize/", "/_paymock/state", "/a//b"])
@pytest.mark.parametrize("method", ["GET", "POST", "DELETE", "BREW"])
def test_any_other_path_is_not_found_and_is_recorded(
    http: httpx.Client, paymock_server: ServerPaymock, method: str, path: str
) -> None:
    answer = http.request(method, path)
    assert (answer.status_code, answer.json()) == (404, {"detail": "Not Found"})
    assert (paymock_server.calls.one().path, paymock_server.calls.one().endpoint) == (path, None)


@pytest.mark.parametrize("path", OF_THE_SERVER)
def test_the_servers_own_pages_are_no_calls_of_the_api(
    http: httpx.Client, paymock_server: ServerPaymock, path: str
) -> None:
    assert http.get(path).status_code == 200
    paymock_server.assert_no_calls()


@pytest.mark.parametrize("path", OF_THE_SERVER)
def test_another_method_on_a_page_is_answered_by_the_api(
    http: httpx.Client, paymock_server: ServerPaymock, path: str
) -> None:
    assert http.post(path).json() == {"detail": "Not Found"}
    assert paymock_server.calls.one().status_code == 404


def test_an_identifier_is_decoded_once(http: httpx.Client, paymock_server: ServerPaymock) -> None:
    paymock_server.add_payment(amount=5, customer_id="a/b %2F ü")
    answer = http.get("/api/v1/customers/a%2Fb%20%252F%20%C3%BC/transactions")
    assert answer.json()["customer_id"] == "a/b %2F ü"
    assert answer.json()["transaction_count"] == 1


def test_a_target_in_absolute_form_is_understood(wire: Wire) -> None:
    wire.write(request("GET", "http://pay.example/api/v1/tokens/tok_1?x=y"))
    assert body_of(wire.one()) == {"detail": "Token not found"}


@pytest.mark.parametrize("target", ["*", "pay.example:443", "http://", "%", "/%zz/%", "/a#b"])
def test_an_odd_target_is_not_found(wire: Wire, target: str) -> None:
    wire.write(request("OPTIONS", target))
    answer = wire.one()
    assert status_of(answer) == 404
    assert body_of(answer) == {"detail": "Not Found"}


def test_below_a_base_path_everything_is_as_without_one(serve: Serve) -> None:
    fake = serve(prefix="/pay/v2")
    assert fake.url.endswith("/pay/v2")
    with httpx.Client(base_url=fake.url) as http:
        assert http.get("/api/v1/tokens/tok_1").json() == {"detail": "Token not found"}
        assert http.get("/docs").status_code == http.get("/redoc").status_code == 200
        paths = http.get("/openapi.json").json()["paths"]
    assert "/pay/v2/api/v1/payments" in paths
    assert fake.calls.one().path == "/api/v1/tokens/tok_1"


@pytest.mark.parametrize("path", ["/api/v1/tokens/tok_1", "/pay/v22/api/v1/tokens/tok_1", "/docs"])
def test_outside_a_base_path_there_is_nothing(serve: Serve, path: str) -> None:
    fake = serve(prefix="/pay/v2")
    answer = httpx.get(fake.url.removesuffix("/pay/v2") + path)
    assert (answer.status_code, answer.json()) == (404, {"detail": "Not Found"})
    assert (fake.calls.one().path, fake.calls.one().endpoint) == (path, None)


def test_between_two_tests_nobody_is_answered(serve: Serve) -> None:
    fake = serve()
    fake.stop()
    for path in ("/api/v1/tokens/tok_1", "/nothing", "/_paymock/state"):
        answer = httpx.get(fake.url + path)
        assert answer.status_code == 503
        assert answer.json() == {"detail": "no test uses this server at the moment"}
    assert "/api/v1/payments" in httpx.get(f"{fake.url}/openapi.json").json()["paths"]
    fake.assert_no_calls()
