"""Patches of the users' own, at our seams: by hand, by monkeypatch, by a tracer."""

import _socket
import functools
from collections.abc import Callable
from typing import Any
from unittest import mock

import httpx
import httpx2
import pytest
import requests
from requests.adapters import HTTPAdapter

from pytest_paymock import Paymock
from pytest_paymock._intercept import registry

from .calls import CALLS, Outcome, outcome
from .conftest import Run
from .matrix import CARD, FOREIGN, OURS, UNKNOWN
from .seams import SOCKET, moved, seams
from .wire import Wire

pytestmark = pytest.mark.usefixtures("wire")

SHUT = Outcome("httpx.ConnectError", "[Errno -2] the wire is shut")


def answering(make: Callable[[], Any]) -> Any:
    """Return a function that a user puts in the place of a transport's, to answer everything."""
    return lambda *_, **__: make()


def canned() -> httpx.Response:
    return httpx.Response(218)


def canned_for_requests() -> requests.Response:
    answer = requests.Response()
    answer.status_code, answer.url = 218, FOREIGN
    return answer


def tracing(below: Any) -> tuple[Any, list[str]]:
    """Return a function that notes each URL and calls what it wraps, as tracers do."""
    noted: list[str] = []

    @functools.wraps(below)
    def traced(self: Any, request: Any, *args: Any, **options: Any) -> Any:
        noted.append(str(request.url))
        return below(self, request, *args, **options)

    return traced, noted


SEAMS = {
    "httpx": (httpx.HTTPTransport, "handle_request", answering(canned)),
    "requests": (HTTPAdapter, "send", answering(canned_for_requests)),
}
each_seam = pytest.mark.parametrize("name", SEAMS)


@each_seam
def test_a_mock_made_by_hand_below_the_fake_answers_foreign_urls_as_ever(name: str):
    owner, method, canned = SEAMS[name]
    with mock.patch.object(owner, method, canned), Paymock() as fake:
        assert CALLS[name]("GET", FOREIGN).status_code == 218
        assert CALLS[name]("POST", OURS, json=CARD).status_code == 201
    assert fake.tokens.one()


@each_seam
def test_a_mock_made_by_hand_above_the_fake_answers_everything_as_ever(name: str):
    owner, method, canned = SEAMS[name]
    with Paymock() as fake, mock.patch.object(owner, method, canned):
        assert CALLS[name]("GET", FOREIGN).status_code == 218
        assert CALLS[name]("POST", OURS, json=CARD).status_code == 218
        fake.assert_no_calls()


@each_seam
@pytest.mark.parametrize("first", ["tracer", "fake"])
def test_a_tracer_sees_what_it_saw_and_opens_no_way_to_the_network(
    name: str, first: str, wire: Wire
):
    owner, method, _ = SEAMS[name]
    fake = Paymock(allow=["swallowed_block"])
    if first == "fake":
        fake.start()
    traced, noted = tracing(vars(owner)[method])
    with mock.patch.object(owner, method, traced):
        if first == "tracer":
            fake.start()
        assert CALLS[name]("POST", OURS, json=CARD).status_code == 201
        stopped = outcome(lambda: CALLS[name]("GET", UNKNOWN))
        fake.stop()
    assert stopped.text.startswith(f"paymock stopped GET {UNKNOWN}: ")
    assert noted == [OURS, UNKNOWN]
    assert wire.hosts == set()


@each_seam
def test_nothing_of_ours_stays_below_a_patch_that_outlives_the_fake(name: str):
    before = seams()
    owner, method, _ = SEAMS[name]
    fake = Paymock()
    fake.start()
    traced, noted = tracing(vars(owner)[method])
    with mock.patch.object(owner, method, traced):
        fake.stop()
        assert moved(before) == [f"{owner.__module__}.{owner.__name__}.{method}"]
        assert "the wire is shut" in outcome(lambda: CALLS[name]("GET", UNKNOWN)).text
    assert noted == [UNKNOWN]
    assert moved(before) == []


@each_seam
def test_the_next_fake_answers_whatever_lay_above_the_first(name: str, wire: Wire):
    before = seams()
    owner, method, _ = SEAMS[name]
    first, second = Paymock(), Paymock(allow=["swallowed_block"])
    first.start()
    patch = mock.patch.object(owner, method, tracing(vars(owner)[method])[0])
    patch.start()
    first.stop()
    patch.stop()
    with second:
        assert CALLS[name]("POST", OURS, json=CARD).status_code == 201
        stopped = outcome(lambda: CALLS[name]("GET", UNKNOWN))
    assert stopped.text.startswith("paymock stopped GET")
    assert (len(first.tokens), len(second.tokens)) == (0, 1)
    assert wire.hosts == set()
    assert moved(before) == []


