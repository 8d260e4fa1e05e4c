"""The report over a whole run, and the terminal summary, as pytest sees them.

Nothing of this is loaded in a run that neither uses the fake nor asks for a report. What is known
of a test travels on its last report as JSON text, so ``pytest-xdist`` takes it from a worker to the
controller, which makes the summary and the files.
"""

import os
from collections.abc import Iterable
from contextlib import suppress
from functools import lru_cache
from importlib.util import find_spec
from json import dumps, loads
from os.path import relpath
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from pytest_paymock import __version__
from pytest_paymock._card_numbers import masked_text, quoted
from pytest_paymock._pytest import options
from pytest_paymock._pytest.guarded import FAILURES, lines_of
from pytest_paymock._report import labels
from pytest_paymock._text import messages, worlds
from pytest_paymock.errors import BlockedRequestError, ExpectationError

if TYPE_CHECKING:
    from pytest_paymock._report.models import Report, ShadowFacts, TestFacts
    from pytest_paymock.paymock import Paymock

BRIEF, FACTS = "paymock", "paymock_facts"
"""The attributes of a report that hold what is known of its test, for the summary and the files.

Both are text, since not every number gets through the channel of a worker.
"""

_OURS = "paymock: "

_WORST_FIRST = ("failed", "error", "xfailed", "xpassed", "skipped", "passed")


# -- in the process that runs a test ----------------------------------------------------------


def reproduction(item: pytest.Item, fakes: Iterable["Paymock"]) -> str:
    """Return the command that runs a test alone, in the same way, and in the world that failed.

    Args:
        item: the test.
        fakes: those that take their options from the command line: not those of wider fixtures.
    """
    own = list(fakes)
    world = next((fake.failed_world for fake in own if fake.failed_world), None)
    flags = options.on_command_line(item.config, world, has_seed=bool(own))
    return messages.reproduction(_without_card(_path_from_here(item)), flags)


def _path_from_here(item: pytest.Item) -> str:
    """Return a test's name as a command takes it in the directory from which pytest was started."""
    file, *names = item.nodeid.split("::")
    here = item.config.invocation_params.dir
    with suppress(ValueError):  # another drive, on Windows
        file = relpath(item.config.rootpath / file, here).replace(os.sep, "/")
    return "::".join([file, *names])


def _without_card(test: str) -> str:
    """Return a test's name without its parameters if they hold a card number."""
    return test if masked_text(test) == test else masked_text(test.partition("[")[0])


def failure_of(call: pytest.CallInfo[None], report: pytest.TestReport) -> str:
    """Return why a test failed if the message is ours; others may repeat card data."""
    error = call.excinfo and call.excinfo.value
    if isinstance(error, ExpectationError | BlockedRequestError):
        text = str(error)
    else:  # what pytest.fail says, and what we found after the test
        said = getattr(error, "msg", None) or report.longrepr
        ours = isinstance(said, str) and said.startswith(_OURS)
        text = str(said).removeprefix(_OURS) if ours else ""
    world = next(
        (
            remark.removeprefix(worlds.IN_WORLD)
            for remark in getattr(error, "__notes__", ())
            if remark.startswith(worlds.IN_WORLD)
        ),
        "",
    )
    return labels.failure(text.partition("\n")[0], world.partition("\n")[0])


def note_briefly(report: pytest.TestReport, fakes: Iterable["Paymock"]) -> None:
    """Attach what the terminal summary needs of a test to its last report.

    Args:
        report: that of its teardown.
        fakes: those that ended with the test, whose findings are all its own.
    """
    seeds = tuple([fake.seed for fake in fakes])
    telling = [fake.checks.evidence(fake.clock) for fake in fakes if fake.checks.has_news]
    brief = dumps(labels.brief_of(seeds, telling)) if telling else _of_quiet_test(seeds)
    setattr(report, BRIEF, brief)


@lru_cache(maxsize=32)
def _of_quiet_test(seeds: tuple[int, ...]) -> str:
    """Return the summary's data of a test without findings, as nearly all are."""
    return dumps(labels.brief_of(seeds, ()))


def note_facts(
    report: pytest.TestReport,
    fakes: Iterable["Paymock"],
    command: str,
    failures: Iterable[str],
) -> None:
    """Attach what a report over the run says of a test to its last report.

    Args:
        report: that of its teardown.
        fakes: all that the test had.
        command: what runs it alone.
        failures: why it failed, if the message is ours; otherwise empty.
    """
    from pytest_paymock._report.collect import facts_of

    told, known = list(failures), []
    try:
        known = [
            facts_of(fake.checks.evidence(fake.clock)).model_dump(mode="json") for fake in fakes
        ]
    except FAILURES as error:
        told.append(messages.not_shown("what happened in this test", error))
    facts = {
        "name": labels.shown(report.nodeid),
        "failures": [labels.shown(failure) for failure in told if failure],
        "reproduce": labels.shown(command),
        "fakes": known,
    }
    setattr(report, FACTS, dumps(facts))


