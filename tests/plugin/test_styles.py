"""The fixture in every style of test that pytest runs."""

import pytest

from .conftest import Run


def test_usefixtures_on_a_class_gives_each_method_a_fake_of_its_own(project, run: Run):
    project.makepyfile(
        test_shop="""
        import httpx
        import pytest

        PATH = "http://localhost:8000/api/v1/customers/cust_1/transactions"

        @pytest.fixture
        def paid(paymock):
            paymock.add_payment(amount=5, customer_id="cust_1")

        @pytest.mark.usefixtures("paymock")
        class TestHistory:
            def test_empty(self):
                assert httpx.get(PATH).json()["transaction_count"] == 0

            def test_one(self, paid):
                assert httpx.get(PATH).json()["transaction_count"] == 1

            def test_empty_again(self):
                assert httpx.get(PATH).json()["transaction_count"] == 0
        """
    )
    run().assert_outcomes(passed=3)


UNITTEST = """
import unittest

import httpx
import pytest
from shop import buy

@pytest.mark.usefixtures("paymock")
class TestPlain(unittest.TestCase):
    def test_answers(self):
        url = "http://localhost:8000/api/v1/tokens/tok_none"
        assert httpx.get(url).json() == {"detail": "Token not found"}

@pytest.mark.usefixtures("paymock")
class TestAsync(unittest.IsolatedAsyncioTestCase):
    async def test_answers(self):
        async with httpx.AsyncClient() as client:
            answer = await client.get("http://localhost:8000/api/v1/tokens/tok_none")
        assert answer.json() == {"detail": "Token not found"}

class TestAutouse(unittest.TestCase):
    @pytest.fixture(autouse=True)
    def _attach(self, paymock):
        self.paymock = paymock

    def setUp(self):
        self.bought = buy(self.paymock)

    def test_setup_was_answered(self):
        assert self.paymock.payments.one().transaction_id == self.bought["transaction_id"]

    def test_again(self):
        assert len(self.paymock.payments) == 1
"""


def test_unittest_classes_use_it_sync_and_async(project, run: Run):
    project.makepyfile(test_shop=UNITTEST)
    run().assert_outcomes(passed=4)


@pytest.mark.parametrize("base", ["TestCase", "IsolatedAsyncioTestCase"])
def test_a_unittest_method_is_held_to_its_script_and_its_own_failure_comes_first(
    project, run: Run, base: str
):
    project.makepyfile(
        test_shop=f"""
        import unittest
        import pytest

        class TestScripts(unittest.{base}):
            @pytest.fixture(autouse=True)
            def _attach(self, paymock):
                paymock.outcomes.queue("success")

            def test_left_over(self):
                pass

            def test_own_failure(self):
                assert 1 == 2

            def test_own_skip(self):
                self.skipTest("not today")
        """
    )
    result = run("-rf")
    result.assert_outcomes(failed=2, skipped=1)
    result.stdout.fnmatch_lines(
        [
            "FAILED *::test_left_over - Failed: paymock: *",
            "FAILED *::test_own_failure - assert 1 == 2",
        ]
    )


def test_coroutines_use_it_on_asyncio_and_on_trio(project, run: Run):
    project.makeini("[pytest]\nanyio_mode = auto")
    project.makepyfile(
        test_shop="""
        import httpx
        import pytest
        import loops

        @pytest.fixture(params=["asyncio", "trio"])
        def anyio_backend(request):
            return request.param

        async def test_answers(paymock, anyio_backend):
            assert loops.running() == anyio_backend
            async with httpx.AsyncClient(base_url=paymock.base_url) as client:
                answer = await client.get("/api/v1/customers/cust_1/transactions")
            assert answer.json()["transaction_count"] == 0
            assert paymock.calls.one().client == "httpx"
        """
    )
    project.makepyfile(
        loops="""
        import asyncio

        def running():
            try:
                asyncio.get_running_loop()
            except RuntimeError:
                return "trio"
            return "asyncio"
        """
    )
    run("-p", "anyio").assert_outcomes(passed=2)


@pytest.mark.parametrize("runner", ["asyncio.run(pay(paymock))", "trio.run(pay, paymock)"])
def test_a_plain_test_may_run_its_own_loop(project, run: Run, runner: str):
    project.makepyfile(
        test_shop=f"""
        import asyncio
        import httpx
        import trio

        async def pay(paymock):
            async with httpx.AsyncClient(base_url=paymock.base_url) as client:
                sent = {{"card": paymock.card(), "customer": paymock.customer()}}
                return (await client.post("/api/v1/tokenize", json=sent)).json()

        def test_loop(paymock):
            token = {runner}
            assert paymock.tokens.one().token == token["token"]
        """
    )
    run().assert_outcomes(passed=1)


