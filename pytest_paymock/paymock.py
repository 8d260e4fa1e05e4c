"""``Paymock``: one fake payment API, and all that a test asks of it. No pytest in here."""

from collections.abc import Generator, Sequence
from contextlib import contextmanager
from functools import cached_property
from types import TracebackType
from typing import TYPE_CHECKING, ClassVar, Self, Unpack

from pytest_paymock._api.base_url import parse_base_url
from pytest_paymock._api.profiles import PROFILES
from pytest_paymock._card_numbers import masked_text, quoted
from pytest_paymock._checks.checks import Past
from pytest_paymock._checks.life import Life
from pytest_paymock._engine.clock import Clock
from pytest_paymock._engine.engine import Engine
from pytest_paymock._engine.journal import Journal, Snapshot
from pytest_paymock._engine.read_only import DrivenByCalls
from pytest_paymock._exchange import Follow, Gate, Gateway
from pytest_paymock._explore.exploration import Exploration, checked_faults
from pytest_paymock._explore.process import Lives, Process
from pytest_paymock._explore.world import Reset, Subtests, World, WorldState
from pytest_paymock._explore.worlds import Watch, Worlds, unwatched
from pytest_paymock._intercept.mount import Mount
from pytest_paymock._options import OPTIONS, Options, OptionValue, settings_of
from pytest_paymock._records.assertions import Assertions
from pytest_paymock._records.ledger import CallRecords, Ledger
from pytest_paymock._records.queries import MoneyRecords, Records
from pytest_paymock._records.records import PaymentRecord, RefundRecord, TokenRecord
from pytest_paymock._records.routes import EndpointRoutes
from pytest_paymock._report.evidence import Evidence
from pytest_paymock._script.arranging import Arranging
from pytest_paymock._script.faults import FaultScript
from pytest_paymock._script.outcomes import OutcomeScript
from pytest_paymock._text import messages, tables
from pytest_paymock._text.races import lanes
from pytest_paymock.errors import UsageError, is_for_caller
from pytest_paymock.faults import ALL, Fault

if TYPE_CHECKING:
    from pytest_paymock._checks.guards import Finding
    from pytest_paymock._explore.race import Race

__tracebackhide__ = is_for_caller


