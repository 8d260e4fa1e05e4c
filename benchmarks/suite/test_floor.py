"""The floor: a client whose answers lie ready."""

from typing import Any

import httpx
import pytest

from benchmarks import flows


@pytest.mark.usefixtures("number")
def test_flow(ready: httpx.Client, sent: dict[str, Any]) -> None:
    """Make the calls."""
    flows.run(ready, flows.BASE_URL, sent, 1)
