"""The fake imported in the middle of things: it finds the library's functions all the same.

In-process pytester and reloads import the package anew; and ``Paymock`` may be imported within a
test whose mocks are active.
"""

import sys
from collections.abc import Callable
from typing import Any

import pytest
import requests
import responses
import vcr
from requests.adapters import HTTPAdapter

from pytest_paymock import Paymock

from .calls import CALLS, Call, outcome
from .matrix import CARD, OURS, THEIR_STATUS, THEIRS, UNKNOWN
from .test_matrix_pytest_httpx import Fixture
from .wire import Wire

pytestmark = pytest.mark.usefixtures("wire")

each_call = pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)

SEND = HTTPAdapter.send

Fresh = Callable[[], Any]


@pytest.fixture
def fresh(monkeypatch: pytest.MonkeyPatch) -> Fresh:
    """Return the package imported anew, a second copy of every module of it."""

    def import_anew() -> Any:
        for name in [name for name in sys.modules if name.partition(".")[0] == "pytest_paymock"]:
            monkeypatch.delitem(sys.modules, name)
        import pytest_paymock._intercept.registry

        package: Any = pytest_paymock
        assert package.Paymock is not Paymock
        return package

    return import_anew


@each_call
def test_below_an_active_fake(fresh: Fresh, call: Call, wire: Wire):
    with Paymock() as first:
        package = fresh()
        assert call("POST", OURS, json=CARD).status_code == 201
    with package.Paymock(allow=["swallowed_block"]) as second:
        assert call("POST", OURS, json=CARD).status_code == 201
        stopped = outcome(lambda: call("GET", UNKNOWN))
    assert (len(first.tokens), len(second.tokens)) == (1, 1)
    assert stopped.text.startswith(f"paymock stopped GET {UNKNOWN}")
    assert wire.hosts == set()


@pytest.mark.parametrize("name", ["httpx", "httpx-asyncio"])
def test_below_a_mock_of_pytest_httpx(fresh: Fresh, name: str):
    with Fixture() as fixture:
        package = fresh()
        with package.Paymock() as fake:
            assert CALLS[name]("POST", OURS, json=CARD).status_code == 201
            assert CALLS[name]("GET", THEIRS).status_code == THEIR_STATUS
        fixture.mock.reset()
    assert len(fake.tokens) == 1


@each_call
def test_below_a_cassette(fresh: Fresh, call: Call, tmp_path: Any):
    with vcr.use_cassette(str(tmp_path / "tape.yaml")):
        package = fresh()
        with package.Paymock() as fake:
            assert call("POST", OURS, json=CARD).status_code == 201
    assert len(fake.tokens) == 1
    assert not (tmp_path / "tape.yaml").exists()


def test_below_mocks_of_responses(fresh: Fresh):
    lenient = {"assert_all_requests_are_fired": False}
    outer, inner = responses.RequestsMock(**lenient), responses.RequestsMock(**lenient)
    with outer, inner:
        package = fresh()
        with package.Paymock() as fake, requests.Session() as session:
            inner.get(THEIRS, status=THEIR_STATUS)
            assert session.post(OURS, json=CARD).status_code == 201
            assert session.get(THEIRS).status_code == THEIR_STATUS
    assert len(fake.tokens) == 1


def test_above_a_mock_of_responses_that_was_stopped_crosswise_and_left_dead(
    fresh: Fresh, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(HTTPAdapter, "send", SEND)  # what responses leaves there goes at the end
    outer, inner = responses.RequestsMock(), responses.RequestsMock()
    outer.start()
    inner.start()
    outer.stop()
    inner.stop()
    assert HTTPAdapter.send is not SEND
    package = fresh()
    with package.Paymock() as fake, requests.Session() as session:
        assert session.post(OURS, json=CARD).status_code == 201
    assert len(fake.tokens) == 1
