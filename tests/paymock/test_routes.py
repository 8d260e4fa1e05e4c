"""``paymock.routes``: the endpoints as respx routes, to look at."""

import pickle
from collections.abc import Callable
from typing import Any

import httpx
import httpx2
import pytest
import requests
from respx.models import Route

from pytest_paymock import Paymock, UsageError, faults

from .support import NOW, call, pay, refund, tokenize

pytestmark = pytest.mark.paymock(clock=NOW)

NAMES = [
    "tokenize",
    "create_payment",
    "get_transaction",
    "list_customer_transactions",
    "refund",
    "get_token",
]


def test_there_is_a_route_for_every_endpoint_and_one_for_the_rest(paymock: Paymock) -> None:
    assert [route.name for route in paymock.routes] == [*NAMES, "fallback"]
    assert len(paymock.routes) == 7
    for name in NAMES:
        assert isinstance(paymock.routes[name], Route)
        assert paymock.routes[name].name == name


@pytest.mark.parametrize("kind", [KeyError, UsageError])
def test_an_unknown_route_is_a_key_error(paymock: Paymock, kind: type[Exception]) -> None:
    with pytest.raises(kind, match="charge"):
        paymock.routes["charge"]
    assert "charge" not in paymock.routes


@pytest.mark.parametrize("key", ["charge", "", 7, -8, 1.5, None, [], slice(0, 2)])
def test_what_is_no_route_is_told_with_those_that_there_are(paymock: Paymock, key: Any) -> None:
    with pytest.raises(UsageError) as caught:
        paymock.routes[key]
    assert str(caught.value) == (
        f"there is no route {key!r}; the routes are {', '.join(NAMES)}, fallback"
    )
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)  # noqa: S301 - ours


def test_a_route_beyond_the_last_is_an_index_error(paymock: Paymock) -> None:
    assert paymock.routes[-1].name == "fallback"
    with pytest.raises(IndexError):
        paymock.routes[7]


def test_a_route_counts_its_calls(paymock: Paymock) -> None:
    assert not paymock.routes["create_payment"].called
    assert paymock.routes["create_payment"].call_count == 0
    name = pay(paymock)
    refund(paymock, name)
    refund_again = call(paymock, "POST", f"/transactions/{name}/refund")
    assert "detail" in refund_again
    counts = {route.name: route.call_count for route in paymock.routes}
    assert counts == {**dict.fromkeys([*NAMES, "fallback"], 0), "create_payment": 1, "refund": 2}
    assert paymock.routes["refund"].called


def test_what_is_no_endpoint_counts_for_the_fallback(paymock: Paymock) -> None:
    call(paymock, "GET", "/nothing")
    call(paymock, "PUT", "/payments", {"amount": 1})
    fallback = paymock.routes["fallback"]
    assert fallback.call_count == 2
    assert [item.response.status_code for item in fallback.calls] == [404, 405]
    assert not paymock.routes["create_payment"].called


def test_a_route_that_was_taken_is_live(paymock: Paymock) -> None:
    route = paymock.routes["create_payment"]
    pay(paymock)
    assert route.call_count == 1
    paymock.reset()
    assert route.call_count == 0
    assert paymock.routes["create_payment"] is route


def test_a_routes_calls_are_requests_and_responses(paymock: Paymock) -> None:
    name = pay(paymock, 9.5, description="gift")
    made = paymock.routes["create_payment"].calls
    assert len(made) == made.call_count == 1
    assert made.last == made[0]
    assert made.last.request.method == "POST"
    assert str(made.last.request.url) == "http://localhost:8000/api/v1/payments"
    assert b'"gift"' in made.last.request.content
    assert made.last.response.status_code == 201
    assert made.last.response.json()["transaction_id"] == name
    made.assert_called_once()


@pytest.mark.parametrize("library", [httpx, httpx2, requests], ids=lambda found: found.__name__)
def test_the_calls_of_every_client_are_there(paymock: Paymock, library: Any) -> None:
    library.get(f"{paymock.base_url}/api/v1/tokens/tok_1")
    made = paymock.routes["get_token"].calls.last
    assert isinstance(made.request, httpx.Request)
    assert made.request.url.path == "/api/v1/tokens/tok_1"
    assert made.response.json() == {"detail": "Token not found"}


def test_the_calls_of_a_route_are_masked(paymock: Paymock) -> None:
    tokenize(paymock)
    content = paymock.routes["tokenize"].calls.last.request.content
    assert b'"card_number":"************0366"' in content
    assert b"4532" not in content


@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/customers/a%2Fb%20c%C3%BC%00/transactions",
        "/api/v1/customers/4532015112830366%00%0A%3Fx%23/transactions",
        "/api/v1/customers/%F0%9F%98%80%FF/transactions",
    ],
)
def test_any_path_can_be_shown_again(paymock: Paymock, path: str) -> None:
    requests.get(paymock.base_url + path, timeout=9)
    made = paymock.routes["list_customer_transactions"].calls
    assert len(made) == 1
    assert made.last.request.url.raw_path.decode() == paymock.calls.one().path


def test_a_call_whose_answer_was_lost_has_no_response(paymock: Paymock) -> None:
    paymock.faults.queue(faults.read_timeout)
    with pytest.raises(requests.ReadTimeout):
        call(paymock, "POST", "/transactions/x/refund")
    made = paymock.routes["refund"].calls.last
    assert made.optional_response is None
    assert not made.has_response


@pytest.mark.paymock(base_url="https://pay.example:8443/v2")
def test_routes_lie_under_the_base_url(paymock: Paymock) -> None:
    pay(paymock)
    made = paymock.routes["create_payment"].calls.last
    assert str(made.request.url) == "https://pay.example:8443/v2/api/v1/payments"


@pytest.mark.parametrize(
    ("method", "url", "name"),
    [
        ("POST", "http://localhost:8000/api/v1/tokenize", "tokenize"),
        ("GET", "http://localhost:8000/api/v1/tokens/tok_1", "get_token"),
        ("GET", "http://localhost:8000/api/v1/customers/c/transactions", NAMES[3]),
        ("POST", "http://localhost:8000/api/v1/transactions/t/refund", "refund"),
    ],
)
def test_the_pattern_of_a_route_is_that_of_its_endpoint(
    paymock: Paymock, method: str, url: str, name: str
) -> None:
    request = httpx.Request(method, url)
    matching = [route.name for route in paymock.routes if route.pattern.match(request)]
    assert matching == [name, "fallback"]


REFUSED: dict[str, Callable[[Any], object]] = {
    "mock": lambda route: route.mock(return_value=httpx.Response(200)),
    "respond": lambda route: route.respond(200),
    "pass_through": lambda route: route.pass_through(),
    "percent": lambda route: route % 200,
    "decorate": lambda route: route(lambda _: httpx.Response(200)),
    "return_value": lambda route: setattr(route, "return_value", httpx.Response(200)),
    "side_effect": lambda route: setattr(route, "side_effect", httpx.ReadTimeout),
}


@pytest.mark.parametrize("change", REFUSED.values(), ids=REFUSED)
@pytest.mark.parametrize("name", ["refund", "fallback"])
def test_a_route_refuses_to_be_mocked_and_says_what_to_do(
    paymock: Paymock, change: Callable[[Any], object], name: str
) -> None:
    with pytest.raises(UsageError) as caught:
        change(paymock.routes[name])
    assert str(caught.value) == (
        "the routes of paymock are there to look at; script payments with paymock.outcomes, "
        "or add a route for the same URL to a respx router of your own, which comes first"
    )
    assert call(paymock, "POST", "/transactions/x/refund") == {"detail": "Transaction not found"}
