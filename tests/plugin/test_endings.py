"""A test that has to answer for something fails once, in one sentence, and never for our code."""

import pytest

from .conftest import Run
from .reading import frames_of_ours, sections

LEFT_OVER = (
    "paymock: the test queued outcomes that no payment used: card_declined, success; "
    "make the payments, queue fewer, or queue them with optional=True"
)

SWALLOWED = (
    "paymock: a request was stopped and the code under test swallowed the error: "
    "paymock stopped GET https://example.com/: it is not under http://localhost:8000. "
    "Point the code under test at the base URL, set the paymock option base_url, "
    "or let the request pass with the option allow_hosts or network='any'."
)

LEAK = (
    "paymock: card_data_leak: the card number that ends in 0366, sent in this test, stands in "
    'captured stdout call (silence it with @pytest.mark.paymock(allow=["card_data_leak"]))'
)

ENDINGS = """
import httpx
import pytest
import requests

def call_swallowing(client):
    try:
        client.get("https://example.com/")
    except Exception:
        pass

def test_left_over(paymock):
    paymock.outcomes.queue("card_declined", "success")

def test_left_over_and_failed(paymock):
    paymock.outcomes.queue("card_declined", "success")
    assert "mine" == "failure"

@pytest.mark.parametrize("client", [httpx, requests], ids=["httpx", "requests"])
def test_swallowed(paymock, client):
    call_swallowing(client)

def test_swallowed_and_failed(paymock):
    call_swallowing(httpx)
    assert "mine" == "failure"

def test_swallowed_twice_and_left_over(paymock):
    call_swallowing(httpx)
    call_swallowing(requests)
    paymock.outcomes.queue("success")
"""


@pytest.fixture
def endings(project: pytest.Pytester) -> pytest.Pytester:
    project.makepyfile(test_ends=ENDINGS)
    return project


@pytest.mark.usefixtures("endings")
@pytest.mark.parametrize(
    "workers", [(), ("-p", "xdist", "-n", "1")], ids=["one process", "a worker"]
)
def test_a_left_over_script_is_one_failure_without_a_traceback(run: Run, workers: tuple[str, ...]):
    result = run("-k", "left_over and not and_failed and not twice", *workers)
    result.assert_outcomes(failed=1, deselected=None if workers else 5)
    assert result.outlines.count(LEFT_OVER) == 1
    assert frames_of_ours(result) == []
    assert "still queued: card_declined, success\n" in sections(result)[0]


@pytest.mark.usefixtures("endings")
@pytest.mark.parametrize("client", ["httpx", "requests"])
def test_a_swallowed_block_is_one_failure_without_a_traceback(run: Run, client: str):
    result = run(f"test_ends.py::test_swallowed[{client}]")
    result.assert_outcomes(failed=1)
    assert result.outlines.count(SWALLOWED) == 1
    assert frames_of_ours(result) == []


@pytest.mark.usefixtures("endings")
def test_what_is_left_over_never_hides_the_failure_of_the_test(run: Run):
    result = run("-k", "and_failed", "-rfE")
    result.assert_outcomes(failed=2, deselected=4)
    assert LEFT_OVER not in result.outlines
    assert SWALLOWED not in result.outlines
    summary = [line for line in result.outlines if line.startswith("FAILED")]
    assert len(summary) == 2
    assert all("_and_failed - AssertionError: assert 'mine" in line for line in summary)


@pytest.mark.usefixtures("endings")
def test_of_several_problems_the_blocked_requests_are_told_with_their_number(run: Run):
    result = run("-k", "twice")
    result.assert_outcomes(failed=1, deselected=5)
    told = [line for line in result.outlines if line.startswith("paymock: ")]
    assert len(told) == 1
    assert "swallowed the error: 2 requests; the first: paymock stopped GET https" in told[0]


@pytest.mark.parametrize("client", ["httpx", "requests"])
def test_a_block_that_is_not_swallowed_shows_the_users_line_and_none_of_ours(
    project, run: Run, client: str
):
    project.makepyfile(
        test_shop=f"""
        import {client}

        def test_blocked(paymock):
            {client}.get("https://example.com/")
        """
    )
    result = run("--tb=short")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        [
            f'    {client}.get("https://example.com/")',
            "E *ConnectE*: paymock stopped GET https://example.com/*"
            if client == "httpx"
            else "E *ConnectionError: paymock stopped GET https://example.com/*",
        ]
    )
    assert frames_of_ours(result) == []


def test_a_failed_assertion_of_ours_ends_at_the_users_line(project, run: Run):
    project.makepyfile(
        test_shop="""
        def test_charged(paymock):
            paymock.assert_charged(5)
        """
    )
    result = run()
    result.stdout.fnmatch_lines(
        [
            ">       paymock.assert_charged(5)",
            "E *ExpectationError: expected 1 charge with amount=5, found no charge",
        ]
    )
    assert frames_of_ours(result) == []


def test_a_guard_fails_a_suite_of_errors_without_a_traceback(project, run: Run):
    project.makepyfile(
        test_shop="""
        import httpx

        def test_foreign(paymock):
            token = paymock.add_token(customer_id="cust_1").token
            order = {"token": token, "amount": 5, "customer_id": "cust_2"}
            httpx.post(paymock.base_url + "/api/v1/payments", json=order)
        """
    )
    result = run()  # warnings are errors in there
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*foreign_token: txn_* charges cust_2 5 USD with a token of *"])
    assert frames_of_ours(result) == []


@pytest.mark.parametrize("guards", ["warn", "error"])
def test_a_printed_card_number_is_one_failure_without_a_traceback(project, run: Run, guards: str):
    project.makepyfile(
        test_shop="""
        from shop import buy

        def test_leaky(paymock):
            buy(paymock)
            print("charged", paymock.card()["card_number"])
        """
    )
    result = run(f"--paymock-guards={guards}")  # warnings are errors in there
    result.assert_outcomes(failed=1)
    told = [line for line in result.outlines if line.startswith("paymock: ")]
    assert told == [LEAK]
    assert frames_of_ours(result) == []
    assert len(sections(result)) == 1


def test_a_guard_that_is_silenced_says_nothing(project, run: Run):
    project.makepyfile(
        test_shop="""
        import pytest
        from shop import buy

        @pytest.mark.paymock(allow=["card_data_leak"], guards="error")
        def test_leaky(paymock):
            buy(paymock)
            print("charged", paymock.card()["card_number"])
        """
    )
    run().assert_outcomes(passed=1)
