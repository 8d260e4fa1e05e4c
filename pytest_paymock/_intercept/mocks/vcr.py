"""The cassettes of vcrpy beside the fake: they neither record nor play what is the fake's.

A cassette takes the place of the transports of httpx and httpx2, and calls on its own to those that
it found when vcrpy was imported. So our seam is no use above or below it, and while a fake is
active, a cassette is asked to leave to the fake what is the fake's. With requests there is nothing
to do: cassettes lie in urllib3, below our seam.
"""

from collections.abc import Callable
from contextlib import suppress
from importlib import import_module
from typing import Any

from urllib3 import HTTPConnectionPool

from pytest_paymock._intercept.interceptor import Interceptor
from pytest_paymock._intercept.method_patch import AttributePatch, take_all

STUBS = "vcr.stubs.httpx_stubs"

cassettes: Any = None
stubs: Any = None
with suppress(Exception):  # it is no dependency of ours, and refuses some neighbours of its own
    # Here and not later: imported below an active fake, it would take ours for the genuine ones.
    found = import_module("vcr.cassette"), import_module("vcr.stubs.httpx_stubs")
    # Before 8.0 its stubs lay above the transports, where a call comes to us by itself.
    if hasattr(found[1], "_vcr_handle_request"):
        cassettes, stubs = found


def is_cassette(function: Any) -> bool:
    """Say whether a transport's method was put there by a cassette."""
    return getattr(function, "__globals__", {}).get("__name__") == STUBS


def is_active_in_urllib3() -> bool:
    """Say whether a cassette decides about requests on their way to the network."""
    return getattr(HTTPConnectionPool.ConnectionCls, "cassette", None) is not None


class VcrInterceptor(Interceptor):
    """The active fakes, behind vcrpy's stubs for the httpx library.

    Args:
        others: returns the interceptors that a cassette may cover or throw out.
    """

    def __init__(self, others: Callable[[], list[Any]]) -> None:
        super().__init__(cassettes.CassetteContextDecorator)
        self._others = others
        self._patches = (
            AttributePatch(stubs, "_vcr_handle_request", _leaving_ours),
            AttributePatch(stubs, "_vcr_handle_async_request", _leaving_ours_async),
            AttributePatch(self._owner, "__exit__", self._followed_by_settling),
        )

    def install(self) -> None:
        """Put our functions in front of vcrpy's."""
        for patch in self._patches:
            patch.put()

    def uninstall(self) -> bool:
        """Put back what was there, once no cassette covers a transport of ours any more."""
        if self._others():
            return False
        self.covered += take_all(self._patches)
        return True

    @property
    def is_lost(self) -> bool:
        """Never: nobody else patches vcrpy."""
        return False

    def _followed_by_settling(self, below: Callable[..., Any]) -> Callable[..., Any]:
        def __exit__(context: Any, *error: Any) -> Any:  # noqa: N807 - it takes the place of one
            try:
                return below(context, *error)
            finally:
                for interceptor in self._others():
                    interceptor.settle()
                self.settle()

        return __exit__


def _interceptor_of(http: Any, transport: Any) -> Any:
    """Return the interceptor of a library, unless the transport is one of the user's own."""
    genuine = http.HTTPTransport, http.AsyncHTTPTransport
    return Interceptor.of(http.HTTPTransport) if isinstance(transport, genuine) else None


def _leaving_ours(below: Callable[..., Any]) -> Callable[..., Any]:
    def _vcr_handle_request(
        cassette: Any, genuine: Any, transport: Any, request: Any, http: Any
    ) -> Any:
        __tracebackhide__ = True
        interceptor = _interceptor_of(http, transport)
        if interceptor is None or not interceptor.is_ours(request):
            return below(cassette, genuine, transport, request, http)
        return interceptor.handler(genuine)(transport, request)

    return _vcr_handle_request


def _leaving_ours_async(below: Callable[..., Any]) -> Callable[..., Any]:
    async def _vcr_handle_async_request(
        cassette: Any, genuine: Any, transport: Any, request: Any, http: Any
    ) -> Any:
        __tracebackhide__ = True
        interceptor = _interceptor_of(http, transport)
        if interceptor is None or not interceptor.is_ours(request):
            return await below(cassette, genuine, transport, request, http)
        return await interceptor.async_handler(genuine)(transport, request)

    return _vcr_handle_async_request


def interceptors(others: Callable[[], list[Any]]) -> list[Interceptor]:
    """Return the interceptor of vcrpy, if that is installed.

    Args:
        others: returns the active interceptors that a cassette may cover or throw out.
    """
    return [] if cassettes is None else [VcrInterceptor(others)]
