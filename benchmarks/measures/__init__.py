"""The measures S1 to S10, in order."""

from benchmarks.measures import beginning, calls, growth, handshakes, peers, suite, unused
from benchmarks.rows import Measure

MEASURES: tuple[Measure, ...] = (
    *unused.MEASURES,
    *beginning.MEASURES,
    *calls.MEASURES,
    *peers.MEASURES,
    *suite.MEASURES,
    *handshakes.MEASURES,
    *growth.MEASURES,
)
