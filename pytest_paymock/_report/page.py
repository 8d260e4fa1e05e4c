"""The report as one HTML page without external files.

What a test's row shows when it is opened lies beside it as inert text and becomes elements only
then: thousands of tests open at once. Every value is escaped by the template engine, or by
``svg.py``; and the page's own policy lets no script run but the one that it came with.
"""

from base64 import b64encode
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from hashlib import sha256
from importlib.resources import files
from typing import NamedTuple

from jinja2 import Environment, PackageLoader, StrictUndefined, Template
from markupsafe import Markup

from pytest_paymock._engine.money import exact_sum
from pytest_paymock._report.diagram import diagram, shown_calls
from pytest_paymock._report.evidence import blocked_once
from pytest_paymock._report.flow import flow
from pytest_paymock._report.grid import Explored, calls_before, explored, placed_words
from pytest_paymock._report.models import (
    CallFacts,
    FakeFacts,
    LedgerFacts,
    PaymentFacts,
    Report,
    TestFacts,
    WorldFacts,
)
from pytest_paymock._report.overview import figures, verdict
from pytest_paymock._report.svg import cut
from pytest_paymock._text import messages
from pytest_paymock._text.races import Step, call_words, events, order
from pytest_paymock._text.shorten import kept
from pytest_paymock._text.worlds import only_world

_HERE = "pytest_paymock._report"

MOST_FLOWS, MOST_PAYMENTS, MOST_WORLDS = 8, 60, 8
"""How many customers' money, payments of a fake, and failed worlds are shown."""

MOST_SUMS = 3
"""A row shows the charged sums if there are at most this many currencies."""

MOST_OF_WHY = 160
"""How many characters of a failure a row shows."""

FIRST = ("failed", "error")
"""Tests with these outcomes come first."""

NOWHERE = "unknown path"


class Row(NamedTuple):
    """One test in the list: its filters, its marks, and the panel that opens below it."""

    file: str
    name: str
    outcome: str
    why: str
    endpoints: list[str]
    faults: list[str]
    clients: list[str]
    marks: list[tuple[str, str]]
    panel: Markup


class Story(NamedTuple):
    """What happened in a test or in one of its worlds, as the page shows it."""

    facts: LedgerFacts
    diagram: Markup
    calls: list[CallFacts]
    flows: list[Markup]
    payments: Sequence[PaymentFacts]


class World(NamedTuple):
    """A world that failed: what went wrong in it, the command that runs it, and what happened."""

    number: int
    title: str
    lanes: list[list[str]]
    reproduce: str
    story: Story


class Part(NamedTuple):
    """One fake of a test, as its row shows it when it is opened.

    ``before`` counts the calls that were made before the last exploration.
    """

    fake: FakeFacts
    before: int
    told: list[str]
    story: Story
    explorations: list[tuple[Explored, list[World], int]]


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
    tests = sorted(report.tests, key=lambda test: test.outcome not in FIRST)
    rows = [_row(test, panel) for test in tests]
    script, style = (_text(f"page.{kind}") for kind in ("js", "css"))
    return environment.get_template("page.html").render(
        report=report,
        figures=figures(report),
        verdict=verdict(report),
        filters=_filters(rows),
        rows=rows,
        script=_trusted(script),
        style=_trusted(style),
        script_hash=_hash_of(script),
        style_hash=_hash_of(style),
    )


def _trusted(text: str) -> Markup:
    """Keep a template from escaping text that this package wrote or has escaped."""
    return Markup(text)  # noqa: S704 - no value gets here that is not escaped


def _text(name: str) -> str:
    return files(_HERE).joinpath("templates", name).read_text("utf-8")


def _hash_of(text: str) -> str:
    return f"sha256-{b64encode(sha256(text.encode()).digest()).decode()}"


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
        why=_why(test.failures),
        endpoints=_distinct(call.endpoint or NOWHERE for call in calls),
        faults=_distinct([*met, *guilty]),
        clients=_distinct(call.client for call in calls),
        marks=list(_marks(test, calls)),
        panel=_trusted(
            panel.render(
                test=test, why=_why(test.failures), parts=[_part(fake, test) for fake in test.fakes]
            )
        ),
    )


def _why(failures: Sequence[str]) -> str:
    if not failures:
        return ""
    more = f"; and {len(failures) - 1} more" if len(failures) > 1 else ""
    return f"{cut(failures[0], MOST_OF_WHY)}{more}"


def _distinct(names: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(names))


def _worlds(test: TestFacts) -> list[WorldFacts]:
    return [world for fake in test.fakes for worlds in fake.explorations for world in worlds]


