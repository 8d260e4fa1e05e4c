"""A loop over the worlds that is left before all have run is told, unless an exception left it."""

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from itertools import islice
from typing import Any

import pytest

from pytest_paymock import ExpectationError, Paymock, UsageError, World, faults

from .tills import a_fake, a_token, naive, pay, quietly

FIVE = [faults.disconnect, faults.server_error]
"""These give one payment five worlds."""

NEVER = "explore() was called and its worlds were never run, so nothing was tried: "
NOTHING = "explore() has nothing to try: "


def left_after(ran: int, total: int) -> str:
    return (
        f"the loop over explore() was left after {ran} of {total} worlds, so the faults of the "
        "others were never tried: let it run to its end, or try fewer by explore(faults=[...]); "
        "only an error within `with world:` may end it"
    )


def told_after(explore: Callable[[Paymock], Any], **options: Any) -> str:
    """Do something with a fake and return what its verdict is, or nothing if that is good."""
    paymock = a_fake(**options)
    try:
        with paymock:
            explore(paymock)
    except ExpectationError as error:
        return str(error)
    return ""


def one_payment(paymock: Paymock) -> None:
    quietly(pay, paymock, "tok_unknown")


def until(last: int, **how: Any) -> Callable[[Paymock], None]:
    """Return what explores one payment and breaks out of the loop after a world."""

    def explore(paymock: Paymock) -> None:
        for world in paymock.explore(**{"faults": FIVE, **how}):
            with world:
                one_payment(paymock)
            if world.number == last:
                break

    return explore


# -- what is told -----------------------------------------------------------------------------


@pytest.mark.parametrize("last", [1, 2, 4])
def test_a_break_is_told_with_the_number_of_worlds_that_ran(last: int):
    assert told_after(until(last)) == left_after(last, 5)


def test_a_break_within_a_world_is_told():
    def explore(paymock: Paymock) -> None:
        for world in paymock.explore(FIVE):
            with world:
                one_payment(paymock)
                if world.number == 3:
                    break

    assert told_after(explore) == left_after(3, 5)


def test_a_break_before_a_world_is_entered_does_not_count_that_world():
    def explore(paymock: Paymock) -> None:
        for world in paymock.explore(FIVE):
            if world.number == 5:
                break
            with world:
                one_payment(paymock)

    assert told_after(explore) == left_after(4, 5)


@pytest.mark.parametrize("last", [1, 3])
def test_a_return_is_told(last: int):
    def explore(paymock: Paymock) -> int:
        for world in paymock.explore(FIVE):
            with world:
                one_payment(paymock)
                if world.number == last:
                    return last
        return 0

    assert told_after(explore) == left_after(last, 5)


def test_a_slice_of_the_worlds_is_told():
    def explore(paymock: Paymock) -> None:
        for world in islice(paymock.explore(FIVE), 2):
            with world:
                one_payment(paymock)

    assert told_after(explore) == left_after(2, 5)


def test_a_generator_over_the_worlds_that_is_closed_is_told():
    def worlds(paymock: Paymock) -> Iterator[World]:
        for world in paymock.explore(FIVE):
            with world:
                yield world

    def explore(paymock: Paymock) -> None:
        for world in worlds(paymock):
            one_payment(paymock)
            if world.number == 2:
                break

    # GeneratorExit passes through the world, where it is no verdict on the test.
    assert told_after(explore) == left_after(2, 5)


@pytest.mark.parametrize(("last", "total"), [(1, 5), (3, 5), (5, 9), (6, 9), (8, 9)])
def test_with_more_faults_in_a_world_the_next_ones_count_as_well(last: int, total: int):
    assert told_after(until_of_two(last)) == left_after(last, total)


def until_of_two(last: int) -> Callable[[Paymock], None]:
    """Return what explores two payments with two faults, and breaks out of the loop."""

    def explore(paymock: Paymock) -> None:
        for world in paymock.explore([faults.disconnect], depth=2):
            with world:
                one_payment(paymock)
                one_payment(paymock)
            if world.number == last:
                break

    return explore


def test_a_break_before_anything_was_entered_is_as_good_as_no_loop():
    def explore(paymock: Paymock) -> None:
        for _ in paymock.explore():
            break

    assert told_after(explore).startswith(NEVER)


def test_a_break_out_of_a_body_that_calls_nothing_is_told_as_without_the_break():
    def explore(paymock: Paymock) -> None:
        for world in paymock.explore():
            with world:
                break

    assert told_after(explore).startswith(NOTHING)


def test_a_break_before_the_world_that_was_asked_for_is_told():
    assert told_after(until(1), world=4) == left_after(1, 5)
    assert told_after(until(1), world=99) == left_after(1, 5)


def test_of_several_loops_that_were_left_the_first_is_told():
    def explore(paymock: Paymock) -> None:
        until(2)(paymock)
        until(3)(paymock)

    assert told_after(explore) == left_after(2, 5)


