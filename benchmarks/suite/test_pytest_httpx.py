"""The fixture of pytest-httpx, with fixed answers."""

from typing import Any

import httpx
import pytest
from pytest_httpx import HTTPXMock

from benchmarks import flows
from benchmarks.peers import Route, tell_pytest_httpx


@pytest.mark.usefixtures("number")
def test_flow(
    httpx_mock: HTTPXMock, client: httpx.Client, sent: dict[str, Any], fixed: list[Route]
) -> None:
    """Make the calls."""
    tell_pytest_httpx(httpx_mock, fixed)
    flows.run(client, flows.BASE_URL, sent, 1)
