"""Going back: ``snapshot``, ``restore`` and ``reset``."""

import pickle
from datetime import UTC, datetime
from typing import Any

import pytest

from pytest_paymock import Paymock, UsageError, faults

from .support import NOW, call, pay, refund, tokenize

pytestmark = pytest.mark.paymock(clock=NOW)


def seen(paymock: Paymock) -> tuple[Any, ...]:
    """Return everything that a test can see of a fake."""
    return (
        list(paymock.calls),
        list(paymock.tokens),
        list(paymock.transactions),
        list(paymock.payments),
        list(paymock.refunds),
        paymock.outcomes.pending,
        paymock.outcomes.forecast(12),
        paymock.faults.pending,
        paymock.clock.now(),
        paymock.report(),
        repr(paymock),
    )


def go_on(paymock: Paymock) -> None:
    """Change everything that can change."""
    paymock.outcomes.always("success")
    refund(paymock, pay(paymock, 5))
    paymock.outcomes.always("under_review")
    paymock.settle(pay(paymock, 5))
    tokenize(paymock, None)
    paymock.outcomes.always(None)
    pay(paymock, 5)
    paymock.outcomes.when("card_declined", amount=3)
    paymock.faults.queue(faults.read_timeout, on="get_token", optional=True)
    paymock.clock.advance(hours=30)
    call(paymock, "GET", "/nothing")


def test_restore_brings_everything_back(paymock: Paymock) -> None:
    go_on(paymock)
    paymock.outcomes.queue("success", optional=True)
    before = seen(paymock)
    snapshot = paymock.snapshot()
    go_on(paymock)
    assert seen(paymock) != before
    paymock.restore(snapshot)
    assert seen(paymock) == before
    assert paymock.outcomes.pending == ["success"]


def test_what_follows_a_restore_is_what_followed_the_snapshot(paymock: Paymock) -> None:
    go_on(paymock)
    snapshot = paymock.snapshot()
    go_on(paymock)
    first = seen(paymock)
    paymock.restore(snapshot)
    go_on(paymock)
    assert seen(paymock) == first


def test_a_snapshot_serves_more_than_once(paymock: Paymock) -> None:
    name = pay(paymock)
    snapshot = paymock.snapshot()
    for _ in range(3):
        refund(paymock, name)
        paymock.assert_refunded(5)
        paymock.restore(snapshot)
        assert list(paymock.refunds) == []
        assert paymock.payments.one().refunded is False


def test_a_snapshot_stays_as_it_was(paymock: Paymock) -> None:
    pay(paymock)
    snapshot = paymock.snapshot()
    again = paymock.snapshot()
    assert snapshot == again
    go_on(paymock)
    assert snapshot == again
    assert paymock.snapshot() != snapshot


def test_rules_and_always_come_back_too(paymock: Paymock) -> None:
    paymock.outcomes.when("card_declined", amount=3)
    paymock.outcomes.always("under_review")
    snapshot = paymock.snapshot()
    paymock.reset()
    paymock.restore(snapshot)
    pay(paymock, 3)
    pay(paymock, 4)
    assert [item.outcome for item in paymock.payments] == ["card_declined", "under_review"]


def test_an_old_token_is_valid_again_after_a_restore(paymock: Paymock) -> None:
    token = tokenize(paymock)
    snapshot = paymock.snapshot()
    paymock.clock.advance(hours=24)
    assert call(paymock, "GET", f"/tokens/{token}")["is_valid"] is False
    paymock.restore(snapshot)
    assert call(paymock, "GET", f"/tokens/{token}")["is_valid"] is True
    assert paymock.clock.now() == datetime(2026, 1, 27, 12, tzinfo=UTC)


def test_a_token_made_after_the_snapshot_is_gone(paymock: Paymock) -> None:
    snapshot = paymock.snapshot()
    token = tokenize(paymock)
    paymock.restore(snapshot)
    assert call(paymock, "GET", f"/tokens/{token}") == {"detail": "Token not found"}


def test_live_records_follow_a_restore(paymock: Paymock) -> None:
    payments, calls = paymock.payments, paymock.calls
    snapshot = paymock.snapshot()
    pay(paymock)
    first = calls.one()
    paymock.restore(snapshot)
    assert len(payments) == len(calls) == 0
    call(paymock, "GET", "/else")
    assert calls.one().number == 1
    assert calls.one() != first
    assert calls.one().path == "/api/v1/else"


def test_a_snapshot_travels_through_pickle(paymock: Paymock) -> None:
    go_on(paymock)
    before = seen(paymock)
    stored = pickle.dumps(paymock.snapshot())
    paymock.reset()
    paymock.restore(pickle.loads(stored))  # noqa: S301 - our own bytes
    assert seen(paymock) == before


def test_what_is_no_snapshot_is_refused(paymock: Paymock) -> None:
    go_on(paymock)
    before = seen(paymock)
    with pytest.raises(UsageError) as caught:
        paymock.restore("x")  # type: ignore[arg-type]
    assert str(caught.value) == "restore takes what snapshot() returned, not 'x'"
    assert seen(paymock) == before


def test_a_snapshot_shows_no_more_than_how_far_it_is(paymock: Paymock) -> None:
    assert repr(paymock.snapshot()) == "<snapshot after no call>"
    pay(paymock)
    assert repr(paymock.snapshot()) == "<snapshot after 1 call>"
    pay(paymock)
    assert repr(paymock.snapshot()) == "<snapshot after 2 calls>"


def test_reset_empties_everything(paymock: Paymock) -> None:
    fresh = seen(paymock)[:-3]
    go_on(paymock)
    paymock.reset()
    assert seen(paymock)[:-3] == fresh
    paymock.verify()
    assert paymock.report()[-1] == "nothing was called and nothing was paid"


def test_reset_leaves_the_clock(paymock: Paymock) -> None:
    paymock.clock.advance(hours=30)
    paymock.reset()
    assert paymock.clock.now() == datetime(2026, 1, 28, 18, tzinfo=UTC)


def test_every_counter_starts_again_after_a_reset(paymock: Paymock) -> None:
    def story() -> list[Any]:
        token = tokenize(paymock)
        tokenize(paymock, None)
        names = [pay(paymock, token=token) for _ in range(12)]
        refunds = [call(paymock, "POST", f"/transactions/{name}/refund") for name in names]
        tokens = [(item.token, item.customer_id) for item in paymock.tokens]
        return [tokens, names, refunds, [item.outcome for item in paymock.payments]]

    first = story()
    paymock.reset()
    assert story() == first


def test_scripts_are_forgotten_by_a_reset(paymock: Paymock) -> None:
    paymock.outcomes.queue("card_declined")
    paymock.outcomes.when("card_declined", amount=5)
    paymock.outcomes.always("card_declined")
    paymock.faults.always(faults.read_timeout)
    paymock.reset()
    pay(paymock)
    assert paymock.payments.one().outcome == "success"


def test_a_fake_answers_on_after_a_reset(paymock: Paymock) -> None:
    name = pay(paymock)
    paymock.reset()
    assert call(paymock, "GET", f"/transactions/{name}") == {"detail": "Transaction not found"}
    assert paymock.calls.one().number == 1


@pytest.mark.paymock(streams="customer", success_rate=0.5)
def test_the_sequence_of_each_customer_comes_back(paymock: Paymock) -> None:
    pay(paymock)
    snapshot = paymock.snapshot()
    forecast = paymock.outcomes.forecast(9, customer_id="cust_1")
    pay(paymock)
    pay(paymock, customer_id="cust_2")
    paymock.restore(snapshot)
    assert paymock.outcomes.forecast(9, customer_id="cust_1") == forecast
