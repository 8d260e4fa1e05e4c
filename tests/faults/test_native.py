"""What a client sees of a fault is what it sees of a server that misbehaves for real."""

import gc
import weakref
from collections.abc import Iterator

import httpcore
import pytest

from pytest_paymock import Paymock, faults
from pytest_paymock._intercept.httpx_network import mapped

from .clients import CLIENTS, Exchange, Seen, facts_of
from .provoking import HALF, NOT_ACTED, PROVOKED, patience
from .server import HOST, answer, serving

ORDER = b'{"token": "tok_0", "amount": 5, "customer_id": "cust_1"}'

TYPES = {
    "connect_error": ("ConnectError", "requests.exceptions.ConnectionError"),
    "connect_timeout": ("ConnectTimeout", "requests.exceptions.ConnectTimeout"),
    "read_timeout": ("ReadTimeout", "requests.exceptions.ReadTimeout"),
    "disconnect": ("RemoteProtocolError", "requests.exceptions.ConnectionError"),
    "connection_reset": ("ReadError", "requests.exceptions.ConnectionError"),
    "truncated_body": ("RemoteProtocolError", "requests.exceptions.ChunkedEncodingError"),
}
"""The exceptions of httpx and httpx2, and of requests; all other faults bring an answer."""


@pytest.fixture(params=PROVOKED)
def fault(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture
def port(fault: str) -> Iterator[int]:
    with PROVOKED[fault]() as port:
        yield port


def the_type(fault: str, client: str) -> str | None:
    if fault not in TYPES:
        return None
    of_httpx, of_requests = TYPES[fault]
    library = client.partition("-")[0]
    return of_requests if library == "requests" else f"{library}.{of_httpx}"


def type_of(seen: Seen) -> str | None:
    return seen.error and f"{type(seen.error).__module__}.{type(seen.error).__qualname__}"


def sent(exchange: Exchange, fault: str, base_url: str, **how) -> Seen:
    url = f"{base_url}/api/v1/payments"
    return exchange("POST", url, body=ORDER, timeout=patience(fault), **how)


def faked(exchange: Exchange, fault: str, base_url: str, **how) -> Seen:
    with Paymock(base_url=base_url) as paymock:
        paymock.faults.queue(getattr(faults, fault))
        return sent(exchange, fault, base_url, **how)


@pytest.mark.parametrize("stream", [False, True], ids=["whole", "stream"])
def test_a_fault_looks_as_it_does_against_a_server(client, exchange, fault, port, stream):
    base_url = f"http://{HOST}:{port}"
    native = sent(exchange, fault, base_url, stream=stream)
    assert type_of(native) == the_type(fault, client)
    assert faked(exchange, fault, base_url, stream=stream).facts == native.facts


@pytest.mark.parametrize("fault", ["connect_error", "connect_timeout"], indirect=True)
def test_no_connection_looks_alike_under_https(client, exchange, fault, port):
    base_url = f"https://{HOST}:{port}"
    native = sent(exchange, fault, base_url)
    assert type_of(native) == the_type(fault, client)
    assert faked(exchange, fault, base_url).facts == native.facts


def test_every_fault_has_the_same_type_under_https(client, exchange, fault):
    seen = faked(exchange, fault, "https://pay.example")
    assert type_of(seen) == the_type(fault, client)


def test_an_error_names_the_request_that_failed(client, exchange):
    seen = faked(exchange, "read_timeout", "https://pay.example")
    facts = facts_of(seen.error)
    assert facts["request"] == ("POST", "https://pay.example/api/v1/payments")
    assert facts["response"] == (None if client == "requests" else "none such")


def test_a_cut_off_body_fails_only_when_it_is_read(exchange):
    whole = faked(exchange, "truncated_body", "https://pay.example", stream=False)
    assert (whole.status, whole.body) == (None, b"")
    streamed = faked(exchange, "truncated_body", "https://pay.example", stream=True)
    assert (streamed.status, streamed.reason) == (201, "Created")
    assert streamed.headers["content-length"] == str(len(NOT_ACTED))
    assert HALF.startswith(streamed.body)
    assert streamed.body


@pytest.mark.parametrize("status", [402, 409, 418, 422, 451, 599])
def test_any_error_status_looks_as_it_does_from_a_server(exchange, status):
    phrase = faults.http_error(status).detail if status != 599 else ""
    real = answer(f"{status} {phrase}", b'{"detail":"caf\\u00e9"}', X_Trace="7")
    with serving(real) as server:
        base_url = f"http://{HOST}:{server.port}"
        native = exchange("POST", f"{base_url}/api/v1/payments", body=ORDER)
        with Paymock(base_url=base_url) as paymock:
            paymock.faults.queue(
                faults.http_error(status, detail="caf\u00e9", headers={"X-Trace": "7"})
            )
            seen = exchange("POST", f"{base_url}/api/v1/payments", body=ORDER)
    assert native.status == status
    assert seen.facts == native.facts


def test_an_error_looks_alike_while_the_code_under_test_handles_another(client, exchange):
    with PROVOKED["connect_error"]() as port:
        base_url = f"http://{HOST}:{port}"
        earlier = LookupError("an earlier problem")
        try:
            raise earlier
        except LookupError:
            native = sent(exchange, "connect_error", base_url)
            seen = faked(exchange, "connect_error", base_url)
    assert type_of(native) == the_type("connect_error", client)
    assert seen.facts == native.facts
    assert first_of(native.error) is first_of(seen.error) is earlier


def first_of(error: BaseException) -> BaseException:
    """Return the error with which all began."""
    while error.__context__ is not None:
        error = error.__context__
    return error


@pytest.mark.parametrize("client", ["httpx-trio", "httpx2-trio"])
def test_trio_writes_an_address_of_ip_version_6_in_brackets(client):
    seen = faked(CLIENTS[client], "connect_error", "http://[::1]:8000")
    assert str(seen.error) == "all attempts to connect to [::1]:8000 failed"


class Body:
    """What a caller has at hand, such as a request with a card in it."""


@pytest.mark.parametrize("kind", [httpcore.ReadTimeout, httpcore.ConnectError])
def test_what_a_client_raises_holds_nobody_once_it_is_forgotten(kind: type[Exception]):
    def attempt() -> weakref.ref[Body]:
        body = Body()
        with pytest.raises(kind):
            mapped(kind, TimeoutError("timed out"))
        return weakref.ref(body)

    gc.collect()
    gc.disable()  # without it, what is in a circle stays
    try:
        assert attempt()() is None
    finally:
        gc.enable()
