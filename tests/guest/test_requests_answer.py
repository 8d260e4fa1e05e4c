"""An answer to requests is what the stock adapter makes of one, however it is looked at."""

import pickle
import shutil
from collections.abc import Iterator
from copy import copy
from io import BytesIO, TextIOWrapper
from typing import Any

import pytest
import requests
from requests.adapters import HTTPAdapter
from urllib3 import HTTPResponse

from pytest_paymock import Paymock, faults
from pytest_paymock._intercept import requests_response
from pytest_paymock.server import ServerPaymock


def _copied(raw: Any) -> bytes:
    raw.decode_content = True
    into = BytesIO()
    shutil.copyfileobj(raw, into)
    assert raw.decode_content is True
    return into.getvalue()


def _kept_open(raw: Any) -> Any:
    # As the documentation of urllib3 has it, for a reader that asks on after the end.
    raw.auto_close = False
    return raw.closed, TextIOWrapper(raw).read()


NOT_FOUND = b'{"detail":"Token not found"}'

LOOKS = {
    "status": lambda raw: (raw.status, raw.reason, raw.version, raw.version_string),
    "headers": lambda raw: list(raw.headers.items()),
    "header": lambda raw: raw.headers["Content-Type"],
    "retries": lambda raw: raw.retries.total,
    "read": lambda raw: (raw.read(), raw.read()),
    "read some": lambda raw: (raw.read(5), raw.tell(), raw.read()),
    "data": lambda raw: (raw.data, raw.data),
    "stream in pieces": lambda raw: list(raw.stream(7)),
    "stream": lambda raw: (list(raw.stream()), list(raw.stream())),
    "stream all": lambda raw: list(raw.stream(None)),
    "stream nothing": lambda raw: (list(raw.stream(0)), raw.read()),
    "read the rest": lambda raw: (next(raw.stream(3), b""), b"".join(raw.stream())),
    "read after the stream": lambda raw: (list(raw.stream()), raw.read(), raw.tell()),
    "closed": lambda raw: (raw.closed, list(raw.stream()), raw.closed, raw.isclosed()),
    "close": lambda raw: (raw.close(), raw.closed, raw.read()),
    "left": lambda raw: (raw.length_remaining, list(raw.stream()), raw.length_remaining),
    "iterate": list,
    "copy": _copied,
    "connection": lambda raw: (raw.connection, raw.release_conn()),
    "url": lambda raw: (raw.geturl(), raw.url),
    "chunks": lambda raw: (raw.chunked, raw.supports_chunked_reads()),
    "kept open": _kept_open,
    "unknown": lambda raw: hasattr(raw, "no_such_thing"),
    "twice unknown": lambda raw: (hasattr(raw, "nothing"), raw.read(), hasattr(raw, "nothing")),
}


class StockAdapter(HTTPAdapter):
    """Builds its responses itself, as the stock one does."""

    def build_response(self, req: Any, resp: Any) -> requests.Response:
        assert type(resp) is HTTPResponse
        return super().build_response(req, resp)


@pytest.fixture
def both(paymock: Paymock) -> list[requests.Response]:
    """The same answer twice, unread: as it is given, and as the stock adapter builds it."""
    payment = paymock.add_payment(amount=5)
    url = f"{paymock.base_url}/api/v1/transactions/{payment.transaction_id}"
    found = []
    for adapter in (HTTPAdapter(), StockAdapter()):
        session = requests.Session()
        session.mount("http://", adapter)
        found.append(session.get(url, stream=True))
    return found


@pytest.mark.parametrize("look", LOOKS)
def test_the_raw_answer_is_as_the_stock_one_unread(both: list[requests.Response], look: str):
    ours, stock = both
    assert LOOKS[look](ours.raw) == LOOKS[look](stock.raw)


@pytest.mark.parametrize("look", LOOKS)
def test_the_raw_answer_is_as_the_stock_one_after_the_content_was_read(both, look: str):
    ours, stock = both
    assert ours.content == stock.content != b""
    assert LOOKS[look](ours.raw) == LOOKS[look](stock.raw)


OF_THE_WIRE = {"headers", "connection"}
"""Looks at what a server adds, and at a connection that there is not."""


@pytest.fixture
def real(paymock: Paymock, paymock_server: ServerPaymock) -> Iterator[list[requests.Response]]:
    """The same answer twice, unread: of the fake, and of a server behind a socket."""
    path = "/api/v1/tokens/tok_1"
    with requests.Session() as session:
        yield [
            session.get(base + path, stream=True) for base in (paymock.base_url, paymock_server.url)
        ]


