"""Which worlds there are: their number, order and names."""

from collections.abc import Callable
from typing import Any

import pytest

from pytest_paymock import ExpectationError, Paymock, UsageError, faults
from pytest_paymock.faults import Fault

from .tills import CLIENTS, a_fake, a_token, careful, history, pay, quietly, tokenize

Body = Callable[[Paymock], Any]


def worlds_of(body: Body, **how: Any) -> list[str]:
    """Explore a body that takes every failure, and return the names of its worlds."""
    with a_fake() as paymock:
        names = []
        for world in paymock.explore(**how):
            names.append(str(world))
            with world:
                body(paymock)
        return names


def one_payment(paymock: Paymock) -> None:
    quietly(pay, paymock, "tok_unknown")


def one_look(paymock: Paymock) -> None:
    quietly(history, paymock)


def two_payments(paymock: Paymock) -> None:
    one_payment(paymock)
    one_payment(paymock)


def checkout(paymock: Paymock) -> None:
    """Stop at the first thing that goes wrong."""
    token = tokenize(paymock)
    pay(paymock, token)
    history(paymock)


OF_A_POST = [
    "connect error",
    "connect timeout",
    "read timeout",
    "read timeout after commit",
    "disconnect",
    "disconnect after commit",
    "connection reset",
    "connection reset after commit",
    "truncated body",
    "truncated body after commit",
    "malformed JSON",
    "malformed JSON after commit",
    "HTTP 500",
    "HTTP 500 after commit",
    "HTTP 502",
    "HTTP 502 after commit",
    "HTTP 503",
    "HTTP 503 after commit",
    "HTTP 429",
]
OF_A_GET = [words for words in OF_A_POST if "after commit" not in words]


def named(*faulty: str) -> list[str]:
    """Return the names of a whole exploration of depth one."""
    total = len(faulty) + 1
    return [
        "world 1: no fault",
        *(f"world {number} of {total}: {words}" for number, words in enumerate(faulty, start=2)),
    ]


def test_a_call_that_commits_has_a_world_for_every_fault_and_phase():
    expected = named(*(f"call 1 create_payment, {words}" for words in OF_A_POST))
    assert worlds_of(one_payment) == expected
    assert len(expected) == 20


def test_a_call_that_only_reads_has_no_phases():
    expected = named(*(f"call 1 list_customer_transactions, {words}" for words in OF_A_GET))
    assert worlds_of(one_look) == expected
    assert len(expected) == 12


def test_the_worlds_go_by_call_then_fault_then_phase():
    names = worlds_of(lambda paymock: quietly(checkout, paymock))
    assert names == named(
        *(f"call 1 tokenize, {words}" for words in OF_A_POST),
        *(f"call 2 create_payment, {words}" for words in OF_A_POST),
        *(f"call 3 list_customer_transactions, {words}" for words in OF_A_GET),
    )
    assert names[6] == "world 7 of 50: call 1 tokenize, disconnect after commit"


def test_a_refund_has_phases_and_other_paths_have_none():
    def body(paymock: Paymock) -> None:
        for path in ("transactions/txn_0/refund", "nothing"):
            quietly(CLIENTS["httpx"], "POST", f"{paymock.base_url}/api/v1/{path}")

    assert worlds_of(body) == named(
        *(f"call 1 refund, {words}" for words in OF_A_POST),
        *(f"call 2 unknown path, {words}" for words in OF_A_GET),
    )


def test_faults_that_are_given_are_the_only_ones():
    given = [faults.latency(60), faults.http_error(402), faults.disconnect, faults.http_error(504)]
    assert worlds_of(one_payment, faults=given) == named(
        "call 1 create_payment, latency 60 s",
        "call 1 create_payment, HTTP 402",
        "call 1 create_payment, disconnect",
        "call 1 create_payment, disconnect after commit",
        "call 1 create_payment, HTTP 504",
        "call 1 create_payment, HTTP 504 after commit",
    )


def test_a_fault_that_is_given_in_the_later_phase_comes_only_so():
    given = [faults.read_timeout(after_commit=True)]
    assert worlds_of(one_payment, faults=given) == named(
        "call 1 create_payment, read timeout after commit"
    )
    assert worlds_of(one_look, faults=given) == named(
        "call 1 list_customer_transactions, read timeout after commit"
    )


def test_without_faults_there_is_one_world():
    assert worlds_of(one_payment, faults=[]) == ["world 1: no fault"]


def test_a_depth_beyond_the_calls_adds_no_world():
    assert worlds_of(one_payment, depth=10**9) == worlds_of(one_payment, depth=1)


def test_two_faults_take_every_pair_of_calls():
    names = worlds_of(two_payments, depth=2)
    assert len(names) == 1 + 2 * 19 + 19 * 19
    assert names[:2] == ["world 1: no fault", "world 2 of 39: call 1 create_payment, connect error"]
    assert names[38] == "world 39 of 39: call 2 create_payment, HTTP 429"
    assert names[39:] == [
        f"world {number} of 400: call 1 create_payment, {first}; call 2 create_payment, {second}"
        for number, (first, second) in enumerate(
            ((first, second) for first in OF_A_POST for second in OF_A_POST), start=40
        )
    ]


