"""Tracers and spies around what is intercepted: put there before the fake, within it or across it.

Each sees a faked call as it sees a real one, and leaves answers, faults and the network rule alone.
"""

import asyncio
import functools
import http.client
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any
from unittest import mock

import httpx
import httpx2
import pytest
import requests
import urllib3
import wrapt
from requests.adapters import HTTPAdapter

from pytest_paymock import Paymock, faults

from .calls import CALLS, outcome
from .matrix import CARD, OURS, UNKNOWN
from .seams import moved, seams
from .wire import Wire

pytestmark = pytest.mark.usefixtures("wire")

Watch = AbstractContextManager[list[str]]
"""Around it the calls of a method are noted: their URLs."""


@contextmanager
def by_functools(owner: Any, name: str) -> Iterator[list[str]]:
    below, seen = getattr(owner, name), list[str]()

    @functools.wraps(below)
    def traced(self: Any, request: Any, *args: Any, **options: Any) -> Any:
        seen.append(str(request.url))
        return below(self, request, *args, **options)

    with mock.patch.object(owner, name, traced):
        yield seen


@contextmanager
def by_hand(owner: Any, name: str) -> Iterator[list[str]]:
    """A tracer that copies no name, and keeps what it calls in an object of its own."""

    class Tracer:
        below = staticmethod(getattr(owner, name))

    tracer, seen = Tracer(), list[str]()
    vars(tracer)["below"] = getattr(owner, name)

    def traced(*args: Any, **options: Any) -> Any:
        seen.append(str(args[1].url))
        return tracer.below(*args, **options)

    with mock.patch.object(owner, name, traced):
        yield seen


@contextmanager
def by_wrapt(owner: Any, name: str) -> Iterator[list[str]]:
    seen: list[str] = []
    below = vars(owner)[name]

    def traced(call: Any, _: Any, args: Any, options: Any) -> Any:
        seen.append(str(args[0].url))
        return call(*args, **options)

    wrapt.wrap_function_wrapper(owner, name, traced)
    try:
        yield seen
    finally:
        setattr(owner, name, below)


@contextmanager
def by_spy(owner: Any, name: str) -> Iterator[list[str]]:
    """As ``mocker.spy`` of pytest-mock does."""
    below, seen = getattr(owner, name), list[str]()

    @functools.wraps(below)
    def spied(self: Any, request: Any, *args: Any, **options: Any) -> Any:
        seen.append(str(request.url))
        return below(self, request, *args, **options)

    @functools.wraps(below)
    async def spied_async(self: Any, request: Any) -> Any:
        seen.append(str(request.url))
        return await below(self, request)

    effect = spied_async if asyncio.iscoroutinefunction(below) else spied
    with mock.patch.object(owner, name, side_effect=effect, autospec=True):
        yield seen


WATCHES: dict[str, Callable[[Any, str], Watch]] = {
    "functools": by_functools,
    "by hand": by_hand,
    "wrapt": by_wrapt,
    "spy": by_spy,
}


def method_of(name: str) -> tuple[Any, str]:
    if name == "requests":
        return HTTPAdapter, "send"
    library = {"httpx": httpx, "httpx2": httpx2}[name.partition("-")[0]]
    if "-" in name:
        return library.AsyncHTTPTransport, "handle_async_request"
    return library.HTTPTransport, "handle_request"


ERRORS = {
    "httpx": "httpx.ReadTimeout",
    "httpx2": "httpx2.ReadTimeout",
    "requests": "requests.exceptions.ReadTimeout",
}

Quiet = {"allow": ["swallowed_block"]}


def check(name: str, fake: Any, seen: list[str]) -> None:
    """Make a call that is answered, one that meets a fault and one that is stopped."""
    call, known = CALLS[name], len(seen)
    assert call("POST", OURS, json=CARD).status_code == 201
    fake.faults.queue(faults.read_timeout(after_commit=True))
    failed = outcome(lambda: call("POST", OURS, json=CARD, timeout=5))
    assert failed.kind == ERRORS[name.partition("-")[0]]
    stopped = outcome(lambda: call("GET", UNKNOWN))
    assert stopped.text.startswith(f"paymock stopped GET {UNKNOWN}")
    assert len(fake.calls) == len(fake.tokens) == 2
    assert seen[known:] == [OURS, OURS, UNKNOWN]


each_way = pytest.mark.parametrize("watch", WATCHES.values(), ids=WATCHES)
each_call = pytest.mark.parametrize("name", CALLS)


@each_call
@each_way
def test_a_tracer_that_was_there_before(name: str, watch: Any, wire: Wire):
    owner, method = method_of(name)
    before = seams()
    with watch(owner, method) as seen:
        during = vars(owner)[method]
        with Paymock(**Quiet) as fake:
            assert vars(owner)[method] is during
            check(name, fake, seen)
        assert vars(owner)[method] is during
    assert moved(before) == []
    assert wire.hosts == set()


