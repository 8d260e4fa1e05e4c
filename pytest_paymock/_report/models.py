"""The facts of a run, as the JSON report holds them: the schema of ``--paymock-report=FILE.json``.

Within version 1 fields may be added, so a reader should skip those that it does not know; what is
here keeps its name and meaning. Texts of requests are masked, in one line and printable. Amounts
are decimal numbers written as strings, for no reader to round them. Times are UTC, as the fake's
clock told them, and durations are seconds of that clock.
"""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Amount = Annotated[str, Field(pattern=r"^-?[0-9]+(\.[0-9]+)?(E[+-]?[0-9]+)?$")]
Count = Annotated[int, Field(ge=0)]
Number = Annotated[int, Field(ge=1)]
TestOutcome = Literal["passed", "failed", "error", "skipped", "xfailed", "xpassed"]
WorldOutcome = Literal["passed", "failed", "not run"]
Phase = Literal["before commit", "after commit", "late answer"]


class _Facts(BaseModel):
    model_config = ConfigDict(frozen=True)


class FaultFacts(_Facts):
    """A fault of the wire: ``before commit`` the API never acted, else it did."""

    name: str = Field(description="its name in pytest_paymock.faults, such as read_timeout")
    words: str = Field(description="for people, with its phase: read timeout after commit")
    phase: Phase


class CallFacts(_Facts):
    """One HTTP exchange, as the client saw it."""

    number: Number = Field(description="counted from 1 within its fake")
    client: str = Field(description="httpx, httpx2, requests or server")
    endpoint: str | None = Field(description="the route name; null for a path that is no endpoint")
    method: str
    path: str
    status: int | None = Field(description="null where no answer reached the client")
    detail: str | None = Field(description="why the API refused, in its own words")
    fault: FaultFacts | None
    lost: bool = Field(description="the API acted, and the client did not get its answer")
    at: str
    waited: float = Field(description="seconds, because of a fault", ge=0)


class PaymentFacts(_Facts):
    """One payment of any status."""

    transaction_id: str
    status: Literal["success", "failed", "pending"]
    outcome: str
    message: str = Field(description="what the API says of it, such as Insufficient funds")
    reason: str = Field(description="why this outcome, such as seeded draw 0.412 < 0.90")
    amount: Amount
    currency: str
    customer_id: str
    card_type: str
    last_four: str
    call: Number | None = Field(description="its exchange; null if the test arranged it")
    lost: bool = Field(description="the client was never told of it")
    refund_id: str | None


class RefundFacts(_Facts):
    """One refund, of the whole amount of a payment."""

    refund_id: str
    transaction_id: str = Field(description="of the payment that was paid back")
    amount: Amount
    currency: str
    customer_id: str
    call: Number | None


class BalanceFacts(_Facts):
    """The money of one customer in one currency."""

    customer_id: str
    currency: str
    charged: Amount = Field(description="of payments that succeeded, paid back or not")
    refunded: Amount
    kept: Amount = Field(description="charged less refunded")
    pending: Amount
    lost: Amount = Field(description="charged or pending, and the client was never told")


class LedgerFacts(_Facts):
    """What happened, and the balances."""

    calls: tuple[CallFacts, ...]
    payments: tuple[PaymentFacts, ...]
    refunds: tuple[RefundFacts, ...]
    balances: tuple[BalanceFacts, ...]


class PlacedFacts(_Facts):
    """A fault at a call of an explored world."""

    call: Number = Field(description="counted from 1 within the world")
    endpoint: str | None
    fault: FaultFacts
    length: Number = Field(default=1, description="how many calls in a row met it, an outage")


class StepFacts(_Facts):
    """What a worker of a race did before another one went on."""

    worker: Number
    calls: tuple[Number, ...] = Field(description="its exchanges, counted from 1 in the world")
    until: Count | None = Field(
        description="before its call of that number; 0 at its end, null where it waited"
    )
    error: str = Field(default="", description="the type of what it raised, if that ended it")


class WorldFacts(_Facts):
    """One world of explore() or race(): what was placed where, or who went on, and the outcome."""

    number: Number = Field(description="as --paymock-world takes it, or Paymock(world=...)")
    calls_before: Count = Field(
        default=0, description="calls of the fake before it, which its own count leaves out"
    )
    faults: tuple[PlacedFacts, ...]
    steps: tuple[StepFacts, ...] = Field(default=(), description="of a race, in order")
    outcome: WorldOutcome
    ledger: LedgerFacts | None = Field(
        description="what happened in it, if it failed; its calls are counted from 1"
    )


class FindingFacts(_Facts):
    """What a guard found."""

    guard: str = Field(description="the name that silences it")
    words: str


class FakeFacts(LedgerFacts):
    """One fake of a test, as it was at the test's end."""

    base_url: str
    seed: int
    clock: str
    clock_pinned: bool
    by_hand: bool = Field(
        default=False,
        description="made by Paymock(...), so that options of the command line do not apply",
    )
    world: Number | None = Field(
        description="the world at which the test ended, whose exchanges these are"
    )
    explorations: tuple[tuple[WorldFacts, ...], ...] = Field(
        description="one a paymock.explore() or race()"
    )
    findings: tuple[FindingFacts, ...]
    blocked: tuple[str, ...] = Field(
        description="requests that the network rule stopped, and were not allowed to be"
    )
    waiting: tuple[str, ...] = Field(description="outcomes and faults still queued")


class TestFacts(_Facts):
    """One test that used the fake."""

    __test__ = False  # no test class, whatever pytest makes of its name

    name: str = Field(description="pytest's node id")
    outcome: TestOutcome
    failures: tuple[str, ...] = Field(
        description="why it failed, as paymock says it; of other texts only the failed worlds"
    )
    reproduce: str = Field(description="a command that runs this test alone, in the same way")
    fakes: tuple[FakeFacts, ...]


class TotalFacts(_Facts):
    """The run in numbers; tests, exchanges and money of its tests with a fake only."""

    tests: Count
    failed: Count = Field(description="tests that failed or broke")
    calls: Count
    faults: Count = Field(description="exchanges that met a fault")
    lost: Count = Field(description="exchanges whose answer was lost")
    payments: Count
    refunds: Count
    worlds: Count = Field(description="explored worlds that ran")
    failed_worlds: Count
    findings: Count
    blocked: Count


class DifferenceFacts(_Facts):
    """A call that the service answers otherwise than the fake."""

    test: str = Field(description="pytest's node id")
    call: str = Field(description="method and path")
    what: str = Field(description="what the fake says, and what the service says")


class ShadowFacts(_Facts):
    """What came of --paymock-verify=URL."""

    url: str
    compared: Count = Field(description="calls that were made at the service, too")
    differences: tuple[DifferenceFacts, ...]
    not_comparable: dict[str, Count] = Field(
        description="calls whose like could not be made at the service, by the reason"
    )


class Report(_Facts):
    """A whole run."""

    format: Literal["pytest-paymock-report"] = "pytest-paymock-report"
    version: Literal[1] = 1
    generator: str = Field(description="pytest-paymock and its version")
    created_at: str
    interrupted: bool = Field(description="not every test of the run came to its end")
    crashed: tuple[str, ...] = Field(
        default=(),
        description="node ids of tests that took a worker with them, using the fake or not",
    )
    verified: ShadowFacts | None = Field(
        default=None, description="the comparison with the service, if the run had one"
    )
    totals: TotalFacts
    tests: tuple[TestFacts, ...] = Field(description="sorted by name")
