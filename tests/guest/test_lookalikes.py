"""URLs that mean the base URL and URLs that only look like it, as each client writes them."""

import socket
import threading
from typing import Any

import httpx
import pytest
import requests

from pytest_paymock import Paymock

from .calls import CALLS, Call, outcome
from .matrix import CARD
from .wire import Wire

each_call = pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)

TOKENIZE = "/api/v1/tokenize"

SAME = [
    ("http://localhost:8000", "http://localhost:8000"),
    ("http://localhost:8000", "HTTP://LOCALHOST:8000"),
    ("http://localhost:8000", "http://LocalHost:8000"),
    ("http://localhost:8000", "http://localhost.:8000"),
    ("http://localhost.:8000", "http://localhost:8000"),
    ("http://LOCALHOST:8000", "http://localhost:8000"),
    ("http://localhost:8000/", "http://localhost:8000"),
    ("http://localhost:8000", "http://john:secret@localhost:8000"),
    ("http://localhost:8000", "http://john@localhost:8000"),
    ("http://localhost", "http://localhost:80"),
    ("http://localhost:80", "http://localhost"),
    ("https://pay.example", "https://pay.example:443"),
    ("https://pay.example:443", "https://pay.example"),
    ("https://pay.example", "https://PAY.example."),
    ("https://pay.example/v2", "https://pay.example/v2"),
    ("https://pay.example/v2/", "https://pay.example/v2"),
    ("https://pay.example/v2", "https://pay.example/v1/../v2"),
    ("https://pay.example/v2", "https://pay.example/./v2/."),
    ("https://pay.example/a%20b", "https://pay.example/a%20b"),
    ("https://xn--bcher-kva.example", "https://xn--bcher-kva.example"),
    (
        "https://xn--bcher-kva.example",
        "https://b\xfccher.example",
    ),
    ("https://pay.xn--bcher-kva.example:8443/v2", "https://pay.b\xfccher.example:8443/v2"),
    ("http://[::1]:8000", "http://[::1]:8000"),
    ("http://[2001:DB8::1]", "http://[2001:db8::1]:80"),
    ("http://10.0.0.7:8000", "http://10.0.0.7:8000"),
    ("http://a_b.example", "http://a_b.example"),
]


@each_call
@pytest.mark.parametrize(("base_url", "url"), SAME)
def test_a_spelling_of_the_base_url_is_answered(call: Call, base_url: str, url: str, wire: Wire):
    with Paymock(base_url=base_url) as paymock:
        assert call("POST", f"{url}{TOKENIZE}", json=CARD).status_code == 201
        assert paymock.calls.one().path == TOKENIZE
    assert wire.hosts == set()


OTHER = [
    ("http://localhost", "http://localhost:8000"),
    ("http://localhost:80", "http://localhost:8000"),
    ("http://localhost:8000", "http://localhost:80"),
    ("http://localhost:8000", "http://localhost:443"),
    ("http://localhost:443", "https://localhost"),
    ("https://localhost:80", "http://localhost"),
    ("https://pay.example", "http://pay.example"),
    ("https://pay.example", "https://www.pay.example"),
    ("https://pay.example", "https://pay.example.com"),
    ("https://pay.example", "https://xpay.example"),
    ("https://pay.example", "https://pay.example@evil.example"),
    ("https://pay.example/v2", "https://pay.example"),
    ("https://pay.example/v2", "https://pay.example/v22"),
    ("https://pay.example/v2", "https://pay.example/v"),
    ("https://pay.example/v2", "https://pay.example/V2"),
    ("https://pay.example/v2", "https://pay.example//v2"),
    ("https://pay.example/v2", "https://pay.example/v2/../v3"),
    ("https://pay.example/v2", "https://pay.example/v2%2f"),
    ("https://pay.example/v2", "https://pay.example/v2;x=1"),
    ("https://pay.example/v2", "https://pay.example/x/v2"),
    ("https://b.example", "https://b\xfccher.example"),
    ("http://[2001:db8::1]", "http://[2001:db8::2]"),
]


