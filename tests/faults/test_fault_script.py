"""``paymock.faults``: which call meets which fault."""

import pytest

from pytest_paymock import ExpectationError, Paymock, UsageError, faults
from pytest_paymock.faults import Fault

from .clients import CLIENTS
from .paying import a_fake, look_up, pay, tokenize

HTTPX = CLIENTS["httpx"]

REFUSED, SILENT, GONE = faults.connect_error, faults.read_timeout, faults.disconnect
BUSY, BROKEN = faults.unavailable, faults.server_error


def met(paymock: Paymock, *endpoints: str) -> list[Fault | None]:
    """Call endpoints in turn and return what each call met."""
    calls = {"create_payment": pay, "tokenize": tokenize, "list_customer_transactions": look_up}
    start = len(paymock.calls)
    for endpoint in endpoints:
        calls[endpoint](paymock, HTTPX)
    return [call.fault for call in paymock.calls[start:]]


def payments(paymock: Paymock, count: int) -> list[Fault | None]:
    return met(paymock, *["create_payment"] * count)


def test_queued_faults_come_in_order_one_a_call():
    with a_fake() as paymock:
        paymock.faults.queue(SILENT, GONE)
        paymock.faults.queue(BUSY)
        assert payments(paymock, 4) == [SILENT, GONE, BUSY, None]


def test_a_queued_fault_waits_for_a_call_of_its_endpoint():
    with a_fake() as paymock:
        paymock.faults.queue(SILENT, on="create_payment")
        paymock.faults.queue(GONE, on="tokenize")
        paymock.faults.queue(BUSY)
        found = met(paymock, "tokenize", "list_customer_transactions", "create_payment", "tokenize")
    assert found == [GONE, BUSY, SILENT, None]


def test_a_phase_given_to_queue_is_that_of_all_its_faults():
    with a_fake() as paymock:
        paymock.faults.queue(SILENT, GONE(after_commit=True), after_commit=True)
        paymock.faults.queue(SILENT(after_commit=True), after_commit=False)
        assert payments(paymock, 3) == [
            SILENT(after_commit=True),
            GONE(after_commit=True),
            SILENT,
        ]


def test_a_standing_rule_holds_for_every_call_that_is_meant():
    with a_fake() as paymock:
        paymock.faults.when(BUSY, on="create_payment")
        found = met(paymock, "create_payment", "tokenize", "create_payment", "create_payment")
    assert found == [BUSY, None, BUSY, BUSY]


def test_the_newest_rule_comes_first():
    with a_fake() as paymock:
        paymock.faults.when(BUSY)
        paymock.faults.when(BROKEN, on="create_payment", after_commit=True)
        found = met(paymock, "tokenize", "create_payment", "create_payment")
    assert found == [BUSY, BROKEN(after_commit=True), BROKEN(after_commit=True)]


def test_nth_counts_the_calls_that_are_meant_from_now_on():
    with a_fake() as paymock:
        payments(paymock, 2)
        paymock.faults.when(SILENT, on="create_payment", nth=2)
        found = met(
            paymock, "create_payment", "tokenize", "create_payment", "create_payment", "tokenize"
        )
    assert found == [None, None, SILENT, None, None]


def test_nth_without_an_endpoint_counts_all_calls():
    with a_fake() as paymock:
        paymock.faults.when(SILENT, nth=3)
        assert met(paymock, "tokenize", "create_payment", "tokenize", "tokenize") == [
            None,
            None,
            SILENT,
            None,
        ]


def test_of_two_rules_for_one_call_the_newer_one_happens():
    with a_fake() as paymock:
        paymock.faults.when(SILENT, nth=2)
        paymock.faults.when(GONE, nth=2)
        assert payments(paymock, 3) == [None, GONE, None]
        assert paymock.faults.unmet == [str(SILENT)], "it never happened, and that is told"
        paymock.faults.clear()


