"""Certificate authorities are read at the first handshake, and every check holds as it would.

In ``tls`` are an authority, and a server's certificate of it for ``localhost``.
"""

import asyncio
import copy
import os
import pickle
import ssl
import weakref
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any
from unittest import mock

import httpx
import httpx2
import pytest

from pytest_paymock import Paymock
from pytest_paymock._intercept import lazy_tls
from pytest_paymock._intercept.lazy_tls import LazyContext

from .calls import outcome
from .matrix import CARD, OURS
from .wire import RealServer, real_server

AUTHORITY = str(Path(__file__).parent / "tls" / "authority.pem")
SERVER = str(Path(__file__).parent / "tls" / "server.pem")

LIBRARIES = {"httpx": httpx, "httpx2": httpx2}
each_library = pytest.mark.parametrize("http", LIBRARIES.values(), ids=LIBRARIES)


def context_of(client: Any) -> Any:
    return client._transport._pool._ssl_context


def ask(client: Any, url: str) -> Any:
    """GET a URL with a client of either kind."""
    if not isinstance(client, httpx.AsyncClient | httpx2.AsyncClient):
        return client.get(url)

    async def send() -> Any:
        async with client:
            return await client.get(url)

    return asyncio.run(send())


CLIENTS: dict[str, Callable[..., Any]] = {
    "httpx": httpx.Client,
    "httpx-asyncio": httpx.AsyncClient,
    "httpx2": httpx2.Client,
    "httpx2-asyncio": httpx2.AsyncClient,
}
each_client = pytest.mark.parametrize("make", CLIENTS.values(), ids=CLIENTS)


@pytest.fixture
def secure(monkeypatch: pytest.MonkeyPatch) -> Iterator[RealServer]:
    """A real server on a free port of this machine, with a certificate that nobody trusts."""
    for name in lazy_tls._VARIABLES:
        monkeypatch.delenv(name, raising=False)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(SERVER)
    with real_server() as server:
        # At the handshake and not at ``accept``, where a client that hangs up would end the server.
        server.socket = context.wrap_socket(
            server.socket, server_side=True, do_handshake_on_connect=False
        )
        server.handle_error = lambda *_: None  # type: ignore[method-assign]
        server.url = f"https://localhost:{server.port}"
        yield server


# -- nothing is read --------------------------------------------------------------------------


@each_client
def test_a_client_that_meets_the_fake_alone_reads_no_authorities(make: Callable[..., Any]):
    with Paymock() as paymock:
        client = make()
        assert ask(client, paymock.base_url).status_code == 404
        context = context_of(client)
    assert type(context) is LazyContext
    assert context._made is None


@each_library
def test_the_short_forms_read_none_either(http: Any):
    made: list[Any] = []
    load = ssl.SSLContext.load_verify_locations

    def loading(context: ssl.SSLContext, *args: Any, **options: Any) -> None:
        made.append(context)
        load(context, *args, **options)

    with mock.patch.object(ssl.SSLContext, "load_verify_locations", loading):
        with Paymock():
            assert http.post(OURS, json=CARD).status_code == 201
        assert made == []
        http.Client().close()
        assert len(made) == 1


@each_client
def test_the_option_turns_it_off(make: Callable[..., Any]):
    with Paymock(lazy_tls=False) as paymock:
        client = make()
        assert ask(client, paymock.base_url).status_code == 404
        assert type(context_of(client)) is ssl.SSLContext
        # One fake that wants it is enough: what it changes is nothing but time.
        with Paymock(base_url="https://pay.example"):
            assert type(context_of(make())) is LazyContext


OWN: dict[str, Callable[[], dict[str, Any]]] = {
    "no verification": lambda: {"verify": False},
    "a context": lambda: {"verify": ssl.create_default_context(cafile=AUTHORITY)},
}


@each_client
@pytest.mark.parametrize("options", OWN.values(), ids=OWN)
def test_settings_of_the_users_own_are_stock(
    make: Callable[..., Any], options: Callable[[], dict[str, Any]]
):
    with Paymock():
        assert type(context_of(make(**options()))) is ssl.SSLContext


@each_library
def test_a_certificate_of_the_clients_own_is_stock(http: Any):
    module = http._transports.default
    with Paymock():
        with pytest.deprecated_call():
            context = module.create_ssl_context(cert=SERVER)
        assert type(context) is ssl.SSLContext
        assert type(module.create_ssl_context(True)) is ssl.SSLContext  # noqa: FBT003
        assert type(module.create_ssl_context(verify=True)) is LazyContext


@each_library
def test_a_file_of_the_environment_that_is_missing_fails_where_it_would(
    http: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "missing"))
    without = outcome(http.Client)
    assert without.kind == "builtins.FileNotFoundError"
    with Paymock():
        assert outcome(http.Client) == without


# -- every check holds ------------------------------------------------------------------------


@each_client
def test_an_untrusted_certificate_is_refused_in_the_same_words(
    make: Callable[..., Any], secure: RealServer
):
    without = outcome(lambda: ask(make(), secure.url))
    with Paymock():
        assert outcome(lambda: ask(make(), secure.url)) == without
    assert without.kind.endswith(".ConnectError")
    assert "CERTIFICATE_VERIFY_FAILED" in without.text
    assert secure.seen == []


