"""All who run the flow, by name, so that a process of its own can be told which one to run."""

import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from importlib import import_module

Drive = Callable[[int], None]
"""Runs as many flows as it is told."""

Contender = Callable[[], AbstractContextManager[Drive]]

_PLACES = {
    "httpx floor": "floors.in_httpx",
    "httpx paymock": "ours.in_httpx",
    "httpx paymock calls": "ours.in_httpx_unjudged",
    "httpx pytest-httpx": "peers.pytest_httpx_static",
    "httpx respx": "peers.respx_static",
    "httpx pytest-httpserver": "servers.httpserver_to_httpx",
    "httpx live server": "servers.ours_to_httpx",
    "requests floor": "floors.in_requests",
    "requests paymock": "ours.in_requests",
    "requests paymock calls": "ours.in_requests_unjudged",
    "requests responses": "peers.responses_static",
    "requests requests-mock": "peers.requests_mock_static",
    "requests pytest-httpserver": "servers.httpserver_to_requests",
    "requests live server": "servers.ours_to_requests",
    "async httpx floor": "floors.in_async_httpx",
    "async httpx paymock": "ours.in_async_httpx",
    "httpx2 floor": "floors.in_httpx2",
    "httpx2 paymock": "ours.in_httpx2",
    "fake tokenize": "inside.tokenize",
    "fake card": "inside.reading_a_card",
    "fake token": "inside.making_a_token",
    "fake pay": "inside.pay",
    "fake order": "inside.reading_an_order",
    "fake payment": "inside.making_a_payment",
    "fake get": "inside.get",
    "fake pay, refund": "inside.pay_and_refund",
}


def contender(name: str) -> Contender:
    """Return one of them by its name; only what it needs is imported."""
    module, _, function = _PLACES[name].partition(".")
    found: Contender = getattr(import_module(f"benchmarks.{module}"), function)
    return found


def run(name: str, count: int) -> None:
    """Run some flows with one of them, set-up and tear-down included."""
    with contender(name)() as drive:
        drive(count)


if __name__ == "__main__":
    run(sys.argv[1], int(sys.argv[2]))
