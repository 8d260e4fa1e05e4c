"""The fake beside pytest-socket: no socket is needed, none is opened, and all is put back."""

import pytest

from .conftest import Run

SHOP = """
import httpx
import httpx2
import pytest
import requests

def history(paymock, client=httpx):
    url = f"{paymock.base_url}/api/v1/customers/cust_1/transactions"
    return client.get(url).json()["transaction_count"]

CLIENTS = pytest.mark.parametrize("client", [httpx, httpx2, requests])
"""


@pytest.fixture
def shop(pytester: pytest.Pytester) -> pytest.Pytester:
    pytester.makepyfile(shop=SHOP)
    return pytester


SOCKETS = """
import _socket
import socket

import pytest_socket
from shop import *

GENUINE = socket.socket, socket.getaddrinfo, _socket.getaddrinfo, socket.socket.connect

@CLIENTS
def test_answered(paymock, client):
    assert history(paymock, client) == 0

async def test_answered_in_a_loop(paymock):
    async with httpx.AsyncClient() as client:
        assert (await client.get(paymock.base_url)).status_code == 404

@pytest.mark.enable_socket
def test_enabled(paymock):
    assert history(paymock) == 0
    with pytest.raises(ConnectionRefusedError, match="paymock stopped a connection"):
        socket.create_connection(("localhost", 8000))

@pytest.mark.enable_socket
def test_whatever_stood_there_stands_there_again():
    assert socket.socket is GENUINE[0]
    assert socket.getaddrinfo is GENUINE[1]
    assert _socket.getaddrinfo is GENUINE[2]
    assert socket.socket.connect is GENUINE[3]
    assert socket.getaddrinfo("127.0.0.1", 80)

@pytest.mark.allow_hosts(["127.0.0.1"])
@CLIENTS
def test_hosts(paymock, client):
    assert history(paymock, client) == 0
    with pytest.raises(ConnectionRefusedError, match="paymock stopped a connection"):
        socket.create_connection(("127.0.0.1", 8000))
"""

SOCKET = ("-p", "pytest_socket")

MARKED = pytest.mark.parametrize(
    "arguments",
    [
        ("--disable-socket", "--allow-unix-socket"),
        ("--allow-hosts=127.0.0.1,localhost", "--allow-unix-socket"),
        ("--force-enable-socket",),
        (),
    ],
    ids=" ".join,
)


@MARKED
def test_sockets_that_are_disabled_or_limited_disturb_nobody(
    shop: pytest.Pytester, run_apart: Run, arguments: tuple[str, ...]
):
    shop.makeini(
        "[pytest]\nanyio_mode = auto\npaymock_allow = swallowed_block\n"
        "markers =\n    allow_hosts: of pytest-socket"
    )
    shop.makepyfile(test_shop=SOCKETS)
    run_apart(*SOCKET, "-p", "anyio", *arguments).assert_outcomes(passed=10)


def test_the_fixture_that_disables_sockets_works_in_either_order(
    shop: pytest.Pytester, run_apart: Run
):
    shop.makepyfile(
        test_shop="""
        import socket
        from shop import *

        GENUINE = socket.getaddrinfo

        def check(paymock, client):
            assert history(paymock, client) == 0
            with pytest.raises(RuntimeError, match="A test tried to use socket"):
                socket.socket()

        @CLIENTS
        def test_fake_first(client, paymock, socket_disabled):
            check(paymock, client)

        @CLIENTS
        def test_fake_last(client, socket_disabled, paymock):
            check(paymock, client)

        def test_next():
            assert socket.getaddrinfo is GENUINE
            socket.socket().close()
        """
    )
    run_apart(*SOCKET, "-W", "default").assert_outcomes(passed=7)


def test_the_fixture_that_enables_sockets_lets_nobody_past_the_fake(
    shop: pytest.Pytester, run_apart: Run
):
    shop.makepyfile(
        test_shop="""
        import socket
        from shop import *

        pytestmark = pytest.mark.paymock(allow=["swallowed_block"])

        def check(paymock):
            assert history(paymock) == 0
            with pytest.raises(ConnectionRefusedError), socket.socket() as sock:
                sock.connect(("127.0.0.1", 8000))

        def test_fake_first(paymock, socket_enabled):
            check(paymock)

        def test_fake_last(socket_enabled, paymock):
            check(paymock)
        """
    )
    run_apart(*SOCKET, "--disable-socket").assert_outcomes(passed=2)


def test_sockets_that_are_enabled_within_a_test_lead_nobody_past_the_fake(
    shop: pytest.Pytester, run_apart: Run
):
    shop.makepyfile(
        test_shop="""
        import socket
        import pytest_socket
        from shop import *

        @pytest.mark.paymock(allow=["swallowed_block"])
        def test_shop(paymock):
            with pytest.raises(RuntimeError, match="A test tried to use socket"):
                socket.socket()
            pytest_socket.enable_socket()
            with pytest.raises(ConnectionRefusedError, match="paymock"), socket.socket() as sock:
                sock.connect(("127.0.0.1", 8000))
        """
    )
    run_apart(*SOCKET, "-W", "default", "--disable-socket").assert_outcomes(passed=1)
