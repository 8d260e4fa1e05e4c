"""A live server, and clients that reach it over real sockets."""

from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from pytest_paymock.server.fake import ServerPaymock
from pytest_paymock.server.running import LiveServer
from pytest_paymock.server.serving import Serving

from .projects import CALLING, STEADY
from .sockets import Wire


@pytest.fixture
def http(paymock_server: ServerPaymock) -> Iterator[httpx.Client]:
    """A client that calls the server, as any program would."""
    with httpx.Client(base_url=paymock_server.url) as client:
        yield client


@pytest.fixture
def wire(paymock_server: ServerPaymock) -> Iterator[Wire]:
    """A bare connection to the server."""
    with Wire(paymock_server.url) as connection:
        yield connection


Serve = Callable[..., ServerPaymock]


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Run a server of the test's own, within bounds that the test sets."""
    running: list[tuple[LiveServer, ServerPaymock]] = []

    def start(*, options: dict[str, Any] | None = None, **bounds: Any) -> ServerPaymock:
        live = LiveServer(Serving(**bounds))
        live.start()
        fake = ServerPaymock(live, **(options or {}))
        fake.start()
        running.append((live, fake))
        return fake

    yield start
    for live, fake in running:
        fake.stop()
        live.stop()


@pytest.fixture
def fake(paymock_server: ServerPaymock) -> ServerPaymock:
    """A fake that may be controlled from outside."""
    paymock_server.control = True
    return paymock_server


Post = Callable[[str, Any], httpx.Response]


@pytest.fixture
def post(http: httpx.Client, fake: ServerPaymock) -> Post:
    """Control the fake from outside."""
    assert fake.control
    return lambda name, order: http.post(f"/_paymock/{name}", json=order)


def pay(http: httpx.Client, fake: ServerPaymock, amount: float = 5) -> dict[str, Any]:
    """Charge a new token over HTTP, and return the answer's document."""
    sent = {"token": fake.add_token().token, "amount": amount, "customer_id": "cust_1"}
    answer: dict[str, Any] = http.post("/api/v1/payments", json=sent).json()
    return answer


Run = Callable[..., pytest.RunResult]


@pytest.fixture
def project(pytester: pytest.Pytester) -> pytest.Pytester:
    """An empty project that calls the server in ``calling.py``."""
    pytester.makepyfile(calling=CALLING)
    return pytester


@pytest.fixture
def run(project: pytest.Pytester) -> Run:
    """Run the project's tests in this process."""
    return lambda *args: project.runpytest_inprocess(*STEADY, *args)


@pytest.fixture
def run_apart(project: pytest.Pytester) -> Run:
    """Run the project's tests in a process of their own."""
    return lambda *args: project.runpytest_subprocess(*STEADY, *args)
