"""The hooks of a run that uses the fake; ``plugin.py`` registers them for one.

Nothing of this is loaded in a run that does not.
"""

from collections.abc import Generator, Iterable, Mapping, Sequence
from functools import partial
from typing import Any

import pytest

from pytest_paymock._pytest import imports

with imports.thawed_clock():  # see ``plugin.py``
    from pytest_paymock import __version__
    from pytest_paymock._checks import caller
    from pytest_paymock._intercept import registry
    from pytest_paymock._options import settings_of
    from pytest_paymock._pytest import options, summary
    from pytest_paymock._pytest.guarded import add_section, lines_of, told_instead
    from pytest_paymock._pytest.reporting import failure_of, note_briefly, note_facts, reproduction
    from pytest_paymock._text import messages, tables
    from pytest_paymock._text.shorten import wrapped
    from pytest_paymock.errors import BlockedRequestError, PaymockWarning
    from pytest_paymock.paymock import Paymock


class _Fakes(list[Paymock]):
    """The fakes of one attempt to run a test.

    ``answered`` says whether the test has failed already, so that nothing more is checked.
    """

    answered = False

    def __init__(self) -> None:
        super().__init__()
        self.of_subtests: list[tuple[str, str]] = []


_FAKES = pytest.StashKey[_Fakes]()
_FAILURES = pytest.StashKey[list[str]]()


def fakes_of(item: pytest.Item) -> _Fakes:
    """Return the fakes of a test, to which more can be added."""
    fakes = item.stash.get(_FAKES, None)
    if fakes is None:
        fakes = item.stash[_FAKES] = _Fakes()
    return fakes


def verify(fakes: Iterable[Paymock]) -> None:
    """Fail the test for what its fakes find, without our frames in the traceback."""
    for problem in filter(None, map(_problem, fakes)):
        pytest.fail(f"paymock: {problem}", pytrace=False)


def _problem(fake: Paymock) -> str | None:
    fake.checks.end_loops()
    try:
        fake.verify()
    except (AssertionError, PaymockWarning) as problem:  # a warning, where warnings are errors
        return str(problem)
    return None


def _verify_network(fakes: Iterable[Paymock]) -> None:
    """Fail the test in which a request was stopped, also with a fake of a wider fixture."""
    problem = ""
    try:
        for fake in fakes:
            fake.checks.verify_network()
    except BlockedRequestError as error:
        problem = str(error)
    if problem:
        pytest.fail(f"paymock: {problem}", pytrace=False)


def begin(config: pytest.Config, *, server: bool = False, header: bool = True) -> None:
    """Register the hooks, unless that was done.

    Args:
        config: the run's.
        server: whether the live server is used as well.
        header: whether to show version, seed and base URL; False if no test uses a fixture of ours.
    """
    if server:
        import_server()
    if config.pluginmanager.has_plugin(_PerTest.NAME):
        return
    options.configured(config)
    summary.begin(config)
    config.pluginmanager.register(_PerTest(header=header), _PerTest.NAME)


def import_server() -> str:
    """Import the live server, and return what is missing for it, if anything is."""
    from pytest_paymock.server import messages

    try:
        with imports.thawed_clock():
            import pytest_paymock.server.running  # noqa: F401
    except ModuleNotFoundError as error:
        return messages.extra_missing("paymock_server", error.name)
    return ""


