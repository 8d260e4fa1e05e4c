"""httpx2, the successor of httpx, as a client of the first class."""

import httpx2
import pytest
import starlette.testclient
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from pytest_paymock import Paymock, faults

from .calls import HTTPX2, Call, outcome
from .conftest import Run
from .matrix import CARD, OURS, THEIRS, UNKNOWN
from .wire import Wire

each_call = pytest.mark.parametrize("call", HTTPX2.values(), ids=HTTPX2)


@each_call
def test_every_client_of_httpx2_is_answered_and_recorded_under_its_name(call: Call):
    with Paymock() as paymock:
        stored = call("POST", OURS, json=CARD)
        assert type(stored) is httpx2.Response
        assert stored.request.url == OURS
        body = {"token": stored.json()["token"], "amount": 5, "customer_id": "cust_1"}
        assert call("POST", f"{paymock.base_url}/api/v1/payments", json=body).status_code == 201
    assert [seen.client for seen in paymock.calls] == ["httpx2", "httpx2"]
    assert paymock.payments.one().call == paymock.calls.last


@each_call
def test_a_fault_is_an_exception_of_httpx2_with_the_request(call: Call):
    with Paymock() as paymock:
        paymock.faults.queue(faults.read_timeout(after_commit=True), on="tokenize")
        with pytest.raises(httpx2.ReadTimeout) as caught:
            call("POST", OURS, json=CARD)
    assert caught.value.request.url == OURS
    assert paymock.tokens.one()


@each_call
def test_the_network_rule_raises_httpx2s_own_error(call: Call, wire: Wire):
    with Paymock(allow=["swallowed_block"]), pytest.raises(httpx2.ConnectError) as caught:
        call("GET", UNKNOWN)
    assert str(caught.value).startswith(f"paymock stopped GET {UNKNOWN}: ")
    assert caught.value.request.url == UNKNOWN
    assert wire.hosts == set()


def test_a_websocket_to_another_host_is_stopped(wire: Wire):
    with Paymock(allow=["swallowed_block"]):
        stopped = outcome(lambda: httpx2.get("wss://unknown.example/feed"))
    assert stopped.kind == "httpx2.ConnectError"
    assert stopped.text.startswith("paymock stopped GET wss://unknown.example/feed: ")
    assert wire.hosts == set()


def test_a_test_client_of_starlette_is_built_on_httpx2_and_left_alone():
    app = Starlette(routes=[Route("/api/v1/tokens/tok_1", lambda _: PlainTextResponse("mine"))])
    client = starlette.testclient.TestClient(app, base_url="http://localhost:8000")
    assert isinstance(client, httpx2.Client)
    with Paymock() as paymock:
        assert client.get("/api/v1/tokens/tok_1").text == "mine"
        assert client.get(THEIRS).status_code == 404
        paymock.assert_no_calls()


# -- httpx2 in the place of httpx -------------------------------------------------------------

ALIAS = "import httpx2\nhttpx2.alias_httpx()\n"

SHOP = """
import sys

import httpx
import httpx2
import requests

def test_shop(paymock):
    assert httpx is httpx2
    with httpx.Client(base_url=paymock.base_url) as client:
        assert client.get("/api/v1/tokens/tok_1").json() == {"detail": "Token not found"}
    assert requests.get(paymock.base_url).status_code == 404
    assert [call.client for call in paymock.calls] == ["httpx2", "requests"]

async def test_async(paymock):
    async with httpx.AsyncClient(base_url=paymock.base_url) as client:
        assert (await client.get("/api/v1/tokens/tok_1")).status_code == 404
    assert paymock.calls.one().client == "httpx2"

def test_a_router_of_the_users_own(paymock):
    import respx

    with respx.mock() as router:
        router.get("https://elsewhere.example/").respond(218)
        router.get(paymock.base_url + "/mine").respond(218)
        assert httpx.get("https://elsewhere.example/").status_code == 218
        assert httpx.get(paymock.base_url + "/mine").status_code == 218
        assert httpx.get(paymock.base_url).status_code == 404
    assert len(paymock.calls) == 1
"""

ANYIO = ("-p", "anyio")


@pytest.fixture
def aliased(pytester: pytest.Pytester) -> pytest.Pytester:
    pytester.makeini("[pytest]\nanyio_mode = auto")
    pytester.makepyfile(test_shop=SHOP)
    return pytester


def test_an_alias_in_a_conftest_works_without_the_plugins_that_import_httpx(
    aliased: pytest.Pytester, run_apart: Run
):
    aliased.makeconftest(ALIAS)
    run_apart(*ANYIO).assert_outcomes(passed=4)


@pytest.mark.usefixtures("all_plugins")
def test_an_alias_in_an_early_plugin_works_beside_all_of_them(
    aliased: pytest.Pytester, run_apart: Run
):
    aliased.makepyfile(early=ALIAS)
    aliased.makepyfile(
        test_fixtures="""
        import httpx
        import httpx2

        def test_fixtures(paymock, respx_mock, httpx_mock):
            assert httpx is httpx2
            httpx_mock.add_response(url="https://elsewhere.example/")
            assert httpx.get("https://elsewhere.example/").status_code == 200
            respx_mock.get(paymock.base_url + "/mine").respond(218)
            assert httpx.get(paymock.base_url + "/mine").status_code == 218
            assert httpx.get(paymock.base_url).status_code == 404
            assert paymock.calls.one().client == "httpx2"
        """
    )
    aliased.syspathinsert()
    run_apart("-p", "early").assert_outcomes(passed=5)


def test_it_is_not_ours_to_blame_where_an_alias_comes_too_late(
    aliased: pytest.Pytester, run_apart: Run
):
    aliased.makeconftest(ALIAS)
    for plugin in ("respx", "pytest_httpx"):
        result = run_apart("-p", "no:paymock", *ANYIO, "-p", plugin)
        assert result.ret == pytest.ExitCode.USAGE_ERROR
        assert "was already imported; call `alias_httpx()` before any" in result.stderr.str()
    # Without them the alias stands, with the plugin or without: it imports nothing on its own.
    for ours in ("no:paymock", "paymock"):
        collected = run_apart("-p", ours, *ANYIO, "--collect-only", "-q")
        assert collected.ret == pytest.ExitCode.OK


# -- no httpx2 --------------------------------------------------------------------------------

BLOCKED = """
import sys

class Blocker:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {names}:
            raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)
        return None

sys.meta_path.insert(0, Blocker())
"""

PLAIN = """
import sys

import httpx
import requests

def test_shop(paymock):
    for library in (httpx, requests):
        assert library.get(paymock.base_url).status_code == 404
    assert [call.client for call in paymock.calls] == ["httpx", "requests"]
    assert set({names}) & sys.modules.keys() == set()
"""


@pytest.mark.parametrize(
    "names",
    [("httpx2", "httpcore2"), ("vcr",), ("requests_mock",), ("pytest_httpx",), ("trio",)],
    ids=" ".join,
)
def test_what_we_do_not_require_may_be_absent(
    pytester: pytest.Pytester, run_apart: Run, names: tuple[str, ...]
):
    pytester.makepyfile(blocker=BLOCKED.format(names=names), test_shop=PLAIN.format(names=names))
    pytester.syspathinsert()
    run_apart("-p", "blocker").assert_outcomes(passed=1)
