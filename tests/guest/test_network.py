"""The network rule: what may be reached beside the base URL, and what a refusal says."""

import socketserver
import threading

import pytest
import requests
from requests.adapters import HTTPAdapter

from pytest_paymock import Paymock

from .calls import CALLS, Call, outcome
from .matrix import BASE
from .wire import RealServer, Wire

each_call = pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)

HERE = [
    "http://localhost:9",
    "http://127.0.0.1:9",
    "http://127.8.9.10:9",
    "http://[::1]:9",
    "http://[0:0:0:0:0:0:0:1]:9",
    "http://[::ffff:127.0.0.1]:9",
    "http://0.0.0.0:9",
    "http://shop.localhost:9",
    "http://a.b.localhost.:9",
    "http://LOCALHOST:9",
    "https://localhost",
]
"""This machine, whatever it is called."""

ELSEWHERE = [
    "http://api.example.com",
    "https://api.example.com:8000",
    "http://10.0.0.7",
    "http://172.16.0.1:8000",
    "http://192.168.1.1",
    "http://169.254.169.254",
    "http://[fe80::1]",
    "http://[2001:db8::1]:8000",
    "http://localhost.example.com:8000",
    "http://notlocalhost:8000",
    "http://127.0.0.1.example.com:8000",
    "http://localhost.localdomain:8000",
]
"""Other machines, also where the name looks like this one's."""

OURS_BY_ANOTHER_NAME = [
    "http://127.0.0.1:8000",
    "http://[::1]:8000",
    "http://shop.localhost:8000",
    "http://0.0.0.0:8000",
    "https://localhost:8000",
]
"""The base URL's host and port, but not the base URL."""


def is_stopped(call: Call, url: str, **options: object) -> bool:
    """Say whether a GET of a URL is stopped by the rule; it fails anyhow."""
    with Paymock(allow=["swallowed_block"], **options) as paymock:
        told = outcome(lambda: call("GET", f"{url}/stock"))
        assert told.kind in ("httpx.ConnectError", "httpx2.ConnectError", REFUSED, WRONG_SCHEME)
        paymock.assert_no_calls()
    return told.text.startswith(f"paymock stopped GET {url.lower()}/stock: it is not under {BASE}")


REFUSED = "requests.exceptions.ConnectionError"
WRONG_SCHEME = "requests.exceptions.InvalidURL"

RULES = [
    *((url, "loopback", False) for url in HERE),
    *((url, "none", True) for url in HERE),
    *((url, "any", False) for url in HERE),
    *((url, "loopback", True) for url in ELSEWHERE),
    *((url, "none", True) for url in ELSEWHERE),
    *((url, "any", False) for url in ELSEWHERE),
    *((url, "loopback", True) for url in OURS_BY_ANOTHER_NAME),
    *((url, "none", True) for url in OURS_BY_ANOTHER_NAME),
    *((url, "any", True) for url in OURS_BY_ANOTHER_NAME),
]


@pytest.mark.parametrize("name", ["httpx", "httpx-asyncio", "httpx2", "requests"])
@pytest.mark.parametrize(("url", "network", "stops"), RULES)
def test_the_rule_says_what_may_be_reached(
    name: str, url: str, network: str, wire: Wire, *, stops: bool
):
    assert is_stopped(CALLS[name], url, network=network) is stops
    assert bool(wire.hosts) is not stops


ALLOWED = [
    ("http://api.example.com", ["api.example.com"], True),
    ("http://api.example.com:8080", ["api.example.com"], True),
    ("http://API.Example.com", ["api.EXAMPLE.com"], True),
    ("http://api.example.com", ["*.example.com"], True),
    ("http://a.b.example.com", ["*.example.com"], True),
    ("http://api.example.com", ["other.example", "api.*"], True),
    ("http://10.1.2.3", ["10.*"], True),
    ("http://[2001:db8::1]", ["2001_db8__1"], False),
    ("http://[2001:db8::1]", ["2001:db8::1"], True),
    ("http://[2001:db8::1]", ["[2001:DB8:0:0::1]"], True),
    ("http://[2001:db8::2]", ["2001:db8::1"], False),
    ("http://example.com", ["*.example.com"], False),
    ("http://api.example.com", ["example.com"], False),
    ("http://api.example.com.evil.example", ["api.example.com"], False),
    ("http://127.0.0.1:8000", ["127.0.0.1"], False),
    ("https://localhost:8000", ["*"], False),
]


