"""Interception of requests.

What is intercepted is ``HTTPAdapter.send``, which sessions call and ``responses`` patches, so that
users' own ``responses`` mocks can be asked and adapters with a ``send`` of their own are rightly
left alone.
"""

import os
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3 import Retry

from pytest_paymock._api.base_url import DEFAULT_PORTS
from pytest_paymock._api.http import Body, Request, Response, Timeouts
from pytest_paymock._intercept import requests_network
from pytest_paymock._intercept.code_patch import CodePatch
from pytest_paymock._intercept.headers import METHODS, ODD, SeenHeaders
from pytest_paymock._intercept.interceptor import Interceptor
from pytest_paymock._intercept.mocks import requests_mock, responses, vcr
from pytest_paymock._intercept.mount import Mount
from pytest_paymock._intercept.requests_body import announced, body_of, is_spent, with_pieces
from pytest_paymock._intercept.requests_response import native
from pytest_paymock._intercept.wire import Attempts, StalledRequest, let_threads_run
from pytest_paymock._text import messages

CLIENT = "requests"


Place = tuple[Mount, str]


_SEND = {"stream": False, "timeout": None, "verify": True, "cert": None, "proxies": None}
"""The arguments of ``HTTPAdapter.send`` that may be given by their place, after the request."""

_ADDS_NONE = HTTPAdapter.add_headers


class RequestsInterceptor(Interceptor):
    """The active fakes for requests, behind ``HTTPAdapter.send``."""

    def __init__(self) -> None:
        super().__init__(HTTPAdapter)
        self._seen_headers = SeenHeaders()
        self._tracers = requests_network.Tracers()
        self.sending = CodePatch(HTTPAdapter, "send", self.send, self._is_for_fake)
        self.patches = self.sending, responses.hook(self), requests_mock.hook(self.is_ours)

    @property
    def genuine(self) -> requests_network.Send:
        """``HTTPAdapter.send`` as it is while no fake is active."""
        return self.sending.original

    # -- a request ----------------------------------------------------------------------------

    def send(
        self,
        adapter: HTTPAdapter,
        request: requests.PreparedRequest,
        *args: Any,
        **options: Any,
    ) -> requests.Response:
        """Do what ``HTTPAdapter.send`` does while a fake is active."""
        __tracebackhide__ = True
        place = self.place_of(request)
        if place is None:
            self._check_network(request)
            return self.genuine(adapter, request, *args, **options)
        options.update(zip(_SEND, args, strict=False))
        return self.answer(place, adapter, request, options)

    def answer(
        self,
        place: Place,
        adapter: HTTPAdapter,
        request: requests.PreparedRequest,
        options: dict[str, Any],
    ) -> requests.Response:
        """Answer a request for the fake.

        Raises:
            ValueError: or what else urllib3 and Python's own client raise where they would not
                send the request.
        """
        __tracebackhide__ = True
        requests_mock.forget(request)
        let_threads_run(0)
        mount, path = place
        if options.get("cert") or _is_missing(options.get("verify")):
            requests_network.look_for_certificates(adapter, request, options)
        if getattr(adapter.add_headers, "__func__", None) is not _ADDS_NONE:
            adapter.add_headers(request, **{**_SEND, **options})
        limits = requests_network.timeouts_of(options.get("timeout"))
        query = str(request.url).partition("?")[2]
        body = body_of(request)
        if not isinstance(body, bytes):
            requests_network.dry_run(self.genuine, adapter, with_pieces(request, body), options)
            body = Body(
                b"".join(body)
            )  # lists in a list, which http.client takes apart, go no further
        length, digits = self._seen_headers.look(_fields_of(request.headers))
        if length == ODD or request.method not in METHODS:
            requests_network.dry_run(self.genuine, adapter, request, options)
        if length != len(body):
            length = announced(request, body)
            if length > len(body):
                return self._wait_for_more(mount, adapter, request, options, limits)
            body = Body(body[:length])
        kind = request.headers.get("Content-Type") if body else None
        if isinstance(kind, bytes):
            kind = kind.decode("latin-1")
        sent = Request(request.method or "GET", path, body, limits, query, "", digits, kind)
        if mount.gateway.gate is not None:
            mount.gateway.gate.wait()
        answer = mount.exchange(CLIENT, sent)
        # An adapter with retries may want more than one answer, whatever the first one is.
        is_plain = _is_plain(adapter.max_retries) and not self._tracers.would_see()
        if type(answer) is Response and is_plain:
            return native(adapter, request, answer)
        attempts = Attempts(
            CLIENT,
            sent,
            mount.gateway,
            answer,
            is_spent=is_spent(request.body),
            is_counted="Content-Length" in request.headers,
        )
        return requests_network.send(self.genuine, adapter, request, attempts, options)

    def _wait_for_more(
        self,
        mount: Mount,
        adapter: HTTPAdapter,
        request: requests.PreparedRequest,
        options: dict[str, Any],
        limits: Timeouts,
    ) -> requests.Response:
        """Let a client wait for an answer to a request that has not come to its end.

        Raises:
            requests.ReadTimeout: or whatever the rule of retries makes of that.
        """
        __tracebackhide__ = True
        attempts = StalledRequest(mount.gateway, limits)
        try:
            return requests_network.send(self.genuine, adapter, request, attempts, options)
        except requests.RequestException as error:
            error.add_note(messages.unfinished())
            raise

    def is_ours(self, request: requests.PreparedRequest) -> bool:
        """Say whether a request lies under the base URL of an active fake."""
        return self.place_of(request) is not None

    def _is_for_fake(
        self, _: HTTPAdapter, request: requests.PreparedRequest, *__: Any, **___: Any
    ) -> bool:
        return self.is_ours(request)

    def place_of(self, request: requests.PreparedRequest) -> Place | None:
        """Return under whose base URL a request lies, and the path below it."""
        url = str(request.url)
        plain = self.find_plain(url)
        if plain is not None:
            return plain
        parts = urlsplit(url)
        if parts.scheme not in DEFAULT_PORTS:
            return None
        port = None if parts.port == DEFAULT_PORTS[parts.scheme] else parts.port
        return self.find(parts.scheme, parts.hostname or "", port, parts.path)

    def _check_network(self, request: requests.PreparedRequest) -> None:
        """Stop a request outside every base URL, if it is to be stopped.

        Raises:
            requests.ConnectionError: with what to change.
        """
        __tracebackhide__ = True
        if self.mounts and not self._is_mocked(request):
            refusal = self.refusal(str(request.method), str(request.url))
            if refusal is not None:
                raise requests.ConnectionError(refusal, request=request)

    def _is_mocked(self, request: requests.PreparedRequest) -> bool:
        """Say whether another mock decides about a request that is not for the fake."""
        if requests_mock.has_passed(request) or vcr.is_active_in_urllib3():
            return True
        return responses.MODULE in self.sending.wrapped_by


def _is_missing(authorities: Any) -> bool:
    """Say whether certificate authorities are named, as by the environment, that are not there."""
    return isinstance(authorities, str) and not os.access(authorities, os.F_OK)


def _fields_of(headers: Any) -> tuple[Any, ...]:
    """Return the names and values of a header."""
    # By the public way each name is made lower case anew, which costs more than the rest.
    kept = getattr(headers, "_store", None)
    return tuple(headers.items() if kept is None else kept.values())


def _is_plain(retries: Any) -> bool:
    """Say whether no answer can make a rule of retries ask for another one."""
    return type(retries) is Retry and not retries.total and not retries.status_forcelist
