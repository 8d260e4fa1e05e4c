"""Routes of respx, written by hand, with fixed answers."""

from typing import Any

import httpx
import pytest
import respx

from benchmarks import flows
from benchmarks.peers import Route, tell_respx


@pytest.mark.usefixtures("number")
def test_flow(client: httpx.Client, sent: dict[str, Any], fixed: list[Route]) -> None:
    """Make the calls."""
    with respx.mock(assert_all_called=False) as router:
        tell_respx(router, fixed)
        flows.run(client, flows.BASE_URL, sent, 1)
