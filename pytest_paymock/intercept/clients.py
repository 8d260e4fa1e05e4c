"""The client libraries that a fake answers, one module each."""

from collections.abc import Callable
from typing import Any

from pytest_paymock.intercept import (
    httpx2_client,
    httpx_client,
    lazy_tls,
    requests_client,
    socket_guard,
    vcr_neighbour,
)
from pytest_paymock.intercept.station import Station

FAMILIES = tuple(filter(None, (httpx_client.FAMILY, httpx2_client.FAMILY)))


def activate(station: Station) -> list[Callable[[], None]]:
    """Let a fake answer every client library that is installed.

    Returns:
        what takes it away again, to be called in reverse order.
    """
    settle()
    return [
        socket_guard.activate(station),
        vcr_neighbour.activate(station, _httpx_boards),
        *(family.activate(station) for family in FAMILIES),
        requests_client.activate(station),
    ]


def settle() -> None:
    """Take away what other mocks covered at the end of a fake, and do not cover any more.

    To be called when all other mocks of a test have been stopped.
    """
    for board in (*_httpx_boards(), requests_client.board(), vcr_neighbour.board()):
        if board is not None:
            board.settle()
    for family in FAMILIES:
        lazy_tls.settle(family.http.HTTPTransport)
    socket_guard.settle()


def _httpx_boards() -> list[Any]:
    return [family.board for family in FAMILIES if family.board is not None]
