"""Who may control a fake: programs of this machine, under its own names, and its own page."""

from typing import Any

import httpx
import pytest

from pytest_paymock.server import messages
from pytest_paymock.server.access import refusal
from pytest_paymock.server.fake import ServerPaymock


def scope(client: str | None = "127.0.0.1", host: str = "localhost:8000", **more: str) -> Any:
    fields = {"host": host, **{name.replace("_", "-"): value for name, value in more.items()}}
    return {
        "type": "http",
        "scheme": "http",
        "client": None if client is None else (client, 4711),
        "headers": [(name.encode(), value.encode()) for name, value in fields.items()],
    }


@pytest.mark.parametrize("peer", ["127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1"])
@pytest.mark.parametrize("host", ["localhost:8000", "localhost", "127.0.0.1:1", "[::1]:8000"])
def test_a_program_of_this_machine_may(peer: str, host: str) -> None:
    assert refusal(scope(peer, host)) is None


@pytest.mark.parametrize(
    "peer",
    ["192.168.1.7", "10.0.0.1", "8.8.8.8", "fe80::1", "::ffff:10.0.0.1", "::", "x", None],
)
def test_another_machine_may_not(peer: str | None) -> None:
    assert refusal(scope(peer)) == messages.NOT_LOOPBACK


@pytest.mark.parametrize(
    "field", ["forwarded", "via", "x_forwarded_for", "x_forwarded_host", "x_real_ip"]
)
def test_what_a_proxy_passes_on_may_not(field: str) -> None:
    assert refusal(scope(**{field: "127.0.0.1"})) == messages.PASSED_ON


@pytest.mark.parametrize(
    "host",
    [
        "rebound.example",
        "rebound.example:8000",
        "localhost.rebound.example",
        "127.0.0.1.rebound.example",
        "0.0.0.0:8000",
        "192.168.1.7:8000",
        "[::ffff:10.0.0.1]:8000",
        "user@rebound.example",
        "",
        "[",
        "[::1",
        "//localhost",
        "localhost.",
    ],
)
def test_a_foreign_name_may_not(host: str) -> None:
    assert refusal(scope(host=host)) == messages.FOREIGN_HOST


@pytest.mark.parametrize(
    "origin",
    [
        "https://evil.example",
        "http://localhost",
        "http://localhost:3000",
        "https://localhost:8000",
        "http://127.0.0.1:8000",
        "http://localhost:8000.evil.example",
        "null",
        "",
    ],
)
def test_a_page_of_another_origin_may_not(origin: str) -> None:
    assert refusal(scope(origin=origin)) == messages.FOREIGN_PAGE


@pytest.mark.parametrize("site", ["cross-site", "same-site", "", "?"])
def test_a_request_that_a_browser_makes_for_another_site_may_not(site: str) -> None:
    assert refusal(scope(sec_fetch_site=site)) == messages.FOREIGN_PAGE


@pytest.mark.parametrize("site", ["same-origin", "none"])
def test_the_servers_own_page_may(site: str) -> None:
    own = scope(origin="http://localhost:8000", sec_fetch_site=site)
    assert refusal(own) is None


@pytest.mark.parametrize(
    ("headers", "sentence"),
    [
        ({"host": "rebound.example"}, messages.FOREIGN_HOST),
        ({"origin": "https://evil.example"}, messages.FOREIGN_PAGE),
        ({"x-forwarded-for": "127.0.0.1"}, messages.PASSED_ON),
    ],
)
def test_who_may_not_is_told_why_and_nothing_happens(
    http: httpx.Client, paymock_server: ServerPaymock, headers: dict[str, str], sentence: str
) -> None:
    paymock_server.control = True
    paymock_server.add_payment(amount=5)
    for method, path in (("POST", "reset"), ("GET", "state"), ("POST", "outcomes")):
        answer = http.request(method, f"/_paymock/{path}", headers=headers)
        assert answer.status_code == 403
        assert answer.json() == {"detail": sentence}
    assert len(paymock_server.payments) == 1
    paymock_server.assert_no_calls()
