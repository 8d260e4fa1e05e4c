"""``--paymock-report=FILE.html``: one page, whole in itself, that no value can break out of."""

import re
from base64 import b64encode
from hashlib import sha256
from html.parser import HTMLParser
from typing import Any

import pytest

from pytest_paymock._report.models import FindingFacts
from pytest_paymock._report.page import FIRST, MOST_FLOWS, MOST_PAYMENTS, as_html

from .conftest import Run
from .facts import (
    AFTER,
    BEFORE,
    LATE,
    a_balance,
    a_call,
    a_fake,
    a_ledger,
    a_payment,
    a_report,
    a_test,
    a_world,
)

VOID = {"meta", "link", "input", "br"}


class Markup(HTMLParser):
    """Reads a page, and insists that every element is closed where it should be."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self._open: list[str] = []
        self.feed(text)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "script" not in self._open and "style" not in self._open:
            self.texts.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.texts).split())

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]


def panels(page: str) -> list[Markup]:
    """Return what each row shows when it is opened."""
    found = re.findall(r'<script type="text/plain">(.*?)</script>', page, re.DOTALL)
    return [Markup(text) for text in found]


def rows(page: str) -> list[dict[str, str | None]]:
    return [row for row in Markup(page).all("div") if row.get("role") == "listitem"]


def a_page(*tests: Any, **given: Any) -> str:
    return as_html(a_report(*tests, **given))


# -- the page ---------------------------------------------------------------------------------


def test_a_page_is_whole_in_itself():
    page = a_page(a_test(fakes=[a_fake(calls=[a_call()], balances=[a_balance(kept="5")])]))
    for markup in (Markup(page), *panels(page)):
        for _, attributes in markup.elements:
            assert not {"src", "srcset", "style", "onclick", "onload"} & set(attributes)
            assert (attributes.get("href") or "#").startswith(("#", "data:"))
    assert "url(" not in page
    assert "@import" not in page


def test_its_policy_lets_only_its_own_script_and_style_in():
    page = a_page(a_test())
    (policy,) = (meta for meta in Markup(page).all("meta") if "http-equiv" in meta)
    wanted = policy["content"] or ""
    assert wanted.startswith("default-src 'none'; script-src 'sha256-")
    assert "unsafe" not in wanted
    for tag in ("script", "style"):
        (text,) = re.findall(rf"<{tag}>(.*?)</{tag}>", page, re.DOTALL)
        digest = b64encode(sha256(text.encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in wanted


def test_an_empty_run_says_so():
    page = a_page()
    assert "No test of this run used paymock." in Markup(page).text
    assert rows(page) == []
    assert Markup(page).all("form") == []


@pytest.mark.parametrize("interrupted", [True, False])
def test_a_run_that_ended_early_says_so(*, interrupted: bool):
    text = Markup(a_page(a_test(), interrupted=interrupted)).text
    assert ("Not every test of the run came to its end." in text) is interrupted
    assert "pytest-paymock 1.2.3 · 20" in text


@pytest.mark.parametrize(
    ("outcome", "crashed", "verdict", "told"),
    [
        ("passed", [], "1 test, none failed", ""),
        ("passed", ["a"], "1 test, none failed, 1 crashed", "its process took with it what "),
        ("failed", ["a"], "1 of 1 test failed, 1 crashed", "its process took with it what "),
        ("passed", ["a", "b"], "1 test, none failed, 2 crashed", "their processes took with them "),
    ],
)
def test_tests_that_crashed_are_named(outcome: str, crashed: list[str], verdict: str, told: str):
    markup = Markup(a_page(a_test(outcome=outcome), crashed=tuple(crashed)))
    assert f" UTC {verdict} " in markup.text
    (shown,) = (p for p in markup.all("p") if (p.get("class") or "").startswith("verdict"))
    good = outcome == "passed" and not crashed
    assert shown["class"] == ("verdict good" if good else "verdict bad")
    assert ("Crashed, and " in markup.text) is bool(crashed)
    assert told in markup.text
    assert " , ".join(crashed) in markup.text


def test_what_failed_is_open_on_paper():
    # No test here runs a script: that these events do what they should was looked at in a browser.
    (script,) = re.findall(r"<script>(.*?)</script>", a_page(a_test()), re.DOTALL)
    assert script.index('"beforeprint"') < script.index('"afterprint"')
    for outcome in FIRST:
        assert f'[data-outcome="{outcome}"]' in script


def test_the_overview_shows_the_figures():
    worlds = (a_world(1, "passed"), a_world(2, "failed", (1, "refund", BEFORE)))
    finding = FindingFacts(guard="double_charge", words="double_charge: twice")
    fake = a_fake(
        calls=[a_call(1, fault=AFTER, lost=True), a_call(2)],
        explorations=[worlds],
        findings=[finding],
        blocked=["stopped"],
    )
    text = Markup(a_page(a_test(outcome="failed", fakes=[fake]))).text
    for figure in (
        "tests 1 1 failed",
        "exchanges 2",
        "faults met 1 1 answer lost",
        "explored worlds 2 1 failed",
        "guard findings 1 see the tests",
        "blocked requests 1 see the tests",
    ):
        assert figure in text


def test_the_overview_of_a_quiet_run_shows_no_notes():
    page = a_page(a_test())
    figures = page[page.index('<dl class="figures">') : page.index("</dl>")]
    assert "<small>" not in figures
    assert set(re.findall(r'<div class="(\w+)">', figures)) == {"zero"}


@pytest.mark.parametrize(
    ("outcome", "findings", "kind", "words"),
    [
        ("passed", [], "good", "2 tests, none failed"),
        ("failed", [], "bad", "1 of 2 tests failed"),
        ("error", ["double_charge: twice"], "bad", "1 of 2 tests failed"),
        ("passed", ["double_charge: twice"], "wire", "2 tests, none failed, and something to look"),
    ],
)
def test_the_first_thing_that_is_told_is_how_it_went(
    outcome: str, findings: list[str], kind: str, words: str
):
    found = [FindingFacts(guard="double_charge", words=text) for text in findings]
    tests = a_test("a.py::test_1", outcome=outcome, fakes=[a_fake(findings=found)]), a_test()
    assert f'<p class="verdict {kind}">{words}' in a_page(*tests)


def test_a_request_that_was_stopped_is_something_to_look_at():
    page = a_page(a_test(fakes=[a_fake(blocked=["paymock stopped GET"])]))
    assert '<p class="verdict wire">1 test, none failed, and something to look at</p>' in page


def test_what_is_bad_and_what_was_meant_to_go_wrong_are_told_apart():
    calls = [a_call(fault=AFTER, lost=True)]
    page = a_page(a_test(outcome="failed", fakes=[a_fake(calls=calls)]))
    figures = re.findall(r'<div class="(\w+)"><dt>([a-z ]+)</dt>', page)
    assert {name: kind for kind, name in figures if kind != "zero"} == {
        "tests": "bad",
        "faults met": "wire",
    }


# -- rows and filters -------------------------------------------------------------------------


def test_a_row_can_be_filtered_by_what_its_test_met():
    world = a_world(2, "failed", (1, "refund", BEFORE))
    calls = [a_call(1, fault=AFTER), a_call(2, endpoint=None, client="requests"), a_call(3)]
    page = a_page(
        a_test("a.py::test_a", fakes=[a_fake(calls=calls, explorations=[[world]])]),
        a_test("a.py::test_b", outcome="xfailed"),
    )
    assert rows(page) == [
        {
            "role": "listitem",
            "data-name": "a.py::test_a",
            "data-outcome": "passed",
            "data-endpoints": "create_payment|unknown path",
            "data-faults": "read timeout after commit|read timeout",
            "data-clients": "httpx|requests",
        },
        {
            "role": "listitem",
            "data-name": "a.py::test_b",
            "data-outcome": "xfailed",
            "data-endpoints": "",
            "data-faults": "",
            "data-clients": "",
        },
    ]
    choices = re.findall(r'<select name="(\w+)">(.*?)</select>', page)
    assert {name: re.findall(r"<option>(.*?)</option>", inside) for name, inside in choices} == {
        "outcome": ["passed", "xfailed"],
        "endpoints": ["create_payment", "unknown path"],
        "faults": ["read timeout", "read timeout after commit"],
        "clients": ["httpx", "requests"],
    }


def test_what_failed_comes_first():
    page = a_page(
        a_test("a.py::test_1"),
        a_test("a.py::test_2", outcome="skipped"),
        a_test("a.py::test_3", outcome="error"),
        a_test("a.py::test_4", outcome="failed"),
    )
    assert [row["data-outcome"] for row in rows(page)] == ["error", "failed", "passed", "skipped"]


def test_a_row_tells_what_is_worth_a_look():
    worlds = [a_world(1, "passed"), a_world(2, "failed", (1, "refund", BEFORE))]
    finding = FindingFacts(guard="double_charge", words="double_charge: twice")
    fake = a_fake(
        calls=[a_call(fault=AFTER)],
        payments=[a_payment()],
        explorations=[worlds],
        findings=[finding],
        blocked=["stopped", "stopped too"],
    )
    text = Markup(a_page(a_test("a.py::test_a", fakes=[fake]))).text
    marks = "2 blocked requests 1 finding 2 worlds, 1 failed 1 fault 1 exchange 1 payment"
    assert f"passed a.py test_a {marks}" in text
    quiet = a_fake(explorations=[worlds[:1]])
    text = Markup(a_page(a_test("a.py::test_a", fakes=[quiet]))).text
    assert "passed a.py test_a 1 world no exchange no payment" in text


def test_a_row_tells_how_much_was_charged():
    def marks(*balances: Any) -> str:
        text = Markup(a_page(a_test("a.py::test_a", fakes=[a_fake(balances=balances)]))).text
        return text.partition("no payment")[2].strip()

    assert marks() == ""
    assert marks(a_balance(pending="5")) == ""
    assert marks(
        a_balance(charged="0.1"),
        a_balance(charged="0.20", customer_id="cust_2"),
        a_balance(charged="7", currency="EUR"),
    ) == ("0.30 USD charged 7 EUR charged")
    assert marks(*(a_balance(charged="1", currency=name) for name in ("A", "B", "C", "D"))) == ""


def test_a_row_tells_why_its_test_failed():
    def told(*failures: str) -> tuple[str, list[str]]:
        page = a_page(a_test(outcome="failed", failures=failures))
        (panel,) = panels(page)
        return Markup(page).text.partition("no payment")[2].strip(), panel.texts

    row, panel = told("expected 1 charge")
    assert row == "expected 1 charge"
    assert "expected 1 charge" not in panel, "it stands above it"
    row, panel = told("in world 2", "in world 3")
    assert row == "in world 2; and 1 more"
    assert {"in world 2", "in world 3"} <= set(panel)
    row, panel = told("x" * 500)
    assert row == f"{'x' * 159}…"
    assert "x" * 500 in panel


def test_what_a_test_failed_for_is_not_told_twice():
    finding = FindingFacts(guard="double_charge", words="double_charge: twice")
    fake = a_fake(findings=[finding], blocked=["paymock stopped GET"])
    failures = ("double_charge: twice", "swallowed: paymock stopped GET.")
    (panel,) = panels(a_page(a_test(outcome="failed", failures=failures, fakes=[fake])))
    assert panel.text.count("twice") == panel.text.count("paymock stopped GET") == 1


# -- what a row shows when it is opened -------------------------------------------------------


def opened(**given: Any) -> Markup:
    (panel,) = panels(a_page(a_test(fakes=[a_fake(**given)])))
    return panel


def test_it_shows_the_command_and_what_rules_the_fake():
    text = opened(waiting=["success", "disconnect on refund"]).text
    assert text.startswith(
        "Run it alone: pytest test_till.py::test_it http://localhost:8000 · seed 0 · "
        "clock 2026-01-27T12:00:00.000Z (pinned) · still queued: success, disconnect on refund"
    )
    assert "(real)" in opened(clock_pinned=False).text


def test_it_says_when_nothing_happened():
    panel = opened()
    assert panel.text.endswith("Nothing was called and nothing was paid.")
    assert panel.all("svg") == panel.all("table") == []


def test_it_shows_findings_and_blocked_requests():
    finding = FindingFacts(guard="double_charge", words="double_charge: twice")
    assert "double_charge: twice" in opened(findings=[finding]).text
    assert "paymock stopped GET" in opened(blocked=["paymock stopped GET"]).text


def test_it_draws_the_exchanges_and_says_them_in_words():
    call = a_call(status=None, fault=AFTER, lost=True, waited=5.0, detail=None)
    refused = a_call(2, status=404, detail="Transaction not found", fault=LATE)
    panel = opened(calls=[call, refused])
    assert [svg["class"] for svg in panel.all("svg")] == ["sequence"]
    assert (
        "1 httpx POST /api/v1/payments none read timeout after commit "
        "(the API acted, its answer was lost) 5 s 2026-01-27T12:00:00.000Z" in panel.text
    )
    assert "404 Transaction not found latency 3 s" in panel.text


def test_it_shows_payments_and_their_money():
    panel = opened(
        payments=[
            a_payment(lost=True, refund_id="ref_1"),
            a_payment(
                transaction_id="txn_2",
                status="pending",
                message="Payment under review",
                call=None,
            ),
        ],
        balances=[a_balance(kept="5"), a_balance(currency="EUR")],
    )
    assert [svg["class"] for svg in panel.all("svg")] == ["flow", "flow"]
    assert (
        "txn_20260127120000_3c5a60cf success, refunded, answer lost 5 USD cust_1 Visa 0366 "
        "seeded draw 0.477 < 0.90 1" in panel.text
    )
    assert "Visa 0366 Payment under review: seeded draw 0.477 < 0.90 none" in panel.text


def test_it_shows_explored_worlds_as_a_grid():
    panel = opened(
        explorations=[
            [
                a_world(1, "passed"),
                a_world(2, "passed", (1, "refund", BEFORE)),
                a_world(3, "failed", (1, "refund", AFTER)),
                a_world(4, "not run", (2, "refund", BEFORE)),
                a_world(5, "passed", (2, "refund", LATE)),
                a_world(6, "passed", (1, "refund", BEFORE), (2, "refund", BEFORE)),
            ]
        ]
    )
    assert (
        "With one fault Fault 1 refund before commit 1 refund after commit 2 refund before commit "
        "2 refund late answer "
        "read timeout ✓ world 2 passed ✗ world 3 failed · world 4 did not run no such world "
        "latency 3 s no such world no such world no such world ✓ world 5 passed" in panel.text
    )
    assert "Of those with more faults, not shown here: 1 world: 1 passed." in panel.text


def test_what_is_long_is_cut_and_counted():
    panel = opened(
        calls=[a_call(number) for number in range(1, 101)],
        payments=[a_payment()] * (MOST_PAYMENTS + 3),
        balances=[a_balance(kept="5")] * (MOST_FLOWS + 2),
    )
    for words in ("60 more exchanges", "3 more payments", "2 more sums"):
        assert f"{words} are in the JSON report." in panel.text


def test_of_many_payments_those_are_shown_that_went_otherwise():
    many = [a_payment(transaction_id=f"txn_{number}") for number in range(300)]
    many[120] = a_payment(transaction_id="declined", status="failed")
    many[180] = a_payment(transaction_id="untold", lost=True)
    text = opened(payments=many).text
    for name in ("txn_0 ", "txn_299 ", "declined ", "untold ", "txn_119 ", "txn_181 "):
        assert name in text
    assert "txn_150 " not in text


# -- hostile values ---------------------------------------------------------------------------

NASTY = "</script><script>alert(1)</script><!--\"'><img src=x onerror=alert(1)>&amp;{{ 7 * 7 }}"


def test_no_value_breaks_out_of_the_page():
    call = a_call(method=NASTY, path=NASTY, endpoint=NASTY, client=NASTY, detail=NASTY, status=400)
    fault = BEFORE.model_copy(update={"words": NASTY})
    fake = a_fake(
        base_url=NASTY,
        calls=[call, a_call(2, fault=fault)],
        payments=[a_payment(customer_id=NASTY, reason=NASTY, transaction_id=NASTY)],
        balances=[a_balance(customer_id=NASTY, kept="5")],
        explorations=[
            [
                a_world(
                    1,
                    "failed",
                    (1, NASTY, fault),
                    (2, NASTY, fault),
                    ledger=a_ledger(calls=[call], balances=[a_balance(customer_id=NASTY)]),
                )
            ]
        ],
        findings=[FindingFacts(guard=NASTY, words=NASTY)],
        blocked=[NASTY],
        waiting=[NASTY],
    )
    page = a_page(a_test(f"a.py::{NASTY}", reproduce=NASTY, failures=[NASTY, NASTY], fakes=[fake]))
    markup = Markup(page)
    (panel,) = panels(page)
    assert len(markup.all("script")) == 2
    assert not markup.all("img") + panel.all("img") + panel.all("script")
    assert NASTY in " ".join(markup.texts)
    assert "".join(panel.texts).count(NASTY) >= 10
    assert "<!--" not in page


SALE = """
@pytest.mark.parametrize("card", ["4532015112830366"])
def test_sale(paymock, card):
    tokenize(paymock, "<b>")
    pay(paymock, description=card, customer_id="<b>")
    pay(paymock, customer_id=card)

def test_plain(): pass
"""


@pytest.mark.parametrize(
    "workers", [(), ("-p", "xdist", "-n", "2")], ids=["one process", "two workers"]
)
def test_a_run_writes_its_page(run: Run, project: pytest.Pytester, workers: tuple[str, ...]):
    run(SALE, "--paymock-report=report.html", *workers)
    page = (project.path / "report.html").read_text("utf-8")
    assert "1 of 1 tests" in Markup(page).text
    (panel,) = panels(page)
    assert "************0366" in panel.text
    assert "4532015112830366" not in page
    assert panel.all("b") == []


def test_a_run_without_the_fake_writes_a_page_that_says_so(run: Run, project: pytest.Pytester):
    run("def test_plain(): pass", "--paymock-report=report.HTML")
    assert "No test of this run" in (project.path / "report.HTML").read_text("utf-8")


def test_without_a_script_no_filter_is_offered():
    page = a_page(a_test())
    assert '<form id="filters" hidden' in page
    assert "form.hidden = false;" in page
    assert "form[hidden] { display: none; }" in page
