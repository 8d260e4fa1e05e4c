"""The fake beside the ``httpx_mock`` fixture of pytest-httpx, in either order."""

import contextlib
import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
import pytest_httpx

from pytest_paymock import Paymock
from pytest_paymock._intercept import registry

from .calls import HTTPX, Call, Outcome, outcome, streamed
from .conftest import Run
from .matrix import (
    CARD,
    FOREIGN,
    OURS,
    THEIR_STATUS,
    THEIRS,
    UNKNOWN,
    Neighbour,
    Order,
    check,
)
from .wire import Wire

SHUT = "[Errno -2] the wire is shut"

HTTPX_MOCK = ("-p", "pytest_httpx")

pytestmark = pytest.mark.usefixtures("wire")


class Marked:
    """As much of pytest's ``request`` as the fixture looks at."""

    def __init__(self, **options: Any) -> None:
        self.node = self
        self.options = options

    def iter_markers(self, _: str) -> Iterator[pytest.Mark]:
        yield pytest.mark.httpx_mock(**self.options).mark


class Fixture(Neighbour):
    """The fixture itself, started and stopped by hand."""

    def __init__(self, **options: Any) -> None:
        self.monkeypatch = pytest.MonkeyPatch()
        make: Any = pytest_httpx.httpx_mock
        self.running = make._get_wrapped_function()(self.monkeypatch, Marked(**options))

    def start(self) -> None:
        self.mock = next(self.running)
        self.mock.add_response(url=FOREIGN, status_code=THEIR_STATUS, is_reusable=True)
        self.mock.add_response(url=THEIRS, status_code=THEIR_STATUS, is_reusable=True)

    def stop(self) -> None:
        self.mock._requests_not_matched.clear()
        try:
            assert next(self.running, None) is None
        finally:
            self.monkeypatch.undo()
            registry.tidy()  # as the plugin does at the end of each test

    def seen(self) -> list[str]:
        return [f"{request.url} {request.content!r}" for request in self.mock.get_requests()]


@contextlib.contextmanager
def both(first: str, **options: Any) -> Iterator[tuple[Any, Paymock]]:
    """Start the fixture and a fake in a given order, and let the mock go without its assertions."""
    fixture, fake = Fixture(**options), Paymock(allow=["swallowed_block"])
    with contextlib.ExitStack() as stack:
        for each in (fixture, fake) if first == "mock" else (fake, fixture):
            stack.enter_context(each)
        fixture.mock.reset()
        yield fixture.mock, fake
        fixture.mock.reset()


either_order = pytest.mark.parametrize("first", ["mock", "fake"])


@pytest.mark.parametrize("call", HTTPX.values(), ids=HTTPX)
@pytest.mark.parametrize(
    "order",
    [
        Order("before", "after"),
        Order("after", "before"),
        pytest.param(Order("after", "after"), marks=pytest.mark.slow),
    ],
    ids=" ".join,
)
def test_the_responses_of_a_mock_hold_and_all_else_of_ours_is_ours(call: Call, order: Order):
    played, without = check(Fixture, call, order)
    assert played.both["foreign"].kind == str(THEIR_STATUS)
    assert played.both["theirs"].kind == str(THEIR_STATUS)
    assert without.both["unknown"].kind == "httpx.TimeoutException"


@either_order
def test_a_user_who_excepts_a_host_gets_the_network_for_it(first: str, wire: Wire):
    with both(first, should_mock=lambda request: request.url.host != "unknown.example") as (
        mock,
        _,
    ):
        mock.add_response(url=THEIRS, status_code=THEIR_STATUS)
        assert httpx.get(THEIRS).status_code == THEIR_STATUS
        assert httpx.post(OURS, json=CARD).status_code == 201
        assert outcome(lambda: httpx.get(UNKNOWN)) == Outcome("httpx.ConnectError", SHUT)
    assert wire.hosts == {"unknown.example"}


@either_order
def test_a_user_who_excepts_our_host_has_excepted_it_for_all_his_responses(first: str):
    with both(first, should_mock=lambda request: request.url.host != "localhost") as (mock, fake):
        mock.add_response(url=THEIRS, status_code=THEIR_STATUS)
        assert httpx.get(THEIRS).status_code == 404
    assert fake.calls.one().path == "/api/v1/tokens/tok_theirs"


@either_order
@pytest.mark.parametrize("name", HTTPX)
def test_a_response_that_looks_at_the_body_decides_by_the_body(name: str, first: str):
    def body(document: Any) -> dict[str, Any]:
        return {"content": streamed(document)} if "-" in name else {"json": document}

    with both(first) as (mock, fake):
        mock.add_response(url=OURS, match_json={"mine": 1}, status_code=THEIR_STATUS)
        assert HTTPX[name]("POST", OURS, **body(CARD)).status_code == 201
        assert HTTPX[name]("POST", OURS, **body({"mine": 1})).status_code == THEIR_STATUS
        assert [json.loads(request.content) for request in mock.get_requests()] == [{"mine": 1}]
    assert fake.tokens.one().last_four_digits == "0366"


