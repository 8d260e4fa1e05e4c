"""The cassettes of vcrpy beside the fake: they neither record nor play what is the fake's.

A cassette patches the methods of httpx and httpx2 whose code we exchange, so it is asked first.
While a fake is active, it leaves to the fake what is the fake's. With requests there is nothing to
do: cassettes lie in urllib3, below ours.
"""

from collections.abc import Callable
from contextlib import suppress
from importlib import import_module
from typing import Any

from urllib3 import HTTPConnectionPool

from pytest_paymock._intercept.interceptor import Interceptor
from pytest_paymock._intercept.mocks.hook import Hook

STUBS = "vcr.stubs.httpx_stubs"

_stubs: Any = None
with suppress(Exception):  # it is no dependency of ours, and refuses some neighbours of its own
    _stubs = import_module("vcr.stubs.httpx_stubs")


def is_active_in_urllib3() -> bool:
    """Say whether a cassette decides about requests on their way to the network."""
    return getattr(HTTPConnectionPool.ConnectionCls, "cassette", None) is not None


class VcrInterceptor(Interceptor):
    """The active fakes, in front of what vcrpy does in the httpx library.

    Args:
        interceptor_of: returns the interceptor of a transport, None for one of the user's own.
    """

    def __init__(self, interceptor_of: Callable[[Any], Any]) -> None:
        super().__init__(_stubs)

        def handle(*args: Any) -> Any:
            __tracebackhide__ = True
            transport, request = args[2:4]
            interceptor = interceptor_of(transport)
            if interceptor is None or not interceptor.is_ours(request):
                return sync.original(*args)
            return interceptor.handle(transport, request)

        async def handle_async(*args: Any) -> Any:
            __tracebackhide__ = True
            transport, request = args[2:4]
            interceptor = interceptor_of(transport)
            if interceptor is None or not interceptor.is_ours(request):
                return await asynchronous.original(*args)
            return await interceptor.handle_async(transport, request)

        sync = Hook(STUBS, "", "_vcr_handle_request", handle)
        asynchronous = Hook(STUBS, "", "_vcr_handle_async_request", handle_async)
        self.patches = sync, asynchronous


def interceptors(interceptor_of: Callable[[Any], Any]) -> list[Interceptor]:
    """Return the interceptor of vcrpy, if that is installed.

    Before 8.0 it lay in httpcore, below ours.

    Args:
        interceptor_of: returns the interceptor of a transport, None for one of the user's own.
    """
    return [VcrInterceptor(interceptor_of)] if hasattr(_stubs, "_vcr_handle_request") else []
