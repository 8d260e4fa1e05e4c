"""Servers on loopback: ours, and pytest-httpserver with the six answers of the other peers."""

import logging
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import httpx
import requests
from pytest_httpserver import HTTPServer

from benchmarks import flows
from benchmarks.canned import JSON
from benchmarks.contenders import Drive
from benchmarks.ours import SURE
from benchmarks.peers import Route, routes
from pytest_paymock.server.fake import ServerPaymock
from pytest_paymock.server.running import LiveServer


@contextmanager
def _ours() -> Iterator[str]:
    live = LiveServer()
    live.start()
    try:
        with ServerPaymock(live, success_rate=SURE) as fake:
            yield fake.url
    finally:
        live.stop()


@contextmanager
def _driven(
    serve: Callable[[], AbstractContextManager[str]], client: Callable[[], Any]
) -> Iterator[Drive]:
    sent = flows.card()
    with serve() as url, client() as calling:
        yield lambda count: flows.run(calling, url, sent, count)


def ours_to_httpx() -> AbstractContextManager[Drive]:
    """``httpx.Client`` over loopback to the live server."""
    return _driven(_ours, httpx.Client)


def ours_to_requests() -> AbstractContextManager[Drive]:
    """``requests.Session`` over loopback to the live server."""
    return _driven(_ours, requests.Session)


def tell_httpserver(server: HTTPServer, fixed: Iterable[Route]) -> None:
    """Give the answers to pytest-httpserver."""
    # Its log lines are no part of an answer.
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    for method, path, answer in fixed:
        expected = server.expect_request(re.compile(f"^{path}$"), method=method)
        expected.respond_with_data(answer.body, answer.status_code, content_type=JSON)


@contextmanager
def _httpserver() -> Iterator[str]:
    fixed = list(routes())
    with HTTPServer(host="127.0.0.1") as server:
        tell_httpserver(server, fixed)
        yield server.url_for("").removesuffix("/")


def httpserver_to_httpx() -> AbstractContextManager[Drive]:
    """pytest-httpserver with six answers, over loopback."""
    return _driven(_httpserver, httpx.Client)


def httpserver_to_requests() -> AbstractContextManager[Drive]:
    """pytest-httpserver with six answers, over loopback."""
    return _driven(_httpserver, requests.Session)
