"""Every client library in turn, and threads."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from .clients import CLIENTS, Exchange


@pytest.fixture(params=CLIENTS)
def client(request: pytest.FixtureRequest) -> str:
    """The name of a client library and of its event loop."""
    return request.param


@pytest.fixture
def exchange(client: str) -> Exchange:
    """One exchange with that library."""
    return CLIENTS[client]


@pytest.fixture
def run_together() -> Callable[[int, Callable[[], object]], None]:
    """Run a function in so many threads, all of which have ended when this returns."""

    def run(count: int, work: Callable[[], object]) -> None:
        with ThreadPoolExecutor(count) as pool:
            for future in [pool.submit(work) for _ in range(count)]:
                future.result()

    return run
