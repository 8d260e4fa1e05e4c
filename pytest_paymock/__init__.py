"""pytest-paymock: a payment API in memory, for tests of code that takes money.

The fixture ``paymock`` is all that most people need; ``from pytest_paymock import Paymock`` gives
the same outside pytest. pytest imports this package in every run, used or not, so that everything
heavy waits in other modules until its name is asked for.
"""

from sys import modules
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pytest_paymock import faults
    from pytest_paymock._engine.clock import Clock
    from pytest_paymock._engine.journal import Snapshot
    from pytest_paymock._explore.exploration import Exploration
    from pytest_paymock._explore.process import Process
    from pytest_paymock._explore.race import Race, RaceWorld
    from pytest_paymock._explore.world import World
    from pytest_paymock._options import Options
    from pytest_paymock._records.ledger import CallRecords
    from pytest_paymock._records.queries import MoneyRecords, Records
    from pytest_paymock._records.records import CallRecord, PaymentRecord, RefundRecord, TokenRecord
    from pytest_paymock.errors import (
        BlockedRequestError,
        ExpectationError,
        PaymockError,
        PaymockWarning,
        ProcessCrash,
        UsageError,
    )
    from pytest_paymock.faults import Fault
    from pytest_paymock.paymock import Paymock

__version__ = "0.1.0"

_HOMES = {
    "_engine.clock": "Clock",
    "_engine.journal": "Snapshot",
    "errors": "BlockedRequestError ExpectationError PaymockError PaymockWarning "
    "ProcessCrash UsageError",
    "_explore.exploration": "Exploration",
    "_explore.process": "Process",
    "_explore.race": "Race RaceWorld",
    "faults": "Fault faults",
    "_records.ledger": "CallRecords",
    "_records.records": "CallRecord PaymentRecord RefundRecord TokenRecord",
    "paymock": "Paymock",
    "_records.queries": "MoneyRecords Records",
    "_options": "Options",
    "_explore.world": "World",
}

__all__ = [
    "BlockedRequestError",
    "CallRecord",
    "CallRecords",
    "Clock",
    "ExpectationError",
    "Exploration",
    "Fault",
    "MoneyRecords",
    "Options",
    "PaymentRecord",
    "Paymock",
    "PaymockError",
    "PaymockWarning",
    "Process",
    "ProcessCrash",
    "Race",
    "RaceWorld",
    "Records",
    "RefundRecord",
    "Snapshot",
    "TokenRecord",
    "UsageError",
    "World",
    "faults",
]


def _found(name: str) -> Any:
    for home, names in _HOMES.items():
        if name in names.split():
            from importlib import import_module

            module = import_module(f"{__name__}.{home}")
            return module if name == home else getattr(module, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    # freezegun asks every module for all that it lists: nothing must be imported by that, least of
    # all under a frozen clock.
    loaded = f"{__name__}.paymock" in modules
    return sorted({*globals(), *(__all__ if loaded else ())})


# A type checker, which is never run, would take any name for one of ours.
if not TYPE_CHECKING:  # pragma: no branch
    __getattr__ = _found
