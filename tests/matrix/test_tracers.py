"""Real tracers around each client: they see faked calls as real ones, and stay where they are."""

import subprocess
import sys
from pathlib import Path

import pytest

from .traced import CLIENTS, ORDERS, TOOLS

SCRIPT = Path(__file__).with_name("traced.py")


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("client", CLIENTS)
@pytest.mark.parametrize("tool", TOOLS)
def test_a_tracer_sees_a_faked_call_as_a_real_one(tool: str, client: str, order: str):
    command = [sys.executable, str(SCRIPT), tool, client, order]
    run = subprocess.run(  # noqa: S603 - it is our own script
        command, capture_output=True, text=True, timeout=120, check=False
    )
    assert (run.returncode, run.stderr.splitlines()[-1:]) == (0, [])
