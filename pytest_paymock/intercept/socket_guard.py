"""The last line: connections to the faked API by clients that cannot be intercepted.

urllib3, urllib, aiohttp and the like go past httpx and requests. Where they address the base URL's
host and port, the connection is stopped, whoever listens there. All other addresses are untouched.
"""

import errno
import socket
from collections.abc import Callable
from typing import Any

from pytest_paymock import describe
from pytest_paymock.api.base_url import DEFAULT_PORTS
from pytest_paymock.intercept.patch import Patch
from pytest_paymock.intercept.station import Station, Switchboard

_PARTS = 2


class SocketGuard(Switchboard):
    """The active fakes, behind the functions of ``socket`` through which connections begin."""

    def install(self) -> None:
        """Put our functions in front of ``socket``'s."""
        self._patches = [
            Patch(socket.socket, "connect"),
            Patch(socket.socket, "connect_ex"),
            Patch(socket, "getaddrinfo"),
        ]
        connect, connect_ex, getaddrinfo = self._patches
        connect.put(self._guarded(connect.below))
        connect_ex.put(self._guarded(connect_ex.below))
        getaddrinfo.put(self._guarded_lookup(getaddrinfo.below))

    def uninstall(self) -> None:
        """Put back what was there."""
        for patch in self._patches:
            patch.take()

    def _guarded(self, below: Callable[..., Any]) -> Callable[..., Any]:
        def connect(sock: socket.socket, address: Any) -> Any:
            if isinstance(address, tuple) and len(address) >= _PARTS:
                self._check(address[0], address[1])
            return below(sock, address)

        connect.paymock_switchboard = self  # type: ignore[attr-defined]
        return connect

    def _guarded_lookup(self, below: Callable[..., Any]) -> Callable[..., Any]:
        # A name that is no name of this machine is gone by the time of ``connect``.
        def getaddrinfo(host: Any, port: Any, *args: Any, **options: Any) -> Any:
            self._check(host, port)
            return below(host, port, *args, **options)

        return getaddrinfo

    def _check(self, host: Any, port: Any) -> None:
        """Raise if an address is that of a fake.

        Raises:
            ConnectionRefusedError: with what to do.
        """
        name = host.decode("ascii", "replace") if isinstance(host, bytes) else str(host)
        for station in self.stations:
            if str(port) == str(_port(station)) and station.is_address(
                name.lower(), _port(station)
            ):
                if station.network == "any" and station.base.prefix:
                    continue  # another service may live there, and a socket has no path
                sentence = describe.bypassed(name, _port(station), str(station.base))
                station.blocked.append(sentence)
                raise ConnectionRefusedError(errno.ECONNREFUSED, sentence)


def _port(station: Station) -> int:
    return station.base.port or DEFAULT_PORTS[station.base.scheme]


def activate(station: Station) -> Callable[[], None]:
    """Guard the address of a fake, and return what ends that."""
    present = getattr(socket.socket.connect, "paymock_switchboard", None)
    return (present or SocketGuard()).admit(station)
