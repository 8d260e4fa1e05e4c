"""A shadow run: the calls of a fake, made at a service as well."""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from pytest_paymock import Paymock, faults
from pytest_paymock._api.http import Request, Response
from pytest_paymock._pytest.shadow import shadow_of
from pytest_paymock._verify.calls import Comparison
from pytest_paymock._verify.shadow_process import Caller, NoServiceError, ServiceReply
from pytest_paymock.server import ServerPaymock

Change = Callable[[str, str, Any], Any]


def unchanged(_: str, __: str, document: Any) -> Any:
    return document


class Twin:
    """A second fake in the place of the service: other ids, other chance, and its own clock."""

    def __init__(self, profile: Any = "documented") -> None:
        self.paymock = Paymock(seed=77, profile=profile)
        self.change: Change = unchanged
        self.sent: list[tuple[str, str, bytes]] = []

    def call(self, method: str, path: str, body: bytes, headers: Mapping[str, str]) -> ServiceReply:
        self.sent.append((method, path, body))
        target, _, query = path.partition("?")
        answer = self.paymock._parts.gateway.exchange(
            "twin",
            Request(method, target, body, query=query, content_type=headers.get("content-type")),
        )
        assert isinstance(answer, Response)
        document = self.change(method, target, json.loads(answer.body)) if answer.body else None
        fields = dict(answer.headers())
        written = json.dumps(document).encode() if answer.body else b""
        return ServiceReply(answer.status_code, fields, written, datetime.now(UTC).timestamp())


@pytest.fixture
def twin() -> Twin:
    return Twin()


@pytest.fixture
def seen(paymock: Paymock, twin: Twin) -> Comparison:
    """What came of the calls of the test's fake."""
    return shadow_of(paymock, twin.call, "x").comparison


def differences(seen: Comparison) -> list[str]:
    return [f"{call}: {what}" for call, what in seen.differences]


def token(paymock: Paymock, card: str = "visa", customer: Any = "cust_1") -> dict[str, Any]:
    sent = {"card": paymock.card(card), "customer": paymock.customer(customer)}
    answer: dict[str, Any] = httpx.post(f"{paymock.base_url}/api/v1/tokenize", json=sent).json()
    return answer


def pay(paymock: Paymock, name: str, amount: Any = 5, **more: Any) -> dict[str, Any]:
    sent = {"token": name, "amount": amount, "customer_id": "cust_1", **more}
    answer: dict[str, Any] = httpx.post(f"{paymock.base_url}/api/v1/payments", json=sent).json()
    return answer


def refund(paymock: Paymock, name: str) -> dict[str, Any]:
    url = f"{paymock.base_url}/api/v1/transactions/{name}/refund"
    answer: dict[str, Any] = httpx.post(url).json()
    return answer


def look(paymock: Paymock, path: str) -> Any:
    return httpx.get(f"{paymock.base_url}/api/v1/{path}").json()


def a_day(paymock: Paymock) -> None:
    name = token(paymock)["token"]
    made = [pay(paymock, name, amount)["transaction_id"] for amount in (1, 0.01, 0.03, 10000, 2)]
    for each in made:
        look(paymock, f"transactions/{each}")
        refund(paymock, each)
        look(paymock, f"transactions/{each}?a=1")
    look(paymock, "customers/cust_1/transactions")
    look(paymock, "customers/nobody/transactions")
    look(paymock, f"tokens/{name}")
    look(paymock, "nothing")
    pay(paymock, "tok_unknown")
    pay(paymock, name, -1)
    httpx.put(f"{paymock.base_url}/api/v1/payments")


def test_two_that_keep_one_contract_do_not_differ(
    paymock: Paymock, twin: Twin, seen: Comparison
) -> None:
    a_day(paymock)
    assert differences(seen) == []
    assert seen.not_comparable == {}
    assert seen.compared == len(paymock.calls)
    # Ids and customers are the service's own.
    assert {made.customer_id for made in twin.paymock.payments} == {"cust_1-x-0"}
    ours = {made.transaction_id for made in paymock.payments}
    assert ours.isdisjoint(made.transaction_id for made in twin.paymock.payments)


def test_a_payment_is_made_again_until_its_outcome_is_that_of_the_fake(
    paymock: Paymock, twin: Twin, seen: Comparison
) -> None:
    twin.paymock.outcomes.queue("issuer_declined", "under_review", "success")
    name = token(paymock)["token"]
    assert pay(paymock, name)["status"] == "success"
    assert len(twin.paymock.payments) == 3
    # The two that were not the right ones are in no history.
    assert look(paymock, "customers/cust_1/transactions")["transaction_count"] == 1
    assert differences(seen) == []
    twin.paymock.outcomes.always("issuer_declined")
    pay(paymock, name)
    assert seen.not_comparable == {"an outcome that did not come up in 30 payments": 1}


