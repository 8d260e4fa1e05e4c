"""What explains a failure must not hide it: whatever it raises becomes one line of the section.

A test may have replaced what we build upon, such as ``json.loads`` or ``datetime.datetime``, and
pytest-timeout raises its alarm wherever the run happens to be. Ctrl-C still ends the run.
"""

from collections.abc import Callable, Generator
from contextlib import contextmanager

import pytest

from pytest_paymock._text.messages import not_shown
from pytest_paymock._text.shorten import wrapped

_SECTION = "paymock"

FAILURES = (Exception, pytest.fail.Exception)
"""What can be raised instead of what was to be shown; the second is how pytest-timeout ends a test.
"""


def add_section(report: pytest.TestReport, text: str) -> None:
    """Show a text under a failure.

    In the failure's own words where pytest has made them, since other plugins and the JUnit file
    take those, and ``--show-capture=no`` does not hide them.
    """
    add = getattr(report.longrepr, "addsection", None)
    if add is None:
        report.sections.append((_SECTION, text))
    else:
        add(_SECTION, text)


def lines_of(what: str, make: Callable[[], list[str]]) -> list[str]:
    """Return lines to show, or why they cannot be shown.

    Args:
        what: the lines are about, for the message.
        make: returns them.
    """
    try:
        return make()
    except FAILURES as error:
        return wrapped(not_shown(what, error))


@contextmanager
def told_instead(report: pytest.TestReport, what: str) -> Generator[None]:
    """Let what the block raises become a line under the report.

    An alarm of pytest-timeout that comes within fails the test, as it does anywhere else.

    Args:
        report: of a phase of a test.
        what: the block wants to show, for the message.
    """
    try:
        yield
    except FAILURES as error:
        line = not_shown(what, error)
        if isinstance(error, pytest.fail.Exception) and report.passed:
            report.outcome, report.longrepr = "failed", line
        else:
            add_section(report, line)
