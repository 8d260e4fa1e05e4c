"""The fake beside other plugins of pytest and its stricter modes."""

import json

import pytest

from .conftest import Run

SHOP = """
import httpx
import httpx2
import pytest
import requests

def history(paymock, client=httpx):
    url = f"{paymock.base_url}/api/v1/customers/cust_1/transactions"
    return client.get(url).json()["transaction_count"]

CLIENTS = pytest.mark.parametrize("client", [httpx, httpx2, requests])
"""

MOCKS = ("-p", "respx", "-p", "pytest_httpx", "-p", "requests_mock")


@pytest.fixture
def shop(pytester: pytest.Pytester) -> pytest.Pytester:
    pytester.makepyfile(shop=SHOP)
    return pytester


# -- xdist, randomly, strictness --------------------------------------------------------------

GROUPS = """
from shop import *

@pytest.mark.xdist_group("till")
@pytest.mark.parametrize("number", range(4))
def test_till(paymock, number):
    assert history(paymock) == 0
    paymock.add_payment(amount=5, customer_id="cust_1")
    assert history(paymock) == 1

@pytest.mark.parametrize("number", range(8))
def test_free(paymock, number):
    assert history(paymock) == 0
"""


@pytest.mark.parametrize("mode", ["loadgroup", "each"])
def test_workers_share_nothing(shop: pytest.Pytester, run_apart: Run, mode: str):
    shop.makepyfile(test_shop=GROUPS)
    result = run_apart("-p", "xdist", "-n", "2", "--dist", mode, "--strict-markers")
    result.assert_outcomes(passed=24 if mode == "each" else 12)


@pytest.mark.parametrize("seed", ["1", "2"])
def test_random_order_changes_nothing(shop: pytest.Pytester, run_apart: Run, seed: str):
    shop.makepyfile(test_shop=GROUPS)
    run_apart("-p", "xdist", "-p", "randomly", f"--randomly-seed={seed}").assert_outcomes(passed=12)


STRICT = """
[pytest]
strict = true
minversion = "8.4"
markers = ["slow: takes long"]
filterwarnings = ["error"]
paymock_seed = 7
paymock_base_url = "https://pay.example/v2"
paymock_allow_hosts = ["*.example.com"]
paymock_success_rate = 0.5
"""

STRICT_TEST = """
from shop import *

@pytest.mark.slow
@pytest.mark.paymock(clock="2026-01-27T12:00:00")
@CLIENTS
def test_shop(paymock, client):
    assert history(paymock, client) == 0
    assert paymock.base_url == "https://pay.example/v2"
    assert paymock.settings.allow_hosts == ("*.example.com",)
    assert (paymock.settings.seed, paymock.settings.success_rate) == (7, 0.5)
"""


def test_the_strictest_mode_of_pytest_and_its_own_toml(shop: pytest.Pytester, run: Run):
    shop.path.joinpath("pytest.toml").write_text(STRICT)
    shop.makepyfile(test_shop=STRICT_TEST)
    run("--strict-markers", "--strict-config").assert_outcomes(passed=3)


def test_the_strictest_mode_in_a_pyproject_of_the_users(shop: pytest.Pytester, run: Run):
    table = STRICT.replace("[pytest]", "[tool.pytest]")
    shop.path.joinpath("pyproject.toml").write_text(table)
    shop.makepyfile(test_shop=STRICT_TEST)
    run().assert_outcomes(passed=3)


def test_a_wrong_type_in_toml_is_an_error_that_names_the_option(shop: pytest.Pytester, run: Run):
    shop.path.joinpath("pytest.toml").write_text('[pytest]\npaymock_allow_hosts = "one"\n')
    shop.makepyfile(test_shop=STRICT_TEST)
    result = run()
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert "paymock_allow_hosts" in result.stderr.str()


# -- unittest, wider scopes, pytest within pytest ---------------------------------------------


