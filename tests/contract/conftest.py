"""The fixtures of the contract suite: a fake with a pinned clock, and every client in turn."""

from collections.abc import Callable, Iterator

import pytest

from pytest_paymock import Paymock

from .clients import CLIENTS, Client

Connect = Callable[[Paymock], Client]


@pytest.fixture(params=CLIENTS)
def connect(request: pytest.FixtureRequest) -> Iterator[Connect]:
    """Point the client of this run at a fake; for tests that make fakes of their own."""
    made: list[Client] = []

    def to(paymock: Paymock) -> Client:
        made.append(CLIENTS[request.param](paymock.base_url))
        return made[-1]

    yield to
    for client in made:
        client.close()


@pytest.fixture
def client(connect: Connect, paymock: Paymock) -> Client:
    """Give each client library in turn, pointed at the fake of the test."""
    return connect(paymock)
