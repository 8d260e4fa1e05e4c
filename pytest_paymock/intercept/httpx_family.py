"""Interception of the httpx family, httpx and httpx2, sync and async.

The seam is ``HTTPTransport.handle_request`` and its async twin. It lies above the place where respx
patches httpcore, so a user's own respx router keeps what it had below us, and clients with a
transport of their own (``MockTransport``, ``ASGITransport``) are rightly left alone. respx's stock
seam would cost a conversion of each request and answer between httpx and httpcore, and twelve
patches a test: about half the price of a call, and four times that of a whole ``paymock``.
"""

from collections.abc import Callable
from typing import Any

from pytest_paymock.api.messages import Request, Response, Timeouts
from pytest_paymock.intercept import lazy_tls, pytest_httpx_neighbour, respx_neighbour
from pytest_paymock.intercept.httpx_network import AsyncNetwork, Network
from pytest_paymock.intercept.patch import Patch
from pytest_paymock.intercept.station import Station, Switchboard
from pytest_paymock.intercept.wire import Attempts

_NO_LIMIT: dict[str, float | None] = {}


class Family:
    """One library of the family: its name in records, its module, and that of its network core.

    Args:
        http: the module ``httpx`` or one like it.
        core: the module ``httpcore`` or one like it.
        mocked_by_respx: whether respx routers see its requests.
    """

    def __init__(self, http: Any, core: Any, *, mocked_by_respx: bool) -> None:
        self.name: str = http.__name__
        self.http = http
        self.core = core
        self.mocked_by_respx = mocked_by_respx
        # The genuine functions also where this module is imported below an active fake, as an
        # in-process pytester does.
        sync, async_ = http.HTTPTransport.handle_request, http.AsyncHTTPTransport
        self.genuine = getattr(sync, "paymock_genuine", sync)
        twin = async_.handle_async_request
        self.genuine_async = getattr(twin, "paymock_genuine", twin)

    def activate(self, station: Station) -> Callable[[], None]:
        """Let a fake answer this library, and return what takes it away again."""
        seam = self.http.HTTPTransport.handle_request
        board = getattr(seam, "paymock_switchboard", None) or HttpxSwitchboard(self)
        leave: Callable[[], None] = board.admit(station)
        return leave


class HttpxSwitchboard(Switchboard):
    """The active fakes for one library of the family, and the two patches that lead to them."""

    def __init__(self, family: Family) -> None:
        super().__init__()
        self.family = family

    def install(self) -> None:
        """Put our two functions in front of the library's transports."""
        http = self.family.http
        self.sync = Patch(http.HTTPTransport, "handle_request")
        self.async_ = Patch(http.AsyncHTTPTransport, "handle_async_request")
        self.sync.put(_sync_handler(self))
        self.async_.put(_async_handler(self))
        self.contexts = lazy_tls.patch_for(http.HTTPTransport, self._wants_lazy_tls)
        if self.family.mocked_by_respx:
            self.usher = respx_neighbour.Usher(self.is_ours)

    def uninstall(self) -> None:
        """Put back the very functions that were there."""
        self.sync.take()
        self.async_.take()
        if self.contexts is not None:
            self.contexts.take()
        if self.family.mocked_by_respx:
            self.usher.leave()

    def _wants_lazy_tls(self) -> bool:
        return any(station.lazy_tls for station in self.stations)

    def is_ours(self, request: Any) -> bool:
        """Say whether a request lies under the base URL of an active fake."""
        return self._place_of(request) is not None

    def station_for(self, request: Any) -> tuple[Station, str] | None:
        """Return who answers a request, or None if it goes on to where it was going.

        Raises:
            httpx.ConnectError: if the network rule stops it.
        """
        found = self._place_of(request)
        if found is not None:
            return None if self._claimed(request) else found
        if self.stations and not self._mocked():
            refusal = self.refusal(request.method, str(request.url))
            if refusal is not None:
                raise self.family.http.ConnectError(refusal, request=request)
        return None

    def _place_of(self, request: Any) -> tuple[Station, str] | None:
        url = request.url
        path = url.raw_path.decode("ascii").partition("?")[0]
        return self.find(url.scheme, url.host, url.port, path)

    def _claimed(self, request: Any) -> bool:
        """Say whether a route that the user gave to another mock answers this request."""
        if self.family.mocked_by_respx and respx_neighbour.claims(request):
            return True
        mock = pytest_httpx_neighbour.mock_behind(self.sync.below)
        return mock is not None and pytest_httpx_neighbour.claims(mock, request)

    def _mocked(self) -> bool:
        """Say whether another mock below ours decides about requests that are not for the fake."""
        if self.family.mocked_by_respx and respx_neighbour.is_active():
            return True
        return self.sync.below is not self.family.genuine


def _message(request: Any, path: str, body: bytes) -> Request:
    limits = request.extensions.get("timeout", _NO_LIMIT)
    patience = Timeouts(limits.get("connect"), limits.get("read"))
    query = request.url.query
    return Request(request.method, path, body, patience, query.decode("ascii") if query else "")


def _native(http: Any, response: Response) -> Any:
    """Return an answer as the library builds it from the wire."""
    headers = [(name.encode(), value.encode()) for name, value in response.headers()]
    return http.Response(
        response.status_code, headers=headers, stream=http.ByteStream(response.body)
    )


def _sync_handler(board: HttpxSwitchboard) -> Any:
    """Return our ``HTTPTransport.handle_request``."""
    below, family = board.sync.below, board.family
    name, http = family.name, family.http

    def handle_request(transport: Any, request: Any) -> Any:
        __tracebackhide__ = True
        found = board.station_for(request)
        if found is None:
            return below(transport, request)
        station, path = found
        sent = _message(request, path, request.read())
        answer = station.exchange(name, sent)
        if type(answer) is Response:
            return _native(http, answer)
        attempts = Attempts(name, sent, station.gateway, answer)
        return family.genuine(Network(family.core, attempts).transport(transport), request)

    handle_request.paymock_switchboard = board  # type: ignore[attr-defined]
    handle_request.paymock_genuine = family.genuine  # type: ignore[attr-defined]
    return handle_request


def _async_handler(board: HttpxSwitchboard) -> Any:
    """Return our ``AsyncHTTPTransport.handle_async_request``."""
    below, family = board.async_.below, board.family
    name, http = family.name, family.http

    async def handle_async_request(transport: Any, request: Any) -> Any:
        __tracebackhide__ = True
        found = board.station_for(request)
        if found is None:
            return await below(transport, request)
        station, path = found
        sent = _message(request, path, await request.aread())
        answer = station.exchange(name, sent)
        if type(answer) is Response:
            return _native(http, answer)
        attempts = Attempts(name, sent, station.gateway, answer)
        network = AsyncNetwork(family.core, attempts)
        return await family.genuine_async(network.transport(transport), request)

    handle_async_request.paymock_genuine = family.genuine_async  # type: ignore[attr-defined]
    return handle_async_request
