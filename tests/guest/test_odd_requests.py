"""What a client library refuses to send to a real server, it refuses to send to the fake."""

import asyncio
import math
import socketserver
import warnings
from collections.abc import Callable, Iterator
from functools import partial
from threading import Thread
from types import ModuleType
from typing import Any

import httpx
import httpx2
import pytest
import requests
import trio
from requests.adapters import HTTPAdapter
from urllib3.util import Retry, Timeout

from pytest_paymock import ExpectationError, Paymock
from tests.faults.clients import facts_of

PATH = "/api/v1/tokens/tok_none"

ANSWER = b"HTTP/1.1 404 Not Found\r\nconnection: close\r\ncontent-length: 2\r\n\r\n{}"


class _Handler(socketserver.StreamRequestHandler):
    """Answers whatever comes, for no server of a library would take it."""

    def handle(self) -> None:
        while line := self.rfile.readline().strip():
            assert line
        self.wfile.write(ANSWER)


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Handler) as server:
        server.daemon_threads = True
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        thread.join()


def _sync(library: ModuleType, url: str, method: str, **options: Any) -> Any:
    with library.Client(verify=False) as client:
        return client.request(method, url, **options)


def _async(library: ModuleType, run: Any, url: str, method: str, **options: Any) -> Any:
    async def send() -> Any:
        async with library.AsyncClient(verify=False) as client:
            return await client.request(method, url, **options)

    return run(send)


def _requests(url: str, method: str, **options: Any) -> Any:
    with requests.Session() as session:
        return session.request(method, url, **options)


Send = Callable[..., Any]

HTTPX: dict[str, Send] = {
    f"{library.__name__}{way}": send
    for library in (httpx, httpx2)
    for way, send in (
        ("", partial(_sync, library)),
        ("-asyncio", partial(_async, library, lambda work: asyncio.run(work()))),
        ("-trio", partial(_async, library, trio.run)),
    )
}
CLIENTS: dict[str, Send] = {**HTTPX, "requests": _requests}

METHODS = ["GET ", " GET", "G T", "GET\n", "GET\r\nX: y", "GÉT", "G\0T", "G:T", "{}", "", "LINK"]
NAMES = ["Näme", "X Y", "X:Y", "", "X\n", "\0X", " X", "x/y", "ключ", "x_y"]
VALUES = [
    *("a\r\nb", "a\nb", "ключ", "\0", " lead", "trail ", "Bearer ", "\tx", "a\tb", "a\x0bb", "é"),
    *("", "\x7f", b"a\nb", b"\xff", "a\n b", "a  b"),
]
FRAMING = [
    *[("Content-Length", value) for value in ("abc", "-1", "", "+0", "0")],
    *[("Transfer-Encoding", value) for value in ("gzip", "gzip, chunked", "chunked")],
    *[("Host", value) for value in ("", "a b", "elsewhere")],
]
PATIENCE = [math.nan, math.inf, 0, -1, 1e300, 10**400, "soon", b"1"]

ODD: list[dict[str, Any]] = [
    *({"method": method} for method in METHODS),
    *({"headers": {name: "value"}} for name in NAMES),
    *({"headers": {"X-It": value}} for value in VALUES),
    *({"headers": {name: value}} for name, value in FRAMING),
    *({"cookies": {"it": value}} for value in ("a\nb", "a b", "é", "trail ")),
    *({"timeout": seconds} for seconds in PATIENCE),
    {"method": "LINK", "timeout": None},
]


def met(send: Send, url: str, **odd: Any) -> Any:
    """Return the status of the answer to an odd request, or all that one can see of the error."""
    with warnings.catch_warnings():
        # The genuine ones leave their socket open where it takes no timeout.
        warnings.simplefilter("ignore", ResourceWarning)
        try:
            return send(url, **{"method": "GET", "timeout": 5, **odd}).status_code
        except Exception as error:  # noqa: BLE001 - that is what is looked at
            return facts_of(error)


def assert_same(send: Send, url: str, **odd: Any) -> None:
    real = met(send, url + PATH, **odd)
    with Paymock(base_url=url) as paymock:
        told = met(send, url + PATH, **odd)
        assert len(paymock.calls) == (1 if isinstance(told, int) else 0)
    if isinstance(real, int):
        assert isinstance(told, int)  # it may be another method's
    else:
        assert told == real


@pytest.mark.parametrize("odd", ODD, ids=lambda odd: repr(odd)[:40])
@pytest.mark.parametrize("client", CLIENTS)
def test_what_is_odd_ends_as_with_a_real_server(url: str, client: str, odd: dict[str, Any]):
    assert_same(CLIENTS[client], url, **odd)


@pytest.mark.parametrize("name", ["Host", "Content-Length", "host"])
@pytest.mark.parametrize("client", HTTPX)
def test_a_field_that_may_be_there_once(url: str, client: str, name: str):
    assert_same(HTTPX[client], url, headers=[(name, "0"), (name.lower(), "1")])


@pytest.mark.parametrize(
    "timeout",
    [(1, math.inf), (math.nan, None), (None, None), (None, 1e300), Timeout(total=math.nan)],
    ids=repr,
)
def test_a_timeout_of_more_than_one_number(url: str, timeout: Any):
    assert_same(_requests, url, timeout=timeout)


