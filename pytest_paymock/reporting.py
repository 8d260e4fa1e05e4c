"""The report over a whole run, and the terminal summary, as pytest sees them.

Nothing of this is loaded in a run that neither uses the fake nor asks for a report. What is known
of a test travels on its last report as JSON text, so ``pytest-xdist`` takes it from a worker to the
controller, which makes the summary and the files.
"""

import json
from collections.abc import Callable, Iterable
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from pytest_paymock import __version__
from pytest_paymock.report import words

if TYPE_CHECKING:
    from pytest_paymock.paymock import Paymock
    from pytest_paymock.report.models import Report, TestFacts

BRIEF, FACTS = "paymock", "paymock_facts"
"""The attributes of a report that hold what is known of its test, for the summary and the files.

Both are text, since not every number gets through the channel of a worker.
"""

_WORST_FIRST = ("failed", "error", "xfailed", "xpassed", "skipped", "passed")


# -- in the process that runs a test ----------------------------------------------------------


def note(
    report: pytest.TestReport,
    config: pytest.Config,
    fakes: Iterable["Paymock"],
    reproduce: Callable[[], str],
) -> None:
    """Attach what is known of a test to its last report.

    Args:
        report: that of its teardown.
        config: the run's; the whole facts are collected only where a report was asked for.
        fakes: those of the test.
        reproduce: returns the command that runs the test alone.
    """
    evidence = [fake.evidence() for fake in fakes]
    setattr(report, BRIEF, json.dumps(words.brief_of(evidence)))
    if config.getoption("paymock_report"):
        from pytest_paymock.report.collect import facts_of

        facts = {
            "name": words.shown(report.nodeid),
            "reproduce": words.shown(reproduce()),
            "fakes": [facts_of(one).model_dump(mode="json") for one in evidence],
        }
        setattr(report, FACTS, json.dumps(facts))


# -- in the process that shows the run --------------------------------------------------------


def show_summary(terminal: pytest.TerminalReporter) -> None:
    """Write the terminal summary, if there is something to say."""
    # By name, since another plugin may run a test again: then its last run counts.
    tests = {
        report.nodeid: words.Noted(words.shown(report.nodeid), json.loads(getattr(report, BRIEF)))
        for reports in terminal.stats.values()
        for report in reports
        if isinstance(report, pytest.TestReport) and hasattr(report, BRIEF)
    }
    lines = words.summary(list(tests.values()), quiet=terminal.config.get_verbosity() < 0)
    writer = terminal.config.pluginmanager.get_plugin(_Writer.NAME)
    if writer is not None:
        lines += writer.lines
    if lines:
        terminal.section("paymock")
        for line in lines:
            terminal.line(line)


def begin(config: pytest.Config) -> None:
    """Get ready to write the reports that were asked for.

    Raises:
        pytest.UsageError: for a file that cannot be written, or not in this way.
    """
    if hasattr(config, "workerinput") or config.option.collectonly:
        return
    here = config.invocation_params.dir
    files = {value: _checked(value, here) for value in config.getoption("paymock_report")}
    config.pluginmanager.register(_Writer(files), _Writer.NAME)


def _checked(value: str, here: Path) -> Path:
    from pytest_paymock.engine.masking import quoted

    path = here / value
    if path.suffix.lower() not in (".html", ".json"):
        raise pytest.UsageError(words.wrong_suffix(quoted(value)))
    if path.suffix.lower() == ".html" and find_spec("jinja2") is None:
        raise pytest.UsageError(words.extra_missing(value))
    try:
        path = here / Path(value).expanduser()
        path.parent.mkdir(parents=True, exist_ok=True)
        is_new = not path.exists()
        path.open("ab").close()
        if is_new:
            path.unlink()
    except (OSError, RuntimeError, ValueError) as error:  # no such home, a name with a NUL
        raise pytest.UsageError(words.cannot_write(value, error)) from None
    return path


class _Writer:
    """Collects the facts of all tests, and writes the files when the run has ended.

    Args:
        files: where to, by the names that were given.
    """

    NAME = "paymock-report"

    def __init__(self, files: dict[str, Path]) -> None:
        self.lines: list[str] = []
        self._files = files
        self._phases: dict[str, list[str]] = {}
        self._tests: dict[str, TestFacts] = {}
        self._crashed = False

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Remember how a phase of a test ended; after the last one, the test's facts."""
        if report.when not in ("setup", "call", "teardown"):
            self._crashed = True  # pytest-xdist has lost the process, and what was known in it
            return
        phases = self._phases.setdefault(report.nodeid, [])
        if report.failed or not hasattr(report, "context"):  # a subtest that passed says nothing
            phases.append(_outcome_of(report))
        if report.when != "teardown":
            return
        del self._phases[report.nodeid]
        facts = vars(report).pop(FACTS, None)
        if facts is not None:
            from pytest_paymock.report.models import TestFacts

            outcome = min(phases, key=_WORST_FIRST.index)
            known = {"outcome": outcome, **json.loads(facts)}
            # Another plugin may run a test again: then its last run counts.
            self._tests[report.nodeid] = TestFacts.model_validate(known)

    def pytest_sessionfinish(self, session: pytest.Session, exitstatus: int) -> None:
        """Write the files, however the run ended."""
        from pytest_paymock.report.document import report_of

        stopped = session.shouldfail or session.shouldstop or self._crashed
        report = report_of(
            list(self._tests.values()),
            version=__version__,
            interrupted=bool(stopped) or exitstatus == pytest.ExitCode.INTERRUPTED,
        )
        for name, path in self._files.items():
            try:
                path.write_text(_rendered(report, path), encoding="utf-8", newline="\n")
                self.lines.append(words.written(name))
            except OSError as error:
                self.lines.append(words.not_written(name, error))
                session.exitstatus = pytest.ExitCode.USAGE_ERROR


def _outcome_of(report: pytest.TestReport) -> str:
    expected = hasattr(report, "wasxfail")
    if report.failed:
        return "failed" if report.when == "call" else "error"
    if report.skipped:
        return "xfailed" if expected else "skipped"
    return "xpassed" if expected else "passed"


def _rendered(report: "Report", path: Path) -> str:
    if path.suffix.lower() == ".json":
        from pytest_paymock.report.document import as_json

        return as_json(report)
    from pytest_paymock.report.page import as_html

    return as_html(report)
