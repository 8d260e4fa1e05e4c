"""What an httpx or httpx2 client cannot send never reaches the fake, as it reaches no server."""

import asyncio
import gc
import json
import math
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from decimal import Decimal
from functools import partial
from typing import Any

import httpx
import httpx2
import pytest
import trio

from pytest_paymock import ExpectationError, Paymock, faults
from pytest_paymock.server import ServerPaymock

Send = Callable[..., Any]

PATH = "/api/v1/payments"


def _sync(library: Any, base_url: str, work: Callable[[Any], Any], **options: Any) -> Any:
    with library.Client(base_url=base_url, verify=False, trust_env=False, **options) as client:
        return work(client)


def _in_loop(
    library: Any,
    run: Callable[[Callable[[], Awaitable[Any]]], Any],
    base_url: str,
    work: Callable[[Any], Any],
    **options: Any,
) -> Any:
    async def act() -> Any:
        client = library.AsyncClient(base_url=base_url, verify=False, trust_env=False, **options)
        async with client:
            return await work(client)

    return run(act)


def _asyncio(act: Any) -> Any:
    return asyncio.run(act())


CLIENTS: dict[str, Send] = {
    f"{library.__name__}{kind}": send
    for library in (httpx, httpx2)
    for kind, send in {
        "": partial(_sync, library),
        "-asyncio": partial(_in_loop, library, _asyncio),
        "-trio": partial(_in_loop, library, trio.run),
    }.items()
}

each_client = pytest.mark.parametrize("send", CLIENTS.values(), ids=CLIENTS)


def _became(send: Send, base_url: str, work: Callable[[Any], Any], **options: Any) -> Any:
    """Return the status of an answer, or the type and the words of what was raised."""
    try:
        return send(base_url, work, **options).status_code
    except Exception as error:  # noqa: BLE001 - whatever it is, it is compared
        return type(error), str(error)


ODD: dict[str, dict[str, Any]] = {
    "a token with its line break": {"headers": {"authorization": "Bearer abc\n"}},
    "no token": {"headers": {"authorization": "Bearer "}},
    "a blank before a value": {"headers": {"x-a": " b"}},
    "two values in two lines": {"headers": {"x-a": "b\r\nx-c: d"}},
    "a zero byte": {"headers": {"x-a": "b\0"}},
    "a name with a blank": {"headers": {"x a": "b"}},
    "a name with a colon": {"headers": {"x-a:": "b"}},
    "no name": {"headers": {"": "b"}},
    "a length that is too short": {"headers": {"content-length": "1"}},
    "a length that is too long": {"headers": {"content-length": "3"}},
    "a length that is none": {"headers": {"content-length": "two"}},
    "a method with a blank": {"method": "PO ST"},
    "no method": {"method": ""},
    "a timeout that came as text": {"timeout": "5"},
    "a timeout that is a list": {"timeout": [1, 2, 3, 4]},
    "a timeout of no known number": {"timeout": Decimal(5)},
    "no timeout at all": {"timeout": float("nan")},
    "a timeout below 0": {"timeout": -1},
    "a timeout of 0": {"timeout": 0},
    "a time to write that came as text": {"timeout": (5, 5, "5", 5)},
    "a time to write below 0": {"timeout": (5, 5, -1, 5)},
    "no time to write at all": {"timeout": (5, 5, float("nan"), 5)},
}


def _posting(*, method: str = "POST", **options: Any) -> Callable[[Any], Any]:
    return lambda client: client.request(method, PATH, content=b"{}", **options)


# Python itself leaves a socket open behind a timeout that it cannot have.
@pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@each_client
@pytest.mark.parametrize("odd", ODD)
def test_a_request_is_refused_as_before_a_server(
    paymock: Paymock, paymock_server: ServerPaymock, send: Send, odd: str
):
    real = _became(send, paymock_server.url, _posting(**ODD[odd]))
    if "timeout" in ODD[odd]:
        gc.collect()  # while such a socket may be found
    assert _became(send, paymock.base_url, _posting(**ODD[odd])) == real
    assert not isinstance(real, int)
    paymock.assert_no_calls()


