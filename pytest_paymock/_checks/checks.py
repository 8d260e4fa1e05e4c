"""The checks at the end of a test: scripts, blocked requests, guards, threads."""

from collections.abc import Iterable
from typing import NamedTuple

from pytest_paymock._checks import caller, guards
from pytest_paymock._checks.caller import SourceLocation
from pytest_paymock._checks.guards import SWALLOWED_BLOCK, Finding
from pytest_paymock._checks.threads import busy_threads
from pytest_paymock._engine.engine import Engine
from pytest_paymock._engine.journal import Journal
from pytest_paymock._explore.process import Lives
from pytest_paymock._explore.world import World
from pytest_paymock._explore.worlds import Worlds
from pytest_paymock._intercept.mount import Mount
from pytest_paymock._options import Settings
from pytest_paymock._records.ledger import Ledger
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
    """The part of ``Paymock`` that checks a test at its end."""

    belongs_at: SourceLocation | None = None
    """The line of the test, for warnings that come when the test has ended."""

    settings: Settings
    _journal: Journal
    _engine: Engine
    _outcomes: OutcomeScript
    _ledger: Ledger
    _faults: FaultScript
    _mount: Mount
    _found: list[Finding]
    _told: list[str]
    _stopped: list[str]
    _lives: Lives
    _explorations: list[Worlds[World]]
    _explored_before: int
    _past: Past

    @property
    def is_by_hand(self) -> bool:
        """Whether the test made it, so that options of the command line do not apply."""
        return self.belongs_at is None

    def warn_of_threads(self) -> None:
        """Name the threads that called the API and run on: their next call is not answered."""
        busy = [self._mount.threads[ident].name for ident in busy_threads(self._mount)]
        if busy and self.settings.guards != "off":
            self._warn(messages.outlived(busy))

    def verify(self) -> None:
        """Check the test at its end; ``with`` does it unless the block failed.

        Raises:
            ExpectationError: if queued outcomes or faults are left over, if worlds of ``explore()``
                were never run, or not all of them, or for what a guard finds under
                ``guards="error"``; under ``guards="warn"`` that is a ``PaymockWarning``.
            BlockedRequestError: if a request was stopped by the option ``network``.
        """
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
        return [] if SWALLOWED_BLOCK in self.settings.allow else list(self._mount.blocked)

    def blame_world(self, error: BaseException) -> None:
        """Count what has ended a test, or a subtest, as a failure of the world that it was in."""
        for exploration in self._explorations:
            exploration.blame(error)

    def end_loops(self) -> None:
        """End the loops over ``explore()`` that are still open."""
        for exploration in self._explorations[self._explored_before :]:
            exploration.end()

    def leave_test(self) -> None:
        """Count all that happened until now as an earlier test's.

        A fake of a wider fixture goes on to the next test, whose report tells of that one alone.
        """
        for exploration in self._explorations:
            exploration.end_test()
        self._mount.missed.clear()
        self.take_blocked()  # a test that has failed has shown them
        self._past = Past(len(self._explorations), len(self._told), len(self._stopped))

    def _take_unexplored(self) -> list[str]:
        """Return why worlds of ``explore()`` were never run; nothing when asked again."""
        return list(filter(None, [one.take_unmet() for one in self._explorations]))

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
        if told and self.settings.guards == "error":
            raise ExpectationError("\n".join(told))
        for words in told:
            self._warn(words)

    def _warn(self, words: str) -> None:
        caller.warn(words, self.belongs_at)

    def leaks_in(self, texts: Iterable[tuple[str, str]]) -> list[Finding]:
        """Return findings for the card numbers of this test in some texts.

        Args:
            texts: pairs of a place, such as ``stdout``, and the text that stands there.
        """
        return self._not_silenced(guards.leaks(self._journal, self._engine.cards, texts))

    def _not_silenced(self, found: Iterable[Finding]) -> list[Finding]:
        if self.settings.guards == "off":
            return []
        return [finding for finding in found if finding.guard not in self.settings.allow]

    def _judge_world(self, label: str) -> AssertionError | None:
        found = self._not_silenced(
            finding.within(label) for finding in guards.double_charges(self._ledger)
        )
        if found and self.settings.guards == "error":
            told = messages.findings(found)
            self._told += told
            return ExpectationError("\n".join(told))
        self._found += found
        return None
