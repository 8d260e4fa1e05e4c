"""The terminal summary: what asks for attention, and nothing else."""

import json
from pathlib import Path

import pytest

from .conftest import Run, summary

FOREIGN = """
def test_foreign(paymock):
    pay(paymock, owner="cust_2")
"""


FOUND = (
    "    foreign_token: txn_20260127120000_3c5a60cf charges cust_1 5 USD with a token of cust_2 "
    '(silence it with @pytest.mark.paymock(allow=["foreign_token"]))'
)

STRAY = """
def test_stray(paymock):
    with pytest.raises(httpx.ConnectError):
        httpx.get("https://bank.example/")
"""

EXPLORED = """
def test_explored(paymock):
    for world in paymock.explore():
        with world:
            pay_naively(paymock)
            {check}
"""


@pytest.mark.parametrize("source", ["def test_plain(): pass", "def test_ok(paymock): pay(paymock)"])
def test_it_is_silent_when_there_is_nothing_to_say(run: Run, source: str):
    assert summary(run(source, "--paymock-seed=7")) == []


WORKER = ("-p", "xdist", "-n", "1")


def test_it_is_silent_of_a_worker_that_has_nothing_to_say(run: Run):
    source = "def test_plain(): pass\ndef test_ok(paymock): pay(paymock)"
    assert summary(run(source, *WORKER, "--paymock-seed=7")) == []


def test_of_a_worker_it_says_the_same_as_of_one_process(run: Run):
    allowed = STRAY.replace("def", '@pytest.mark.paymock(allow=["swallowed_block"])\ndef')
    explored = EXPLORED.format(check="")
    source = FOREIGN + STRAY + allowed.replace("stray", "allowed") + explored
    shown = summary(run(source, "--paymock-report=it.json"))
    assert [line for line in shown if line[0] != " "] == [
        "2 findings (1 foreign_token, 1 double_charge):",
        "1 blocked request:",
        "explored 20 worlds in 1 test: no world failed",
        "outcomes and ids decided by seed 0",
        "report: it.json",
    ]
    assert summary(run(source, *WORKER, "--paymock-report=it.json")) == shown


@pytest.mark.parametrize("quiet", [(), ("-q",)])
def test_it_tells_what_guards_found(run: Run, quiet: tuple[str, ...]):
    result = run(FOREIGN, *quiet)
    assert summary(result) == [
        "1 finding (1 foreign_token):",
        "  test_till.py::test_foreign",
        FOUND,
        "outcomes and ids decided by seed 0",
    ]


def test_it_counts_findings_by_guard(run: Run):
    twice = """
from pytest_paymock import faults
def test_twice(paymock):
    paymock.faults.queue(faults.server_error(after_commit=True))
    pay(paymock, owner="cust_2")
    pay(paymock)
"""
    assert summary(run(FOREIGN + twice))[0] == "3 findings (2 foreign_token, 1 double_charge):"


def test_it_tells_which_requests_were_blocked(run: Run):
    first, name, words, seed = summary(run(STRAY))
    assert (first, name, seed) == (
        "1 blocked request:",
        "  test_till.py::test_stray",
        "outcomes and ids decided by seed 0",
    )
    assert words.startswith("    paymock stopped GET https://bank.example/: it is not under ")


def test_it_says_nothing_of_a_block_that_is_meant_to_be(run: Run):
    source = STRAY.replace("def", '@pytest.mark.paymock(allow=["swallowed_block"])\ndef')
    result = run(source, "--paymock-report=it.json")
    result.assert_outcomes(passed=1)
    assert summary(result) == ["report: it.json"]
    report = json.loads(Path("it.json").read_text())
    assert report["totals"]["blocked"] == 0
    assert report["tests"][0]["fakes"][0]["blocked"] == []


def test_it_counts_explored_worlds(run: Run):
    source = EXPLORED.format(check="")
    shown = summary(run(source, "--paymock-guards=off"))
    assert shown == [
        "explored 20 worlds in 1 test: no world failed",
        "outcomes and ids decided by seed 0",
    ]


def test_it_counts_worlds_that_failed(run: Run):
    source = EXPLORED.format(check="assert len(paymock.payments) <= 1")
    passing = EXPLORED.replace("explored", "passing").format(check="")
    shown = summary(run(source + passing, "--paymock-guards=off"))
    assert shown == [
        "explored 25 worlds in 2 tests: 1 world failed",
        "outcomes and ids decided by seed 0",
    ]


def test_under_quiet_worlds_alone_are_nothing_to_say(run: Run):
    source = EXPLORED.format(check="")
    assert summary(run(source, "--paymock-guards=off", "-q")) == []


def test_it_lists_the_seeds(run: Run):
    marked = "".join(
        f"@pytest.mark.paymock(seed={seed})\n{FOREIGN.strip().replace('foreign', f'at_{seed}')}\n"
        for seed in range(11, 0, -1)
    )
    assert (
        summary(run(FOREIGN + marked))[-1]
        == "outcomes and ids decided by seeds 0, 1, 2, 3, 4, 5, 6, 7, 8, 9 and 2 more"
    )


def test_it_folds_what_is_long(run: Run):
    marked = '@pytest.mark.parametrize("number", range(12))'
    source = FOREIGN.replace("def", f"{marked}\ndef").replace("(paymock)", "(paymock, number)")
    shown = summary(run(source))
    assert shown[0] == "12 findings (12 foreign_token):"
    assert shown.count(FOUND) == 10
    assert shown[-2:] == [
        "  ... and 2 more",
        "outcomes and ids decided by seed 0",
    ]


def test_it_says_where_a_report_is(run: Run):
    result = run("def test_plain(): pass", "--paymock-report=new/it.json", "-q")
    assert summary(result) == ["report: new/it.json"]


def test_no_card_of_a_name_is_in_it(run: Run):
    source = FOREIGN.replace("def", '@pytest.mark.parametrize("card", ["4532015112830366"])\ndef')
    shown = summary(run(source.replace("(paymock)", "(paymock, card)")))
    assert shown[1] == "  test_till.py::test_foreign[************0366]"


def test_a_run_without_a_terminal_has_no_summary_and_still_a_report(run: Run):
    result = run(FOREIGN, "-p", "no:terminal", "--paymock-report=it.json")
    assert result.ret == 0
    assert result.outlines == []


def test_a_request_that_two_fakes_stop_is_told_once(run: Run):
    source = STRAY.replace("(paymock)", "(paymock, paymock_factory)").replace(
        "    with", "    paymock_factory(base_url='https://pay.example')\n    with"
    )
    assert summary(run(source))[0] == "1 blocked request:"
