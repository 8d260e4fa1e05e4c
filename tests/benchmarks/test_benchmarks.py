"""What is worked out from measured numbers. Nothing here takes a time or counts an instruction."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks import cachegrind, contenders, environment, instructions, processes, timing
from benchmarks.measures import MEASURES
from benchmarks.rows import Effort, Goal, Row, at_least, at_most

from .rows import PEER, UNKNOWN

# -- goals ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("goal", "value", "met"),
    [
        (at_most(1.12), 1.12, True),
        (at_most(1.12), 1.1201, False),
        (at_most(1.12), 0.5, True),
        (at_least(50), 50, True),
        (at_least(50), 49.9, False),
        (at_least(50), 94.2, True),
        (at_most(0), 0, True),
        (at_most(0), 1, False),
    ],
)
def test_a_number_on_the_bound_keeps_it(goal: Goal, value: float, *, met: bool) -> None:
    assert Row("S3", "", value, goal).met is met


@pytest.mark.parametrize("row", [PEER, UNKNOWN], ids=["without a goal", "without a number"])
def test_nothing_is_said_of_a_goal(row: Row) -> None:
    assert row.met is None


# -- instructions -----------------------------------------------------------------------------

SAID = """\
==4711== Cachegrind, a cache and branch-prediction profiler
==4711== Command: python -m benchmarks.contenders httpx 40
1 passed
==4711==
==4711== I   refs:      4,182,007,311
"""


def test_the_total_is_read_off_what_cachegrind_says() -> None:
    assert cachegrind.total(SAID) == 4_182_007_311


def test_newer_valgrind_writes_fewer_spaces() -> None:
    assert cachegrind.total("==1== I refs:  17\n") == 17


def test_a_run_without_a_total_is_broken() -> None:
    with pytest.raises(processes.BrokenRunError, match=r"no instruction count: \.\.\.valgrind: m"):
        cachegrind.total("valgrind: m_main.c: out of memory")


def test_what_both_runs_have_in_common_costs_nothing() -> None:
    assert cachegrind.per_round((40, 9_040), (120, 9_120)) == 1.0


@pytest.fixture
def counting(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, ...]]:
    """Pretend a start of a million instructions, and a hundred a flow."""
    told: list[tuple[str, ...]] = []

    def run(arguments: tuple[str, ...], _: Path) -> str:
        told.append(arguments)
        return ""

    monkeypatch.setattr(processes, "run", run)
    monkeypatch.setattr(cachegrind, "is_here", lambda: True)
    monkeypatch.setattr(cachegrind, "count", lambda words, _: 1_000_000 + 100 * int(words[-1]))
    return told


def test_a_call_is_a_fourth_of_a_flow(counting: list[tuple[str, ...]]) -> None:
    assert instructions.per_call(["one", "two"], Effort(jobs=2)) == {"one": 25.0, "two": 25.0}
    assert sorted(counting) == [
        ("-m", "benchmarks.contenders", "one", "1"),
        ("-m", "benchmarks.contenders", "two", "1"),
    ], "one run of each compiles what is not compiled yet"


def test_without_valgrind_it_is_told_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    ran: list[tuple[str, int]] = []
    monkeypatch.setattr(contenders, "run", lambda *what: ran.append(what))
    monkeypatch.setenv("PATH", "")

    assert instructions.per_call(["one", "two"], Effort()) == cachegrind.MISSING
    assert "apt install valgrind" in cachegrind.MISSING
    assert ran == [("one", 1), ("two", 1)]


# -- processes --------------------------------------------------------------------------------


def test_a_process_has_steady_hashes(tmp_path: Path) -> None:
    words = ("-c", "import os, sys; sys.stderr.write(os.environ['PYTHONHASHSEED'] + os.getcwd())")
    assert processes.run(words, tmp_path) == f"0{tmp_path.resolve()}"


def test_a_process_may_run_within_another_command(tmp_path: Path) -> None:
    within = (sys.executable, "-c", "import sys; sys.stderr.write(' '.join(sys.argv[2:]))")
    assert processes.run(("-m", "this"), tmp_path, within=within) == "-m this"


def test_a_process_that_fails_shows_what_it_said(tmp_path: Path) -> None:
    with pytest.raises(processes.BrokenRunError, match=r"ended with 1: out\n\ngone\n$"):
        processes.run(("-c", "print('out'); raise SystemExit('gone')"), tmp_path)


# -- times ------------------------------------------------------------------------------------


def test_turns_are_taken_and_each_begins_once() -> None:
    told: list[str] = []

    def work(name: str) -> Iterator[float]:
        for number in range(3):
            told.append(name)
            yield float(number)

    works = {name: work(name).__next__ for name in "abc"}
    samples = timing.interleaved(works, 3)

    assert "".join(told) == "abc" + "bca" + "cab"
    assert samples == {name: [0.0, 1.0, 2.0] for name in works}


def test_a_ratio_is_the_median_within_rounds() -> None:
    # In the second round the machine was busy with something else, for both.
    samples = {"mine": [3.0, 40.0, 4.5], "base": [2.0, 20.0, 3.0]}
    assert timing.ratio(samples, "mine", "base") == 1.5


def test_a_median_is_shown_in_microseconds() -> None:
    assert timing.shown({"a": [0.5, 0.004, 0.002]}, "a", 40) == "100.0 us"


def test_a_stopwatch_runs_the_work() -> None:
    told: list[int] = []
    assert timing.stopwatch(lambda: told.append(1))() >= 0
    assert told == [1]


# -- the rest ---------------------------------------------------------------------------------


def test_the_measures_are_those_of_the_issue() -> None:
    assert [measure.name for measure in MEASURES] == [f"S{number}" for number in range(1, 11)]


def test_few_variables_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "environ", {"PATH": "/bin", "HTTP_PROXY": "x", "PYTHONPATH": "y"})
    environment.trim()
    assert os.environ == {"PATH": "/bin"}
