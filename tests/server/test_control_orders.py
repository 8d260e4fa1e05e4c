"""Control from another process: outcomes, faults and the clock, as a test in Python says them."""

from typing import Any

import httpx
import pytest

from pytest_paymock.server.fake import ServerPaymock
from tests.contract.documents import NOW

from .conftest import Post, Serve, pay
from .sockets import Wire, request

pytestmark = pytest.mark.paymock(clock=NOW)


def test_outcomes_are_queued(http: httpx.Client, fake: ServerPaymock, post: Post) -> None:
    answer = post("outcomes", {"queue": ["card_declined", "under_review"]})
    assert answer.json() == {"pending": ["card_declined", "under_review"]}
    assert [pay(http, fake)["status"] for _ in range(3)] == ["failed", "pending", "success"]


def test_what_is_queued_from_outside_fails_no_test_unless_it_says_so(
    fake: ServerPaymock, post: Post
) -> None:
    post("outcomes", {"queue": ["success"]})
    post("faults", {"queue": [{"name": "disconnect"}]})
    fake.verify()
    post("outcomes", {"queue": ["success"], "optional": False})
    with pytest.raises(AssertionError, match="no payment used: success"):
        fake.verify()
    fake.reset()


def test_an_outcome_may_stand_for_all_or_for_some(
    http: httpx.Client, fake: ServerPaymock, post: Post
) -> None:
    assert post("outcomes", {"always": "issuer_declined"}).status_code == 200
    rule = {"outcome": "under_review", "amount": 7.5, "customer_id": "cust_1"}
    assert post("outcomes", {"when": rule}).status_code == 200
    assert [pay(http, fake, amount)["status"] for amount in (5, 7.5, 7)] == [
        *("failed", "pending", "failed"),
    ]
    assert post("outcomes", {"always": None}).status_code == 200
    assert pay(http, fake, 5)["status"] == "success"


def test_faults_are_queued_and_cleared(http: httpx.Client, post: Post) -> None:
    values = [{"name": "http_error", "status": 503, "headers": {"Retry-After": "7"}}]
    answer = post("faults", {"queue": [*values, {"name": "disconnect"}], "on": "get_token"})
    assert answer.json() == {"pending": ["HTTP 503 on get_token", "disconnect on get_token"]}
    busy = http.get("/api/v1/tokens/tok_1")
    assert (busy.status_code, busy.headers["retry-after"]) == (503, "7")
    assert post("faults", {"clear": True}).json() == {"pending": []}
    assert http.get("/api/v1/tokens/tok_1").status_code == 404


def test_a_fault_may_come_after_the_commit_or_at_the_nth_call(
    http: httpx.Client, fake: ServerPaymock, post: Post
) -> None:
    value = {"name": "connection_reset", "after_commit": True}
    answer = post("faults", {"when": value, "nth": 2, "on": "create_payment"})
    assert answer.json() == {"pending": ["connection reset after commit on create_payment"]}
    assert pay(http, fake)["status"] == "success"
    with pytest.raises(httpx.ReadError):
        pay(http, fake)
    fake.assert_charged(5, times=2)


def test_a_fault_may_stay(http: httpx.Client, post: Post) -> None:
    post("faults", {"always": {"name": "server_error"}})
    post("faults", {"when": {"name": "latency", "seconds": 0}, "on": "refund"})
    assert [http.get("/x").status_code for _ in range(3)] == [500] * 3
    assert http.post("/api/v1/transactions/txn_1/refund").status_code == 404
    post("faults", {"always": None})
    assert http.get("/x").status_code == 404


def test_the_clock_moves_on(fake: ServerPaymock, post: Post) -> None:
    answer = post("clock", {"advance": 90})
    assert answer.json() == {"now": "2026-01-27T12:01:30", "pinned": True}
    assert post("clock", {"move_to": "2030-01-01T00:00:00"}).json()["now"] == "2030-01-01T00:00:00"
    assert fake.clock.now().year == 2030


