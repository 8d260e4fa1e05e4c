"""A URL that is spelled as the base URL is found without being taken apart, and found alike."""

import pytest
import requests

from pytest_paymock import Paymock
from pytest_paymock._intercept.requests import RequestsInterceptor

PLAIN = {
    "http://pay.example:8080/v2/api/v1/tokenize": "/api/v1/tokenize",
    "http://pay.example:8080/v2/api?a=1#b": "/api",
    "http://pay.example:8080/v2/api#b?a=1": "/api",
    "http://pay.example:8080/v2/a@b:1/": "/a@b:1/",
    "http://pay.example:8080/v2": "",
}

NOT_PLAIN = {
    "http://PAY.example:8080/v2/api": "/api",
    "http://user@pay.example:8080/v2/api": "/api",
    "http://pay.example:8080/v2/a\tpi": "/api",
    "http://pay.example:8080/v22": None,
    "http://pay.example:808/v2/api": None,
    "http://pay.example.org:8080/v2/api": None,
}


def interceptor() -> RequestsInterceptor:
    return RequestsInterceptor().active


def place(url: str) -> str | None:
    request = requests.PreparedRequest()
    request.url = url
    found = interceptor().place_of(request)
    return None if found is None else found[1]


@pytest.fixture(autouse=True)
def paymock(paymock_factory) -> Paymock:
    return paymock_factory(base_url="http://pay.example:8080/v2")


@pytest.mark.parametrize("url", PLAIN)
def test_a_plain_url_is_found(url: str):
    assert interceptor().find_plain(url)[1] == place(url) == PLAIN[url]


@pytest.mark.parametrize("url", NOT_PLAIN)
def test_any_other_url_is_taken_apart(url: str):
    assert interceptor().find_plain(url) is None
    assert place(url) == NOT_PLAIN[url]


def test_two_fakes_are_told_apart(paymock_factory):
    paymock_factory(base_url="http://pay.example:8080/v2/inner")
    url = "http://pay.example:8080/v2/inner/api"
    assert interceptor().find_plain(url) is None
    assert place(url) == "/api"
