"""A client that gives up early, but never before the server has its request."""

from typing import Any

import httpx

from pytest_paymock import faults
from pytest_paymock.server.fake import ServerPaymock

from .sockets import PATIENCE, until


def impatient(fake: ServerPaymock, fault: faults.Fault | None) -> httpx.Client:
    """Return a client that gives up soon if a fault keeps the server silent, and late otherwise.

    Its time begins when the server has recorded the request. A time that began with the request
    would run out on a busy machine before the server has come to it.
    """
    silent = fault is not None and fault.name in ("read_timeout", "latency")
    timeout = httpx.Timeout(PATIENCE, read=0.2 if silent else PATIENCE)

    def watch(request: httpx.Request) -> None:
        before = len(fake.calls)

        def trace(event: str, _: dict[str, Any]) -> None:
            if event == "http11.receive_response_headers.started":
                until(lambda: len(fake.calls) > before)

        request.extensions["trace"] = trace

    return httpx.Client(base_url=fake.url, timeout=timeout, event_hooks={"request": [watch]})