@pytest.mark.parametrize(
    ("path", "change", "told"),
    [
        ("payments", {"fee": 1}, "answer: fields"),
        ("payments", {"amount": "5"}, "answer.amount: the fake says 5, the service '5'"),
        ("payments", {"currency": "EUR"}, "answer.currency: the fake says 'USD', the service"),
        ("payments", {"processed_at": "2026-01-27"}, "answer.processed_at: the fake says '20"),
        ("payments", {"transaction_id": "pay_1"}, "answer.transaction_id: the fake says 'txn_"),
        ("tokenize", {"card_type": "VISA"}, "answer.card_type: the fake says 'Visa', the service"),
        ("transactions", {"transactions": []}, "answer.transactions: length: the fake says 1"),
        ("transactions", {"transactions": None}, "answer.transactions: the fake says [{"),
        ("transactions", {"transactions": ["x"]}, "answer.transactions[0]: the fake says {"),
        ("transactions", {"transaction_count": True}, "answer.transaction_count: the fake says 1"),
    ],
)
def test_what_the_service_answers_otherwise_is_told(
    paymock: Paymock, twin: Twin, seen: Comparison, path: str, change: dict[str, Any], told: str
) -> None:
    twin.change = lambda _, asked, document: (
        {**document, **change} if asked.endswith(path) else document
    )
    pay(paymock, token(paymock)["token"])
    look(paymock, "customers/cust_1/transactions")
    (found,) = differences(seen)
    assert path in found.partition(": ")[0]
    assert found.partition(": ")[2].startswith(told)


def test_status_and_header_are_compared(paymock: Paymock) -> None:
    answers = iter(
        [
            ServiceReply(200, {"content-type": "application/json"}, b"{}", 0.0),
            ServiceReply(404, {"content-type": "text/html"}, b"<p>", 0.0),
        ]
    )
    comparison = shadow_of(paymock, lambda *_: next(answers), "y").comparison
    look(paymock, "nothing")
    look(paymock, "nothing")
    told = differences(comparison)
    assert told[0] == "GET /api/v1/nothing: status: the fake says 404, the service 200"
    assert told[1].startswith("GET /api/v1/nothing: header content-type: the fake says 'applic")


@pytest.mark.paymock(profile="deployed")
def test_a_refusal_may_repeat_what_was_sent(paymock: Paymock) -> None:
    twin = Twin("deployed")
    comparison = shadow_of(paymock, twin.call, "x").comparison
    twin.change = lambda _, __, document: {
        "detail": [{**each, "input": "what was sent"} for each in document["detail"]]
    }
    assert pay(paymock, "tok_unknown", -1)["detail"][0]["loc"] == ["body", "amount"]
    assert (comparison.compared, differences(comparison)) == (1, [])
    twin.change = lambda _, __, document: {
        "detail": [{**each, "msg": "no"} for each in document["detail"]]
    }
    pay(paymock, "tok_unknown", -1)
    (found,) = differences(comparison)
    assert "answer.detail[0].msg: the fake says " in found


def test_no_answer_is_told(paymock: Paymock) -> None:
    def dead(*_: Any) -> ServiceReply:
        raise NoServiceError("ReadTimeout: timed out")

    comparison = shadow_of(paymock, dead, "x").comparison
    look(paymock, "nothing")
    assert differences(comparison) == ["GET /api/v1/nothing: no answer: ReadTimeout: timed out"]
    assert comparison.compared == 0


# -- what cannot be compared ------------------------------------------------------------------


def test_a_token_that_was_arranged_is_made_there_too(
    paymock: Paymock, twin: Twin, seen: Comparison
) -> None:
    name = paymock.add_token("amex").token
    pay(paymock, name)
    assert look(paymock, f"tokens/{name}")["last_four_digits"] == "0126"
    assert differences(seen) == []
    assert seen.not_comparable == {}
    assert [made.card_type for made in twin.paymock.tokens] == ["American Express"]


def test_a_token_that_the_service_does_not_make_is_not_comparable(paymock: Paymock) -> None:
    def refusing(*_: Any) -> ServiceReply:
        return ServiceReply(400, {}, b"[]", 0.0)

    comparison = shadow_of(paymock, refusing, "x").comparison
    pay(paymock, paymock.add_token().token)
    assert comparison.not_comparable == {"state that the test arranged": 1}


def test_payments_that_were_arranged(paymock: Paymock, seen: Comparison) -> None:
    name = paymock.add_payment(amount=5, customer_id="cust_1").transaction_id
    look(paymock, f"transactions/{name}")
    refund(paymock, name)
    look(paymock, "customers/cust_1/transactions")
    assert seen.not_comparable == {"state that the test arranged": 3}
    assert (seen.compared, differences(seen)) == (0, [])


def test_outcomes_that_were_scripted(paymock: Paymock, seen: Comparison) -> None:
    paymock.outcomes.queue("card_declined", "success", "manual_review", "under_review")
    name = token(paymock)["token"]
    for amount in (5, 0.01, 10, 10000):
        pay(paymock, name, amount)
    assert seen.not_comparable == {"an outcome that the test scripted": 4}


def test_payments_that_were_settled(paymock: Paymock, seen: Comparison) -> None:
    name = pay(paymock, token(paymock)["token"], 10000)["transaction_id"]
    paymock.settle(name, "success")
    look(paymock, f"transactions/{name}")
    refund(paymock, name)
    look(paymock, "customers/cust_1/transactions")
    assert seen.not_comparable == {"a payment that the test settled": 3}
    assert differences(seen) == []


