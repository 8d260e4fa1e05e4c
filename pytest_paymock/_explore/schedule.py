"""Which worker goes on, at each point where more than one can: one sequence of choices a world.

The worlds of a race are the leaves of a tree, whose branches are the choices. They are found by
depth-first search: a world follows a plan as far as it goes and then lets each worker go on as long
as it can; the next plan differs in the last choice that has another way left. To stop a worker
that could go on is a preemption. Nearly all bugs need few of them (Musuvathi and Qadeer, "Iterative
context bounding", 2007), so that worlds with more than a given number are left out.
"""

from collections.abc import Sequence
from typing import NamedTuple


class Choice(NamedTuple):
    """A point where a worker was chosen.

    Args:
        options: the workers that could go on; first the one that is chosen unless a plan says
            otherwise.
        taken: the one that was chosen.
        could_stay: whether the worker that went last could have gone on: it is the first option.
    """

    options: tuple[int, ...]
    taken: int
    could_stay: bool

    @property
    def is_preemption(self) -> bool:
        """Whether a worker was stopped that could have gone on."""
        return self.could_stay and self.taken != self.options[0]


class Step(NamedTuple):
    """What a worker did between two choices.

    Args:
        worker: its number, from 1.
        calls: the numbers of the exchanges that were made, counted from 1 in the world.
        until: how it ended: before the worker's call of that number, at its end (0), or blocked
            (None).
        error: the type of what it raised, if that ended it.
    """

    worker: int
    calls: tuple[int, ...]
    until: int | None
    error: str = ""


Plan = tuple[int, ...]


def choice(plan: Plan, trace: Sequence[Choice], ready: Sequence[int], last: int | None) -> Choice:
    """Return who goes on now.

    Args:
        plan: who has to go on, at the first points.
        trace: the points before this one.
        ready: who can go on, in order of their numbers.
        last: who went last, None at the start.
    """
    could_stay = last in ready
    first = [last] if could_stay and last is not None else []
    options = (*first, *(number for number in ready if number != last))
    taken = plan[len(trace)] if len(trace) < len(plan) else options[0]
    return Choice(options, taken, could_stay)


def next_plan(trace: Sequence[Choice], preemptions: int | None) -> Plan | None:
    """Return the plan of the next world, or None after the last one.

    Args:
        trace: the choices of the world before.
        preemptions: how many a world may have; None for any number.
    """
    for depth in range(len(trace) - 1, -1, -1):
        point = trace[depth]
        before = trace[:depth]
        spent = sum(one.is_preemption for one in before) + point.could_stay
        if preemptions is not None and spent > preemptions:
            continue
        further = point.options[point.options.index(point.taken) + 1 :]
        if further:
            return (*(one.taken for one in before), further[0])
    return None
