"""The measures S1 to S10, in order."""

from benchmarks.measures import calls
from benchmarks.rows import Measure

MEASURES: tuple[Measure, ...] = (*calls.MEASURES,)