@each_client
def test_an_authority_that_the_environment_names_is_trusted(
    make: Callable[..., Any], secure: RealServer, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("SSL_CERT_FILE", AUTHORITY)
    with Paymock():
        client = make()
        assert type(context_of(client)) is LazyContext
        assert ask(client, f"{secure.url}/real").json() == {"real": "/real"}


@each_client
def test_the_environment_counts_as_it_was_when_the_client_was_made(
    make: Callable[..., Any], secure: RealServer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    with Paymock():
        early = make()
        monkeypatch.setenv("SSL_CERT_FILE", AUTHORITY)
        late = make()
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "another"))
        monkeypatch.setenv("SSL_CERT_DIR", str(tmp_path))
        environment = dict(os.environ)
        assert "CERTIFICATE_VERIFY_FAILED" in outcome(lambda: ask(early, secure.url)).text
        assert ask(late, secure.url).status_code == 200
    assert dict(os.environ) == environment


@each_client
def test_a_certificate_for_another_name_is_refused(
    make: Callable[..., Any], secure: RealServer, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("SSL_CERT_FILE", AUTHORITY)
    with Paymock():
        told = outcome(lambda: ask(make(), f"https://127.0.0.1:{secure.port}"))
    assert "IP address mismatch" in told.text
    assert secure.seen == []


@each_client
def test_a_client_that_outlives_the_fake_checks_as_ever(
    make: Callable[..., Any], secure: RealServer
):
    with Paymock():
        client = make()
    assert "CERTIFICATE_VERIFY_FAILED" in outcome(lambda: ask(client, secure.url)).text


@each_client
def test_a_context_that_is_told_to_trust_its_server_does(
    make: Callable[..., Any], secure: RealServer
):
    with Paymock():
        client = make()
        context_of(client).load_verify_locations(AUTHORITY)
        assert ask(client, secure.url).status_code == 200


# -- the context itself -----------------------------------------------------------------------


def lazy(stock: Any = None) -> tuple[LazyContext, Any]:
    made = ssl.create_default_context() if stock is None else stock
    return LazyContext(lambda: made), made


@each_library
def test_its_settings_are_those_of_the_stock_context(http: Any):
    stock = http.create_ssl_context()
    with Paymock():
        context = http._transports.default.create_ssl_context()
    assert type(context) is LazyContext
    names = ("verify_mode", "check_hostname", "verify_flags", "options", "minimum_version")
    for name in names:
        assert getattr(context.stock(), name) == getattr(stock, name), name
    assert context.cert_store_stats() == stock.cert_store_stats()
    assert context.get_ciphers() == stock.get_ciphers()


@pytest.mark.parametrize("moment", ["before", "after"])
def test_what_is_changed_on_it_is_changed_on_the_stock_context(moment: str):
    context, stock = lazy()
    if moment == "after":
        assert context.stock() is stock
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    assert context.stock() is stock
    assert (stock.check_hostname, stock.verify_mode) == (False, ssl.CERT_NONE)
    assert stock.minimum_version == ssl.TLSVersion.TLSv1_3
    assert (context.check_hostname, context.verify_mode) == (False, ssl.CERT_NONE)


def test_what_may_not_be_set_is_refused_at_once_and_forgotten():
    context, stock = lazy()
    with pytest.raises(ValueError, match="check_hostname"):
        context.verify_mode = ssl.CERT_NONE
    assert context.stock() is stock
    assert stock.verify_mode == ssl.CERT_REQUIRED


def test_it_passes_for_a_context_without_making_one():
    context = LazyContext(lambda: pytest.fail("a context was made"))
    assert isinstance(context, ssl.SSLContext)
    assert context.__class__ is ssl.SSLContext
    assert bool(context)
    assert context == context  # noqa: PLR0124 - it may be a key
    assert hash(context) == hash(context)


# Python notes on a class that it has tried to copy an instance; here, and not in a test.
with suppress(TypeError):
    copy.copy(ssl.create_default_context())

TRIES: dict[str, Callable[[Any], Any]] = {
    "copy": copy.copy,
    "deep copy": copy.deepcopy,
    "pickle": pickle.dumps,
    "weak reference": lambda context: weakref.ref(context)() is context,
    "weak key": lambda context: len(weakref.WeakKeyDictionary({context: 1})),
    "new attribute": lambda context: _set_and_deleted(context, "note"),
    "made attribute": lambda context: delattr(context, "options"),
    "directory": dir,
    "variables": vars,
}


def _set_and_deleted(context: Any, name: str) -> Any:
    setattr(context, name, "x")
    found = getattr(context, name)
    delattr(context, name)
    return found, hasattr(context, name)


@pytest.mark.parametrize("attempt", TRIES.values(), ids=TRIES)
def test_what_can_be_done_with_a_context_and_what_not_is_the_same(attempt: Callable[[Any], Any]):
    context, stock = lazy()
    assert _tried(attempt, context) == _tried(attempt, stock)


def _tried(attempt: Callable[[Any], Any], context: Any) -> Any:
    try:
        return attempt(context)
    except (TypeError, AttributeError) as error:
        return type(error), str(error)


METHODS = [
    name
    for name in dir(ssl.SSLContext)
    if not name.startswith("_") and callable(getattr(ssl.SSLContext, name))
]


@pytest.mark.parametrize("name", METHODS)
def test_everything_is_left_to_the_stock_context(name: str):
    stock = mock.Mock(spec=ssl.SSLContext)
    context, _ = lazy(stock)
    answer = getattr(context, name)("argument")
    assert answer is getattr(stock, name).return_value
    getattr(stock, name).assert_called_once_with("argument")


def test_threads_that_need_it_at_once_get_one_and_the_same():
    made: list[ssl.SSLContext] = []

    def make() -> ssl.SSLContext:
        made.append(ssl.create_default_context())
        return made[-1]

    context = LazyContext(make)
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: context.stock(), range(32)))
    assert len(made) == 1
    assert set(map(id, found)) == {id(made[0])}