def test_always_holds_until_none_ends_it():
    with a_fake() as paymock:
        paymock.faults.always(BUSY)
        assert payments(paymock, 2) == [BUSY, BUSY]
        paymock.faults.always(BROKEN, after_commit=True)
        assert payments(paymock, 1) == [BROKEN(after_commit=True)]
        paymock.faults.always(None)
        assert payments(paymock, 1) == [None]


def test_always_may_be_limited_to_an_endpoint():
    with a_fake() as paymock:
        paymock.faults.always(BUSY, on="tokenize")
        assert met(paymock, "create_payment", "tokenize", "tokenize") == [None, BUSY, BUSY]


def test_the_nth_call_comes_before_the_queue_the_rules_and_always():
    with a_fake() as paymock:
        paymock.faults.always(BUSY)
        paymock.faults.when(BROKEN, on="create_payment")
        paymock.faults.queue(GONE, REFUSED)
        paymock.faults.when(SILENT, nth=2)
        found = met(paymock, *["create_payment"] * 4, "tokenize")
    assert found == [GONE, SILENT, REFUSED, BROKEN, BUSY]


def test_a_plan_comes_before_all_else_and_uses_up_only_the_nth_call():
    with a_fake() as paymock:
        paymock.faults.when(SILENT, nth=1)
        paymock.faults.queue(GONE)
        paymock.faults.plan({1: REFUSED, 3: BUSY})
        assert payments(paymock, 4) == [REFUSED, GONE, BUSY, None]
        assert paymock.faults.unmet == []


def test_clear_forgets_everything():
    with a_fake() as paymock:
        paymock.faults.queue(SILENT, GONE)
        paymock.faults.when(BUSY)
        paymock.faults.when(BUSY, nth=2)
        paymock.faults.always(BROKEN)
        paymock.faults.clear()
        assert payments(paymock, 3) == [None] * 3
        assert paymock.faults.pending == []


def test_reset_forgets_them_too():
    with a_fake() as paymock:
        paymock.faults.always(BROKEN)
        paymock.faults.queue(SILENT)
        paymock.reset()
        assert payments(paymock, 2) == [None, None]


def test_a_snapshot_brings_them_back_as_they_were():
    with a_fake() as paymock:
        paymock.faults.queue(SILENT, GONE)
        paymock.faults.when(BROKEN, nth=2)
        payments(paymock, 1)
        snapshot = paymock.snapshot()
        assert payments(paymock, 3) == [BROKEN, GONE, None]
        paymock.restore(snapshot)
        assert payments(paymock, 3) == [BROKEN, GONE, None]


def test_pending_lists_what_waits_for_a_call():
    with a_fake() as paymock:
        paymock.faults.queue(SILENT(after_commit=True), on="create_payment")
        paymock.faults.queue(BUSY, optional=True)
        paymock.faults.when(GONE, on="refund", nth=3, optional=True)
        paymock.faults.when(BROKEN)
        paymock.faults.always(BROKEN)
        assert paymock.faults.pending == [
            "read timeout after commit on create_payment",
            "HTTP 503",
            "disconnect on refund",
        ]
        assert paymock.faults.unmet == ["read timeout after commit on create_payment"]
        assert repr(paymock.faults) == (
            "<faults: read timeout after commit on create_payment, HTTP 503, "
            "disconnect on refund pending>"
        )
        paymock.faults.clear()
        assert repr(paymock.faults) == "<faults: nothing pending>"


def test_faults_that_no_call_met_fail_the_test():
    paymock = a_fake().__enter__()
    paymock.faults.queue(SILENT, BUSY, on="create_payment")
    paymock.faults.when(GONE, on="refund", nth=1)
    payments(paymock, 1)
    with pytest.raises(ExpectationError) as caught:
        paymock.__exit__(None, None, None)
    assert str(caught.value) == (
        "the test set faults that no call met: HTTP 503 on create_payment, disconnect on refund; "
        "make the calls, set fewer, or set them with optional=True"
    )


