"""Whether what we touch of other libraries is there, and does what we rely on."""

import inspect
from copy import copy
from importlib import import_module
from typing import Any

import httpcore
import httpx
import pytest_httpx
import requests
import requests_mock
import responses
import respx
import urllib3
from requests.adapters import HTTPAdapter
from requests.cookies import extract_cookies_to_jar
from responses.registries import OrderedRegistry
from respx.mocks import HTTPXMocker
from respx.models import AllMockedAssertionError, CallList, PassThrough, Route, RouteList
from urllib3.connection import HTTPConnection

from pytest_paymock._intercept import requests_response

URL = "https://pay.example/api/v1/tokenize"


def parameters(function: Any) -> list[str]:
    return list(inspect.signature(function).parameters)


def globals_of_init(kind: Any) -> dict[str, Any]:
    found: dict[str, Any] = kind.__init__.__globals__
    return found


# -- respx ------------------------------------------------------------------------------------


def respx_routers_are_listed(mocker: Any, using: str) -> bool:
    with respx.mock(using=using, assert_all_called=False) as router:
        listed = router in mocker.routers
    return listed and isinstance(mocker.routers, list) and router not in mocker.routers


def respx_mocks_know_what_they_mock() -> bool:
    kinds = httpcore.ConnectionPool, httpcore.AsyncConnectionPool, httpcore.HTTPConnection
    names = "handle_request", "handle_async_request", "handle_request"
    genuine = [getattr(kind, name) for kind, name in zip(kinds, names, strict=True)]
    with respx.mock():
        mocked = [getattr(kind, name) for kind, name in zip(kinds, names, strict=True)]
        below = [inspect.getclosurevars(mock).nonlocals["spec"] for mock in mocked]
    return below == genuine and {mock.__module__ for mock in mocked} == {"respx.mocks"}


def respx_route_pattern() -> bool:
    with respx.mock(assert_all_called=False) as router:
        router.get(URL)
        (route,) = router.routes
        hit, miss = httpx.Request("GET", URL), httpx.Request("POST", URL)
        return bool(route.pattern.match(hit)) and not route.pattern.match(miss)


def respx_route_without_pattern() -> bool:
    with respx.mock(assert_all_called=False) as router:
        router.route()
        return [bool(route.pattern) for route in router.routes] == [False]


def respx_pass_through_flag() -> bool:
    with respx.mock(assert_all_called=False) as router:
        router.get(URL)
        router.post(URL).pass_through()
        return [bool(route.is_pass_through) for route in router.routes] == [False, True]


def respx_router_asserts_all_mocked() -> bool:
    strict, lax = respx.mock(), respx.mock(assert_all_mocked=False)
    return strict._assert_all_mocked is True and lax._assert_all_mocked is False


class _Usher:
    """Stands in the list of routers as ours does."""

    routes = ()

    def __init__(self, error: Exception) -> None:
        self.error = error
        self.asked = 0

    def handler(self, _: httpx.Request) -> httpx.Response:
        self.asked += 1
        raise self.error


def respx_asks_the_next_router() -> bool:
    bypass = _Usher(AllMockedAssertionError("next"))
    with respx.mock(using="httpx") as router:
        router.get(URL).respond(204)
        HTTPXMocker.routers.insert(0, bypass)  # type: ignore[arg-type]
        try:
            return httpx.get(URL).status_code == 204 and bypass.asked == 1
        finally:
            HTTPXMocker.routers.remove(bypass)  # type: ignore[arg-type]


def respx_passes_through() -> bool:
    error = PassThrough("paymock", request=httpx.Request("GET", URL), origin=None)  # type: ignore[arg-type]
    bypass = _Usher(error)
    with respx.mock(using="httpx", assert_all_called=False) as router:
        router.get(URL).respond(500)
        with respx.mock() as below:
            below.get(URL).respond(204)
            HTTPXMocker.routers.insert(0, bypass)  # type: ignore[arg-type]
            try:
                return httpx.get(URL).status_code == 204
            finally:
                HTTPXMocker.routers.remove(bypass)  # type: ignore[arg-type]


def respx_route_has_a_name() -> bool:
    routes = RouteList()
    route = Route(method="GET")
    route._name = "refund"
    routes.add(route, name="refund")
    return routes["refund"] is route and route.name == "refund"


