"""``pytest_paymock.server:app``, run by a server that is not ours."""

import gc
import subprocess
import sys
import warnings
from typing import Any

import httpx
import pytest

import pytest_paymock.server
from pytest_paymock import UsageError, faults
from pytest_paymock.server import bodies
from pytest_paymock.server.application import Application, Unattended, default_application
from pytest_paymock.server.fake import ServerPaymock
from pytest_paymock.server.serving import Serving
from tests.contract.clients import on_asyncio
from tests.contract.documents import tokenization

from .processes import process


@pytest.fixture
def unattended() -> tuple[Application, ServerPaymock]:
    """An application and its fake, run by nobody."""
    serving = Serving()
    fake = ServerPaymock(Unattended(serving))
    fake.start()
    return Application(serving), fake


def ask(app: Application, method: str, path: str, **how: Any) -> httpx.Response:
    """Send one request to an application without a server."""

    async def send() -> httpx.Response:
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=transport, base_url="http://app") as client:
            return await client.request(method, path, **how)

    answer: httpx.Response = on_asyncio(send)
    return answer


def test_uvicorn_runs_it_as_documented() -> None:
    with process("-m", "uvicorn", "pytest_paymock.server:app", "--port", "0") as running:
        line = running.read_until("Uvicorn running on ")
        url = line.partition("running on ")[2].partition(" ")[0]
        with httpx.Client(base_url=url) as http:
            answer = http.post("/api/v1/tokenize", json=tokenization({"expiry_year": 9999}))
            assert answer.status_code == 201
            assert answer.headers["server"] == "uvicorn", "the one field that uvicorn adds is known"
            assert http.get(f"/api/v1/tokens/{answer.json()['token']}").json()["is_valid"]
            assert http.get("/docs").status_code == http.get("/redoc").status_code == 200
            assert http.get("/_paymock/state").json() == {"detail": "Not Found"}
        running.interrupt()
    assert not any("Traceback" in line or "Exception" in line for line in running.lines)


def test_a_path_at_which_a_proxy_puts_it_is_left_out() -> None:
    command = ("-m", "uvicorn", "pytest_paymock.server:app", "--port", "0", "--root-path", "/pay")
    with process(*command) as running:
        line = running.read_until("Uvicorn running on ")
        url = line.partition("running on ")[2].partition(" ")[0]
        answer = httpx.get(f"{url}/api/v1/tokens/tok_1")
        assert answer.json() == {"detail": "Token not found"}
        assert "/pay/openapi.json" in httpx.get(f"{url}/docs").text
        assert httpx.get(f"{url}/openapi.json").json()["servers"] == [{"url": "/pay"}]


def test_the_app_is_made_when_it_is_asked_for_and_once() -> None:
    first = pytest_paymock.server.app
    assert isinstance(first, Application)
    assert pytest_paymock.server.app is first
    with pytest.raises(AttributeError, match="has no attribute 'nothing'"):
        _ = pytest_paymock.server.nothing


def test_importing_the_package_imports_no_framework() -> None:
    code = (
        "import sys, pytest_paymock.server, pytest_paymock.server.cli; "
        "print(sorted({'fastapi', 'uvicorn', 'starlette'} & set(sys.modules)))"
    )
    done = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert done.stdout == "[]\n"


def test_any_asgi_server_may_run_it() -> None:
    app = default_application()
    answer = ask(app, "POST", "/api/v1/tokenize", json=tokenization({"expiry_year": 9999}))
    assert answer.status_code == 201
    assert list(answer.headers) == ["content-type", "content-length"]
    assert ask(app, "GET", "/nowhere").json() == {"detail": "Not Found"}


@pytest.mark.parametrize(
    "fault", [faults.disconnect, faults.connection_reset, faults.truncated_body], ids=str
)
def test_a_socket_that_is_not_ours_cannot_be_disturbed(
    unattended: tuple[Application, ServerPaymock], fault: faults.Fault
) -> None:
    app, fake = unattended
    fake.faults.queue(fault)
    answer = ask(app, "GET", "/x")
    assert answer.status_code == 500
    assert "faults need the fixture paymock_server" in answer.json()["detail"]


def test_a_client_that_is_gone_is_not_answered(
    unattended: tuple[Application, ServerPaymock],
) -> None:
    app, fake = unattended
    sent: list[Any] = []

    async def receive() -> Any:
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        sent.append(message)

    scope: Any = {"type": "http", "method": "GET", "path": "/x", "headers": [], "client": None}
    on_asyncio(lambda: app(scope, receive, send))
    assert sent == []
    fake.assert_no_calls()


def test_what_a_server_does_not_say_is_read_from_the_path(
    unattended: tuple[Application, ServerPaymock],
) -> None:
    app, fake = unattended
    sent: list[Any] = []

    async def receive() -> Any:
        return {"type": "http.request"}

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "method": "GET",
        "path": "/api/v1/tokens/ü",
        "headers": [(b"content-length", b"x")],
    }
    on_asyncio(lambda: app(scope, receive, send))
    assert [message["type"] for message in sent] == ["http.response.start", "http.response.body"]
    assert (sent[0]["status"], fake.calls.one().endpoint) == (404, "get_token")


def test_a_web_socket_is_closed(unattended: tuple[Application, ServerPaymock]) -> None:
    app, fake = unattended
    sent: list[Any] = []

    async def receive() -> Any:
        return {"type": "websocket.connect"}

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {"type": "websocket", "path": "/api/v1/payments", "headers": [], "scheme": "ws"}
    on_asyncio(lambda: app(scope, receive, send))
    assert [message["type"] for message in sent] == ["websocket.close"]
    fake.assert_no_calls()


def test_a_fake_is_served_once(unattended: tuple[Application, ServerPaymock]) -> None:
    _, fake = unattended
    with pytest.raises(UsageError, match="this fake is served already"):
        fake.start()
    fake.verify()
    fake.stop()


def test_what_else_a_server_says_is_not_that_the_client_is_gone() -> None:
    said = ["http.request", "http.request", "http.disconnect"]

    async def receive() -> Any:
        return {"type": said.pop(0)}

    assert on_asyncio(lambda: bodies.gone_within(receive, 20)) is True
    assert said == []


@pytest.mark.parametrize("announced", [b"", b"x", b"-1", b"\xb2"])
def test_a_length_that_is_none_is_not_believed(announced: bytes) -> None:
    async def receive() -> Any:
        return {"type": "http.request", "body": b"hello"}

    scope: Any = {"headers": [(b"content-length", announced)]}
    assert on_asyncio(lambda: bodies.read(scope, receive, 5, 1)) == b"hello"


@pytest.mark.parametrize("missing", ["fastapi", "starlette", "fastapi_offline"])
def test_without_the_extra_it_says_what_to_install(missing: str) -> None:
    code = f"import sys; sys.modules[{missing!r}] = None; from pytest_paymock.server import app"
    with process("-c", code) as running:
        assert running.end() == 1
    needs = "pytest_paymock.server:app needs the extra server"
    install = f"({missing} is not installed): pip install 'pytest-paymock[server]'"
    assert running.lines[-1] == f"ModuleNotFoundError: {needs} {install}"


def test_an_application_that_is_dropped_goes_without_a_word():
    with warnings.catch_warnings(action="error"):
        default_application()
        gc.collect()
