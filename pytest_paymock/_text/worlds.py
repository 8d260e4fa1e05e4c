"""Words about worlds: their names, how to run one alone, and why worlds were never tried.

As in ``messages.py``, nothing here decides anything.
"""

from collections.abc import Iterable

from pytest_paymock.faults import Fault


def world(
    number: int, total: int | None, faults: Iterable[tuple[int, str | None, Fault, int]]
) -> str:
    """Return ``world 7 of 43: call 2 create_payment, read timeout after commit``.

    Args:
        number: of the world.
        total: how many there are; None while that is not known.
        faults: what is placed in it: the number of the first call, its endpoint, the fault, and
            how many calls in a row meet it.
    """
    place = f"world {number}" if total is None else f"world {number} of {total}"
    return f"{place}: {placed(faults) or 'no fault'}"


def placed(faults: Iterable[tuple[int, str | None, Fault | str, int]]) -> str:
    """Return which faults stand where, or nothing without one."""
    return "; ".join(
        f"{_calls(call, endpoint or 'unknown path', length)}, {fault}"
        for call, endpoint, fault, length in faults
    )


def _calls(call: int, endpoint: str, length: int) -> str:
    if length == 1:
        return f"call {call} {endpoint}"
    return f"calls {call} to {call + length - 1} from {endpoint} on"


def world_among_calls(label: str, before: int) -> str:
    """Return the name of a world with how its calls are found where all of the fake are listed.

    Args:
        label: as :func:`world` returns it.
        before: how many calls the fake had answered before the world.
    """
    return f"{label} (its call 1 is call {before + 1} in all)" if before else label


IN_WORLD = "paymock: this is "


def only_world(number: int, *, by_hand: bool) -> str:
    """Return what lets a fake run one world alone, a fixture's or one that was made by hand."""
    return f"Paymock(world={number})" if by_hand else f"--paymock-world={number}"


def world_note(label: str, way: str) -> str:
    """Return what stands under a failure within a world; ``way`` runs it alone."""
    return f"{IN_WORLD}{label}\nrun only this world: {way}"


def idle_note(name: str) -> str:
    """Say why code may have done nothing in a world; ``name`` is what made the worlds."""
    return (
        "the code under test made no call in this world: if it keeps its work elsewhere, as in a "
        f"database, put that back at the start of each world by {name}(reset=...)"
    )


def nothing_to_try(name: str) -> str:
    """Say that the body made no call at all."""
    return (
        f"{name}() has nothing to try: the body of the loop made no call to the API in its first "
        "world; check that it runs within `with world:` and uses the base URL"
    )


def world_not_entered(name: str) -> str:
    """Say that a world was taken and not entered."""
    return (
        f"a world was not entered: write `for world in paymock.{name}():` and, in the loop, "
        "`with world:` around the code under test"
    )


def never_tried(name: str) -> str:
    """Say that worlds were asked for and never taken."""
    return (
        f"{name}() was called and its worlds were never run, so nothing was tried: write "
        f"`for world in paymock.{name}():` and, in the loop, `with world:`"
    )


def left_early(ran: int, total: int) -> str:
    """Say that the loop over the worlds of ``explore()`` was left before all had run."""
    return (
        f"the loop over explore() was left after {ran} of {total} worlds, so the faults of the "
        "others were never tried: let it run to its end, or try fewer by explore(faults=[...]); "
        "only an error within `with world:` may end it"
    )


def never_met(missed: int, total: int, first: str, *, has_reset: bool) -> str:
    """Say that the body made fewer calls in some worlds than those in which faults were placed."""
    worlds = f"in {missed} of {total} worlds" if missed > 1 else f"in 1 of {total} worlds"
    faults = "their faults" if missed > 1 else "its fault"
    which = "the first is " if missed > 1 else ""
    way = (
        "reset= does not put back all that your code keeps outside the API, such as a database or "
        "a cache"
        if has_reset
        else "Put back what your code keeps outside the API, such as a database or a cache, at the "
        "start of each world, by explore(reset=...)"
    )
    return (
        f"{worlds} of explore() the code under test made fewer calls than before, so {faults} "
        f"never happened: {which}{first}. {way}"
    )


def no_such_world(number: int, total: int, what: str, way: str) -> str:
    """Say that the world that was asked for does not exist; ``way`` is how that is done."""
    return f"there is no world {number}: this {what} has {total} ({way})"


def progress(done: int, known: int | None, seconds: float) -> str:
    """Say how far a loop over worlds has come; ``known`` is how many there are, if that is."""
    of_all = f" of {known}" if known else ""
    return f" world {done + 1}{of_all}, {seconds:.0f} s"
