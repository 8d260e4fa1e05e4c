"""The fake beside responses: every way to start a mock, in every order."""

import itertools
from collections.abc import Callable
from typing import Any

import pytest
import requests
import responses
from requests.adapters import HTTPAdapter
from responses.matchers import json_params_matcher
from responses.registries import OrderedRegistry

from pytest_paymock import Paymock

from .calls import Outcome, outcome
from .matrix import (
    BASE,
    CARD,
    FOREIGN,
    OURS,
    THEIR_STATUS,
    THEIRS,
    UNKNOWN,
    Neighbour,
    Order,
    all_orders,
    check,
)
from .seams import moved, seams
from .wire import Wire

pytestmark = pytest.mark.usefixtures("wire")

session = requests.Session()


class Mock(Neighbour):
    """A mock of its own, as ``with responses.RequestsMock()`` starts it."""

    def __init__(self, **options: Any) -> None:
        self.mock = responses.RequestsMock(**options)

    def start(self) -> None:
        self.mock.start()
        self.mock.get(FOREIGN, body="in stock", status=THEIR_STATUS)
        self.mock.get(THEIRS, body="theirs", status=THEIR_STATUS)

    def stop(self) -> None:
        self.mock.stop()
        self.mock.reset()

    def seen(self) -> list[str]:
        return [f"{call.request.url} {call.request.body!r}" for call in self.mock.calls]


class Module(Mock):
    """The mock of the module, which ``responses.start()`` and ``responses.stop()`` mean."""

    def __init__(self) -> None:
        self.mock = responses.mock

    def start(self) -> None:
        responses.start()
        super().start()

    def stop(self) -> None:
        responses.stop()
        responses.reset()


class Passing(Mock):
    """A mock that lets URLs pass by how they begin."""

    def __init__(self, *prefixes: str) -> None:
        super().__init__()
        self.prefixes = prefixes

    def start(self) -> None:
        super().start()
        for prefix in self.prefixes:
            self.mock.add_passthru(prefix)


class PassingRoute(Mock):
    """A mock with a route that lets a URL pass."""

    def __init__(self) -> None:
        # A call that passes and fails is none that was fired, for responses.
        super().__init__(assert_all_requests_are_fired=False)

    def start(self) -> None:
        super().start()
        self.mock.add(responses.PassthroughResponse(responses.GET, UNKNOWN))


class Nested(Mock):
    """A mock within a mock, which is how ``@responses.activate`` and a context manager meet."""

    def __init__(self) -> None:
        super().__init__()
        self.outer = responses.RequestsMock(assert_all_requests_are_fired=False)

    def start(self) -> None:
        self.outer.start()
        self.outer.get(UNKNOWN, body="never asked")
        super().start()

    def stop(self) -> None:
        super().stop()
        self.outer.stop()


MOCKS: dict[str, Callable[[], Neighbour]] = {
    "its own": Mock,
    "lenient": lambda: Mock(assert_all_requests_are_fired=False),
    "of the module": Module,
    "passing all": lambda: Passing("http"),
    "passing ours": lambda: Passing(BASE),
    "passing another": lambda: Passing("https://unknown.example"),
    "passing by a route": PassingRoute,
    "nested": Nested,
}


@all_orders
@pytest.mark.parametrize("make", MOCKS.values(), ids=MOCKS)
def test_the_routes_of_a_mock_hold_and_all_else_of_ours_is_ours(
    make: Callable[[], Neighbour], order: Order
):
    played, _ = check(make, requests.request, order)
    assert played.both["foreign"] == (str(THEIR_STATUS), "in stock")
    assert played.both["theirs"] == (str(THEIR_STATUS), "theirs")


def test_a_mock_that_lets_our_base_url_pass_sends_no_payment_to_the_network(wire: Wire):
    with responses.RequestsMock() as mock, Paymock() as paymock:
        mock.add_passthru(BASE)
        mock.get(FOREIGN)
        session.post(OURS, json=CARD)
        session.get(FOREIGN)
    assert paymock.tokens.one()
    assert wire.hosts == set()


def test_a_pass_through_route_below_our_base_url_is_not_followed(wire: Wire):
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mock, Paymock():
        mock.add(responses.PassthroughResponse(responses.POST, OURS))
        assert session.post(OURS, json=CARD).status_code == 201
        assert len(mock.calls) == 0
    assert wire.hosts == set()


def test_a_route_behind_a_pass_through_has_its_turn_as_in_responses(wire: Wire):
    # responses takes a route only once while another one for the same URL is waiting behind it.
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mock, Paymock() as paymock:
        mock.add(responses.PassthroughResponse(responses.POST, OURS))
        mock.post(OURS, status=THEIR_STATUS)
        assert session.post(OURS, json=CARD).status_code == 201
        assert paymock.tokens.one()
    assert wire.hosts == set()


def test_two_routes_for_one_url_are_served_in_turn_and_the_last_one_again():
    with Paymock() as paymock, responses.RequestsMock() as mock:
        mock.get(THEIRS, status=500)
        mock.get(THEIRS, status=THEIR_STATUS)
        assert [session.get(THEIRS).status_code for _ in range(3)] == [500, 218, 218]
        paymock.assert_no_calls()


