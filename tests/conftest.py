"""What all tests share: runs of pytest within a test load few plugins."""

import gc
import sys
from collections.abc import Iterator

import pytest
from hypothesis import settings

# An in-process run throws away what it imported, so what is heavy is imported here, once for all.
import pytest_paymock.paymock  # noqa: F401


def pytest_configure(config: pytest.Config) -> None:
    """Let the long properties try many examples only where the slow tests run as well."""
    many = "not slow" not in config.option.markexpr
    settings.register_profile(
        "long", derandomize=True, deadline=None, max_examples=150 if many else 20
    )


def pytest_collection_finish() -> None:
    """Spare each search for garbage a walk through all that was imported and collected."""
    gc.freeze()


@pytest.fixture
def pytester(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    """A project whose runs load this plugin, and no other but those that a run names by `-p`.

    The test extra installs some fifteen plugins. To load them all takes two seconds of each run in
    a process of its own, and a test says more if it names those that it is about.
    """
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    # pytest 8.4 reads names of modules here, and none of entry points.
    name = "paymock" if pytest.version_tuple >= (9,) else "pytest_paymock.plugin"
    monkeypatch.setenv("PYTEST_PLUGINS", name)
    monkeypatch.setenv("PYTEST_ADDOPTS", "-p no:cacheprovider")
    return pytester


@pytest.fixture
def all_plugins(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    """A project whose runs load every plugin that is installed, as a user's run does."""
    monkeypatch.delenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD")
    monkeypatch.delenv("PYTEST_PLUGINS")
    return pytester


@pytest.fixture
def busy_threads() -> Iterator[None]:
    """Let threads take turns as often as they can, so that a lock that is missing is noticed."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)
