"""The start and the end of a fake."""

import sys

from pytest_paymock._card_numbers import masked_text
from pytest_paymock._checks.checks import Checks
from pytest_paymock._checks.threads import busy_threads
from pytest_paymock._intercept import registry
from pytest_paymock._intercept.late_calls import LATE_CALLS
from pytest_paymock._text import messages
from pytest_paymock.errors import UsageError, is_for_caller

__tracebackhide__ = is_for_caller


class Life(Checks):
    """The part of ``Paymock`` that starts and stops it."""

    _is_active = False

    @property
    def is_active(self) -> bool:
        """Whether it answers, from its start to its end."""
        return self._is_active

    def start(self) -> None:
        """Begin to answer; ``with`` does it for you.

        Raises:
            UsageError: if it does so already.
        """
        if self._is_active:
            raise UsageError(
                "this Paymock is active already: stop() it first, or make another one with "
                "another base URL, to have two at once"
            )
        self._explored_before = len(self._explorations)
        try:
            self._is_active = True
            self._open()
        except BaseException:  # a signal, at any moment
            self.stop()
            raise

    def stop(self) -> None:
        """Answer no longer; the records stay. Harmless when it is not active."""
        LATE_CALLS.expect(busy_threads(self._mount))
        self._close()
        self._is_active = False

    def _open(self) -> None:
        registry.activate(self._mount)

    def _close(self) -> None:
        registry.deactivate(self._mount)

    def __del__(self) -> None:
        """Stop a fake that nobody can stop any more, and say so."""
        if self._is_active and not sys.is_finalizing():
            self.stop()
            self._warn(messages.dropped(masked_text(self.settings.base_url)))
