"""Faults on what is no call of a documented endpoint: unknown paths, other methods, HEAD."""

import json

import pytest

from pytest_paymock import faults
from pytest_paymock.faults import ALL, Fault

from .clients import Exchange, Seen
from .paying import PAYMENTS, a_fake

LATER = [fault(after_commit=True) for fault in ALL if fault.can_follow_commit]
ANSWERING = [fault for fault in [*ALL, *LATER] if fault.status or fault.name == "malformed_json"]
UNKNOWN = "/api/v1/nothing"


def met(exchange: Exchange, fault: Fault, method: str, path: str, **how: bool) -> Seen:
    """Send a request that meets a fault, and check its record."""
    with a_fake() as paymock:
        paymock.faults.queue(fault)
        seen = exchange(method, paymock.base_url + path, **how)
        call = paymock.calls.one()
        assert not paymock.payments
        assert not paymock.tokens
    assert (call.endpoint, call.method, call.path, call.fault) == (None, method, path, fault)
    assert call.status_code in (seen.status, None if seen.status else call.status_code)
    return seen


@pytest.mark.parametrize("fault", ALL, ids=str)
def test_an_unknown_path_meets_a_fault_like_any_other(exchange: Exchange, fault: Fault):
    seen = met(exchange, fault, "GET", UNKNOWN)
    assert (seen.error is None) == (bool(fault.status) or fault is faults.malformed_json)
    assert seen.status == (fault.status or (None if seen.error else 200))


@pytest.mark.parametrize(
    ("method", "path", "status"), [("GET", UNKNOWN, 404), ("DELETE", PAYMENTS, 405)]
)
def test_after_the_commit_a_refusal_breaks_off(exchange: Exchange, method, path, status):
    seen = met(exchange, faults.truncated_body(after_commit=True), method, path, stream=True)
    assert seen.status == status
    assert seen.error is not None
    assert (seen.headers.get("allow") == "POST") == (status == 405)
    garbled = met(exchange, faults.malformed_json(after_commit=True), method, path)
    assert garbled.status == status
    assert b'{"detail":"Method Not'.startswith(garbled.body) or garbled.body == b'{"detail":'


@pytest.mark.parametrize("fault", ANSWERING, ids=str)
@pytest.mark.parametrize("path", [PAYMENTS, UNKNOWN])
def test_an_answer_to_head_has_no_body(exchange: Exchange, fault: Fault, path: str):
    seen = met(exchange, fault, "HEAD", path)
    assert (seen.body, seen.error) == (b"", None)
    assert seen.status is not None
    assert seen.headers["content-length"] == "0"
    if fault.status:
        assert seen.status == fault.status


@pytest.mark.parametrize("fault", [faults.truncated_body, faults.truncated_body(after_commit=True)])
def test_an_answer_to_head_has_no_body_that_could_break_off(exchange: Exchange, fault: Fault):
    seen = met(exchange, fault, "HEAD", PAYMENTS)
    assert (seen.body, seen.error) == (b"", None)


def test_a_head_request_meets_the_same_errors(exchange: Exchange):
    seen = met(exchange, faults.read_timeout, "HEAD", PAYMENTS)
    assert type(seen.error).__name__ == "ReadTimeout"


def test_a_fault_on_an_endpoint_lets_other_methods_and_paths_alone(exchange: Exchange):
    with a_fake() as paymock:
        paymock.faults.always(faults.read_timeout, on="create_payment")
        found = [
            exchange(method, paymock.base_url + path).status
            for method, path in [("GET", PAYMENTS), ("HEAD", PAYMENTS), ("POST", PAYMENTS + "/")]
        ]
        assert [call.fault for call in paymock.calls] == [None] * 3
    assert found == [405, 405, 404]


def test_a_fault_on_an_endpoint_finds_it_whatever_identifier_is_in_the_path(exchange: Exchange):
    with a_fake() as paymock:
        paymock.faults.queue(faults.server_error, on="list_customer_transactions")
        seen = exchange("GET", f"{paymock.base_url}/api/v1/customers/a%2Fb%20c/transactions?x=1")
        assert paymock.calls.one().endpoint == "list_customer_transactions"
    assert (seen.status, json.loads(seen.body)) == (500, {"detail": "Internal server error"})