@each_call
@pytest.mark.parametrize(("base_url", "url"), OTHER)
def test_what_only_looks_like_the_base_url_is_stopped(
    call: Call, base_url: str, url: str, wire: Wire
):
    with Paymock(base_url=base_url, network="none", allow=["swallowed_block"]) as paymock:
        told = outcome(lambda: call("POST", f"{url}{TOKENIZE}", json=CARD)).text
        paymock.assert_no_calls()
    assert told.startswith("paymock stopped POST ")
    assert wire.hosts == set()


PATHS = [
    "/api/v1/tokens/a%2fb",
    "/api/v1/tokens/a%2Fb",
    "/api/v1/tokens/%7Ejohn",
    "/api/v1/tokens/~john",
    "/api/v1/tokens/100%",
    "/api/v1/tokens/%25",
    "/api/v1/tokens/a;b=1",
    "/api/v1/tokens/a b",
    "/api/v1/tokens/a+b",
    "/api/v1/tokens/\N{EURO SIGN}",
    "/api/v1/tokens/a%0Ab",
    "/api/v1/tokens/a?x=/b#c",
    "/api/v1//tokens/a",
    "//api/v1/tokens/a",
    "/api/v1/tokens/../tokens/a",
    "/api/v1/./tokens/a",
    "/api/v1/tokens/..%2fa",
    "/api/v1/tokens/a\\b",
    "/api/v1/tokens/[a]",
    "/api/v1/tokens/'a'",
    "",
    "/",
    "?x=1",
    "#x",
]


NOT_FOUND = b"HTTP/1.1 404 Not Found\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"


@pytest.fixture(scope="module")
def raw_server() -> Any:
    """A server that says 404 and keeps the first line of each request as it came."""
    seen: list[str] = []
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            while True:
                try:
                    connection, _ = listening.accept()
                except OSError:
                    return
                with connection, connection.makefile("rb") as request:
                    line = request.readline()
                    if not line:
                        return
                    while request.readline().strip():
                        pass
                    seen.append(line.decode("ascii").split(" ")[1])
                    head = (
                        "HTTP/1.1 404 Not Found\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"
                    )
                    connection.sendall(head.encode())

        thread = threading.Thread(target=serve)
        thread.start()
        yield listening.getsockname()[1], seen
        socket.create_connection(listening.getsockname()).close()
        thread.join()


@each_call
@pytest.mark.parametrize("path", PATHS)
def test_the_fake_sees_the_very_path_that_a_server_would(call: Call, path: str, raw_server: Any):
    port, seen = raw_server
    asked = outcome(lambda: call("GET", f"http://127.0.0.1:{port}{path}"))
    with Paymock(base_url=f"http://127.0.0.1:{port}") as paymock:
        outcome(lambda: call("GET", f"http://127.0.0.1:{port}{path}"))
        faked = [unquoted(each.path) for each in paymock.calls]
    assert asked.kind == "404"
    assert faked == [unquoted(seen[-1].partition("?")[0])]


def unquoted(path: str) -> str:
    """Return a path with its escapes in capitals: urllib3 writes them so on the wire."""
    head, *escapes = path.split("%")
    return "%".join([head, *(escape[:2].upper() + escape[2:] for escape in escapes)])


@pytest.mark.parametrize("prefix", ["/v2", "/v2/api", "/a%20b"])
@each_call
def test_a_prefix_is_cut_off_and_no_more(call: Call, prefix: str):
    with Paymock(base_url=f"https://pay.example{prefix}") as paymock:
        for path in ("", "/", "/x", f"{prefix}/x"):
            assert call("GET", paymock.base_url + path).status_code == 404
        seen = [each.path for each in paymock.calls]
    assert seen in (["", "/", "/x", f"{prefix}/x"], ["/", "/", "/x", f"{prefix}/x"])


