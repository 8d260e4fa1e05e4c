"""The whole report, with its totals, and the report as JSON."""

import datetime as dt
from collections.abc import Sequence

from pytest_paymock._report.collect import time_shown
from pytest_paymock._report.evidence import blocked_once
from pytest_paymock._report.models import FakeFacts, Report, ShadowFacts, TestFacts, TotalFacts


def report_of(
    tests: Sequence[TestFacts],
    *,
    version: str,
    interrupted: bool,
    crashed: Sequence[str] = (),
    verified: ShadowFacts | None = None,
) -> Report:
    """Return the report over the tests of a run. The order in which they ran does not matter.

    Args:
        tests: of all processes of the run.
        version: of pytest-paymock.
        interrupted: whether not every test of the run came to its end.
        crashed: the names of tests whose worker process crashed, so that nothing is known of them.
        verified: what came of a shadow run.
    """
    return Report(
        generator=f"pytest-paymock {version}",
        created_at=time_shown(dt.datetime.now(dt.UTC)),
        interrupted=interrupted,
        crashed=tuple(crashed),
        verified=verified,
        totals=totals_of(tests),
        tests=tuple(sorted(tests, key=lambda test: test.name)),
    )


def totals_of(tests: Sequence[TestFacts]) -> TotalFacts:
    """Return the totals of some tests."""
    fakes: list[FakeFacts] = [fake for test in tests for fake in test.fakes]
    calls = [call for fake in fakes for call in fake.calls]
    worlds = [world for fake in fakes for worlds in fake.explorations for world in worlds]
    return TotalFacts(
        tests=len(tests),
        failed=sum(test.outcome in ("failed", "error") for test in tests),
        calls=len(calls),
        faults=sum(call.fault is not None for call in calls),
        lost=sum(call.lost for call in calls),
        payments=sum(len(fake.payments) for fake in fakes),
        refunds=sum(len(fake.refunds) for fake in fakes),
        worlds=sum(world.outcome != "not run" for world in worlds),
        failed_worlds=sum(world.outcome == "failed" for world in worlds),
        findings=sum(len(fake.findings) for fake in fakes),
        blocked=sum(len(blocked_once(fake.blocked for fake in test.fakes)) for test in tests),
    )


def as_json(report: Report) -> str:
    """Return the report as indented JSON."""
    return f"{report.model_dump_json(indent=1)}\n"
