"""The fixture of paymock."""

from typing import Any

import httpx
import pytest

from benchmarks import flows
from pytest_paymock import Paymock


@pytest.mark.usefixtures("number")
def test_flow(paymock: Paymock, client: httpx.Client, sent: dict[str, Any]) -> None:
    """Make the calls."""
    flows.run(client, paymock.base_url, sent, 1)