def _failed_worlds(test: TestFacts) -> list[WorldFacts]:
    return [world for world in _worlds(test) if world.outcome == "failed"]


def _marks(test: TestFacts, calls: Sequence[CallFacts]) -> Iterator[tuple[str, str]]:
    """Yield the marks of a test in its row: a style and words."""
    faults = sum(call.fault is not None for call in calls)
    worlds, failed = len(_worlds(test)), len(_failed_worlds(test))
    findings = sum(len(fake.findings) for fake in test.fakes)
    blocked = len(blocked_once(fake.blocked for fake in test.fakes))
    if blocked:
        yield "bad", messages.count(blocked, "blocked request")
    if findings:
        yield "bad", messages.count(findings, "finding")
    if worlds:
        told = f", {failed} failed" if failed else ""
        yield ("bad" if failed else "plain"), f"{messages.count(worlds, 'world')}{told}"
    if faults:
        yield "wire", messages.count(faults, "fault")
    yield "plain", messages.count(len(calls), "exchange")
    payments = sum(len(fake.payments) for fake in test.fakes)
    yield "plain", messages.count(payments, "payment")
    yield from (("plain", f"{total} charged") for total in _charged(test))


def _charged(test: TestFacts) -> list[str]:
    """Return what was charged in each currency, refunded or not; empty if there are too many."""
    by_currency: dict[str, list[Decimal]] = {}
    for balance in (balance for fake in test.fakes for balance in fake.balances):
        by_currency.setdefault(balance.currency, []).append(Decimal(balance.charged))
    sums = [(exact_sum(amounts), currency) for currency, amounts in by_currency.items()]
    shown = [f"{total} {currency}" for total, currency in sums if total]
    return shown if len(shown) <= MOST_SUMS else []


def _shown_payments(payments: Sequence[PaymentFacts]) -> list[PaymentFacts]:
    matters = [at for at, one in enumerate(payments) if one.lost or one.status != "success"]
    return [payments[place] for place in kept(len(payments), matters, MOST_PAYMENTS)]


def _part(fake: FakeFacts, test: TestFacts) -> Part:
    told = [*(finding.words for finding in fake.findings), *fake.blocked]
    failures = "\n".join(test.failures)
    return Part(
        fake=fake,
        before=calls_before([world for worlds in fake.explorations[-1:] for world in worlds]),
        told=[words for words in told if words not in failures],
        story=_story(fake),
        explorations=[
            _explored(fake, place, test.reproduce) for place in range(len(fake.explorations))
        ],
    )


def _story(facts: LedgerFacts) -> Story:
    return Story(
        facts=facts,
        diagram=_trusted(diagram(facts)) if facts.calls else Markup(),
        calls=[facts.calls[place] for place in shown_calls(facts.calls)],
        flows=[_trusted(flow(balance)) for balance in facts.balances[:MOST_FLOWS]],
        payments=_shown_payments(facts.payments),
    )


def _explored(fake: FakeFacts, place: int, reproduce: str) -> tuple[Explored, list[World], int]:
    """Return an exploration, the failed worlds to show, and how many more failed."""
    worlds = fake.explorations[place]
    # Where the test ended in a world, that world is shown already.
    above = fake.world if place == len(fake.explorations) - 1 else None
    failed = [
        World(
            world.number,
            placed_words(world.faults) or order(_steps(world)),
            _lanes(world, told),
            _only(reproduce, world.number, by_hand=fake.by_hand),
            _story(told),
        )
        for world in worlds
        if (told := world.ledger) is not None and world.number != above
    ]
    return explored(worlds), failed[:MOST_WORLDS], max(0, len(failed) - MOST_WORLDS)


def _steps(world: WorldFacts) -> list[Step]:
    return [(step.worker, step.calls, step.until, step.error) for step in world.steps]


def _lanes(world: WorldFacts, ledger: LedgerFacts) -> list[list[str]]:
    """Return who did what in which order: a row an event, a column a worker."""

    def told(number: int) -> str:
        call = ledger.calls[number - 1]
        return call_words(call.number, call.endpoint, call.status)

    workers = range(1, max((step.worker for step in world.steps), default=0) + 1)
    return [
        [event if worker == number else "" for number in workers]
        for worker, event in events(_steps(world), told)
    ]


def _only(reproduce: str, number: int, *, by_hand: bool) -> str:
    """Return the command that runs one world of a test."""
    command, _, _ = reproduce.partition(" --paymock-world=")
    way = only_world(number, by_hand=by_hand)
    return f"{command}  # with {way}" if by_hand else f"{command} {way}"
