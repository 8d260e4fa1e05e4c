"""What people use today: mocks with one fixed answer a route, written by hand.

They decide nothing and remember no payment. The answers are the bytes that paymock gives.
"""

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
import pytest_httpx
import requests
import requests_mock
import responses
import respx

from benchmarks import flows
from benchmarks.canned import JSON, Canned, answers
from benchmarks.contenders import Drive

_PATHS = (
    ("POST", r"/api/v1/tokenize"),
    ("POST", r"/api/v1/payments"),
    ("GET", r"/api/v1/transactions/[^/]+"),
    ("POST", r"/api/v1/transactions/[^/]+/refund"),
    ("GET", r"/api/v1/customers/[^/]+/transactions"),
    ("GET", r"/api/v1/tokens/[^/]+"),
)
"""The six endpoints, those of a flow first."""

_HEADERS = {"content-type": JSON}

Route = tuple[str, str, Canned]
"""Method, path as a regular expression, and answer of an endpoint."""


def routes() -> Iterator[Route]:
    """Yield the six endpoints with their answers."""
    used = answers()
    # The last two are never called; a mock of the whole API has them all the same.
    for (method, path), answer in zip(_PATHS, (*used, used[2], used[2]), strict=True):
        yield method, path, answer


def _url(path: str) -> re.Pattern[str]:
    return re.compile(f"^{re.escape(flows.BASE_URL)}{path}$")


def tell_pytest_httpx(mock: pytest_httpx.HTTPXMock, fixed: Iterable[Route]) -> None:
    """Give the answers to the fixture of pytest-httpx, each for as often as it is asked for."""
    for method, path, answer in fixed:
        mock.add_response(
            method=method,
            url=_url(path),
            status_code=answer.status_code,
            headers=_HEADERS,
            content=answer.body,
            is_optional=True,
            is_reusable=True,
        )


@contextmanager
def pytest_httpx_static() -> Iterator[Drive]:
    """pytest-httpx by its own fixture, with six answers."""
    sent = flows.card()
    fixed = list(routes())
    request: Any = SimpleNamespace(node=SimpleNamespace(iter_markers=lambda _: []))
    fixture: Any = pytest_httpx.httpx_mock
    with pytest.MonkeyPatch.context() as monkeypatch:
        running = fixture._get_wrapped_function()(monkeypatch, request)
        tell_pytest_httpx(next(running), fixed)
        with httpx.Client() as client:
            yield lambda count: flows.run(client, flows.BASE_URL, sent, count)
        next(running, None)


def tell_respx(router: respx.MockRouter, fixed: Iterable[Route]) -> None:
    """Give the answers to a router of respx, as routes written by hand."""
    for method, path, answer in fixed:
        router.route(method=method, url=_url(path)).respond(
            answer.status_code, headers=_HEADERS, content=answer.body
        )


@contextmanager
def respx_static() -> Iterator[Drive]:
    """A router of respx with six routes."""
    sent = flows.card()
    fixed = list(routes())
    with respx.mock(assert_all_called=False) as router, httpx.Client() as client:
        tell_respx(router, fixed)
        yield lambda count: flows.run(client, flows.BASE_URL, sent, count)


@contextmanager
def responses_static() -> Iterator[Drive]:
    """``responses`` with six answers."""
    sent = flows.card()
    fixed = list(routes())
    mock = responses.RequestsMock(assert_all_requests_are_fired=False)
    with mock, requests.Session() as session:
        for method, path, answer in fixed:
            mock.add(
                method,
                _url(path),
                body=answer.body,
                status=answer.status_code,
                content_type=JSON,
            )
        yield lambda count: flows.run(session, flows.BASE_URL, sent, count)


@contextmanager
def requests_mock_static() -> Iterator[Drive]:
    """requests-mock with six answers."""
    sent = flows.card()
    fixed = list(routes())
    with requests_mock.Mocker() as mock, requests.Session() as session:
        for method, path, answer in fixed:
            mock.register_uri(
                method,
                _url(path),
                content=answer.body,
                status_code=answer.status_code,
                headers=_HEADERS,
            )
        yield lambda count: flows.run(session, flows.BASE_URL, sent, count)