def test_a_doctest_asks_for_it_with_getfixture(project, run: Run):
    project.makepyfile(
        pricing='''
        """
        >>> from shop import buy
        >>> paymock = getfixture("paymock")
        >>> buy(paymock, 99.99)["status"]
        'success'
        >>> paymock.payments.total()
        Decimal('99.99')
        """
        '''
    )
    run("--doctest-modules", "pricing.py").assert_outcomes(passed=1)


def test_a_doctest_takes_its_options_from_the_configuration(project, run: Run):
    project.makeini("[pytest]\npaymock_seed = 9")
    project.maketxtfile(
        test_pricing="""
        >>> getfixture("paymock").settings.seed
        9
        """
    )
    run().assert_outcomes(passed=1)


def test_each_parameter_of_a_test_may_have_its_own_marker(project, run: Run):
    project.makepyfile(
        test_shop="""
        import pytest

        @pytest.mark.parametrize("seed", [
            pytest.param(1, marks=pytest.mark.paymock(seed=1)),
            pytest.param(2, marks=pytest.mark.paymock(seed=2)),
            0,
        ])
        def test_seed(paymock, seed):
            assert paymock.settings.seed == seed
        """
    )
    run().assert_outcomes(passed=3)


# -- a wider scope ----------------------------------------------------------------------------


def test_a_class_shares_a_fake_that_it_makes_itself(project, run: Run):
    project.makepyfile(
        test_shop="""
        import pytest
        from pytest_paymock import Paymock
        from shop import buy

        @pytest.fixture(scope="class")
        def shared():
            with Paymock(base_url="https://pay.example") as paymock:
                yield paymock

        class TestShared:
            def test_first(self, shared):
                buy(shared)
                assert len(shared.payments) == 1

            def test_second(self, shared, paymock):
                buy(shared)
                buy(paymock, 7)
                assert len(shared.payments) == 2
                assert paymock.payments.one().amount == 7

        class TestOther:
            def test_anew(self, shared):
                assert len(shared.payments) == 0
        """
    )
    run().assert_outcomes(passed=3)


def test_a_class_fixture_that_asks_for_the_function_fixture_is_told_so_by_pytest(project, run: Run):
    project.makepyfile(
        test_shop="""
        import pytest

        @pytest.fixture(scope="class")
        def shared(paymock):
            return paymock

        def test_shared(shared):
            pass
        """
    )
    result = run()
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["ScopeMismatch: *function scoped fixture paymock*"])


# -- pytest within pytest ---------------------------------------------------------------------

NESTED = '''
import pytest
from shop import buy

pytest_plugins = ["pytester"]

INNER = """
import httpx

def test_inner(paymock):
    url = paymock.base_url + "/api/v1/tokens/tok_none"
    assert httpx.get(url).status_code == 404
    assert len(paymock.calls) == 1

def test_left_over(paymock):
    paymock.outcomes.queue("success")
"""

@pytest.mark.parametrize("time", [1, 2])
def test_nested(pytester, time):
    pytester.makepyfile(INNER)
    for _ in range(2):
        pytester.runpytest_inprocess().assert_outcomes(passed=1, failed=1)

def test_nested_within_a_fake(pytester, paymock):
    pytester.makepyfile(INNER)
    buy(paymock)
    pytester.runpytest_inprocess().assert_outcomes(passed=1, failed=1)
    buy(paymock)
    assert len(paymock.payments) == 2
'''


def test_runs_within_one_process_do_not_disturb_each_other(project, run_apart: Run):
    project.makepyfile(test_shop=NESTED)
    run_apart().assert_outcomes(passed=3)


# -- beside another fixture that mocks httpx --------------------------------------------------

BESIDE = """
import httpx
import pytest
from shop import buy

def check(paymock, httpx_mock):
    httpx_mock.add_response(url="https://mail.example/send", status_code=202)
    assert httpx.get("https://mail.example/send").status_code == 202
    assert buy(paymock)["status"] == "success"

def test_fake_first(paymock, httpx_mock):
    check(paymock, httpx_mock)

def test_fake_last(httpx_mock, paymock):
    check(paymock, httpx_mock)

@pytest.mark.httpx_mock(should_mock=lambda request: request.url.host == "mail.example")
def test_the_rule_of_the_user_is_kept(paymock, httpx_mock):
    check(paymock, httpx_mock)
"""


def test_pytest_httpx_answers_beside_the_fake(project, run: Run):
    project.makepyfile(test_shop=BESIDE)
    run("-p", "pytest_httpx").assert_outcomes(passed=3)
