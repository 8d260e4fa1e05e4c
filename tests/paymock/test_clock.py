"""The fake's time, as a test drives it."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from pytest_paymock import Paymock, UsageError

from .support import NOW, call, pay, tokenize

NOON = datetime(2026, 1, 27, 12, tzinfo=UTC)

pinned = pytest.mark.paymock(clock=NOW)


@pinned
def test_a_pinned_clock_stands_still(paymock: Paymock) -> None:
    assert paymock.clock.pinned is True
    assert paymock.clock.now() == NOON
    tokenize(paymock)
    assert paymock.clock.now() == NOON


def test_an_unpinned_clock_is_the_real_one(paymock: Paymock) -> None:
    before = datetime.now(UTC)
    now = paymock.clock.now()
    after = datetime.now(UTC)
    assert paymock.clock.pinned is False
    assert before <= now <= after
    assert now.tzinfo is UTC


def test_an_unpinned_clock_can_be_moved_on(paymock: Paymock) -> None:
    token = paymock.add_token()
    paymock.clock.advance(hours=25)
    assert paymock.clock.now() - token.created_at >= timedelta(hours=25)
    assert call(paymock, "GET", f"/tokens/{token.token}")["is_valid"] is False


@pinned
@pytest.mark.parametrize(
    ("args", "units", "moved"),
    [
        ((), {"hours": 25}, timedelta(hours=25)),
        ((), {"days": 1, "minutes": 2, "seconds": 3}, timedelta(days=1, seconds=123)),
        ((), {"weeks": 0.5}, timedelta(days=3.5)),
        ((timedelta(minutes=5),), {}, timedelta(minutes=5)),
        ((timedelta(minutes=5),), {"seconds": 1}, timedelta(seconds=301)),
        ((), {}, timedelta()),
        ((), {"hours": 2, "minutes": -30}, timedelta(minutes=90)),
    ],
)
def test_time_advances(
    paymock: Paymock, args: tuple[timedelta, ...], units: dict[str, float], moved: timedelta
) -> None:
    paymock.clock.advance(*args, **units)
    assert paymock.clock.now() == NOON + moved


@pinned
@pytest.mark.parametrize(
    "when",
    [
        datetime(2026, 2, 1, 6, tzinfo=UTC),
        datetime(2026, 2, 1, 6),
        datetime(2026, 2, 1, 8, tzinfo=timezone(timedelta(hours=2))),
        "2026-02-01T06:00:00",
        "2026-02-01T06:00:00Z",
        "2026-02-01T08:00:00+02:00",
    ],
)
def test_time_moves_to_an_instant(paymock: Paymock, when: datetime | str) -> None:
    paymock.clock.move_to(when)
    assert paymock.clock.now() == datetime(2026, 2, 1, 6, tzinfo=UTC)


@pinned
def test_time_may_move_to_where_it_is(paymock: Paymock) -> None:
    paymock.clock.move_to(NOON)
    assert paymock.clock.now() == NOON


@pinned
def test_time_never_goes_backwards(paymock: Paymock) -> None:
    with pytest.raises(UsageError) as caught:
        paymock.clock.advance(hours=-1)
    assert str(caught.value) == (
        "time never goes backwards; advance was asked for -1 day, 23:00:00"
    )
    with pytest.raises(UsageError) as caught:
        paymock.clock.move_to("2026-01-27T11:59:59")
    assert str(caught.value) == (
        "time never goes backwards; it is 2026-01-27T12:00:00 UTC, after 2026-01-27T11:59:59. To "
        "begin earlier, give the option clock, such as "
        "@pytest.mark.paymock(clock='2026-01-27T12:00:00')"
    )
    assert paymock.clock.now() == NOON


@pinned
@pytest.mark.parametrize("units", [{"years": 1}, {"hours": "2"}, {"days": 10**12}, {"hours": None}])
def test_a_wrong_step_is_a_usage_error(paymock: Paymock, units: dict[str, Any]) -> None:
    with pytest.raises(UsageError):
        paymock.clock.advance(**units)
    assert paymock.clock.now() == NOON


@pinned
@pytest.mark.parametrize("when", ["tomorrow", "", None, 5, 2026.5])
def test_a_wrong_instant_is_a_usage_error(paymock: Paymock, when: Any) -> None:
    with pytest.raises(UsageError):
        paymock.clock.move_to(when)
    assert paymock.clock.now() == NOON


@pinned
def test_records_carry_the_time_of_the_clock(paymock: Paymock) -> None:
    pay(paymock)
    paymock.clock.advance(days=1, seconds=1)
    name = pay(paymock)
    first, second = paymock.payments
    assert (first.processed_at, second.processed_at) == (
        NOON,
        NOON + timedelta(days=1, seconds=1),
    )
    assert [record.at for record in paymock.calls] == [first.processed_at, second.processed_at]
    assert name.startswith("txn_20260128120001_")


@pytest.mark.parametrize(
    ("clock", "shown"),
    [
        ("2026-01-27", "2026-01-27T00:00:00"),
        ("2026-01-27T12:00:00.999", "2026-01-27T12:00:00"),
        ("2026-01-27T23:00:00-02:00", "2026-01-28T01:00:00"),
        (NOON, "2026-01-27T12:00:00"),
        ("0999-01-27T12:00:00", "0999-01-27T12:00:00"),
    ],
)
def test_a_clock_is_pinned_by_the_option(clock: Any, shown: str) -> None:
    with Paymock(clock=clock) as paymock:
        token = paymock.add_token().token
        assert call(paymock, "GET", f"/tokens/{token}")["created_at"] == shown


@pinned
def test_the_repr_of_a_clock_is_its_time(paymock: Paymock) -> None:
    assert repr(paymock.clock) == "<Clock 2026-01-27T12:00:00 UTC, pinned>"
    assert repr(Paymock().clock).endswith(" UTC, real time>")