@pytest.mark.parametrize("look", [look for look in LOOKS if look not in OF_THE_WIRE])
@pytest.mark.parametrize("read", [False, True], ids=["unread", "read"])
def test_the_raw_answer_is_as_that_of_a_server(
    real: list[requests.Response], look: str, *, read: bool
):
    if read:
        assert [one.content for one in real] == [NOT_FOUND, NOT_FOUND]
    ours, theirs = (_seen(LOOKS[look], one.raw) for one in real)
    assert ours == theirs


def _seen(look: Any, raw: Any) -> Any:
    try:
        return look(raw)
    except ValueError as error:  # of what is closed
        return str(error)


def test_an_answer_that_is_copied_or_written_away_holds_nothing_of_the_request(paymock: Paymock):
    body = {"card": paymock.card("visa"), "customer": paymock.customer("cust_1")}
    url = f"{paymock.base_url}/api/v1/tokenize"
    response = requests.post(url, json=body, stream=True, timeout=1)
    number = body["card"]["card_number"].encode()
    assert number in response.request.body

    twin = copy(response.raw)
    assert number not in repr(vars(twin)).encode()
    assert response.json()["last_four_digits"] == "0366"
    assert number not in pickle.dumps(response.raw)


@pytest.mark.parametrize("retries", [0, 1])
def test_a_cookie_of_an_error_answer_is_kept(paymock: Paymock, retries: int):
    fields = {"Set-Cookie": "sid=1; Path=/"}
    paymock.faults.queue(faults.http_error(503, headers=fields))
    with requests.Session() as session:
        session.mount("http://", HTTPAdapter(max_retries=retries))
        response = session.get(f"{paymock.base_url}/api/v1/tokens/tok_1")
    assert response.cookies.get_dict() == session.cookies.get_dict() == {"sid": "1"}


def test_the_two_ways_are_really_two(both: list[requests.Response]):
    assert [type(one.raw) for one in both] == [requests_response.Unread, HTTPResponse]
    assert all(isinstance(one.raw, HTTPResponse) for one in both)


def comparable(response: requests.Response) -> dict[str, Any]:
    """Return all that is in a response, but for what is new each time."""
    theirs = {"raw", "request", "connection", "elapsed", "cookies"}
    known = {name: value for name, value in vars(response).items() if name not in theirs}
    return {
        **known,
        "names": sorted(vars(response)),
        "headers": list(response.headers.items()),
        "cookies": list(response.cookies),
        "sent": (response.request.method, response.request.url),
        "adapter": isinstance(response.connection, HTTPAdapter),
    }


@pytest.mark.parametrize("path", ["/api/v1/tokens/tok_1", "/nowhere", "/api/v1/tokenize"])
@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "DELETE"])
@pytest.mark.parametrize("stream", [False, True])
def test_a_response_is_as_the_stock_one(paymock: Paymock, path: str, method: str, *, stream: bool):
    seen = []
    for adapter in (HTTPAdapter(), StockAdapter()):
        with requests.Session() as session:
            session.mount("http://", adapter)
            response = session.request(method, paymock.base_url + path, stream=stream)
        before = comparable(response)
        pieces = list(response.iter_content(9))
        text = None if stream else response.text
        seen.append((before, pieces, text, comparable(response)))
    assert seen[0] == seen[1]


@pytest.mark.parametrize(("method", "pieces"), [("GET", [NOT_FOUND]), ("HEAD", [])])
@pytest.mark.parametrize("adapter", [HTTPAdapter, StockAdapter])
def test_a_body_that_is_read_as_it_arrives_comes_to_its_end(
    paymock: Paymock, method: str, pieces: list[bytes], adapter: type[HTTPAdapter]
):
    with requests.Session() as session:
        session.mount("http://", adapter())
        response = session.request(method, f"{paymock.base_url}/api/v1/tokens/tok_1", stream=True)
    assert list(response.iter_content(None)) == pieces


def test_a_hook_reads_the_raw_answer_before_the_content_is_read(paymock: Paymock):
    seen = []
    with requests.Session() as session:
        session.hooks["response"].append(lambda response, **_: seen.append(response.raw.read()))
        response = session.get(f"{paymock.base_url}/api/v1/tokens/tok_1")
    assert seen == [NOT_FOUND]
    assert response.content == b""


def test_a_requests_that_puts_more_into_a_response_builds_it_itself(
    paymock: Paymock, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(requests_response, "_IS_KNOWN", False)
    response = requests.get(f"{paymock.base_url}/api/v1/tokens/tok_1", timeout=1)
    assert type(response.raw) is HTTPResponse
    assert response.json() == {"detail": "Token not found"}


def test_a_function_without_code_sets_nothing_that_we_know_of():
    assert requests_response.sets(len) == set()
