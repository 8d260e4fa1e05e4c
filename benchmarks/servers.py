"""Servers on loopback: ours, and pytest-httpserver with the six answers of the other peers."""

import logging
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

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
def ours_to_httpx() -> Iterator[Drive]:
    """``httpx.Client`` over loopback to the live server."""
    sent = flows.card()
    with _ours() as url, httpx.Client() as client:
        yield lambda count: flows.run(client, url, sent, count)


@contextmanager
def ours_to_requests() -> Iterator[Drive]:
    """``requests.Session`` over loopback to the live server."""
    sent = flows.card()
    with _ours() as url, requests.Session() as session:
        yield lambda count: flows.run(session, url, sent, count)


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


@contextmanager
def httpserver_to_httpx() -> Iterator[Drive]:
    """pytest-httpserver with six answers, over loopback."""
    sent = flows.card()
    with _httpserver() as url, httpx.Client() as client:
        yield lambda count: flows.run(client, url, sent, count)


@contextmanager
def httpserver_to_requests() -> Iterator[Drive]:
    """pytest-httpserver with six answers, over loopback."""
    sent = flows.card()
    with _httpserver() as url, requests.Session() as session:
        yield lambda count: flows.run(session, url, sent, count)
