"""Faults beside other mocks: a client meets them as it would without."""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any

import pytest
import requests_mock
import responses
import respx
import vcr

from pytest_paymock import Fault, Paymock, faults

from .calls import CALLS, Call, outcome
from .matrix import CARD, OURS

pytestmark = pytest.mark.usefixtures("wire")

MOCKS: dict[str, Callable[[Path], AbstractContextManager[Any]]] = {
    "respx": lambda _: respx.mock(),
    "respx, answering all": lambda _: respx.mock(assert_all_mocked=False),
    "respx above": lambda _: respx.mock(using="httpx"),
    "responses": lambda _: responses.RequestsMock(),
    "requests-mock": lambda _: requests_mock.Mocker(),
    "vcrpy": lambda path: vcr.use_cassette(str(path / "tape.yaml")),
}

FAULTS = [
    faults.connect_error,
    faults.read_timeout(after_commit=True),
    faults.disconnect,
    faults.truncated_body,
    faults.unavailable,
]


def met(call: Call, fault: Fault, *blocks: AbstractContextManager[Any]) -> Any:
    """Return what a client meets that stores a card while a fault is ahead, and what is stored."""
    fake = next(block for block in blocks if isinstance(block, Paymock))
    fake.faults.queue(fault)
    with blocks[0], blocks[1]:
        return outcome(lambda: call("POST", OURS, json=CARD)), len(fake.tokens)


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
@pytest.mark.parametrize("mock", MOCKS)
@pytest.mark.parametrize("fault", FAULTS, ids=str)
def test_a_fault_is_met_beside_another_mock_as_without(
    call: Call, mock: str, fault: Fault, tmp_path: Path
):
    alone = met(call, fault, Paymock(), nullcontext())
    assert met(call, fault, Paymock(), MOCKS[mock](tmp_path)) == alone
    assert met(call, fault, MOCKS[mock](tmp_path), Paymock()) == alone