@pytest.mark.paymock(guards="off")
def test_faults(paymock: Paymock, twin: Twin, seen: Comparison) -> None:
    name = token(paymock)["token"]
    paymock.faults.queue(faults.read_timeout, faults.read_timeout(after_commit=True))
    for _ in range(2):
        with pytest.raises(httpx.ReadTimeout):
            pay(paymock, name)
    # The second one has happened, here and there.
    assert len(twin.paymock.payments) == len(paymock.payments) == 1
    assert look(paymock, "customers/cust_1/transactions")["transaction_count"] == 1
    assert seen.not_comparable == {"a fault before the API acted": 1}
    assert (seen.compared, differences(seen)) == (3, [])


@pytest.mark.paymock(clock="2040-01-01T00:00:00")
def test_a_clock_that_was_pinned(paymock: Paymock, seen: Comparison) -> None:
    name = token(paymock)["token"]
    pay(paymock, name)
    assert differences(seen) == []
    old = {**paymock.card("visa"), "expiry_year": 2035}
    sent = {"card": old, "customer": paymock.customer("cust_1")}
    assert httpx.post(f"{paymock.base_url}/api/v1/tokenize", json=sent).status_code == 400
    paymock.clock.advance(hours=25)
    assert "detail" in pay(paymock, name)
    assert look(paymock, f"tokens/{name}")["is_valid"] is False
    assert seen.not_comparable == {"a clock that the test scripted": 3}
    look(paymock, "nothing")
    assert differences(seen) == []


def test_worlds_and_a_reset_begin_again(paymock: Paymock, twin: Twin, seen: Comparison) -> None:
    name = token(paymock)["token"]
    for world in paymock.explore([faults.read_timeout]):
        with world:
            for _ in range(2):
                with suppress(httpx.ReadTimeout):
                    refund(paymock, pay(paymock, name)["transaction_id"])
            with suppress(httpx.ReadTimeout):
                look(paymock, "customers/cust_1/transactions")
    paymock.reset()
    a_day(paymock)
    assert differences(seen) == []
    assert set(seen.not_comparable) == {"a fault before the API acted"}
    assert len({made.customer_id for made in twin.paymock.payments}) > 2


def test_what_was_there_before_a_world_is_not_comparable_in_it(
    paymock: Paymock, seen: Comparison
) -> None:
    paid = pay(paymock, token(paymock)["token"])["transaction_id"]
    before = paymock.snapshot()
    for _ in range(2):
        refund(paymock, paid)
        paymock.restore(before)
    look(paymock, f"transactions/{paid}")
    assert seen.not_comparable == {"state that the test arranged": 2}
    assert differences(seen) == []


def test_a_generated_customer_has_a_name_on_each_side(
    paymock: Paymock, twin: Twin, seen: Comparison
) -> None:
    made = token(paymock, customer=None)
    assert made["customer_id"] != twin.paymock.tokens.one().customer_id
    pay(paymock, made["token"], customer_id=made["customer_id"])
    look(paymock, f"customers/{made['customer_id']}/transactions")
    assert twin.paymock.payments.one().customer_id == twin.paymock.tokens.one().customer_id
    assert differences(seen) == []
    assert seen.compared == 3


def test_bodies_that_are_none(paymock: Paymock, seen: Comparison) -> None:
    url = f"{paymock.base_url}/api/v1/payments"
    httpx.post(url, content=b"{}", headers={"content-type": "text/plain"})
    for body in (b"", b"[]", b"\xff", b'{"customer_id": "a\\"b", "amount": 1}', b'"x"'):
        httpx.post(url, content=body)
    httpx.head(url)
    assert (seen.compared, differences(seen)) == (7, [])


# -- the process that calls -------------------------------------------------------------------


@pytest.fixture
def caller(paymock_server: ServerPaymock) -> Iterator[Caller]:
    made = Caller(f"{paymock_server.url}/")
    yield made
    made.close()


def test_the_process_calls_the_service(caller: Caller, paymock_server: ServerPaymock) -> None:
    reply = caller.call("POST", "/api/v1/payments?a=1", b'{"amount": 1}', {"x": "y"})
    assert reply.status == 400
    assert reply.headers["content-type"] == "application/json"
    assert json.loads(reply.body)["detail"].startswith("token: is required")
    assert abs(reply.at - datetime.now(UTC).timestamp()) < 600
    assert paymock_server.calls.one().method == "POST"


def test_the_process_says_why_there_is_no_answer() -> None:
    caller = Caller("http://127.0.0.1:9")
    for path in ("/", "/again"):
        with pytest.raises(NoServiceError, match=r"^ConnectError: "):
            caller.call("GET", path, b"", {})
    caller.close()


def test_a_call_after_the_end_of_the_run_has_no_answer(caller: Caller) -> None:
    """As of a thread that a test has left behind."""
    caller.close()
    with pytest.raises(NoServiceError, match=r"^the run is over$"):
        caller.call("GET", "/", b"", {})
