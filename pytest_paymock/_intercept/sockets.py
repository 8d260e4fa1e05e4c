"""The last line: connections to the faked API by clients that cannot be intercepted.

urllib3, urllib, aiohttp and the like go past httpx and requests. Where they address the base URL's
host and port, the connection is stopped, whoever listens there. All other addresses are untouched.
"""

import _socket
import errno
import socket
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from pytest_paymock._intercept.attribute_patch import AttributePatch
from pytest_paymock._intercept.interceptor import Interceptor
from pytest_paymock._text import messages

_PARTS = 2


def _python_socket() -> type:
    """Return the class ``socket.socket``, also while a subclass stands in its place.

    pytest-socket puts one there, and takes it away before a fake ends or while it is active.
    """
    kinds = [kind for kind in socket.socket.__mro__ if issubclass(kind, _socket.socket)]
    return kinds[-2]


class SocketGuard(Interceptor):
    """The active fakes, behind the functions through which connections begin.

    Names are looked up in ``_socket``, below ``socket.getaddrinfo``, which pytest-socket replaces.
    """

    def __init__(self) -> None:
        owner = _python_socket()
        super().__init__(owner)
        self.patches = (
            AttributePatch(owner, "connect", self._guarded),
            AttributePatch(owner, "connect_ex", self._guarded_ex),
            AttributePatch(_socket, "getaddrinfo", self._guarded_lookup),
        )

    def _guarded(self, below: Callable[..., Any]) -> Callable[..., Any]:
        def connect(sock: socket.socket, address: Any) -> Any:
            if isinstance(address, tuple) and len(address) >= _PARTS:
                self._check(address[0], address[1])
            return below(sock, address)

        return connect

    def _guarded_ex(self, below: Callable[..., Any]) -> Callable[..., Any]:
        guarded = self._guarded(below)

        def connect_ex(sock: socket.socket, address: Any) -> Any:
            try:
                return guarded(sock, address)
            except ConnectionRefusedError as refused:
                return refused.errno

        return connect_ex

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
        for mount in self.mounts:
            # A socket has no path, so what shares the address has to pass.
            if mount.is_address(name, _number(port)) and not mount.shares_address:
                sentence = messages.bypassed(name, mount.port, str(mount.base))
                mount.blocked.append(sentence)
                raise ConnectionRefusedError(errno.ECONNREFUSED, sentence)


def _number(port: Any) -> int | None:
    """Return a port as ``getaddrinfo`` reads it: a number, its digits, or the name of a service."""
    name = port.decode("ascii", "replace") if isinstance(port, bytes) else port
    with suppress(TypeError, ValueError):
        return int(name)
    with suppress(TypeError, OSError):
        return socket.getservbyname(name)
    return None
