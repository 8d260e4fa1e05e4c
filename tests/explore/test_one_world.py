"""``world=N`` runs only that world for a verdict, and those before it to know what it is."""

import asyncio
from typing import Any

import pytest

from pytest_paymock import ExpectationError, Paymock, UsageError, faults

from .tills import a_fake, a_token, careful, naive, pay, quietly


def played(world: int, body: Any, **how: Any) -> list[str]:
    """Explore under ``world=...`` and return the names of the worlds that were entered."""
    with a_fake(world=world) as paymock:
        names = []
        for one in paymock.explore(**how):
            names.append(str(one))
            with one:
                body(paymock)
        return names


def one_payment(paymock: Paymock) -> None:
    quietly(pay, paymock, "tok_unknown")


@pytest.mark.parametrize("number", [2, 3, 7, 20])
def test_only_that_world_is_played_after_the_one_without_faults(number: int):
    names = played(number, one_payment)
    assert [name.partition(":")[0] for name in names] == ["world 1", f"world {number} of 20"]


def test_the_first_world_may_be_the_only_one():
    assert played(1, one_payment) == ["world 1: no fault"]
    assert played(1, one_payment, depth=3) == ["world 1: no fault"]


def test_a_world_has_the_name_that_it_has_among_all():
    def names(**options: Any) -> list[str]:
        with a_fake(**options) as paymock:
            token = a_token(paymock)
            found = []
            for world in paymock.explore(depth=2, faults=[faults.disconnect, faults.latency(9)]):
                found.append(str(world))
                with world:
                    careful(paymock, token)
            return found

    every = names()
    assert len(every) == 13
    for number, name in enumerate(every, start=1):
        assert names(world=number)[-1] == name


def test_worlds_that_only_prepare_it_fail_nothing():
    ran = []

    def body(paymock: Paymock) -> None:
        one_payment(paymock)
        ran.append(paymock.calls.one().fault)
        if ran[-1] != faults.server_error:
            pytest.fail("a world that is not asked for")

    with a_fake(world=14) as paymock:
        for world in paymock.explore(depth=1):
            with world:
                body(paymock)
    assert ran == [None, faults.server_error]
    assert paymock.failed_world is None


def test_the_chosen_world_fails_with_its_name():
    with a_fake(world=5) as paymock:
        token = a_token(paymock)
        with pytest.raises(AssertionError) as caught:
            charge_once(paymock, token)
    place = "world 5 of 20: call 1 create_payment, read timeout after commit"
    note = f"paymock: this is {place}\nrun only this world: Paymock(world=5)"
    assert caught.value.__notes__ == [note]
    assert paymock.failed_world == 5


def charge_once(paymock: Paymock, token: str) -> None:
    for world in paymock.explore():
        with world:
            naive(paymock, token)
            assert len(paymock.payments) <= 1


def test_a_world_that_was_cleared_is_cleared_alone_too():
    with a_fake(world=4) as paymock:
        charge_once(paymock, a_token(paymock))
    assert paymock.failed_world is None


def test_the_state_at_the_end_is_that_of_the_world_without_faults():
    with a_fake(world=5) as paymock:
        token = a_token(paymock)
        for world in paymock.explore():
            with world:
                naive(paymock, token)
        assert len(paymock.payments) == 1
        assert paymock.calls.one().fault is None


def test_a_guard_judges_only_the_chosen_world():
    with a_fake(world=19, guards="error") as paymock:
        token = a_token(paymock)
        with pytest.raises(ExpectationError, match=r"^double_charge: in world 19 of 20: "):
            charge_twice(paymock, token)
        paymock.reset()
    assert paymock.failed_world == 19


def charge_twice(paymock: Paymock, token: str) -> None:
    for world in paymock.explore():
        with world:
            naive(paymock, token)


@pytest.mark.parametrize(("number", "depth", "total"), [(21, 1, 20), (99, 1, 20), (40, 2, 20)])
def test_a_world_that_does_not_exist_is_told(number: int, depth: int, total: int):
    with pytest.raises(UsageError) as caught:
        played(number, one_payment, depth=depth)
    assert str(caught.value) == (
        f"there is no world {number}: this exploration has {total} (Paymock(world={number}))"
    )


@pytest.mark.parametrize("kind", [KeyboardInterrupt, SystemExit, GeneratorExit])
def test_what_stops_the_run_stops_a_world_without_a_verdict_too(kind: type[BaseException]):
    def body(_: Paymock) -> None:
        raise kind

    with pytest.raises(kind):
        played(3, body)


def test_a_cancellation_is_not_swallowed_by_a_world_without_a_verdict():
    async def body(paymock: Paymock) -> None:
        one_payment(paymock)
        await asyncio.Event().wait()

    async def explore() -> None:
        with a_fake(world=3) as paymock:
            for world in paymock.explore():
                with world:
                    await body(paymock)

    async def cancelled() -> None:
        task = asyncio.create_task(explore())
        await asyncio.sleep(0)
        task.cancel()
        await task

    with pytest.raises(asyncio.CancelledError):
        asyncio.run(cancelled())


def test_a_body_that_fails_before_its_first_call_has_nothing_to_explore():
    def body(_: Paymock) -> None:
        raise LookupError("no shop is open")

    with pytest.raises(ExpectationError, match=r"^explore\(\) has nothing to try: "):
        played(3, body)
