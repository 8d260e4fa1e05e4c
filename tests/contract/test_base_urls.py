"""Spec section 1: the fake answers under any base URL, and under no other."""

from collections.abc import Callable

import pytest

from pytest_paymock import Paymock

from .clients import Client, every_client
from .conftest import Connect
from .documents import get_token, history, pay, refund

pytestmark = every_client

Make = Callable[..., Paymock]

BASE_URLS = [
    "http://localhost:8000",
    "http://localhost",
    "https://localhost",
    "http://127.0.0.1:8000",
    "http://[::1]:8000",
    "https://pay.example",
    "https://pay.example:8443",
    "https://pay.example/v2",
    "https://pay.example:8443/a/b/c",
    "http://pay.example:443",
    "https://pay.example:80/v2",
    "http://10.1.2.3/pay",
    "http://pay.example/v2%20beta",
]


def assert_every_endpoint_answers(client: Client) -> str:
    """Go through all endpoints once and return the transaction's id."""
    token = get_token(client)
    name = str(pay(client, token)["transaction_id"])
    assert refund(client, name).status == 200
    assert history(client)["transaction_count"] == 2
    assert client.get(f"/api/v1/tokens/{token}").status == 200
    assert client.get(f"/api/v1/transactions/{name}").json["refunded"] is True
    return name


@pytest.mark.parametrize("base_url", BASE_URLS)
def test_every_endpoint_answers_under_the_base_url(
    connect: Connect, paymock_factory: Make, base_url: str
) -> None:
    paymock = paymock_factory(base_url=base_url)
    name = assert_every_endpoint_answers(connect(paymock))
    assert paymock.payments.one().transaction_id == name
    assert paymock.calls.first.path == "/api/v1/tokenize", "paths are told below the base URL"


def test_a_slash_at_the_end_of_a_base_url_means_nothing(
    connect: Connect, paymock_factory: Make
) -> None:
    paymock = paymock_factory(base_url="https://pay.example/v2/")
    assert paymock.base_url == "https://pay.example/v2"
    assert_every_endpoint_answers(connect(paymock))


@pytest.mark.parametrize(
    ("base_url", "spelling"),
    [
        ("http://pay.example", "http://pay.example:80"),
        ("http://pay.example:80", "http://pay.example"),
        ("https://pay.example", "https://pay.example:443"),
        ("https://pay.example:443", "https://pay.example"),
        ("https://pay.example", "https://PAY.Example"),
        ("https://PAY.example", "https://pay.example"),
        ("https://pay.example", "HTTPS://pay.example"),
    ],
)
def test_two_spellings_of_an_address_are_one(
    connect: Connect, paymock_factory: Make, base_url: str, spelling: str
) -> None:
    paymock = paymock_factory(base_url=base_url)
    client = connect(paymock)
    client.base_url = spelling
    assert_every_endpoint_answers(client)


@pytest.mark.parametrize(
    "elsewhere",
    [
        "http://pay.example:8000/v2",
        "https://pay.example:8001/v2",
        "https://other.example:8000/v2",
        "https://pay.example.evil.example:8000/v2",
        "https://pay.example:8000",
        "https://pay.example:8000/v22",
        "https://pay.example:8000/V2",
        "https://pay.example:8000/x/v2",
    ],
)
def test_a_request_elsewhere_is_stopped_and_counts_as_no_call(
    connect: Connect, elsewhere: str
) -> None:
    paymock = Paymock(base_url="https://pay.example:8000/v2", network="none")
    client = connect(paymock)
    client.base_url = elsewhere
    paymock.start()
    try:
        with pytest.raises(Exception, match="paymock stopped GET") as caught:
            client.get("/api/v1/tokens/tok_1")
    finally:
        paymock.stop()
    assert "ConnectError" in repr(caught.type) or "ConnectionError" in repr(caught.type)
    assert len(paymock.calls) == 0