@each_call
@pytest.mark.parametrize("network", ["loopback", "none"])
@pytest.mark.parametrize(("url", "hosts", "passes"), ALLOWED)
def test_hosts_that_are_allowed_pass_but_never_the_base_urls_own_address(
    call: Call, url: str, hosts: list[str], network: str, wire: Wire, *, passes: bool
):
    assert is_stopped(call, url, network=network, allow_hosts=hosts) is not passes
    assert bool(wire.hosts) is passes


@each_call
def test_a_real_server_on_another_port_answers_beside_the_fake(call: Call, server: RealServer):
    with Paymock() as paymock:
        assert call("GET", f"{server.url}/real").json() == {"real": "/real"}
        assert call("GET", f"http://localhost:{server.port}/real").json() == {"real": "/real"}
        assert call("GET", paymock.base_url).status_code == 404
        assert len(paymock.calls) == 1
    assert server.seen == ["/real", "/real"]


@each_call
def test_beside_a_base_url_with_a_prefix_the_rest_of_its_server_is_reached_under_any(
    call: Call, server: RealServer
):
    with Paymock(base_url=f"{server.url}/v2", network="any") as paymock:
        assert call("GET", f"{server.url}/v1/real").json() == {"real": "/v1/real"}
        assert call("GET", f"{server.url}/v2/api").status_code == 404
        assert len(paymock.calls) == 1
    assert server.seen == ["/v1/real"]


@each_call
def test_a_request_to_the_base_urls_server_outside_its_prefix_is_stopped_otherwise(
    call: Call, server: RealServer
):
    with Paymock(base_url=f"{server.url}/v2", allow=["swallowed_block"]):
        told = outcome(lambda: call("GET", f"{server.url}/v1/real"))
    assert "differs from the base URL" in told.text
    assert server.seen == []


class UnixAdapter(HTTPAdapter):
    """As much of an adapter for sockets of this machine as shows where its requests end."""

    def get_connection_with_tls_context(self, request, *_, **__):
        raise requests.ConnectionError(f"the socket of {request.url}")


@pytest.mark.parametrize("url", ["http+unix://%2Frun%2Fengine.sock/info", "http+engine://x/info"])
def test_an_adapter_for_another_scheme_goes_where_it_went(url: str):
    session = requests.Session()
    session.mount(url.partition("//")[0], UnixAdapter())
    with Paymock(network="none"):
        assert outcome(lambda: session.get(url)).text.startswith("the socket of http+")


class _Engine(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        self.rfile.readline()
        self.wfile.write(b"HTTP/1.1 200 OK\r\ncontent-length: 6\r\n\r\nengine")


@pytest.mark.parametrize("library", ["httpx", "httpx2"])
def test_a_transport_over_a_socket_of_this_machine_goes_where_it_went(library: str, tmp_path):
    http, path = __import__(library), str(tmp_path / "s")
    with socketserver.UnixStreamServer(path, _Engine) as engine:
        serving = threading.Thread(target=engine.serve_forever, args=(0.01,))
        serving.start()
        try:
            transport = http.HTTPTransport(uds=path)
            with Paymock(network="none"), http.Client(transport=transport) as client:
                assert client.get("http://engine/info").text == "engine"
        finally:
            engine.shutdown()
            serving.join()


def let_through(paymock: Paymock) -> list[str]:
    return [line for line in paymock.report() if line.startswith("let through")]


shut = pytest.mark.usefixtures("wire")


@shut
@each_call
def test_a_request_for_the_api_at_another_port_is_told_if_the_test_fails(call: Call):
    with Paymock() as paymock:
        for _ in range(2):
            outcome(lambda: call("GET", "http://ann:pw@localhost:9/api/v1/tokens/tok_1?a=b"))
        assert let_through(paymock) == [
            (
                "let through: GET http://localhost:9/api/v1/tokens/tok_1 "
                "(it differs from the base URL http://localhost:8000 only in its port)"
            )
        ]
        paymock.reset()
        assert let_through(paymock) == []


@shut
def test_what_is_no_request_for_the_api_is_let_through_without_a_word():
    with Paymock(base_url="http://localhost:8000/v2") as paymock:
        for url in (
            "http://localhost:9/api/v1/tokens/tok_1",
            "http://localhost:9/v2/health",
            "http://127.0.0.1:9/v2/api/v1/tokens/tok_1",
            "https://localhost:9/v2/api/v1/tokens/tok_1",
        ):
            outcome(lambda url=url: requests.get(url, timeout=5))
        assert let_through(paymock) == []


@shut
def test_the_first_few_requests_that_were_let_through_are_enough():
    with Paymock() as paymock:
        for number in range(5):
            url = f"http://localhost:9/api/v1/tokens/{number}"
            outcome(lambda url=url: requests.get(url, timeout=5))
        assert [line.split()[3][-1] for line in let_through(paymock)] == ["0", "1", "2"]
