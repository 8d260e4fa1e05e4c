"""The clock that is not pinned: it is the real time, whoever rules that."""

from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from freezegun import freeze_time

from pytest_paymock._engine.clock import Clock
from pytest_paymock._engine.journal import Journal
from pytest_paymock._engine.rules import DEPLOYED, DOCUMENTED
from pytest_paymock.errors import UsageError
from tests.engine.support import a_card, an_engine, an_order

MORNING = datetime(2031, 5, 6, 7, 8, 9, tzinfo=UTC)


@contextmanager
def frozen_by_time_machine():
    with time_machine.travel(MORNING, tick=False) as traveller:
        yield traveller.move_to


@contextmanager
def frozen_by_freezegun():
    with freeze_time(MORNING) as traveller:
        yield traveller.move_to


@pytest.fixture(params=[frozen_by_time_machine, frozen_by_freezegun])
def frozen(request):
    """A block in which the real time stands at ``MORNING``, and is moved by what it gives.

    Not the fixture itself freezes: pytest measures how long its own phases take.
    """
    return request.param


def test_without_a_pin_the_clock_tells_the_real_time():
    before = datetime.now(UTC)
    told = Clock().now()

    assert before <= told <= datetime.now(UTC)


def test_the_real_time_is_ruled_by_the_library_that_froze_it(frozen):
    with frozen():
        assert Clock().now() == MORNING


def test_the_real_time_is_looked_up_at_each_use(frozen):
    clock = Clock()
    with frozen() as move_to:
        move_to(MORNING + timedelta(days=3))

        assert clock.now() == MORNING + timedelta(days=3)


def test_a_step_of_the_test_comes_on_top_of_the_real_time(frozen):
    with frozen() as move_to:
        clock = Clock()
        clock.advance(hours=25)
        assert clock.now() == MORNING + timedelta(hours=25)

        move_to(MORNING + timedelta(days=1))
        assert clock.now() == MORNING + timedelta(hours=49)


def test_the_real_clock_moves_to_an_instant_and_not_back(frozen):
    with frozen():
        clock = Clock()
        clock.move_to("2031-06-01T00:00:00")
        assert clock.now() == datetime(2031, 6, 1, tzinfo=UTC)

        with pytest.raises(UsageError, match="it is 2031-06-01T00:00:00 UTC, after 2031-05-31"):
            clock.move_to("2031-05-31T00:00:00")


def test_the_real_clock_has_an_end_too(frozen):
    with frozen():
        clock = Clock()
        with pytest.raises(UsageError, match="beyond the year 9998"):
            clock.advance(days=365.2425 * 8000)

        assert clock.now() == MORNING


@pytest.mark.parametrize("steps", [0, 300])
@pytest.mark.parametrize("day", [datetime(9999, 1, 1), datetime(9999, 12, 31, 23)])
def test_it_stands_still_there_wherever_the_real_time_goes(frozen, steps, day):
    with frozen() as move_to:
        clock = Clock()
        clock.advance(days=steps)
        move_to(day.replace(tzinfo=UTC))
        clock.wait(5)

        assert clock.now() == datetime(9999, 1, 1, tzinfo=UTC)
        with pytest.raises(UsageError, match="beyond the year 9998"):
            clock.advance(seconds=1)


@pytest.mark.parametrize("rules", [DOCUMENTED, DEPLOYED], ids=["documented", "deployed"])
def test_a_token_is_made_and_pays_there(frozen, rules):
    with frozen() as move_to:
        engine = an_engine(clock=Clock(), rules=rules)
        move_to(datetime(9999, 12, 31, 12, tzinfo=UTC))
        token = engine.tokenize(a_card(expiry_year=9999), "cust_1")

        assert token.expires_at == datetime(9999, 1, 2, tzinfo=UTC)
        assert engine.pay(an_order(token)).transaction_id.startswith("txn_99990101000000_")


def test_a_pinned_clock_does_not_care_about_the_real_time(frozen):
    with frozen():
        clock = Clock("2025-01-27T12:00:00")
        clock.advance(hours=1)

        assert clock.now() == datetime(2025, 1, 27, 13, tzinfo=UTC)


def test_instants_made_while_time_is_frozen_are_understood(frozen):
    with frozen():
        clock = Clock("2025-01-27T12:00:00")
        clock.move_to(datetime.now(UTC))

        assert clock.now() == MORNING


def test_the_real_clock_goes_back_to_a_state(frozen):
    with frozen():
        journal = Journal()
        clock = Clock(journal=journal)
        before = journal.snapshot()
        clock.advance(days=1)
        journal.restore(before)

        assert clock.now() == MORNING


def test_a_token_expires_by_the_time_that_the_library_tells(frozen):
    with frozen() as move_to:
        engine = an_engine(clock=Clock())
        token = engine.tokenize(a_card(), "cust_1")
        move_to(MORNING + timedelta(hours=23))
        payment = engine.pay(an_order(token))

        assert payment.processed_at == MORNING + timedelta(hours=23)
        assert payment.transaction_id.startswith("txn_20310507060809_")
        assert not engine.is_told_valid(token, MORNING + timedelta(hours=24))
