"""A wrong use of anything public is shown at the line of the test that makes it."""

import inspect
import re
from collections.abc import Iterator
from typing import Any

import pytest

from pytest_paymock import (
    CallRecords,
    Clock,
    Exploration,
    Fault,
    MoneyRecords,
    Paymock,
    Records,
    World,
    faults,
)
from pytest_paymock._script.faults import FaultScript
from pytest_paymock._script.outcomes import OutcomeScript
from pytest_paymock.server import ServerPaymock

from .conftest import Run
from .reading import frames_of_ours

WRONG = {
    "Paymock.add_payment": "paymock.add_payment(amount=0)",
    "Paymock.add_token": "paymock.add_token('maestro')",
    "Paymock.assert_called": "paymock.assert_called('pay')",
    "Paymock.assert_charged": "paymock.assert_charged('much')",
    "Paymock.assert_not_charged": "paymock.assert_not_charged(customer_id=1)",
    "Paymock.assert_refunded": "paymock.assert_refunded(times=-1)",
    "Paymock.card": "paymock.card('maestro')",
    "Paymock.explore": "paymock.explore(None)",
    "Paymock.race": "paymock.race(preemptions=-1)",
    "Paymock.restore": "paymock.restore(None)",
    "Paymock.settle": "paymock.settle('txn_none')",
    "Clock.advance": "paymock.clock.advance(hours='one')",
    "Clock.move_to": "paymock.clock.move_to('tomorrow')",
    "OutcomeScript.always": "paymock.outcomes.always('lost')",
    "OutcomeScript.forecast": "paymock.outcomes.forecast(-1)",
    "OutcomeScript.queue": "paymock.outcomes.queue('lost')",
    "OutcomeScript.when": "paymock.outcomes.when('success', amount='much')",
    "FaultScript.always": "paymock.faults.always('lost')",
    "FaultScript.queue": "paymock.faults.queue(faults.disconnect, on='pay')",
    "FaultScript.when": "paymock.faults.when(faults.latency(1), after_commit=True)",
    "CallRecords.to": "paymock.calls.to('pay')",
    "Records.one": "paymock.payments.one(payed=True)",
    "Records.where": "paymock.payments.where(amount='much')",
    "MoneyRecords.total": "paymock.payments.total(1)",
    "faults.http_error": "faults.http_error(200)",
    "faults.latency": "faults.latency(-1)",
    "ServerPaymock.explore": "paymock_server.explore([faults.connect_error])",
}
"""A wrong call of everything public that takes an argument."""

FURTHER = [
    "Paymock(sed=7)",
    "paymock.start()",
    "paymock.seed = 7",
    "paymock.clock = '2026-01-27'",
    "paymock.outcomes.always = 'card_declined'",
    "paymock.add_payment(amount='much')",
    "paymock.add_payment(amount=1, status='lost')",
    "paymock.add_payment(amount=1, outcome='lost')",
    "paymock.settle(paymock.add_payment(amount=1).transaction_id)",
    "paymock.settle(1)",
    "paymock.clock.move_to('1999-01-01')",
    "paymock.clock.advance(days=10**7)",
    "paymock.assert_charged(times=True)",
    "paymock.explore(depth=0)",
    "list(paymock.explore())",
    "paymock.payments['first']",
    "paymock.routes['pay']",
    "paymock.routes['refund'].respond(500)",
    "faults.connect_error(after_commit=True)",
    "paymock_factory(seed='seven')",
    "paymock_server.start()",
    "paymock_server.explore(None)",
    "paymock_server.faults.queue(faults.connect_error)",
    "paymock_server.faults.when('lost')",
    "paymock_server.faults.always(faults.connect_timeout)",
]

HARMLESS = {
    "Paymock.customer",  # takes whatever it is given, since a test may want a wrong one
    # What the parts of the fake, the plugin and the server ask of each other.
    *("Clock.after_wait", "Clock.now_by", "Clock.wait"),
    *("OutcomeScript.decide", "Paymock.let_follow"),
    *("FaultScript.choose", "FaultScript.plan"),
    *("Exploration.blame", "World.fail", "World.report_to"),
    *("ServerPaymock.exchange", "ServerPaymock.recent"),
    *("Paymock.gated", "Paymock.watch", "ServerPaymock.refuse"),
}


def _public() -> Iterator[str]:
    """Yield everything public that takes an argument."""
    kinds: list[type] = [Paymock, Clock, OutcomeScript, FaultScript, Fault, Records, MoneyRecords]
    kinds += [CallRecords, Exploration, World, ServerPaymock]
    for kind in kinds:
        of_base = set(dir(kind.__base__)) if kind.__base__ in kinds else set[str]()
        # What a subclass does in its own way is its own.
        names = {name for name in dir(kind) if name not in of_base or name == "explore"}
        found = {name: getattr(kind, name) for name in names if name not in ("count", "index")}
        yield from (f"{kind.__name__}.{name}" for name in _asking(found, of="self"))
    own = {
        name: value
        for name, value in vars(faults).items()
        if getattr(value, "__module__", "") == faults.__name__
    }
    yield from (f"faults.{name}" for name in _asking(own, of=""))


def _asking(found: dict[str, Any], of: str) -> Iterator[str]:
    for name, value in found.items():
        is_public = inspect.isfunction(value) and not name.startswith("_")
        if is_public and set(inspect.signature(value).parameters) - {of}:
            yield name


def test_the_table_has_everything_public():
    assert set(WRONG) | HARMLESS == set(_public())


def test_it_is_shown_and_no_frame_of_ours(project: pytest.Pytester, run: Run):
    lines = [*WRONG.values(), *FURTHER]
    tests = (
        f"\ndef test_{number}(paymock, paymock_factory, paymock_server):\n    {line}\n"
        for number, line in enumerate(lines)
    )
    project.makepyfile(test_shop="from pytest_paymock import Paymock, faults\n" + "".join(tests))
    result = run("--paymock-clock=2026-01-27T12:00:00")

    result.assert_outcomes(failed=len(lines))
    assert [line[8:] for line in result.outlines if line.startswith(">")] == lines
    said = [line for line in result.outlines if line.startswith("E   ")]
    assert all(re.match(r"E +pytest_paymock\.\S*Error: .", line) for line in said)
    assert frames_of_ours(result) == []
