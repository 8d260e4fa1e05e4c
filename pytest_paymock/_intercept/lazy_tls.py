"""TLS contexts that cost nothing until the first handshake.

A new client of the httpx library reads the whole bundle of certificate authorities, which takes
longer than a hundred answered calls, and in a test of faked calls no handshake ever comes. While a
fake is active, a client with default settings gets a context that makes the stock one when it is
first needed, and hands all on to it. Until then there is none to shake hands with, so no mistake
here could let a wrong certificate pass.
"""

import os
import ssl
import sys
from collections.abc import Callable
from pathlib import Path
from threading import Lock
from typing import Any, cast

from pytest_paymock._intercept.attribute_patch import AttributePatch

Make = Callable[[], ssl.SSLContext]


class LazyContext:
    """A client context that ``make`` makes at the first need, whatever that is.

    It is none itself, since to make even an empty one takes longer than an answered call. But it
    says so to nobody: whoever asks for its class, as asyncio does, hears of a context.
    """

    __slots__ = ("__weakref__", "_lock", "_made", "_make")

    _OWN = frozenset(__slots__)

    def __init__(self, make: Make) -> None:
        self._make = make
        self._lock = Lock()
        self._made: ssl.SSLContext | None = None

    __class__ = property(lambda _: ssl.SSLContext)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.stock(), name)

    def __setattr__(self, name: str, value: Any) -> None:
        if name in self._OWN:
            super().__setattr__(name, value)
        else:
            setattr(self.stock(), name, value)

    def __delattr__(self, name: str) -> None:
        delattr(self.stock(), name)

    def __reduce_ex__(self, protocol: Any) -> Any:
        return self.stock().__reduce_ex__(protocol)  # a context cannot be copied, and says so

    def stock(self) -> ssl.SSLContext:
        """Return the stock context, which is made at the first call."""
        with self._lock:
            if self._made is None:
                self._made = self._make()
            return self._made


class LazyContexts:
    """Makes the default contexts of a library lazy, while it is in place.

    Where the library makes its contexts in another way than we know, nothing is changed.

    Args:
        transport: the library's ``HTTPTransport``.
        is_wanted: says whether an active fake has the option ``lazy_tls`` on.
    """

    def __init__(self, transport: Any, is_wanted: Callable[[], bool]) -> None:
        self._module = sys.modules.get(transport.__init__.__globals__["__name__"])
        self._is_wanted = is_wanted
        self._patch = AttributePatch(self._module, "create_ssl_context", self._lazily)

    def put(self) -> None:
        """Begin, unless it is in place."""
        if hasattr(self._module, "create_ssl_context"):
            self._patch.put()

    def take(self) -> None:
        """End."""
        self._patch.take()

    def tidy(self) -> None:
        """Take our function away if it was covered and is so no more."""
        self._patch.tidy()

    def _lazily(self, stock: Callable[..., ssl.SSLContext]) -> Callable[..., ssl.SSLContext]:
        """Return our ``create_ssl_context``."""

        def create_ssl_context(*args: Any, **options: Any) -> ssl.SSLContext:
            if args or not self._is_wanted() or not _is_default(options):
                return stock(*args, **options)
            return cast("ssl.SSLContext", LazyContext(_later(lambda: stock(**options))))

        return create_ssl_context


_VARIABLES = ("SSL_CERT_FILE", "SSL_CERT_DIR", "SSLKEYLOGFILE")
"""Where the environment says which authorities to trust, and where to log keys."""


def _is_default(options: dict[str, Any]) -> bool:
    """Say whether a client asked for nothing special, and nothing will fail for a missing file."""
    if options.get("verify", True) is not True or options.get("cert") is not None:
        return False
    named = filter(None, map(os.environ.get, _VARIABLES))
    return all(Path(path).exists() for path in named)


def _later(make: Make) -> Make:
    """Return a function that makes a context as it would have been made now."""
    now = {name: os.environ.get(name) for name in _VARIABLES}

    def make_as_then() -> ssl.SSLContext:
        with _ENVIRONMENT:
            meanwhile = {name: os.environ.get(name) for name in _VARIABLES}
            _set(now, instead_of=meanwhile)
            try:
                return make()
            finally:
                _set(meanwhile, instead_of=now)

    return make_as_then


_ENVIRONMENT = Lock()


def _set(values: dict[str, str | None], *, instead_of: dict[str, str | None]) -> None:
    for name, value in values.items():
        if value == instead_of[name]:
            continue
        if value is None:
            del os.environ[name]
        else:
            os.environ[name] = value
