"""``Paymock``: one fake payment API, and all that a test asks of it. No pytest in here."""

import sys
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from decimal import Decimal
from functools import cached_property
from types import TracebackType
from typing import TYPE_CHECKING, Any, ClassVar, Self, Unpack

from pytest_paymock._card_numbers import masked_text, quoted
from pytest_paymock._checks.checks import Checks
from pytest_paymock._checks.threads import busy_threads
from pytest_paymock._engine.clock import Clock
from pytest_paymock._engine.journal import Snapshot
from pytest_paymock._engine.read_only import DrivenByCalls
from pytest_paymock._exchange import Follow, Gate
from pytest_paymock._explore.exploration import Exploration, checked_faults
from pytest_paymock._explore.process import Process
from pytest_paymock._explore.world import Subtests
from pytest_paymock._explore.world_state import Reset, WorldState
from pytest_paymock._explore.worlds import Watch, unwatched
from pytest_paymock._intercept import registry
from pytest_paymock._intercept.late_calls import LATE_CALLS
from pytest_paymock._options import OPTIONS, Options, OptionValue, Settings, settings_of
from pytest_paymock._parts import Parts
from pytest_paymock._records.ledger import CallRecords
from pytest_paymock._records.queries import MoneyRecords, Records
from pytest_paymock._records.records import PaymentRecord, RefundRecord, TokenRecord
from pytest_paymock._records.routes import EndpointRoutes
from pytest_paymock._script.faults import FaultScript
from pytest_paymock._script.outcomes import OutcomeScript
from pytest_paymock._text import messages, tables
from pytest_paymock._text.races import lanes
from pytest_paymock.errors import UsageError, is_for_caller
from pytest_paymock.faults import ALL, Fault

if TYPE_CHECKING:
    from pytest_paymock._explore.race import Race

__tracebackhide__ = is_for_caller


