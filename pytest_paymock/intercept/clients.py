"""The client libraries that a fake answers, one module each."""

from collections.abc import Callable

from pytest_paymock.intercept import (
    httpx2_client,
    httpx_client,
    requests_client,
    socket_guard,
)
from pytest_paymock.intercept.station import Station


def activate(station: Station) -> list[Callable[[], None]]:
    """Let a fake answer every client library that is installed.

    Returns:
        what takes it away again, to be called in reverse order.
    """
    leave = [
        socket_guard.activate(station),
        httpx_client.FAMILY.activate(station),
        requests_client.activate(station),
    ]
    if httpx2_client.FAMILY is not None:
        leave.append(httpx2_client.FAMILY.activate(station))
    return leave
