"""``pytest --paymock-verify=URL``: the hooks of a shadow run, and what the terminal says of it.

Nothing of this is loaded in a run without the option. What came of a test's calls travels on its
last report as JSON text, so ``pytest-xdist`` takes it from a worker to the controller.
"""

import time
from collections import Counter
from collections.abc import Callable, Generator, Mapping
from json import dumps, loads
from typing import Any
from urllib.parse import urlsplit

import pytest

from pytest_paymock._pytest import imports

with imports.thawed_clock():  # see ``plugin.py``
    from pytest_paymock._api.http import Request, Response
    from pytest_paymock._pytest.guarded import lines_of, told_instead
    from pytest_paymock._report import labels
    from pytest_paymock._verify.calls import Answer, Call, Comparison, FakeState
    from pytest_paymock._verify.shadow import Shadow
    from pytest_paymock._verify.shadow_process import Caller, NoServiceError, ServiceReply
    from pytest_paymock.paymock import Paymock

_COMPARED = "paymock_verify"
"""The attribute of a report that holds what came of its test's calls."""

_SHOWN = 50
"""How many differences the terminal shows."""


def begin(config: pytest.Config) -> None:
    """Get ready for a shadow run, and see whether the service is there.

    Raises:
        pytest.UsageError: if it is not.
    """
    if config.option.collectonly:
        return
    url = config.option.paymock_verify
    if urlsplit(url).scheme not in ("http", "https") or not urlsplit(url).hostname:
        raise pytest.UsageError(
            f"--paymock-verify: a base URL begins with http:// or https://, not {url!r}"
        )
    run = _Run(url, strict=config.option.paymock_verify_strict)
    # The controller of pytest-xdist asks for all of its workers.
    if not hasattr(config, "workerinput"):
        try:
            run.caller.call("GET", "/api/v1/tokens/tok_unknown", b"", {})
        except NoServiceError as error:
            run.caller.close()
            raise pytest.UsageError(f"--paymock-verify: no answer from {url}: {error}") from None
    config.pluginmanager.register(run, _Run.NAME)


def follow(item: pytest.Item, fake: Paymock) -> None:
    """Let a fake of a test be followed."""
    run: Any = item.config.pluginmanager.get_plugin(_Run.NAME)
    run.follow(item, fake)


def shadow_of(
    fake: Paymock,
    call: Callable[[str, str, bytes, Mapping[str, str]], ServiceReply],
    suffix: str,
) -> Shadow:
    """Return a shadow that makes each call of a fake, too.

    Args:
        fake: that has had no call yet.
        call: makes a request to the service.
        suffix: stands behind the customers' names at the service.
    """

    def card_of(name: str) -> tuple[str, str] | None:
        found = fake.tokens.where(token=name)
        return (found[0].card_type, found[0].last_four_digits) if found else None

    state = FakeState(
        fake.clock.now,
        lambda: len(fake.tokens) + len(fake.payments) + len(fake.refunds),
        card_of,
    )
    shadow = Shadow(call, state, suffix)

    def tell(request: Request, response: Response | None) -> None:
        if response is None:
            shadow.pass_over()
        else:
            sent = Call(
                request.method, request.path, request.query, request.body, request.content_type
            )
            headers = dict(response.headers())
            shadow.follow(sent, Answer(response.status_code, headers, response.body))

    fake.let_follow(tell)
    return shadow


class _Run:
    """The shadow run of a process."""

    NAME = "paymock-verify"

    def __init__(self, url: str, *, strict: bool) -> None:
        self.caller = Caller(url)
        self._url = url
        self._strict = strict
        # So that no run meets customers of another one.
        self._suffix = f"{time.time_ns():x}"
        self._followed = 0
        self._shadows: dict[str, list[Shadow]] = {}
        self._found: dict[str, dict[str, Any]] = {}

    def follow(self, item: pytest.Item, fake: Paymock) -> None:
        """Make each call of a fake at the service, too."""
        self._followed += 1
        shadow = shadow_of(fake, self.caller.call, f"{self._suffix}-{self._followed}")
        self._shadows.setdefault(item.nodeid, []).append(shadow)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Put what came of a test's calls on its last report."""
        report = yield
        if call.when == "teardown" and item.nodeid in self._shadows:
            with told_instead(report, "how the service answered"):
                comparisons = [shadow.comparison for shadow in self._shadows.pop(item.nodeid)]
                setattr(report, _COMPARED, dumps(_summed(comparisons)))
        return report

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Keep it, in the process that shows the run as well."""
        found = vars(report).get(_COMPARED)
        if found is not None:
            # Another plugin may run a test again: then its last run counts.
            self._found[report.nodeid] = loads(found)

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Show what came of the whole run."""
        terminalreporter.section("paymock verify")
        for line in lines_of("how the service answered", self._lines):
            terminalreporter.line(line)

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Let the run fail for a difference, where that is wanted."""
        differs = any(found["differences"] for found in self._found.values())
        if self._strict and differs and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_unconfigure(self) -> None:
        """End the process that calls the service."""
        self.caller.close()

    def facts(self) -> dict[str, Any]:
        """Return what the report says of the run."""
        total: Counter[str] = Counter()
        for found in self._found.values():
            total.update(found["not_comparable"])
        return {
            "url": labels.shown(self._url),
            "compared": sum(found["compared"] for found in self._found.values()),
            "differences": [
                {"test": labels.shown(name), **difference}
                for name, found in sorted(self._found.items())
                for difference in found["differences"]
            ],
            "not_comparable": dict(sorted(total.items())),
        }

    def _lines(self) -> list[str]:
        facts = self.facts()
        differences = Counter(
            (each["test"], each["call"], each["what"]) for each in facts["differences"]
        )
        total = differences.total()
        lines = [f"{facts['compared']} calls compared with {facts['url']}, {total} differ"]
        for (test, call, what), times in list(differences.items())[:_SHOWN]:
            lines.append(f"{test}: {call}{f' ({times} times)' if times > 1 else ''}")
            lines.append(f"  {what}")
        if len(differences) > _SHOWN:
            lines.append(f"and {len(differences) - _SHOWN} more, which the report shows")
        lines += [
            f"{count} not comparable: {reason}" for reason, count in facts["not_comparable"].items()
        ]
        return lines


def facts_of(config: pytest.Config) -> dict[str, Any]:
    """Return what the report says of the shadow run that this is."""
    run: Any = config.pluginmanager.get_plugin(_Run.NAME)
    facts: dict[str, Any] = run.facts()
    return facts


def _summed(comparisons: list[Comparison]) -> dict[str, Any]:
    reasons: Counter[str] = Counter()
    for each in comparisons:
        reasons.update(each.not_comparable)
    return {
        "compared": sum(each.compared for each in comparisons),
        "differences": [
            {"call": labels.shown(call), "what": labels.shown(what)}
            for each in comparisons
            for call, what in each.differences
        ],
        "not_comparable": dict(reasons),
    }
