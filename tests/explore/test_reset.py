"""``reset=``: what the application keeps itself is put back at the start of each world."""

from typing import Any

import pytest

from pytest_paymock import Paymock, UsageError, faults

from .tills import a_fake, a_token, pay, quietly


class Books:
    """What was paid, as the application remembers it."""

    def __init__(self) -> None:
        self.paid: set[str] = set()
        self.cleared = 0

    def clear(self) -> None:
        self.cleared += 1
        self.paid.clear()

    def buy(self, paymock: Paymock, token: str, thing: str = "book") -> None:
        if thing not in self.paid and quietly(pay, paymock, token) is not None:
            self.paid.add(thing)


def test_it_is_called_at_the_start_of_each_world():
    books = Books()
    with a_fake() as paymock:
        token = a_token(paymock)
        exploration = paymock.explore([faults.disconnect], reset=books.clear)
        for world in exploration:
            with world:
                assert books.paid == set()
                books.buy(paymock, token)
            assert books.cleared == world.number
    assert [world.outcome for world in exploration.worlds] == ["passed"] * 3


def test_it_may_call_the_api_and_the_world_counts_its_own_calls():
    with a_fake() as paymock:
        quietly(pay, paymock, "tok_unknown")
        for world in paymock.explore(
            [faults.disconnect], reset=lambda: quietly(pay, paymock, "tok_unknown")
        ):
            with world:
                quietly(pay, paymock, "tok_unknown")
                found = [call.fault for call in paymock.calls]
        assert world.calls_before == 2
        assert found == [None, None, faults.disconnect(after_commit=True)]
    assert str(world) == "world 3 of 3: call 1 create_payment, disconnect after commit"


def test_its_own_failure_is_no_failure_of_the_world():
    def broken() -> None:
        raise ConnectionError("the database is gone")

    paymock = a_fake()
    exploration = paymock.explore(reset=broken)

    def explore() -> None:
        with paymock:
            for world in exploration:
                with world:
                    pytest.fail("the body must not run")

    with pytest.raises(ConnectionError) as caught:
        explore()
    assert not hasattr(caught.value, "__notes__")
    assert [world.outcome for world in exploration.worlds] == ["not run"]


def failing(paymock: Paymock, books: Books, **how: Any) -> list[str]:
    """Fail in each world where the books say nothing, and return the notes of the failure."""
    token = a_token(paymock)

    def explore() -> None:
        for world in paymock.explore([faults.connect_error], **how):
            with world:
                before = len(paymock.payments)
                books.buy(paymock, token)
                assert len(paymock.payments) == before + 1

    with paymock, pytest.raises(AssertionError) as caught:
        explore()
    return caught.value.__notes__


def test_a_failure_that_a_forgotten_reset_explains_says_so():
    *_, note = failing(a_fake(), Books())
    assert note == (
        "the code under test made no call in this world: if it keeps its work elsewhere, as in a "
        "database, put that back at the start of each world by explore(reset=...)"
    )


def test_a_failure_after_a_reset_says_nothing_of_it():
    books = Books()
    notes = failing(a_fake(), books, reset=books.clear)
    assert len(notes) == 1
    assert notes[0].startswith("paymock: this is world 2 of 2: call 1 create_payment, connect")


def test_worlds_that_missed_their_fault_in_spite_of_it_are_told():
    paymock, books, unknown = a_fake(), Books(), Books()

    def explore() -> None:
        with paymock:
            token = a_token(paymock)
            for world in paymock.explore([faults.connect_error], reset=unknown.clear):
                with world:
                    books.buy(paymock, token)

    with pytest.raises(AssertionError) as caught:
        explore()
    assert str(caught.value) == (
        "in 1 of 2 worlds of explore() the code under test made fewer calls than before, so its "
        "fault never happened: world 2 of 2: call 1 create_payment, connect error. reset= does "
        "not put back all that your code keeps outside the API, such as a database or a cache"
    )


async def an_async_reset() -> None:
    """Put nothing back, later."""


@pytest.mark.parametrize(
    ("reset", "told"),
    [
        ({}, "reset is a function without arguments, such as database.clear, not {}"),
        (
            an_async_reset,
            (
                "reset is called and not awaited, so it cannot be an async function: await yours "
                "as the first thing within `with world:`"
            ),
        ),
    ],
)
def test_what_cannot_be_called_is_refused(reset: Any, told: str):
    with a_fake() as paymock, pytest.raises(UsageError) as caught:
        paymock.explore(reset=reset)
    assert str(caught.value) == told
