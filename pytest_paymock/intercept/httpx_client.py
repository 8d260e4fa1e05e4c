"""Interception of httpx, sync and async.

The seam is ``HTTPTransport.handle_request`` and its async twin. It lies above the place where respx
patches httpcore, so a user's own respx router keeps what it had below us, and clients with a
transport of their own (``MockTransport``, ``ASGITransport``) are rightly left alone. respx's stock
seam would cost a conversion of each request and answer between httpx and httpcore, and twelve
patches a test: about half the price of a call, and four times that of a whole ``paymock``.
"""

from collections.abc import Callable, Coroutine
from typing import Any

import httpx
from respx.mocks import HTTPCoreMocker

from pytest_paymock.api.messages import Request, Response
from pytest_paymock.intercept.station import Station, Switchboard

CLIENT = "httpx"

SyncHandler = Callable[[httpx.HTTPTransport, httpx.Request], httpx.Response]
AsyncHandler = Callable[
    [httpx.AsyncHTTPTransport, httpx.Request], Coroutine[Any, Any, httpx.Response]
]


class HttpxSwitchboard(Switchboard):
    """The active fakes for httpx, and the two patches that lead to them."""

    def install(self) -> None:
        """Put our two functions in front of httpx's transports."""
        self._sync: SyncHandler = httpx.HTTPTransport.handle_request
        self._async: AsyncHandler = httpx.AsyncHTTPTransport.handle_async_request
        self._mine = sync_handler(self, self._sync), async_handler(self, self._async)
        httpx.HTTPTransport.handle_request = self._mine[0]  # type: ignore[method-assign,assignment]
        httpx.AsyncHTTPTransport.handle_async_request = self._mine[1]  # type: ignore[method-assign,assignment]

    def uninstall(self) -> None:
        """Put back the very functions that were there, unless another patch lies on top of ours."""
        if httpx.HTTPTransport.handle_request is self._mine[0]:
            httpx.HTTPTransport.handle_request = self._sync  # type: ignore[method-assign,assignment]
        if httpx.AsyncHTTPTransport.handle_async_request is self._mine[1]:
            httpx.AsyncHTTPTransport.handle_async_request = self._async  # type: ignore[method-assign,assignment]

    def station_for(self, request: httpx.Request) -> tuple[Station, str] | None:
        """Return who answers a request, or None if it goes on to where it was going.

        Raises:
            httpx.ConnectError: if the network rule stops it.
        """
        url = request.url
        path = url.raw_path.decode("ascii").partition("?")[0]
        found = self.find(url.scheme, url.host, url.port, path)
        routers = HTTPCoreMocker.routers
        if found is not None:
            return None if routers and _claimed(request) else found
        if self.stations and not routers and _is_genuine(self._sync):
            refusal = self.refusal(request.method, str(url), url.host)
            if refusal is not None:
                raise httpx.ConnectError(refusal, request=request)
        return None


def _claimed(request: httpx.Request) -> bool:
    """Say whether a user's own respx route answers this request.

    Asks the patterns, which are pure; ``Route.match`` would run side effects. A pass-through below
    our base URL is not followed: it would send the payment to the network.
    """
    return any(
        (not route.pattern or route.pattern.match(request)) and not route.is_pass_through
        for router in HTTPCoreMocker.routers
        for route in router.routes
    )


def _is_genuine(handler: Any) -> bool:
    """Say whether httpx's own function lies below ours, and not another mock's."""
    return bool(handler.__module__ == "httpx._transports.default")


def native(response: Response) -> httpx.Response:
    """Return an answer as httpx builds it from the wire."""
    headers = [(name.encode(), value.encode()) for name, value in response.headers()]
    return httpx.Response(
        response.status_code, headers=headers, stream=httpx.ByteStream(response.body)
    )


def sync_handler(board: HttpxSwitchboard, below: SyncHandler) -> SyncHandler:
    """Return our ``HTTPTransport.handle_request``."""

    def handle_request(transport: httpx.HTTPTransport, request: httpx.Request) -> httpx.Response:
        __tracebackhide__ = True
        found = board.station_for(request)
        if found is None:
            return below(transport, request)
        station, path = found
        sent = Request(request.method, path, request.read())
        return native(station.gateway.exchange(CLIENT, sent))

    handle_request.paymock_switchboard = board  # type: ignore[attr-defined]
    return handle_request


def async_handler(board: HttpxSwitchboard, below: AsyncHandler) -> AsyncHandler:
    """Return our ``AsyncHTTPTransport.handle_async_request``."""

    async def handle_async_request(
        transport: httpx.AsyncHTTPTransport, request: httpx.Request
    ) -> httpx.Response:
        __tracebackhide__ = True
        found = board.station_for(request)
        if found is None:
            return await below(transport, request)
        station, path = found
        sent = Request(request.method, path, await request.aread())
        return native(station.gateway.exchange(CLIENT, sent))

    return handle_async_request


def activate(station: Station) -> Callable[[], None]:
    """Let a fake answer httpx, and return what takes it away again."""
    present = getattr(httpx.HTTPTransport.handle_request, "paymock_switchboard", None)
    return (present or HttpxSwitchboard()).admit(station)
