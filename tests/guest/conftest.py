"""What every test of this directory stands on: nothing is left behind, and nothing leaves."""

from collections.abc import Callable, Iterator

import pytest

from .seams import moved, put_back, seams
from .wire import RealServer, Wire, real_server

STEADY = ("-W", "error")
"""No warning of ours in anybody's suite."""

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