# -- transports and adapters of the users' own ------------------------------------------------

URL = f"http://localhost:8000{TOKENIZE}"


@pytest.mark.parametrize("library", ["httpx", "httpx2"])
def test_a_mock_transport_is_left_alone(library: str):
    http = __import__(library)
    with Paymock() as paymock:
        transport = http.MockTransport(lambda _: http.Response(218))
        with http.Client(transport=transport) as client:
            assert client.post(URL, json=CARD).status_code == 218
        paymock.assert_no_calls()


def wsgi_app(environ: dict[str, Any], start_response: Any) -> list[bytes]:
    start_response("218 Mine", [])
    return [environ["PATH_INFO"].encode()]


async def asgi_app(scope: Any, receive: Any, send: Any) -> None:
    while (await receive()).get("more_body"):
        pass
    await send({"type": "http.response.start", "status": 218, "headers": []})
    await send({"type": "http.response.body", "body": scope["path"].encode()})


@pytest.mark.parametrize("library", ["httpx", "httpx2"])
def test_a_wsgi_transport_is_left_alone(library: str):
    http = __import__(library)
    with Paymock() as paymock, http.Client(transport=http.WSGITransport(wsgi_app)) as client:
        assert client.post(URL, json=CARD).text == TOKENIZE
        paymock.assert_no_calls()


@pytest.mark.anyio
@pytest.mark.parametrize("library", ["httpx", "httpx2"])
async def test_an_asgi_transport_is_left_alone(library: str):
    http = __import__(library)
    async with http.AsyncClient(transport=http.ASGITransport(asgi_app)) as client:
        with Paymock() as paymock:
            assert (await client.post(URL, json=CARD)).text == TOKENIZE
            paymock.assert_no_calls()


class OwnAdapter(requests.adapters.BaseAdapter):
    """An adapter with a ``send`` of its own."""

    def send(self, request: requests.PreparedRequest, **_: Any) -> requests.Response:
        answer = requests.Response()
        answer.status_code = 218
        answer.url = str(request.url)
        return answer

    def close(self) -> None:
        """Have nothing to close."""


class Counting(requests.adapters.HTTPAdapter):
    """An adapter that does something of its own, and then sends as requests does."""

    sent = 0

    def send(self, *args: Any, **options: Any) -> requests.Response:
        self.sent += 1
        return super().send(*args, **options)


class Positional(requests.adapters.HTTPAdapter):
    """An adapter that gives its arguments on by their places."""

    def send(self, request: Any, *_: Any, **__: Any) -> requests.Response:
        return super().send(request, False, (0.5, 7), True, None, {})  # noqa: FBT003


def test_an_adapter_with_a_send_of_its_own_is_left_alone():
    with Paymock() as paymock, requests.Session() as session:
        session.mount("http://", OwnAdapter())
        assert session.post(URL, json=CARD).status_code == 218
        paymock.assert_no_calls()


@pytest.mark.parametrize("kind", [Counting, Positional])
def test_an_adapter_that_sends_as_requests_does_is_answered(kind: Any):
    with Paymock() as paymock, requests.Session() as session:
        session.mount("http://", adapter := kind())
        assert session.post(URL, json=CARD).status_code == 201
        assert paymock.tokens.one()
        assert getattr(adapter, "sent", 1) == 1


def test_a_subclass_of_the_transport_that_calls_it_is_answered():
    class Counted(httpx.HTTPTransport):
        sent = 0

        def handle_request(self, request: httpx.Request) -> httpx.Response:
            self.sent += 1
            return super().handle_request(request)

    with Paymock() as paymock, httpx.Client(transport=(transport := Counted())) as client:
        assert client.post(URL, json=CARD).status_code == 201
        assert (paymock.tokens.one().card_type, transport.sent) == ("Visa", 1)
