"""The pytest plugin: fixtures, markers, options, and what a failing test shows.

pytest loads this module in every run of every project that has it installed, so it imports nothing
but pytest. When collection has found a test that asks for a fixture of ours, a second plugin with
the hooks that need to run per test is registered and the fake is imported: then, and not inside the
test, because a clock that the test has frozen would spoil the first import of pydantic for the
whole run.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import pytest

from pytest_paymock import options

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Iterator, Sequence

    from pytest_paymock.paymock import Paymock
    from pytest_paymock.server.fake import ServerPaymock
    from pytest_paymock.server.running import LiveServer

FIXTURES = ("paymock", "paymock_factory")
SERVER_FIXTURE = "paymock_server"


class _Fakes(list["Paymock"]):
    """The fakes of one test, and whether the test has answered for them."""

    answered = False

    def __init__(self) -> None:
        super().__init__()
        self.of_subtests: list[tuple[str, str]] = []

    def verify(self) -> None:
        """Fail the test for what it left over, without our frames in the traceback."""
        for problem in filter(None, map(_problem, self)):
            pytest.fail(f"paymock: {problem}", pytrace=False)


_FAKES = pytest.StashKey[_Fakes]()
_FAILURES = pytest.StashKey[list[str]]()


def _problem(fake: Paymock) -> str | None:
    from pytest_paymock.errors import PaymockWarning

    try:
        fake.verify()
    except (AssertionError, PaymockWarning) as problem:  # a warning, where warnings are errors
        return str(problem)
    return None


def pytest_addoption(parser: pytest.Parser) -> None:
    """Declare the options."""
    # Only where a run in this process has used the fake before us, as under pytester.
    if hasattr(sys.modules["pytest_paymock"], "late_imports"):
        _late_imports().forget_vanished_modules()
    options.declare(parser)


def pytest_configure(config: pytest.Config) -> None:
    """Declare the marker, and settle a random seed."""
    config.addinivalue_line(
        "markers",
        "paymock(base_url=..., seed=..., ...): options of the paymock fixture for this test; "
        "see the README of pytest-paymock.",
    )
    options.settle(config)
    if config.getoption("paymock_report"):
        from pytest_paymock import reporting

        reporting.begin(config)


def pytest_report_header(config: pytest.Config) -> str | None:
    """Show a seed that was asked for on the command line, ``random`` included."""
    seed = config.getoption("paymock_seed")
    return None if seed is None else f"paymock: seed {seed}"


@pytest.hookimpl(tryfirst=True)
def pytest_collection_finish(session: pytest.Session) -> None:
    """Import the fake and register the per-test hooks, if a test uses a fixture of ours."""
    asked = {name for item in session.items for name in getattr(item, "fixturenames", ())}
    if SERVER_FIXTURE in asked:
        _import_server()
    if asked.intersection((*FIXTURES, SERVER_FIXTURE)):
        _begin(session.config)
    elif "pytest_paymock.paymock" in sys.modules:  # a test may have made a fake for itself
        _begin(session.config, header=False)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Show what guards found, what was stopped and explored, and where the report is."""
    asked = terminalreporter.config.getoption("paymock_report")
    reports = (report for known in terminalreporter.stats.values() for report in known)
    # Under pytest-xdist, only the reports tell this process that a test used the fake.
    if asked or any(hasattr(report, "paymock") for report in reports):
        from pytest_paymock import reporting

        reporting.show_summary(terminalreporter)


def _late_imports() -> Any:
    from pytest_paymock import late_imports

    return late_imports


def _begin(config: pytest.Config, *, header: bool = True) -> None:
    if config.pluginmanager.has_plugin(_PerTest.NAME):
        return
    with _late_imports().thawed_clock():
        import pytest_paymock.paymock  # noqa: F401  # see the module's docstring

    options.configured(config)
    config.pluginmanager.register(_PerTest(header=header), _PerTest.NAME)


