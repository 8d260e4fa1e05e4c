"""Interception of the httpx library, httpx and httpx2, sync and async.

The seam is ``HTTPTransport.handle_request`` and its async twin. It lies above the place where respx
patches httpcore, so a user's own respx router keeps what it had below us, and clients with a
transport of their own (``MockTransport``, ``ASGITransport``) are rightly left alone. respx's stock
seam would cost a conversion of each request and answer between httpx and httpcore, and twelve
patches a test: about half the price of a call, and four times that of a whole ``paymock``.
"""

from collections.abc import Callable
from inspect import unwrap
from typing import Any

from pytest_paymock._api.http import Request, Response
from pytest_paymock._intercept import lazy_tls
from pytest_paymock._intercept.httpx_dry_run import (
    AsyncDryRunNetwork,
    DryRunNetwork,
    dry_run,
    dry_run_async,
)
from pytest_paymock._intercept.httpx_network import AsyncNetwork, Network
from pytest_paymock._intercept.httpx_request import Messages, parts_of
from pytest_paymock._intercept.httpx_response import Answers
from pytest_paymock._intercept.interceptor import Interceptor
from pytest_paymock._intercept.method_patch import MethodPatch
from pytest_paymock._intercept.mocks import pytest_httpx, respx, vcr
from pytest_paymock._intercept.mount import Mount
from pytest_paymock._intercept.wire import Attempts

Place = tuple[Mount, str]


class HttpxLibrary:
    """One library of the library: its name in records, its module, and that of its network core.

    Args:
        http: the module ``httpx`` or one like it.
        core: the module ``httpcore`` or one like it.
        mocked: whether the mocks of httpx, respx and pytest-httpx, see its requests.
    """

    def __init__(self, http: Any, core: Any, *, mocked: bool) -> None:
        self.name: str = http.__name__
        self.http = http
        self.core = core
        self.mocked = mocked
        # The genuine functions also where this module is imported below an active fake, as an
        # in-process pytester does, or below another mock.
        interceptor = Interceptor.of(http.HTTPTransport)
        known = None if interceptor is None else interceptor.library
        self.genuine = _genuine(known, "genuine", http.HTTPTransport.handle_request)
        twin = http.AsyncHTTPTransport.handle_async_request
        self.genuine_async = _genuine(known, "genuine_async", twin)
        self.messages = Messages()
        self.answers = Answers(http)
        self.own_interceptor = HttpxInterceptor(self)


def _genuine(known: Any, name: str, found: Any) -> Any:
    if known is not None:
        return getattr(known, name)
    while True:
        below = found.__wrapped__ if vcr.is_cassette(found) else pytest_httpx.below(found)
        if below is None:
            return found
        found = below


