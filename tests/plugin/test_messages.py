"""What a person sees: the header, and the section under a failing test."""

import re

import pytest

import pytest_paymock

from .conftest import Run
from .reading import sections

CHECKOUT = """
import httpx
import pytest
from shop import buy

@pytest.mark.paymock(clock="2026-01-27T12:00:00", seed=7)
def test_checkout(paymock):
    bought = buy(paymock, 99.99)
    buy(paymock, 0.02, "cust_2", client="requests")
    url = f"{paymock.base_url}/api/v1/transactions/"
    httpx.post(f"{url}{bought['transaction_id']}/refund")
    httpx.get(f"{url}txn_unknown")
    httpx.delete(f"{url}txn_unknown")
    paymock.outcomes.queue("success", optional=True)
    assert bought["status"] == "failed"

def test_passing(paymock):
    buy(paymock)
"""

SECTION = """\
base URL http://localhost:8000, seed 7, clock 2026-01-27T12:00:00 UTC (pinned)
still queued: success
calls:
  1  httpx  POST /api/v1/tokenize  201
  2  httpx  POST /api/v1/payments  201
  3  requests  POST /api/v1/tokenize  201
  4  requests  POST /api/v1/payments  201
  5  httpx  POST /api/v1/transactions/txn_20260127120000_fdaad13b/refund  200
  6  httpx  GET /api/v1/transactions/txn_unknown  404  Transaction not found
  7  httpx  DELETE /api/v1/transactions/txn_unknown  405  Method Not Allowed
payments:
  txn_20260127120000_fdaad13b  success  99.99 USD  cust_1  Visa 0366,
       refunded by ref_20260127120000_432650bf  call 2
       (seeded draw 0.621 < 0.90)
  txn_20260127120000_c27f7e32  failed  0.02 USD  cust_2  Visa 0366  call 4
       Card declined  (special amount 0.02)
refunds:
  ref_20260127120000_432650bf  99.99 USD  cust_1  of txn_20260127120000_fdaad13b
money:
  cust_1  USD  charged 99.99, refunded 99.99
  cust_2  USD  charged 0
reproduce: pytest test_shop.py::test_checkout --paymock-seed=0
"""

HEADER = f"paymock {pytest_paymock.__version__}: seed 0, base URL http://localhost:8000"


@pytest.fixture
def checkout(project: pytest.Pytester) -> pytest.Pytester:
    project.makepyfile(test_shop=CHECKOUT)
    return project


# -- the section ------------------------------------------------------------------------------


@pytest.mark.usefixtures("checkout")
@pytest.mark.parametrize(
    "arguments",
    [(), ("--tb=short",), ("--tb=native", "-v"), ("-q",), ("-p", "xdist", "-n", "1")],
    ids=" ".join,
)
def test_a_failing_test_shows_what_happened_and_a_passing_one_nothing(
    run: Run, arguments: tuple[str, ...]
):
    result = run(*arguments)
    result.assert_outcomes(failed=1, passed=1)
    assert sections(result) == [SECTION]
    result.stdout.fnmatch_lines(["*AssertionError: assert 'success' == 'failed'"])


def test_every_fake_of_a_test_has_its_part_of_the_section(project, run: Run):
    project.makeini("[pytest]\npaymock_clock = 2026-01-27T12:00:00")
    project.makepyfile(
        test_shop="""
        def test_two(paymock, paymock_factory):
            paymock_factory(base_url="https://pay.example/v2", seed=3)
            assert False
        """
    )
    (section,) = sections(run())
    assert section == (
        "base URL http://localhost:8000, seed 0, clock 2026-01-27T12:00:00 UTC (pinned)\n"
        "nothing was called and nothing was paid\n"
        "base URL https://pay.example/v2, seed 3, clock 2026-01-27T12:00:00 UTC (pinned)\n"
        "nothing was called and nothing was paid\n"
        "reproduce: pytest test_shop.py::test_two --paymock-seed=0\n"
    )


def test_a_long_test_shows_its_beginning_and_its_end(project, run: Run):
    project.makepyfile(
        test_shop="""
        from shop import buy

        def test_long(paymock):
            for _ in range(20):
                buy(paymock)
            assert False
        """
    )
    (section,) = sections(run())
    lines = section.splitlines()
    calls = lines[lines.index("calls:") + 1 : lines.index("payments:")]
    assert [line.split()[0] for line in calls] == [
        *map(str, range(1, 9)),
        "...",
        *map(str, range(33, 41)),
    ]
    assert calls[8] == "  ... 24 more ..."


def test_a_section_fits_a_terminal_of_80_columns(project, run: Run):
    project.makepyfile(
        test_shop="""
        import httpx
        import pytest
        from shop import CLIENTS, buy
        from pytest_paymock import faults

        def test_much(paymock):
            paymock.faults.queue(faults.read_timeout(after_commit=True), on="create_payment")
            with pytest.raises(httpx.ReadTimeout):
                buy(paymock, 12345.67)
            bought = buy(paymock, 5)
            url = f"{paymock.base_url}/api/v1/transactions/{bought['transaction_id']}/refund"
            CLIENTS["requests"].post(url)
            CLIENTS["requests"].post(url)
            assert False
        """
    )
    *lines, reproduce = sections(run())[0].splitlines()
    assert max(map(len, lines)) <= 80
    assert "       (the API acted, its answer was lost)  waited 5 s" in lines
    assert "       Transaction has already been refunded" in lines
    assert reproduce == "reproduce: pytest test_shop.py::test_much --paymock-seed=0"


def test_an_error_in_another_fixture_shows_the_section(project, run: Run):
    project.makepyfile(
        test_shop="""
        import pytest
        from shop import buy

        @pytest.fixture
        def broken(paymock):
            buy(paymock)
            raise RuntimeError("the set-up broke")

        def test_it(broken):
            pass
        """
    )
    result = run()
    result.assert_outcomes(errors=1)
    (section,) = sections(result)
    assert "  2  httpx  POST /api/v1/payments  201\n" in section


# -- the header -------------------------------------------------------------------------------


@pytest.mark.usefixtures("checkout")
def test_the_header_shows_version_seed_and_base_url_once(run: Run):
    result = run()
    assert result.outlines.count(HEADER) == 1
    assert result.outlines[result.outlines.index(HEADER) - 1] == "collected 2 items"


@pytest.mark.usefixtures("checkout")
def test_the_header_shows_what_is_configured(run: Run):
    result = run("--paymock-seed=5", "--paymock-base-url=https://pay.example/")
    result.stdout.fnmatch_lines(["paymock *: seed 5, base URL https://pay.example"])


@pytest.mark.usefixtures("checkout")
def test_the_header_is_not_shown_under_quiet(run: Run):
    assert HEADER not in run("-q").outlines


def test_the_header_is_not_shown_where_no_test_uses_the_fixture(project, run: Run):
    project.makepyfile(test_plain="def test_plain(): pass")
    run().stdout.no_fnmatch_line("paymock *")


@pytest.mark.usefixtures("checkout")
@pytest.mark.parametrize("verbosity", ["-q", "-v"])
def test_with_colour_the_section_is_the_same(run: Run, verbosity: str):
    result = run("--color=yes", verbosity)
    assert any("\x1b[" in line for line in result.outlines)
    result.outlines = [re.sub(r"\x1b\[[0-9;]*m", "", line) for line in result.outlines]
    assert sections(result) == [SECTION]
