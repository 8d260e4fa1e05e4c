"""The floor: a client whose answers lie ready."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from benchmarks import floors, flows


@pytest.fixture(scope="session")
def ready() -> Iterator[httpx.Client]:
    """The client."""
    with floors.httpx_client() as made:
        yield made


@pytest.mark.usefixtures("number")
def test_flow(ready: httpx.Client, sent: dict[str, Any]) -> None:
    """Make the calls."""
    flows.run(ready, flows.BASE_URL, sent, 1)
