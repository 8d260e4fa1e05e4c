"""Interception of requests, as a ``responses.RequestsMock`` that answers for the active fakes.

``responses`` gives the seam (``HTTPAdapter.send`` and its ``_on_request``). Its own way from there,
six registered callbacks a test and their matching, would make a call a quarter dearer.
"""

from collections.abc import Callable
from io import BytesIO
from typing import Any
from urllib.parse import urlsplit

import requests
import responses
from requests.adapters import HTTPAdapter
from urllib3 import HTTPHeaderDict, HTTPResponse

from pytest_paymock.api.base_url import DEFAULT_PORTS
from pytest_paymock.api.messages import Request, Response
from pytest_paymock.intercept import requests_mock_neighbour, requests_network
from pytest_paymock.intercept.patch import Patch
from pytest_paymock.intercept.responses_neighbour import (
    Neighbours,
    claims,
    is_stopped,
    mock_behind,
)
from pytest_paymock.intercept.station import Station, Switchboard
from pytest_paymock.intercept.wire import Attempts, phrase

CLIENT = "requests"


def _genuine_send() -> requests_network.Send:
    # Also where this module is imported below an active fake, as an in-process pytester does.
    return getattr(HTTPAdapter.send, "paymock_genuine", HTTPAdapter.send)


GENUINE = _genuine_send()


class RequestsSwitchboard(responses.RequestsMock, Switchboard):
    """The active fakes for requests, behind the one patch of ``HTTPAdapter.send``."""

    def __init__(self) -> None:
        responses.RequestsMock.__init__(self, assert_all_requests_are_fired=False)
        Switchboard.__init__(self)
        mine: Any = self.unbound_on_send()
        mine.paymock_switchboard = self
        mine.paymock_genuine = GENUINE
        self._mine = mine

    def install(self) -> None:
        """Put our function in front of requests' adapters, and our hooks into ``responses``."""
        self._patch = Patch(HTTPAdapter, "send")
        self._patch.put(self._mine)
        self._neighbours = Neighbours(self._is_ours, self.answer, self._after_stop)
        self._requests_mock = requests_mock_neighbour.Neighbour(
            self._is_ours, lambda request, **options: self.answer(HTTPAdapter(), request, **options)
        )

    def uninstall(self) -> None:
        """Put back the very function that was there.

        Under a user's mock that is active still, ours stays and hands on, and the hooks stay with
        it: the user's mock will put ours back when it is stopped, and then it goes.
        """
        self._requests_mock.leave()
        if self._take_out():
            self._neighbours.leave()

    def _take_out(self) -> bool:
        if not self._patch.take():
            return False
        if is_stopped(mock_behind(self._patch.below)):
            HTTPAdapter.send = GENUINE  # type: ignore[method-assign]
        return True

    def _after_stop(self) -> None:
        """Look at what a user's mock put back when it was stopped."""
        if not self.stations:
            self.uninstall()
        elif HTTPAdapter.send is GENUINE:
            # It was started before us, and has put back what was there before both.
            self._patch = Patch(HTTPAdapter, "send")
            self._patch.put(self._mine)

    # -- requests -----------------------------------------------------------------------------

    def _on_request(
        self,
        adapter: HTTPAdapter,
        request: requests.PreparedRequest,
        *,
        retries: Any = None,  # noqa: ARG002 - the signature is that of responses
        **options: Any,
    ) -> requests.Response:
        __tracebackhide__ = True
        below = self._below()
        user = mock_behind(below)
        if self._place_of(request) is None:
            self._check_network(request, below)
        elif user is None or not claims(user, request, options):
            return self.answer(adapter, request, **options)
        return below(adapter, request, **options)

    def _below(self) -> requests_network.Send:
        below: requests_network.Send = self._patch.below
        return GENUINE if is_stopped(mock_behind(below)) else below

    def answer(
        self, adapter: HTTPAdapter, request: requests.PreparedRequest, **options: Any
    ) -> requests.Response:
        """Answer a request under the base URL of an active fake."""
        __tracebackhide__ = True
        place = self._place_of(request)
        if place is None:  # pragma: no cover - the last fake ended while another thread asked
            return GENUINE(adapter, request, **options)
        station, path = place
        limits = requests_network.timeouts_of(options.get("timeout"))
        query = str(request.url).partition("?")[2]
        sent = Request(request.method or "GET", path, body_of(request), limits, query)
        answer = station.exchange(CLIENT, sent)
        # An adapter with retries may want more than one answer, whatever the first one is.
        if type(answer) is Response and not adapter.max_retries.total:
            return native(adapter, request, answer)
        attempts = Attempts(CLIENT, sent, station.gateway, answer)
        return requests_network.send(GENUINE, adapter, request, attempts, options)

    def _is_ours(self, request: requests.PreparedRequest) -> bool:
        return self._place_of(request) is not None

    def _place_of(self, request: requests.PreparedRequest) -> tuple[Station, str] | None:
        parts = urlsplit(str(request.url))
        port = None if parts.port == DEFAULT_PORTS.get(parts.scheme) else parts.port
        return self.find(parts.scheme, parts.hostname or "", port, parts.path)

    def _check_network(
        self, request: requests.PreparedRequest, below: requests_network.Send
    ) -> None:
        """Stop a request that the network rule does not let pass, unless a mock lies below.

        Raises:
            requests.ConnectionError: with what to change.
        """
        if not self.stations or below is not GENUINE:
            return
        refusal = self.refusal(str(request.method), str(request.url))
        if refusal is not None:
            raise requests.ConnectionError(refusal, request=request)


def body_of(request: requests.PreparedRequest) -> bytes:
    """Return a request's body as the bytes that would go over the wire.

    A body that can be read only once is kept in the request, for a retry or a redirect.
    """
    body: Any = request.body
    if body is None:
        return b""
    if isinstance(body, str):
        return body.encode()
    if isinstance(body, bytes):
        return body
    request.body = _read(body)
    return request.body


def _read(body: Any) -> bytes:
    chunks = [body.read()] if hasattr(body, "read") else body
    return b"".join(chunk.encode() if isinstance(chunk, str) else bytes(chunk) for chunk in chunks)


def native(
    adapter: HTTPAdapter, request: requests.PreparedRequest, response: Response
) -> requests.Response:
    """Return an answer as the adapter builds it from what urllib3 read off the wire."""
    raw = HTTPResponse(
        body=BytesIO(response.body),
        headers=HTTPHeaderDict(response.headers()),
        status=response.status_code,
        version=11,
        reason=phrase(response.status_code),
        preload_content=False,
        decode_content=False,
        request_method=request.method,
    )
    return adapter.build_response(request, raw)


def activate(station: Station) -> Callable[[], None]:
    """Let a fake answer requests, and return what takes it away again."""
    present = getattr(HTTPAdapter.send, "paymock_switchboard", None)
    return (present or RequestsSwitchboard()).admit(station)
