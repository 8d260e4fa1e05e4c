"""Clients that cannot be intercepted are stopped at the base URL's host and port, nowhere else."""

import contextlib
import errno
import socket

import pytest

from pytest_paymock import BlockedRequestError, Paymock

from .bypasses import BYPASSES, Bypass, told
from .conftest import Run
from .wire import RealServer, Wire, real_server

each_bypass = pytest.mark.parametrize("bypass", BYPASSES.values(), ids=BYPASSES)

BASES = [
    ("http://localhost:8000", "localhost"),
    ("http://localhost:8000", "127.0.0.1"),
    ("http://127.0.0.1:8000", "127.0.0.1"),
    ("http://127.0.0.1:8000", "localhost"),
    ("http://[::1]:8000", "::1"),
    ("http://localhost:8000", "::1"),
    ("http://shop.localhost:8000", "shop.localhost"),
    ("http://pay.example:8000", "pay.example"),
    ("http://PAY.example.:8000/v2", "pay.Example"),
    ("http://[2001:DB8:0::1]:8000", "2001:db8::1"),
    ("http://10.0.0.7:8000", "10.0.0.7"),
]


@each_bypass
@pytest.mark.parametrize(("base_url", "host"), BASES)
def test_a_client_that_goes_past_is_stopped_before_it_connects(
    bypass: Bypass, base_url: str, host: str, wire: Wire
):
    with Paymock(base_url=base_url, allow=["swallowed_block"]) as paymock:
        with pytest.raises(Exception) as caught:  # noqa: PT011 - each library has its own
            bypass(host, 8000)
        assert len(paymock._parts.mount.blocked) >= 1
        asked, _, rest = paymock._parts.mount.blocked[0].partition(" port 8000: ")
        assert asked.lower() == f"paymock stopped a connection to {host.lower()}"
        assert rest.startswith(
            f"the API at {paymock.base_url} is faked, and this client goes past httpx, httpx2 and "
            "requests. "
        )
        paymock.assert_no_calls()
    if "connect_ex" not in bypass.__name__:
        assert "the fixture paymock_server, which answers any client" in told(caught.value)
    assert wire.connections == []
    assert wire.lookups == []


def test_the_error_is_that_of_a_closed_port():
    with Paymock(allow=["swallowed_block"]), socket.socket() as sock:
        with pytest.raises(ConnectionRefusedError) as caught:
            sock.connect(("127.0.0.1", 8000))
        assert caught.value.errno == errno.ECONNREFUSED
        assert sock.connect_ex(("127.0.0.1", 8000)) == errno.ECONNREFUSED


@each_bypass
@pytest.mark.parametrize("network", ["loopback", "none", "any"])
def test_a_real_server_on_another_port_is_reached_under_any_rule(
    bypass: Bypass, network: str, server: RealServer
):
    with Paymock(network=network) as paymock:
        for host in ("127.0.0.1", "localhost"):
            assert b'{"real": "/real"}' in bypass(host, server.port)
        paymock.assert_no_calls()
    assert server.seen == ["/real", "/real"]


@each_bypass
def test_another_host_on_the_same_port_is_none_of_ours(bypass: Bypass, wire: Wire):
    with Paymock(base_url="http://pay.example:8000"), pytest.raises(Exception) as caught:  # noqa: PT011
        bypass("other.example", 8000)
    assert "paymock" not in told(caught.value)
    assert wire.hosts == {"other.example"}


@each_bypass
def test_the_same_host_on_another_port_is_none_of_ours(bypass: Bypass, wire: Wire):
    with Paymock(base_url="http://pay.example:8000"), pytest.raises(Exception) as caught:  # noqa: PT011
        bypass("pay.example", 8001)
    assert "paymock" not in told(caught.value)
    assert wire.hosts == {"pay.example"}


@each_bypass
def test_a_client_that_goes_past_is_free_again_when_the_fake_has_ended(bypass: Bypass):
    with real_server() as server:
        base_url = f"http://localhost:{server.port}"
        with Paymock(base_url=base_url, allow=["swallowed_block"]), pytest.raises(Exception):  # noqa: B017, PT011
            bypass("127.0.0.1", server.port)
        assert server.seen == []
        assert b'{"real": "/real"}' in bypass("127.0.0.1", server.port)


def test_the_port_of_the_scheme_is_the_port_of_the_base_url(wire: Wire):
    with Paymock(base_url="https://pay.example", allow=["swallowed_block"]):
        for port in (443, "443", b"443", "https", b"https"):
            with pytest.raises(ConnectionRefusedError, match="paymock stopped a connection"):
                socket.getaddrinfo("pay.example", port)
        for port in (80, "http", "nosuch", None):
            with pytest.raises(socket.gaierror):
                socket.getaddrinfo("pay.example", port)
    assert wire.hosts == {"pay.example"}


def test_a_name_in_bytes_is_a_name(wire: Wire):
    with Paymock(base_url="http://pay.example:8000", allow=["swallowed_block"]):
        with pytest.raises(ConnectionRefusedError) as caught:
            socket.getaddrinfo(b"pay.example", 8000)
        assert caught.value.errno == errno.ECONNREFUSED
    assert wire.lookups == []


def test_what_is_no_address_of_the_internet_goes_its_way(tmp_path):
    path = str(tmp_path / "s")
    with socket.socket(socket.AF_UNIX) as listening, socket.socket(socket.AF_UNIX) as sock:
        listening.bind(path)
        listening.listen()
        with Paymock():
            sock.connect(path)
        accepted, _ = listening.accept()
        accepted.close()


def test_beside_a_base_url_with_a_prefix_another_service_may_live_if_everything_is_let_through(
    server: RealServer,
):
    base_url = f"http://127.0.0.1:{server.port}/v2"
    with Paymock(base_url=base_url, network="any") as paymock:
        for bypass in BYPASSES.values():
            bypass("127.0.0.1", server.port)
        paymock.assert_no_calls()
    assert server.seen == ["/real"] * len(BYPASSES)


def test_a_client_that_goes_past_and_swallows_the_error_is_told_on():
    paymock = Paymock()
    paymock.start()
    with contextlib.suppress(OSError):
        socket.create_connection(("localhost", 8000))
    paymock.stop()
    with pytest.raises(BlockedRequestError, match="goes past httpx, httpx2 and requests"):
        paymock.verify()


def test_a_test_whose_client_goes_past_is_told_where_to_go(pytester: pytest.Pytester, run: Run):
    pytester.makepyfile(
        """
        import urllib3

        def test_shop(paymock):
            urllib3.PoolManager(retries=False).request("GET", paymock.base_url)
        """
    )
    result = run()
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        ["E *urllib3.exceptions.NewConnectionError*paymock_server, which answers any client"]
    )
