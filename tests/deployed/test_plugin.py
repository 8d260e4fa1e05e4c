"""What pytest shows under the profile, and that the options lead to it."""

import pytest

from tests.contract.documents import NOW
from tests.plugin.conftest import Run, anywhere, project, run
from tests.plugin.reading import sections

__all__ = ["anywhere", "project", "run"]

FAILING = """
import httpx
import pytest

{mark}
def test_it(paymock):
    url = f"{{paymock.base_url}}/api/v1/payments"
    assert httpx.post(url, content=b"nope").status_code == 400
"""

LINES = [
    f"base URL http://localhost:8000, seed 0, clock {NOW} UTC (pinned),",
    "       profile deployed",
    "calls:",
    "  1  httpx  POST /api/v1/payments  422  body.0: JSON decode error",
]


@pytest.mark.parametrize(
    ("ini", "mark", "flags", "more"),
    [
        ("", "", ("--paymock-profile=deployed",), " --paymock-profile=deployed"),
        ("paymock_profile = deployed", "", (), ""),
        ("", '@pytest.mark.paymock(profile="deployed")', (), ""),
        (
            "",
            '@pytest.mark.paymock(profile="deployed")',
            ("--paymock-profile=documented",),
            " --paymock-profile=documented",
        ),
    ],
    ids=["command line", "ini", "marker", "marker over command line"],
)
def test_a_failing_test_shows_the_profile_and_can_be_repeated(
    project: pytest.Pytester, run: Run, ini: str, mark: str, flags: tuple[str, ...], more: str
) -> None:
    project.makeini(f"[pytest]\npaymock_clock = 2026-01-27T12:00:00\n{ini}\n")
    project.makepyfile(test_it=FAILING.format(mark=mark))
    (section,) = sections(run(*flags))
    repeat = "reproduce: pytest test_it.py::test_it "
    *lines, last = section.splitlines()
    assert lines == LINES
    words = last.removeprefix(repeat).split()
    assert last.startswith(repeat)
    assert sorted(words) == sorted(["--paymock-seed=0", *more.split()])
    assert sections(run("test_it.py::test_it", *words)) == [section]


def test_the_header_shows_it_where_it_is_configured(project: pytest.Pytester, run: Run) -> None:
    project.makepyfile(test_it=FAILING.format(mark=""))
    shown = run("--paymock-profile=deployed").outlines
    (header,) = [line for line in shown if line.startswith("paymock 0")]
    assert header.endswith(": seed 0, base URL http://localhost:8000, profile deployed")
    (header,) = [line for line in run().outlines if line.startswith("paymock 0")]
    assert header.endswith(": seed 0, base URL http://localhost:8000")


@pytest.mark.usefixtures("project")
def test_a_wrong_profile_lists_those_that_there_are(run: Run) -> None:
    result = run("--paymock-profile=real")
    result.stderr.fnmatch_lines(
        ["*--paymock-profile: profile must be one of documented, deployed, not 'real'"]
    )
