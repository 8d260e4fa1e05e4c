"""A blocked request that the code under test swallowed fails its test, once, and hides nothing."""

import pytest

from .conftest import Run

SHOP = """
import threading

import httpx
import pytest
import requests

ELSEWHERE = "https://api.example.com/v1"

def careless(library=httpx):
    try:
        library.get(ELSEWHERE)
    except Exception:
        pass
"""

TOLD = (
    "paymock: a request was stopped and the code under test swallowed the error: paymock stopped "
    "GET https://api.example.com/v1: it is not under http://localhost:8000."
)


@pytest.fixture
def shop(pytester: pytest.Pytester) -> pytest.Pytester:
    pytester.makepyfile(shop=SHOP)
    return pytester


def make(shop: pytest.Pytester, source: str) -> None:
    shop.makepyfile(test_shop="from shop import *\n" + "\n".join(source.splitlines()))


def times_told(result: pytest.RunResult) -> int:
    """Return how many tests failed for a swallowed block, by the lines that pytest marks."""
    return sum(line.startswith(TOLD) for line in result.outlines)


@pytest.mark.parametrize("library", ["httpx", "requests"])
def test_a_swallowed_block_fails_the_test_once(shop: pytest.Pytester, run: Run, library: str):
    make(shop, f"def test_shop(paymock): careless({library})")
    result = run()
    result.assert_outcomes(failed=1)
    assert times_told(result) == 1


def test_a_block_that_was_not_swallowed_is_the_failure(shop: pytest.Pytester, run: Run):
    make(shop, "def test_shop(paymock): httpx.get(ELSEWHERE)")
    result = run()
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["E *httpx.ConnectError: paymock stopped GET https://api.exa*"])
    assert times_told(result) == 0


EARLIER = {
    "assert 1 == 2": {"failed": 1},
    "pytest.skip('later')": {"skipped": 1},
    "pytest.xfail('known')": {"xfailed": 1},
    "raise ValueError('its own')": {"failed": 1},
}


@pytest.mark.parametrize("end", EARLIER)
def test_an_end_of_the_tests_own_is_not_hidden(shop: pytest.Pytester, run: Run, end: str):
    make(shop, f"def test_shop(paymock):\n    careless()\n    {end}")
    result = run("-rA")
    result.assert_outcomes(**EARLIER[end])
    assert times_told(result) == 0


def test_a_test_that_expects_the_block_says_so_with_a_marker(shop: pytest.Pytester, run: Run):
    make(
        shop,
        """
@pytest.mark.paymock(allow=["swallowed_block"])
def test_allowed(paymock):
    with pytest.raises(httpx.ConnectError, match="paymock stopped"):
        httpx.get(ELSEWHERE)

def test_not_allowed(paymock):
    with pytest.raises(httpx.ConnectError, match="paymock stopped"):
        httpx.get(ELSEWHERE)
""",
    )
    result = run()
    result.assert_outcomes(passed=1, failed=1)
    assert times_told(result) == 1


def test_guards_turned_off_do_not_turn_this_off(shop: pytest.Pytester, run: Run):
    make(shop, "@pytest.mark.paymock(guards='off')\ndef test_shop(paymock): careless()")
    run().assert_outcomes(failed=1)


def test_two_fakes_tell_once(shop: pytest.Pytester, run: Run):
    make(
        shop,
        """
def test_shop(paymock, paymock_factory):
    paymock_factory(base_url="https://pay.example")
    careless()
""",
    )
    result = run()
    result.assert_outcomes(failed=1)
    assert "http://localhost:8000 or https://pay.example" in result.stdout.str()


def test_several_blocks_are_counted_and_the_first_is_shown(shop: pytest.Pytester, run: Run):
    make(shop, "def test_shop(paymock):\n    careless()\n    careless(requests)")
    result = run()
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*swallowed the error: 2 requests; the first: paymock stopped*"])


