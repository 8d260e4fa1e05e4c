"""The records of HTTP exchanges."""

from datetime import UTC, datetime, timedelta
from types import ModuleType

import httpx
import httpx2
import pytest
import requests

from pytest_paymock import CallRecord, Paymock, UsageError, faults

from .support import NOW, call, pay, refund, tokenize

pytestmark = pytest.mark.paymock(clock=NOW)

NAMES = (
    "tokenize",
    "create_payment",
    "get_transaction",
    "list_customer_transactions",
    "refund",
    "get_token",
)


def test_a_call_carries_the_whole_exchange(paymock: Paymock) -> None:
    paymock.clock.advance(seconds=5)
    sent = {"token": "tok_no", "amount": 9.5, "customer_id": "cust_1"}
    call(paymock, "POST", "/payments", sent)
    record = paymock.calls.one()
    assert isinstance(record, CallRecord)
    assert record.number == 1
    assert record.client == "requests"
    assert record.endpoint == "create_payment"
    assert record.method == "POST"
    assert record.path == "/api/v1/payments"
    assert record.status_code == 401
    assert record.request == sent
    assert record.response == {"detail": "Invalid or expired token"}
    assert record.fault is None
    assert record.at == datetime(2026, 1, 27, 12, tzinfo=UTC) + timedelta(seconds=5)
    assert record.acted is True
    assert record.lost is False


@pytest.mark.parametrize("library", [httpx, httpx2, requests], ids=lambda found: found.__name__)
def test_a_call_knows_its_client(paymock: Paymock, library: ModuleType) -> None:
    library.get(f"{paymock.base_url}/api/v1/tokens/tok_1")
    assert paymock.calls.one().client == library.__name__


def test_calls_stand_in_order_and_are_counted_from_one(paymock: Paymock) -> None:
    name = pay(paymock)
    refund(paymock, name)
    call(paymock, "GET", f"/transactions/{name}")
    call(paymock, "GET", "/nothing")
    assert [(record.number, record.endpoint) for record in paymock.calls] == [
        (1, "create_payment"),
        (2, "refund"),
        (3, "get_transaction"),
        (4, None),
    ]


def test_calls_are_filtered_by_endpoint(paymock: Paymock) -> None:
    token = tokenize(paymock)
    first, second = pay(paymock, token=token), pay(paymock, token=token)
    refund(paymock, second)
    call(paymock, "GET", f"/tokens/{token}")
    call(paymock, "GET", f"/transactions/{first}")
    call(paymock, "GET", "/customers/cust_1/transactions")
    assert {name: len(paymock.calls.to(name)) for name in NAMES} == {
        **dict.fromkeys(NAMES, 1),
        "create_payment": 2,
    }
    assert paymock.calls.to("refund").one().path.endswith(f"/{second}/refund")
    assert paymock.calls.to("create_payment").where(client="httpx") == []


def test_an_unknown_endpoint_is_a_usage_error_that_lists_the_known_ones(paymock: Paymock) -> None:
    with pytest.raises(UsageError) as caught:
        paymock.calls.to("charge")
    assert str(caught.value) == (
        f"there is no endpoint 'charge'; the endpoints are {', '.join(NAMES)}"
    )


def test_the_path_of_a_call_is_told_below_the_base_url_and_without_the_query(
    paymock: Paymock,
) -> None:
    call(paymock, "GET", "/customers/a%2Fb/transactions?page=2")
    assert paymock.calls.one().path == "/api/v1/customers/a%2Fb/transactions"


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        (None, None),
        (b"", None),
        (b"no JSON", None),
        (b"[1]", None),
        (b"\xff", None),
        (b"{}", {}),
        (b'{"a": [1, null, "x"], "b": null}', {"a": "<list>", "b": None}),
    ],
)
@pytest.mark.parametrize("path", ["/api/v1/payments", "/api/v1/transactions/x/refund", "/else"])
def test_the_request_of_a_call_is_its_json_object_or_none(
    paymock: Paymock, body: bytes | None, shown: object, path: str
) -> None:
    requests.post(paymock.base_url + path, data=body, timeout=9)
    assert paymock.calls.one().request == shown


def test_the_request_of_a_call_is_masked(paymock: Paymock) -> None:
    tokenize(paymock)
    sent = paymock.calls.one().request
    assert sent["card"]["card_number"] == "************0366"
    assert sent["card"]["cvv"] == "***"
    assert sent["card"]["card_holder"] == "Test Customer"
    assert sent["customer"] == paymock.customer()


def test_an_answer_without_a_body_has_no_response(paymock: Paymock) -> None:
    requests.head(f"{paymock.base_url}/api/v1/payments", timeout=9)
    record = paymock.calls.one()
    assert (record.method, record.status_code) == ("HEAD", 405)
    assert record.response is None


def test_a_call_that_met_a_fault_says_so(paymock: Paymock) -> None:
    token = paymock.add_token().token
    document = {"token": token, "amount": 5, "customer_id": "cust_1"}
    for fault in (faults.read_timeout, faults.read_timeout(after_commit=True)):
        paymock.faults.queue(fault)
        with pytest.raises(requests.ReadTimeout):
            call(paymock, "POST", "/payments", document)
    before, after = paymock.calls
    assert (before.fault, before.acted, before.lost) == (faults.read_timeout, False, False)
    assert (after.acted, after.lost) == (True, True)
    assert before.status_code is after.status_code is None
    assert before.response is after.response is None
    assert before.request == after.request == document
    assert paymock.payments.one().call == after


def test_a_handed_out_request_is_a_copy(paymock: Paymock) -> None:
    call(paymock, "POST", "/payments", {"token": "tok_no", "amount": 1, "customer_id": "c"})
    paymock.calls.one().request["amount"] = 99
    assert paymock.calls.one().request["amount"] == 1


def test_records_share_what_repeats_from_call_to_call(paymock: Paymock) -> None:
    tokenize(paymock)
    pay(paymock)
    tokenize(paymock)
    first, *_, last = paymock.calls.to("tokenize")

    assert first.path is last.path
    assert first.method is last.method
    assert paymock.calls.to("create_payment").last.at is paymock.payments.last.processed_at
    assert first.at is paymock.tokens.first.created_at


@pytest.mark.parametrize("method", ["OPTIONS", "PURGE"])
def test_a_rare_method_is_recorded_as_it_is(paymock: Paymock, method: str) -> None:
    requests.request(method, f"{paymock.base_url}/api/v1/payments", timeout=9)

    assert paymock.calls.one().method == method
