"""The client libraries that a fake answers, one module each."""

from collections.abc import Callable
from typing import Any

from pytest_paymock.intercept import (
    httpx2_client,
    httpx_client,
    requests_client,
    socket_guard,
    vcr_neighbour,
)
from pytest_paymock.intercept.station import LOCK, Station, Switchboard

FAMILIES = tuple(filter(None, (httpx_client.FAMILY, httpx2_client.FAMILY)))


def _httpx_boards() -> list[Any]:
    active = (family.own_board.active for family in FAMILIES)
    return [board for board in active if board is not None]


_BOARDS: tuple[Switchboard, ...] = (
    socket_guard.SocketGuard(),
    *vcr_neighbour.boards(_httpx_boards),
    *(family.own_board for family in FAMILIES),
    requests_client.RequestsSwitchboard(),
)
"""In the order of their start, and all of them end the other way round: vcrpy's looks whether those
of the httpx family have gone."""


def activate(station: Station) -> list[Callable[[], None]]:
    """Let a fake answer every client library that is installed.

    Returns:
        what takes it away again, to be called in reverse order.
    """
    settle()
    return [board.admit(station) for board in _BOARDS]


def settle() -> None:
    """Take away what other mocks covered at the end of a fake, and do not cover any more.

    To be called when all other mocks of a test have been stopped.
    """
    with LOCK:
        for board in reversed(_BOARDS):
            active = board.active
            if active is not None:
                active.settle()
            board.clear_up()
