"""The floor, and a fixture beside it that asks what is said of the test, and does no more."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from benchmarks import flows


@pytest.fixture
def empty(request: pytest.FixtureRequest) -> Iterator[None]:
    """Do what no fixture with options for each test can do without."""
    request.node.get_closest_marker("paymock")
    yield  # noqa: PT022 - as a fixture with something to end


@pytest.mark.usefixtures("number", "empty")
def test_flow(ready: httpx.Client, sent: dict[str, Any]) -> None:
    """Make the calls."""
    flows.run(ready, flows.BASE_URL, sent, 1)
