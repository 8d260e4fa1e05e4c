"""A body that requests reads from a file or a generator, sent once and sent again."""

import io
import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import requests
from requests.adapters import HTTPAdapter
from urllib3 import Retry

from pytest_paymock import Paymock, faults
from pytest_paymock.server import ServerPaymock

PATH = "/api/v1/payments"


class Socketlike:
    """A stream that gives less than it was asked for, and cannot go back."""

    def __init__(self, body: bytes) -> None:
        self._rest = body
        self.len = len(body)

    def read(self, size: int) -> bytes:
        some, self._rest = self._rest[: min(size, 7)], self._rest[min(size, 7) :]
        return some


def _generator(body: bytes) -> Iterator[bytes]:
    yield body[:9]
    yield b""
    yield body[9:]


def _texts(body: bytes) -> Iterator[str]:
    yield body.decode()


class Pieces:
    """What can be gone through again and again."""

    def __init__(self, body: bytes) -> None:
        self._body = body

    def __iter__(self) -> Iterator[bytes]:
        return _generator(self._body)


BODIES: dict[str, Callable[[bytes], Any]] = {
    "file": io.BytesIO,
    "text file": lambda body: io.StringIO(body.decode()),
    "bytearray": bytearray,
    "generator": _generator,
    "generator of texts": _texts,
    "pieces": Pieces,
    "stream": Socketlike,
}

each_body = pytest.mark.parametrize("make", BODIES.values(), ids=BODIES)


def _order(fake: Any, **more: Any) -> bytes:
    body = {"token": fake.add_token().token, "amount": 5, "customer_id": "cust_1", **more}
    return json.dumps(body, ensure_ascii=False).encode()


def _url(fake: Any) -> str:
    base_url: str = fake.base_url if type(fake) is Paymock else fake.url
    return base_url + PATH


def _twice(fake: Any, make: Callable[[bytes], Any]) -> list[int]:
    with requests.Session() as session:
        session.trust_env = False
        data = make(_order(fake))
        request = session.prepare_request(requests.Request("POST", _url(fake), data=data))
        return [_status_of(lambda: session.send(request)) for _ in range(2)]


WAITS = 408
"""In place of a status, where a client waits in vain since the server waits for the body."""


def _status_of(send: Callable[[], requests.Response]) -> int:
    try:
        return send().status_code
    except (requests.ReadTimeout, requests.ConnectionError):  # the latter by a rule of retries
        return WAITS


def _tried_again(fake: Any, make: Callable[[bytes], Any]) -> int:
    rule = Retry(1, status_forcelist=[503], allowed_methods=None, raise_on_status=False)
    fake.faults.queue(faults.unavailable)
    with requests.Session() as session:
        session.trust_env = False
        session.mount("http://", HTTPAdapter(max_retries=rule))
        return _status_of(lambda: session.post(_url(fake), data=make(_order(fake))))


def _redirected(fake: Any, make: Callable[[bytes], Any]) -> int:
    with requests.Session() as session:
        session.trust_env = False
        return _status_of(lambda: session.post(f"{_url(fake)}/", data=make(_order(fake))))


BECOME_OF_TWO = {
    "bytearray": [201, 201],
    "pieces": [201, 201],
    "generator": [201, 400],
    "generator of texts": [201, 400],
}
"""What a live server says, which waits for the rest of a length that was announced."""


@pytest.mark.parametrize("name", BODIES)
def test_a_body_that_is_sent_twice_is_empty_if_it_was_spent(paymock: Paymock, name: str):
    assert _twice(paymock, BODIES[name]) == BECOME_OF_TWO.get(name, [201, WAITS])


def _spent(name: str, refused: int) -> int:
    """Return what becomes of a body in another attempt."""
    return {"stream": WAITS, "generator": refused, "generator of texts": refused}.get(name, 201)


@pytest.mark.parametrize("name", BODIES)
def test_a_body_that_is_tried_again_is_empty_if_nobody_can_go_back(paymock: Paymock, name: str):
    assert _tried_again(paymock, BODIES[name]) == _spent(name, 400)


@pytest.mark.paymock(profile="deployed")
@pytest.mark.parametrize("name", BODIES)
def test_a_body_that_is_redirected_is_empty_if_nobody_can_go_back(paymock: Paymock, name: str):
    assert _redirected(paymock, BODIES[name]) == _spent(name, 422)


@pytest.mark.parametrize("way", [_twice, _tried_again], ids=lambda way: way.__name__)
def test_a_generator_is_spent_as_before_a_server(
    paymock: Paymock, paymock_server: ServerPaymock, way: Any
):
    assert way(paymock, _generator) == way(paymock_server, _generator)
    assert len(paymock.payments) == len(paymock_server.payments)


@each_body
def test_a_body_is_sent_when_there_is_a_connection(paymock: Paymock, make: Callable[[bytes], Any]):
    paymock.faults.queue(faults.connect_error, faults.connect_timeout)
    with requests.Session() as session:
        session.mount("http://", HTTPAdapter(max_retries=Retry(2, allowed_methods=None)))
        answer = session.post(f"{paymock.base_url}{PATH}", data=make(_order(paymock)))
    assert answer.status_code == 201


def test_a_text_is_cut_off_where_its_characters_end(
    paymock: Paymock, paymock_server: ServerPaymock
):
    became = []
    for fake in (paymock, paymock_server):
        text = io.StringIO(_order(fake, description="Größe €").decode())
        became.append(requests.post(_url(fake), data=text, timeout=5).status_code)
    assert became == [400, 400]


@pytest.mark.parametrize("data", [5, iter([5])], ids=["number", "numbers"])
def test_what_is_no_body_is_told_by_the_client(paymock: Paymock, data: Any):
    with requests.Session() as session:
        request = session.prepare_request(requests.Request("POST", _url(paymock), data="{}"))
        request.body = data
        with pytest.raises(TypeError):
            session.send(request)
    paymock.assert_no_calls()


def test_for_a_length_that_no_body_has_a_client_waits(paymock: Paymock):
    with requests.Session() as session:
        made = requests.Request("POST", _url(paymock), data=io.BytesIO(_order(paymock)))
        request = session.prepare_request(made)
        request.headers["Content-Length"] = "9" * 5000
        assert _status_of(lambda: session.send(request)) == WAITS
    paymock.assert_no_calls()


def _posted(paymock: Paymock, body: Any, **headers: str) -> requests.Response:
    url = f"{paymock.base_url}{PATH}"
    request = requests.Request("POST", url, data=body).prepare()
    request.headers.update({name.replace("_", "-"): value for name, value in headers.items()})
    with requests.Session() as session:
        return session.send(request, timeout=5)


def test_no_more_is_read_than_was_announced(paymock: Paymock):
    token = paymock.add_token().token
    order = json.dumps({"token": token, "amount": 5, "customer_id": "cust_1"})

    assert _posted(paymock, order, content_length="9").status_code == 400
    assert _posted(paymock, order + "?", content_length=str(len(order))).status_code == 201
    paymock.assert_charged(5)


def test_what_yields_nothing_sends_nothing(paymock: Paymock):
    token = paymock.add_token().token
    order = json.dumps({"token": token, "amount": 5, "customer_id": "cust_1"})

    assert _posted(paymock, iter([None, order, "", None])).status_code == 201
    paymock.assert_charged(5)