def test_a_unittest_class_with_mocks_of_its_own(shop: pytest.Pytester, run: Run):
    shop.makepyfile(
        test_shop="""
        import unittest
        import responses
        import respx
        from shop import *

        @pytest.mark.usefixtures("paymock")
        class TestShop(unittest.TestCase):
            URL = "http://localhost:8000/api/v1/tokens/tok_1"

            @responses.activate
            def test_with_responses(self):
                responses.get("https://elsewhere.example", status=218)
                self.assertEqual(requests.get("https://elsewhere.example").status_code, 218)
                self.assertEqual(requests.get(self.URL).status_code, 404)

            @respx.mock
            def test_with_respx(self):
                respx.get("https://elsewhere.example").respond(218)
                self.assertEqual(httpx.get("https://elsewhere.example").status_code, 218)
                self.assertEqual(httpx.get(self.URL).status_code, 404)
        """
    )
    run().assert_outcomes(passed=2)


@pytest.mark.parametrize("scope", ["class", "module", "package", "session"])
def test_a_fixture_of_the_users_own_holds_a_fake_for_a_wider_scope(
    shop: pytest.Pytester, run: Run, scope: str
):
    shop.makeconftest(
        f"""
        import pytest

        @pytest.fixture(scope="{scope}")
        def shared():
            from pytest_paymock import Paymock

            with Paymock(base_url="https://pay.example") as paymock:
                yield paymock

        @pytest.fixture
        def fresh(shared):
            shared.reset()
            return shared
        """
    )
    shop.makepyfile(
        test_shop="""
        import respx
        from shop import *

        class TestShop:
            def test_first(self, shared):
                shared.add_payment(amount=5, customer_id="cust_1")
                assert history(shared) == 1

            def test_second_sees_the_first(self, shared, paymock):
                assert history(shared) == 1
                assert history(paymock) == 0

            def test_third_begins_anew(self, fresh, httpx_mock, requests_mock, respx_mock):
                assert history(fresh, httpx) == history(fresh, requests) == 0

            def test_a_left_over_is_told_at_the_end(self, fresh):
                fresh.outcomes.queue("success")
        """
    )
    result = run(*MOCKS)
    result.assert_outcomes(passed=4, errors=1)
    result.stdout.fnmatch_lines(
        ["E *ExpectationError: the test queued outcomes that no payment used: success*"]
    )


def test_a_run_within_a_run_within_a_fake(shop: pytest.Pytester, run_apart: Run):
    shop.makeconftest("pytest_plugins = ['pytester']")
    shop.makepyfile(
        test_shop='''
        from shop import *

        INNER = """
        import httpx
        import requests

        def test_inner({fixtures}):
            url = "http://localhost:8000/api/v1/tokens/tok_1"
            assert httpx.get(url).status_code == requests.get(url).status_code == 404
            assert [call.client for call in paymock.calls] == ["httpx", "requests"]
        """

        def test_outer(pytester, paymock):
            fixtures = "httpx_mock, paymock, requests_mock, respx_mock"
            pytester.makepyfile(INNER.format(fixtures=fixtures))
            for _ in range(2):
                pytester.runpytest_inprocess(*{MOCKS}).assert_outcomes(passed=1)
            assert history(paymock) == history(paymock, requests) == 0
            assert len(paymock.calls) == 2
        '''.replace("{MOCKS}", repr(MOCKS))
    )
    run_apart(*MOCKS).assert_outcomes(passed=1)


def test_runs_within_a_run_that_never_used_the_fake(shop: pytest.Pytester, run_apart: Run):
    shop.makeconftest("pytest_plugins = ['pytester']")
    shop.makepyfile(
        test_shop='''
        INNER = """
        from pytest_paymock import faults

        def test_inner(paymock):
            paymock.faults.queue(faults.read_timeout, on="tokenize", optional=True)
        """

        def test_outer(pytester):
            pytester.makepyfile(INNER)
            for _ in range(2):
                pytester.runpytest_inprocess().assert_outcomes(passed=1)
        '''
    )
    run_apart().assert_outcomes(passed=1)


@pytest.mark.usefixtures("all_plugins")
def test_it_works_beside_every_plugin_that_is_installed(shop: pytest.Pytester, run: Run):
    shop.makepyfile(test_shop=GROUPS)
    result = run("-p", "no:randomly")
    result.assert_outcomes(passed=12)
    shown = next(line for line in result.outlines if line.startswith("plugins: "))
    for name in ("httpx-", "respx-", "requests-mock-", "socket-", "xdist-", "anyio-", "paymock-"):
        assert name in shown, json.dumps(shown)