class _PerTest:
    """The hooks of a run that uses the fake."""

    NAME = "paymock-per-test"
    _running: _Fakes | None = None

    def __init__(self, *, header: bool) -> None:
        self._header = header

    def pytest_report_collectionfinish(self, config: pytest.Config) -> list[str]:
        """Show version, seed and base URL once."""
        if config.get_verbosity() < 0 or not self._header:
            return []
        settings = settings_of(options.configured(config))
        note = messages.profile_note(settings.profile)
        return [f"paymock {__version__}: seed {settings.seed}, base URL {settings.base_url}{note}"]

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        """Forget an earlier attempt. Some plugins that run a test again keep the item."""
        item.stash[_FAKES] = _Fakes()

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self, item: pytest.Item) -> Generator[None, Any, Any]:
        """Check the fakes when the test has passed: a failure of the test itself comes first."""
        fakes = self._running = fakes_of(item)
        try:
            result = yield
            if not _kept_errors(item):
                verify(fakes)
                wider = [fake for fake in _all_of(item, fakes) if fake not in fakes]
                _verify_network(wider)
                if not fakes and not wider:
                    _warn_of_idle_marker(item)
        except BaseException:
            fakes.answered = True  # some plugins that run a test again ask for no report
            raise
        else:
            return result
        finally:
            self._running = None

    @pytest.hookimpl(wrapper=True)
    def pytest_assertrepr_compare(
        self, left: object, right: object
    ) -> Generator[None, list[Iterable[str]], list[Iterable[str]]]:
        """Say why, where a test expected another status: pytest shows two words that differ."""
        explained = yield
        fakes = self._running
        if fakes and explained and isinstance(left, str) and isinstance(right, str):
            said, *others = explained
            reasons = lines_of("why", lambda: _reasons(fakes, left) or _reasons(fakes, right))
            return [[*said, *([""] if reasons else []), *reasons], *others]
        return explained

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_teardown(self) -> Generator[None, Any, Any]:
        """Take away what another mock covered, once all fixtures have ended."""
        try:
            return (yield)
        finally:
            registry.tidy()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Keep what a subtest printed: the report of its test does not show it."""
        if self._running and hasattr(report, "context"):
            self._running.of_subtests += report.sections

    @pytest.hookimpl(wrapper=True, trylast=True, specname="pytest_runtest_makereport")
    def pytest_show_under_failure(  # pytest takes no hook of another name
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Show what happened under a test that failed.

        Before the hooks of other plugins, so that those which write files have it as well.
        """
        report = yield
        if call.excinfo is not None and report.failed:
            _show(item, report)
        return report

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Attach what is known of a test to its report, and forget its fakes at the end."""
        fakes = fakes_of(item)
        ended_by = next(iter(_kept_errors(item)), call.excinfo)
        # Before pytest puts it into words.
        problem = lines_of("in which world it failed", lambda: _blame(item, fakes, ended_by))
        report = yield
        if problem:
            add_section(report, "\n".join(problem))
        fakes.answered |= not report.passed  # the test's own failure comes first, and alone
        if not report.passed:
            for fake in _all_of(item, fakes):
                fake.checks.take_blocked()
        is_shown = report.failed
        with told_instead(report, "what the guards found in the output"):
            over = self._running is None and report.when in ("call", "teardown")
            if over and report.passed and (report.sections or fakes.of_subtests):
                _look_for_leaks(fakes, report)
        if report.failed and not is_shown:
            _show(item, report)
        with told_instead(report, "what is known of this test to the summary and the report"):
            _note(item, call, report, fakes)
        if report.when == "teardown":
            with told_instead(report, "that this test has ended"):
                _forget(item)
        return report


def _warn_of_idle_marker(item: pytest.Item) -> None:
    """Warn that a test's own marker has no effect. A class's may be for its other tests."""
    if not any(marker.name == "paymock" for marker in item.own_markers):
        return
    words = (
        "@pytest.mark.paymock has no effect on a test without a fake: ask for the fixture "
        "paymock, paymock_factory or paymock_server"
    )
    problem = ""
    try:
        caller.warn(words, place_of(item))
    except PaymockWarning:  # where warnings are errors
        problem = words
    if problem:
        pytest.fail(f"paymock: {problem}", pytrace=False)


def place_of(item: pytest.Item) -> caller.SourceLocation:
    """Return where a test stands, as a value: nothing of the test itself is held by its fakes."""
    file, line, _ = item.location  # pytest has asked for it, and keeps it
    module = getattr(item, "module", None)
    name = module.__name__ if module else item.path.stem  # a doctest has no module
    return caller.SourceLocation(f"{item.config.rootpath}/{file}", (line or 0) + 1, name)


def _kept_errors(item: pytest.Item) -> Sequence[pytest.ExceptionInfo[BaseException]]:
    """Return what ended a method of a ``unittest.TestCase``, which pytest raises later."""
    return getattr(item, "_excinfo", None) or ()


def _blame(
    item: pytest.Item, own: _Fakes, ended_by: pytest.ExceptionInfo[BaseException] | None
) -> list[str]:
    """Let the explored world in which a test has ended count as failed."""
    if ended_by is not None:
        for fake in _all_of(item, own):
            fake.checks.blame_world(ended_by.value)
    return []


def _show(item: pytest.Item, report: pytest.TestReport) -> None:
    own = fakes_of(item)
    fakes = _all_of(item, own)
    if fakes:
        with told_instead(report, "what happened in this test"):
            add_section(report, _section(item, fakes, own))


def _note(
    item: pytest.Item, call: pytest.CallInfo[None], report: pytest.TestReport, own: _Fakes
) -> None:
    """Keep why a phase failed; attach what is known of the test to its last report."""
    failures = item.stash.setdefault(_FAILURES, [])
    fakes = _all_of(item, own)
    if fakes and report.failed:
        failures.append(failure_of(call, report))
    if report.when == "teardown":
        if fakes and item.config.option.paymock_report:
            note_facts(report, fakes, reproduction(item, own), failures)
        if own:
            note_briefly(report, own)


def _forget(item: pytest.Item) -> None:
    del item.stash[_FAKES], item.stash[_FAILURES]
    for value in _given(item).values():
        if isinstance(value, Paymock) and value.checks.is_by_hand:
            value.checks.leave_test()


def _all_of(item: pytest.Item, own: Iterable[Paymock] | None) -> Sequence[Paymock]:
    """Return a test's own fakes, and those of wider fixtures, such as one for a module."""
    wider = (value for value in _given(item).values() if isinstance(value, Paymock))
    return tuple(dict.fromkeys([*(own or ()), *wider]))


def _given(item: pytest.Item) -> Mapping[str, Any]:
    """Return what fixtures have given to a test, by their names."""
    return getattr(item, "funcargs", None) or {}


def _reasons(fakes: _Fakes, value: str) -> list[str]:
    return tables.reasons(value, [one for fake in fakes for one in fake.payments])


def _section(item: pytest.Item, fakes: Sequence[Paymock], own: Iterable[Paymock]) -> str:
    lines: list[str] = []
    for fake in fakes:
        lines += lines_of("what happened in this test", partial(_wrapped_report, fake))
    lines += lines_of(
        "how to run this test alone", lambda: [f"reproduce: {reproduction(item, own)}"]
    )
    return "\n".join(lines)


def _wrapped_report(fake: Paymock) -> list[str]:
    return [part for line in fake.report() for part in wrapped(line)]


def _look_for_leaks(fakes: _Fakes, report: pytest.TestReport) -> None:
    """Let the guards read what the test printed and logged, which pytest has only now."""
    # By the time of the teardown, the rest has been looked at.
    phase = "teardown" if report.when == "teardown" else ""
    sections = [*report.sections, *fakes.of_subtests]
    texts = [
        (title.lower(), text)
        for title, text in sections
        if "Captured" in title and title.endswith(phase)
    ]
    try:
        for fake in fakes:
            fake.checks.act_on(fake.checks.leaks_in(texts))
    except (AssertionError, PaymockWarning) as problem:  # a warning, where warnings are errors
        report.outcome = "failed"
        report.longrepr = f"paymock: {problem}"
