"""What a report needs of a fake: its records, and what its guards said."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from pytest_paymock._explore.world import World
from pytest_paymock._explore.worlds import Worlds
from pytest_paymock._options import Settings
from pytest_paymock._records.records import CallRecord, PaymentRecord, RefundRecord


class Evidence(NamedTuple):
    """Everything that a report may show of one fake.

    ``findings`` are the sentences of the guards, each after its guard's name and a colon,
    ``blocked`` those of the network rule, and ``waiting`` what is still queued.
    """

    settings: Settings
    now: datetime
    pinned: bool
    by_hand: bool
    calls: Sequence[CallRecord]
    payments: Sequence[PaymentRecord]
    refunds: Sequence[RefundRecord]
    explorations: Sequence[Worlds[World]]
    findings: Sequence[str]
    blocked: Sequence[str]
    waiting: Sequence[str]

    @property
    def world(self) -> int | None:
        """The number of the explored world in which the test ended, if it ended in one."""
        world = next((one.ended_in for one in self.explorations[-1:]), None)
        return None if world is None else world.number


def blocked_once(by_fake: Iterable[Sequence[str]]) -> list[str]:
    """Return the requests that the network rule stopped in a test, each once.

    Args:
        by_fake: what each fake of the test remembers; all of those that are strict remember each.
    """
    found: Counter[str] = Counter()
    for blocked in by_fake:
        found |= Counter(blocked)
    return list(found.elements())
