"""Plugins that run a failed test again and keep its item: each attempt is judged by itself."""

import pytest

from .conftest import Run

AGAIN = """
from functools import partial

import pytest

@pytest.hookimpl(tryfirst=True)
def pytest_runtest_protocol(item, nextitem):
    # As flaky and pytest-retry do: only the last of three attempts is reported.
    hook = item.ihook
    for attempt in range(3):
        item._initrequest()
        calls = [
            pytest.CallInfo.from_call(partial(run, item=item, **more), when)
            for when, run, more in (
                ("setup", hook.pytest_runtest_setup, {}),
                ("call", hook.pytest_runtest_call, {}),
                ("teardown", hook.pytest_runtest_teardown, {"nextitem": nextitem}),
            )
        ]
    for call in calls:
        hook.pytest_runtest_logreport(report=hook.pytest_runtest_makereport(item=item, call=call))
    return True
"""

TESTS = """
attempts = []

def test_better(paymock):
    attempts.append("better")
    assert not paymock.outcomes.pending
    if attempts.count("better") < 3:
        paymock.outcomes.queue("success")
        assert attempts.count("better") > 1

def test_worse(paymock):
    attempts.append("worse")
    if attempts.count("worse") == 3:
        paymock.outcomes.queue("success")
"""


def test_an_attempt_has_to_answer_for_itself_alone(project: pytest.Pytester, run: Run):
    project.makeconftest(AGAIN)
    project.makepyfile(test_shop=TESTS)
    result = run()
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(
        ["*_ test_worse _*", "paymock: the test queued outcomes that no payment used: success; *"]
    )
