"""The fake beside respx: every way to start a router, in every order."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest
import respx

from pytest_paymock import Paymock

from .calls import HTTPX, Call, outcome, streamed
from .conftest import Run
from .matrix import (
    BASE,
    CARD,
    FOREIGN,
    NUMBER,
    OURS,
    THEIR_STATUS,
    THEIRS,
    UNKNOWN,
    Neighbour,
    Order,
    all_orders,
    check,
)
from .wire import Wire

pytestmark = pytest.mark.usefixtures("wire")


class Router(Neighbour):
    """A router of its own, as ``with respx.mock(...)`` starts it."""

    def __init__(self, **options: Any) -> None:
        self.router = respx.mock(**options)

    def start(self) -> None:
        self.router.start()
        self.router.get(FOREIGN).respond(THEIR_STATUS, text="in stock")
        self.router.get(THEIRS).respond(THEIR_STATUS, text="theirs")

    def stop(self) -> None:
        self.router.stop()

    def seen(self) -> list[str]:
        return [f"{call.request.url} {call.request.content!r}" for call in self.router.calls]


class Passing(Router):
    """A router that lets a host pass, or all of them, before its own routes are asked."""

    def __init__(self, **lookups: Any) -> None:
        super().__init__(assert_all_called=False)
        self.lookups = lookups

    def start(self) -> None:
        super().start()
        self.router.route(**self.lookups).pass_through()


class Module(Router):
    """The router of the module, which ``respx.start()`` and ``respx.stop()`` mean."""

    def __init__(self) -> None:
        self.router = respx.mock

    def start(self) -> None:
        respx.start()
        respx.get(FOREIGN).respond(THEIR_STATUS, text="in stock")
        respx.get(THEIRS).respond(THEIR_STATUS, text="theirs")

    def stop(self) -> None:
        respx.stop()


ROUTERS: dict[str, Callable[[], Neighbour]] = {
    "strict": Router,
    "not strict": lambda: Router(assert_all_called=False, assert_all_mocked=False),
    "above the transport": lambda: Router(using="httpx"),
    "not strict above": lambda: Router(using="httpx", assert_all_mocked=False),
    "passing all": Passing,
    "passing our host": lambda: Passing(host="localhost"),
    "passing another host": lambda: Passing(host="unknown.example"),
    "of the module": Module,
}


@all_orders
@pytest.mark.parametrize("call", HTTPX.values(), ids=HTTPX)
@pytest.mark.parametrize("make", ROUTERS.values(), ids=ROUTERS)
def test_the_routes_of_a_router_hold_and_all_else_of_ours_is_ours(
    make: Callable[[], Neighbour], call: Call, order: Order
):
    played, _ = check(make, call, order)
    assert played.both["foreign"] == (str(THEIR_STATUS), "in stock")
    assert played.both["theirs"] == (str(THEIR_STATUS), "theirs")


def test_a_router_that_lets_everything_pass_sends_no_payment_to_the_network(wire: Wire):
    with respx.mock() as router, Paymock() as paymock:
        router.route().pass_through()
        httpx.post(OURS, json=CARD)
        assert paymock.tokens.one().last_four_digits == "0366"
        assert wire.hosts == set()
        assert outcome(lambda: httpx.get(UNKNOWN)).kind == "httpx.ConnectError"
    assert wire.hosts == {"unknown.example"}


def test_a_route_behind_a_pass_through_is_dead_in_respx_and_the_fake_answers(wire: Wire):
    with respx.mock(assert_all_called=False) as router, Paymock() as paymock:
        router.route(host="localhost").pass_through()
        router.post(OURS).respond(THEIR_STATUS)
        assert httpx.post(OURS, json=CARD).status_code == 201
        assert paymock.tokens.one()
    assert wire.hosts == set()


def test_a_route_behind_a_router_that_mocks_all_is_dead_in_respx_and_the_fake_answers():
    with (
        respx.mock(assert_all_mocked=False),
        respx.mock(assert_all_called=False) as second,
        Paymock(),
    ):
        second.post(OURS).respond(THEIR_STATUS)
        assert httpx.post(OURS, json=CARD).status_code == 201


@pytest.mark.parametrize("base", [BASE, f"{BASE}/api/v1"], ids=["our base", "below our base"])
def test_a_router_with_our_base_url_answers_its_routes_and_no_more(base: str):
    path = THEIRS.removeprefix(base)
    with Paymock() as paymock, respx.mock(base_url=base) as router:
        router.get(path).respond(THEIR_STATUS)
        assert httpx.get(THEIRS).status_code == THEIR_STATUS
        assert httpx.post(OURS, json=CARD).status_code == 201
        assert paymock.calls.one().endpoint == "tokenize"
        assert router.calls.call_count == 1


def test_a_router_without_patterns_is_a_route_for_everything():
    with Paymock() as paymock, respx.mock() as router:
        router.route().respond(THEIR_STATUS)
        assert httpx.post(OURS, json=CARD).status_code == THEIR_STATUS
        paymock.assert_no_calls()


@pytest.mark.parametrize("call", HTTPX.values(), ids=HTTPX)
@pytest.mark.parametrize("using", ["httpcore", "httpx"])
def test_a_route_that_looks_at_the_body_decides_by_the_body(call: Call, using: str):
    with Paymock() as paymock, respx.mock(using=using) as router:
        router.post(OURS, json={"mine": 1}).respond(THEIR_STATUS)
        assert call("POST", OURS, json={"mine": 1}).status_code == THEIR_STATUS
        assert call("POST", OURS, json=CARD).status_code == 201
        assert paymock.tokens.one()


@pytest.mark.parametrize("name", ["httpx-asyncio", "httpx-trio"])
def test_a_body_that_is_streamed_once_is_read_once_and_seen_by_both(name: str):
    call = HTTPX[name]
    with Paymock() as paymock, respx.mock() as router:
        router.post(OURS, json={"mine": 1}).respond(THEIR_STATUS)
        assert call("POST", OURS, content=streamed({"mine": 1})).status_code == THEIR_STATUS
        assert call("POST", OURS, content=streamed(CARD)).status_code == 201
        assert router.calls.last.request.content == b'{"mine": 1}'
        assert paymock.tokens.one().last_four_digits == "0366"


def test_a_side_effect_of_a_route_runs_once_for_each_call():
    ran = []

    def effect(request: httpx.Request) -> httpx.Response:
        ran.append(request.url)
        return httpx.Response(THEIR_STATUS)

    with Paymock(), respx.mock() as router:
        router.get(THEIRS).mock(side_effect=effect)
        httpx.get(THEIRS)
        httpx.post(OURS, json=CARD)
    assert ran == [THEIRS]


@respx.mock
def test_a_decorated_test_starts_its_router_before_the_fake():
    respx.get(FOREIGN).respond(THEIR_STATUS)
    with Paymock() as paymock:
        assert httpx.get(FOREIGN).status_code == THEIR_STATUS
        assert httpx.post(OURS, json=CARD).status_code == 201
    assert len(paymock.tokens) == 1
    assert outcome(lambda: httpx.get(UNKNOWN)).kind == "respx.models.AllMockedAssertionError"


def test_a_decorated_function_starts_its_router_after_the_fake():
    @respx.mock(assert_all_called=False)
    def checkout(respx_mock: respx.MockRouter) -> list[int]:
        respx_mock.get(FOREIGN).respond(THEIR_STATUS)
        return [httpx.get(FOREIGN).status_code, httpx.post(OURS, json=CARD).status_code]

    with Paymock() as paymock:
        assert checkout() == [THEIR_STATUS, 201]
        assert httpx.post(OURS, json=CARD).status_code == 201
    assert len(paymock.tokens) == 2


def test_a_router_notes_no_card_of_ours():
    with Paymock(), respx.mock(assert_all_mocked=False) as router:
        httpx.post(OURS, json=CARD)
        assert NUMBER not in "".join(Router.seen(type("", (), {"router": router})))
        assert router.calls.call_count == 0


FIXTURES = """
import httpx
import pytest

