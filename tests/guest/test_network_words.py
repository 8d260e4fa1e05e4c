"""What a refusal says: the request, the base URL, what to change, and what differs."""

import pytest

from pytest_paymock import Paymock

from .calls import CALLS, Call, outcome
from .matrix import NUMBER
from .wire import Wire

pytestmark = pytest.mark.usefixtures("wire")

each_call = pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)


def refusal(call: Call, url: str, method: str = "GET", **options: object) -> str:
    with Paymock(allow=["swallowed_block"], **options):
        return outcome(lambda: call(method, url)).text


@each_call
def test_a_refusal_names_method_and_url_and_base_url_and_what_to_change(call: Call):
    assert refusal(call, "https://api.example.com/v1/charges", "POST") == (
        "paymock stopped POST https://api.example.com/v1/charges: it is not under "
        "http://localhost:8000. Point the code under test at the base URL, set the paymock option "
        "base_url, or let the request pass with the option allow_hosts or network='any'"
    )


OWN_ADDRESS = [
    ("http://localhost:8000", "http://127.0.0.1:8000/api", ""),
    ("https://pay.example", "http://pay.example:443/", ""),
    ("https://pay.example/v2", "https://pay.example/v3", ", or let the request pass with the "),
]


@each_call
@pytest.mark.parametrize(("base_url", "url", "way_out"), OWN_ADDRESS)
def test_nothing_is_advised_that_would_not_let_it_pass(
    call: Call, base_url: str, url: str, way_out: str
):
    told = refusal(call, url, base_url=base_url)
    advice = told.partition(". Point the code under test at the base URL")[2]
    if way_out:
        assert advice == f", set the paymock option base_url{way_out}option network='any'"
    else:
        assert advice == " or set the paymock option base_url"
    # It would not: the address is the base URL's.
    assert refusal(call, url, base_url=base_url, allow_hosts=["*"]) == told


NEAR = [
    ("http://localhost:8000", "http://127.0.0.1:8000/api", "host"),
    ("http://localhost:8000", "http://[::1]:8000/api", "host"),
    ("http://127.0.0.1:8000", "http://localhost:8000/api", "host"),
    ("http://localhost:8000", "http://pay.localhost:8000/api", "host"),
    ("http://localhost:8000", "https://localhost:8000/api", "scheme"),
    ("https://pay.example", "http://pay.example/api", "scheme"),
    ("https://pay.example/v2", "http://pay.example/v2/api", "scheme"),
    ("https://pay.example", "https://pay.example:8443/api", "port"),
    ("http://localhost:8000", "http://localhost:8001/api", "port"),
    ("http://localhost:8000", "http://localhost/api", "port"),
    ("https://pay.example/v2", "https://pay.example/api", "path prefix"),
    ("https://pay.example/v2", "https://pay.example/v22/api", "path prefix"),
    ("https://pay.example/v2", "https://pay.example/", "path prefix"),
]


@each_call
@pytest.mark.parametrize(("base_url", "url", "part"), NEAR)
def test_a_near_miss_is_named(call: Call, base_url: str, url: str, part: str):
    told = refusal(call, url, base_url=base_url, network="none")
    assert told.startswith(
        f"paymock stopped GET {url}: it is not under {base_url} "
        f"(it differs from the base URL {base_url} only in its {part}). Point the code"
    )


FAR = [
    ("http://localhost:8000", "http://api.example.com:8000/api"),
    ("http://localhost:8000", "https://127.0.0.1:8000/api"),
    ("http://localhost:8000", "https://localhost/api"),
    ("http://localhost:8000", "http://127.0.0.1:9000/api"),
    ("https://pay.example/v2", "http://pay.example/api"),
    ("https://pay.example/v2", "https://www.pay.example/v2"),
    ("https://pay.example", "http://pay.example:8080/"),
]


@pytest.mark.parametrize("name", ["httpx", "requests"])
@pytest.mark.parametrize(("base_url", "url"), FAR)
def test_a_url_that_differs_in_more_than_one_thing_is_no_near_miss(
    name: str, base_url: str, url: str
):
    told = refusal(CALLS[name], url, base_url=base_url, network="none")
    assert told.startswith(f"paymock stopped GET {url}: it is not under {base_url}. Point the code")


def test_of_two_fakes_the_nearer_one_is_named():
    with Paymock(base_url="https://one.example/v2", allow=["swallowed_block"]):
        told = refusal(CALLS["httpx"], "https://one.example/v3", base_url="https://two.example")
    assert "it is not under https://one.example/v2 or https://two.example (it differs" in told
    assert "differs from the base URL https://one.example/v2 only in its path prefix" in told


SECRETS = [
    (f"https://api.example.com/cards/{NUMBER}/show", "api.example.com/cards/************0366/show"),
    ("https://api.example.com/c/4532-0151%201283-0366", "api.example.com/c/************0366"),
    (f"https://api.example.com/c?number={NUMBER}&cvv=123", "api.example.com/c"),
    (f"https://john:{NUMBER}@api.example.com/c", "api.example.com/c"),
    (f"https://{NUMBER}.example.com/c", "************0366.example.com/c"),
]


@each_call
@pytest.mark.parametrize(("url", "shown"), SECRETS)
def test_a_refusal_shows_no_card_number_no_query_and_no_password(call: Call, url: str, shown: str):
    told = refusal(call, url)
    assert told.startswith(f"paymock stopped GET https://{shown}: it is not under")
    assert not {NUMBER, "cvv", "john"} & set(told.replace("=", " ").replace("/", " ").split())
    assert NUMBER not in told


def test_control_characters_of_a_method_cannot_write_to_a_terminal():
    told = refusal(CALLS["requests"], "https://api.example.com/", "GE\x1b[2JT")
    assert "\x1b" not in told
    assert told.startswith("paymock stopped GE\\x1b[2JT https://api.example.com/: ")


def test_a_refusal_of_a_request_is_an_error_with_that_request(wire: Wire):
    with Paymock(allow=["swallowed_block"]), pytest.raises(Exception, match="stopped") as caught:
        CALLS["requests"]("GET", "https://api.example.com/")
    assert caught.value.request.url == "https://api.example.com/"
    assert wire.hosts == set()
