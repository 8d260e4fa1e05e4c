"""The live server of paymock, over loopback."""

from typing import Any

import httpx
import pytest

from benchmarks import flows
from pytest_paymock.server import ServerPaymock


@pytest.mark.usefixtures("number")
def test_flow(paymock_server: ServerPaymock, client: httpx.Client, sent: dict[str, Any]) -> None:
    """Make the calls."""
    flows.run(client, paymock_server.url, sent, 1)
