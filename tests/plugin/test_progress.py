"""A long exploration shows on a terminal where it stands."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

import pytest

from pytest_paymock._explore.worlds import Progress, unwatched
from pytest_paymock._pytest.progress import watch


class Capture:
    """pytest's capture manager, as far as it matters."""

    suspended = False

    @contextmanager
    def global_and_fixture_disabled(self) -> Iterator[None]:
        self.suspended = True
        yield
        self.suspended = False


class Screen(io.StringIO):
    """A terminal that shows one line; what is written while pytest captures is a mistake."""

    def __init__(self, capture: Capture) -> None:
        super().__init__()
        self.capture = capture
        self.shown: list[str] = []

    def write(self, text: str) -> int:
        assert self.capture.suspended
        self.shown.append(text)
        return len(text)


def a_config(**given: Any) -> Any:
    plugins = {
        "terminalreporter": SimpleNamespace(isatty=True),
        "capturemanager": Capture(),
        **given.pop("plugins", {}),
    }
    writer = SimpleNamespace(width_of_current_line=20, fullwidth=80)
    return SimpleNamespace(
        pluginmanager=SimpleNamespace(get_plugin=plugins.get),
        get_verbosity=lambda: given.get("verbosity", 0),
        get_terminal_writer=lambda: writer,
    )


@pytest.fixture
def screen(monkeypatch: pytest.MonkeyPatch) -> tuple[Any, Screen]:
    config = a_config()
    shown = Screen(config.pluginmanager.get_plugin("capturemanager"))
    monkeypatch.setattr("pytest_paymock._pytest.progress.sys", SimpleNamespace(stdout=shown))
    return config, shown


def test_a_long_exploration_shows_where_it_stands(screen: tuple[Any, Screen]):
    config, shown = screen
    show = watch(config)
    show(Progress(9, 43, 1.9))
    assert shown.shown == []  # a short one shows nothing
    show(Progress(10, 43, 2.0))
    show(Progress(11, 43, 2.1))  # too soon after the last
    show(Progress(811, None, 3.0))
    show(None)
    first, second = " world 11 of 43, 2 s", " world 812, 3 s"
    assert shown.shown == [
        first + "\b" * len(first),
        f"{second:<{len(first)}}" + "\b" * len(first),
        " " * len(second) + "\b" * len(second),
    ]


def test_the_next_exploration_begins_from_nothing(screen: tuple[Any, Screen]):
    config, shown = screen
    show = watch(config)
    show(Progress(10, 43, 60.0))
    show(None)
    shown.shown.clear()
    show(Progress(1, 43, 0.1))
    show(None)
    assert shown.shown == []
    show(Progress(2, 43, 2.0))
    assert shown.shown[0].startswith(" world 3 of 43, 2 s")


def test_without_room_on_the_line_nothing_is_shown(screen: tuple[Any, Screen]):
    config, shown = screen
    config.get_terminal_writer().width_of_current_line = 70
    watch(config)(Progress(10, 43, 60.0))
    assert shown.shown == []


@pytest.mark.parametrize(
    "given",
    [
        {"plugins": {"terminalreporter": None}},
        {"plugins": {"capturemanager": None}},
        {"plugins": {"terminalreporter": SimpleNamespace(isatty=False)}},
        {"verbosity": -1},
    ],
    ids=["no terminal", "no capture", "a file", "quiet"],
)
def test_where_nobody_looks_nothing_is_shown(given: dict[str, Any]):
    assert watch(a_config(**given)) is unwatched


def test_the_fixture_tells_the_terminal(pytester: pytest.Pytester):
    pytester.makeconftest(
        """
        import pytest
        from pytest_paymock._pytest import fixtures

        def watch(config):
            def show(reached):
                print("reached", reached and reached[:2])
            return show

        fixtures.watch = watch
        """
    )
    pytester.makepyfile(
        """
        import httpx
        from pytest_paymock import faults

        def test_it(paymock):
            for world in paymock.explore([faults.rate_limited]):
                with world:
                    httpx.post(f"{paymock.base_url}/api/v1/payments", json={})
            assert paymock.checks.explorations[0].seconds > 0
        """
    )
    result = pytester.runpytest_inprocess("-s", "-p", "no:randomly")
    result.assert_outcomes(passed=1)
    told = [line for line in result.outlines if "reached" in line]
    assert [line.partition("reached ")[2] for line in told] == ["(0, 1)", "(1, 2)", "None"]