def test_all_that_is_left_over_is_told_at_once():
    paymock = a_fake().__enter__()
    paymock.outcomes.queue("card_declined")
    paymock.faults.queue(BUSY, on="refund")
    paymock.explore()
    with pytest.raises(ExpectationError) as caught:
        paymock.__exit__(None, None, None)
    first, second, third = str(caught.value).splitlines()
    assert first.startswith("the test queued outcomes that no payment used: card_declined; ")
    assert second.startswith("the test set faults that no call met: HTTP 503 on refund; ")
    assert "explore" in third


def test_optional_faults_and_standing_rules_may_be_left_over():
    with a_fake() as paymock:
        paymock.faults.queue(SILENT, optional=True)
        paymock.faults.when(GONE, nth=7, optional=True)
        paymock.faults.when(BUSY)
        paymock.faults.always(BROKEN)
        assert paymock.faults.unmet == []
        assert len(paymock.faults.pending) == 2


ENDPOINTS = (
    "there is no endpoint 'pay'; the endpoints are tokenize, create_payment, get_transaction, "
    "list_customer_transactions, refund, get_token"
)


NO_FAULT = "a fault is a value of pytest_paymock.faults, such as faults.read_timeout"


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (
            lambda script: script.queue(),
            "queue takes one fault or more, such as queue(faults.read_timeout)",
        ),
        (lambda script: script.queue(SILENT, on="pay"), ENDPOINTS),
        (lambda script: script.when(SILENT, on="pay"), ENDPOINTS),
        (lambda script: script.always(SILENT, on="pay"), ENDPOINTS),
        (lambda script: script.always(None, on="pay"), ENDPOINTS),
        (
            lambda script: script.queue(SILENT, "timeout"),
            f"{NO_FAULT}, not 'timeout' (did you mean read_timeout?)",
        ),
        (
            lambda script: script.when(None),
            f"{NO_FAULT}, not None",
        ),
        (
            lambda script: script.always(TimeoutError),
            f"{NO_FAULT}, not <class 'TimeoutError'>",
        ),
        (
            lambda script: script.queue(SILENT, REFUSED, after_commit=True),
            "connect error cannot come after the commit: the request never reached the API",
        ),
        (
            lambda script: script.when(faults.latency(3), after_commit=True),
            (
                "latency 3 s cannot come after the commit: a late answer always follows it; "
                "latency takes no phase"
            ),
        ),
        (
            lambda script: script.always(faults.rate_limited, after_commit=True),
            (
                "HTTP 429 cannot come after the commit: an answer 429 says that the API refused; "
                "take one from 500 on"
            ),
        ),
        *(
            (
                lambda script, nth=nth: script.when(SILENT, nth=nth),
                f"nth counts calls from 1, so it cannot be {nth!r}",
            )
            for nth in (0, -1, 1.5, "2", True)
        ),
    ],
)
def test_what_cannot_be_is_refused_and_changes_nothing(wrong, message: str):
    with a_fake() as paymock:
        paymock.faults.queue(BUSY)
        before = paymock.snapshot()
        with pytest.raises(UsageError) as caught:
            wrong(paymock.faults)
        assert str(caught.value) == message
        assert paymock.snapshot() == before
        assert payments(paymock, 2) == [BUSY, None]


def test_faults_are_handed_out_once_among_threads(run_together):
    with a_fake() as paymock:
        token = paymock.add_token("visa", customer_id="cust_1").token
        paymock.faults.queue(*[BUSY] * 20, *[GONE] * 10)
        run_together(8, lambda: [pay(paymock, HTTPX, token) for _ in range(10)])
        found = [call.fault for call in paymock.calls]
    assert (found.count(BUSY), found.count(GONE), found.count(None)) == (20, 10, 50)
    assert len(paymock.payments) == 50
