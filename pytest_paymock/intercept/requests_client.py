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
from pytest_paymock.intercept import requests_network
from pytest_paymock.intercept.patch import Patch
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

    def install(self) -> None:
        """Put our function in front of requests' adapters."""
        self._patch = Patch(HTTPAdapter, "send")
        mine: Any = self.unbound_on_send()
        mine.paymock_switchboard = self
        mine.paymock_genuine = GENUINE
        self._patch.put(mine)

    def uninstall(self) -> None:
        """Put back the very function that was there, unless another patch lies on top of ours."""
        self._patch.take()

    def _on_request(
        self,
        adapter: HTTPAdapter,
        request: requests.PreparedRequest,
        *,
        retries: Any = None,  # noqa: ARG002 - the signature is that of responses
        **options: Any,
    ) -> requests.Response:
        __tracebackhide__ = True
        found = self._station_for(request)
        if found is None:
            below: requests_network.Send = self._patch.below
            return below(adapter, request, **options)
        station, path = found
        limits = requests_network.timeouts_of(options.get("timeout"))
        query = str(request.url).partition("?")[2]
        sent = Request(request.method or "GET", path, body_of(request), limits, query)
        answer = station.gateway.exchange(CLIENT, sent)
        # An adapter with retries may want more than one answer, whatever the first one is.
        if type(answer) is Response and not adapter.max_retries.total:
            return native(adapter, request, answer)
        attempts = Attempts(CLIENT, sent, station.gateway, answer)
        return requests_network.send(GENUINE, adapter, request, attempts, options)

    def _station_for(self, request: requests.PreparedRequest) -> tuple[Station, str] | None:
        """Return who answers a request, or None if it goes on to where it was going.

        Raises:
            requests.ConnectionError: if the network rule stops it.
        """
        url = str(request.url)
        parts = urlsplit(url)
        host = parts.hostname or ""
        port = None if parts.port == DEFAULT_PORTS.get(parts.scheme) else parts.port
        found = self.find(parts.scheme, host, port, parts.path)
        if found is None and self.stations and self._patch.below is GENUINE:
            refusal = self.refusal(str(request.method), url, host)
            if refusal is not None:
                raise requests.ConnectionError(refusal, request=request)
        return found


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
