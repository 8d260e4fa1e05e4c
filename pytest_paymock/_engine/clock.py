"""The clock of the fake: pinned to an instant, or the real time, moved on by the test.

The real time is looked up through ``datetime.datetime`` at each use and never captured, so that
``time-machine`` and ``freezegun`` control it. Nothing here sleeps. Where the clock stands is a
state in the journal, so that it goes back with all else.
"""

import datetime as dt
from contextlib import suppress

from pytest_paymock._card_numbers import quoted
from pytest_paymock._engine.journal import ClockState, Entry, Journal
from pytest_paymock._engine.read_only import DrivenByCalls
from pytest_paymock._engine.real_time import real_now
from pytest_paymock._suggestions import did_you_mean
from pytest_paymock.errors import UsageError, is_for_caller

__tracebackhide__ = is_for_caller

_LAST_YEAR = 9999

END = dt.datetime(_LAST_YEAR, 1, 1, tzinfo=dt.UTC)
"""Where the clock stops: what is computed from its time, such as an expiry, still has a date."""

_UNITS = ("weeks", "days", "hours", "minutes", "seconds", "milliseconds", "microseconds")
"""What a ``timedelta`` is made of."""

_TOO_LATE = f"the clock cannot go beyond the year {END.year - 1}"


class Clock(DrivenByCalls):
    """Tells the fake's time, in UTC, and moves it forwards.

    >>> clock = Clock("2026-01-27T12:00:00")
    >>> clock.advance(hours=25)
    >>> clock.now().isoformat()
    '2026-01-28T13:00:00+00:00'
    """

    def __init__(
        self, pinned: dt.datetime | str | None = None, journal: Journal | None = None
    ) -> None:
        self._journal = journal or Journal()
        if pinned is not None:
            self._journal.append(Entry(clock=ClockState(as_utc(pinned))))

    def __repr__(self) -> str:
        state = "pinned" if self.pinned else "real time"
        return f"<Clock {self.now():%Y-%m-%dT%H:%M:%S} UTC, {state}>"

    @property
    def pinned(self) -> bool:
        """Whether the clock stands still until the test moves it."""
        return self._state.pinned is not None

    @property
    def _state(self) -> ClockState:
        with self._journal.lock:
            return self._journal.index.clock

    def now(self) -> dt.datetime:
        """Return the fake's present time as an aware ``datetime`` in UTC."""
        return self.now_by(self._state)

    def now_by(self, state: ClockState) -> dt.datetime:
        """Do as :meth:`now`, by a state that the caller has read already."""
        pinned, offset = state
        if pinned is not None:
            return pinned
        try:
            return min(real_now() + offset, END)
        except OverflowError:
            return END

    def advance(self, delta: dt.timedelta | None = None, /, **units: float) -> None:
        """Move the clock on by a ``timedelta`` or by its keywords (``days``, ``hours``, ...).

        Raises:
            UsageError: for a negative amount, since time never goes backwards.
        """
        taken = "advance takes a timedelta or its keywords, such as hours=25"
        if not isinstance(delta, dt.timedelta | None):
            raise UsageError(f"{taken}, not {quoted(delta)}")
        try:
            step = dt.timedelta(**units) + (delta or dt.timedelta())
        except (TypeError, ValueError, OverflowError) as error:
            wrong = next((name for name in units if name not in _UNITS), None)
            if wrong is None:
                raise UsageError(f"{taken}: {error}") from None
            raise UsageError(
                f"there is no unit {quoted(wrong)}{did_you_mean(wrong, _UNITS)}; "
                f"advance takes {', '.join(_UNITS)}, or a timedelta"
            ) from None
        if step < dt.timedelta():
            raise UsageError(f"time never goes backwards; advance was asked for {step}")
        with self._journal.lock:
            self._shift(step)

    def wait(self, seconds: float) -> None:
        """Let time pass for which a client waits."""
        with self._journal.lock:
            self._journal.append(Entry(clock=self.after_wait(seconds)))

    def after_wait(self, seconds: float) -> ClockState:
        """Return where the clock stands when a client has waited.

        At the end of time it stops without an error: that is nothing that a client would see.
        """
        try:
            step = dt.timedelta(seconds=seconds)
        except OverflowError:
            step = dt.timedelta.max
        return self._after(max(dt.timedelta(), min(step, END - self.now())))

    def move_to(self, when: dt.datetime | str) -> None:
        """Move the clock to a later instant; a ``datetime`` without a zone is taken as UTC.

        Raises:
            UsageError: for an instant that has passed already, or is no ISO time.
        """
        target = as_utc(when)
        with self._journal.lock:
            step = target - self.now()
            if step < dt.timedelta():
                raise UsageError(
                    f"time never goes backwards; it is {self.now():%Y-%m-%dT%H:%M:%S} UTC, "
                    f"after {target:%Y-%m-%dT%H:%M:%S}. To begin earlier, give the option clock, "
                    "such as @pytest.mark.paymock(clock='2026-01-27T12:00:00')"
                )
            self._shift(step)

    def _shift(self, step: dt.timedelta) -> None:
        if step >= END - self.now():
            raise UsageError(_TOO_LATE)
        self._journal.append(Entry(clock=self._after(step)))

    def _after(self, step: dt.timedelta) -> ClockState:
        pinned, offset = self._state
        if pinned is None:
            return ClockState(None, offset + step)
        return ClockState(pinned + step, offset)


def _parsed(text: str) -> dt.datetime | None:
    with suppress(ValueError):  # it repeats the text, so it must not be the context of another one
        return dt.datetime.fromisoformat(text)
    return None


def as_utc(when: dt.datetime | str) -> dt.datetime:
    """Return an ISO time or a ``datetime`` as an aware ``datetime`` in UTC.

    Raises:
        UsageError: for anything else, and for a time that is out of range.
    """
    if isinstance(when, str):
        parsed = _parsed(when)
        if parsed is None:
            raise UsageError(f"{quoted(when)} is no ISO time; write it as 2026-01-27T12:00:00")
        when = parsed
    # By attribute, not isinstance: under freezegun the class of a real datetime is another one.
    if not hasattr(when, "astimezone"):
        raise UsageError(f"a time is a datetime or an ISO string, not {quoted(when)}")
    try:
        moment = when.replace(tzinfo=dt.UTC) if when.tzinfo is None else when.astimezone(dt.UTC)
    except OverflowError:
        raise UsageError(f"{when.isoformat()} has no place in the calendar of UTC") from None
    if moment >= END:
        raise UsageError(_TOO_LATE)
    return moment