# -- in the process that shows the run --------------------------------------------------------


def show_summary(terminal: pytest.TerminalReporter) -> None:
    """Write the terminal summary, if there is something to say."""
    lines = lines_of("the summary of this run", lambda: _summary_lines(terminal))
    if lines:
        terminal.section("paymock")
        for line in lines:
            terminal.line(line)


def _summary_lines(terminal: pytest.TerminalReporter) -> list[str]:
    # By name, since another plugin may run a test again: then its last run counts.
    tests = {
        report.nodeid: labels.Noted(labels.shown(report.nodeid), loads(getattr(report, BRIEF)))
        for reports in terminal.stats.values()
        for report in reports
        if isinstance(report, pytest.TestReport) and hasattr(report, BRIEF)
    }
    lines = labels.summary(list(tests.values()), quiet=terminal.config.get_verbosity() < 0)
    writer = terminal.config.pluginmanager.get_plugin(_Writer.NAME)
    return lines if writer is None else [*lines, *writer.lines]


def begin(config: pytest.Config) -> None:
    """Prepare to write the reports that were asked for.

    Raises:
        pytest.UsageError: for a file that cannot be written, or not in this way.
    """
    if hasattr(config, "workerinput") or config.option.collectonly:
        return
    here = config.invocation_params.dir
    files = {value: _checked(value, here) for value in config.getoption("paymock_report")}
    config.pluginmanager.register(_Writer(files), _Writer.NAME)


def _checked(value: str, here: Path) -> Path:
    path = here / value
    if path.suffix.lower() not in (".html", ".json"):
        raise pytest.UsageError(labels.wrong_suffix(quoted(value)))
    if path.suffix.lower() == ".html" and find_spec("jinja2") is None:
        raise pytest.UsageError(labels.extra_missing(value))
    try:
        path = here / Path(value).expanduser()
        path.parent.mkdir(parents=True, exist_ok=True)
        is_new = not path.exists()
        path.open("ab").close()
        if is_new:
            path.unlink()
    except (OSError, RuntimeError, ValueError) as error:  # no such home, a name with a NUL
        raise pytest.UsageError(labels.cannot_write(value, error)) from None
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
        self._crashed: dict[str, None] = {}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Remember how a phase of a test ended; after the last one, the test's facts."""
        if report.when not in ("setup", "call", "teardown"):
            # pytest-xdist has lost the process, and what was known in it.
            self._crashed[report.nodeid] = None
            return
        phases = self._phases.setdefault(report.nodeid, [])
        if report.failed or not hasattr(report, "context"):  # a subtest that passed says nothing
            phases.append(_outcome_of(report))
        if report.when != "teardown":
            return
        del self._phases[report.nodeid]
        self._crashed.pop(report.nodeid, None)  # it was given to another worker
        facts = vars(report).pop(FACTS, None)
        if facts is not None:
            from pytest_paymock._report.models import TestFacts

            outcome = min(phases, key=_WORST_FIRST.index)
            known = {"outcome": outcome, **loads(facts)}
            # Another plugin may run a test again: then its last run counts.
            self._tests[report.nodeid] = TestFacts.model_validate(known)

    def pytest_sessionfinish(self, session: pytest.Session, exitstatus: int) -> None:
        """Write the files, even if the run was interrupted."""
        report = None
        for name, path in self._files.items():
            try:
                report = report or self._report(session, exitstatus)  # one moment for all files
                text = _rendered(report, path)
                path.write_text(text, encoding="utf-8", newline="\n")
                self.lines.append(labels.written(name))
            except Exception as error:  # noqa: BLE001 - the run must not end by it
                self.lines.append(labels.not_written(name, error))
                session.exitstatus = pytest.ExitCode.USAGE_ERROR

    def _report(self, session: pytest.Session, exitstatus: int) -> "Report":
        from pytest_paymock._report.document import report_of

        stopped = session.shouldfail or session.shouldstop or self._crashed
        return report_of(
            list(self._tests.values()),
            version=__version__,
            interrupted=bool(stopped) or exitstatus == pytest.ExitCode.INTERRUPTED,
            crashed=sorted(map(labels.shown, self._crashed)),
            verified=_shadow_facts(session.config),
        )


def _shadow_facts(config: pytest.Config) -> "ShadowFacts | None":
    if not config.option.paymock_verify:
        return None
    from pytest_paymock._pytest import shadow
    from pytest_paymock._report.models import ShadowFacts

    return ShadowFacts.model_validate(shadow.facts_of(config))


def _outcome_of(report: pytest.TestReport) -> str:
    expected = hasattr(report, "wasxfail")
    if report.failed:
        return "failed" if report.when == "call" else "error"
    if report.skipped:
        return "xfailed" if expected else "skipped"
    return "xpassed" if expected else "passed"


def _rendered(report: "Report", path: Path) -> str:
    if path.suffix.lower() == ".json":
        from pytest_paymock._report.document import as_json

        return as_json(report)
    from pytest_paymock._report.page import as_html

    return as_html(report)
