"""What every test of this directory stands on: nothing is left behind, and nothing leaves."""

from collections.abc import Callable, Iterator

import pytest

# An in-process run throws away what it imported, so what is heavy is imported here, once for all.
import pytest_paymock.paymock  # noqa: F401

from .seams import moved, put_back, seams
from .wire import RealServer, Wire, real_server

STEADY = (
    *("-W", "error"),
    *("-p", "no:randomly"),
    *("-p", "no:cacheprovider"),
    *("-p", "no:hypothesispytest"),
)
"""File order, no warning of ours in anybody's suite, and no import of Hypothesis in each run."""

Run = Callable[..., pytest.RunResult]


@pytest.fixture(autouse=True)
def _nothing_is_left() -> Iterator[None]:
    before = seams()
    yield
    left = moved(before)
    if left:
        put_back(before)
    assert left == []


@pytest.fixture
def wire(monkeypatch: pytest.MonkeyPatch) -> Wire:
    """The network, recorded and shut but for this machine."""
    recorded = Wire()
    recorded.shut(monkeypatch)
    return recorded


@pytest.fixture
def server() -> Iterator[RealServer]:
    """A real server on a free port of this machine, not the fake."""
    with real_server() as running:
        yield running


@pytest.fixture
def run(pytester: pytest.Pytester) -> Run:
    """Run the project's tests in this process."""
    return lambda *args: pytester.runpytest_inprocess(*STEADY, *args)


@pytest.fixture
def run_apart(pytester: pytest.Pytester) -> Run:
    """Run the project's tests in a process of their own."""
    return lambda *args: pytester.runpytest_subprocess(*STEADY, *args)