WRONG: list[tuple[str, Any, str]] = [
    ("outcomes", {}, "give just one of queue, always, when"),
    ("outcomes", {"queue": ["success"], "always": None}, "give just one of queue, always, when"),
    ("outcomes", {"queue": ["paid"]}, "there is no outcome 'paid'; the outcomes are success,"),
    ("outcomes", {"queue": []}, "queue takes one outcome name or more"),
    ("outcomes", {"queue": "success"}, "queue: must be a list"),
    ("outcomes", {"when": {"outcome": "success"}}, "there is no rule without a condition"),
    ("outcomes", {"when": {"outcome": "success", "colour": 1}}, "when.colour: is no field"),
    ("outcomes", {"when": {"outcome": "success", "amount": "x"}}, "'x' is no amount"),
    ("outcomes", {"que": ["success"]}, "que: is no field of this request"),
    ("outcomes", [], "the request body must be a JSON object"),
    ("outcomes", {"queue": None}, "give just one of queue, always, when"),
    ("outcomes", {"when": None}, "give just one of queue, always, when"),
    ("faults", {"clear": False}, "give just one of queue, always, when, clear"),
    ("faults", {"queue": [{"name": "4532015112830366"}]}, "there is no fault '************0366'"),
    ("faults", {"on": "refund"}, "give just one of queue, always, when, clear"),
    ("faults", {"queue": [{"name": "flood"}]}, "there is no fault 'flood'; the faults are "),
    ("faults", {"queue": [{"name": "connect_error"}]}, "connect error cannot happen on the live s"),
    ("faults", {"always": {"name": "latency"}}, "the fault latency needs seconds"),
    ("faults", {"always": {"name": "latency", "status": 5}}, "the fault latency needs seconds"),
    ("faults", {"always": {"name": "disconnect", "status": 5}}, "disconnect may have after_commit"),
    (
        "faults",
        {"always": {"name": "http_error"}},
        "the fault http_error needs status and may have detail, headers, after_commit",
    ),
    ("faults", {"always": {"name": "latency", "seconds": "3"}}, "always.seconds: must be a number"),
    (
        "faults",
        {"always": {"name": "disconnect", "after_commit": 1}},
        "always.after_commit: must be true or false",
    ),
    (
        "faults",
        {"always": {"name": "http_error", "status": 503, "headers": []}},
        "always.headers: must be an object",
    ),
    ("faults", {"always": {"name": "http_error", "status": 200}}, "http_error takes a status from"),
    ("faults", {"queue": [{"name": "disconnect"}], "on": "pay"}, "there is no endpoint 'pay'"),
    ("faults", {"when": {"name": "disconnect"}, "nth": 0}, "nth counts calls from 1"),
    ("clock", {}, "give just one of advance, move_to"),
    ("clock", {"advance": True}, "advance: must be a number"),
    ("clock", {"advance": -1}, "time never goes backwards"),
    ("clock", {"advance": 1e300}, "the clock cannot move on by 1e+300 seconds"),
    ("clock", {"move_to": "tomorrow"}, "'tomorrow' is no ISO time"),
    ("clock", {"move_to": "2020-01-01"}, "time never goes backwards"),
]


@pytest.mark.parametrize(
    ("name", "order", "words"), WRONG, ids=[f"{n} {o}"[:50] for n, o, _ in WRONG]
)
def test_a_wrong_order_is_refused_in_words(
    fake: ServerPaymock, post: Post, name: str, order: Any, words: str
) -> None:
    before = fake.snapshot()
    answer = post(name, order)
    assert answer.status_code == 400
    assert list(answer.json()) == ["detail"]
    assert words in answer.json()["detail"]
    assert fake.snapshot() == before


@pytest.mark.parametrize("body", [b"", b"{", b"\xff", b"[" * 100_000, b'{"advance": NaN}'])
def test_a_body_that_is_no_order_is_refused(
    http: httpx.Client, fake: ServerPaymock, body: bytes
) -> None:
    now = fake.clock.now()
    for name in ("outcomes", "faults", "clock"):
        answer = http.post(f"/_paymock/{name}", content=body)
        assert answer.status_code == 400
        assert isinstance(answer.json()["detail"], str)
    assert fake.clock.now() == now


def test_who_goes_away_in_the_middle_of_an_order_gives_none(
    fake: ServerPaymock, http: httpx.Client
) -> None:
    with Wire(fake.url) as wire:
        wire.write(request("POST", "/_paymock/clock", b'{"advance": 90}')[:-1])
        wire.finish()
        assert wire.to_end() == b""
    assert http.get("/_paymock/state").json()["clock"]["now"] == NOW


def test_a_body_that_is_too_large_is_refused(serve: Serve) -> None:
    fake = serve(longest_body=10)
    fake.control = True
    answer = httpx.post(f"{fake.url}/_paymock/clock", content=b'{"advance": 1}')
    assert answer.json() == {"detail": "the request body is larger than 10 bytes"}
