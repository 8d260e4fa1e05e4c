"""The answers of floors and static peers: the very bytes that paymock gives to the same flow."""

from typing import NamedTuple

import httpx

from benchmarks import flows
from pytest_paymock import Paymock

JSON = "application/json"


class Canned(NamedTuple):
    """One recorded answer."""

    status_code: int
    body: bytes


def answers(count: int = 1) -> list[Canned]:
    """Return the answers to some flows, in the order of the calls.

    Args:
        count: of flows.
    """
    with Paymock(success_rate=1) as paymock, httpx.Client() as client:
        flows.run(client, flows.BASE_URL, flows.card(), count)
        # Each call has both, as nothing here loses an answer.
        return [Canned(call.status_code or 0, call.response_body or b"") for call in paymock.calls]
