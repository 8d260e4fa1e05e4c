"""schemathesis reads the description and tries whatever it allows, and whatever it forbids."""

import subprocess
import sys
from pathlib import Path

import pytest

from pytest_paymock.server.fake import ServerPaymock

RUN = "from schemathesis.cli import schemathesis; schemathesis()"

STEADY = ("--seed", "1", "--max-examples", "15", "--workers", "1", "--no-color")

# JSON Schema cannot say that a check digit matches or that a card has not expired, so that not all
# that the description allows is accepted. All other checks hold.
UNSAID = ("--exclude-checks", "positive_data_acceptance")

SUCCESS = {"tokenize": 201, "create_payment": 201, "refund": 200}


def run(fake: ServerPaymock, place: Path, *more: str) -> subprocess.CompletedProcess[str]:
    """Let schemathesis try everything, in an empty directory, and return what it printed."""
    command = (sys.executable, "-c", RUN, "run", f"{fake.url}/openapi.json")
    return subprocess.run(  # noqa: S603 - our own program
        [*command, *STEADY, *UNSAID, *more], capture_output=True, text=True, check=False, cwd=place
    )


def succeeded(fake: ServerPaymock, endpoint: str) -> int:
    return len(fake.calls.to(endpoint).where(status_code=SUCCESS[endpoint]))


@pytest.mark.paymock(guards="off")
def test_schemathesis_finds_nothing(paymock_server: ServerPaymock, tmp_path: Path) -> None:
    done = run(paymock_server, tmp_path)
    assert done.returncode == 0, done.stdout
    assert "Tested: 6" in done.stdout
    statuses = {call.status_code for call in paymock_server.calls}
    assert statuses == {200, 201, 400, 401, 404, 405}
    assert len(paymock_server.calls) > 200
    # What was refused has changed nothing: each record is that of an answer.
    assert len(paymock_server.tokens) == succeeded(paymock_server, "tokenize") > 0
    assert len(paymock_server.payments) == succeeded(paymock_server, "create_payment") > 0
    assert len(paymock_server.refunds) == succeeded(paymock_server, "refund")


def test_schemathesis_finds_nothing_in_control(
    paymock_server: ServerPaymock, tmp_path: Path
) -> None:
    paymock_server.control = True
    # Only these: a fault that one of them asks for would be found in the answers of the API.
    done = run(paymock_server, tmp_path, "--include-tag", "control")
    assert done.returncode == 0, done.stdout
    assert "Tested: 5" in done.stdout
    paymock_server.assert_no_calls()
    paymock_server.reset()
