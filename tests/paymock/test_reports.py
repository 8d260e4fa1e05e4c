"""``repr`` and ``report``: what a person sees of a fake."""

from contextlib import suppress

import pytest
import requests

from pytest_paymock import Paymock, PaymockWarning, faults

from .support import NOW, call, pay, refund, tokenize

pytestmark = pytest.mark.paymock(clock=NOW)


def test_the_repr_tells_where_it_is_and_how_far(paymock: Paymock) -> None:
    assert repr(paymock) == "<Paymock http://localhost:8000, seed 0: no call, no payment>"
    refund(paymock, pay(paymock))
    assert repr(paymock) == "<Paymock http://localhost:8000, seed 0: 2 calls, 1 payment>"
    paymock.add_payment(amount=1)
    assert repr(paymock) == "<Paymock http://localhost:8000, seed 0: 2 calls, 2 payments>"


def test_an_untouched_fake_reports_that_nothing_happened(paymock: Paymock) -> None:
    assert paymock.report() == [
        "base URL http://localhost:8000, seed 0, clock 2026-01-27T12:00:00 UTC (pinned)",
        "nothing was called and nothing was paid",
    ]


def test_a_report_tells_the_whole_story(paymock: Paymock) -> None:
    first = pay(paymock, 99.9)
    second = pay(paymock, 0.02, "cust_2", currency="EUR")
    refund_id = refund(paymock, first)
    call(paymock, "POST", f"/transactions/{second}/refund")
    paymock.outcomes.queue("success", optional=True)
    paymock.faults.queue(faults.read_timeout, on="refund", optional=True)
    paymock.clock.advance(hours=1)
    assert paymock.report() == [
        "base URL http://localhost:8000, seed 0, clock 2026-01-27T13:00:00 UTC (pinned)",
        "still queued: success, read timeout on refund",
        "calls:",
        "  1  requests  POST /api/v1/payments  201",
        "  2  requests  POST /api/v1/payments  201",
        f"  3  requests  POST /api/v1/transactions/{first}/refund  200",
        (
            f"  4  requests  POST /api/v1/transactions/{second}/refund  400  "
            "Only successful transactions can be refunded; this one is failed"
        ),
        "payments:",
        (
            f"  {first}  success  99.9 USD  cust_1  Visa 0366, refunded by {refund_id}  "
            "call 1  (seeded draw 0.477 < 0.90)"
        ),
        (
            f"  {second}  failed  0.02 EUR  cust_2  Visa 0366  call 2  Card declined  "
            "(special amount 0.02)"
        ),
        "refunds:",
        f"  {refund_id}  99.9 USD  cust_1  of {first}",
        "money:",
        "  cust_1  USD  charged 99.9, refunded 99.9",
        "  cust_2  EUR  charged 0",
    ]


def test_a_fault_stands_in_the_line_of_its_call(paymock: Paymock) -> None:
    paymock.faults.queue(faults.server_error(after_commit=True))
    document = {"token": paymock.add_token().token, "amount": 5, "customer_id": "cust_1"}
    assert call(paymock, "POST", "/payments", document) == {"detail": "Internal server error"}
    assert paymock.report()[2] == (
        "  1  requests  POST /api/v1/payments  500  fault: HTTP 500 after commit "
        "(the API acted, its answer was lost)"
    )


@pytest.mark.parametrize(
    ("timeout", "told"),
    [
        (5, "404  fault: latency 3 s"),
        (
            2,
            "no answer  fault: latency 3 s (the API answered 404, its answer was lost)  waited 2 s",
        ),
    ],
)
def test_a_late_answer_says_how_long_the_client_waited(
    paymock: Paymock, timeout: int, told: str
) -> None:
    paymock.faults.queue(faults.latency(3))
    with suppress(requests.ReadTimeout):
        requests.get(f"{paymock.base_url}/api/v1/tokens/tok_1", timeout=timeout)
    assert paymock.report()[2] == f"  1  requests  GET /api/v1/tokens/tok_1  {told}"


@pytest.mark.parametrize(("status", "charged"), [("success", 5), ("failed", 0)])
def test_the_money_of_one_payment_is_told_too(paymock: Paymock, status: str, charged: int) -> None:
    paymock.add_payment(amount=5, status=status)
    assert paymock.report()[-2:] == ["money:", f"  cust_1  USD  charged {charged}"]


def test_the_time_that_a_test_lets_pass_between_calls_is_told(paymock: Paymock) -> None:
    token = tokenize(paymock)
    paymock.clock.advance(hours=24, minutes=59, seconds=59)
    document = {"token": token, "amount": 5, "customer_id": "cust_1"}
    call(paymock, "POST", "/payments", document)
    paymock.clock.advance(seconds=90)
    call(paymock, "GET", "/nothing")
    assert paymock.report()[1:] == [
        "calls:",
        "  1  requests  POST /api/v1/tokenize  201",
        "  ... 24 h 59 min later ...",
        "  2  requests  POST /api/v1/payments  401  Invalid or expired token",
        "  ... 1 min 30 s later ...",
        "  3  requests  GET /api/v1/nothing  404  Not Found",
    ]


