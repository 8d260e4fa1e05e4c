"""Words about races: who went on until where, who did what, and why a race came to no end.

As in ``messages.py``, nothing here decides anything.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import groupby

from pytest_paymock._card_numbers import masked_text
from pytest_paymock._records.records import CallRecord
from pytest_paymock._text.messages import safe

Step = tuple[int, tuple[int, ...], int | None, str]
"""A worker's number, its exchanges, where it stopped (see ``Step`` of a stage), and its error."""

_WIDTH = 32
"""How many columns a worker has."""


def race_world(number: int, steps: Iterable[Step]) -> str:
    """Return ``race world 7: worker 1 to call 1, worker 2 to its end, worker 1 to its end``."""
    told = order(steps)
    return f"race world {number}: {told}" if told else f"race world {number}"


def order(steps: Iterable[Step]) -> str:
    """Return who went on until where, in order; nothing before the start."""
    turns = (list(turn) for _, turn in groupby(steps, key=lambda step: step[0]))
    return ", ".join(f"worker {turn[-1][0]} {_until(turn[-1][2])}" for turn in turns)


def _until(call: int | None) -> str:
    if call is None:
        return "until it waits for something else"
    return f"to call {call}" if call else "to its end"


def events(steps: Iterable[Step], told: Callable[[int], str]) -> Iterator[tuple[int, str]]:
    """Yield what the workers did, in order: the number of each worker, and what it did.

    Args:
        steps: of the race.
        told: returns the words for the exchange of a number.
    """
    begun: set[int] = set()
    for worker, made, until, error in steps:
        if worker not in begun:
            yield worker, "starts"
        begun.add(worker)
        for number in made:
            yield worker, told(number)
        if until is None:
            yield worker, "waits for something else"
        elif not until:
            yield worker, f"ends by {safe(error)}" if error else "ends"


def lanes(steps: Sequence[Step], calls: Sequence[CallRecord]) -> list[str]:
    """Return who did what in which order, a column a worker.

    Args:
        steps: of the race.
        calls: the records of the fake.
    """

    def told(number: int) -> str:
        call = calls[number - 1]
        return call_words(call.number, call.endpoint, call.status_code)

    if not steps:
        return []
    workers = range(1, max(worker for worker, *_ in steps) + 1)
    heads = "".join(f"{f'worker {number}':<{_WIDTH}}" for number in workers).rstrip()
    lines = [f"{' ' * _WIDTH * (worker - 1)}{event}" for worker, event in events(steps, told)]
    return ["who did what, in order:", *(f"  {line}" for line in (heads, *lines))]


def call_words(number: int, endpoint: str | None, status: int | None) -> str:
    """Return one exchange in a column."""
    return f"{number}  {endpoint or 'unknown path'}  {status or 'no answer'}"


def deadlock(stacks: Iterable[tuple[int, str]]) -> str:
    """Say that all workers wait, each with its stack."""
    shown = "\n".join(f"worker {number} stands at\n{stack.rstrip()}" for number, stack in stacks)
    return (
        "deadlock: every worker that has not ended waits for something else than the API, and none "
        f"goes on (code that really sleeps looks like that, too)\n{shown}"
    )


def no_repeat(worker: int, *, is_done: bool) -> str:
    """Say that the code under test did not do again what it did in an earlier world."""
    state = "has ended already" if is_done else "waits for something else"
    return (
        f"the race could not be repeated as far as it was the same as an earlier one: worker "
        f"{worker} was to go on, and it {state}. Put back what your code keeps outside the API, "
        "such as a database or a cache, at the start of each world, by race(reset=...)"
    )


def nothing_raced(errors: Iterable[tuple[int, BaseException]]) -> str:
    """Say that no worker has called the API, and what they raised."""
    told = "".join(
        f"; worker {number} raised {safe(masked_text(f'{type(error).__name__}: {error}'))}"
        for number, error in errors
    )
    return f"race() has nothing to try: no worker made a call to the API in the first world{told}"


def not_raced() -> str:
    """Say that a world of a race was entered and nobody raced in it."""
    return (
        "nobody raced in this world: call `world.run(first, second)` with functions, or "
        "`await world.gather(first(), second())` with coroutines, within `with world:`"
    )


def left_early(ran: int) -> str:
    """Say that the loop over ``race()`` was left before all orders had been tried."""
    return (
        f"the loop over race() was left after {ran} world{'s' if ran > 1 else ''}, so other orders "
        "were never tried: let it run to its end, or try fewer by race(preemptions=1); only an "
        "error within `with world:` may end it"
    )
