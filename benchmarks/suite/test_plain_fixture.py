"""The floor, and a fixture beside it that does nothing at all."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from benchmarks import flows


@pytest.fixture
def plain() -> Iterator[None]:
    """Do nothing, before the test and after it."""
    yield  # noqa: PT022 - as a fixture with something to end


@pytest.mark.usefixtures("number", "plain")
def test_flow(ready: httpx.Client, sent: dict[str, Any]) -> None:
    """Make the calls."""
    flows.run(ready, flows.BASE_URL, sent, 1)
