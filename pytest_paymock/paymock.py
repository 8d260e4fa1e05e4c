"""``Paymock``: one fake payment API, and all that a test asks of it. No pytest in here."""

from collections.abc import Mapping, Sequence
from functools import cached_property
from types import TracebackType
from typing import Any, NamedTuple, Self

from pytest_paymock import describe
from pytest_paymock.api.base_url import parse_base_url
from pytest_paymock.arranging import Arranging
from pytest_paymock.assertions import Assertions
from pytest_paymock.engine.clock import Clock
from pytest_paymock.engine.engine import Engine
from pytest_paymock.engine.script import Script
from pytest_paymock.errors import BlockedRequestError, ExpectationError, UsageError
from pytest_paymock.fault_script import FaultScript, FaultState
from pytest_paymock.gateway import Gateway
from pytest_paymock.intercept import clients
from pytest_paymock.intercept.routes import EndpointRoutes
from pytest_paymock.intercept.station import Station
from pytest_paymock.ledger import (
    CallRecords,
    Ledger,
    PaymentRecord,
    RefundRecord,
    TokenRecord,
)
from pytest_paymock.queries import MoneyRecords, Records
from pytest_paymock.settings import settings_of


class Snapshot(NamedTuple):
    """What :meth:`Paymock.restore` takes; opaque, and free of card data."""

    engine: tuple[Any, ...]
    calls: tuple[Any, ...]
    faults: FaultState

    def __repr__(self) -> str:
        return f"<snapshot after {describe.count(len(self.calls), 'call')}>"


class Paymock(Arranging, Assertions):
    """A fake of the Payment Mock API, in memory, for httpx, httpx2 and requests.

    Inside pytest the fixture ``paymock`` gives one. Elsewhere it is a context manager, and what is
    called within its block is answered:

    >>> with Paymock(seed=7, base_url="https://pay.example/v2") as paymock:
    ...     token = paymock.add_token("visa", customer_id="cust_1")
    ...     paymock.payments.total()
    Decimal('0')

    Args:
        options: see ``README.md``, "Options"; the same names as in pytest's configuration.

    Raises:
        UsageError: for an unknown option or a wrong value; the message lists the valid ones.
    """

    def __init__(self, **options: Any) -> None:
        self.settings = settings_of(options)
        self._engine = Engine(
            seed=self.settings.seed,
            success_rate=self.settings.success_rate,
            streams=self.settings.streams,
            clock=Clock(self.settings.clock),
        )
        self._ledger = Ledger(self._engine, self._explain)
        self._faults = FaultScript(self._engine.lock)
        self._station = Station(
            parse_base_url(self.settings.base_url),
            Gateway(
                self._engine,
                self._ledger,
                self._faults,
                real_latency=self.settings.real_latency,
            ),
            self.settings.network,
        )
        self._leave: list[Any] = []

    def __repr__(self) -> str:
        return (
            f"<Paymock {self.base_url}, seed {self.settings.seed}: "
            f"{describe.count(len(self._ledger), 'call')}, "
            f"{describe.count(len(self._engine.payments), 'payment')}>"
        )

    # -- life ---------------------------------------------------------------------------------

    def start(self) -> None:
        """Begin to answer; ``with`` does it for you.

        Raises:
            UsageError: if it does so already.
        """
        if self._leave:
            raise UsageError("this Paymock is active already; make another one to nest them")
        self._leave = clients.activate(self._station)

    def stop(self) -> None:
        """Answer no longer; the records stay. Harmless when it is not active."""
        while self._leave:
            self._leave.pop()()

    def verify(self) -> None:
        """Check what a test has to answer for at its end; ``with`` does it unless the block failed.

        Raises:
            ExpectationError: if queued outcomes or faults are left over.
            BlockedRequestError: if a request was stopped by the option ``network``.
        """
        blocked = list(self._station.blocked)
        self._station.blocked.clear()
        if blocked:
            raise BlockedRequestError(describe.swallowed(blocked))
        if self.outcomes.unmet:
            raise ExpectationError(describe.unmet_script(self.outcomes.unmet))
        if self.faults.unmet:
            raise ExpectationError(describe.unmet_faults(self.faults.unmet))

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.stop()
        if kind is None:
            self.verify()

    # -- what rules it ------------------------------------------------------------------------

    @property
    def base_url(self) -> str:
        """Where the fake lives, without a slash at the end."""
        return self.settings.base_url

    @property
    def outcomes(self) -> Script:
        """What becomes of the payments to come: ``queue``, ``always``, ``when``, ``forecast``."""
        return self._engine.script

    @property
    def faults(self) -> FaultScript:
        """What goes wrong on the wire: ``queue``, ``always``, ``when``, ``clear``."""
        return self._faults

    # -- what happened ------------------------------------------------------------------------

    @property
    def calls(self) -> CallRecords:
        """Every HTTP exchange, in order."""
        return self._ledger.calls

    @property
    def tokens(self) -> Records[TokenRecord]:
        """Every token, in order."""
        return self._ledger.tokens

    @property
    def payments(self) -> MoneyRecords[PaymentRecord]:
        """Every payment that was processed, whatever its status, in order."""
        return self._ledger.payments

    @property
    def refunds(self) -> MoneyRecords[RefundRecord]:
        """Every refund, in order."""
        return self._ledger.refunds

    @property
    def transactions(self) -> MoneyRecords[PaymentRecord | RefundRecord]:
        """Payments and refunds, in the order in which they happened."""
        return self._ledger.transactions

    @cached_property
    def routes(self) -> EndpointRoutes:
        """The endpoints as respx routes, by name: ``paymock.routes["refund"].call_count``."""
        return EndpointRoutes(self.calls, self.base_url)

    # -- going back --------------------------------------------------------------------------

    def reset(self) -> None:
        """Empty everything and restart every counter; the clock stays where it is."""
        with self._engine.lock:
            self._engine.reset()
            self._ledger.restore(())
            self._faults.clear()
            self._station.blocked.clear()

    def snapshot(self) -> Snapshot:
        """Return the whole state, for :meth:`restore`."""
        with self._engine.lock:
            return Snapshot(self._engine.state(), self._ledger.state(), self._faults.state())

    def restore(self, snapshot: Snapshot) -> None:
        """Go back to a snapshot: state, records, scripts and clock."""
        with self._engine.lock:
            self._engine.restore(snapshot.engine)
            self._ledger.restore(snapshot.calls)
            self._faults.restore(snapshot.faults)

    # -- words --------------------------------------------------------------------------------

    def report(self) -> list[str]:
        """Return what happened, as the lines that stand under a failing test."""
        clock = f"{describe.time(self.clock.now())} ({'pinned' if self.clock.pinned else 'real'})"
        return [
            *describe.state_lines(
                base_url=self.base_url,
                seed=self.settings.seed,
                clock=clock,
                waiting=[*self.outcomes.pending, *self.faults.pending],
            ),
            *describe.ledger_lines(self._ledger),
        ]

    def _explain(self, noun: str, wanted: Mapping[str, Any], found: Sequence[Any]) -> str:
        return describe.not_one(noun, wanted, found, self._ledger)
