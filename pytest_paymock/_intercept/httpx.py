"""Interception of the httpx library, httpx and httpx2, sync and async.

What is intercepted is ``HTTPTransport.handle_request`` and its async twin. They lie above the place
where respx patches httpcore, so a user's own respx router keeps what it had below us, and clients
with a transport of their own (``MockTransport``, ``ASGITransport``) are rightly left alone.
"""

from typing import Any

from pytest_paymock._api.http import Body, Request, Response
from pytest_paymock._intercept import lazy_tls
from pytest_paymock._intercept.code_patch import CodePatch
from pytest_paymock._intercept.httpx_dry_run import (
    AsyncDryRunNetwork,
    DryRunNetwork,
    dry_run,
    dry_run_async,
)
from pytest_paymock._intercept.httpx_network import AsyncNetwork, Network, beneath_async
from pytest_paymock._intercept.httpx_request import Messages, parts_of
from pytest_paymock._intercept.httpx_response import Answers
from pytest_paymock._intercept.interceptor import Interceptor
from pytest_paymock._intercept.mocks import pytest_httpx, respx, vcr
from pytest_paymock._intercept.mount import Mount
from pytest_paymock._intercept.wire import Attempts, let_threads_run

Place = tuple[Mount, str]

_MOCKS = frozenset((pytest_httpx.MODULE, vcr.STUBS))
"""The modules of mocks that decide by themselves which requests they pass on."""


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
        self.transports = http.HTTPTransport, http.AsyncHTTPTransport
        self.messages = Messages()
        self.answers = Answers(http)
        self.interceptor = HttpxInterceptor(self)

    @property
    def genuine(self) -> Any:
        """``HTTPTransport.handle_request`` as it is while no fake is active."""
        return self.interceptor.sync.original

    @property
    def genuine_async(self) -> Any:
        """``AsyncHTTPTransport.handle_async_request`` as it is while no fake is active."""
        return self.interceptor.asynchronous.original


class HttpxInterceptor(Interceptor):
    """The active fakes for one library of the library, behind its two transports."""

    def __init__(self, library: HttpxLibrary) -> None:
        http = library.http
        super().__init__(http.HTTPTransport)
        self.library = library
        self.sync = CodePatch(http.HTTPTransport, "handle_request", self.handle, self._is_for_fake)
        self.asynchronous = CodePatch(
            http.AsyncHTTPTransport, "handle_async_request", self.handle_async, self._is_for_fake
        )
        self.patches = (
            self.sync,
            self.asynchronous,
            lazy_tls.LazyContexts(http.HTTPTransport, self._wants_lazy_tls),
        )
        if library.mocked:
            bypass = respx.RespxBypass(self.is_ours)
            self.patches += bypass, *pytest_httpx.hooks(self)

    def _wants_lazy_tls(self) -> bool:
        return any(mount.lazy_tls for mount in self.mounts)

    # -- a request ----------------------------------------------------------------------------

    def _is_for_fake(self, _: Any, request: Any) -> bool:
        return self.is_ours(request)

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

    def _is_claimed(self, request: Any) -> bool:
        """Say whether a route that the user gave to a router of respx answers this request."""
        return self.library.mocked and respx.claims(request)

    def _check_network(self, transport: Any, request: Any, patch: CodePatch) -> None:
        """Stop a request outside every base URL, if it is to be stopped.

        Raises:
            httpx.ConnectError: with what to change.
        """
        __tracebackhide__ = True
        if self.mounts and not _is_unix(transport) and not self._is_mocked(patch):
            refusal = self.refusal(request.method, str(request.url))
            if refusal is not None:
                raise self.library.http.ConnectError(refusal, request=request)

    def _is_mocked(self, patch: CodePatch) -> bool:
        """Say whether another mock decides about requests that are not for the fake."""
        if self.library.mocked and respx.is_active():
            return True
        return not _MOCKS.isdisjoint(patch.wrapped_by)

    # -- our functions ------------------------------------------------------------------------

    # Each does all in one: a coroutine more would cost what it takes to look a token up.

    def handle(self, transport: Any, request: Any) -> Any:
        """Do what ``HTTPTransport.handle_request`` does while a fake is active."""
        __tracebackhide__ = True
        library = self.library
        parts = parts_of(request.url)
        place = self._place(parts)
        if place is None:
            self._check_network(transport, request, self.sync)
            return library.genuine(transport, request)
        let_threads_run(0)
        stream, body = request.stream, Body(request.read())
        if self._is_claimed(request):
            return library.genuine(transport, request)
        mount, path = place
        sent, is_ordinary = library.messages.read(request, path, parts.query, body)
        try:
            if mount.gateway.gate is not None:
                mount.gateway.gate.wait()
            hears = is_ordinary or dry_run(library, transport, request)
            met = self._exchange(mount, sent, hears=hears)
            if type(met) is not Attempts:
                return met
            network = (Network if hears else DryRunNetwork)(library.core, met)
            return library.genuine(network.transport(transport), request)
        finally:
            if request.stream is not stream:
                _spend(request, stream)

    async def handle_async(self, transport: Any, request: Any) -> Any:
        """Do what ``AsyncHTTPTransport.handle_async_request`` does while a fake is active."""
        __tracebackhide__ = True
        library = self.library
        parts = parts_of(request.url)
        place = self._place(parts)
        if place is None:
            self._check_network(transport, request, self.asynchronous)
            return await library.genuine_async(transport, request)
        # Other tasks run while one waits for a network, and it may be cancelled there. Without
        # this a fake hides the races that charge a customer twice.
        await beneath_async().checkpoint()
        stream, body = request.stream, Body(await request.aread())
        if self._is_claimed(request):
            return await library.genuine_async(transport, request)
        mount, path = place
        sent, is_ordinary = library.messages.read(request, path, parts.query, body)
        try:
            if mount.gateway.gate is not None:
                await mount.gateway.gate.wait_async()
            hears = is_ordinary or await dry_run_async(library, transport, request)
            met = self._exchange(mount, sent, hears=hears)
            if type(met) is not Attempts:
                return met
            network = (AsyncNetwork if hears else AsyncDryRunNetwork)(library.core, met)
            return await library.genuine_async(network.transport(transport), request)
        finally:
            if request.stream is not stream:
                _spend(request, stream)


def _is_unix(transport: Any) -> bool:
    """Say whether a transport leads to a socket of this machine, whatever the host is called."""
    return getattr(getattr(transport, "_pool", None), "_uds", None) is not None


def _spend(request: Any, stream: Any) -> None:
    """Leave a request as one whose body was sent as a stream.

    A body that can be read only once is gone then, for whoever sends the request again.
    """
    request.stream = stream
    del request._content  # noqa: SLF001
