"""Every world starts from the same state, and the test ends as the world without faults did."""

from contextlib import suppress
from typing import Any

import pytest

from pytest_paymock import ExpectationError, Paymock, faults

from .tills import NOON, a_fake, a_token, careful, naive, pay, quietly, tokenize


def state_of(paymock: Paymock) -> dict[str, Any]:
    """Return all that a test can see of a fake."""
    return {
        "tokens": list(paymock.tokens),
        "transactions": list(paymock.transactions),
        "calls": list(paymock.calls),
        "now": paymock.clock.now(),
        "outcomes": (paymock.outcomes.pending, paymock.outcomes.forecast(30)),
        "faults": paymock.faults.pending,
    }


def test_every_world_starts_from_the_state_at_explore():
    with a_fake() as paymock:
        token = a_token(paymock)
        paymock.add_payment(amount=3, customer_id="cust_2")
        pay(paymock, token)
        paymock.outcomes.queue("card_declined", optional=True)
        paymock.faults.queue(faults.bad_gateway, optional=True)
        paymock.clock.advance(hours=1)
        start = state_of(paymock)
        starts, ends = [], []
        for world in paymock.explore():
            with world:
                starts.append(state_of(paymock))
                naive(paymock, token)
                quietly(tokenize, paymock)
                paymock.clock.advance(minutes=world.number)
                paymock.outcomes.always("success")
                paymock.faults.when(faults.disconnect, nth=9, optional=True)
                ends.append(state_of(paymock))
    assert len(starts) > 40
    assert all(state == start for state in starts)
    assert all(state != start for state in ends)


def test_equal_charges_have_equal_ids_in_all_worlds():
    with a_fake() as paymock:
        token = a_token(paymock)
        ids = set()
        for world in paymock.explore([faults.disconnect, faults.server_error]):
            with world:
                careful(paymock, token)
                ids.add((paymock.payments.one().transaction_id, a_token(paymock)))
    assert len(ids) == 1


def test_at_the_end_the_state_is_that_of_the_world_without_faults():
    with a_fake() as paymock:
        token = a_token(paymock)
        for world in paymock.explore(depth=2, faults=[faults.read_timeout, faults.latency(60)]):
            with world:
                naive(paymock, token)
                if world.number == 1:
                    first = state_of(paymock)
        assert state_of(paymock) == first
        assert len(paymock.payments) == 1
        assert paymock.clock.now().isoformat() == f"{NOON}+00:00"
        assert paymock.calls.one().fault is None


def test_after_the_exploration_the_wire_is_sound():
    with a_fake() as paymock:
        token = a_token(paymock)
        for world in paymock.explore([faults.connect_error]):
            with world:
                quietly(pay, paymock, token)
        quietly(pay, paymock, token)
        assert [call.fault for call in paymock.calls] == [None, None]
        assert dict(paymock.faults.planned) == {}


def test_a_fault_that_was_not_reached_is_forgotten_with_its_world():
    with suppress(ExpectationError), a_fake() as paymock:
        token = a_token(paymock)
        for world in paymock.explore([faults.connect_error]):
            with world:
                quietly(pay, paymock, token)
                if world.number == 1:
                    quietly(pay, paymock, token)
        assert dict(paymock.faults.planned) == {}
        pay(paymock, token)
        assert len(paymock.payments) == 3


def test_who_breaks_out_of_the_loop_stays_in_the_last_world():
    with a_fake() as paymock:
        token = a_token(paymock)
        for world in paymock.explore([faults.disconnect]):
            with world:
                naive(paymock, token)
            if len(paymock.payments) == 2:
                break
        assert str(world) == "world 3 of 3: call 1 create_payment, disconnect after commit"
        assert len(paymock.payments) == 2
        assert dict(paymock.faults.planned) == {}
        pay(paymock, token)


def test_a_second_exploration_starts_where_the_first_one_ended():
    with a_fake() as paymock:
        token = a_token(paymock)
        for count in (1, 2):
            for world in paymock.explore():
                with world:
                    careful(paymock, token) if count == 1 else quietly(pay, paymock, token)
            assert len(paymock.payments) == count


def test_outcomes_that_are_queued_before_wait_in_every_world():
    with a_fake() as paymock:
        token = a_token(paymock)
        paymock.outcomes.queue("card_declined")
        seen = []
        for world in paymock.explore([faults.disconnect]):
            with world:
                quietly(pay, paymock, token)
                quietly(pay, paymock, token)
                seen.append([payment.outcome for payment in paymock.payments])
    assert seen == [
        ["card_declined", "success"],
        ["card_declined"],
        ["card_declined", "success"],
        ["card_declined"],
        ["card_declined", "success"],
    ]


def test_outcomes_and_faults_that_are_queued_within_a_world_end_with_it():
    with a_fake() as paymock:
        token = a_token(paymock)
        for world in paymock.explore([faults.disconnect]):
            with world:
                paymock.outcomes.queue("card_declined")
                paymock.faults.when(faults.server_error, nth=2)
                quietly(pay, paymock, token)
                quietly(pay, paymock, token)
                found = [call.fault for call in paymock.calls]
                assert found[1] in (faults.server_error, *placed(world))
        assert [call.fault for call in paymock.calls] == [None, faults.server_error]
        assert paymock.payments.one().outcome == "card_declined"


def placed(world: Any) -> list[Any]:
    return [fault for call, _, fault, _ in world.faults if call == 2]


def test_a_placed_fault_comes_before_those_of_the_test():
    with a_fake() as paymock:
        token = a_token(paymock)
        paymock.faults.queue(faults.bad_gateway)
        seen = []
        for world in paymock.explore([faults.connect_error]):
            with world:
                quietly(pay, paymock, token)
                quietly(pay, paymock, token)
                seen.append([str(call.fault) for call in paymock.calls])
    assert seen == [
        ["HTTP 502", "None"],
        ["connect error", "HTTP 502"],
        ["HTTP 502", "connect error"],
    ]


@pytest.mark.parametrize(
    ("leave_over", "message"),
    [
        (
            lambda paymock: paymock.outcomes.queue("success", "card_declined"),
            r"^the test queued outcomes that no payment used: card_declined; ",
        ),
        (
            lambda paymock: paymock.faults.queue(faults.disconnect, on="refund"),
            r"^the test set faults that no call met: disconnect on refund; ",
        ),
    ],
)
def test_what_the_world_without_faults_left_over_fails_the_test(leave_over: Any, message: str):
    paymock = a_fake().__enter__()
    token = a_token(paymock)
    leave_over(paymock)
    for world in paymock.explore():
        with world:
            careful(paymock, token)
    with pytest.raises(ExpectationError, match=message):
        paymock.__exit__(None, None, None)


def test_what_only_a_faulty_world_left_over_fails_nothing():
    with a_fake() as paymock:
        token = a_token(paymock)
        paymock.outcomes.queue("success")
        for world in paymock.explore([faults.connect_error]):
            with world:
                quietly(pay, paymock, token)
                assert len(paymock.outcomes.pending) == world.number - 1
