"""The fake beside requests-mock: its mocker, fixture and adapter, in every order."""

from collections.abc import Callable
from typing import Any

import pytest
import requests
import requests_mock

from pytest_paymock import Paymock

from .calls import outcome
from .conftest import Run
from .matrix import (
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

session = requests.Session()


class Mocker(Neighbour):
    """A mocker of its own, as ``with requests_mock.Mocker()`` starts it."""

    def __init__(self, **options: Any) -> None:
        self.mocker = requests_mock.Mocker(**options)

    def start(self) -> None:
        self.mocker.start()
        self.mocker.get(FOREIGN, text="in stock", status_code=THEIR_STATUS)
        self.mocker.get(THEIRS, text="theirs", status_code=THEIR_STATUS)

    def stop(self) -> None:
        self.mocker.stop()

    def seen(self) -> list[str]:
        return [f"{request.url} {request.text}" for request in self.mocker.request_history]


class RealRoute(Mocker):
    """A mocker with a route that goes to the real network."""

    def start(self) -> None:
        super().start()
        self.mocker.get(UNKNOWN, real_http=True)


class Nested(Mocker):
    """A mocker that lets pass what it does not know, within one that has the routes."""

    def __init__(self) -> None:
        super().__init__()
        self.inner = requests_mock.Mocker(real_http=True)

    def start(self) -> None:
        super().start()
        self.inner.start()

    def stop(self) -> None:
        self.inner.stop()
        super().stop()

    def seen(self) -> list[str]:
        return [*super().seen(), *(f"inner {seen.url}" for seen in self.inner.request_history)]


MOCKERS: dict[str, Callable[[], Neighbour]] = {
    "strict": Mocker,
    "passing": lambda: Mocker(real_http=True),
    "passing by a route": RealRoute,
    "minding case": lambda: Mocker(case_sensitive=True),
    "nested": Nested,
}


@all_orders
@pytest.mark.parametrize("make", MOCKERS.values(), ids=MOCKERS)
def test_the_routes_of_a_mocker_hold_and_all_else_of_ours_is_ours(
    make: Callable[[], Neighbour], order: Order
):
    played, _ = check(make, requests.request, order)
    assert played.both["foreign"] == (str(THEIR_STATUS), "in stock")
    assert played.both["theirs"] == (str(THEIR_STATUS), "theirs")


@all_orders
def test_a_mocker_of_one_session_leaves_the_others_alone(order: Order):
    mocked = requests.Session()
    check(lambda: Mocker(session=mocked), mocked.request, order)
    with Paymock() as paymock, requests_mock.Mocker(session=mocked) as mocker:
        mocker.get(THEIRS, status_code=THEIR_STATUS)
        assert mocked.get(THEIRS).status_code == THEIR_STATUS
        assert session.get(THEIRS).status_code == 404
        assert mocked.post(OURS, json=CARD).status_code == 201
        assert len(paymock.calls) == 2
        assert mocker.call_count == 1


def test_a_route_to_the_real_network_for_our_url_is_answered_by_the_fake(wire: Wire):
    with requests_mock.Mocker() as mocker, Paymock() as paymock:
        mocker.post(OURS, real_http=True)
        assert session.post(OURS, json=CARD).status_code == 201
        assert mocker.request_history == []
    assert paymock.tokens.one()
    assert wire.hosts == set()


def test_a_route_for_everything_is_a_route_for_our_urls():
    with Paymock() as paymock, requests_mock.Mocker() as mocker:
        mocker.register_uri(requests_mock.ANY, requests_mock.ANY, status_code=THEIR_STATUS)
        assert session.post(OURS, json=CARD).status_code == THEIR_STATUS
        paymock.assert_no_calls()


def test_the_history_of_a_mocker_holds_its_own_calls_and_none_of_ours():
    with Paymock(), requests_mock.Mocker() as mocker:
        mocker.get(FOREIGN)
        session.post(OURS, json=CARD)
        session.get(FOREIGN)
        session.post(OURS, json=CARD)
        assert [request.url for request in mocker.request_history] == [FOREIGN]
        assert mocker.last_request.url == FOREIGN
        assert NUMBER not in str([vars(request) for request in mocker.request_history])


def test_a_request_that_passed_once_is_stopped_when_no_mocker_lets_it_pass():
    request = requests.Request("GET", UNKNOWN).prepare()
    with Paymock(allow=["swallowed_block"]):
        with requests_mock.Mocker(real_http=True):
            passed = outcome(lambda: requests.Session().send(request))
        stopped = outcome(lambda: requests.Session().send(request))
    assert "the wire is shut" in passed.text
    assert stopped.text.startswith(f"paymock stopped GET {UNKNOWN}")


def test_an_adapter_that_the_user_mounts_for_our_host_is_left_alone():
    adapter = requests_mock.Adapter()
    adapter.register_uri("GET", THEIRS, status_code=THEIR_STATUS)
    mounted = requests.Session()
    mounted.mount("http://localhost:8000", adapter)
    with Paymock() as paymock:
        assert mounted.get(THEIRS).status_code == THEIR_STATUS
        refused = outcome(lambda: mounted.post(OURS, json=CARD))
        assert refused.kind == "requests_mock.exceptions.NoMockAddress"
        paymock.assert_no_calls()


@requests_mock.Mocker()
def _decorated(mocker: requests_mock.Mocker) -> list[int]:
    mocker.get(FOREIGN, status_code=THEIR_STATUS)
    return [session.post(OURS, json=CARD).status_code, session.get(FOREIGN).status_code]


def test_a_decorated_function_starts_its_mocker_after_the_fake():
    with Paymock() as paymock:
        assert _decorated() == [201, THEIR_STATUS]
    assert paymock.tokens.one()


@pytest.mark.parametrize("arguments", ["requests_mock, paymock", "paymock, requests_mock"])
def test_the_fixture_works_in_either_order(pytester: pytest.Pytester, run: Run, arguments: str):
    pytester.makepyfile(
        f"""
        import pytest
        import requests
        from requests_mock import NoMockAddress

        def test_shop({arguments}):
            requests_mock.get("https://elsewhere.example/stock", status_code=218)
            assert requests.get("https://elsewhere.example/stock").status_code == 218
            assert requests.get(paymock.base_url).status_code == 404
            assert requests_mock.call_count == 1
            assert paymock.calls.one().client == "requests"
            with pytest.raises(NoMockAddress):
                requests.get("https://unknown.example")
            requests_mock.get(paymock.base_url, status_code=218)
            assert requests.get(paymock.base_url).status_code == 218
        """
    )
    run("-p", "requests_mock").assert_outcomes(passed=1)
