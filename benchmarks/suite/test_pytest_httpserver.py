"""The fixture of pytest-httpserver, with fixed answers, over loopback."""

from typing import Any

import httpx
import pytest
from pytest_httpserver import HTTPServer

from benchmarks import flows
from benchmarks.peers import Route
from benchmarks.servers import tell_httpserver


@pytest.mark.usefixtures("number")
def test_flow(
    httpserver: HTTPServer, client: httpx.Client, sent: dict[str, Any], fixed: list[Route]
) -> None:
    """Make the calls."""
    tell_httpserver(httpserver, fixed)
    flows.run(client, httpserver.url_for("").removesuffix("/"), sent, 1)
