"""Nothing that explains a failure can hide it: neither what a test has replaced, nor an alarm."""

import json
from collections.abc import Callable

import pytest

from pytest_paymock import Paymock
from pytest_paymock._checks.checks import Checks
from pytest_paymock._report import document, labels
from pytest_paymock._text import tables

from .conftest import Run
from .reading import sections

PATCHED = """
import datetime
import decimal
import json
import os.path
import re
import shlex
import textwrap
import threading
import time
import warnings
from unittest.mock import MagicMock

import pytest
from shop import buy

def broken(*_, **__):
    raise RuntimeError("replaced by the test")

class WithoutZone(datetime.datetime):
    @classmethod
    def now(cls):
        return cls(2026, 1, 27)

def traps(patch):
    for signal in decimal.getcontext().traps:
        decimal.getcontext().traps[signal] = True
    decimal.getcontext().prec = 1

PATCHES = {
    "datetime": lambda patch: patch.setattr(datetime, "datetime", WithoutZone),
    "a mock of datetime": lambda patch: patch.setattr(datetime, "datetime", MagicMock()),
    "json.loads": lambda patch: patch.setattr(json, "loads", lambda *_, **__: [1]),
    "json.dumps": lambda patch: patch.setattr(json, "dumps", broken),
    "JSONEncoder.default": lambda patch: patch.setattr(json.JSONEncoder, "default", broken),
    "os.path.relpath": lambda patch: patch.setattr(os.path, "relpath", broken),
    "re.compile": lambda patch: patch.setattr(re, "compile", broken),
    "shlex.join": lambda patch: patch.setattr(shlex, "join", broken),
    "textwrap.wrap": lambda patch: patch.setattr(textwrap, "wrap", broken),
    "threading": lambda patch: patch.setattr(threading, "current_thread", broken),
    "time.time": lambda patch: patch.setattr(time, "monotonic", broken),
    "decimal traps": traps,
    "warnings": lambda patch: warnings.simplefilter("error"),
}

@pytest.mark.parametrize("name", PATCHES)
def test_patched(paymock, monkeypatch, name):
    bought = buy(paymock, 0.01)
    with decimal.localcontext():
        PATCHES[name](monkeypatch)
        assert bought["status"] == "my own reason"
"""

CALLS = "  2  httpx  POST /api/v1/payments  201\n"


def test_a_test_that_replaces_the_standard_library_fails_for_its_own_reason(project, run: Run):
    project.makepyfile(test_shop=PATCHED)
    result = run()
    number = PATCHED.count("lambda patch:") + 1
    result.assert_outcomes(failed=number)
    assert result.outlines.count("E             - my own reason") == number
    shown = sections(result)
    assert len(shown) == number
    assert [text for text in shown if CALLS not in text] == []


FAILING = """
from pytest_paymock import faults
from shop import buy

def test_failing(paymock): assert buy(paymock)["status"] == "mine"

def test_telling(paymock):
    for world in paymock.explore([faults.latency(1)]):
        with world:
            buy(paymock)
"""

WHY = "TypeError: ************0366"


@pytest.fixture
def breaking(monkeypatch: pytest.MonkeyPatch) -> Callable[[BaseException], None]:
    """Let all that puts a test into words raise an error."""

    def breaking(error: BaseException) -> None:
        def broken(*_: object) -> None:
            raise error

        for owner, name in ((Paymock, "report"), (Checks, "evidence"), (Checks, "blame_world")):
            monkeypatch.setattr(owner, name, broken)
        monkeypatch.setattr(tables, "reasons", broken)

    return breaking


def test_what_cannot_be_shown_is_one_line_of_the_section(project, run: Run, breaking):
    breaking(TypeError("4532015112830366"))
    project.makepyfile(test_shop=FAILING)
    result = run("--paymock-report=r.json")
    result.assert_outcomes(failed=1, passed=1)
    section, *others = sections(result)
    assert section == (
        f"paymock could not show what happened in this test: {WHY}\n"
        "reproduce: pytest test_shop.py::test_failing --paymock-seed=0\n"
    )
    assert f"paymock could not show in which world it failed: {WHY}\n" in others
    result.stdout.fnmatch_lines(["E *assert 'success' == 'mine'", f"E *not show why: {WHY}"])
    assert "4532015112830366" not in result.stdout.str()
    told = json.loads((project.path / "r.json").read_text())["tests"]
    assert [test["outcome"] for test in told] == ["failed", "passed"]
    for test in told:
        assert test["failures"] == [f"paymock could not show what happened in this test: {WHY}"]


def test_an_alarm_within_our_hooks_fails_the_test_and_not_the_run(project, run: Run, breaking):
    """pytest-timeout raises what ``pytest.fail`` raises, wherever the run happens to be."""
    breaking(pytest.fail.Exception("Timeout (>1.0s)"))
    project.makepyfile(test_shop=FAILING + "\ndef test_plain(): pass\n")
    result = run()
    result.assert_outcomes(failed=1, passed=2, errors=1)
    result.stdout.fnmatch_lines(
        [
            "paymock could not show what is known of this test *: Failed: Timeout (>1.0s)",
            "E *assert 'success' == 'mine'",
        ]
    )


def test_ctrl_c_within_our_hooks_ends_the_run(project, run: Run, breaking):
    breaking(KeyboardInterrupt())
    project.makepyfile(test_shop=FAILING)
    with pytest.raises(KeyboardInterrupt):  # with which pytester tells of such an end
        run()


def test_a_summary_and_a_report_that_cannot_be_made_say_so(
    project, run: Run, monkeypatch: pytest.MonkeyPatch
):
    def broken(*_: object, **__: object) -> None:
        raise TypeError("4532015112830366")

    monkeypatch.setattr(labels, "summary", broken)
    project.makepyfile(test_shop=FAILING)
    result = run("-k", "telling")
    result.assert_outcomes(passed=1, deselected=1)
    assert f"paymock could not show the summary of this run: {WHY}" in result.outlines
    monkeypatch.undo()
    monkeypatch.setattr(document, "totals_of", broken)
    result = run("-k", "telling", "--paymock-report=r.json")
    assert f"ERROR: the report r.json could not be written: {WHY}" in result.outlines
    assert result.ret == pytest.ExitCode.USAGE_ERROR


def test_a_fake_that_cannot_be_imported_fails_only_the_tests_that_use_it(project, run_apart: Run):
    project.makepyfile(httpcore='raise RuntimeError("a broken installation")')
    project.makepyfile(
        test_shop="""
        def test_plain(): pass
        def test_using(paymock): pass
        """
    )
    result = run_apart()
    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(["E *RuntimeError: a broken installation"])
