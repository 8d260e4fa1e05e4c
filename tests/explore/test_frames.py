"""What a fake tells of a test stands at a line of the test, without any of ours below it."""

import re

import pytest

from .test_pytest import project, run

__all__ = ["project"]

HEAD = """
import httpx
import pytest
from threading import Event, Thread
from conftest import charge, send
from pytest_paymock import Paymock

def left_over(paymock):
    paymock.outcomes.queue("success")

def stopped(paymock):
    with pytest.raises(httpx.ConnectError):
        httpx.get("https://elsewhere.example/")

def found(paymock):
    send(paymock, paymock.add_token(customer_id="cust_2").token)
"""

FIXTURE = """
@pytest.fixture
def service():
    with Paymock({options}) as paymock:
        yield paymock
        {last}

def test_it(service):
    {what}(service)
"""


def frames_of_ours(result: pytest.RunResult) -> list[str]:
    """Return the places in the package that pytest shows, such as ``verdict.py:71``."""
    return re.findall(r"pytest_paymock/(\S+\.py:\d+)", "\n".join(result.outlines))


@pytest.mark.parametrize("last", ["paymock.verify()", "pass"], ids=["verify", "with"])
@pytest.mark.parametrize("what", ["left_over", "stopped", "found"])
def test_the_end_of_a_fixture_of_the_users(project: pytest.Pytester, last: str, what: str):
    source = FIXTURE.format(options="guards='error'", last=last, what=what)
    project.makepyfile(test_till=HEAD + source)
    result = run(project)
    if what == "stopped":  # which is told of the test that did it
        result.assert_outcomes(failed=1)
        result.stdout.fnmatch_lines(["paymock: a request was stopped and the code under test *"])
    else:
        result.assert_outcomes(passed=1, errors=1)
        result.stdout.fnmatch_lines(["test_till.py:*: *Error"])
    assert frames_of_ours(result) == []


def test_a_warning_where_warnings_are_errors(project: pytest.Pytester):
    project.makepyfile(test_till=HEAD + FIXTURE.format(options="", last="pass", what="found"))
    result = run(project)
    result.stdout.fnmatch_lines(["E *PaymockWarning: foreign_token: *"])
    assert frames_of_ours(result) == []


THREAD = """
def test_it():
    asked, over = Event(), Event()
    with pytest.raises(Warning) as caught:
        with Paymock() as paymock:
            thread = Thread(target=lambda: (send(paymock, "tok_none"), asked.set(), over.wait()))
            thread.start()
            asked.wait()
    over.set()
    thread.join()
    raise caught.value
"""


def test_a_thread_that_runs_on(project: pytest.Pytester):
    project.makepyfile(test_till=HEAD + THREAD)
    result = run(project)
    result.stdout.fnmatch_lines(["E *PaymockWarning: still running after the test*"])
    assert frames_of_ours(result) == []


EXPLORE = """
{mark}
def test_it(paymock, token):
    for world in paymock.explore():
        {body}
"""

WITH = "with world: "


@pytest.mark.parametrize(
    ("mark", "body", "told"),
    [
        ("", "pass", "a world was not entered"),
        ("", WITH + "pass", "explore() has nothing to try"),
        ("world=77", WITH + "send(paymock, token)", "there is no world 77"),
        ("guards='error'", WITH + "charge(paymock, token)", "double_charge: in world 5 of 20"),
    ],
    ids=["not entered", "nothing", "no such world", "guard"],
)
def test_a_loop_over_worlds(project: pytest.Pytester, mark: str, body: str, told: str):
    source = EXPLORE.format(mark=f"@pytest.mark.paymock({mark})", body=body)
    project.makepyfile(test_till=HEAD + source)
    result = run(project)
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines([f"E *{told}*"])
    assert frames_of_ours(result) == []
