"""What people use today: mocks with one fixed answer a route, written by hand.

They decide nothing and remember no payment. The answers are the bytes that paymock gives.
"""

import re
from collections.abc import Iterator
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


def routes() -> Iterator[tuple[str, str, Canned]]:
    """Yield method, path as a regular expression, and answer of each endpoint."""
    used = answers()
    # The last two are never called; a mock of the whole API has them all the same.
    for (method, path), answer in zip(_PATHS, (*used, used[2], used[2]), strict=True):
        yield method, path, answer


def _url(path: str) -> re.Pattern[str]:
    return re.compile(f"^{re.escape(flows.BASE_URL)}{path}$")


@contextmanager
def pytest_httpx_static() -> Iterator[Drive]:
    """pytest-httpx by its own fixture: six answers, each as often as it is asked for."""
    sent = flows.card()
    options = {
        "can_send_already_matched_responses": True,
        "assert_all_responses_were_requested": False,
    }
    marker = SimpleNamespace(kwargs=options)
    request: Any = SimpleNamespace(node=SimpleNamespace(iter_markers=lambda _: [marker]))
    fixture: Any = pytest_httpx.httpx_mock
    fixed = list(routes())
    with pytest.MonkeyPatch.context() as monkeypatch:
        running = fixture._get_wrapped_function()(monkeypatch, request)
        mock = next(running)
        for method, path, answer in fixed:
            mock.add_response(
                method=method,
                url=_url(path),
                status_code=answer.status_code,
                headers=_HEADERS,
                content=answer.body,
            )
        with httpx.Client() as client:
            yield lambda count: flows.run(client, flows.BASE_URL, sent, count)
        next(running, None)


@contextmanager
def respx_static() -> Iterator[Drive]:
    """A router of respx with six routes, written by hand."""
    sent = flows.card()
    fixed = list(routes())
    with respx.mock(assert_all_called=False) as router, httpx.Client() as client:
        for method, path, answer in fixed:
            router.route(method=method, url=_url(path)).respond(
                answer.status_code, headers=_HEADERS, content=answer.body
            )
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
