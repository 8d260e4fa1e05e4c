"""Control from another process is off unless somebody asked; what its state shows, and reset."""

import json
from decimal import Decimal

import httpx
import pytest

from pytest_paymock import __version__, faults
from pytest_paymock.server.fake import ServerPaymock
from tests.contract.documents import NOW

from .conftest import Serve, pay

pytestmark = pytest.mark.paymock(clock=NOW)


@pytest.mark.parametrize(
    ("method", "name"),
    [
        ("GET", "state"),
        ("POST", "reset"),
        ("POST", "outcomes"),
        ("POST", "faults"),
        ("POST", "clock"),
    ],
)
def test_it_is_off_until_somebody_asks_for_it(
    http: httpx.Client, paymock_server: ServerPaymock, method: str, name: str
) -> None:
    paymock_server.add_payment(amount=5)
    answer = http.request(method, f"/_paymock/{name}")
    assert (answer.status_code, answer.json()) == (404, {"detail": "Not Found"})
    assert paymock_server.calls.one().path == f"/_paymock/{name}"
    assert len(paymock_server.payments) == 1
    assert not any("_paymock" in path for path in http.get("/openapi.json").json()["paths"])


def test_the_state_of_a_new_fake(http: httpx.Client, fake: ServerPaymock) -> None:
    assert http.get("/_paymock/state").json() == {
        "version": __version__,
        "base_url": fake.url,
        "seed": 0,
        "clock": {"now": NOW, "pinned": True},
        "counts": {"calls": 0, "tokens": 0, "payments": 0, "refunds": 0},
        "outcomes": {"pending": []},
        "faults": {"pending": []},
        "calls": [],
        "tokens": [],
        "payments": [],
        "refunds": [],
    }


def test_the_state_shows_what_happened_and_why(http: httpx.Client, fake: ServerPaymock) -> None:
    paid = pay(http, fake, 99.90)
    refund = http.post(f"/api/v1/transactions/{paid['transaction_id']}/refund").json()
    answer = http.get("/_paymock/state")
    state = json.loads(answer.content, parse_float=Decimal)
    assert state["counts"] == {"calls": 2, "tokens": 1, "payments": 1, "refunds": 1}
    (payment,) = state["payments"]
    assert payment == {
        "transaction_id": paid["transaction_id"],
        "status": "success",
        "outcome": "success",
        "reason": "seeded draw 0.477 < 0.90",
        "message": "Payment processed successfully",
        "amount": Decimal("99.9"),
        "currency": "USD",
        "customer_id": "cust_1",
        "description": None,
        "token": paid["token"],
        "card_type": "Visa",
        "last_four": "0366",
        "processed_at": NOW,
        "refund_id": refund["refund_id"],
        "call": 1,
    }
    assert state["refunds"][0]["original_transaction_id"] == paid["transaction_id"]
    assert state["refunds"][0]["call"] == 2
    assert state["tokens"][0]["last_four_digits"] == "0366"
    call = state["calls"][0]
    assert (call["endpoint"], call["status_code"], call["at"]) == ("create_payment", 201, NOW)
    assert call["request"]["amount"] == Decimal("99.9")
    assert call["response"]["transaction_id"] == paid["transaction_id"]


def test_a_call_that_met_a_fault_is_shown_as_it_was(
    http: httpx.Client, fake: ServerPaymock
) -> None:
    fake.faults.queue(faults.disconnect, faults.malformed_json)
    with pytest.raises(httpx.RemoteProtocolError):
        http.post("/api/v1/payments", content=b"no JSON")
    http.post("/api/v1/payments", content=b'{"amount": NaN}')
    first, second = http.get("/_paymock/state").json()["calls"]
    assert (first["fault"], first["status_code"], first["response"]) == ("disconnect", None, None)
    assert (first["request"], second["request"]) == (None, {"amount": "<number>"})
    assert (second["fault"], second["status_code"], second["response"]) == (
        *("malformed JSON", 201, None),
    )


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        *(("", 100), ("?last=3", 3), ("?last=0", 0), ("?last=999", 120)),
        *((f"?last={10**30}", 120), pytest.param(f"?last={'9' * 5000}", 120, id="5000 digits")),
    ],
)
def test_the_newest_records_are_shown(
    http: httpx.Client, fake: ServerPaymock, query: str, shown: int
) -> None:
    for amount in range(1, 121):
        fake.add_payment(amount=amount)
    for _ in range(4):
        http.get("/api/v1/tokens/tok_1")
    state = http.get(f"/_paymock/state{query}").json()
    amounts = [payment["amount"] for payment in state["payments"]]
    assert amounts == list(range(1, 121))[120 - shown :]
    assert len(state["tokens"]) == shown
    assert [call["number"] for call in state["calls"]] == [1, 2, 3, 4][-min(shown, 4) or 4 :]
    assert state["counts"]["payments"] == 120


@pytest.mark.parametrize("last", ["-1", "many", "1.5"])
@pytest.mark.usefixtures("fake")
def test_a_wrong_number_of_records_is_told(http: httpx.Client, last: str) -> None:
    answer = http.get(f"/_paymock/state?last={last}&x=y")
    expected = {"detail": f"last is a number of records, not {last!r}"}
    assert (answer.status_code, answer.json()) == (400, expected)


def test_control_is_no_call_of_the_api(http: httpx.Client, fake: ServerPaymock) -> None:
    for _ in range(3):
        http.get("/_paymock/state")
        http.post("/_paymock/reset")
    fake.assert_no_calls()


def test_looking_keeps_no_records(http: httpx.Client, fake: ServerPaymock) -> None:
    for _ in range(5):
        pay(http, fake)
    http.get("/_paymock/state")
    assert [name for name in fake._parts.ledger._kept if isinstance(name, int)] == []


@pytest.mark.usefixtures("fake")
@pytest.mark.parametrize("method", ["DELETE", "PUT", "OPTIONS", "TRACE", "BREW"])
def test_another_method_is_not_allowed(http: httpx.Client, method: str) -> None:
    for name, allowed in (("state", "GET"), ("reset", "POST")):
        answer = http.request(method, f"/_paymock/{name}")
        assert (answer.status_code, answer.headers["allow"]) == (405, allowed)
        assert answer.json() == {"detail": "Method Not Allowed"}


def test_reset_empties_everything(http: httpx.Client, fake: ServerPaymock) -> None:
    pay(http, fake)
    fake.outcomes.queue("card_declined")
    fake.faults.queue(faults.disconnect)
    answer = http.post("/_paymock/reset")
    assert answer.json() == {"counts": {"calls": 0, "tokens": 0, "payments": 0, "refunds": 0}}
    assert http.get("/_paymock/state").json()["outcomes"] == {"pending": []}
    assert pay(http, fake)["status"] == "success"


def test_below_a_base_path_control_stays_where_it_is(serve: Serve) -> None:
    fake = serve(prefix="/v2")
    fake.control = True
    origin = fake.url.removesuffix("/v2")
    assert httpx.get(f"{origin}/_paymock/state").json()["base_url"] == fake.url
    assert httpx.get(f"{fake.url}/_paymock/state").status_code == 404
