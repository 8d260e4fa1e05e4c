"""A suite as people write it: each test makes the four calls with a client of the whole session."""

import time
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from benchmarks import flows
from benchmarks.peers import Route, routes


def pytest_addoption(parser: pytest.Parser) -> None:
    """Declare how many tests there are, and where it is written how long they took."""
    parser.addoption("--tests", type=int, default=1)
    parser.addoption("--seconds", type=Path)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Make one test as many as were asked for."""
    metafunc.parametrize("number", range(metafunc.config.getoption("--tests")))


_CLIENT = pytest.StashKey[httpx.Client]()


@pytest.hookimpl(wrapper=True)
def pytest_runtestloop(session: pytest.Session) -> Generator[None, Any, Any]:
    """Take the processor's time of the tests alone: the start of pytest is the same for all."""
    # A client reads its certificates, but for that of the floor, which has no use for them.
    session.config.stash[_CLIENT] = httpx.Client()
    begun = time.process_time()
    result = yield
    session.config.getoption("--seconds").write_text(str(time.process_time() - begun))
    return result


@pytest.fixture(scope="session")
def sent() -> dict[str, Any]:
    """The body of a tokenize request."""
    return flows.card()


@pytest.fixture(scope="session")
def client(pytestconfig: pytest.Config) -> Iterator[httpx.Client]:
    """A client that knows nothing of mocks."""
    with pytestconfig.stash[_CLIENT] as made:
        yield made


@pytest.fixture(scope="session")
def ready() -> Iterator[httpx.Client]:
    """A client whose answers lie ready."""
    # With it come the libraries of all floors, of which most suites need none.
    from benchmarks import floors  # noqa: PLC0415

    with floors.httpx_client() as made:
        yield made


@pytest.fixture(scope="session")
def fixed() -> list[Route]:
    """The answers of the mocks that decide nothing."""
    return list(routes())