def respx_route_calls_are_set_once() -> bool:
    seen: list[object] = []

    class Watched(Route):
        @property
        def calls(self) -> CallList:
            return CallList(name=self)

        @calls.setter
        def calls(self, value: object) -> None:
            seen.append(value)

    return not Watched().called and len(seen) == 1


# -- responses --------------------------------------------------------------------------------


def responses_send_calls_on_request() -> bool:
    class Mine(responses.RequestsMock):
        def _on_request(self, *args: Any, **options: Any) -> Any:
            return args, options

    adapter, request = HTTPAdapter(), requests.PreparedRequest()
    sent = Mine().unbound_on_send()(adapter, request, timeout=1)
    return sent == ((adapter, request), {"timeout": 1})


def responses_parses_parameters() -> bool:
    found: Any = responses.RequestsMock()._parse_request_params("/x?a=1&b=2")
    return dict(found) == {"a": "1", "b": "2"}


def responses_reads_bodies() -> bool:
    read = responses.RequestsMock()._read_filelike_body
    return read(b"bytes") == b"bytes" and read(None) is None


def responses_registry_finds_in_its_list() -> bool:
    mock = responses.RequestsMock()
    mock.get(URL)
    registry: Any = copy(mock.get_registry())
    registry._responses = list(registry.registered)
    request: Any = requests.Request("GET", URL).prepare()
    request.params, request.req_kwargs = {}, {}
    route, _ = registry.find(request)
    return route is mock.registered()[0] and route.passthrough is False


def responses_registry_forgets_what_it_found() -> bool:
    mock = responses.RequestsMock(registry=OrderedRegistry)
    mock.get(URL)
    registry: Any = copy(mock.get_registry())
    registry._responses = list(registry.registered)
    registry.find(requests.Request("GET", URL).prepare())
    return len(registry.registered) == 0 and len(mock.registered()) == 1


# -- neighbours -------------------------------------------------------------------------------


def _codes(code: Any) -> list[Any]:
    return [constant for constant in code.co_consts if hasattr(constant, "co_name")]


def pytest_httpx_matchers() -> bool:
    mock = _httpx_mock()
    mock.add_response(url=URL)
    ((matcher, _),) = mock._callbacks
    hit = matcher.match(None, httpx.Request("GET", URL))
    miss = matcher.match(None, httpx.Request("GET", URL + "/x"))
    return bool(hit) and not miss and not matcher.is_reusable and not matcher.nb_calls


def _httpx_mock() -> Any:
    options = inspect.signature(pytest_httpx.HTTPXMock).parameters["options"].annotation
    return pytest_httpx.HTTPXMock(options())


def pytest_httpx_handles_with(name: str) -> bool:
    return parameters(getattr(pytest_httpx.HTTPXMock, name)) == [
        "self",
        "real_transport",
        "request",
    ]


def requests_mock_notes_unmatched_requests() -> bool:
    adapter = requests_mock.Adapter()
    request = requests.Request("GET", URL).prepare()
    try:
        adapter.send(request)
    except requests_mock.NoMockAddress:
        (seen,) = adapter.request_history
        return seen._request is request
    return False


def requests_mock_runs_real_http_by_raising() -> bool:
    return issubclass(requests_mock.adapter._RunRealHTTP, Exception)


def requests_mock_sends_under_its_lock() -> bool:
    owned: list[bool] = []

    def look(*_: object) -> bool:
        owned.append(requests_mock.mocker._send_lock._is_owned())
        return True

    with requests_mock.Mocker() as mocker:
        mocker.get(URL, additional_matcher=look)
        requests.get(URL, timeout=1)
    return owned == [True] and not requests_mock.mocker._send_lock._is_owned()


def vcr_handles_with(name: str) -> bool:
    stubs = import_module("vcr.stubs.httpx_stubs")
    wrapper = getattr(stubs, name.removeprefix("_"))
    handler = getattr(stubs, name)
    genuine = parameters(handler)[1]
    names = ["cassette", genuine, "self", "real_request", "httpx"]
    return parameters(handler) == names and name in _names_within(wrapper.__code__)


def _names_within(code: Any) -> set[str]:
    return {name for inner in _codes(code) for name in inner.co_names}


# -- clients ----------------------------------------------------------------------------------


def httpx_transport_uses_its_pool_alone(http: Any) -> bool:
    used = http.HTTPTransport.handle_request.__code__.co_names
    return [name for name in used if name.startswith("_")] == ["_pool"]