class Paymock(Arranging, Assertions, Life, DrivenByCalls):
    """A fake of the Payment Mock API, in memory, for httpx, httpx2 and requests.

    Inside pytest the fixture ``paymock`` gives one. Elsewhere it is a context manager, and what is
    called within its block is answered:

    >>> with Paymock(seed=7, base_url="https://pay.example/v2") as paymock:
    ...     token = paymock.add_token("visa", customer_id="cust_1")
    ...     paymock.payments.total()
    Decimal('0')

    Args:
        options: see "Options" in the reference; the same names as in pytest's configuration.

    Raises:
        UsageError: for an unknown option or a wrong value; the message lists the valid ones.
    """

    _settable: ClassVar[tuple[str, ...]] = ("settings", "belongs_at", "watch")

    allow = OptionValue[tuple[str, ...]]()
    allow_hosts = OptionValue[tuple[str, ...]]()
    guards = OptionValue[str]()
    lazy_tls = OptionValue[bool]()
    network = OptionValue[str]()
    profile = OptionValue[str]()
    real_latency = OptionValue[bool]()
    seed = OptionValue[int]()
    streams = OptionValue[str]()
    success_rate = OptionValue[float]()
    world = OptionValue[int | None]()

    watch: Watch = staticmethod(unwatched)
    """Is told how far an exploration has come, to show it while it runs."""

    def __init__(self, **options: Unpack[Options]) -> None:
        self.settings = settings_of(options)
        self._profile = PROFILES[self.settings.profile]
        seed = self.settings.seed
        self._journal = Journal()
        self._clock = Clock(self.settings.clock, self._journal)
        self._outcomes = OutcomeScript(
            self._journal,
            seed=seed,
            success_rate=self.settings.success_rate,
            streams=self.settings.streams,
        )
        self._engine = Engine(
            self._journal, self._outcomes.decide, seed=seed, rules=self._profile.rules
        )
        self._ledger = Ledger(self._journal, tables.not_one)
        self._faults = FaultScript(self._journal)
        self._lives = Lives()
        self._mount = Mount(
            parse_base_url(self.settings.base_url),
            Gateway(
                self._journal,
                self._engine,
                self._clock,
                self._faults,
                profile=self._profile,
                base_url=self.base_url,
                real_latency=self.settings.real_latency,
            ),
            self.settings.network,
            self.settings.allow_hosts,
            self.settings.lazy_tls,
        )
        self._mount.gateway.processes = self._lives
        self._found: list[Finding] = []
        self._told: list[str] = []
        self._stopped: list[str] = []
        self._explorations: list[Worlds[World]] = []
        self._explored_before = 0
        self._past = Past()

    def _why_not_set(self, name: str, value: object) -> str:
        if name not in OPTIONS:
            return super()._why_not_set(name, value)
        given = f"{name}={quoted(value)}"
        return (
            f"{name} is an option: give it where the fake is made, such as "
            f"@pytest.mark.paymock({given}) or Paymock({given})"
        )

    def __repr__(self) -> str:
        return (
            f"<Paymock {self.base_url}, seed {self.settings.seed}: "
            f"{messages.count(len(self._ledger), 'call')}, "
            f"{messages.count(len(self.payments), 'payment')}>"
        )

    # -- life ---------------------------------------------------------------------------------

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
        if error is not None:
            self.blame_world(error)
        else:
            self.end_loops()
            self.verify()
            self.warn_of_threads()

    # -- what rules it ------------------------------------------------------------------------

    @property
    def base_url(self) -> str:
        """Where the fake lives, without a slash at the end."""
        return self.settings.base_url

    @property
    def outcomes(self) -> OutcomeScript:
        """What becomes of the payments to come: ``queue``, ``always``, ``when``, ``forecast``."""
        return self._outcomes

    @property
    def faults(self) -> FaultScript:
        """What goes wrong on the wire: ``queue``, ``always``, ``when``, ``clear``."""
        return self._faults

    def explore(
        self,
        faults: Sequence[Fault] = ALL,
        depth: int = 1,
        subtests: Subtests | None = None,
        *,
        outage: int = 1,
        crash: bool = False,
        reset: Reset | None = None,
    ) -> Exploration:
        """Return the worlds in which something goes wrong, each to be entered around the same code.

        First a world without faults, then one for every call, fault and phase that it made
        possible, each from the state as it is now. At the end, the state is that of the first one.

        >>> import contextlib, httpx
        >>> from pytest_paymock import faults
        >>> paymock = getfixture("paymock")
        >>> order = {"token": paymock.add_token().token, "amount": 25, "customer_id": "cust_1"}
        >>> for world in paymock.explore([faults.disconnect]):
        ...     with world, contextlib.suppress(httpx.TransportError):
        ...         answer = httpx.post(f"{paymock.base_url}/api/v1/payments", json=order)
        ...     assert len(paymock.payments.where(status="success")) <= 1
        >>> str(world)
        'world 3 of 3: call 1 create_payment, disconnect after commit'

        Args:
            faults: which to try; each before and, where it can be, after the commit. One that is
                given with ``after_commit=True`` is tried only so.
            depth: how many faults a world has at most.
            subtests: pytest's own fixture, to report every failing world and not only the first.
            outage: for how many calls in a row a fault lasts at most: as many as your client
                tries, or more, to find what its retries hide.
            crash: whether the process of your application also dies at each call; its lives are
                then blocks of :meth:`process`.
            reset: called at the start of each world, to put back what your code keeps outside the
                API, such as ``database.clear``.

        Raises:
            UsageError: for what is no fault, a wrong depth or outage, or an async ``reset``.
        """
        exploration = Exploration(
            WorldState(self, self._judge_world, reset),
            faults=checked_faults(faults, crash=crash),
            depth=depth,
            outage=outage,
            subtests=subtests,
            only=self.settings.world,
            watch=self.watch,
        )
        self._explorations.append(exploration)
        return exploration

    def race(
        self,
        *,
        preemptions: int | None = 2,
        reset: Reset | None = None,
        subtests: Subtests | None = None,
    ) -> "Race":
        """Return the worlds of a race: every order in which the calls of workers can reach the API.

        Each is to be entered around a race, and starts from the state as it is now. At the end, the
        state is that of the first one.

        >>> import httpx
        >>> paymock = getfixture("paymock")
        >>> order = {"token": paymock.add_token().token, "amount": 25, "customer_id": "cust_1"}
        >>> def pay():
        ...     return httpx.post(f"{paymock.base_url}/api/v1/payments", json=order).status_code
        >>> for world in paymock.race():
        ...     with world:
        ...         answers = world.run(pay, pay)
        >>> answers
        [201, 201]
        >>> str(world)
        'race world 6: worker 2 to its end, worker 1 to its end'

        Args:
            preemptions: how often a world stops a worker that could go on; with two, nearly all
                such bugs are found. None tries all orders.
            reset: called at the start of each world, to put back what your code keeps outside the
                API, such as ``database.clear``.
            subtests: pytest's own fixture, to report every failing world and not only the first.

        Raises:
            UsageError: for a wrong number of preemptions, or an async ``reset``.
        """
        # It needs anyio, which most tests can do without.
        from pytest_paymock._explore.race import Race  # noqa: PLC0415

        race = Race(
            WorldState(self, self._judge_world, reset),
            preemptions=preemptions,
            subtests=subtests,
            only=self.settings.world,
            watch=self.watch,
        )
        self._explorations.append(race)
        return race

    @contextmanager
    def gated(self, gate: Gate) -> Generator[None]:
        """Let calls wait at a gate within a block."""
        gateway = self._mount.gateway
        gateway.gate = gate
        try:
            yield
        finally:
            gateway.gate = None

    def process(self) -> Process:
        """Return one life of your application, as a block that a crash ends.

        From the crash to the end of the block every call of any thread or task in it crashes
        likewise. After the block your application may start again.

        >>> import httpx
        >>> from pytest_paymock import faults
        >>> paymock = getfixture("paymock")
        >>> order = {"token": paymock.add_token().token, "amount": 25, "customer_id": "cust_1"}
        >>> paymock.faults.queue(faults.crash(after_commit=True))
        >>> with paymock.process() as process:
        ...     answer = httpx.post(f"{paymock.base_url}/api/v1/payments", json=order)
        >>> process.crashed, paymock.payments.one().call.lost
        (True, True)
        """
        return Process(self._lives)

    def take_stray_crash(self) -> str:
        """Return what to write where a crash met no process; nothing when asked again."""
        return self._lives.take_stray()

    @property
    def failed_world(self) -> int | None:
        """The number of the explored world that failed last, if one did."""
        return next(filter(None, (one.failed_world for one in reversed(self._explorations))), None)

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
        with self._journal.lock:
            self._journal.reset()
            self._mount.blocked.clear()
            stopped = min(self._past.stopped, len(self._stopped))
            self._past = self._past._replace(stopped=stopped)
            self._mount.missed.clear()
            self._found.clear()
            for exploration in self._explorations:
                exploration.forget()

    def snapshot(self) -> Snapshot:
        """Return the whole state, for :meth:`restore`."""
        return self._journal.snapshot()

    def restore(self, snapshot: Snapshot) -> None:
        """Go back to a snapshot: state, records, scripts and clock.

        Raises:
            UsageError: for what is no snapshot.
        """
        if not isinstance(snapshot, Snapshot):
            raise UsageError(f"restore takes what snapshot() returned, not {quoted(snapshot)}")
        self._journal.restore(snapshot)

    # -- words --------------------------------------------------------------------------------

    def report(self) -> list[str]:
        """Return what happened, as the lines that stand under a failing test."""
        explored = self._explorations[self._past.explorations :]
        world = next((one.ended_in for one in explored[-1:]), None)
        stopped = self._mount.blocked[max(self._past.stopped - len(self._stopped), 0) :]
        clock = f"{messages.time(self.clock.now())} ({'pinned' if self.clock.pinned else 'real'})"
        return [
            *messages.state_lines(
                base_url=masked_text(self.base_url),
                seed=self.settings.seed,
                clock=clock,
                profile=self.settings.profile,
                waiting=[*self.outcomes.pending, *self.faults.pending],
                world=None if world is None else world.label,
            ),
            *self._mount.missed,
            *(() if world is None else lanes(world.steps, self.calls[world.calls_before :])),
            *tables.section_lines(self._ledger),
            *messages.untold_lines(stopped, self.untold()),
        ]

    @property
    def has_news(self) -> bool:
        """Whether there is anything to tell at the end of the run, as of few tests."""
        told = self._told or self._stopped or self._mount.blocked or self._explorations
        return bool(told)

    def let_follow(self, tell: Follow) -> None:
        """Let a shadow run follow each call; see ``Gateway.shadow``."""
        self._mount.gateway.shadow = tell

    def evidence(self) -> Evidence:
        """Return what happened, and what was told of it, for a report."""
        return Evidence(
            settings=self.settings,
            now=self.clock.now(),
            pinned=self.clock.pinned,
            by_hand=self.is_by_hand,
            calls=self.calls,
            payments=self.payments,
            refunds=self.refunds,
            explorations=self._explorations[self._past.explorations :],
            findings=self._told[self._past.told :],
            blocked=[*self._stopped, *self._blocked()][self._past.stopped :],
            waiting=[*self.outcomes.pending, *self.faults.pending],
        )
