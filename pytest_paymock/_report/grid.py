"""Explored worlds as grids: a row for each fault, a column for each call and phase."""

from collections.abc import Sequence
from typing import NamedTuple

from pytest_paymock._report.models import PlacedFacts, WorldFacts, WorldOutcome
from pytest_paymock._text import messages
from pytest_paymock._text.worlds import placed as words_of

MOST = 6
"""How many grids of worlds with several faults are shown. Only those with a failure are."""


class Column(NamedTuple):
    """A call of the worlds, or several in a row, and whether the API acted before the fault."""

    call: str
    phase: str


class Grid(NamedTuple):
    """The worlds that differ only in their last fault, in rows and columns."""

    title: str
    columns: list[Column]
    rows: list[tuple[str, list[WorldFacts | None]]]


class Explored(NamedTuple):
    """One exploration: a headline, its grids, and a sentence about the rest."""

    headline: str
    grids: list[Grid]
    rest: str


Group = tuple[PlacedFacts, ...]


def explored(worlds: Sequence[WorldFacts]) -> Explored:
    """Return one exploration as the page shows it."""
    if any(world.steps for world in worlds):
        return Explored(f"Orders of workers, in {_counts(worlds)}", [], "")
    groups: dict[Group, list[WorldFacts]] = {}
    for world in worlds:
        if world.faults:
            groups.setdefault(world.faults[:-1], []).append(world)
    failing = [group for group, inside in groups.items() if group and _failed(inside)]
    shown = [*([()] if () in groups else []), *failing[:MOST]]
    rest = [world for group, inside in groups.items() if group not in shown for world in inside]
    before = calls_before(worlds)
    return Explored(
        f"{_counts(worlds)} The one without a fault: {worlds[0].outcome if worlds else 'not run'}."
        + (f" Each counts its own calls, without the {before} before them." if before else ""),
        [_grid(group, groups[group]) for group in shown],
        f"Of those with more faults, not shown here: {_counts(rest)}" if rest else "",
    )


def calls_before(worlds: Sequence[WorldFacts]) -> int:
    """Return how many calls were made before the worlds of one exploration."""
    return worlds[0].calls_before if worlds else 0


def _failed(worlds: Sequence[WorldFacts]) -> int:
    return sum(world.outcome == "failed" for world in worlds)


def _counts(worlds: Sequence[WorldFacts]) -> str:
    outcomes = [world.outcome for world in worlds]
    order: tuple[WorldOutcome, ...] = ("passed", "failed", "not run")
    counts = ", ".join(f"{outcomes.count(name)} {name}" for name in order if name in outcomes)
    return f"{messages.count(len(worlds), 'world')}: {counts}." if counts else "No world."


def _grid(group: Group, worlds: Sequence[WorldFacts]) -> Grid:
    cells: dict[tuple[str, Column], WorldFacts] = {}
    for world in worlds:
        last = world.faults[-1]
        cells[_row(last), _column(last)] = world
    rows = dict.fromkeys(row for row, _ in cells)
    # Two phases of a call stand side by side, in the order of the calls; then those that last.
    order = {
        _column(last): (last.length, last.call, last.fault.phase != "before commit")
        for last in (world.faults[-1] for world in worlds)
    }
    columns = sorted(order, key=lambda column: order[column])
    title = placed_words(group)
    return Grid(
        f"After {title}" if title else "With one fault",
        columns,
        [(row, [cells.get((row, column)) for column in columns]) for row in rows],
    )


def placed_words(faults: Sequence[PlacedFacts]) -> str:
    """Return which faults stand where, or nothing without one."""
    return words_of((one.call, one.endpoint, one.fault.words, one.length) for one in faults)


def _row(placed: PlacedFacts) -> str:
    return placed.fault.words.removesuffix(" after commit")


def _column(placed: PlacedFacts) -> Column:
    calls = str(placed.call)
    if placed.length > 1:
        calls += f" to {placed.call + placed.length - 1}"
    return Column(f"{calls} {placed.endpoint or 'unknown path'}", placed.fault.phase)
