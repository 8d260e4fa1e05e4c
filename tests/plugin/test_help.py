"""What ``pytest --help``, ``--markers`` and ``--fixtures`` say of the plugin."""

import pytest

from pytest_paymock._options import OPTIONS

from .conftest import Run

IN_WORDS = {
    "allow": "none",
    "allow_hosts": "none",
    "clock": "the real time",
    "world": "all",
}
"""Defaults that help says in words."""


def in_one_line(result: pytest.RunResult) -> str:
    """Return the output with its line breaks undone, since argparse folds to the terminal."""
    return " ".join(result.stdout.str().split())


@pytest.fixture
def help_text(run: Run) -> str:
    return in_one_line(run("--help"))


def test_help_shows_a_group_of_flags(help_text: str):
    assert "paymock: a payment API in memory:" in help_text


@pytest.mark.parametrize("name", OPTIONS)
def test_help_shows_every_flag_and_ini_value_with_its_default(help_text: str, name: str):
    default = OPTIONS[name].default
    shown = str(default).lower() if isinstance(default, bool) else IN_WORDS.get(name, default)
    for entry in (f"--paymock-{name.replace('_', '-')}=", f" paymock_{name} ("):
        assert entry in help_text
        assert f"(default: {shown})" in help_text.partition(entry)[2].partition("paymock_")[0]


def test_help_says_that_a_seed_can_be_drawn(help_text: str):
    flag = help_text.partition("--paymock-seed=")[2].partition("--paymock-success-rate")[0]
    assert "'random' draws one" in flag
    ini = help_text.partition("paymock_seed (")[2].partition("paymock_success_rate")[0]
    assert ini
    assert "random" not in ini


def test_markers_shows_the_marker(run: Run):
    assert (
        "@pytest.mark.paymock(base_url=..., seed=..., ...): options of the paymock fixture for "
        "this test; see the README of pytest-paymock." in in_one_line(run("--markers"))
    )


def test_fixtures_shows_each_fixture_with_a_sentence(run: Run):
    result = run("--fixtures")
    result.stdout.fnmatch_lines_random(
        [
            "paymock_factory -- *plugin.py:*",
            "    Make more than one fake in a test: ``paymock_factory(base_url=...)``.",
            "paymock -- *plugin.py:*",
            "    Fake the Payment Mock API for this test: *",
        ]
    )
