"""The floor, and the fixture of paymock beside it, which no call reaches."""

from typing import Any

import httpx
import pytest

from benchmarks import flows


@pytest.mark.usefixtures("number", "paymock")
def test_flow(ready: httpx.Client, sent: dict[str, Any]) -> None:
    """Make the calls."""
    flows.run(ready, flows.BASE_URL, sent, 1)