def test_it_is_told_with_what_is_left_over_since_then():
    def explore(paymock: Paymock) -> None:
        paymock.outcomes.queue("success")
        until(2)(paymock)

    first, second = told_after(explore).splitlines()
    assert first.startswith("the test queued outcomes that no payment used: success; ")
    assert second == left_after(2, 5)


def test_an_exception_between_worlds_that_somebody_catches_is_told():
    def explore(paymock: Paymock) -> None:
        with suppress(LookupError):
            for world in paymock.explore(FIVE):
                with world:
                    one_payment(paymock)
                if world.number == 2:
                    raise LookupError

    assert told_after(explore) == left_after(2, 5)


def test_it_is_told_once():
    paymock = a_fake()
    with pytest.raises(ExpectationError), paymock:
        until(2)(paymock)
    paymock.verify()


# -- where somebody holds the iterator --------------------------------------------------------


def held_until(last: int, **how: Any) -> Callable[[Paymock], Iterator[World]]:
    """Return what does as :func:`until`, and hands out the iterator of its loop."""

    def explore(paymock: Paymock) -> Iterator[World]:
        worlds = iter(paymock.explore(**{"faults": FIVE, **how}))
        for world in worlds:
            with world:
                one_payment(paymock)
            if world.number == last:
                break
        return worlds

    return explore


def told_while_held(explore: Callable[[Paymock], Any], **options: Any) -> str:
    """Do as :func:`told_after`, and hold what was returned until after the verdict."""
    held = []
    told = told_after(lambda paymock: held.append(explore(paymock)), **options)
    assert len(held) == 1
    return told


@pytest.mark.parametrize("last", [1, 2, 4])
def test_a_break_is_told_also_while_the_iterator_is_held(last: int):
    assert told_while_held(held_until(last)) == left_after(last, 5)


@pytest.mark.parametrize("last", [5, 6])
def test_a_break_in_the_last_world_is_nothing_also_while_the_iterator_is_held(last: int):
    assert told_while_held(held_until(last)) == ""


def test_the_next_faults_count_also_while_the_iterator_is_held():
    assert told_while_held(held_until(5, faults=[faults.disconnect], depth=2)) == ""

    def explore(paymock: Paymock) -> Iterator[World]:
        worlds = iter(paymock.explore([faults.disconnect], depth=2))
        for _ in range(5):
            with next(worlds):
                one_payment(paymock)
                one_payment(paymock)
        return worlds

    assert told_while_held(explore) == left_after(5, 9)


def test_worlds_taken_one_by_one_are_told():
    def explore(paymock: Paymock) -> Iterator[World]:
        worlds = iter(paymock.explore(FIVE))
        for _ in range(3):
            with next(worlds):
                one_payment(paymock)
        next(worlds)
        return worlds

    assert told_while_held(explore) == left_after(3, 5)


def test_an_iterator_that_nobody_asked_for_a_world_is_as_good_as_no_loop():
    assert told_while_held(lambda paymock: iter(paymock.explore())).startswith(NEVER)


def test_what_was_told_while_it_was_held_is_told_once():
    paymock = a_fake()
    worlds = []
    with pytest.raises(ExpectationError), paymock:
        worlds.append(held_until(2)(paymock))
    worlds.clear()
    paymock.verify()
    assert paymock.failed_world is None


def test_an_error_in_a_world_that_somebody_caught_is_nothing_also_while_the_iterator_is_held():
    def explore(paymock: Paymock) -> Iterator[World]:
        worlds = iter(paymock.explore(FIVE))
        with suppress(LookupError):
            for world in worlds:
                with world:
                    one_payment(paymock)
                    raise LookupError
        return worlds

    assert told_while_held(explore) == ""


def test_a_world_that_is_open_still_when_the_fake_ends_is_nothing():
    def worlds(paymock: Paymock) -> Iterator[None]:
        for world in paymock.explore(FIVE):
            with world:
                one_payment(paymock)
                yield

    def explore(paymock: Paymock) -> Iterator[None]:
        held = worlds(paymock)
        next(held)
        return held

    assert told_while_held(explore) == ""


def test_a_loop_that_goes_on_after_all_is_told_by_how_it_ends():
    paymock = a_fake()
    worlds = []
    with pytest.raises(ExpectationError), paymock:
        worlds.append(held_until(2)(paymock))
    for world in worlds[0]:
        with world, suppress(ExpectationError), paymock:
            one_payment(paymock)
        if world.number == 4:
            break
    worlds.clear()
    # From Python 3.12 on a frame that an error of httpx holds, in a circle, holds its callers too.
    gc.collect()
    with pytest.raises(ExpectationError) as caught:
        paymock.verify()
    assert str(caught.value) == left_after(4, 5)


# -- what is not ------------------------------------------------------------------------------


@pytest.mark.parametrize("last", [5, 6])
def test_a_break_in_the_last_world_and_none_is_the_same(last: int):
    assert told_after(until(last)) == ""


def test_a_break_in_the_last_world_of_the_deepest_level_is_nothing():
    assert told_after(until_of_two(9)) == ""