@each_seam
def test_a_second_fake_above_the_patch_that_covers_the_first_is_on_top(name: str):
    before = seams()
    owner, method, canned = SEAMS[name]
    first, second = Paymock(), Paymock()
    first.start()
    patch = mock.patch.object(owner, method, canned)
    patch.start()
    first.stop()
    second.start()
    assert CALLS[name]("POST", OURS, json=CARD).status_code == 201
    patch.stop()
    assert CALLS[name]("POST", OURS, json=CARD).status_code == 201
    second.stop()
    assert len(second.tokens) == 2
    registry.tidy()
    assert moved(before) == []


def test_a_patch_of_the_async_transport_alone_leaves_the_other_half_alone():
    # A second fake is the next one to look.
    owner, method = httpx.AsyncHTTPTransport, "handle_async_request"
    patch = mock.patch.object(owner, method, tracing(vars(owner)[method])[0])
    patch.start()
    quiet = {"allow": ["swallowed_block"]}
    with Paymock(**quiet) as fake:
        patch.stop()
        with Paymock(base_url="https://pay.example", **quiet):
            for name in ("httpx", "httpx-asyncio", "httpx-trio"):
                assert CALLS[name]("POST", OURS, json=CARD).status_code == 201
                stopped = outcome(lambda call=CALLS[name]: call("GET", UNKNOWN))
                assert stopped.text.startswith("paymock stopped GET")
    assert len(fake.tokens) == 3


@pytest.mark.parametrize("order", ["monkeypatch, paymock", "paymock, monkeypatch"])
def test_a_test_that_patches_with_monkeypatch_leaves_nothing_of_ours(
    pytester: pytest.Pytester, run: Run, order: str
):
    pytester.makepyfile(
        f"""
        import httpx
        from requests.adapters import HTTPAdapter

        SEAMS = [(httpx.HTTPTransport, "handle_request"), (HTTPAdapter, "send")]
        GENUINE = [vars(owner)[name] for owner, name in SEAMS]

        def test_patches({order}):
            for owner, name in SEAMS:
                monkeypatch.setattr(owner, name, lambda *_, **__: None)

        def test_nothing_is_left():
            assert [vars(owner)[name] for owner, name in SEAMS] == GENUINE
        """
    )
    run().assert_outcomes(passed=2)


BESIDE: dict[str, tuple[Any, str]] = {
    "contexts of httpx": (httpx._transports.default, "create_ssl_context"),
    "contexts of httpx2": (httpx2._transports.default, "create_ssl_context"),
    "connect": (SOCKET, "connect"),
    "connect_ex": (SOCKET, "connect_ex"),
    "getaddrinfo": (_socket, "getaddrinfo"),
}
"""The attributes that a fake patches."""


@pytest.mark.parametrize(("owner", "name"), BESIDE.values(), ids=BESIDE)
@pytest.mark.parametrize("ending", ["settle", "next fake"])
def test_what_a_patch_covered_beside_the_seams_goes_when_it_is_on_top_again(
    owner: Any, name: str, ending: str
):
    before = seams()
    fake = Paymock()
    fake.start()
    patch = mock.patch.object(owner, name)  # a mock, which has every attribute that is asked for
    patch.start()
    fake.stop()
    registry.tidy()
    patch.stop()
    assert len(moved(before)) == 1
    copied = functools.wraps(getattr(owner, name))(lambda *_: None)
    with mock.patch.object(owner, name, copied):
        registry.tidy()
        assert getattr(owner, name) is copied
    if ending == "settle":
        registry.tidy()
    else:
        with Paymock():
            pass
    assert moved(before) == []


def test_a_release_of_httpx_that_makes_its_contexts_in_another_way_is_answered_all_the_same(
    monkeypatch: pytest.MonkeyPatch,
):
    with httpx.Client(verify=False) as client:  # noqa: S501
        monkeypatch.delattr(httpx._transports.default, "create_ssl_context")
        with Paymock():
            assert client.post(OURS, json=CARD).status_code == 201
