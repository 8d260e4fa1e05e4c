"""The checks at the end of a test: scripts, blocked requests, guards, threads."""

from collections.abc import Iterable
from typing import NamedTuple

from pytest_paymock._checks import caller, guards
from pytest_paymock._checks.guards import SWALLOWED_BLOCK, Finding
from pytest_paymock._checks.threads import busy_threads
from pytest_paymock._engine.card_leaks import CardWatch
from pytest_paymock._engine.clock import Clock
from pytest_paymock._engine.journal import Journal
from pytest_paymock._explore.process import Lives
from pytest_paymock._explore.world import World
from pytest_paymock._explore.worlds import Worlds
from pytest_paymock._intercept.mount import Mount
from pytest_paymock._options import Settings
from pytest_paymock._records.ledger import Ledger
from pytest_paymock._report.evidence import Evidence
from pytest_paymock._script.faults import FaultScript
from pytest_paymock._script.outcomes import OutcomeScript
from pytest_paymock._text import messages
from pytest_paymock.errors import BlockedRequestError, ExpectationError, is_for_caller

__tracebackhide__ = is_for_caller


class Past(NamedTuple):
    """How much of a fake's memory belongs to tests that have ended."""

    explorations: int = 0
    told: int = 0
    stopped: int = 0


class Checks:
    """What checks a test at its end, and remembers what was reported of it.

    Args:
        settings: of the fake.
        journal: where all of it happened.
        ledger: the same, as records.
        outcomes: the fake's script, of which nothing may be left over.
        faults: the same.
        cards: finds the card numbers that were sent.
        mount: knows what was stopped, and who called.
        lives: the processes of the application, which a crash ends.

    ``belongs_at`` is the line of the test, for warnings that come when the test has ended; None for
    a fake that no fixture made. ``explorations`` are those that the fake was asked for.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        journal: Journal,
        ledger: Ledger,
        outcomes: OutcomeScript,
        faults: FaultScript,
        cards: CardWatch,
        mount: Mount,
        lives: Lives,
    ) -> None:
        self.belongs_at: caller.SourceLocation | None = None
        self.explorations: list[Worlds[World]] = []
        self._settings = settings
        self._journal = journal
        self._ledger = ledger
        self._outcomes = outcomes
        self._faults = faults
        self._cards = cards
        self._mount = mount
        self._lives = lives
        self._found: list[Finding] = []
        self._told: list[str] = []
        self._stopped: list[str] = []
        self._explored_before = 0
        self._past = Past()

    @property
    def is_by_hand(self) -> bool:
        """Whether the test made it, so that options of the command line do not apply."""
        return self.belongs_at is None

    @property
    def failed_world(self) -> int | None:
        """The number of the explored world that failed last, if one did."""
        return next(filter(None, (one.failed_world for one in reversed(self.explorations))), None)

    def take_stray_crash(self) -> str:
        """Return what to write where a crash met no process; nothing when asked again."""
        return self._lives.take_stray()

    def begin(self) -> None:
        """Take what is explored from now on for what the fake has to answer for when it ends."""
        self._explored_before = len(self.explorations)

    def forget(self) -> None:
        """Know nothing of what happened, since the fake has been emptied."""
        self._mount.blocked.clear()
        stopped = min(self._past.stopped, len(self._stopped))
        self._past = self._past._replace(stopped=stopped)
        self._mount.missed.clear()
        self._found.clear()
        for exploration in self.explorations:
            exploration.forget()

    def warn_of_threads(self) -> None:
        """Name the threads that called the API and run on: their next call is not answered."""
        busy = [self._mount.threads[ident].name for ident in busy_threads(self._mount)]
        if busy and self._settings.guards != "off":
            self.warn(messages.outlived(busy))

    def verify(self) -> None:
        """Check what a test has to answer for at its end, as ``Paymock.verify`` says."""
        self.verify_network()
        left_over = [
            words(left)
            for left, words in (
                (self._outcomes.unmet, messages.unmet_script),
                (self._faults.unmet, messages.unmet_faults),
            )
            if left
        ]
        left_over += self._take_unexplored()[:1]
        left_over += filter(None, [self._lives.take_stray()])
        if left_over:
            raise ExpectationError("\n".join(left_over))
        found = [*self._found, *guards.findings(self._journal, self._ledger)]
        if found:
            self.act_on(found)

    def verify_network(self) -> None:
        """Check that no request was stopped by the option ``network`` since this was asked last.

        Raises:
            BlockedRequestError: if one was.
        """
        blocked = self.take_blocked()
        if blocked:
            raise BlockedRequestError(messages.swallowed(blocked))

    def take_blocked(self) -> list[str]:
        """Return the requests that were stopped and not told, and count them as told."""
        blocked = self._blocked()
        self._stopped += blocked
        self._mount.blocked.clear()
        return blocked

    def _blocked(self) -> list[str]:
        """Return the requests that were stopped and not told; none if the test meant them to be."""
        return [] if SWALLOWED_BLOCK in self._settings.allow else list(self._mount.blocked)

    def blame_world(self, error: BaseException) -> None:
        """Count what has ended a test, or a subtest, as a failure of the world that it was in."""
        for exploration in self.explorations:
            exploration.blame(error)

    def end_loops(self) -> None:
        """End the loops over ``explore()`` that are still open."""
        for exploration in self.explorations[self._explored_before :]:
            exploration.end()

    def leave_test(self) -> None:
        """Count all that happened until now as an earlier test's.

        A fake of a wider fixture goes on to the next test, whose report tells of that one alone.
        """
        for exploration in self.explorations:
            exploration.end_test()
        self._mount.missed.clear()
        self.take_blocked()  # a test that has failed has shown them
        self._past = Past(len(self.explorations), len(self._told), len(self._stopped))

    def _take_unexplored(self) -> list[str]:
        """Return why worlds of ``explore()`` were never run; nothing when asked again."""
        return list(filter(None, [one.take_unmet() for one in self.explorations]))

    def untold(self) -> list[str]:
        """Return the findings that were not reported, as after a failure."""
        found = self._not_silenced(guards.findings(self._journal, self._ledger))
        told = "\n".join(self._told)
        return messages.findings(finding for finding in found if finding.sentence not in told)

    def act_on(self, found: Iterable[Finding]) -> None:
        """Warn of findings, or fail for them, as the option ``guards`` says.

        Raises:
            ExpectationError: under ``guards="error"``.
        """
        told = [
            words
            for words in messages.findings(self._not_silenced(found))
            if words not in self._told
        ]
        self._told += told
        if told and self._settings.guards == "error":
            raise ExpectationError("\n".join(told))
        for words in told:
            self.warn(words)

    # -- for the report, and the section of a failing test --------------------------------------

    @property
    def has_news(self) -> bool:
        """Whether there is anything to tell at the end of the run, as of few tests."""
        return bool(self._told or self._stopped or self._mount.blocked or self.explorations)

    @property
    def world(self) -> World | None:
        """The explored world in whose state the test has left the fake, if it did."""
        return next((one.ended_in for one in self._explored[-1:]), None)

    @property
    def problems(self) -> list[str]:
        """What this test has not been told: requests that were stopped, findings of the guards."""
        stopped = self._mount.blocked[max(self._past.stopped - len(self._stopped), 0) :]
        return messages.untold_lines(stopped, self.untold())

    def evidence(self, clock: Clock) -> Evidence:
        """Return what happened, and what was told of it, for a report.

        Args:
            clock: the fake's.
        """
        return Evidence(
            settings=self._settings,
            now=clock.now(),
            pinned=clock.pinned,
            by_hand=self.is_by_hand,
            calls=self._ledger.calls,
            payments=self._ledger.payments,
            refunds=self._ledger.refunds,
            explorations=self._explored,
            findings=self._told[self._past.told :],
            blocked=[*self._stopped, *self._blocked()][self._past.stopped :],
            waiting=[*self._outcomes.pending, *self._faults.pending],
        )

    @property
    def _explored(self) -> list[Worlds[World]]:
        return self.explorations[self._past.explorations :]

    # -- helpers --------------------------------------------------------------------------------

    def warn(self, words: str) -> None:
        """Warn at the line of the test."""
        caller.warn(words, self.belongs_at)

    def leaks_in(self, texts: Iterable[tuple[str, str]]) -> list[Finding]:
        """Return findings for the card numbers of this test in some texts.

        Args:
            texts: pairs of a place, such as ``stdout``, and the text that stands there.
        """
        return self._not_silenced(guards.leaks(self._journal, self._cards, texts))

    def _not_silenced(self, found: Iterable[Finding]) -> list[Finding]:
        if self._settings.guards == "off":
            return []
        return [finding for finding in found if finding.guard not in self._settings.allow]

    def judge_world(self, label: str) -> AssertionError | None:
        """Let the guards look at an explored world that has ended, and return what fails it."""
        found = self._not_silenced(
            finding.within(label) for finding in guards.double_charges(self._ledger)
        )
        if found and self._settings.guards == "error":
            told = messages.findings(found)
            self._told += told
            return ExpectationError("\n".join(told))
        self._found += found
        return None
