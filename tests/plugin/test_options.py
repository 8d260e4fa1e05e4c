"""Every option from every place where it can be given, and who wins if there are several."""

import json
from itertools import combinations
from typing import Any

import pytest

from pytest_paymock._options import OPTIONS

from .conftest import Run
from .option_values import TOLD_APART, flags, given, ini_lines, seen, toml_lines

PROBE = """
import json
from pathlib import Path

import pytest
from pytest_paymock._options import OPTIONS

{module}

{class}
class TestProbe:
    {function}
    def test_probe(self, paymock_factory):
        settings = paymock_factory({argument}).settings
        shown = {{name: repr(getattr(settings, name)) for name in OPTIONS}}
        Path("seen.json").write_text(json.dumps(shown))
"""

FORMS = {
    "argument": "**{}",
    "function": "@pytest.mark.paymock(**{})",
    "class": "@pytest.mark.paymock(**{})",
    "module": "pytestmark = pytest.mark.paymock(**{})",
}

BY_STRENGTH = ["argument", "function", "class", "module", "command line", "ini", "default"]

FILES: dict[str, tuple[str, Any]] = {
    "pytest.ini": ("[pytest]\n", ini_lines),
    "tox.ini": ("[pytest]\n", ini_lines),
    "setup.cfg": ("[tool:pytest]\n", ini_lines),
    "pyproject.toml in INI form": ("[tool.pytest.ini_options]\n", toml_lines),
}
if pytest.version_tuple >= (9,):
    FILES["pyproject.toml, native"] = ("[tool.pytest]\nstrict = true\n", toml_lines)
    FILES["pytest.toml"] = ("[pytest]\nstrict = true\n", toml_lines)


def probe(project: pytest.Pytester, run: Run, *arguments: str, **places: Any) -> dict[str, str]:
    """Return what a fake shows under options that are given in these places."""
    written = {place: FORMS[place].format(places.get(place)) for place in FORMS}
    project.makepyfile(
        test_probe=PROBE.format(
            **{place: line if place in places else "" for place, line in written.items()}
        )
    )
    run("--strict-markers", "--strict-config", *arguments).assert_outcomes(passed=1)
    shown: dict[str, str] = json.loads((project.path / "seen.json").read_text())
    return shown


def probe_all(
    project: pytest.Pytester, run: Run, places: dict[str, dict[str, Any]]
) -> dict[str, str]:
    """The same for the places by their names in ``BY_STRENGTH``."""
    if "ini" in places:
        project.makeini("[pytest]\n" + ini_lines(places["ini"]))
    in_file = {place: values for place, values in places.items() if place in FORMS}
    return probe(project, run, *flags(places.get("command line", {})), **in_file)


def test_every_option_stands_in_the_tables_of_these_tests():
    assert set(OPTIONS) - set(TOLD_APART) <= {"profile"}, "add its two values to option_values.py"


@pytest.mark.parametrize("which", [0, 1])
@pytest.mark.parametrize("place", BY_STRENGTH[:-1])
def test_every_option_can_be_given_in_every_place(project, run: Run, place: str, which: int):
    assert probe_all(project, run, {place: given(which)}) == seen(given(which))


def test_what_is_given_nowhere_is_the_default(project, run: Run):
    assert probe(project, run) == {name: repr(option.default) for name, option in OPTIONS.items()}


@pytest.mark.parametrize("which", [0, 1])
@pytest.mark.parametrize("file", FILES)
def test_every_option_can_stand_in_every_file(project, run: Run, file: str, which: int):
    header, lines = FILES[file]
    name = file.replace(",", " ").split()[0]
    (project.path / name).write_text(header + lines(given(which)))
    assert probe(project, run) == seen(given(which))


def test_an_ini_value_can_be_overridden_on_the_command_line_as_ini_value(project, run: Run):
    project.makeini("[pytest]\n" + ini_lines(given(0)))
    overrides = [f"-o{line.replace(' = ', '=')}" for line in ini_lines(given(1)).splitlines()]
    assert probe(project, run, *overrides) == seen(given(1))


@pytest.mark.parametrize("which", [0, 1])
@pytest.mark.parametrize(("stronger", "weaker"), list(combinations(BY_STRENGTH[:-1], 2)))
def test_of_two_places_the_closer_one_wins(
    project, run: Run, stronger: str, weaker: str, which: int
):
    places = {stronger: given(which), weaker: given(1 - which)}
    assert probe_all(project, run, places) == seen(given(which))


def test_places_that_give_different_options_add_up(project, run: Run):
    names = list(given(0))
    places = {place: {} for place in BY_STRENGTH[:-1]}
    for number, name in enumerate(names):
        place = BY_STRENGTH[number % len(places)]
        places[place][name] = given(0)[name]
    assert probe_all(project, run, places) == seen(given(0))


# -- markers ----------------------------------------------------------------------------------


def test_of_two_decorators_the_inner_one_wins(project, run: Run):
    project.makepyfile(
        test_shop="""
        import pytest

        @pytest.mark.paymock(seed=1, network="none")
        @pytest.mark.paymock(seed=2)
        def test_stacked(paymock):
            assert (paymock.settings.seed, paymock.settings.network) == (2, "none")
        """
    )
    run().assert_outcomes(passed=1)


def test_a_subclass_wins_over_its_base(project, run: Run):
    project.makepyfile(
        test_shop="""
        import pytest

        @pytest.mark.paymock(seed=1, network="none")
        class Base:
            def test_seed(self, paymock):
                assert (paymock.settings.seed, paymock.settings.network) == (self.seed, "none")

        @pytest.mark.paymock(seed=2)
        class TestDerived(Base):
            seed = 2

        class TestPlain(Base):
            seed = 1
        """
    )
    run().assert_outcomes(passed=2)


def test_a_marker_may_set_the_clock_back_to_real_time(project, run: Run):
    project.makeini("[pytest]\npaymock_clock = 2026-01-27T12:00:00")
    project.makepyfile(
        test_shop="""
        import pytest

        def test_pinned(paymock):
            assert paymock.clock.now().year == 2026

        @pytest.mark.paymock(clock=None)
        def test_real(paymock):
            assert not paymock.clock.pinned
        """
    )
    run().assert_outcomes(passed=2)


def test_a_marker_that_a_conftest_adds_counts(project, run: Run):
    project.makeconftest(
        """
        import pytest

        def pytest_collection_modifyitems(items):
            for item in items:
                item.add_marker(pytest.mark.paymock(seed=4))
        """
    )
    project.makepyfile(
        test_shop="""
        import pytest

        @pytest.mark.usefixtures("paymock")
        class TestIt:
            def test_seed(self, paymock):
                assert paymock.settings.seed == 4
        """
    )
    run().assert_outcomes(passed=1)
