"""The floors: each client library with an answer that lies ready, and nothing decided about it.

Nothing that answers in memory can cost less and leave the client as it is. A canned answer
of ``requests`` has its body at hand, which takes two names that are private there.
"""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BytesIO
from itertools import cycle
from typing import Any

import httpx
import httpx2
import requests
from requests.adapters import BaseAdapter
from urllib3 import HTTPResponse

from benchmarks import flows
from benchmarks.canned import JSON, Canned, answers
from benchmarks.contenders import Drive

_RECORDED = 10
"""How many flows lie ready; after them the first one comes again."""


def _ready() -> Callable[[], Canned]:
    return cycle(answers(_RECORDED)).__next__


def _handler(http: Any) -> Callable[[Any], Any]:
    ready = _ready()
    headers = {"content-type": JSON}

    def answer(_: Any) -> Any:
        status_code, body = ready()
        return http.Response(status_code, headers=headers, content=body)

    return answer


class CannedAdapter(BaseAdapter):
    """An adapter of ``requests`` whose answers lie ready."""

    def __init__(self) -> None:
        super().__init__()
        self._ready = _ready()

    def send(self, request: requests.PreparedRequest, *_: Any, **__: Any) -> requests.Response:
        """Answer a request."""
        status_code, body = self._ready()
        made = requests.Response()
        response: Any = made
        response.status_code = status_code
        response.headers["content-type"] = JSON
        response.headers["content-length"] = str(len(body))
        response.encoding = "utf-8"
        response.reason = "OK"
        response.url = str(request.url)
        response.request = request
        response.connection = self
        # As whole as one from the wire, but for what it costs to read a body from there.
        response.raw = HTTPResponse(body=BytesIO(body), status=status_code, preload_content=False)
        response._content = body
        response._content_consumed = True
        return made

    def close(self) -> None:
        """Do nothing: nothing is open."""


def httpx_client() -> httpx.Client:
    """Return a client of httpx that answers itself."""
    return httpx.Client(transport=httpx.MockTransport(_handler(httpx)))


@contextmanager
def in_httpx() -> Iterator[Drive]:
    """``httpx.Client`` on a ``MockTransport``."""
    sent = flows.card()
    with httpx_client() as client:
        yield lambda count: flows.run(client, flows.BASE_URL, sent, count)


@contextmanager
def in_httpx2() -> Iterator[Drive]:
    """``httpx2.Client`` on a ``MockTransport``."""
    sent = flows.card()
    with httpx2.Client(transport=httpx2.MockTransport(_handler(httpx2))) as client:
        yield lambda count: flows.run(client, flows.BASE_URL, sent, count)


@contextmanager
def in_async_httpx() -> Iterator[Drive]:
    """``httpx.AsyncClient`` on a ``MockTransport``."""
    sent = flows.card()
    client = httpx.AsyncClient(transport=httpx.MockTransport(_handler(httpx)))
    with asyncio.Runner() as runner:
        yield lambda count: runner.run(flows.run_async(client, flows.BASE_URL, sent, count))
        runner.run(client.aclose())


@contextmanager
def in_requests() -> Iterator[Drive]:
    """``requests.Session`` with an adapter of its own."""
    sent = flows.card()
    with requests.Session() as session:
        session.mount(flows.BASE_URL, CannedAdapter())
        yield lambda count: flows.run(session, flows.BASE_URL, sent, count)
