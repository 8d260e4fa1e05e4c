"""A browser from a wheel, and a server that has one page."""

import os
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest
from lightpanda import WebDriverServer

from browser.driver import Tab
from pytest_paymock._report.models import TestFacts
from pytest_paymock._report.page import as_html
from tests.report.facts import a_report

Show = Callable[..., None]


class Server(ThreadingHTTPServer):
    """Has one page, and remembers what was asked for."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.page = b""
        self.asked: list[str] = []

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/report.html"


class _Handler(BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(self.server.page)

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    with Server() as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture(scope="session")
def endpoint() -> Iterator[str]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(os.environ, "LIGHTPANDA_DISABLE_TELEMETRY", "true")
        with WebDriverServer() as browser:
            yield browser.http_endpoint


@pytest.fixture
def tab(endpoint: str) -> Iterator[Tab]:
    tab = Tab(endpoint)
    yield tab
    tab.close()


@pytest.fixture
def show(server: Server, tab: Tab) -> Show:
    """Return what shows a report over some tests, at an address that ends as is said."""

    def show(*tests: TestFacts, at: str = "") -> None:
        server.page = as_html(a_report(*tests)).encode()
        server.asked.clear()
        tab.open(server.address + at)

    return show