def test_a_block_in_the_set_up_of_another_fixture_fails_the_test(shop: pytest.Pytester, run: Run):
    make(
        shop,
        """
@pytest.fixture
def stocked(paymock):
    careless()

def test_shop(stocked): pass
""",
    )
    result = run()
    result.assert_outcomes(failed=1)
    assert times_told(result) == 1


def test_a_block_in_the_teardown_of_another_fixture_is_an_error(shop: pytest.Pytester, run: Run):
    make(
        shop,
        """
@pytest.fixture
def stocked(paymock):
    yield
    careless()

def test_shop(stocked): pass
""",
    )
    result = run()
    result.assert_outcomes(passed=1, errors=1)
    assert times_told(result) == 1


def test_a_block_of_one_test_is_not_told_of_the_next(shop: pytest.Pytester, run: Run):
    make(
        shop,
        """
def test_first(paymock): careless()
def test_second(paymock): httpx.get(paymock.base_url)
def test_third(): pass
""",
    )
    run().assert_outcomes(failed=1, passed=2)


def test_a_unittest_method_is_told(shop: pytest.Pytester, run: Run):
    make(
        shop,
        """
import unittest

@pytest.mark.usefixtures("paymock")
class TestShop(unittest.TestCase):
    def test_shop(self): careless()
    def test_other(self): httpx.get("http://localhost:8000")
""",
    )
    result = run()
    result.assert_outcomes(failed=1, passed=1)
    assert times_told(result) == 1


def test_it_is_told_across_processes(shop: pytest.Pytester, run_apart: Run):
    make(shop, "def test_shop(paymock): careless()\ndef test_fine(paymock): pass")
    result = run_apart("-p", "xdist", "-n", "2")
    result.assert_outcomes(failed=1, passed=1)
    assert times_told(result) == 1


# -- threads ----------------------------------------------------------------------------------

THREADS = """
GO_ON = threading.Event()

def work(asked):
    httpx.get("http://localhost:8000/api/v1/tokens/tok_1")
    asked.set()
    GO_ON.wait()

def begin(name):
    asked = threading.Event()
    thread = threading.Thread(target=work, args=(asked,), name=name)
    thread.start()
    asked.wait()
    return thread

THREADS = []

def test_leaves_a_thread(paymock):
    THREADS.append(begin("stock keeper"))
    assert len(paymock.calls) == 1

def test_ends_it():
    GO_ON.set()
    THREADS[0].join()

def test_joins_its_own(paymock):
    begin("quick one").join()
    assert len(paymock.calls) == 1
"""

OUTLIVED = (
    "*still running after the test, and no longer answered by paymock: thread stock keeper; join "
    "it in the test. While another test has a fake its next call is refused, otherwise it leaves *"
)


def test_a_thread_that_outlives_its_test_is_named(shop: pytest.Pytester, run: Run):
    make(shop, THREADS)
    result = run()
    result.assert_outcomes(passed=3, errors=1)
    result.stdout.fnmatch_lines([OUTLIVED, "ERROR *::test_leaves_a_thread*"])
    assert "quick one" not in result.stdout.str()


def test_a_thread_that_outlives_its_test_is_a_warning(shop: pytest.Pytester):
    make(shop, THREADS)
    result = shop.runpytest_inprocess("-W", "default")
    result.assert_outcomes(passed=3, warnings=1)
    result.stdout.fnmatch_lines([OUTLIVED])


@pytest.mark.parametrize("marker", ["guards='off'", "guards='warn'"])
def test_a_pool_waits_for_work_and_is_not_named(shop: pytest.Pytester, run: Run, marker: str):
    make(
        shop,
        f"""
from concurrent.futures import ThreadPoolExecutor

POOL = ThreadPoolExecutor()

@pytest.mark.paymock({marker})
def test_shop(paymock):
    POOL.submit(httpx.get, paymock.base_url).result()
    assert len(paymock.calls) == 1

def test_end(): POOL.shutdown()
""",
    )
    run().assert_outcomes(passed=2)