class Paymock(DrivenByCalls):
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

    _settable: ClassVar[tuple[str, ...]] = ("watch",)
    _is_active = False

    watch: Watch = staticmethod(unwatched)
    """Is told how far an exploration has come, to show it while it runs."""

    def __init__(self, **options: Unpack[Options]) -> None:
        self._parts = Parts(settings_of(options))

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
            f"<Paymock {self.base_url}, seed {self.seed}: "
            f"{messages.count(len(self._parts.ledger), 'call')}, "
            f"{messages.count(len(self.payments), 'payment')}>"
        )

    # -- life ---------------------------------------------------------------------------------

    @property
    def is_active(self) -> bool:
        """Whether it answers, from its start to its end."""
        return self._is_active

    def start(self) -> None:
        """Begin to answer; ``with`` does it for you.

        Raises:
            UsageError: if it does so already.
        """
        if self._is_active:
            raise UsageError(
                "this Paymock is active already: stop() it first, or make another one with "
                "another base URL, to have two at once"
            )
        self._parts.checks.begin()
        try:
            self._is_active = True
            self._open()
        except BaseException:  # a signal, at any moment
            self.stop()
            raise

    def stop(self) -> None:
        """Answer no longer; the records stay. Harmless when it is not active."""
        LATE_CALLS.expect(busy_threads(self._parts.mount))
        self._close()
        self._is_active = False

    def _open(self) -> None:
        registry.activate(self._parts.mount)

    def _close(self) -> None:
        registry.deactivate(self._parts.mount)

    def __del__(self) -> None:
        """Stop a fake that nobody can stop any more, and say so."""
        if self._is_active and not sys.is_finalizing():
            self.stop()
            self._parts.checks.warn(messages.dropped(masked_text(self.base_url)))

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
            self._parts.checks.blame_world(error)
        else:
            self._parts.checks.end_loops()
            self.verify()
            self._parts.checks.warn_of_threads()

    def verify(self) -> None:
        """Check what a test has to answer for at its end; ``with`` does it unless the block failed.

        Raises:
            ExpectationError: if queued outcomes or faults are left over, if worlds of ``explore()``
                were never run, or not all of them, or for what a guard finds under
                ``guards="error"``; under ``guards="warn"`` that is a ``PaymockWarning``.
            BlockedRequestError: if a request was stopped by the option ``network``.
        """
        self._parts.checks.verify()

    @property
    def checks(self) -> Checks:
        """What the plugin asks of a fake at the end of a test."""
        return self._parts.checks

    # -- options, which are given when it is made -----------------------------------------------

    @property
    def settings(self) -> Settings:
        """All options, as values that cannot be changed."""
        return self._parts.settings

    @property
    def base_url(self) -> str:
        """Where the fake lives, without a slash at the end."""
        return self._parts.settings.base_url

    allow = OptionValue[tuple[str, ...]]()
    """Which guards are silenced."""

    allow_hosts = OptionValue[tuple[str, ...]]()
    """To which hosts a request may go, whatever ``network`` says."""

    guards = OptionValue[str]()
    """What becomes of what a guard finds."""

    lazy_tls = OptionValue[bool]()
    """Whether a client sets up TLS only when it needs it."""

    network = OptionValue[str]()
    """Where requests outside the base URL may go."""

    profile = OptionValue[str]()
    """Which form of the API answers."""

    real_latency = OptionValue[bool]()
    """Whether a client really waits."""

    seed = OptionValue[int]()
    """What the seeded outcomes and the ids are made of."""

    streams = OptionValue[str]()
    """By what the seeded draws are counted."""

    success_rate = OptionValue[float]()
    """Which share of the ordinary payments succeeds."""

    world = OptionValue[int | None]()
    """Which world of an exploration runs alone."""

    # -- what decides -------------------------------------------------------------------------

    @property
    def outcomes(self) -> OutcomeScript:
        """What becomes of the payments to come: ``queue``, ``always``, ``when``, ``forecast``."""
        return self._parts.outcomes

    @property
    def faults(self) -> FaultScript:
        """What goes wrong on the wire: ``queue``, ``always``, ``when``, ``clear``."""
        return self._parts.faults

    @property
    def clock(self) -> Clock:
        """The fake's time: ``now()``, ``advance(hours=25)``, ``move_to(datetime)``."""
        return self._parts.clock

    # -- state without a call -----------------------------------------------------------------

    def card(self, name: str = "visa", /, **overrides: Any) -> dict[str, Any]:
        """Return a valid ``card`` for a tokenize request, good for two years by the fake's clock.

        Args:
            name: ``visa``, ``mastercard``, ``american_express`` (or ``amex``) or ``discover``.
            overrides: fields to replace, by values that may be invalid.

        Raises:
            UsageError: for a name that is none of them, and for a field that no card has.
        """
        return self._parts.arranging.card(name, overrides)

    def customer(self, customer_id: str | None = "cust_1", /, **overrides: Any) -> dict[str, Any]:
        """Return a valid ``customer`` for a tokenize request.

        Args:
            customer_id: whose it is; None lets the API generate an id.
            overrides: fields to replace, by values that may be invalid; of ``billing_address`` a
                dict replaces all of it.

        Raises:
            UsageError: for a field that no customer or no address has.
        """
        return self._parts.arranging.customer(customer_id, overrides)

    def add_token(self, card: str = "visa", *, customer_id: str | None = "cust_1") -> TokenRecord:
        """Put a token in place without a call, and return its record.

        Args:
            card: a name as :meth:`card` takes it.
            customer_id: whose; None generates an id.

        Raises:
            UsageError: for an unknown card, or a customer's id that is no text.
        """
        return self._parts.arranging.add_token(card, customer_id)

    def add_payment(
        self,
        amount: Decimal | int | float | str,
        *,
        token: str | TokenRecord | None = None,
        status: str | None = None,
        outcome: str | None = None,
        currency: str = "USD",
        customer_id: str | None = None,
        description: str | None = None,
    ) -> PaymentRecord:
        """Put a payment in place without a call, and return its record.

        It counts like any other in the records and the assertions, but for having no ``call``.

        Args:
            amount: more than 0.
            token: what paid; None adds a Visa token for the customer.
            status: ``success``, ``failed`` or ``pending``; None means ``success``.
            outcome: an outcome name instead, if the status is not precise enough.
            currency: three letters; under the profile ``deployed`` any text.
            customer_id: whose; None takes the token's customer.
            description: free text.

        Raises:
            UsageError: for an amount, status, outcome, token or text that cannot be, and for a
                status beside an outcome.
        """
        return self._parts.arranging.add_payment(
            amount=amount,
            token=token,
            status=status,
            outcome=outcome,
            currency=currency,
            customer_id=customer_id,
            description=description,
        )

    def settle(self, transaction_id: str, status: str = "success") -> PaymentRecord:
        """End a pending payment, and return its new record.

        Args:
            transaction_id: which.
            status: ``success`` or ``failed``.

        Raises:
            UsageError: for an unknown or no longer pending payment, or another status.
        """
        return self._parts.arranging.settle(transaction_id, status)

    # -- every fault, one after the other ------------------------------------------------------

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
            WorldState(self, self._parts.checks, reset),
            faults=checked_faults(faults, crash=crash),
            depth=depth,
            outage=outage,
            subtests=subtests,
            only=self.world,
            watch=self.watch,
        )
        self._parts.checks.explorations.append(exploration)
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
        >>> for world in paymock.race(preemptions=0):
        ...     with world:
        ...         answers = world.run(pay, pay)
        >>> answers
        [201, 201]
        >>> str(world)
        'race world 2: worker 2 to its end, worker 1 to its end'

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
            WorldState(self, self._parts.checks, reset),
            preemptions=preemptions,
            subtests=subtests,
            only=self.world,
            watch=self.watch,
        )
        self._parts.checks.explorations.append(race)
        return race

    @contextmanager
    def gated(self, gate: Gate) -> Generator[None]:
        """Let calls wait at a gate within a block."""
        gateway = self._parts.gateway
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
        return Process(self._parts.lives)

    @property
    def failed_world(self) -> int | None:
        """The number of the explored world that failed last, if one did."""
        return self._parts.checks.failed_world

    # -- what happened ------------------------------------------------------------------------

    @property
    def calls(self) -> CallRecords:
        """Every HTTP exchange, in order."""
        return self._parts.ledger.calls

    @property
    def tokens(self) -> Records[TokenRecord]:
        """Every token, in order."""
        return self._parts.ledger.tokens

    @property
    def payments(self) -> MoneyRecords[PaymentRecord]:
        """Every payment that was processed, whatever its status, in order."""
        return self._parts.ledger.payments

    @property
    def refunds(self) -> MoneyRecords[RefundRecord]:
        """Every refund, in order."""
        return self._parts.ledger.refunds

    @property
    def transactions(self) -> MoneyRecords[PaymentRecord | RefundRecord]:
        """Payments and refunds, in the order in which they happened."""
        return self._parts.ledger.transactions

    @cached_property
    def routes(self) -> EndpointRoutes:
        """The endpoints as respx routes, by name: ``paymock.routes["refund"].call_count``."""
        return EndpointRoutes(self.calls, self.base_url)

    def let_follow(self, tell: Follow) -> None:
        """Let a shadow run follow each call; see ``Gateway.shadow``."""
        self._parts.gateway.shadow = tell

    # -- assertions ---------------------------------------------------------------------------

    def assert_charged(
        self,
        amount: Decimal | int | float | str | None = None,
        currency: str | None = None,
        customer_id: str | None = None,
        times: int = 1,
    ) -> None:
        """Check how many payments succeeded with the given amount, currency and customer.

        Raises:
            ExpectationError: with the nearest payment, what differs, and the ledger.
            UsageError: for an amount, a text or a number of times that cannot be.
        """
        self._parts.assertions.charged(
            times, amount=amount, currency=currency, customer_id=customer_id
        )

    def assert_not_charged(
        self,
        amount: Decimal | int | float | str | None = None,
        currency: str | None = None,
        customer_id: str | None = None,
    ) -> None:
        """Check that no payment succeeded with the given amount, currency and customer.

        Raises:
            ExpectationError: with the ledger.
            UsageError: for an amount or a text that cannot be.
        """
        self._parts.assertions.charged(0, amount=amount, currency=currency, customer_id=customer_id)

    def assert_refunded(
        self,
        amount: Decimal | int | float | str | None = None,
        currency: str | None = None,
        customer_id: str | None = None,
        times: int = 1,
    ) -> None:
        """Check how many refunds there are of the given amount, currency and customer.

        Raises:
            ExpectationError: with the nearest refund, what differs, and the ledger.
            UsageError: for an amount, a text or a number of times that cannot be.
        """
        self._parts.assertions.refunded(
            times, amount=amount, currency=currency, customer_id=customer_id
        )

    def assert_called(self, endpoint: str, times: int | None = None) -> None:
        """Check that an endpoint was called, or that it was called so many times.

        Args:
            endpoint: a route name, such as ``"create_payment"``.
            times: how often; None asks for once or more.

        Raises:
            ExpectationError: with the ledger.
            UsageError: for an unknown endpoint or a number of times that cannot be.
        """
        self._parts.assertions.called(endpoint, times)

    def assert_no_calls(self) -> None:
        """Check that the API was not called at all.

        Raises:
            ExpectationError: with the ledger.
        """
        self._parts.assertions.no_calls()

    # -- going back --------------------------------------------------------------------------

    def reset(self) -> None:
        """Empty everything and restart every counter; the clock stays where it is."""
        with self._parts.journal.lock:
            self._parts.journal.reset()
            self._parts.checks.forget()

    def snapshot(self) -> Snapshot:
        """Return the whole state, for :meth:`restore`."""
        return self._parts.journal.snapshot()

    def restore(self, snapshot: Snapshot) -> None:
        """Go back to a snapshot: state, records, scripts and clock.

        Raises:
            UsageError: for what is no snapshot.
        """
        if not isinstance(snapshot, Snapshot):
            raise UsageError(f"restore takes what snapshot() returned, not {quoted(snapshot)}")
        self._parts.journal.restore(snapshot)

    # -- words --------------------------------------------------------------------------------

    def report(self) -> list[str]:
        """Return what happened, as the lines that stand under a failing test."""
        clock = f"{messages.time(self.clock.now())} ({'pinned' if self.clock.pinned else 'real'})"
        world = self._parts.checks.world
        return [
            *messages.state_lines(
                base_url=masked_text(self.base_url),
                seed=self.seed,
                clock=clock,
                profile=self.profile,
                waiting=[*self.outcomes.pending, *self.faults.pending],
                world=None if world is None else world.label,
            ),
            *self._parts.mount.missed,
            *(() if world is None else lanes(world.steps, self.calls[world.calls_before :])),
            *tables.section_lines(self._parts.ledger),
            *self._parts.checks.problems,
        ]
