"""A page of any origin may call the API, and no page of another site may control the fake."""

import httpx
import pytest

from pytest_paymock import faults
from pytest_paymock.server.fake import ServerPaymock

ORIGIN = {"origin": "https://shop.example"}


@pytest.mark.parametrize("method", ["POST", "GET", "PUT"])
@pytest.mark.parametrize("path", ["/api/v1/payments", "/api/v1/tokens/tok_1", "/nowhere"])
def test_a_preflight_is_granted_to_any_origin(
    http: httpx.Client, paymock_server: ServerPaymock, method: str, path: str
) -> None:
    asked = {
        **ORIGIN,
        "access-control-request-method": method,
        "access-control-request-headers": "content-type, x-request-id",
    }
    answer = http.options(path, headers=asked)
    assert answer.status_code == 200
    assert answer.headers["access-control-allow-origin"] == "*"
    assert method in answer.headers["access-control-allow-methods"]
    assert "x-request-id" in answer.headers["access-control-allow-headers"]
    paymock_server.assert_no_calls()


def test_an_answer_may_be_read_by_any_page(
    http: httpx.Client, paymock_server: ServerPaymock
) -> None:
    sent = {"card": paymock_server.card(), "customer": paymock_server.customer()}
    answer = http.post("/api/v1/tokenize", json=sent, headers=ORIGIN)
    assert answer.status_code == 201
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "access-control-allow-credentials" not in answer.headers


@pytest.mark.parametrize("fault", [None, faults.server_error])
def test_a_refusal_may_be_read_too(
    http: httpx.Client, paymock_server: ServerPaymock, fault: faults.Fault | None
) -> None:
    paymock_server.faults.always(fault)
    answer = http.post("/api/v1/payments", headers=ORIGIN)
    assert answer.status_code == (500 if fault else 400)
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["content-type"] == "application/json"


def test_options_that_are_no_preflight_are_answered_by_the_api(
    http: httpx.Client, paymock_server: ServerPaymock
) -> None:
    answer = http.options("/api/v1/payments", headers=ORIGIN)
    assert (answer.status_code, answer.headers["allow"]) == (405, "POST")
    assert paymock_server.calls.one().method == "OPTIONS"


def test_who_is_no_page_is_told_nothing_of_origins(http: httpx.Client) -> None:
    answer = http.get("/api/v1/tokens/tok_1")
    assert sorted(answer.headers) == ["content-length", "content-type"]


@pytest.mark.parametrize("path", ["/_paymock/state", "/_paymock/reset"])
def test_control_grants_nothing_to_a_page_of_another_site(
    http: httpx.Client, paymock_server: ServerPaymock, path: str
) -> None:
    paymock_server.control = True
    asked = {**ORIGIN, "access-control-request-method": "POST"}
    for answer in (
        http.options(path, headers=asked),
        http.get(path, headers=ORIGIN),
        http.post(path, headers=ORIGIN),
    ):
        assert answer.status_code in (403, 404, 405)
        assert "access-control-allow-origin" not in answer.headers
