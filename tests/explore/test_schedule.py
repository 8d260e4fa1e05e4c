"""Which orders of workers there are, as a tree of choices."""

from collections.abc import Sequence
from itertools import pairwise
from math import comb

import pytest

from pytest_paymock._explore.schedule import Choice, choice, next_plan


def orders(segments: Sequence[int], preemptions: int | None) -> list[tuple[int, ...]]:
    """Return the orders of workers that make so many steps each."""
    plan: tuple[int, ...] | None = ()
    found = []
    while plan is not None:
        left = dict(enumerate(segments, start=1))
        trace: list[Choice] = []
        last = None
        while any(left.values()):
            ready = [number for number, steps in left.items() if steps]
            trace.append(choice(plan, trace, ready, last))
            last = trace[-1].taken
            left[last] -= 1
        found.append(tuple(one.taken for one in trace))
        plan = next_plan(trace, preemptions)
    return found


def switches(order: Sequence[int], segments: Sequence[int]) -> int:
    """Return how often a worker was stopped that had steps left."""
    stopped = 0
    for place, (one, other) in enumerate(pairwise(order), start=1):
        stopped += one != other and order[:place].count(one) < segments[one - 1]
    return stopped


def test_the_first_order_stops_nobody():
    assert orders([2, 2], 0) == [(1, 1, 2, 2), (2, 2, 1, 1)]


def test_the_orders_with_one_preemption():
    assert orders([2, 2], 1) == [(1, 1, 2, 2), (1, 2, 2, 1), (2, 2, 1, 1), (2, 1, 1, 2)]


@pytest.mark.parametrize("segments", [(4, 4), (2, 3), (2, 2, 2)])
@pytest.mark.parametrize("preemptions", [0, 1, 2, 3])
def test_just_the_orders_within_the_bound_are_found_and_each_once(
    segments: tuple[int, ...], preemptions: int
):
    every = orders(segments, None)
    found = orders(segments, preemptions)
    assert len(set(found)) == len(found)
    assert sorted(found) == sorted(
        order for order in every if switches(order, segments) <= preemptions
    )


def test_without_a_bound_all_orders_are_found():
    found = orders([4, 4], None)
    assert len(found) == len(set(found)) == comb(8, 4)


def test_two_workers_of_three_calls_are_some_twenty_worlds():
    assert len(orders([4, 4], 2)) == 26