def _import_server() -> str:
    """Import the live server, and return what is missing for it, if anything is."""
    from pytest_paymock.server import words

    try:
        with _late_imports().thawed_clock():
            import pytest_paymock.server.running  # noqa: F401
    except ModuleNotFoundError as error:
        return words.extra_missing(SERVER_FIXTURE, error.name)
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
        from pytest_paymock import __version__, describe
        from pytest_paymock.settings import settings_of

        settings = settings_of(options.configured(config))
        note = describe.profile_note(settings.profile)
        return [f"paymock {__version__}: seed {settings.seed}, base URL {settings.base_url}{note}"]

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self, item: pytest.Item) -> Generator[None, Any, Any]:
        """Check the fakes when the test has passed: a failure of the test itself comes first."""
        self._running = item.stash.get(_FAKES, None)
        try:
            result = yield
        finally:
            self._running = None
        item.stash.get(_FAKES, _Fakes()).verify()
        return result

    @pytest.hookimpl(wrapper=True)
    def pytest_assertrepr_compare(
        self, left: object, right: object
    ) -> Generator[None, list[Iterable[str]], list[Iterable[str]]]:
        """Say why, where a test expected another status: pytest shows two words that differ."""
        explained = yield
        if self._running and explained and isinstance(left, str) and isinstance(right, str):
            said, *others = explained
            reasons = _reasons(self._running, left) or _reasons(self._running, right)
            return [[*said, *([""] if reasons else []), *reasons], *others]
        return explained

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_teardown(self) -> Generator[None, Any, Any]:
        """Take away what another mock covered, once all fixtures have ended."""
        from pytest_paymock.intercept.clients import settle

        try:
            return (yield)
        finally:
            settle()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Keep what a subtest printed: the report of its test does not show it."""
        if self._running and hasattr(report, "context"):
            self._running.of_subtests += report.sections

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, Any, Any]:
        """Show what happened under a test that failed, and let go of the fakes after the last."""
        from pytest_paymock.reporting import failure_of, note

        report = yield
        fakes = item.stash.get(_FAKES, None)
        if fakes and not report.passed:
            fakes.answered = True  # the test's own failure comes first, and alone
        over = self._running is None and report.when in ("call", "teardown")
        if fakes and over and report.passed:
            _look_for_leaks(fakes, report)
        told = _all_of(item, fakes) if report.failed or report.when == "teardown" else ()
        if told and report.failed:
            report.sections.append(("paymock", _section(item, told)))
            item.stash.setdefault(_FAILURES, []).append(failure_of(call, report))
        if report.when == "teardown":
            failures = item.stash.get(_FAILURES, [])
            if told:
                note(report, item, fakes or (), told, [words for words in failures if words])
            item.stash[_FAILURES] = []
            if fakes is not None:
                del item.stash[_FAKES]
        return report


def _all_of(item: pytest.Item, own: Iterable[Paymock] | None) -> Sequence[Paymock]:
    """Return a test's own fakes, and those of wider fixtures, such as one for a module."""
    from pytest_paymock.paymock import Paymock

    given = getattr(item, "funcargs", None) or {}
    wider = (value for value in given.values() if isinstance(value, Paymock))
    return tuple(dict.fromkeys([*(own or ()), *wider]))


def _reasons(fakes: _Fakes, value: str) -> list[str]:
    from pytest_paymock import describe_ledger

    return describe_ledger.reasons(value, [one for fake in fakes for one in fake.payments])


def _section(item: pytest.Item, fakes: Sequence[Paymock]) -> str:
    from pytest_paymock.folding import wrapped
    from pytest_paymock.reporting import reproduction

    lines = [part for fake in fakes for line in fake.report() for part in wrapped(line)]
    return "\n".join([*lines, f"reproduce: {reproduction(item, fakes)}"])


def _look_for_leaks(fakes: _Fakes, report: pytest.TestReport) -> None:
    """Let the guards read what the test printed and logged; pytest knows it only by now."""
    from pytest_paymock.errors import PaymockWarning

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
            fake.act_on(fake.leaks_in(texts))
    except (AssertionError, PaymockWarning) as problem:  # a warning, where warnings are errors
        report.outcome = "failed"
        report.longrepr = f"paymock: {problem}"


def _options_of(item: pytest.Item) -> dict[str, Any]:
    from pytest_paymock.errors import UsageError

    wrong = ""
    try:
        return options.effective(item)
    except UsageError as error:
        wrong = str(error)
    pytest.fail(f"paymock: usage error: {wrong}", pytrace=False)


@pytest.fixture
def paymock_factory(request: pytest.FixtureRequest) -> Iterator[Callable[..., Paymock]]:
    """Make more than one fake in a test: ``paymock_factory(base_url=...)``.

    Takes the options of ``Paymock``; what is not given comes from markers, command line and ini
    file. Each is active at once, and all end with the test.
    """
    _begin(request.config)  # before the import below, which it makes safe
    from pytest_paymock.paymock import Paymock

    defaults = _options_of(request.node)
    fakes = request.node.stash.setdefault(_FAKES, _Fakes())

    def make(**given: Any) -> Paymock:
        __tracebackhide__ = True
        fake = Paymock(**{**defaults, **given})
        fake.start()
        fakes.append(fake)
        return fake

    yield make
    for fake in reversed(fakes):
        fake.stop()
    if not fakes.answered:
        fakes.verify()
    for fake in fakes:
        fake.warn_of_threads()


@pytest.fixture
def paymock(paymock_factory: Callable[..., Paymock]) -> Paymock:
    """Fake the Payment Mock API for this test: every call to the base URL is answered in memory."""
    return paymock_factory()


@pytest.fixture(scope="session")
def _paymock_live_server() -> Iterator[LiveServer]:
    """Run one server a session, and none in a session without a test that needs it."""
    missing = _import_server()
    if missing:
        pytest.fail(f"paymock: {missing}", pytrace=False)
    from pytest_paymock.server.running import LiveServer

    # FastAPI and uvicorn import some of pydantic only when they start.
    with _late_imports().thawed_clock():
        live = LiveServer()
        live.start()
    yield live
    live.stop()


@pytest.fixture
def paymock_server(
    request: pytest.FixtureRequest, _paymock_live_server: LiveServer
) -> Iterator[ServerPaymock]:
    """Fake the Payment Mock API behind a real HTTP server, at ``paymock_server.url``.

    For what cannot be intercepted: subprocesses, browsers, other languages, other HTTP libraries.
    The server runs for the whole session; its state is new in each test. Needs the extra
    ``pytest-paymock[server]``.
    """
    from pytest_paymock.server.fake import ServerPaymock

    _begin(request.config)
    fakes = request.node.stash.setdefault(_FAKES, _Fakes())
    fake = ServerPaymock(_paymock_live_server, **_options_of(request.node))
    fake.start()
    fakes.append(fake)
    yield fake
    fake.stop()
    if not fakes.answered:
        fakes.verify()
