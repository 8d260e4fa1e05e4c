"""Interception of requests, as a ``responses.RequestsMock`` that answers for the active fakes.

``responses`` gives the seam (``HTTPAdapter.send`` and its ``_on_request``). Its own way from there,
six registered callbacks a test and their matching, would make a call a quarter dearer.
"""

from collections.abc import Callable
from http import HTTPStatus
from io import BytesIO
from typing import Any
from urllib.parse import urlsplit

import requests
import responses
from requests.adapters import HTTPAdapter
from urllib3 import HTTPHeaderDict, HTTPResponse

from pytest_paymock.api.base_url import DEFAULT_PORTS
from pytest_paymock.api.messages import Request, Response
from pytest_paymock.intercept.station import Station, Switchboard

CLIENT = "requests"

Send = Callable[..., requests.Response]


class RequestsSwitchboard(responses.RequestsMock, Switchboard):
    """The active fakes for requests, behind the one patch of ``HTTPAdapter.send``."""

    def __init__(self) -> None:
        responses.RequestsMock.__init__(self, assert_all_requests_are_fired=False)
        Switchboard.__init__(self)

    def install(self) -> None:
        """Put our function in front of requests' adapters."""
        self._below: Send = HTTPAdapter.send
        self._mine: Send = self.unbound_on_send()
        self._mine.paymock_switchboard = self  # type: ignore[attr-defined]
        HTTPAdapter.send = self._mine  # type: ignore[method-assign,assignment]

    def uninstall(self) -> None:
        """Put back the very function that was there, unless another patch lies on top of ours."""
        if HTTPAdapter.send is self._mine:
            HTTPAdapter.send = self._below  # type: ignore[method-assign]

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
            return self._below(adapter, request, **options)
        station, path = found
        sent = Request(request.method or "GET", path, body_of(request))
        return native(adapter, request, station.gateway.exchange(CLIENT, sent))

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
        if found is None and self.stations and _is_genuine(self._below):
            refusal = self.refusal(str(request.method), url, host)
            if refusal is not None:
                raise requests.ConnectionError(refusal, request=request)
        return found


def _is_genuine(send: Any) -> bool:
    """Say whether requests' own function lies below ours, and not another mock's."""
    return bool(send.__module__ == "requests.adapters")


def body_of(request: requests.PreparedRequest) -> bytes:
    """Return a request's body as the bytes that would go over the wire."""
    body: Any = request.body
    if body is None:
        return b""
    if isinstance(body, bytes):
        return body
    if isinstance(body, str):
        return body.encode()
    if hasattr(body, "read"):
        body = [body.read()]
    return b"".join(chunk.encode() if isinstance(chunk, str) else bytes(chunk) for chunk in body)


def native(
    adapter: HTTPAdapter, request: requests.PreparedRequest, response: Response
) -> requests.Response:
    """Return an answer as the adapter builds it from what urllib3 read off the wire."""
    raw = HTTPResponse(
        body=BytesIO(response.body),
        headers=HTTPHeaderDict(response.headers()),
        status=response.status_code,
        version=11,
        reason=HTTPStatus(response.status_code).phrase,
        preload_content=False,
        decode_content=False,
        request_method=request.method,
    )
    return adapter.build_response(request, raw)


def activate(station: Station) -> Callable[[], None]:
    """Let a fake answer requests, and return what takes it away again."""
    present = getattr(HTTPAdapter.send, "paymock_switchboard", None)
    return (present or RequestsSwitchboard()).admit(station)