@pytest.mark.respx({options})
def test_shop({arguments}):
    respx_mock.get("https://elsewhere.example/stock").respond(218)
    assert httpx.get("https://elsewhere.example/stock").status_code == 218
    assert httpx.get(paymock.base_url + "/api/v1/tokens/tok_1").status_code == 404
    assert paymock.calls.one().client == "httpx"
    assert respx_mock.calls.call_count == 1
    with pytest.raises({error}):
        httpx.get("https://unknown.example/")

@pytest.mark.respx
def test_a_route_left_over({arguments}):
    respx_mock.get("https://elsewhere.example/never").respond(200)
    httpx.get(paymock.base_url)
"""


@pytest.mark.parametrize("arguments", ["respx_mock, paymock", "paymock, respx_mock"])
@pytest.mark.parametrize("options", ["", "assert_all_called=True", "using='httpx'"])
def test_the_fixture_works_in_either_order_and_keeps_its_own_assertions(
    pytester: pytest.Pytester, run: Run, arguments: str, options: str
):
    error = "AssertionError, match='not mocked'"
    pytester.makepyfile(FIXTURES.format(arguments=arguments, options=options, error=error))
    result = run("-p", "respx")
    result.assert_outcomes(passed=2, errors=1)
    result.stdout.fnmatch_lines(["E *RESPX: some routes were not called!*"])
