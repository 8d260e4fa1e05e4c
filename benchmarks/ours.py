"""paymock as its fixture makes it, below each client library."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import httpx2
import requests

from benchmarks import flows
from benchmarks.contenders import Drive
from pytest_paymock import Paymock

SURE = 1.0
"""Every payment succeeds, so that each can be refunded; its seeded draw is made all the same."""


@contextmanager
def in_httpx() -> Iterator[Drive]:
    """``httpx.Client``, which knows nothing of paymock."""
    sent = flows.card()
    with Paymock(success_rate=SURE), httpx.Client() as client:
        yield lambda count: flows.run(client, flows.BASE_URL, sent, count)


@contextmanager
def _unjudged() -> Iterator[None]:
    paymock = Paymock(success_rate=SURE)
    paymock.start()
    try:
        yield
    finally:
        paymock.stop()


@contextmanager
def in_httpx_unjudged() -> Iterator[Drive]:
    """As :func:`in_httpx`, but nobody looks at what happened in the end."""
    sent = flows.card()
    with _unjudged(), httpx.Client() as client:
        yield lambda count: flows.run(client, flows.BASE_URL, sent, count)


@contextmanager
def in_requests_unjudged() -> Iterator[Drive]:
    """As :func:`in_requests`, but nobody looks at what happened in the end."""
    sent = flows.card()
    with _unjudged(), requests.Session() as session:
        yield lambda count: flows.run(session, flows.BASE_URL, sent, count)


@contextmanager
def in_httpx2() -> Iterator[Drive]:
    """``httpx2.Client``, which knows nothing of paymock."""
    sent = flows.card()
    with Paymock(success_rate=SURE), httpx2.Client() as client:
        yield lambda count: flows.run(client, flows.BASE_URL, sent, count)


@contextmanager
def in_async_httpx() -> Iterator[Drive]:
    """``httpx.AsyncClient``, which knows nothing of paymock."""
    sent = flows.card()
    with Paymock(success_rate=SURE), asyncio.Runner() as runner:
        client = httpx.AsyncClient()
        yield lambda count: runner.run(flows.run_async(client, flows.BASE_URL, sent, count))
        runner.run(client.aclose())


@contextmanager
def in_requests() -> Iterator[Drive]:
    """``requests.Session``, which knows nothing of paymock."""
    sent = flows.card()
    with Paymock(success_rate=SURE), requests.Session() as session:
        yield lambda count: flows.run(session, flows.BASE_URL, sent, count)