@pytest.mark.parametrize(
    ("seconds", "told"),
    [
        (0.9, None),
        (1, "1 s"),
        (1.5, "1.5 s"),
        (60, "1 min"),
        (90061, "25 h 1 min"),
        (86401, "24 h 1 s"),
        (86400, "24 h"),
    ],
)
def test_time_is_told_in_at_most_two_units(
    paymock: Paymock, seconds: float, told: str | None
) -> None:
    call(paymock, "GET", "/nothing")
    paymock.clock.advance(seconds=seconds)
    call(paymock, "GET", "/nothing")
    between = [line for line in paymock.report() if "later" in line]
    assert between == ([] if told is None else [f"  ... {told} later ..."])


def test_the_time_that_a_fault_took_is_told_once(paymock: Paymock) -> None:
    paymock.faults.queue(faults.latency(3))
    for _ in range(2):
        call(paymock, "GET", "/nothing")
    assert paymock.report()[1:] == [
        "calls:",
        "  1  requests  GET /api/v1/nothing  404  fault: latency 3 s",
        "  2  requests  GET /api/v1/nothing  404  Not Found",
    ]


def test_what_a_failed_test_was_not_told_stands_at_the_end() -> None:
    fake = Paymock(clock=NOW)  # not the fixture's, which would tell it to this run
    fake.start()
    fake.add_token(customer_id="cust_2")
    name = pay(fake, token=fake.tokens.one().token)
    with suppress(requests.ConnectionError):
        requests.get("https://bank.example/", timeout=1)
    fake.stop()
    stopped, guard = fake.report()[-2:]
    assert stopped.startswith("stopped: GET https://bank.example/: it is not under http://local")
    assert guard.startswith(f"guard foreign_token: {name} charges cust_1 5 USD with a token of cus")
    with suppress(AssertionError):
        fake.verify()
    with pytest.warns(PaymockWarning, match="foreign_token"):
        fake.verify()
    assert fake.report()[-1] == "  cust_1  USD  charged 5"


def test_the_money_that_a_client_was_not_told_of_is_told(paymock: Paymock) -> None:
    paymock.faults.queue(faults.server_error(after_commit=True))
    document = {"token": paymock.add_token().token, "amount": 12000, "customer_id": "cust_1"}
    call(paymock, "POST", "/payments", document)
    assert paymock.report()[-1] == "  cust_1  USD  charged 0, pending 12000, answer lost for 12000"


def test_a_long_report_is_folded_around_what_went_wrong(paymock: Paymock) -> None:
    for number in range(40):
        pay(paymock, 0.02 if number == 20 else 5)
    call(paymock, "GET", "/nothing")
    lines = paymock.report()
    calls = lines[lines.index("calls:") + 1 : lines.index("payments:")]
    assert calls[-1] == "  41  requests  GET /api/v1/nothing  404  Not Found"
    assert sum("more ..." in line for line in calls) == 1
    payments = lines[lines.index("payments:") + 1 : lines.index("money:")]
    assert sum("(special amount 0.02)" in line for line in payments) == 1
    assert sum("more ..." in line for line in payments) == 3


def test_a_real_clock_is_told_apart() -> None:
    first = Paymock(base_url="https://pay.example/v2", seed=7).report()[0]
    assert first.startswith("base URL https://pay.example/v2, seed 7, clock 20")
    assert first.endswith(" UTC (real)")


def test_a_long_report_is_folded_in_the_middle(paymock: Paymock) -> None:
    for _ in range(17):
        call(paymock, "GET", "/nothing")
    lines = paymock.report()
    assert len(lines) == 2 + 17
    assert lines[2].startswith("  1  ")
    assert lines[10] == "  ... 1 more ..."
    assert lines[-1].startswith("  17  ")


def test_a_report_is_printable_whatever_was_sent(paymock: Paymock) -> None:
    pay(paymock, customer_id="\x1b]0;owned\x07\r\n\u202e")
    call(paymock, "GET", "/customers/%1B%5B2J%0A/transactions")
    assert all(line.isprintable() for line in paymock.report())


def test_a_report_repeats_no_card_number_of_the_base_url() -> None:
    first = Paymock(base_url="https://pay.example/4532015112830366").report()[0]
    assert first.startswith("base URL https://pay.example/************0366, seed 0")


def test_a_report_can_be_asked_for_again(paymock: Paymock) -> None:
    pay(paymock)
    assert paymock.report() == paymock.report()
