"""The fixtures of the contract suite: a fake with a pinned clock, and a client of it."""

from collections.abc import Callable, Iterator
from typing import Literal

import pytest

from pytest_paymock import Paymock

from .clients import CLIENTS, Client

Connect = Callable[[Paymock], Client]


@pytest.fixture
def connect(request: pytest.FixtureRequest) -> Iterator[Connect]:
    """Point a client at a fake: that of httpx, or each in turn for a test of `every_client`."""
    library = getattr(request, "param", "httpx")
    made: list[Client] = []

    def to(paymock: Paymock) -> Client:
        made.append(CLIENTS[library](paymock.base_url))
        return made[-1]

    yield to
    for client in made:
        client.close()


@pytest.fixture
def client(connect: Connect, paymock: Paymock) -> Client:
    """Give a client that is pointed at the fake of the test."""
    return connect(paymock)


@pytest.fixture(scope="session")
def profile() -> Literal["documented", "deployed"]:
    """Say which API is faked, for fakes that outlive a test."""
    return "documented"
