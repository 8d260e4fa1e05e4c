"""The hooks and fixtures of a run that uses the fake; ``plugin.py`` registers them for one.

Nothing of this is loaded in a run that does not.
"""

from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

import pytest

from pytest_paymock import late_imports

with late_imports.thawed_clock():  # see ``plugin.py``
    from pytest_paymock import __version__, describe, describe_ledger, options, summary
    from pytest_paymock.errors import PaymockWarning, UsageError, WrongTypeError
    from pytest_paymock.paymock import Paymock
    from pytest_paymock.settings import settings_of
    from pytest_paymock.whereabouts import Place

if TYPE_CHECKING:
    from pytest_paymock.server.fake import ServerPaymock
    from pytest_paymock.server.running import LiveServer


class _Fakes(list[Paymock]):
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
    try:
        fake.verify()
    except (AssertionError, PaymockWarning) as problem:  # a warning, where warnings are errors
        return str(problem)
    return None


_LIVE_SERVER = pytest.StashKey["LiveServer"]()


def begin(config: pytest.Config, *, server: bool = False, header: bool = True) -> None:
    """Register the hooks, unless that was done.

    Args:
        config: the run's.
        server: whether the live server is used as well.
        header: whether to show version, seed and base URL; not where no fixture of ours has them.
    """
    if server:
        _import_server()
    if config.pluginmanager.has_plugin(_PerTest.NAME):
        return
    options.configured(config)
    summary.begin(config)
    config.pluginmanager.register(_PerTest(header=header), _PerTest.NAME)


def _import_server() -> str:
    """Import the live server, and return what is missing for it, if anything is."""
    from pytest_paymock.server import words

    try:
        with late_imports.thawed_clock():
            import pytest_paymock.server.running  # noqa: F401
    except ModuleNotFoundError as error:
        return words.extra_missing("paymock_server", error.name)
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
    given = getattr(item, "funcargs", None) or {}
    wider = (value for value in given.values() if isinstance(value, Paymock))
    return tuple(dict.fromkeys([*(own or ()), *wider]))


def _reasons(fakes: _Fakes, value: str) -> list[str]:
    return describe_ledger.reasons(value, [one for fake in fakes for one in fake.payments])


def _section(item: pytest.Item, fakes: Sequence[Paymock]) -> str:
    from pytest_paymock.folding import wrapped
    from pytest_paymock.reporting import reproduction

    lines = [part for fake in fakes for line in fake.report() for part in wrapped(line)]
    return "\n".join([*lines, f"reproduce: {reproduction(item, fakes)}"])


def _look_for_leaks(fakes: _Fakes, report: pytest.TestReport) -> None:
    """Let the guards read what the test printed and logged; pytest knows it only by now."""
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
    wrong = ""
    try:
        return options.effective(item)
    except UsageError as error:
        wrong = str(error)
    pytest.fail(f"paymock: usage error: {wrong}", pytrace=False)


def _place_of(item: pytest.Item) -> Place:
    """Return where a test stands, as a value: nothing of the test itself is held by its fakes."""
    file, line, _ = item.location  # pytest has asked for it, and keeps it
    module = getattr(item, "module", None)
    name = module.__name__ if module else item.path.stem  # a doctest has no module
    return Place(f"{item.config.rootpath}/{file}", (line or 0) + 1, name)


def factory(request: pytest.FixtureRequest) -> Iterator[Callable[..., Paymock]]:
    """Yield what makes the fakes of a test, for the fixture ``paymock_factory``."""
    begin(request.config)
    defaults = _options_of(request.node)
    fakes = request.node.stash.setdefault(_FAKES, _Fakes())
    place = _place_of(request.node)

    def make(*unnamed: object, **given: Any) -> Paymock:
        __tracebackhide__ = True
        if unnamed:
            raise WrongTypeError(options.keywords_only("paymock_factory"))
        fake = Paymock(**{**defaults, **given})
        fake.belongs_at = place
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


def _live_server(session: pytest.Session) -> "LiveServer":
    """Run one server a session, and none in a session without a test that needs it."""
    live = session.stash.get(_LIVE_SERVER, None)
    if live is None:
        missing = _import_server()
        if missing:
            pytest.fail(f"paymock: {missing}", pytrace=False)
        from pytest_paymock.server.running import LiveServer

        # FastAPI and uvicorn import some of pydantic only when they start.
        with late_imports.thawed_clock():
            live = LiveServer()
            live.start()
        session.stash[_LIVE_SERVER] = live
        session.addfinalizer(live.stop)
    return live


def served(request: pytest.FixtureRequest) -> Iterator["ServerPaymock"]:
    """Yield the fake of a test behind a live server, for the fixture ``paymock_server``."""
    live = _live_server(request.session)
    from pytest_paymock.server.fake import ServerPaymock

    begin(request.config)
    fakes = request.node.stash.setdefault(_FAKES, _Fakes())
    fake = ServerPaymock(live, **_options_of(request.node))
    fake.belongs_at = _place_of(request.node)
    fake.start()
    fakes.append(fake)
    yield fake
    fake.stop()
    if not fakes.answered:
        fakes.verify()