@either_order
def test_a_response_for_a_proxy_is_for_clients_that_use_it(first: str):
    proxy = "http://proxy.example:3128/"
    with both(first) as (mock, fake), httpx.Client(proxy=proxy) as client:
        mock.add_response(proxy_url=proxy, status_code=THEIR_STATUS)
        assert httpx.post(OURS, json=CARD).status_code == 201
        assert client.post(OURS, json=CARD).status_code == THEIR_STATUS
    assert fake.tokens.one()


@either_order
def test_the_last_of_several_responses_may_be_used_again_and_the_first_may_not(first: str):
    with both(first) as (mock, fake):
        mock.add_response(url=THEIRS, status_code=500, is_reusable=True)
        mock.add_response(url=THEIRS, status_code=THEIR_STATUS)
        statuses = [httpx.get(THEIRS).status_code for _ in range(3)]
    assert statuses == [500, THEIR_STATUS, 404]
    assert len(fake.calls) == 1


def test_a_mock_that_is_undone_within_a_test_leaves_the_fake_where_it_is(wire: Wire):
    # monkeypatch.undo() puts back what was there before both.
    fixture = Fixture()
    fixture.start()
    fixture.mock.reset()
    with Paymock() as fake:
        assert httpx.post(OURS, json=CARD).status_code == 201
        fixture.monkeypatch.undo()
        assert httpx.post(OURS, json=CARD).status_code == 201
    assert wire.connections == []
    assert len(fake.tokens) == 2
    fixture.stop()


FIXTURES = """
import json

import httpx
import pytest

OURS = "http://localhost:8000/api/v1/tokens/tok_1"

@pytest.mark.httpx_mock({options})
async def test_shop({arguments}):
    httpx_mock.add_response(url="https://elsewhere.example/stock", status_code=218)
    httpx_mock.add_response(url=OURS, status_code=500)

    async with httpx.AsyncClient() as client:
        assert (await client.get("https://elsewhere.example/stock")).status_code == 218
        assert (await client.get(OURS)).status_code == 500
        assert httpx.get(OURS).status_code == {again}
        assert (await client.get(paymock.base_url)).status_code == 404

    assert [call.path for call in paymock.calls] == {paths}
    assert len(httpx_mock.get_requests()) == {seen}
"""

ARGUMENTS = (
    "httpx_mock, paymock",
    "paymock, httpx_mock",
    pytest.param("monkeypatch, paymock, httpx_mock", marks=pytest.mark.slow),
    pytest.param("paymock, monkeypatch, httpx_mock", marks=pytest.mark.slow),
)


@pytest.mark.parametrize("arguments", ARGUMENTS)
def test_a_response_for_one_call_serves_one_and_the_next_is_the_fakes(
    pytester: pytest.Pytester, run: Run, arguments: str
):
    paths = ["/api/v1/tokens/tok_1", "/"]
    test = FIXTURES.format(arguments=arguments, options="", again=404, paths=paths, seen=2)
    pytester.makeini("[pytest]\nanyio_mode = auto")
    pytester.makepyfile(test)
    run(*HTTPX_MOCK, "-p", "anyio").assert_outcomes(passed=2)


@pytest.mark.parametrize("arguments", ARGUMENTS)
def test_a_response_that_may_be_used_again_is(pytester: pytest.Pytester, run: Run, arguments: str):
    options = "can_send_already_matched_responses=True"
    test = FIXTURES.format(arguments=arguments, options=options, again=500, paths=["/"], seen=3)
    pytester.makeini("[pytest]\nanyio_mode = auto")
    pytester.makepyfile(test)
    run(*HTTPX_MOCK, "-p", "anyio").assert_outcomes(passed=2)


@pytest.mark.parametrize("arguments", ARGUMENTS)
def test_its_own_assertions_hold(pytester: pytest.Pytester, run: Run, arguments: str):
    pytester.makepyfile(
        f"""
        import httpx
        import pytest

        def test_left_over({arguments}):
            httpx_mock.add_response(url=paymock.base_url + "/never")
            httpx.get(paymock.base_url)

        def test_unexpected({arguments}):
            with pytest.raises(httpx.TimeoutException, match="No response can be found"):
                httpx.get("https://unknown.example")
        """
    )
    result = run(*HTTPX_MOCK)
    result.assert_outcomes(passed=2, errors=2)
    result.stdout.fnmatch_lines(
        [
            "E *The following responses are mocked but not requested:*",
            "E *- GET request on https://unknown.example*",
        ]
    )


@pytest.mark.parametrize("arguments", ARGUMENTS)
def test_a_users_option_should_mock_is_asked_still(
    pytester: pytest.Pytester, run: Run, arguments: str
):
    pytester.makepyfile(
        f"""
        import httpx
        import pytest

        ASKED = []

        def should_mock(request):
            ASKED.append(request.url.host)
            return request.url.host == "elsewhere.example"

        @pytest.mark.httpx_mock(should_mock=should_mock)
        def test_shop({arguments}):
            httpx_mock.add_response()
            assert httpx.get("https://elsewhere.example").status_code == 200
            assert httpx.get(paymock.base_url).status_code == 404
            assert "elsewhere.example" in ASKED
            assert paymock.calls.one()
        """
    )
    run(*HTTPX_MOCK).assert_outcomes(passed=1)