def test_three_faults_need_three_calls():
    given = [faults.server_error, faults.rate_limited]
    assert len(worlds_of(two_payments, faults=given, depth=3)) == 1 + 2 * 3 + 3 * 3
    three = worlds_of(lambda p: (two_payments(p), one_payment(p)), faults=given, depth=3)
    assert len(three) == 1 + 3 * 3 + 3 * 3 * 3 + 3 * 3 * 3
    assert three[-1] == (
        "world 64 of 64: call 1 create_payment, HTTP 429; call 2 create_payment, HTTP 429; "
        "call 3 create_payment, HTTP 429"
    )


def test_a_second_fault_finds_the_calls_that_the_first_one_caused():
    def body(paymock: Paymock) -> None:
        careful(paymock, a_token(paymock))

    early = "call 1 create_payment, read timeout"
    names = worlds_of(body, faults=[faults.read_timeout], depth=2)
    assert names == [
        "world 1: no fault",
        "world 2 of 3: call 1 create_payment, read timeout",
        "world 3 of 3: call 1 create_payment, read timeout after commit",
        f"world 4 of 7: {early}; call 2 list_customer_transactions, read timeout",
        f"world 5 of 7: {early}; call 3 create_payment, read timeout",
        f"world 6 of 7: {early}; call 3 create_payment, read timeout after commit",
        f"world 7 of 7: {early} after commit; call 2 list_customer_transactions, read timeout",
    ]


def test_a_body_that_stops_at_the_first_fault_leaves_no_room_for_a_second():
    names = worlds_of(
        lambda paymock: quietly(checkout, paymock), faults=[faults.connect_error], depth=2
    )
    assert names == named(
        "call 1 tokenize, connect error",
        "call 2 create_payment, connect error",
        "call 3 list_customer_transactions, connect error",
    )


def test_a_world_knows_its_place_its_faults_and_its_calls():
    with a_fake() as paymock:
        exploration = paymock.explore([faults.connect_error], depth=2)
        for world in exploration:
            with world as entered:
                two_payments(paymock)
            assert entered is world
        first, second, third, last = exploration.worlds
    assert [world.number for world in exploration.worlds] == [1, 2, 3, 4]
    assert first.faults == ()
    assert second.faults == ((1, "create_payment", faults.connect_error, 1),)
    assert [placed.call for placed in last.faults] == [1, 2]
    assert third.calls == ["create_payment", "create_payment"]
    assert all(world.entered and world.reached and not world.failed for world in (first, last))
    assert repr(second) == "<world 2 of 3: call 1 create_payment, connect error>"


def test_calls_before_the_exploration_are_not_counted():
    with a_fake() as paymock:
        two_payments(paymock)
        names = []
        for world in paymock.explore([faults.connect_error]):
            names.append(str(world))
            with world:
                one_payment(paymock)
                found = [call.fault for call in paymock.calls]
        assert found == [None, None, faults.connect_error]
        assert world.calls_before == 2
        assert world.label == f"{world} (its call 1 is call 3 in all)"
    assert names == named("call 1 create_payment, connect error")


def test_a_world_that_begins_with_the_first_call_has_one_name():
    with a_fake() as paymock:
        a_token(paymock)
        for world in paymock.explore([faults.connect_error]):
            with world:
                one_payment(paymock)
            assert world.label == str(world)


@pytest.mark.parametrize("depth", [0, -1, True, 1.5, "2", None])
def test_a_depth_that_is_none_is_refused(depth: Any):
    with a_fake() as paymock, pytest.raises(UsageError) as caught:
        paymock.explore(depth=depth)
    assert str(caught.value) == f"depth is how many faults a world has at most, not {depth!r}"


@pytest.mark.parametrize("fault", ["oops", None, TimeoutError()])
def test_what_is_no_fault_is_refused(fault: Any):
    with a_fake() as paymock, pytest.raises(UsageError) as caught:
        paymock.explore([faults.disconnect, fault])
    assert str(caught.value) == (
        f"a fault is a value of pytest_paymock.faults, such as faults.read_timeout, not {fault!r}"
    )


def test_a_body_that_calls_nothing_is_told():
    with pytest.raises(ExpectationError) as caught:
        worlds_of(a_token)
    assert str(caught.value) == (
        "explore() has nothing to try: the body of the loop made no call to the API in its "
        "first world; check that it runs within `with world:` and uses the base URL"
    )


def test_an_exploration_that_never_begins_is_told():
    with pytest.raises(ExpectationError) as caught, a_fake() as paymock:
        paymock.explore()
    assert str(caught.value) == (
        "explore() was called and its worlds were never run, so nothing was tried: write "
        "`for world in paymock.explore():` and, in the loop, `with world:`"
    )


@pytest.mark.parametrize("forgotten", [1, 2, 5])
def test_a_world_that_is_not_entered_is_told(forgotten: int):
    def explore(paymock: Paymock) -> None:
        for world in paymock.explore():
            if world.number != forgotten:
                with world:
                    one_payment(paymock)

    with a_fake() as paymock, pytest.raises(UsageError) as caught:
        explore(paymock)
    assert str(caught.value) == (
        "a world was not entered: write `for world in paymock.explore():` and, in the loop, "
        "`with world:` around the code under test"
    )


@pytest.mark.parametrize("client", CLIENTS)
def test_each_world_brings_the_fault_that_it_names(client: str):
    def met(paymock: Paymock) -> Fault | None:
        quietly(pay, paymock, "tok_unknown", send=CLIENTS[client])
        return paymock.calls.one().fault

    with a_fake() as paymock:
        for world in paymock.explore():
            with world:
                fault = met(paymock)
            assert str(world).partition(": ")[2] == (
                f"call 1 create_payment, {fault}" if fault else "no fault"
            )
