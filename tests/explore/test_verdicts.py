"""A failure within a world carries its name: a naive till is found guilty, a careful one not."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from pytest_paymock import ExpectationError, Paymock, faults

from .tills import CLIENTS, a_fake, a_token, careful, naive, pay, quietly

Body = Callable[..., Any]


def explored(paymock: Paymock, body: Body, *args: Any, **how: Any) -> list[int]:
    """Explore a body, and return the numbers of its worlds."""
    numbers = []
    for world in paymock.explore(**how):
        numbers.append(world.number)
        with world:
            body(*args)
    return numbers


def note(world: str, number: int) -> str:
    return f"paymock: this is {world}\nrun only this world: Paymock(world={number})"


def charged_once(paymock: Paymock, till: Body, client: str) -> Body:
    token = a_token(paymock)

    def body() -> None:
        till(paymock, token, CLIENTS[client])
        assert len(paymock.payments) <= 1

    return body


@pytest.mark.parametrize("client", CLIENTS)
def test_a_naive_till_is_found_guilty(client: str):
    with a_fake() as paymock, pytest.raises(AssertionError) as caught:
        explored(paymock, charged_once(paymock, naive, client))
    assert caught.value.__notes__ == [
        note("world 5 of 20: call 1 create_payment, read timeout after commit", 5)
    ]
    assert paymock.failed_world == 5


@pytest.mark.parametrize("client", CLIENTS)
def test_a_careful_till_is_cleared(client: str):
    with a_fake() as paymock:
        numbers = explored(paymock, charged_once(paymock, careful, client), depth=2)
        assert len(paymock.payments) == 1
    assert len(numbers) > 200
    assert paymock.failed_world is None


def test_the_failing_world_is_the_one_that_can_be_looked_at():
    with a_fake() as paymock:
        with pytest.raises(AssertionError):
            explored(paymock, charged_once(paymock, naive, "httpx"))
        first, second = paymock.calls
        assert (str(first.fault), second.fault) == ("read timeout after commit", None)
        assert len(paymock.payments) == 2
        assert dict(paymock.faults.planned) == {}


@pytest.mark.parametrize("kind", [ValueError, KeyError, SystemExit, KeyboardInterrupt])
def test_any_exception_leaves_a_world_with_its_name(kind: type[BaseException]):
    def body() -> None:
        quietly(pay, paymock, "tok_unknown")
        if paymock.calls.one().fault == faults.connection_reset:
            raise kind("broken")

    with a_fake() as paymock, pytest.raises(kind) as caught:
        explored(paymock, body)
    assert caught.value.args == ("broken",)
    assert caught.value.__notes__ == [
        note("world 8 of 20: call 1 create_payment, connection reset", 8)
    ]
    assert paymock.failed_world == 8


def test_the_world_without_faults_may_fail_too():
    def body() -> None:
        pay(paymock, "tok_unknown")

    with a_fake() as paymock, pytest.raises(Exception, match=r"401") as caught:
        explored(paymock, body)
    assert caught.value.__notes__ == [note("world 1: no fault", 1)]
    assert paymock.failed_world == 1


def test_no_world_has_failed_before_there_is_one():
    with a_fake() as paymock:
        assert paymock.failed_world is None


class Subtests:
    """Takes note of what is reported to it, and lets the loop go on."""

    def __init__(self) -> None:
        self.reported: list[tuple[str, BaseException | None]] = []

    @contextmanager
    def test(self, msg: str) -> Iterator[None]:
        self.reported.append((msg, None))
        try:
            yield
        except AssertionError as error:
            self.reported[-1] = (msg, error)


@pytest.mark.parametrize("client", CLIENTS)
def test_with_subtests_every_failing_world_is_reported(client: str):
    subtests = Subtests()
    with a_fake() as paymock:
        numbers = explored(paymock, charged_once(paymock, naive, client), subtests=subtests)
        assert len(paymock.payments) == 1
    assert numbers == list(range(1, 21))
    names = [name for name, _ in subtests.reported]
    assert names[0] == "world 1: no fault"
    assert names[4] == "world 5 of 20: call 1 create_payment, read timeout after commit"
    failed = [number for number, (_, error) in enumerate(subtests.reported, 1) if error]
    assert failed == [5, 7, 9, 11, 13, 15, 17, 19]
    notes = [error.__notes__ for _, error in subtests.reported if error]
    assert [note[0].split("\n")[1] for note in notes] == [
        f"run only this world: Paymock(world={number})" for number in failed
    ]
    assert paymock.failed_world == 19


def test_what_subtests_do_not_take_stops_the_loop():
    def body() -> None:
        quietly(pay, paymock, "tok_unknown")
        if paymock.calls.one().fault:
            raise KeyError("broken")

    subtests = Subtests()
    with a_fake() as paymock, pytest.raises(KeyError):
        explored(paymock, body, subtests=subtests)
    assert [name for name, _ in subtests.reported] == [
        "world 1: no fault",
        "world 2 of 20: call 1 create_payment, connect error",
    ]


@pytest.mark.parametrize("with_subtests", [False, True], ids=["alone", "subtests"])
def test_what_a_guard_finds_in_a_world_fails_it_under_error(with_subtests: bool):  # noqa: FBT001
    subtests = Subtests() if with_subtests else None
    with a_fake(guards="error") as paymock:
        token = a_token(paymock)
        try:
            explored(paymock, naive, paymock, token, subtests=subtests)
        except ExpectationError as error:
            found = [error]
        else:
            found = [error for _, error in subtests.reported if error] if subtests else []
        paymock.reset()
    assert len(found) == (8 if with_subtests else 1)
    assert str(found[0]).startswith(
        "double_charge: in world 5 of 20: call 1 create_payment, read timeout after commit: "
        "cust_1 was charged 5 USD twice: "
    )
    assert found[0].__notes__ == [
        note("world 5 of 20: call 1 create_payment, read timeout after commit", 5)
    ]
    assert paymock.failed_world == (19 if with_subtests else 5)
