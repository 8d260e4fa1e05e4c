"""What the package touches of other libraries without being promised it, one row each.

``holds`` looks whether it is there and does what we rely on. Add a row with every new private name:
``test_canaries.py`` finds those that have none.
"""

from collections.abc import Callable
from typing import NamedTuple

import httpcore
import httpcore2
import httpx
import httpx2
from respx.mocks import HTTPCoreMocker, HTTPXMocker

from . import touched


class Canary(NamedTuple):
    """One thing that an upgrade of a library may move."""

    name: str
    used_by: str
    holds: Callable[[], object]

    def __str__(self) -> str:
        return f"{self.name} in {self.used_by}"


RESPX = "_intercept/mocks/respx.py"
RESPONSES = "_intercept/mocks/responses.py"
PYTEST_HTTPX = "_intercept/mocks/pytest_httpx.py"
REQUESTS_MOCK = "_intercept/mocks/requests_mock.py"
VCR = "_intercept/mocks/vcr.py"
REQUESTS = "_intercept/requests_network.py"
HTTPX = "_intercept/httpx_network.py"

CANARIES = [
    Canary(
        "respx.mocks.HTTPCoreMocker.routers",
        RESPX,
        lambda: touched.respx_routers_are_listed(HTTPCoreMocker, "httpcore"),
    ),
    Canary(
        "respx.mocks.HTTPXMocker.routers",
        RESPX,
        lambda: touched.respx_routers_are_listed(HTTPXMocker, "httpx"),
    ),
    Canary("respx.mocks.HTTPXMocker.stop", RESPX, lambda: callable(HTTPXMocker.stop)),
    Canary("respx.models.Route.pattern", RESPX, touched.respx_route_pattern),
    Canary("respx.router.Router.routes", RESPX, touched.respx_route_without_pattern),
    Canary("respx.models.Route.is_pass_through", RESPX, touched.respx_pass_through_flag),
    Canary(
        "respx.router.Router._assert_all_mocked", RESPX, touched.respx_router_asserts_all_mocked
    ),
    Canary("respx.models.AllMockedAssertionError", RESPX, touched.respx_asks_the_next_router),
    Canary("respx.models.PassThrough", RESPX, touched.respx_passes_through),
    Canary("the closure of respx's mocks: spec", RESPX, touched.respx_mocks_know_what_they_mock),
    Canary("respx.models.Route._name", "_records/routes.py", touched.respx_route_has_a_name),
    Canary(
        "respx.models.Route.calls", "_records/routes.py", touched.respx_route_calls_are_set_once
    ),
    Canary(
        "responses.RequestsMock._on_request", RESPONSES, touched.responses_send_calls_on_request
    ),
    Canary(
        "responses.RequestsMock._parse_request_params",
        RESPONSES,
        touched.responses_parses_parameters,
    ),
    Canary("responses.RequestsMock._read_filelike_body", RESPONSES, touched.responses_reads_bodies),
    Canary(
        "responses.registries.FirstMatchRegistry._responses",
        RESPONSES,
        touched.responses_registry_finds_in_its_list,
    ),
    Canary(
        "responses.registries.OrderedRegistry.find",
        RESPONSES,
        touched.responses_registry_forgets_what_it_found,
    ),
    Canary("pytest_httpx.HTTPXMock._callbacks", PYTEST_HTTPX, touched.pytest_httpx_matchers),
    *(
        Canary(
            f"pytest_httpx.HTTPXMock.{name}",
            PYTEST_HTTPX,
            lambda name=name: touched.pytest_httpx_handles_with(name),
        )
        for name in ("_handle_request", "_handle_async_request")
    ),
    Canary(
        "requests_mock.request._RequestObjectProxy._request",
        REQUESTS_MOCK,
        touched.requests_mock_notes_unmatched_requests,
    ),
    Canary(
        "requests_mock.adapter._RunRealHTTP",
        REQUESTS_MOCK,
        touched.requests_mock_runs_real_http_by_raising,
    ),
    *(
        Canary(name, REQUESTS_MOCK, touched.requests_mock_sends_under_its_lock)
        for name in ("requests_mock.mocker._send_lock", "threading.RLock._is_owned")
    ),
    *(
        Canary(
            f"vcr.stubs.httpx_stubs.{name}",
            VCR,
            lambda name=name: touched.vcr_handles_with(name),
        )
        for name in ("_vcr_handle_request", "_vcr_handle_async_request")
    ),
    *(
        canary
        for http, core in ((httpx, httpcore), (httpx2, httpcore2))
        for canary in (
            Canary(
                f"{http.__name__}.HTTPTransport._pool",
                HTTPX,
                lambda http=http, core=core: touched.httpx_transport_keeps_its_pool(http, core),
            ),
            Canary(
                f"{http.__name__}.HTTPTransport.handle_request",
                "_intercept/httpx.py",
                lambda http=http: touched.httpx_transport_uses_its_pool_alone(http),
            ),
            Canary(
                f"{http.__name__}.HTTPTransport._pool",
                "_intercept/httpx.py",
                lambda http=http, core=core: touched.httpx_transport_keeps_its_pool(http, core),
            ),
            Canary(
                f"{http.__name__}.Headers._list",
                "_intercept/httpx_request.py",
                lambda http=http: touched.httpx_headers_are_kept_with_their_values_last(http),
            ),
            Canary(
                f"{http.__name__}.Request._content",
                "_intercept/httpx.py",
                lambda http=http: touched.httpx_request_keeps_a_stream_that_was_read(http),
            ),
            Canary(
                f"{http.__name__}.URL._uri_reference",
                "_intercept/httpx_request.py",
                lambda http=http: touched.httpx_urls_keep_their_parts_as_on_the_wire(http),
            ),
            Canary(
                f"{http.__name__}.Response._decoder",
                "_intercept/httpx_response.py",
                lambda http=http: touched.httpx_plain_decoder_keeps_nothing(http),
            ),
            Canary(
                f"{core.__name__}.ConnectionPool._uds",
                "_intercept/httpx.py",
                lambda core=core: touched.httpcore_pool_keeps_its_socket(core),
            ),
            Canary(
                f"{core.__name__}.ConnectionPool._retries",
                HTTPX,
                lambda core=core: touched.httpcore_pool_keeps_its_retries(core),
            ),
            Canary(
                f"{http.__name__}._transports.default.create_ssl_context",
                "_intercept/lazy_tls.py",
                lambda http=http: touched.httpx_makes_its_contexts_in_one_place(http),
            ),
        )
    ),
    Canary(
        "requests.structures.CaseInsensitiveDict._store",
        "_intercept/requests.py",
        touched.requests_headers_are_kept_with_their_values_last,
    ),
    Canary(
        "requests.adapters.HTTPAdapter.build_response",
        "_intercept/requests_response.py",
        touched.adapter_puts_known_things_into_a_response,
    ),
    Canary(
        "urllib3.HTTPResponse._original_response",
        "_intercept/requests_response.py",
        touched.requests_asks_for_the_answer_with_cookies,
    ),
    Canary(
        "requests.adapters.HTTPAdapter.get_connection_with_tls_context",
        REQUESTS,
        touched.adapter_asks_for_its_connection,
    ),
    Canary(
        "urllib3.HTTPConnectionPool.ConnectionCls",
        REQUESTS,
        touched.urllib3_makes_connections_of_a_class,
    ),
    Canary(
        "urllib3.connection.HTTPConnection.is_connected",
        REQUESTS,
        touched.urllib3_asks_connections_for_their_state,
    ),
    Canary("urllib3.Retry.get_backoff_time", REQUESTS, touched.urllib3_sleeps_in_one_method),
    Canary(
        "_pytest.unittest.TestCaseFunction._excinfo",
        "_pytest/hooks.py",
        touched.pytest_keeps_unittest_errors,
    ),
]
