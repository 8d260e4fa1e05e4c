"""What a measure says: one row for each number, with its goal if it has one."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple


class Unit(Enum):
    """What a number is."""

    TIMES = "x"
    BYTES = "B"
    COUNT = ""


class Goal(NamedTuple):
    """A bound that a number must keep."""

    bound: float
    at_most: bool = True

    def is_met(self, value: float) -> bool:
        """Say whether a number keeps the bound; one on the bound does."""
        return value <= self.bound if self.at_most else value >= self.bound


def at_most(bound: float) -> Goal:
    """Return the goal to stay at a bound or below."""
    return Goal(bound)


def at_least(bound: float) -> Goal:
    """Return the goal to reach a bound."""
    return Goal(bound, at_most=False)


@dataclass(frozen=True, slots=True)
class Row:
    """One number of a measure.

    Args:
        measure: ``S3`` and so on.
        what: is measured, and against what.
        value: None where it could not be measured; ``note`` says why.
        goal: None for a peer, which is there to compare with.
        unit: of the value and the bound.
        note: anything that a reader has to know beside it.
    """

    measure: str
    what: str
    value: float | None
    goal: Goal | None = None
    unit: Unit = Unit.TIMES
    note: str = ""

    @property
    def met(self) -> bool | None:
        """Whether the goal is met; None without a goal or a number."""
        if self.goal is None or self.value is None:
            return None
        return self.goal.is_met(self.value)


class Effort(NamedTuple):
    """How much work a run takes on itself."""

    short: bool = False
    jobs: int = 1

    def of(self, full: int, short: int) -> int:
        """Return one of two counts: that of a real run, or one that only shows that it works."""
        return short if self.short else full


class Measure(NamedTuple):
    """One or two of S1 to S10: their names, and what runs them."""

    name: str
    title: str
    run: Callable[[Effort], Iterable[Row]]