def _prepared(url: str, method: str, changed: dict[str, Any], **_: Any) -> Any:
    """Send a request of requests that somebody has changed after it was prepared."""
    request = requests.Request(method, url).prepare()
    for name, value in changed.items():
        if name == "headers":
            request.headers.update(value)
        else:
            setattr(request, name, value)
    with requests.Session() as session:
        return session.send(request, timeout=5)


@pytest.mark.parametrize(
    "changed",
    [
        *({"method": method} for method in (None, b"GET", "G T")),
        *({"headers": {name: "v"}} for name in ("X\n", "é", "X:Y", "")),
        *({"headers": {"X": value}} for value in ("a\nb", None, 1.5, 3, b"\xff", "ключ", " x")),
    ],
    ids=repr,
)
def test_what_was_changed_after_requests_had_looked(url: str, changed: dict[str, Any]):
    assert_same(_prepared, url, changed=changed)


def test_it_is_so_each_time(url: str):
    with Paymock(base_url=url) as paymock:
        for headers in ({"X-It": "a\nb"}, {"X-It": "plain"}) * 2:
            ended = met(HTTPX["httpx"], url + PATH, headers=headers)
            assert isinstance(ended, int) == (headers["X-It"] == "plain")
        assert len(paymock.calls) == 2


# -- the rehearsal ----------------------------------------------------------------------------


class Curious(HTTPAdapter):
    """An adapter of somebody who looks at each answer."""

    built = 0

    def build_response(self, *args: Any) -> requests.Response:
        self.built += 1
        return super().build_response(*args)


def test_nothing_of_it_is_seen_by_an_adapter(paymock: Paymock):
    adapter = Curious(max_retries=Retry(3, status_forcelist=[404], raise_on_status=False))
    with requests.Session() as session:
        session.mount("http://", adapter)
        answer = session.request("LINK", paymock.base_url, headers={"X-It": "é"}, timeout=5)

    assert (answer.status_code, adapter.built, len(paymock.calls)) == (404, 1, 4 - 3)


@pytest.mark.parametrize("total", [None, 0, 3, 10**6])
def test_no_rule_of_retries_is_asked_about_it(paymock: Paymock, total: int | None):
    seen: list[int] = []

    class Rule(Retry):
        def is_retry(self, method: str, status_code: int, *args: Any, **options: Any) -> bool:
            seen.append(status_code)
            return super().is_retry(method, status_code, *args, **options)

    order = {"token": paymock.add_token().token, "amount": 5, "customer_id": "cust_1"}
    with requests.Session() as session:
        rule = Rule(total, status_forcelist=[200], allowed_methods=None)
        session.mount("http://", HTTPAdapter(max_retries=rule))
        url = f"{paymock.base_url}/api/v1/payments"
        answer = session.post(url, json=order, headers={"X-It": "é"}, timeout=5)

    assert (answer.status_code, seen, len(paymock.calls)) == (201, [201], 1)


def test_no_log_tells_of_an_answer_to_it(paymock: Paymock, caplog: pytest.LogCaptureFixture):
    with caplog.at_level("DEBUG", "urllib3"):
        requests.request("LINK", paymock.base_url, headers={"X-It": "é"}, timeout=5)

    assert paymock.calls.one().status_code == 404
    assert [line for line in caplog.messages if "HTTP/1.1" in line] == []


def test_nothing_of_it_is_seen_by_who_traces(paymock: Paymock):
    seen: list[str] = []
    with httpx.Client() as client:
        request = client.build_request("LINK", paymock.base_url)
        request.extensions["trace"] = lambda name, _: seen.append(name)
        assert client.send(request).status_code == 404

    assert seen == []
    assert paymock.calls.one().method == "LINK"


@pytest.mark.parametrize("client", ["httpx", "httpx-asyncio", "requests"])
def test_a_body_is_there_still_after_it(paymock: Paymock, client: str):
    order = {"token": paymock.add_token().token, "amount": 5, "customer_id": "cust_1"}
    url = f"{paymock.base_url}/api/v1/payments"
    answer = CLIENTS[client](url, "POST", json=order, headers={"X-It": b"\xff"}, timeout=5)

    assert answer.status_code == 201
    paymock.assert_charged(5)


def test_a_card_number_in_an_odd_header_is_noted_all_the_same():
    def send(paymock: Paymock) -> None:
        url, card = paymock.base_url, paymock.card("visa")
        sent = {"card": card, "customer": paymock.customer("cust_1")}
        httpx.post(f"{url}/api/v1/tokenize", json=sent)
        httpx.get(url, headers={"X-It": b"\xff " + card["card_number"].encode()})

    with Paymock(guards="error") as paymock:
        send(paymock)
        with pytest.raises(ExpectationError, match="ends in 0366"):
            paymock.verify()


@pytest.mark.parametrize("client", CLIENTS)
def test_the_type_of_a_body_may_be_given_as_bytes(paymock: Paymock, client: str):
    url = f"{paymock.base_url}/api/v1/payments"
    body = "data" if client == "requests" else "content"
    answer = CLIENTS[client](
        url, method="POST", headers={"Content-Type": b"text/plain"}, **{body: b"{}"}
    )
    assert answer.status_code == 400
    assert answer.json() == {
        "detail": "the request body is of the type text/plain; send it as application/json"
    }
