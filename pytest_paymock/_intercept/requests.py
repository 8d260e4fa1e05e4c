"""Interception of requests.

The seam is ``HTTPAdapter.send``, which sessions call and ``responses`` patches, so that users' own
``responses`` mocks can be asked and adapters with a ``send`` of their own are rightly left alone.
"""

import os
from inspect import unwrap
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3 import Retry

from pytest_paymock._api.base_url import DEFAULT_PORTS
from pytest_paymock._api.http import Request, Response, Timeouts
from pytest_paymock._intercept import requests_network
from pytest_paymock._intercept.headers import METHODS, ODD, SeenHeaders
from pytest_paymock._intercept.interceptor import Interceptor
from pytest_paymock._intercept.method_patch import MethodPatch
from pytest_paymock._intercept.mocks import requests_mock, responses, vcr
from pytest_paymock._intercept.mocks.responses import claims, is_stopped, mock_behind, unpatched
from pytest_paymock._intercept.mount import Mount
from pytest_paymock._intercept.requests_body import announced, body_of, is_spent, with_pieces
from pytest_paymock._intercept.requests_response import native
from pytest_paymock._intercept.wire import Attempts, StalledRequest
from pytest_paymock._text import messages

CLIENT = "requests"


Place = tuple[Mount, str]


def _genuine_send() -> requests_network.Send:
    # Also where this module is imported below an active fake, as an in-process pytester does, or
    # below a user's mock.
    active = Interceptor.of(HTTPAdapter)
    if active is not None:
        known: requests_network.Send = active.genuine
        return known
    found: requests_network.Send = unpatched(HTTPAdapter.send)
    return found


GENUINE = _genuine_send()

_SEND = {"stream": False, "timeout": None, "verify": True, "cert": None, "proxies": None}
"""The arguments of ``HTTPAdapter.send`` that may be given by their place, after the request."""

_ADDS_NONE = HTTPAdapter.add_headers


class RequestsInterceptor(Interceptor):
    """The active fakes for requests, behind the one patch of ``HTTPAdapter.send``."""

    genuine = staticmethod(GENUINE)

    def __init__(self) -> None:
        super().__init__(HTTPAdapter)
        self._seen_headers = SeenHeaders()
        self._seam = MethodPatch(HTTPAdapter, "send", GENUINE, self._sender, _is_dead)
        self._responses = responses.ResponsesAdapter(self)
        self._requests_mock = requests_mock.RequestsMockAdapter(self.is_ours)

    def install(self) -> None:
        """Put our function in front of requests' adapters, and hooks into its mocks."""
        self._seam.put()
        self._responses.put()
        self._requests_mock.put()

    def uninstall(self) -> bool:
        """Put back the very function that was there.

        Under a user's mock that is active still, ours stays and hands on, and the hooks in
        ``responses`` stay with it: the mock will put ours back when it is stopped, and then it
        goes.
        """
        self.covered += self._requests_mock.take()
        if not self._seam.take():
            return False
        self.covered += self._responses.take()
        return True

    @property
    def is_lost(self) -> bool:
        """Whether a mock that was started before us has put back what was there before both."""
        return self._seam.is_lost

    # -- a request ----------------------------------------------------------------------------

    def _sender(self, below: requests_network.Send) -> requests_network.Send:
        """Return our ``HTTPAdapter.send``."""
        user = mock_behind(below)

        def send(
            adapter: HTTPAdapter, request: requests.PreparedRequest, *args: Any, **options: Any
        ) -> requests.Response:
            __tracebackhide__ = True
            live = GENUINE if is_stopped(user) else below
            place = self.place_of(request)
            if place is None:
                self._check_network(request, live)
                return live(adapter, request, *args, **options)
            if args:
                options.update(zip(_SEND, args, strict=False))
            if user is not None and live is below and claims(user, request, options):
                return live(adapter, request, **options)
            return self.answer(place, adapter, request, options)

        return send

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
        mount, path = place
        if options.get("cert") or _is_missing(options.get("verify")):
            requests_network.look_for_certificates(adapter, request, options)
        if getattr(adapter.add_headers, "__func__", None) is not _ADDS_NONE:
            adapter.add_headers(request, **{**_SEND, **options})
        limits = requests_network.timeouts_of(options.get("timeout"))
        query = str(request.url).partition("?")[2]
        body = body_of(request)
        if not isinstance(body, bytes):
            requests_network.dry_run(GENUINE, adapter, with_pieces(request, body), options)
            body = b"".join(body)  # lists in a list, which http.client takes apart, go no further
        length, digits = self._seen_headers.look(_fields_of(request.headers))
        if length == ODD or request.method not in METHODS:
            requests_network.dry_run(GENUINE, adapter, request, options)
        if length != len(body):
            length = announced(request, body)
            if length > len(body):
                return self._wait_for_more(mount, adapter, request, options, limits)
            body = body[:length]
        kind = request.headers.get("Content-Type")
        if isinstance(kind, bytes):
            kind = kind.decode("latin-1")
        sent = Request(request.method or "GET", path, body, limits, query, "", digits, kind)
        answer = mount.exchange(CLIENT, sent)
        # An adapter with retries may want more than one answer, whatever the first one is.
        if type(answer) is Response and _is_plain(adapter.max_retries):
            return native(adapter, request, answer)
        attempts = Attempts(
            CLIENT,
            sent,
            mount.gateway,
            answer,
            is_spent=is_spent(request.body),
            is_counted="Content-Length" in request.headers,
        )
        return requests_network.send(GENUINE, adapter, request, attempts, options)

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
            return requests_network.send(GENUINE, adapter, request, attempts, options)
        except requests.RequestException as error:
            error.add_note(messages.unfinished())
            raise

    def is_ours(self, request: requests.PreparedRequest) -> bool:
        """Say whether a request lies under the base URL of an active fake."""
        return self.place_of(request) is not None

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

    def _check_network(
        self, request: requests.PreparedRequest, below: requests_network.Send
    ) -> None:
        """Stop a request outside every base URL, if it is to be stopped.

        Raises:
            requests.ConnectionError: with what to change.
        """
        __tracebackhide__ = True
        if not self.mounts:
            self.settle()  # whatever covered us is gone
        elif not _is_mocked(request, below):
            refusal = self.refusal(str(request.method), str(request.url))
            if refusal is not None:
                raise requests.ConnectionError(refusal, request=request)


def _is_dead(send: Any) -> bool:
    return is_stopped(mock_behind(send))


def _is_mocked(request: requests.PreparedRequest, below: requests_network.Send) -> bool:
    """Say whether another mock decides about a request that is not for the fake."""
    # A function that only wraps the genuine one, as tracers do, is no mock.
    if unwrap(below) is not GENUINE or vcr.is_active_in_urllib3():
        return True
    return requests_mock.has_passed(request)


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
