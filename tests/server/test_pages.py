"""``/docs`` and ``/redoc``: everything that they load comes from the server that shows them."""

import re
from html.parser import HTMLParser
from urllib.parse import urlsplit

import httpx
import pytest

from pytest_paymock.server import pages

from .conftest import Serve

PAGES = ["/docs", "/redoc"]
LOADING = {"src", "href", "spec-url"}


class Loads(HTMLParser):
    """The URLs that a page loads, and the text of its scripts."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.urls: list[str] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag != "iframe"
        self.urls += [value or "" for name, value in attrs if name in LOADING]

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.mark.parametrize("page", PAGES)
def test_a_page_loads_from_its_own_server_only(http: httpx.Client, page: str) -> None:
    answer = http.get(page)
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/html")
    loads = Loads(answer.text)
    assert len(loads.urls) >= 2
    assert "://" not in loads.text
    for url in loads.urls:
        assert urlsplit(url).netloc == ""
        assert http.get(url).status_code == 200, url


@pytest.mark.parametrize("page", PAGES)
def test_a_page_forbids_its_browser_everything_else(http: httpx.Client, page: str) -> None:
    policy = http.get(page).headers["content-security-policy"]
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    assert rules["default-src"] == "'self'"
    for sources in rules.values():
        assert set(sources.split()) <= {"'self'", "'unsafe-inline'", "data:", "blob:", "'none'"}


@pytest.mark.parametrize("name", pages.TYPES)
def test_what_pages_load_is_there(http: httpx.Client, name: str) -> None:
    answer = http.get(f"/docs-assets/{name}")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith(pages.TYPES[name])
    assert len(answer.content) > 1000
    assert answer.content == pages.asset(name)


@pytest.mark.parametrize("name", ["nothing.js", "..%2f__init__.py", "%2e%2e/core.py", "core.py"])
def test_nothing_else_of_the_disk_is_there(http: httpx.Client, name: str) -> None:
    assert http.get(f"/docs-assets/{name}").status_code == 404


def test_redoc_does_not_fetch_its_makers_logo() -> None:
    # The bundle has the address once; a newer one that has another address needs another look.
    original = (pages._ASSETS / "redoc.standalone.js").read_bytes()
    assert original.count(pages._LOGO) == 1
    served = pages.asset("redoc.standalone.js")
    assert pages._LOGO not in served
    assert not re.search(rb"src:\s*\"https?://", served)


def test_the_validator_on_the_internet_is_off(http: httpx.Client) -> None:
    assert '"validatorUrl": null' in http.get("/docs").text


@pytest.mark.parametrize("page", PAGES)
def test_below_a_base_path_pages_load_from_below_it(serve: Serve, page: str) -> None:
    fake = serve(prefix="/pay/v2")
    html = httpx.get(fake.url + page).text
    assert "/pay/v2/openapi.json" in html
    for url in Loads(html).urls:
        assert url.startswith("/pay/v2/")
        assert httpx.get(fake.url.removesuffix("/pay/v2") + url).status_code == 200
