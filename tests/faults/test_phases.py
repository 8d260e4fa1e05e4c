"""Before the commit the API never acted; after it, the payment happened and the answer was lost."""

import json
import pickle

import pytest

from pytest_paymock import Paymock, faults
from pytest_paymock.faults import ALL, Fault

from .clients import CLIENTS, Exchange, Seen
from .paying import a_fake, look_up, pay, post, refund, tokenize

LATER = [fault(after_commit=True) for fault in ALL if fault.can_follow_commit]

NOTHING_ARRIVES = (
    faults.connect_error,
    faults.connect_timeout,
    faults.read_timeout,
    faults.disconnect,
    faults.connection_reset,
)
BREAKS_OFF = (faults.truncated_body, faults.malformed_json)


def status_of(fault: Fault) -> int | None:
    """Return the status that reaches a client which pays, in either phase."""
    if fault.name in [dead.name for dead in NOTHING_ARRIVES]:
        return None
    return fault.status or 201


def failed(seen: Seen) -> bool:
    """Say whether code under test would take the payment for failed or unknown."""
    if seen.error is not None or seen.status is None or seen.status >= 400:
        return True
    try:
        json.loads(seen.body)
    except ValueError:
        return True
    return False


def books(paymock: Paymock) -> tuple[list[object], ...]:
    """Return all that the API knows, without the exchanges."""
    return list(paymock.tokens), list(paymock.payments), list(paymock.refunds)


@pytest.mark.parametrize("fault", ALL, ids=str)
def test_before_the_commit_nothing_happened(client: str, exchange: Exchange, fault: Fault):
    with a_fake() as paymock:
        token = paymock.add_token("visa", customer_id="cust_1").token
        before = books(paymock)
        paymock.faults.queue(fault)
        assert failed(pay(paymock, exchange, token))
        assert books(paymock) == before
        call = paymock.calls.one()
    assert (call.fault, call.acted, call.lost) == (fault, False, False)
    assert (call.endpoint, call.client) == ("create_payment", client.partition("-")[0])
    assert call.status_code == status_of(fault)
    assert call.request == {"token": token, "amount": 5, "customer_id": "cust_1"}


@pytest.mark.parametrize("fault", LATER, ids=str)
def test_after_the_commit_the_payment_exists_and_its_answer_is_lost(
    client: str, exchange: Exchange, fault: Fault
):
    with a_fake() as paymock:
        paymock.faults.queue(fault)
        assert failed(pay(paymock, exchange))
        payment, call = paymock.payments.one(), paymock.calls.one()
        assert payment.transaction_id.encode() in look_up(paymock, exchange).body
    assert (payment.status, payment.amount, payment.call) == ("success", 5, call)
    assert (call.fault, call.acted, call.lost) == (fault, True, True)
    assert (call.endpoint, call.client) == ("create_payment", client.partition("-")[0])
    assert call.status_code == status_of(fault)


@pytest.mark.parametrize(
    "fault",
    [
        *NOTHING_ARRIVES,
        *(fault(after_commit=True) for fault in NOTHING_ARRIVES if fault.can_follow_commit),
    ],
    ids=str,
)
def test_where_nothing_arrives_no_answer_is_recorded(fault: Fault):
    with a_fake() as paymock:
        paymock.faults.queue(fault)
        pay(paymock, CLIENTS["httpx"])
        call = paymock.calls.one()
    assert (call.status_code, call.response, call.response_body) == (None, None, None)


@pytest.mark.parametrize("fault", BREAKS_OFF, ids=str)
def test_of_an_answer_that_breaks_off_the_record_holds_what_came(exchange: Exchange, fault: Fault):
    with a_fake() as paymock:
        paymock.faults.queue(fault(after_commit=True))
        seen = pay(paymock, exchange, stream=True)
        token, payment, call = paymock.tokens.one(), paymock.payments.one(), paymock.calls.one()
        pay(paymock, exchange, token.token)
        length = len(paymock.calls.last.response_body or b"")
    assert call.response is None
    assert call.response_body is not None
    assert call.response_body.startswith(seen.body)
    assert call.response_body.startswith(b'{"transaction_id":"' + payment.transaction_id.encode())
    assert len(call.response_body) == length // 2


@pytest.mark.parametrize("fault", BREAKS_OFF, ids=str)
def test_before_the_commit_a_broken_answer_holds_no_record_of_the_api(fault: Fault):
    with a_fake() as paymock:
        paymock.faults.queue(fault)
        pay(paymock, CLIENTS["httpx"])
        assert paymock.calls.one().response_body == b'{"detail":"The reques'


@pytest.mark.parametrize(
    ("fault", "detail"),
    [
        (faults.server_error, "Internal server error"),
        (faults.bad_gateway, "Bad gateway"),
        (faults.unavailable, "Service unavailable"),
        (faults.rate_limited, "Too many requests"),
        (faults.http_error(402), "Payment Required"),
        (faults.http_error(402, detail="No funds"), "No funds"),
        (faults.http_error(418), "I'm a Teapot"),
        (faults.http_error(499), "Error 499"),
        (faults.http_error(503, detail=""), ""),
        (faults.http_error(503, detail='"\u20ac"\n'), '"\u20ac"\n'),
    ],
)
def test_an_error_answer_is_recorded_as_it_came(fault: Fault, detail: str):
    with a_fake() as paymock:
        paymock.faults.queue(fault)
        seen = pay(paymock, CLIENTS["requests"])
        call = paymock.calls.one()
    assert seen.status == call.status_code == fault.status
    assert seen.body == call.response_body
    assert json.loads(seen.body) == call.response == {"detail": detail}