def httpx_transport_keeps_its_pool(http: Any, core: Any) -> bool:
    with http.HTTPTransport(retries=2) as transport:
        return isinstance(transport._pool, core.ConnectionPool)


def httpcore_pool_keeps_its_socket(core: Any) -> bool:
    return core.ConnectionPool(uds="/x")._uds == "/x" and core.ConnectionPool()._uds is None


def httpcore_pool_keeps_its_retries(core: Any) -> bool:
    takes = {"ssl_context", "network_backend", "retries"} <= set(parameters(core.ConnectionPool))
    return takes and core.ConnectionPool(retries=2)._retries == 2


def httpx_makes_its_contexts_in_one_place(http: Any) -> bool:
    return callable(globals_of_init(http.HTTPTransport).get("create_ssl_context"))


def adapter_asks_for_its_connection() -> bool:
    used = HTTPAdapter.send.__code__.co_names
    wanted = {"get_connection_with_tls_context", "cert_verify", "max_retries", "build_response"}
    return wanted <= set(used)


def httpx_request_keeps_a_stream_that_was_read(http: Any) -> bool:
    request = http.Request("POST", URL, content=(piece for piece in [b"a"]))
    stream = request.stream
    request.read()
    kept = request._content == b"a" and request.stream is not stream
    request.stream = stream
    del request._content
    try:
        request.read()
    except http.StreamConsumed:
        return kept
    return False


def httpx_urls_keep_their_parts_as_on_the_wire(http: Any) -> bool:
    urls = map(http.URL, ("https://b\xfccher.example:8443/a%2Fb c?q=1#f", "http://[::1]", URL))
    return all(
        (parts.scheme, parts.host, parts.port, parts.path or "/")
        == (
            *(url.scheme, url.raw_host.decode("ascii"), url.port),
            url.raw_path.decode("ascii").partition("?")[0],
        )
        for url in urls
        for parts in [url._uri_reference]
    )


def httpx_plain_decoder_keeps_nothing(http: Any) -> bool:
    def answer(body: bytes) -> Any:
        headers = {"content-type": "application/json", "content-length": str(len(body))}
        return http.Response(200, headers=headers, stream=http.ByteStream(body))

    read, other = answer(b"one"), answer(b"another")
    read.read()
    other._decoder = read._decoder
    return not vars(read._decoder) and other.read() == b"another"


def httpx_headers_are_kept_with_their_values_last(http: Any) -> bool:
    kept = http.Headers({"X-One": "1", "x-two": "2"})._list
    return [entry[-1] for entry in kept] == [b"1", b"2"]


def requests_headers_are_kept_with_their_values_last() -> bool:
    kept = requests.structures.CaseInsensitiveDict({"X-One": "1", "x-two": "2"})._store
    return [value for _, value in kept.values()] == ["1", "2"]


def adapter_puts_known_things_into_a_response() -> bool:
    # With another one the stock way is taken, so that an answer stays right and only costs more.
    return requests_response._IS_KNOWN and requests_response._BUILD is HTTPAdapter.build_response


def requests_asks_for_the_answer_with_cookies() -> bool:
    asked: list[str] = []

    class Raw:
        def __getattr__(self, name: str) -> None:
            asked.append(name)

    jar: Any = requests.Session().cookies
    extract_cookies_to_jar(jar, requests.Request("GET", URL).prepare(), Raw())
    return set(asked) == {"_original_response"} and "_original_response" in vars(
        urllib3.HTTPResponse(preload_content=False)
    )


def urllib3_makes_connections_of_a_class() -> bool:
    pool = urllib3.HTTPConnectionPool("pay.example")
    kind = type("HTTPConnection", (HTTPConnection,), {})
    pool.ConnectionCls = kind
    return type(pool._new_conn()) is kind


def urllib3_asks_connections_for_their_state() -> bool:
    # Ours answers both with a constant, which a property of a base class would not mind.
    connection = HTTPConnection("pay.example")
    return connection.is_connected is False and connection.is_verified is False


def urllib3_sleeps_in_one_method() -> bool:
    retry = urllib3.Retry
    return parameters(retry.sleep) == ["self", "response"] and all(
        callable(getattr(retry, name)) for name in ("get_retry_after", "get_backoff_time")
    )


# -- pytest -----------------------------------------------------------------------------------


def pytest_keeps_unittest_errors() -> bool:
    source = inspect.getsource(import_module("_pytest.unittest").pytest_runtest_makereport)
    return "call.excinfo = item._excinfo.pop(0)" in source
