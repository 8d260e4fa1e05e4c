"""Explored worlds as grids."""

from pytest_paymock._report.grid import MOST, Column, explored, placed_words
from pytest_paymock._report.models import WorldFacts

from .facts import AFTER, BEFORE, LATE, a_fault, a_world

DISCONNECT = a_fault("disconnect")
ONE = (
    a_world(1, "passed"),
    a_world(2, "passed", (1, "tokenize", BEFORE)),
    a_world(3, "failed", (1, "tokenize", AFTER)),
    a_world(4, "passed", (1, "tokenize", DISCONNECT)),
    a_world(5, "not run", (2, None, BEFORE)),
)


def numbers(cells: list[WorldFacts | None]) -> list[int | None]:
    return [None if world is None else world.number for world in cells]


def test_one_fault_is_a_grid_of_faults_by_calls_and_phases():
    found = explored(ONE)
    assert found.headline == (
        "5 worlds: 3 passed, 1 failed, 1 not run. The one without a fault: passed."
    )
    (grid,) = found.grids
    assert grid.title == "With one fault"
    assert grid.columns == [
        Column("1 tokenize", "before commit"),
        Column("1 tokenize", "after commit"),
        Column("2 unknown path", "before commit"),
    ]
    assert [(name, numbers(cells)) for name, cells in grid.rows] == [
        ("read timeout", [2, 3, 5]),
        ("disconnect", [4, None, None]),
    ]
    assert found.rest == ""


def test_late_answers_stand_after_the_faults_before_the_commit():
    worlds = (a_world(1, "passed", (1, "refund", LATE)), a_world(2, "passed", (1, "refund", AFTER)))
    (grid,) = explored(worlds).grids
    assert {column.phase for column in grid.columns} == {"late answer", "after commit"}


def test_calls_stand_in_the_order_of_their_numbers():
    worlds = [a_world(n, "passed", (call, "refund", BEFORE)) for n, call in ((2, 10), (3, 9))]
    (grid,) = explored(worlds).grids
    assert [column.call for column in grid.columns] == ["9 refund", "10 refund"]


def test_faults_that_last_stand_after_those_of_one_call():
    worlds = [
        a_world(4, "failed", (1, "refund", BEFORE), length=2),
        a_world(2, "passed", (1, "refund", BEFORE)),
        a_world(3, "passed", (2, "refund", BEFORE)),
    ]
    (grid,) = explored(worlds).grids
    assert [column.call for column in grid.columns] == ["1 refund", "2 refund", "1 to 2 refund"]
    assert placed_words(worlds[0].faults) == f"calls 1 to 2 from refund on, {BEFORE.words}"


def test_with_two_faults_only_what_failed_is_shown_and_the_rest_counted():
    first = (1, "tokenize", AFTER)
    found = explored(
        (
            *ONE,
            a_world(6, "passed", first, (2, None, BEFORE)),
            a_world(7, "failed", first, (2, None, DISCONNECT)),
            a_world(8, "passed", (1, "tokenize", BEFORE), (2, None, BEFORE)),
        )
    )
    assert [grid.title for grid in found.grids] == [
        "With one fault",
        "After call 1 tokenize, read timeout after commit",
    ]
    assert [(name, numbers(cells)) for name, cells in found.grids[1].rows] == [
        ("read timeout", [6]),
        ("disconnect", [7]),
    ]
    assert found.rest == "Of those with more faults, not shown here: 1 world: 1 passed."


def test_many_failing_grids_are_cut():
    worlds = [
        a_world(n, "failed", (n, "refund", BEFORE), (n + 1, "refund", BEFORE))
        for n in range(1, MOST + 3)
    ]
    found = explored(worlds)
    assert len(found.grids) == MOST
    assert found.rest == "Of those with more faults, not shown here: 2 worlds: 2 failed."


def test_an_exploration_that_never_began_is_told():
    found = explored(())
    assert found.headline == "No world. The one without a fault: not run."
    assert found.grids == []