def test_an_error_answer_carries_its_header_fields(exchange: Exchange):
    with a_fake() as paymock:
        paymock.faults.queue(
            faults.rate_limited,
            faults.http_error(503, headers={"Retry-After": "30", "X-Request-Id": "a b\t7"}),
        )
        first, second = pay(paymock, exchange), pay(paymock, exchange)
    assert (first.status, first.headers["retry-after"]) == (429, "1")
    assert second.headers["retry-after"] == "30"
    assert second.headers["x-request-id"] == "a b\t7"
    assert second.headers["content-type"] == "application/json"


@pytest.mark.parametrize("fault", ALL, ids=str)
def test_before_the_commit_no_token_is_made(fault: Fault):
    with a_fake() as paymock:
        paymock.faults.queue(fault, on="tokenize")
        tokenize(paymock, CLIENTS["httpx"])
        assert not paymock.tokens
        request = paymock.calls.one().request
    assert request["card"]["card_number"].endswith("0366")
    assert request["card"]["card_number"] != paymock.card("visa")["card_number"]


@pytest.mark.parametrize("fault", LATER, ids=str)
def test_after_the_commit_the_token_exists(fault: Fault):
    with a_fake() as paymock:
        paymock.faults.queue(fault, on="tokenize")
        tokenize(paymock, CLIENTS["httpx"])
        assert paymock.tokens.one().call == paymock.calls.one()


@pytest.mark.parametrize("fault", [*ALL, *LATER], ids=str)
def test_a_refund_happens_in_the_phase_of_the_fault(fault: Fault):
    with a_fake() as paymock:
        payment = paymock.add_payment(amount=5)
        paymock.faults.queue(fault, on="refund")
        refund(paymock, CLIENTS["httpx"], payment.transaction_id)
        assert paymock.payments.one().refunded is fault.after_commit
        assert len(paymock.refunds.where(call=paymock.calls.one())) == fault.after_commit


def test_what_never_happened_uses_up_no_outcome_and_no_id():
    def two_payments(*queued: Fault) -> list[str]:
        with a_fake() as paymock:
            for fault in queued:
                paymock.faults.queue(fault)
            paymock.outcomes.queue("card_declined")
            token = paymock.add_token("visa", customer_id="cust_1").token
            for _ in range(2 + len(queued)):
                pay(paymock, CLIENTS["httpx"], token)
            return [f"{payment.transaction_id} {payment.outcome}" for payment in paymock.payments]

    assert two_payments(faults.disconnect, faults.server_error) == two_payments()


def test_what_happened_uses_up_its_outcome():
    with a_fake() as paymock:
        paymock.outcomes.queue("card_declined")
        paymock.faults.queue(faults.read_timeout(after_commit=True))
        pay(paymock, CLIENTS["httpx"])
        assert paymock.payments.one().outcome == "card_declined"


def test_a_request_that_the_api_refuses_is_refused_behind_the_fault_too():
    with a_fake() as paymock:
        paymock.faults.queue(faults.truncated_body(after_commit=True))
        seen = post(paymock, CLIENTS["httpx"], "/api/v1/payments", {"amount": 0}, stream=True)
        call = paymock.calls.one()
    assert (seen.status, call.status_code) == (400, 400)
    assert (call.response_body or b"").startswith(b'{"detail":"')


def test_the_report_says_whether_the_api_acted():
    with a_fake() as paymock:
        paymock.faults.queue(
            faults.read_timeout, faults.read_timeout(after_commit=True), faults.latency(1)
        )
        for _ in range(3):
            pay(paymock, CLIENTS["httpx"])
        paymock.faults.queue(
            faults.read_timeout(after_commit=True), faults.server_error(after_commit=True)
        )
        unknown = {"token": "tok_none", "amount": 5, "customer_id": "cust_1"}
        for _ in range(2):
            post(paymock, CLIENTS["httpx"], "/api/v1/payments", unknown)
        lines = [line.strip() for line in paymock.report() if "fault:" in line]
    start = "httpx  POST /api/v1/payments"
    lost = "read timeout after commit (the API acted, its answer was lost)"
    refused = "(the API answered 401, its answer was lost)"
    assert lines == [
        f"1  {start}  no answer  fault: read timeout (the API never acted)  waited 60 s",
        f"2  {start}  no answer  fault: {lost}  waited 60 s",
        f"3  {start}  201  fault: latency 1 s",
        f"4  {start}  no answer  fault: read timeout after commit {refused}  waited 60 s",
        f"5  {start}  500  fault: HTTP 500 after commit {refused}",
    ]
    assert [(call.acted, call.lost, call.answered) for call in paymock.calls[-2:]] == [
        (True, True, 401)
    ] * 2
    assert len(paymock.payments) == 2


@pytest.mark.parametrize("after_commit", [False, True])
def test_a_card_number_in_an_error_answer_reaches_the_client_and_no_record(
    exchange: Exchange,
    after_commit: bool,  # noqa: FBT001 - a parameter of the test
):
    number = "4532015112830366"
    fault = faults.http_error(
        500, detail=f"card {number}", headers={"X-Card": number}, after_commit=after_commit
    )
    with a_fake() as paymock:
        paymock.faults.queue(fault)
        seen = pay(paymock, exchange)
        call = paymock.calls.one()

    assert json.loads(seen.body) == {"detail": f"card {number}"}
    assert call.response == {"detail": "card ************0366"}
    assert call.fault is not None
    assert (call.fault.status, call.fault.after_commit) == (500, after_commit)
    assert number.encode() not in pickle.dumps(call)
    assert number not in "\n".join(paymock.report())