def in_order(*, fake: bool) -> list[Outcome]:
    """Ask in the order of an ordered registry, and then out of it."""
    urls = [FOREIGN, THEIRS, FOREIGN, THEIRS, FOREIGN]
    with responses.RequestsMock(registry=OrderedRegistry) as mock:
        for url in (FOREIGN, THEIRS, FOREIGN, FOREIGN):
            mock.get(url, status=THEIR_STATUS)
        if not fake:
            return [outcome(lambda url=url: session.get(url)) for url in urls]
        with Paymock() as paymock:
            found = []
            for url in urls:
                session.post(OURS, json=CARD)
                found.append(outcome(lambda url=url: session.get(url)))
            # Where the next in line is not due, the fake answers, and the order stands.
            assert found.pop(3) == ("404", '{"detail":"Token not found"}')
            assert len(paymock.tokens) == len(urls)
            return found


def test_an_ordered_registry_keeps_its_order_whatever_the_fake_is_asked():
    alone = in_order(fake=False)
    refused = "requests.exceptions.ConnectionError"
    assert [found.kind for found in alone] == ["218", "218", "218", refused, "218"]
    assert in_order(fake=True) == [*alone[:3], alone[4]]


def test_a_mock_that_wants_every_route_fired_says_so_still():
    with Paymock():
        mock = responses.RequestsMock()
        mock.start()
        mock.get(FOREIGN)
        session.post(OURS, json=CARD)
        with pytest.raises(AssertionError, match="Not all requests have been executed"):
            mock.stop()


def test_a_route_that_looks_at_the_body_decides_by_the_body():
    with Paymock() as paymock, responses.RequestsMock() as mock:
        mock.post(OURS, match=[json_params_matcher({"mine": 1})], status=THEIR_STATUS)
        assert session.post(OURS, json={"mine": 1}).status_code == THEIR_STATUS
        assert session.post(OURS, json=CARD).status_code == 201
        assert paymock.tokens.one()


def test_a_callback_of_a_route_runs_once_for_each_call():
    ran = []

    def callback(request: requests.PreparedRequest) -> tuple[int, dict[str, str], str]:
        ran.append(request.url)
        return THEIR_STATUS, {}, ""

    with responses.RequestsMock() as mock, Paymock():
        mock.add_callback(responses.GET, THEIRS, callback)
        session.get(THEIRS)
        session.post(OURS, json=CARD)
    assert ran == [THEIRS]


@responses.activate
def test_a_decorated_test_starts_its_mock_before_the_fake():
    responses.get(FOREIGN, status=THEIR_STATUS)
    with Paymock() as paymock:
        assert session.get(FOREIGN).status_code == THEIR_STATUS
        assert session.post(OURS, json=CARD).status_code == 201
    assert len(paymock.tokens) == 1
    refused = outcome(lambda: session.get(UNKNOWN))
    assert refused.text.startswith("Connection refused by Responses")


def test_a_decorated_function_starts_its_mock_after_the_fake():
    @responses.activate(registry=OrderedRegistry, assert_all_requests_are_fired=True)
    def checkout() -> list[int]:
        responses.get(FOREIGN, status=THEIR_STATUS)
        answers = [session.post(OURS, json=CARD), session.get(FOREIGN)]
        return [answer.status_code for answer in answers]

    with Paymock() as paymock:
        assert checkout() == [201, THEIR_STATUS]
        assert session.post(OURS, json=CARD).status_code == 201
    assert len(paymock.tokens) == 2


# -- three at a time --------------------------------------------------------------------------

SEND = "requests.adapters.HTTPAdapter.send"
STARTS = tuple(itertools.permutations("ABP"))
STOPS = tuple(itertools.permutations("ABP"))


@pytest.mark.parametrize("stops", STOPS, ids="".join)
@pytest.mark.parametrize("starts", STARTS, ids="".join)
def test_two_mocks_and_a_fake_leave_nothing_behind_in_any_order(
    starts: tuple[str, ...], stops: tuple[str, ...]
):
    before = seams()
    lenient = {"assert_all_requests_are_fired": False}
    players: dict[str, Any] = {
        "A": responses.RequestsMock(**lenient),
        "B": responses.RequestsMock(**lenient),
        "P": Paymock(),
    }
    for name in starts:
        players[name].start()
    assert session.post(OURS, json=CARD).status_code == 201
    for name in stops:
        if stops.index(name) <= stops.index("P"):
            assert session.post(OURS, json=CARD).status_code == 201
        players[name].stop()
    left = moved(before)
    HTTPAdapter.send = before[SEND]  # type: ignore[method-assign]
    assert left == ([SEND] if crosswise(starts, stops) else [])


def crosswise(starts: tuple[str, ...], stops: tuple[str, ...]) -> bool:
    """Say whether the mocks are stopped so that responses itself leaves a dead one behind."""
    pairs = [[name for name in order if name != "P"] for order in (starts, stops)]
    return pairs[0] == pairs[1]


def test_a_mock_that_outlives_its_fake_meets_the_next_one():
    before = seams()
    mock = responses.RequestsMock(assert_all_requests_are_fired=False)
    first, second = Paymock(), Paymock()
    first.start()
    mock.start()
    first.stop()
    second.start()
    assert session.post(OURS, json=CARD).status_code == 201
    mock.stop()
    assert session.post(OURS, json=CARD).status_code == 201
    second.stop()
    assert (len(first.tokens), len(second.tokens)) == (0, 2)
    assert moved(before) == []
