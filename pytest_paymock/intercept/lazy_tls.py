"""TLS contexts that cost nothing until the first handshake.

A new client of the httpx family reads the whole bundle of certificate authorities, which takes
longer than a hundred answered calls, and in a test of faked calls no handshake ever comes. While a
fake is active, a client with default settings gets a context that makes the stock one when it is
first needed, and from then on is that one. Until then it trusts nobody, so no mistake here could
let a wrong certificate pass.
"""

import os
import ssl
import sys
from collections.abc import Callable
from pathlib import Path
from threading import Lock
from typing import Any, Self

from pytest_paymock.intercept.patch import Patch

Make = Callable[[], ssl.SSLContext]


class LazyContext(ssl.SSLContext):
    """A client context that becomes the one which ``make`` returns at the first need."""

    _make: Make
    _lock: Lock
    _stock: ssl.SSLContext | None
    _changed: dict[str, Any]
    _alpn: list[str] | None

    def __new__(cls, make: Make) -> Self:
        """Make the context itself, which trusts nobody."""
        context = super().__new__(cls, ssl.PROTOCOL_TLS_CLIENT)
        context.__dict__.update(_make=make, _lock=Lock(), _stock=None, _changed={}, _alpn=None)
        return context

    def __setattr__(self, name: str, value: Any) -> None:
        super().__setattr__(name, value)  # first: it refuses what may not be set
        self._changed[name] = value
        if self._stock is not None:
            setattr(self._stock, name, value)

    def stock(self) -> ssl.SSLContext:
        """Return the stock context, made at the first call, with what was changed on this one."""
        with self._lock:
            made = self._stock
            if made is None:
                made = self._make()
                # check_hostname first: verify_mode may not be relaxed while it is on.
                for name in sorted(self._changed):
                    setattr(made, name, self._changed[name])
                if self._alpn is not None:
                    made.set_alpn_protocols(self._alpn)
                self.__dict__["_stock"] = made
        return made

    def set_alpn_protocols(self, alpn_protocols: Any) -> None:
        """Remember the protocols; httpcore sets them before each handshake."""
        self.__dict__["_alpn"] = list(alpn_protocols)
        if self._stock is not None:
            self._stock.set_alpn_protocols(self._alpn or [])


def _forwarded(name: str) -> Callable[..., Any]:
    def method(context: LazyContext, *args: Any, **options: Any) -> Any:
        return getattr(context.stock(), name)(*args, **options)

    method.__name__ = name
    method.__doc__ = f"Forward to the stock context's ``{name}``."
    return method


_FORWARDED = (
    *("wrap_socket", "wrap_bio"),
    *("load_cert_chain", "load_verify_locations", "load_default_certs"),
    *("set_default_verify_paths", "load_dh_params", "set_ecdh_curve", "set_ciphers"),
    *("get_ca_certs", "get_ciphers", "cert_store_stats", "session_stats"),
)
for _name in _FORWARDED:
    setattr(LazyContext, _name, _forwarded(_name))


def patch_for(transport: Any, is_wanted: Callable[[], bool]) -> Patch | None:
    """Return a patch, put in place, that makes the default contexts of a library lazy.

    Args:
        transport: the library's ``HTTPTransport``.
        is_wanted: says whether an active fake has the option ``lazy_tls`` on.

    Returns:
        None where the library makes its contexts in another way than we know: nothing is changed.
    """
    module = sys.modules.get(transport.__init__.__globals__["__name__"])
    if not hasattr(module, "create_ssl_context"):
        return None
    patch = Patch(module, "create_ssl_context")
    stock = patch.below

    def create_ssl_context(*args: Any, **options: Any) -> ssl.SSLContext:
        if args or not is_wanted() or not _is_default(options):
            context: ssl.SSLContext = stock(*args, **options)
            return context
        return LazyContext(_later(lambda: stock(**options)))

    patch.put(create_ssl_context)
    return patch


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
