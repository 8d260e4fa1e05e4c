from datetime import UTC, date, datetime, time, timedelta, timezone
from threading import Thread

import pytest

from pytest_paymock._engine.clock import Clock, as_utc
from pytest_paymock._engine.journal import Journal
from pytest_paymock.errors import UsageError
from tests.engine.support import NOON

START = datetime(2025, 1, 27, 12, tzinfo=UTC)


def test_a_pinned_clock_stands_still():
    clock = Clock(NOON)

    assert clock.pinned
    assert clock.now() == clock.now() == START


def test_a_clock_tells_its_time_and_how_it_goes():
    assert repr(Clock(NOON)) == "<Clock 2025-01-27T12:00:00 UTC, pinned>"
    assert repr(Clock()).endswith("UTC, real time>")
    assert not Clock().pinned


@pytest.mark.parametrize(
    "given",
    [
        "2025-01-27T12:00:00",
        "2025-01-27 12:00",
        "2025-01-27T12:00:00Z",
        "2025-01-27T14:00:00+02:00",
        datetime(2025, 1, 27, 12),
        datetime(2025, 1, 27, 12, tzinfo=UTC),
        datetime(2025, 1, 27, 7, tzinfo=timezone(timedelta(hours=-5))),
    ],
)
def test_every_way_to_write_an_instant_is_understood(given):
    moment = as_utc(given)

    assert moment == START
    assert moment.utcoffset() == timedelta()


def test_a_date_alone_is_its_first_moment():
    assert as_utc("2025-01-27") == datetime(2025, 1, 27, tzinfo=UTC)


@pytest.mark.parametrize("given", ["", "noon", "27.01.2025", "2025-13-01", "2025-01-27T25:00:00"])
def test_a_string_that_is_no_iso_time_is_refused(given):
    with pytest.raises(UsageError) as caught:
        as_utc(given)

    assert str(caught.value) == f"{given!r} is no ISO time; write it as 2026-01-27T12:00:00"


@pytest.mark.parametrize("given", [1737979200, None, date(2025, 1, 27), time(12), timedelta()])
def test_what_is_no_instant_is_refused(given):
    with pytest.raises(UsageError) as caught:
        as_utc(given)

    assert str(caught.value) == f"a time is a datetime or an ISO string, not {given!r}"


@pytest.mark.parametrize("given", ["9999-12-31T23:59:59-05:00", "0001-01-01T00:00:00+05:00"])
def test_an_instant_that_utc_has_no_date_for_is_refused(given):
    with pytest.raises(UsageError) as caught:
        as_utc(given)

    assert str(caught.value) == f"{given} has no place in the calendar of UTC"


def test_the_clock_advances_by_keywords_and_by_a_timedelta():
    clock = Clock(NOON)
    clock.advance(hours=25)
    clock.advance(timedelta(minutes=30))
    clock.advance(timedelta(days=1), seconds=1)

    assert clock.now() == datetime(2025, 1, 29, 13, 30, 1, tzinfo=UTC)


def test_the_clock_moves_to_a_later_instant():
    clock = Clock(NOON)
    clock.move_to("2025-02-01T00:00:00")
    clock.move_to(datetime(2025, 3, 1))

    assert clock.now() == datetime(2025, 3, 1, tzinfo=UTC)


def test_standing_still_is_no_step_backwards():
    clock = Clock(NOON)
    clock.advance()
    clock.advance(timedelta())
    clock.move_to(NOON)

    assert clock.now() == START


def test_time_never_goes_backwards_by_a_step():
    clock = Clock(NOON)
    with pytest.raises(UsageError, match="time never goes backwards; advance was asked for -1 day"):
        clock.advance(days=-1)

    assert clock.now() == START


def test_time_never_goes_backwards_to_an_instant():
    clock = Clock(NOON)
    with pytest.raises(UsageError) as caught:
        clock.move_to("2025-01-27T11:59:59")

    assert str(caught.value) == (
        "time never goes backwards; it is 2025-01-27T12:00:00 UTC, after 2025-01-27T11:59:59. To "
        "begin earlier, give the option clock, such as "
        "@pytest.mark.paymock(clock='2026-01-27T12:00:00')"
    )
    assert clock.now() == START


@pytest.mark.parametrize("delta", [5, 0, "", "1 hour", False, datetime(2030, 1, 1, tzinfo=UTC)])
def test_a_step_that_is_no_timedelta_is_refused(delta):
    with pytest.raises(UsageError) as caught:
        Clock(NOON).advance(delta)
    taken = "advance takes a timedelta or its keywords, such as hours=25"
    assert str(caught.value) == f"{taken}, not {delta!r}"


@pytest.mark.parametrize(
    "units",
    [{"hours": "2"}, {"hours": float("nan")}, {"hours": float("inf")}],
)
def test_a_step_that_no_timedelta_can_be_is_refused(units):
    with pytest.raises(UsageError, match="advance takes a timedelta or its keywords, such as"):
        Clock(NOON).advance(**units)


def assert_too_far(move):
    clock = Clock(NOON)
    with pytest.raises(UsageError, match=r"^the clock cannot go beyond the year 9998$"):
        move(clock)
    assert clock.now() == START


def test_a_step_beyond_the_calendar_is_refused():
    assert_too_far(lambda clock: clock.advance(days=999_999_999))


def test_an_instant_too_near_the_calendars_end_is_refused():
    assert_too_far(lambda clock: clock.move_to("9999-01-01T00:00:00"))


def test_the_last_moment_that_the_clock_reaches_is_that_of_the_year_9998():
    clock = Clock(NOON)
    clock.move_to("9998-12-31T23:59:59.999999")
    with pytest.raises(UsageError, match="beyond the year 9998"):
        clock.advance(microseconds=1)

    assert clock.now() == datetime(9998, 12, 31, 23, 59, 59, 999999, tzinfo=UTC)


@pytest.mark.parametrize("seconds", [86_400, 1e300, float("inf"), 10**30])
def test_what_a_client_waits_for_stops_there_without_a_word(seconds):
    clock = Clock("9998-12-31T12:00:00")
    clock.wait(seconds)

    assert clock.now() == datetime(9999, 1, 1, tzinfo=UTC)


def test_a_client_that_waits_for_less_than_nothing_takes_no_time_back():
    clock = Clock(NOON)
    clock.wait(-1)

    assert clock.now() == START


@pytest.mark.parametrize("instant", ["9999-01-01T00:00:00", "9999-12-31T12:00:00"])
def test_a_clock_cannot_be_pinned_beyond_its_end(instant):
    with pytest.raises(UsageError, match="beyond the year 9998"):
        Clock(instant)


def test_a_clock_goes_back_with_its_journal():
    journal = Journal()
    clock = Clock(NOON, journal)
    before = journal.snapshot()
    clock.advance(days=1)
    journal.restore(before)

    assert clock.now() == START


def test_no_step_is_lost_between_threads():
    clock = Clock(NOON)

    def step_on():
        for _ in range(500):
            clock.advance(seconds=1)

    threads = [Thread(target=step_on) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert clock.now() == START + timedelta(seconds=16 * 500)
