"""Tests that run more than once, or not to their end, as other plugins and crashes make it so."""

import pytest

from .conftest import STEADY, Reported, Run, read, summary

# What pytest-rerunfailures and pytest-xdist do, as far as reports can tell.
RERUN = """
import pytest
from _pytest.runner import runtestprotocol

@pytest.hookimpl(tryfirst=True)
def pytest_runtest_protocol(item, nextitem):
    for attempt in (1, 2, 3):
        reports = runtestprotocol(item, nextitem=nextitem, log=False)
        again = attempt < 3 and any(report.failed for report in reports)
        for report in reports:
            if again and report.failed:
                report.outcome = "rerun"
            item.ihook.pytest_runtest_logreport(report=report)
        if not again:
            return True
        item._initrequest()

def pytest_report_teststatus(report):
    if report.outcome == "rerun":
        return "rerun", "R", "RERUN"
"""

FLAKY = """
attempts = []

def test_flaky(paymock):
    attempts.append(1)
    pay(paymock, len(attempts), owner="cust_2")
    assert len(attempts) == {attempts}
"""


@pytest.mark.parametrize(("attempts", "outcome"), [(2, "passed"), (9, "failed")])
@pytest.mark.parametrize(
    "workers", [(), ("-p", "xdist", "-n", "1")], ids=["one process", "a worker"]
)
def test_of_a_test_that_is_run_again_the_last_attempt_is_told(
    reported: Reported,
    project: pytest.Pytester,
    attempts: int,
    outcome: str,
    workers: tuple[str, ...],
):
    project.makeconftest(RERUN)
    report = reported(FLAKY.format(attempts=attempts), *workers)
    (test,) = report["tests"]
    (payment,) = test["fakes"][0]["payments"]
    assert (test["outcome"], payment["amount"]) == (outcome, str(min(attempts, 3)))
    assert report["totals"]["failed"] == (outcome == "failed")


def test_the_summary_counts_a_test_once_however_often_it_ran(run: Run, project: pytest.Pytester):
    project.makeconftest(RERUN)
    assert summary(run(FLAKY.format(attempts=2)))[0] == "1 finding (1 foreign_token):"


def test_a_report_says_that_a_worker_crashed(project: pytest.Pytester):
    project.makepyfile(
        test_till="""
        import os
        from till import pay

        def test_1(paymock): pay(paymock)
        def test_2(paymock): os._exit(3)
        """
    )
    project.runpytest_subprocess(*STEADY, "--paymock-report=report.json", "-p", "xdist", "-n", "1")
    report = read(project.path / "report.json")
    assert [(test["name"], test["outcome"]) for test in report["tests"]] == [
        ("test_till.py::test_1", "passed")
    ]
    assert report["interrupted"] is True
    assert report["crashed"] == ["test_till.py::test_2"]


def test_a_test_that_another_worker_ran_to_its_end_has_not_crashed(project: pytest.Pytester):
    project.makepyfile(
        test_till="""
        import os
        from pathlib import Path
        from till import pay

        def test_0(): pass
        def test_1(paymock):
            first = Path("first")
            if not first.exists():
                first.touch()
                os._exit(3)
            pay(paymock)
        def test_2(): pass
        """
    )
    project.makeconftest(
        """
        def pytest_handlecrashitem(crashitem, report, sched):
            sched.mark_test_pending(crashitem)
            report.outcome = "rerun"
        """
    )
    project.runpytest_subprocess(*STEADY, "--paymock-report=report.json", "-p", "xdist", "-n", "2")
    report = read(project.path / "report.json")
    assert [(test["name"], test["outcome"]) for test in report["tests"]] == [
        ("test_till.py::test_1", "passed")
    ]
    assert report["crashed"] == []
    assert report["interrupted"] is False


@pytest.mark.parametrize("used", ["", "def test_1(paymock): pass"])
def test_the_page_names_the_test_that_crashed(project: pytest.Pytester, used: str):
    project.makepyfile(
        test_till=f"""
        import os, pytest

        {used}
        @pytest.mark.parametrize("card", ["4532015112830366"])
        def test_2(paymock, card): os._exit(3)
        """
    )
    project.runpytest_subprocess(*STEADY, "--paymock-report=report.html", "-p", "xdist", "-n", "1")
    page = (project.path / "report.html").read_text("utf-8")
    told = "Crashed, and its process took with it what happened: <code>test_till.py::test_2[***"
    assert told in page
    assert "4532015112830366" not in page
    assert ("No other test of this run used paymock." in page) is not bool(used)
    assert ("1 test, none failed, 1 crashed" in page) is bool(used)
