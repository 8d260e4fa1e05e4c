"""``with Paymock() as paymock``: begin, end, and what is checked at the end."""

from collections.abc import Callable, Iterator
from contextlib import suppress

import httpx
import pytest
import requests

from pytest_paymock import BlockedRequestError, ExpectationError, Paymock, UsageError, faults

from .support import NOW, call, pay

URL = "https://pay.example"


@pytest.fixture
def fake() -> Iterator[Paymock]:
    """Give a fake that is not active yet, and end it."""
    paymock = Paymock(base_url=URL, clock=NOW, network="none")
    yield paymock
    paymock.stop()


def is_answering(paymock: Paymock) -> bool:
    """Say whether a fake answers a request; under another one's rule, that is no call out."""
    try:
        requests.get(f"{paymock.base_url}/api/v1/tokens/x", timeout=9)
    except requests.ConnectionError:
        return False
    return True


def run(paymock: Paymock, body: Callable[[Paymock], object]) -> None:
    """Run a body within the block of a fake."""
    with paymock:
        body(paymock)


def queue_three_and_pay_once(paymock: Paymock) -> None:
    paymock.outcomes.queue("card_declined", "success", "under_review")
    pay(paymock)


def queue_a_fault_on_a_refund_and_pay(paymock: Paymock) -> None:
    paymock.faults.queue(faults.read_timeout, on="refund")
    pay(paymock)


def queue_one_of_each_kind(paymock: Paymock) -> None:
    paymock.outcomes.queue("card_declined", optional=True)
    paymock.outcomes.queue("success")


def leave_something_over_and_fail(paymock: Paymock) -> None:
    paymock.outcomes.queue("card_declined")
    paymock.faults.queue(faults.read_timeout)
    _ = 1 / 0


def swallow_a_stopped_request(paymock: Paymock) -> None:
    with suppress(httpx.ConnectError):
        httpx.get("http://pay.example/api/v1/tokens/x")
    pay(paymock)


def test_the_block_is_given_the_fake(fake: Paymock) -> None:
    with fake as given:
        assert given is fake
        pay(fake)
    fake.assert_charged(5)


def test_it_answers_within_the_block_only(fake: Paymock) -> None:
    with Paymock(network="none", allow=["swallowed_block"]):
        assert not is_answering(fake)
        with fake:
            assert is_answering(fake)
        assert not is_answering(fake)
    assert len(fake.calls) == 1


def test_start_and_stop_do_the_same(fake: Paymock) -> None:
    with Paymock(network="none", allow=["swallowed_block"]):
        fake.start()
        assert is_answering(fake)
        fake.stop()
        assert not is_answering(fake)


def test_it_can_begin_again_and_keeps_what_happened(fake: Paymock) -> None:
    with fake:
        pay(fake)
    with fake:
        pay(fake)
    assert len(fake.payments) == 2
    assert [record.number for record in fake.calls] == [1, 2]


def test_it_cannot_begin_twice(fake: Paymock) -> None:
    fake.start()
    with pytest.raises(UsageError) as caught:
        fake.start()
    assert str(caught.value) == (
        "this Paymock is active already: stop() it first, or make another one with another base "
        "URL, to have two at once"
    )
    assert is_answering(fake)


def test_stop_is_harmless_when_it_is_not_active(fake: Paymock) -> None:
    fake.stop()
    fake.start()
    fake.stop()
    fake.stop()
    assert list(fake.calls) == []


def test_state_can_be_arranged_and_looked_at_without_a_block() -> None:
    paymock = Paymock()
    payment = paymock.add_payment(amount=5)
    paymock.assert_charged(5)
    with paymock:
        assert call(paymock, "GET", f"/transactions/{payment.transaction_id}")["amount"] == 5


def test_queued_outcomes_that_are_left_over_fail_the_block(fake: Paymock) -> None:
    with pytest.raises(ExpectationError) as caught:
        run(fake, queue_three_and_pay_once)
    assert str(caught.value) == (
        "the test queued outcomes that no payment used: success, under_review; "
        "make the payments, queue fewer, or queue them with optional=True"
    )


def test_queued_faults_that_are_left_over_fail_the_block(fake: Paymock) -> None:
    with pytest.raises(ExpectationError) as caught:
        run(fake, queue_a_fault_on_a_refund_and_pay)
    assert str(caught.value) == (
        "the test set faults that no call met: read timeout on refund; "
        "make the calls, set fewer, or set them with optional=True"
    )


def test_optional_outcomes_and_faults_may_be_left_over(fake: Paymock) -> None:
    with fake:
        fake.outcomes.queue("card_declined", optional=True)
        fake.faults.queue(faults.read_timeout, optional=True)
    assert fake.outcomes.pending == ["card_declined"]
    assert fake.outcomes.unmet == []


def test_only_what_is_not_optional_is_told(fake: Paymock) -> None:
    with pytest.raises(ExpectationError, match="used: success; make"):
        run(fake, queue_one_of_each_kind)


def test_a_queue_that_was_used_up_fails_nothing(fake: Paymock) -> None:
    with fake:
        fake.outcomes.queue("card_declined")
        pay(fake)
    assert fake.payments.one().outcome == "card_declined"


def test_rules_and_always_may_be_left_over(fake: Paymock) -> None:
    with fake:
        fake.outcomes.when("success", amount=1)
        fake.outcomes.always("success")
        fake.faults.always(faults.read_timeout)
    assert list(fake.calls) == []


def test_a_failure_inside_the_block_is_not_hidden(fake: Paymock) -> None:
    with pytest.raises(ZeroDivisionError):
        run(fake, leave_something_over_and_fail)
    with Paymock(network="none", allow=["swallowed_block"]):
        assert not is_answering(fake)


@pytest.mark.parametrize("stop", [KeyboardInterrupt, SystemExit, GeneratorExit])
def test_an_interruption_is_not_hidden_either(fake: Paymock, stop: type[BaseException]) -> None:
    fake.outcomes.queue("card_declined")
    with pytest.raises(stop), fake:
        raise stop


def test_it_ends_although_something_is_left_over(fake: Paymock) -> None:
    with pytest.raises(ExpectationError), fake:
        fake.outcomes.queue("success")
    with Paymock(network="none", allow=["swallowed_block"]):
        assert not is_answering(fake)


def test_a_request_that_was_stopped_and_swallowed_fails_the_block(fake: Paymock) -> None:
    with pytest.raises(BlockedRequestError) as caught:
        run(fake, swallow_a_stopped_request)
    assert str(caught.value).startswith(
        "a request was stopped and the code under test swallowed the error: paymock stopped GET "
        "http://pay.example/api/v1/tokens/x: it is not under https://pay.example "
        "(it differs from the base URL https://pay.example only in its scheme). "
    )


def test_a_request_that_was_stopped_is_told_once(fake: Paymock) -> None:
    fake.start()
    with suppress(requests.ConnectionError):
        requests.get("https://other.example", timeout=9)
    with pytest.raises(BlockedRequestError):
        fake.verify()
    fake.verify()


def test_verify_may_be_asked_at_any_time(fake: Paymock) -> None:
    fake.verify()
    fake.outcomes.queue("success")
    for _ in range(2):
        with pytest.raises(ExpectationError, match="success"):
            fake.verify()
    fake.start()
    pay(fake)
    fake.verify()
    assert fake.outcomes.unmet == []


def test_errors_of_the_end_are_assertion_errors() -> None:
    assert issubclass(ExpectationError, AssertionError)
    assert issubclass(BlockedRequestError, AssertionError)
    assert issubclass(UsageError, ValueError)