@each_call
@each_way
def test_a_tracer_that_was_there_before_the_fake_was_imported(
    name: str, watch: Any, wire: Wire, monkeypatch: pytest.MonkeyPatch
):
    owner, method = method_of(name)
    before = seams()
    with watch(owner, method) as seen:
        for module in [one for one in sys.modules if one.partition(".")[0] == "pytest_paymock"]:
            monkeypatch.delitem(sys.modules, module)
        import pytest_paymock as fresh

        assert fresh.Paymock is not Paymock
        monkeypatch.setattr(faults, "read_timeout", fresh.faults.read_timeout)
        with fresh.Paymock(**Quiet) as fake:
            check(name, fake, seen)
    assert moved(before) == []
    assert wire.hosts == set()


@each_call
@each_way
def test_a_tracer_within_a_fake(name: str, watch: Any, wire: Wire):
    owner, method = method_of(name)
    before = seams()
    with Paymock(**Quiet) as fake:
        with watch(owner, method) as seen:
            check(name, fake, seen)
        assert CALLS[name]("POST", OURS, json=CARD).status_code == 201
    assert len(seen) == 3
    assert moved(before) == []
    assert wire.hosts == set()


@each_call
@each_way
def test_a_tracer_that_outlives_a_fake_and_meets_the_next_one(name: str, watch: Any, wire: Wire):
    owner, method = method_of(name)
    before = seams()
    first = Paymock(**Quiet)
    first.start()
    with watch(owner, method) as seen:
        check(name, first, seen)
        first.stop()
        with Paymock(**Quiet) as second:
            check(name, second, seen)
    assert len(first.calls) == 2
    assert moved(before) == []
    assert wire.hosts == set()


@pytest.mark.parametrize("library", [httpx, httpx2], ids=["httpx", "httpx2"])
@pytest.mark.parametrize("when", ["before", "within"])
def test_a_client_that_is_instrumented_by_itself(library: Any, when: str, wire: Wire):
    with library.Client(verify=False) as client:
        fake = Paymock(**Quiet)
        if when == "within":
            fake.start()
        with by_wrapt_on_one(client) as seen:
            if when == "before":
                fake.start()
            assert client.post(OURS, json=CARD).status_code == 201
            stopped = outcome(lambda: client.get(UNKNOWN))
        fake.stop()
    assert seen == [OURS, UNKNOWN]
    assert stopped.text.startswith(f"paymock stopped GET {UNKNOWN}")
    assert wire.hosts == set()


@contextmanager
def by_wrapt_on_one(client: Any) -> Iterator[list[str]]:
    """As ``instrument_client`` of OpenTelemetry does."""
    seen: list[str] = []

    def traced(call: Any, _: Any, args: Any, options: Any) -> Any:
        seen.append(str(args[0].url))
        return call(*args, **options)

    wrapt.wrap_function_wrapper(client._transport, "handle_request", traced)
    yield seen


def test_a_session_whose_adapter_is_traced_by_itself(wire: Wire):
    seen: list[str] = []
    with requests.Session() as session, Paymock(**Quiet) as fake:
        adapter = session.get_adapter(OURS)
        with mock.patch.object(adapter, "send", wraps=adapter.send) as spy:
            assert session.post(OURS, json=CARD).status_code == 201
        seen += [call.args[0].url for call in spy.call_args_list]
    assert seen == [OURS]
    assert fake.tokens.one()
    assert wire.hosts == set()


# -- beneath requests -------------------------------------------------------------------------

BENEATH = {
    "urllib3": (urllib3.HTTPConnectionPool, "urlopen"),
    "sending": (http.client.HTTPConnection, "putrequest"),
    "receiving": (http.client.HTTPConnection, "getresponse"),
}


@contextmanager
def counting(owner: Any, name: str) -> Iterator[list[str]]:
    below, seen = getattr(owner, name), list[str]()

    @functools.wraps(below)
    def traced(*args: Any, **options: Any) -> Any:
        seen.append(name)
        return below(*args, **options)

    with mock.patch.object(owner, name, traced):
        yield seen


@pytest.mark.parametrize(("owner", "name"), BENEATH.values(), ids=BENEATH)
@pytest.mark.parametrize("when", ["before", "within"])
def test_a_tracer_beneath_requests_sees_a_call_as_well(owner: Any, name: str, when: str):
    fake = Paymock()
    if when == "within":
        fake.start()
    with counting(owner, name) as seen:
        if when == "before":
            fake.start()
        answer = requests.post(OURS, json=CARD, timeout=5)
        assert seen == [name]
    plain = requests.post(OURS, json=CARD, timeout=5)
    fake.stop()
    assert answer.status_code == plain.status_code == 201
    assert answer.headers == plain.headers
    assert answer.json().keys() == plain.json().keys()
    assert seen == [name]
    assert len(fake.tokens) == 2


def test_what_forbids_the_network_beneath_requests_is_not_asked():
    # A conftest may have it so: pytest's documentation and others show how.
    forbidding = mock.Mock(side_effect=AssertionError("no network here"))
    with Paymock() as fake, mock.patch.object(urllib3.HTTPConnectionPool, "urlopen", forbidding):
        assert requests.post(OURS, json=CARD, timeout=5).status_code == 201
    assert fake.tokens.one()
    assert not forbidding.called