SENT: dict[str, dict[str, Any]] = {
    "a method that the API does not have": {"method": "QUERY"},
    "a value in Latin letters": {"headers": {"x-a": b"\xe9"}},
    "a tab within a value": {"headers": {"x-a": "b\tc"}},
    "no value": {"headers": {"x-a": ""}},
    "a long time": {"timeout": 100_000},
    "for ever": {"timeout": None},
    "some time to connect": {"timeout": (3, 2, 1, None)},
}


@each_client
@pytest.mark.parametrize("odd", SENT)
def test_a_request_that_is_odd_and_can_be_sent_is_answered(
    paymock: Paymock, paymock_server: ServerPaymock, send: Send, odd: str
):
    real = _became(send, paymock_server.url, _posting(**SENT[odd]))
    assert _became(send, paymock.base_url, _posting(**SENT[odd])) == real
    assert paymock.calls.one().status_code == real


UNHEARD: dict[str, Any] = {
    "no time": 0,
    "a text": "5",
    "less than nothing": -1,
    "no number": math.nan,
    "a decimal number": Decimal(5),
    "a list": [5],
    "for ever": math.inf,
    "longer than that": 10**400,
}
"""For how long a client would wait for an answer, and cannot; by then it has sent its request."""


@pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@each_client
@pytest.mark.parametrize("how", UNHEARD)
def test_an_answer_that_cannot_be_waited_for_is_lost(
    paymock: Paymock, paymock_server: ServerPaymock, send: Send, how: str
):
    paymock_server.faults.always(faults.latency(0.05))  # or there might be nothing to wait for
    act = _posting(timeout=(5, UNHEARD[how], 5, 5))
    real = _became(send, paymock_server.url, act)
    gc.collect()
    assert _became(send, paymock.base_url, act) == real
    call = paymock.calls.one()
    assert call.acted
    assert call.lost is not isinstance(real, int)
    assert call.status_code == (real if isinstance(real, int) else None)


@each_client
def test_a_charge_whose_answer_is_never_read_is_made_all_the_same(send: Send):
    with Paymock(guards="error", base_url="http://pay.example") as paymock:
        body = _body(paymock)

        def charge(client: Any) -> Any:
            return client.post(PATH, content=body, timeout=(5, "5", 5, 5))

        for _ in range(2):
            assert _became(send, paymock.base_url, charge)[0] is TypeError
        assert [payment.status for payment in paymock.payments] == ["success", "success"]
        state = paymock.snapshot()
        paymock.restore(state)
        told = [line for line in paymock.report() if PATH in line]
        assert [line.split("  ", 2)[2].partition("no answer")[2] for line in told] == [
            " (the API acted, its answer was lost)"
        ] * 2
        with pytest.raises(ExpectationError, match="call 1, which its client did not read"):
            paymock.verify()


@each_client
@pytest.mark.parametrize(
    ("fault", "name"),
    [
        (faults.connect_error, "ConnectError"),
        (faults.disconnect, "TypeError"),
        (faults.latency(3), "TypeError"),
        (faults.server_error, "TypeError"),
    ],
    ids=str,
)
def test_a_fault_comes_when_it_comes_to_a_client_that_reads_no_answer(
    paymock: Paymock, send: Send, fault: Any, name: str
):
    paymock.faults.queue(fault)
    raised, _ = _became(send, paymock.base_url, _posting(timeout=(5, "5", 5, 5)))
    assert raised.__name__ == name
    assert paymock.calls.one().fault == fault


@each_client
def test_a_request_that_cannot_be_sent_meets_no_fault(paymock: Paymock, send: Send):
    paymock.faults.queue(faults.read_timeout(after_commit=True), optional=True)
    refused = _became(send, paymock.base_url, _posting(headers={"x-a": "b\n"}))
    assert refused[0].__name__ == "LocalProtocolError"
    assert paymock.faults.pending


