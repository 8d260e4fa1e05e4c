"""Sockets to listen on: one for each address of a host, all on the same port."""

import errno
import socket
import sys
from typing import Any

from pytest_paymock.errors import PaymockError
from pytest_paymock.server import messages

# A machine may know the name of ::1 and not have the address.
_ABSENT = (errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT)


class CannotListenError(PaymockError):
    """An address cannot be had; the message says why and what to do."""


def listen(host: str, port: int) -> list[socket.socket]:
    """Return listening sockets, for as many of the host's addresses as this machine has.

    Args:
        host: a name or an address; a name such as ``localhost`` may be IPv4 and IPv6 at once.
        port: 0 takes a free one.

    Raises:
        CannotListenError: if an address is taken, or there is none.
    """
    made: list[socket.socket] = []
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        # IPv4 first, as it is the one that every machine has.
        for family, _, _, _, address in sorted(found, key=lambda item: item[0] != socket.AF_INET):
            wanted = made[0].getsockname()[1] if made else port
            _add(made, family, (address[0], wanted))
    except OSError as error:
        close(made)
        why = error.strerror or str(error)
        elsewhere = isinstance(error, socket.gaierror) or error.errno == errno.EADDRNOTAVAIL
        sentence = messages.cannot_listen(host, port, why, elsewhere=elsewhere)
        raise CannotListenError(sentence) from None
    return made


def close(sockets: list[socket.socket]) -> None:
    """Close all sockets."""
    for each in sockets:
        each.close()


def _add(made: list[socket.socket], family: int, address: tuple[Any, int]) -> None:
    # asyncio looks at the protocol's number before it switches the delay of small packets off.
    one = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        if family == socket.AF_INET6:
            one.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        # Not on Windows, where it would take the port of another program.
        reuse = int(sys.platform != "win32")
        one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, reuse)
        one.bind(address)
        one.listen()
    except OSError as error:
        one.close()
        if not made or error.errno not in _ABSENT:
            raise
        return
    made.append(one)
