"""A world whose fault never happens, since the code made fewer calls than before, is told."""

from contextlib import nullcontext, suppress

import pytest

from pytest_paymock import ExpectationError, Paymock, World, faults

from .tills import a_fake, a_token, pay, quietly


def buy(paymock: Paymock, token: str, sold: set[str]) -> None:
    """Sell one book and one bag, each once: what was sold is kept outside the API."""
    for thing in ("book", "bag"):
        if thing not in sold and quietly(pay, paymock, token) is not None:
            sold.add(thing)


def never_met(missed: int, total: int, first: str) -> str:
    faults, which = ("their faults", "the first is ") if missed > 1 else ("its fault", "")
    return (
        f"in {missed} of {total} worlds of explore() the code under test made fewer calls than "
        f"before, so {faults} never happened: {which}{first}. Put back what your code keeps "
        "outside the API, such as a database or a cache, at the start of each world, by "
        "explore(reset=...)"
    )


def test_a_database_that_is_not_put_back_is_told():
    paymock, sold = a_fake(), set[str]()
    exploration = paymock.explore([faults.connect_error])

    def explore() -> None:
        with paymock:
            for world in exploration:
                with world:
                    buy(paymock, a_token(paymock), sold)

    with pytest.raises(ExpectationError) as caught:
        explore()
    first = "world 2 of 3: call 1 create_payment, connect error"
    assert str(caught.value) == never_met(2, 3, first)
    assert [world.reached for world in exploration.worlds] == [True, False, False]
    assert [world.outcome for world in exploration.worlds] == ["passed", "not run", "not run"]


def test_a_database_that_is_put_back_is_nothing():
    with a_fake() as paymock:
        exploration = paymock.explore([faults.connect_error])
        for world in exploration:
            with world:
                buy(paymock, a_token(paymock), sold=set())
    assert [world.outcome for world in exploration.worlds] == ["passed"] * 3


def test_it_is_told_of_the_second_fault_too():
    def explore() -> None:
        with a_fake() as paymock:
            for world in paymock.explore([faults.connect_error], depth=2):
                with world:
                    for _ in range(2 if len(world.faults) < 2 else 1):
                        quietly(pay, paymock, a_token(paymock))

    with pytest.raises(ExpectationError) as caught:
        explore()
    first = "world 4 of 4: call 1 create_payment, connect error; call 2 create_payment, connect "
    assert never_met(1, 4, f"{first}error") == str(caught.value)


def shrinking(world: World) -> int:
    return 2 if world.number == 1 else 1


@pytest.mark.parametrize(("only", "told"), [(1, False), (2, False), (3, True)])
def test_of_one_world_that_was_asked_for_only_that_one_is_told(only: int, *, told: bool):
    with (
        pytest.raises(ExpectationError, match="in 1 of 3 worlds") if told else nullcontext(),
        a_fake(world=only) as paymock,
    ):
        token = a_token(paymock)
        for world in paymock.explore([faults.connect_error]):
            with world:
                for _ in range(shrinking(world)):
                    quietly(pay, paymock, token)


@pytest.mark.parametrize("error", [ValueError("no"), pytest.skip.Exception("no")])
def test_a_world_that_failed_or_skipped_speaks_for_itself(error: BaseException):
    with a_fake() as paymock:
        token = a_token(paymock)
        exploration = paymock.explore([faults.connect_error])
        for world in exploration:
            with suppress(type(error)), world:
                for _ in range(shrinking(world)):
                    quietly(pay, paymock, token)
                if world.number > 1:
                    raise error
    assert [world.reached for world in exploration.worlds] == [True, True, False]


def test_a_test_that_tried_nothing_so_fails(pytester: pytest.Pytester):
    pytester.makepyfile(
        """
        import httpx

        from pytest_paymock import faults

        paid = []


        def test_charged_once(paymock):
            order = {"token": paymock.add_token().token, "amount": 5, "customer_id": "cust_1"}
            for world in paymock.explore([faults.disconnect]):
                with world:
                    if not paid:
                        paid.append(httpx.post(f"{paymock.base_url}/api/v1/payments", json=order))
                    assert len(paymock.payments) <= 1
        """
    )
    result = pytester.runpytest()
    assert result.parseoutcomes()["failed"] == 1
    result.stdout.fnmatch_lines(
        [
            "paymock: in 2 of 3 worlds of explore() the code under test made fewer calls than *",
            "explored 1 world in 1 test: no world failed",
        ]
    )
