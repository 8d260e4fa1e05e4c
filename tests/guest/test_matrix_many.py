"""Several fakes, and a fake among several neighbours at once."""

import contextlib
import itertools
from collections.abc import Callable
from typing import Any

import httpx
import pytest
import requests
import requests_mock
import responses
import respx
import vcr

from pytest_paymock import Paymock

from .calls import CALLS, Call, outcome
from .conftest import Run
from .matrix import CARD, FOREIGN, OURS, THEIR_STATUS, UNKNOWN
from .seams import moved, seams
from .wire import Wire

pytestmark = pytest.mark.usefixtures("wire")

OTHER = "https://pay.example/v2"
OTHERS = f"{OTHER}/api/v1/tokenize"

each_client = pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)


@each_client
@pytest.mark.parametrize("stops", list(itertools.permutations("ABC")), ids="".join)
def test_three_fakes_may_end_in_any_order(call: Call, stops: tuple[str, ...]):
    before = seams()
    fakes = {
        "A": Paymock(),
        "B": Paymock(base_url=OTHER),
        "C": Paymock(base_url="http://127.0.0.1:9000"),
    }
    for fake in fakes.values():
        fake.start()
    for name in stops:
        assert call("POST", f"{fakes[name].base_url}/api/v1/tokenize", json=CARD).status_code == 201
        fakes[name].stop()
    assert moved(before) == []
    assert [len(fake.tokens) for fake in fakes.values()] == [1, 1, 1]


@each_client
def test_of_two_fakes_under_one_base_url_the_newer_one_answers(call: Call):
    with Paymock() as older:
        with Paymock() as newer:
            call("POST", OURS, json=CARD)
        call("POST", OURS, json=CARD)
        call("POST", OURS, json=CARD)
    assert (len(older.tokens), len(newer.tokens)) == (2, 1)


@each_client
@pytest.mark.parametrize("strict", [0, 1])
def test_the_stricter_network_rule_of_two_fakes_decides_and_is_the_one_to_tell(
    call: Call, strict: int, wire: Wire
):
    rules = ["any", "any"]
    rules[strict] = "loopback"
    fakes = [
        Paymock(network=rules[0], allow=["swallowed_block"]),
        Paymock(network=rules[1], allow=["swallowed_block"], base_url=OTHER),
    ]
    with fakes[0], fakes[1]:
        stopped = outcome(lambda: call("GET", UNKNOWN))
        assert stopped.text.startswith(
            f"paymock stopped GET {UNKNOWN}: it is not under http://localhost:8000 or {OTHER}. "
        )
        assert [len(fake._parts.mount.blocked) for fake in fakes] == [1 - strict, strict]
    assert wire.hosts == set()


def test_a_base_url_is_named_once_however_many_fakes_stand_under_it():
    with Paymock(allow=["swallowed_block"]), Paymock(allow=["swallowed_block"]):
        stopped = outcome(lambda: httpx.get(UNKNOWN))
    assert "it is not under http://localhost:8000. Point" in stopped.text


def test_a_fake_is_no_longer_reached_by_a_client_that_was_made_while_it_was_active(wire: Wire):
    with httpx.Client() as client, requests.Session() as session:
        with Paymock():
            assert client.post(OURS, json=CARD).status_code == 201
            assert session.post(OURS, json=CARD).status_code == 201
        assert outcome(lambda: client.get(UNKNOWN)).text == "[Errno -2] the wire is shut"
        assert "the wire is shut" in outcome(lambda: session.get(UNKNOWN)).text
    assert wire.hosts == {"unknown.example"}


NEIGHBOURS: dict[str, Callable[[Any], Any]] = {
    "respx": lambda _: respx.mock(assert_all_called=False),
    "respx above": lambda _: respx.mock(using="httpx", assert_all_called=False),
    "responses": lambda _: responses.RequestsMock(assert_all_requests_are_fired=False),
    "requests-mock": lambda _: requests_mock.Mocker(),
    "vcrpy": lambda path: vcr.use_cassette(str(path / "tape.yaml")),
}


@each_client
@pytest.mark.parametrize("place", range(len(NEIGHBOURS) + 1))
def test_the_fake_answers_every_client_among_all_neighbours_at_once(
    call: Call, place: int, tmp_path: Any
):
    fake = Paymock()
    others = [make(tmp_path) for make in NEIGHBOURS.values()]
    with contextlib.ExitStack() as stack:
        for each in (*others[:place], fake, *others[place:]):
            stack.enter_context(each)
        assert call("POST", OURS, json=CARD).status_code == 201
    assert fake.tokens.one()
    assert not (tmp_path / "tape.yaml").exists()


ALL_AT_ONCE = """
import httpx
import httpx2
import pytest
import requests
import responses

@pytest.mark.respx(assert_all_called=False)
@responses.activate
def test_all({arguments}):
    url = paymock.base_url + "/api/v1/tokens/tok_1"
    for library in (httpx, httpx2, requests):
        assert library.get(url).status_code == 404
    httpx_mock.add_response(url=url, status_code=218)
    requests_mock.get(url, status_code=219)
    respx_mock.get("https://elsewhere.example").respond(220)
    assert httpx.get(url).status_code == 218
    assert requests.get(url).status_code == 219
    assert httpx2.get(url).status_code == 404
    assert [call.client for call in paymock.calls] == ["httpx", "httpx2", "requests", "httpx2"]
"""

FIXTURES = ("paymock", "httpx_mock", "requests_mock", "respx_mock")


@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param(order, marks=() if order in (FIXTURES, FIXTURES[::-1]) else pytest.mark.slow)
        for order in itertools.permutations(FIXTURES)
    ],
    ids=" ".join,
)
def test_all_fixtures_in_one_test_in_any_order(
    pytester: pytest.Pytester, run: Run, arguments: tuple[str, ...]
):
    pytester.makepyfile(ALL_AT_ONCE.format(arguments=", ".join(arguments)))
    run("-p", "respx", "-p", "pytest_httpx", "-p", "requests_mock").assert_outcomes(passed=1)


def test_a_foreign_url_is_the_neighbours_alone_also_with_two_fakes():
    with Paymock(), respx.mock() as router, Paymock(base_url=OTHER):
        router.get(FOREIGN).respond(THEIR_STATUS)
        assert httpx.get(FOREIGN).status_code == THEIR_STATUS
        refused = outcome(lambda: httpx.get(UNKNOWN))
    assert refused.kind == "respx.models.AllMockedAssertionError"