class HttpxInterceptor(Interceptor):
    """The active fakes for one library of the library, and the two patches that lead to them."""

    def __init__(self, library: HttpxLibrary) -> None:
        http = library.http
        super().__init__(http.HTTPTransport)
        self.library = library
        twin = "handle_async_request"
        self._seams = (
            MethodPatch(http.HTTPTransport, "handle_request", library.genuine, self.handler),
            MethodPatch(http.AsyncHTTPTransport, twin, library.genuine_async, self.async_handler),
        )
        self._beside: tuple[Any, ...] = (
            lazy_tls.LazyContexts(http.HTTPTransport, self._wants_lazy_tls),
        )
        if library.mocked:
            bypass = respx.RespxBypass(self.is_ours)
            self._beside += bypass, pytest_httpx.PytestHttpxAdapter(self)

    def install(self) -> None:
        """Put our two functions in front of the library's transports, and hooks into its mocks."""
        for seam in self._seams:
            seam.put()
        for hook in self._beside:
            hook.put()

    def uninstall(self) -> bool:
        """Put back the very functions that were there."""
        for hook in self._beside:
            self.covered += hook.take()
        taken = [seam.take() for seam in self._seams]
        return all(taken)

    @property
    def is_lost(self) -> bool:
        """Whether another mock has put back what was there before ours."""
        return any(seam.is_lost for seam in self._seams)

    def _wants_lazy_tls(self) -> bool:
        return any(mount.lazy_tls for mount in self.mounts)

    # -- a request ----------------------------------------------------------------------------

    def is_ours(self, request: Any) -> bool:
        """Say whether a request lies under the base URL of an active fake."""
        return self._place(parts_of(request.url)) is not None

    def _place(self, parts: Any) -> Place | None:
        """Return under whose base URL the parts of a URL lie, and the path below it."""
        return self.find(parts.scheme, parts.host, parts.port, parts.path or "/")

    def _exchange(self, mount: Mount, sent: Request, *, hears: bool) -> Any:
        """Return the answer to a request as the library's own, or the attempts to get one."""
        library = self.library
        if hears:
            answer = mount.exchange(library.name, sent)
            if type(answer) is Response:
                return library.answers.native(answer)
        else:
            # Whatever time that is, nothing can be held against it.
            sent = sent._replace(timeouts={**sent.timeouts, "read": 0.0})
            answer = mount.exchange(library.name, sent, heard=False)
        return Attempts(library.name, sent, mount.gateway, answer)

    def _is_claimed(self, transport: Any, request: Any, below: Any) -> bool:
        """Say whether a route that the user gave to another mock answers this request."""
        library = self.library
        if not library.mocked:
            return False
        if respx.claims(request):
            return True
        if below is library.genuine or below is library.genuine_async:
            return False
        mock = pytest_httpx.mock_behind(below)
        return mock is not None and pytest_httpx.claims(mock, transport, request)

    def _check_network(self, transport: Any, request: Any, below: Any) -> None:
        """Stop a request outside every base URL, if it is to be stopped.

        Raises:
            httpx.ConnectError: with what to change.
        """
        __tracebackhide__ = True
        if not self.mounts:
            self.settle()  # whatever covered us is gone
        elif not self._is_mocked(below) and not _is_unix(transport):
            refusal = self.refusal(request.method, str(request.url))
            if refusal is not None:
                raise self.library.http.ConnectError(refusal, request=request)

    def _is_mocked(self, below: Any) -> bool:
        """Say whether another mock decides about requests that are not for the fake."""
        if vcr.is_cassette(below):
            return True
        # A function that only wraps the genuine one, as tracers do, is no mock.
        if unwrap(below) not in (self.library.genuine, self.library.genuine_async):
            return True
        above = (pytest_httpx.mock_behind(seam.top) for seam in self._seams)
        return any(above) or (self.library.mocked and respx.is_active())

    # -- our functions ------------------------------------------------------------------------

    # Each does all in one: a coroutine more would cost what it takes to look a token up.

    def handler(self, below: Any) -> Callable[..., Any]:
        """Return our ``HTTPTransport.handle_request``, which hands on to what lies below."""
        library = self.library

        def handle_request(transport: Any, request: Any) -> Any:
            __tracebackhide__ = True
            parts = parts_of(request.url)
            place = self._place(parts)
            if place is None:
                self._check_network(transport, request, below)
                return below(transport, request)
            stream, body = request.stream, request.read()
            if self._is_claimed(transport, request, below):
                return below(transport, request)
            mount, path = place
            sent, is_ordinary = library.messages.read(request, path, parts.query, body)
            try:
                hears = is_ordinary or dry_run(library, transport, request)
                met = self._exchange(mount, sent, hears=hears)
                if type(met) is not Attempts:
                    return met
                network = (Network if hears else DryRunNetwork)(library.core, met)
                return library.genuine(network.transport(transport), request)
            finally:
                if request.stream is not stream:
                    _spend(request, stream)

        return handle_request

    def async_handler(self, below: Any) -> Callable[..., Any]:
        """Return our ``AsyncHTTPTransport.handle_async_request``."""
        library = self.library

        async def handle_async_request(transport: Any, request: Any) -> Any:
            __tracebackhide__ = True
            parts = parts_of(request.url)
            place = self._place(parts)
            if place is None:
                self._check_network(transport, request, below)
                return await below(transport, request)
            stream, body = request.stream, await request.aread()
            if self._is_claimed(transport, request, below):
                return await below(transport, request)
            mount, path = place
            sent, is_ordinary = library.messages.read(request, path, parts.query, body)
            try:
                hears = is_ordinary or await dry_run_async(library, transport, request)
                met = self._exchange(mount, sent, hears=hears)
                if type(met) is not Attempts:
                    return met
                network = (AsyncNetwork if hears else AsyncDryRunNetwork)(library.core, met)
                return await library.genuine_async(network.transport(transport), request)
            finally:
                if request.stream is not stream:
                    _spend(request, stream)

        return handle_async_request


def _is_unix(transport: Any) -> bool:
    """Say whether a transport leads to a socket of this machine, whatever the host is called."""
    return getattr(getattr(transport, "_pool", None), "_uds", None) is not None


def _spend(request: Any, stream: Any) -> None:
    """Leave a request as one whose body was sent as a stream.

    A body that can be read only once is gone then, for whoever sends the request again.
    """
    request.stream = stream
    del request._content  # noqa: SLF001
