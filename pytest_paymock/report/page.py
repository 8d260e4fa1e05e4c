"""The report as one page of HTML, with all that it needs within.

What a test's row shows when it is opened lies beside it as inert text and becomes elements only
then: thousands of tests open at once. Every value is escaped by the template engine, or by
``svg.py``; and the page's own policy lets no script run but the one that it came with.
"""

from base64 import b64encode
from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha256
from importlib.resources import files
from typing import NamedTuple

from jinja2 import Environment, PackageLoader, StrictUndefined, Template
from markupsafe import Markup

from pytest_paymock import describe
from pytest_paymock.folding import kept
from pytest_paymock.report.diagram import diagram, shown_calls
from pytest_paymock.report.evidence import blocked_once
from pytest_paymock.report.flow import flow
from pytest_paymock.report.grid import Explored, explored
from pytest_paymock.report.models import (
    CallFacts,
    FakeFacts,
    PaymentFacts,
    Report,
    TestFacts,
    WorldFacts,
)

_HERE = "pytest_paymock.report"

MOST_FLOWS, MOST_PAYMENTS = 8, 60
"""How many customers' money, and how many payments of a fake, are shown."""

_FIRST = ("failed", "error")
"""Tests of these outcomes come first."""

NOWHERE = "unknown path"


class Row(NamedTuple):
    """One test in the list: what it is filtered by, what is seen of it, and what is when opened."""

    file: str
    name: str
    outcome: str
    endpoints: list[str]
    faults: list[str]
    clients: list[str]
    marks: list[tuple[str, str]]
    panel: Markup


class Part(NamedTuple):
    """One fake of a test, as its row shows it when it is opened."""

    fake: FakeFacts
    diagram: Markup
    calls: list[CallFacts]
    flows: list[Markup]
    payments: Sequence[PaymentFacts]
    explorations: list[Explored]


def as_html(report: Report) -> str:
    """Return the page."""
    environment = Environment(
        loader=PackageLoader(_HERE, "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    panel = environment.get_template("panel.html")
    tests = sorted(report.tests, key=lambda test: test.outcome not in _FIRST)
    rows = [_row(test, panel) for test in tests]
    script, style = (_text(f"page.{kind}") for kind in ("js", "css"))
    return environment.get_template("page.html").render(
        report=report,
        figures=_figures(report),
        filters=_filters(rows),
        rows=rows,
        script=_trusted(script),
        style=_trusted(style),
        script_hash=_hash_of(script),
        style_hash=_hash_of(style),
    )


def _trusted(text: str) -> Markup:
    """Pass what this package has written or escaped itself through the escaping of a template."""
    return Markup(text)  # noqa: S704 - no value gets here that is not escaped


def _text(name: str) -> str:
    return files(_HERE).joinpath("templates", name).read_text("utf-8")


def _hash_of(text: str) -> str:
    return f"sha256-{b64encode(sha256(text.encode()).digest()).decode()}"


def _figures(report: Report) -> list[tuple[str, int, str]]:
    """Return the figures of the overview: number, what it counts, and what needs attention."""
    totals = report.totals
    return [
        ("tests", totals.tests, f"{totals.failed} failed" if totals.failed else ""),
        ("exchanges", totals.calls, ""),
        (
            "faults met",
            totals.faults,
            f"{describe.count(totals.lost, 'answer')} lost" if totals.lost else "",
        ),
        ("payments", totals.payments, ""),
        ("refunds", totals.refunds, ""),
        (
            "explored worlds",
            totals.worlds,
            f"{totals.failed_worlds} failed" if totals.failed_worlds else "",
        ),
        ("guard findings", totals.findings, "see the tests" if totals.findings else ""),
        ("blocked requests", totals.blocked, "see the tests" if totals.blocked else ""),
    ]


def _filters(rows: list[Row]) -> list[tuple[str, str, list[str]]]:
    """Return each filter: its name in the page, its label, and what can be chosen."""
    return [
        ("outcome", "Outcome", sorted({row.outcome for row in rows})),
        ("endpoints", "Endpoint", sorted({name for row in rows for name in row.endpoints})),
        ("faults", "Fault", sorted({name for row in rows for name in row.faults})),
        ("clients", "Client", sorted({name for row in rows for name in row.clients})),
    ]


def _row(test: TestFacts, panel: Template) -> Row:
    calls = [call for fake in test.fakes for call in fake.calls]
    met = [call.fault.words for call in calls if call.fault is not None]
    guilty = [placed.fault.words for world in _failed_worlds(test) for placed in world.faults]
    file, _, name = test.name.partition("::")
    return Row(
        file=file,
        name=name,
        outcome=test.outcome,
        endpoints=_distinct(call.endpoint or NOWHERE for call in calls),
        faults=_distinct([*met, *guilty]),
        clients=_distinct(call.client for call in calls),
        marks=list(_marks(test, calls)),
        panel=_trusted(panel.render(test=test, parts=list(map(_part, test.fakes)))),
    )


def _distinct(names: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(names))


def _worlds(test: TestFacts) -> list[WorldFacts]:
    return [world for fake in test.fakes for worlds in fake.explorations for world in worlds]


def _failed_worlds(test: TestFacts) -> list[WorldFacts]:
    return [world for world in _worlds(test) if world.outcome == "failed"]


def _marks(test: TestFacts, calls: Sequence[CallFacts]) -> Iterator[tuple[str, str]]:
    """Yield what is seen of a test in its row: a kind, and words."""
    faults = sum(call.fault is not None for call in calls)
    worlds, failed = len(_worlds(test)), len(_failed_worlds(test))
    findings = sum(len(fake.findings) for fake in test.fakes)
    blocked = len(blocked_once(fake.blocked for fake in test.fakes))
    if blocked:
        yield "bad", describe.count(blocked, "blocked request")
    if findings:
        yield "bad", describe.count(findings, "finding")
    if worlds:
        told = f", {failed} failed" if failed else ""
        yield ("bad" if failed else "plain"), f"{describe.count(worlds, 'world')}{told}"
    if faults:
        yield "wire", describe.count(faults, "fault")
    yield "plain", describe.count(len(calls), "exchange")
    payments = sum(len(fake.payments) for fake in test.fakes)
    yield "plain", describe.count(payments, "payment")


def _shown_payments(payments: Sequence[PaymentFacts]) -> list[PaymentFacts]:
    matters = [at for at, one in enumerate(payments) if one.lost or one.status != "success"]
    return [payments[place] for place in kept(len(payments), matters, MOST_PAYMENTS)]


def _part(fake: FakeFacts) -> Part:
    return Part(
        fake=fake,
        diagram=_trusted(diagram(fake)) if fake.calls else Markup(),
        calls=[fake.calls[place] for place in shown_calls(fake.calls)],
        flows=[_trusted(flow(balance)) for balance in fake.balances[:MOST_FLOWS]],
        payments=_shown_payments(fake.payments),
        explorations=[explored(worlds) for worlds in fake.explorations],
    )
