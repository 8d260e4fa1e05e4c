"""The contract suite's own fixtures, with the server in the place of the interceptors."""

from collections.abc import Iterator
from typing import Any

import pytest

from pytest_paymock.server.fake import ServerPaymock
from tests.contract.clients import CLIENTS, Client


@pytest.fixture
def paymock(paymock_server: ServerPaymock) -> ServerPaymock:
    """Answer over the network."""
    return paymock_server


@pytest.fixture(params=["httpx", "requests"])
def client(request: pytest.FixtureRequest, paymock: ServerPaymock) -> Iterator[Client]:
    """Give a client library, pointed at the server."""
    made = CLIENTS[request.param](paymock.base_url)
    yield made
    made.close()


@pytest.fixture
def connect(client: Client) -> Any:
    """Give the client that is there already."""
    return lambda _: client
