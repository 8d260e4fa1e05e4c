import httpx
import pytest
import requests

from pytest_paymock import Paymock
from pytest_paymock._api.base_url import BaseUrl, parse_base_url
from pytest_paymock.errors import UsageError


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("http://localhost:8000", ("http", "localhost", 8000, "")),
        ("http://localhost:8000/", ("http", "localhost", 8000, "")),
        ("https://pay.example", ("https", "pay.example", None, "")),
        ("https://pay.example:443/v2", ("https", "pay.example", None, "/v2")),
        ("http://pay.example:80", ("http", "pay.example", None, "")),
        ("http://pay.example:443", ("http", "pay.example", 443, "")),
        ("https://pay.example:80", ("https", "pay.example", 80, "")),
        ("https://pay.example/a/b/", ("https", "pay.example", None, "/a/b")),
        ("https://pay.example//", ("https", "pay.example", None, "")),
        ("HTTPS://Pay.Example/V2", ("https", "pay.example", None, "/V2")),
        ("http://127.0.0.1:8000", ("http", "127.0.0.1", 8000, "")),
        ("http://[::1]:8000/x", ("http", "::1", 8000, "/x")),
        ("http://pay.example:", ("http", "pay.example", None, "")),
        ("http://pay.example/a%20b", ("http", "pay.example", None, "/a%20b")),
    ],
)
def test_a_base_url_is_taken_apart(text, parts):
    assert parse_base_url(text) == BaseUrl(*parts)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("http://localhost:8000/", "http://localhost:8000"),
        ("https://pay.example:443/v2/", "https://pay.example/v2"),
        ("http://[::1]:8000", "http://[::1]:8000"),
        ("HTTP://[FE80::1]/x", "http://[fe80::1]/x"),
    ],
)
def test_a_base_url_is_shown_in_its_plainest_form(text, shown):
    assert str(parse_base_url(text)) == shown
    assert parse_base_url(shown) == parse_base_url(text)


@pytest.mark.parametrize(
    "value",
    [
        "",
        "localhost:8000",
        "//localhost:8000",
        "/api/v1",
        "http://",
        "http:///path",
        "http://:8000",
        "ftp://pay.example",
        "file:///tmp",
        "http://pay.example?x=1",
        "http://pay.example/#top",
        "http://pay.example:99999",
        "http://pay.example:0",
        "http://pay.example:port",
        "http://[::1",
        "http://[nonsense]",
        "http://pay example",
        " http://pay.example",
        "http://pay.example\n",
        "http://pay\t.example",
        "http://p\u00e4y.example",
        None,
        8000,
        b"http://pay.example",
    ],
)
def test_what_is_no_base_url_is_an_error_that_shows_one(value):
    with pytest.raises(UsageError) as caught:
        parse_base_url(value)

    assert str(caught.value) == (
        "base_url must be an http or https URL such as https://pay.example/v2, without user, "
        f"query or fragment, not {value!r}"
    )


@pytest.mark.parametrize("user", ["user", "user:secret", "", "user:sec@ret", "user:sec\nret"])
def test_a_user_is_refused_and_not_shown(user):
    with pytest.raises(UsageError, match=r"query or fragment, not 'http://pay\.example/v2'$"):
        parse_base_url(f"http://{user}@pay.example/v2")


@pytest.mark.parametrize(
    ("prefix", "path", "below"),
    [
        ("", "/api/v1/tokenize", "/api/v1/tokenize"),
        ("", "", ""),
        ("/v2", "/v2/api/v1/tokenize", "/api/v1/tokenize"),
        ("/v2", "/v2", ""),
        ("/v2", "/v2/", "/"),
        ("/v2", "/v22/api", None),
        ("/v2", "/v1/api", None),
        ("/v2", "/", None),
        ("/v2", "", None),
        ("/v2", "/V2/api", None),
        ("/v2", "/v2%2Fapi", None),
        ("/a/b", "/a/b/c", "/c"),
        ("/a/b", "/a/bc", None),
        ("/a/b", "/a", None),
    ],
)
def test_a_path_lies_below_the_prefix_or_elsewhere(prefix, path, below):
    assert parse_base_url(f"https://pay.example{prefix}").below(path) == below


@pytest.mark.parametrize(
    ("path", "sent"),
    [
        ("/%7Euser", "/~user"),
        ("/%61%2d%2E", "/a-."),
        ("/a/../b", "/b"),
        ("/a/./b", "/a/b"),
        ("/a/b/..", "/a"),
        ("/../..", ""),
        ("/a/%2e%2E/b", "/b"),
        ("/a{b}", "/a%7Bb%7D"),
        ('/a|b^c`d"e<f>g[h]', "/a%7Cb%5Ec%60d%22e%3Cf%3Eg%5Bh%5D"),
        ("/a\\b", "/a%5Cb"),
        ("/p%c3%a4y", "/p%C3%A4y"),
        ("/100%", "/100%25"),
    ],
)
def test_a_path_that_clients_spell_otherwise_is_refused_with_the_form_to_write(path, sent):
    with pytest.raises(UsageError) as caught:
        parse_base_url(f"https://pay.example{path}")

    assert str(caught.value).endswith(f"; write 'https://pay.example{sent}'")
    assert parse_base_url(f"https://pay.example{sent}").prefix == sent


@pytest.mark.parametrize(
    "path", ["/v2", "/~user", "/a%20b", "/a%2Fb", "/p%C3%A4y", "/a!$&'()*+,;=:@b", "/a//b", "/..."]
)
def test_a_path_in_the_spelling_of_all_clients_is_met_by_each_of_them(path):
    paymock = Paymock(base_url=f"https://pay.example{path}")
    url = f"https://pay.example{path}/api/v1/tokens/x"
    with paymock:
        assert httpx.get(url).json() == {"detail": "Token not found"}
        assert requests.get(url, timeout=9).json() == {"detail": "Token not found"}

    assert len(paymock.calls.to("get_token")) == 2
