"""``--paymock-seed=random`` draws one seed for the whole run and prints it."""

import json
import re
from types import SimpleNamespace

import pytest

from pytest_paymock._pytest import options

from .conftest import Run

DRAWS = """
import json
import os
from pathlib import Path

import pytest
from shop import buy

@pytest.mark.parametrize("part", range(3))
@pytest.mark.paymock(clock="2026-01-27T12:00:00")
def test_draws(paymock, part):
    bought = [buy(paymock, 5 + part) for _ in range(4)]
    seen = {"seed": paymock.settings.seed, "process": os.getpid(), "bought": bought}
    Path(f"seen-{part}.json").write_text(json.dumps(seen))
"""

HEADER = r"paymock: seed (\d+)"


uses_draws = pytest.mark.usefixtures("draws")


@pytest.fixture
def draws(project: pytest.Pytester) -> pytest.Pytester:
    project.makepyfile(test_draws=DRAWS)
    return project


def seen(project: pytest.Pytester) -> list[dict]:
    return [json.loads(path.read_text()) for path in sorted(project.path.glob("seen-*.json"))]


def bought(project: pytest.Pytester) -> list[list[dict]]:
    return [part["bought"] for part in seen(project)]


def printed(result: pytest.RunResult) -> int:
    (found,) = filter(None, (re.fullmatch(HEADER, line) for line in result.outlines))
    return int(found[1])


def test_the_drawn_seed_is_printed_and_used(draws, run: Run):
    result = run("--paymock-seed=random")
    result.assert_outcomes(passed=3)
    assert {part["seed"] for part in seen(draws)} == {printed(result)}


def test_the_printed_seed_repeats_the_run(draws, run: Run):
    seed = printed(run("--paymock-seed=random"))
    first = bought(draws)
    run(f"--paymock-seed={seed}").assert_outcomes(passed=3)
    assert bought(draws) == first
    run(f"--paymock-seed={seed + 1}").assert_outcomes(passed=3)
    assert bought(draws) != first


def test_all_workers_use_the_one_seed_that_is_printed(draws, run: Run):
    result = run("-p", "xdist", "-n", "2", "--dist", "each", "--paymock-seed=random")
    result.assert_outcomes(passed=6)
    assert {part["seed"] for part in seen(draws)} == {printed(result)}
    parallel = bought(draws)
    run(f"--paymock-seed={printed(result)}").assert_outcomes(passed=3)
    assert bought(draws) == parallel


def test_a_worker_takes_the_seed_that_it_is_told(draws, run: Run):
    draws.makeconftest(
        """
        import pytest

        @pytest.hookimpl(tryfirst=True)
        def pytest_configure(config):
            config.workerinput = {"paymock_seed": "42"}
        """
    )
    run("--paymock-seed=random").assert_outcomes(passed=3)
    assert {part["seed"] for part in seen(draws)} == {42}


@uses_draws
def test_another_moment_draws_another_seed(run: Run, monkeypatch: pytest.MonkeyPatch):
    for moment, seed in ((1_700_000_000_123_456_789, 456_789), (1_700_000_000_000_000_007, 7)):
        monkeypatch.setattr(options, "time", SimpleNamespace(time_ns=lambda now=moment: now))
        assert printed(run("--paymock-seed=random")) == seed


def test_a_seed_from_the_command_line_is_printed_even_if_no_test_uses_it(project, run: Run):
    project.makepyfile(test_plain="def test_plain(): pass")
    assert printed(run("--paymock-seed=7")) == 7


@uses_draws
def test_no_seed_is_printed_where_none_was_asked_for(run: Run):
    result = run()
    result.assert_outcomes(passed=3)
    result.stdout.no_re_match_line(HEADER)


@uses_draws
def test_nothing_is_printed_under_quiet(run: Run):
    result = run("-q", "--paymock-seed=7")
    result.assert_outcomes(passed=3)
    result.stdout.no_re_match_line("paymock.*seed")


def test_random_is_no_seed_of_an_ini_file(draws, run: Run):
    draws.makeini("[pytest]\npaymock_seed = random")
    result = run()
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["ERROR: paymock_seed: *'random'"])