def test_a_break_in_the_only_world_is_nothing():
    assert told_after(until(1, faults=[])) == ""


@pytest.mark.parametrize("number", [1, 4])
def test_a_break_in_the_world_that_was_asked_for_is_nothing(number: int):
    assert told_after(until(number), world=number) == ""


@pytest.mark.parametrize("number", [None, 4])
@pytest.mark.parametrize(
    "end",
    [
        pytest.fail,
        pytest.skip,
        pytest.xfail,
        pytest.exit,
        lambda _: int("no number"),
        lambda _: (_ for _ in ()).throw(KeyboardInterrupt),
    ],
    ids=["fail", "skip", "xfail", "exit", "exception", "interrupt"],
)
def test_an_exception_in_a_world_is_nothing_even_if_it_is_caught(
    end: Callable[[str], Any], number: int | None
):
    def explore(paymock: Paymock) -> None:
        with suppress(BaseException):
            for world in paymock.explore(FIVE):
                with world:
                    one_payment(paymock)
                    if world.number in (2, 4):
                        end("stop here")

    assert told_after(explore, world=number) == ""


def test_a_guard_that_fails_a_world_is_an_exception_in_it():
    def explore(paymock: Paymock) -> None:
        token = a_token(paymock)
        with suppress(ExpectationError):
            for world in paymock.explore([faults.disconnect]):
                with world:
                    naive(paymock, token)
        assert paymock.failed_world == 3
        paymock.restore(start)

    paymock = a_fake(guards="error")
    start = paymock.snapshot()
    with paymock:
        explore(paymock)


def test_what_explore_itself_refuses_is_told_once():
    def explore(paymock: Paymock) -> None:
        with pytest.raises(UsageError, match="a world was not entered"):
            list(paymock.explore())

    assert told_after(explore) == ""


def test_a_verdict_in_the_midst_of_the_loop_is_none_on_the_loop():
    def explore(paymock: Paymock) -> None:
        for world in paymock.explore(FIVE):
            with world:
                one_payment(paymock)
                paymock.verify()
            paymock.verify()

    assert told_after(explore) == ""


def test_a_verdict_in_the_midst_of_the_loop_does_not_hide_what_comes_after_it():
    def explore(paymock: Paymock) -> None:
        for world in paymock.explore(FIVE):
            with world:
                one_payment(paymock)
            paymock.verify()
            if world.number == 2:
                break

    assert told_after(explore) == left_after(2, 5)


def test_a_fake_that_is_active_for_the_length_of_a_world_only_is_nothing():
    paymock = a_fake()
    for world in paymock.explore(FIVE):
        with paymock, world:
            one_payment(paymock)
    paymock.verify()


def test_who_starts_anew_has_nothing_to_answer_for():
    def explore(paymock: Paymock) -> None:
        paymock.explore()
        until(2)(paymock)
        paymock.reset()

    assert told_after(explore) == ""


@contextmanager
def subtest(msg: str) -> Iterator[None]:  # noqa: ARG001 - as pytest's own has it
    with suppress(AssertionError):
        yield


def test_a_break_in_a_world_that_failed_as_a_subtest_is_nothing():
    class Subtests:
        test = staticmethod(subtest)

    def explore(paymock: Paymock) -> None:
        for world in paymock.explore(FIVE, subtests=Subtests()):
            with world:
                one_payment(paymock)
                assert world.number != 3
            if world.failed:
                break

    assert told_after(explore) == ""


@pytest.mark.parametrize("last", [None, 2])
def test_worlds_within_worlds_answer_each_for_its_own(last: int | None):
    inner = a_fake(base_url="https://pay.example/v2")

    def explore(outer: Paymock) -> None:
        for world in outer.explore(FIVE):
            with world:
                one_payment(outer)
                until(5)(inner)
            if world.number == last:
                break

    with inner:
        assert told_after(explore) == (left_after(last, 5) if last else "")


# -- where the fake is then -------------------------------------------------------------------


def test_the_fake_says_in_which_world_it_is():
    paymock = a_fake()
    with pytest.raises(ExpectationError), paymock:
        until(3)(paymock)
    assert paymock.report()[1] == "in world 3 of 5: call 1 create_payment, disconnect after commit"
    assert paymock.failed_world is None


def test_after_a_whole_loop_it_is_in_none():
    with a_fake() as paymock:
        until(6)(paymock)
        assert not [line for line in paymock.report() if line.startswith("in world")]


def test_a_world_in_which_a_generator_was_closed_has_no_verdict():
    def worlds(paymock: Paymock) -> Iterator[World]:
        for world in paymock.explore(FIVE):
            with world:
                yield world

    found = []

    def explore(paymock: Paymock) -> None:
        for world in worlds(paymock):
            one_payment(paymock)
            if world.number == 2:
                found.append(world)
                break

    assert told_after(explore) == left_after(2, 5)
    (world,) = found
    assert (world.failed, world.outcome, world.played) == (False, "not run", None)
