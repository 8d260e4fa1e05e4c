"""The line that ends a section is a command that fails in the same way."""

import os
import shlex
from pathlib import Path

import pytest

from .conftest import Run
from .reading import sections

PINNED = "[pytest]\npaymock_clock = 2026-01-27T12:00:00\n"


@pytest.fixture
def pinned(project: pytest.Pytester) -> pytest.Pytester:
    project.makeini(PINNED)
    return project


def command(section: str) -> list[str]:
    """Return the arguments of the command in a section."""
    line = section.splitlines()[-1]
    assert line.startswith("reproduce: pytest ")
    return shlex.split(line)[2:]


def assert_reproduced(run: Run, *arguments: str) -> None:
    """Run tests of which one fails, then its command, and compare what the two show."""
    first = run(*arguments)
    (section,) = sections(first)
    second = run(*command(section))
    second.assert_outcomes(failed=1)
    assert sections(second) == [section]
    assert failure(second) == failure(first)


def failure(result: pytest.RunResult) -> list[str]:
    return [line for line in result.outlines if line.startswith("E  ")]


UNLUCKY = """
import pytest
from shop import buy

def test_other(paymock):
    buy(paymock)

{mark}
def test_unlucky(paymock{arguments}):
    statuses = [buy(paymock, 5 + n)["status"] for n in range(12)]
    assert statuses == ["success"] * 12
"""


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("--paymock-seed=4",),
        ("--paymock-seed=random", "--paymock-success-rate=0.01"),
        ("--paymock-success-rate=0.01",),
        ("--paymock-success-rate=0.5", "--paymock-streams=customer"),
        ("--paymock-success-rate=0.5", "--paymock-base-url=https://pay.example/v2"),
        ("--paymock-seed=4", "-p", "xdist", "-n", "1"),
    ],
    ids=" ".join,
)
def test_the_command_repeats_the_failure(pinned, run: Run, arguments: tuple[str, ...]):
    pinned.makepyfile(test_shop=UNLUCKY.format(mark="", arguments=""))
    assert_reproduced(run, *arguments)


def test_the_command_repeats_a_failure_under_a_marker(pinned, run: Run):
    mark = "@pytest.mark.paymock(seed=11, success_rate=0.3)"
    pinned.makepyfile(test_shop=UNLUCKY.format(mark=mark, arguments=""))
    assert_reproduced(run, "--paymock-seed=4")


@pytest.mark.parametrize("value", ["a b", "it's", "$HOME", "x;y", "\\x1b[31m", "ü", "[]::"])
def test_the_command_quotes_the_name_of_the_test(pinned, run: Run, value: str):
    mark = f'@pytest.mark.parametrize("value", ["{value}"])'
    pinned.makepyfile(test_shop=UNLUCKY.format(mark=mark, arguments=", value"))
    assert_reproduced(run)


def test_the_command_works_in_the_directory_in_which_it_was_shown(
    pinned, run: Run, monkeypatch: pytest.MonkeyPatch
):
    below = pinned.mkdir("deep")
    (pinned.path / "shop.py").rename(below / "shop.py")
    (below / "test_shop.py").write_text(UNLUCKY.format(mark="", arguments=""))
    monkeypatch.chdir(below)
    assert Path(os.curdir).resolve() == below
    assert_reproduced(run)


def test_a_seed_that_the_test_gives_itself_is_not_made_that_of_other_fakes(pinned, run: Run):
    pinned.makepyfile(
        test_shop="""
        from shop import buy

        def test_two(paymock_factory):
            own = paymock_factory(seed=11)
            other = paymock_factory(base_url="https://pay.example")
            buy(own)
            assert buy(other)["transaction_id"] == "none of these"
        """
    )
    assert_reproduced(run)


def test_the_group_of_a_test_under_xdist_is_no_part_of_its_name(
    pinned: pytest.Pytester, run: Run
) -> None:
    pinned.makepyfile(
        test_grouped="""
        import pytest

        @pytest.mark.xdist_group("shop")
        def test_it(paymock):
            assert paymock.calls
        """
    )
    (section,) = sections(run("-p", "xdist", "-n", "1", "--dist", "loadgroup"))
    assert command(section)[0] == "test_grouped.py::test_it"


@pytest.mark.parametrize("card", ["4532015112830366", "4532-0151-1283-0366"])
def test_the_command_repeats_no_card_number_and_runs_all_variants_of_the_test(
    pinned: pytest.Pytester, run: Run, card: str
) -> None:
    mark = f'@pytest.mark.parametrize("card", ["{card}"])'
    pinned.makepyfile(test_shop=UNLUCKY.format(mark=mark, arguments=", card"))
    (section,) = sections(run())
    assert card not in section
    assert command(section)[0] == "test_shop.py::test_unlucky"
    assert_reproduced(run)


def test_a_card_number_that_names_a_test_is_masked(pinned: pytest.Pytester, run: Run) -> None:
    pinned.makepyfile(test_shop="def test_4532015112830366(paymock): assert paymock.calls")
    (section,) = sections(run())
    assert command(section)[0].startswith("test_shop.py::test_")
    assert "4532015112830366" not in section