@each_client
def test_attempts_to_connect_are_made_again_where_none_waits(paymock: Paymock, send: Send):
    library = httpx2 if "httpx2" in str(send) else httpx
    kind = library.HTTPTransport if "_sync" in str(send) else library.AsyncHTTPTransport
    refused = _became(
        send, paymock.base_url, _posting(timeout=0), transport=kind(retries=1, verify=False)
    )
    assert refused[0].__name__ in ("ConnectError", "ConnectTimeout")


def test_a_timeout_is_tried_where_sockets_are_shut(
    paymock: Paymock, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(socket, "socket", None)
    with httpx.Client(base_url=paymock.base_url, verify=False) as client:  # noqa: S501
        assert client.get("/", timeout=10**9).status_code == 404


# -- a body that can be read only once ---------------------------------------------------------


def _body(paymock: Any) -> bytes:
    token = paymock.add_token().token
    return json.dumps({"token": token, "amount": 5, "customer_id": "cust_1"}).encode()


def _once(body: bytes) -> Iterator[bytes]:
    yield body[:9]
    yield body[9:]


async def _once_async(body: bytes) -> AsyncIterator[bytes]:
    yield body[:9]
    yield body[9:]


def _twice(fake: Any, library: Any, seen: list[Any]) -> None:
    """Send a request twice whose body can be read only once."""
    base_url = fake.base_url if type(fake) is Paymock else fake.url
    with library.Client(base_url=base_url, verify=False, trust_env=False) as client:
        request = client.build_request("POST", PATH, content=_once(_body(fake)))
        seen.append(client.send(request).status_code)
        for again in (lambda: request.content, lambda: client.send(request)):
            with pytest.raises(library.StreamError) as raised:
                again()
            seen.append((raised.type, str(raised.value)))


async def _twice_async(fake: Any, library: Any, seen: list[Any]) -> None:
    base_url = fake.base_url if type(fake) is Paymock else fake.url
    async with library.AsyncClient(base_url=base_url, verify=False, trust_env=False) as client:
        request = client.build_request("POST", PATH, content=_once_async(_body(fake)))
        seen.append((await client.send(request)).status_code)
        with pytest.raises(library.RequestNotRead):
            request.content  # noqa: B018
        with pytest.raises(library.StreamConsumed) as raised:
            await client.send(request)
        seen.append((raised.type, str(raised.value)))


@pytest.mark.parametrize("library", [httpx, httpx2], ids=lambda library: library.__name__)
@pytest.mark.parametrize("kind", ["sync", "asyncio", "trio"])
def test_a_stream_is_spent_when_it_was_sent(
    paymock: Paymock, paymock_server: ServerPaymock, library: Any, kind: str
):
    seen: dict[Any, list[Any]] = {paymock: [], paymock_server: []}
    for fake, became in seen.items():
        if kind == "sync":
            _twice(fake, library, became)
        elif kind == "asyncio":
            asyncio.run(_twice_async(fake, library, became))
        else:
            trio.run(_twice_async, fake, library, became)
    assert seen[paymock] == seen[paymock_server]
    assert len(paymock.payments) == 1


@pytest.mark.parametrize("library", [httpx, httpx2], ids=lambda library: library.__name__)
def test_a_stream_is_spent_on_a_fault_as_well(paymock: Paymock, library: Any):
    paymock.faults.queue(faults.read_timeout)
    with library.Client(base_url=paymock.base_url, verify=False) as client:
        request = client.build_request("POST", PATH, content=_once(_body(paymock)))
        with pytest.raises(library.ReadTimeout):
            client.send(request)
        with pytest.raises(library.StreamConsumed):
            client.send(request)
    assert paymock.calls.one().request["amount"] == 5


def test_a_body_that_can_be_read_again_is_sent_again(paymock: Paymock):
    with httpx.Client(base_url=paymock.base_url, verify=False) as client:  # noqa: S501
        request = client.build_request("POST", PATH, files={"a": b"b"})
        assert [client.send(request).status_code for _ in range(2)] == [400, 400]
        with pytest.raises(httpx.RequestNotRead):
            request.content  # noqa: B018
