"""freezegun and time-machine rule an unpinned clock, in every form and from the first test on.

The tests run without the plugins of other packages, which would import pydantic for us: what
matters is that a frozen clock cannot spoil its first import.
"""

import pytest

from .conftest import Run

FROZEN = """
import datetime
from datetime import timedelta

import pytest
from freezegun import freeze_time
from time_machine import travel

AT = "2031-05-04T03:02:01"

def check(paymock, at=AT):
    import httpx

    sent = {"card": paymock.card(), "customer": paymock.customer()}
    token = httpx.post(paymock.base_url + "/api/v1/tokenize", json=sent).json()
    assert token["created_at"] == at
    order = {"token": token["token"], "amount": 5, "customer_id": "cust_1"}
    payment = httpx.post(paymock.base_url + "/api/v1/payments", json=order).json()
    assert payment["processed_at"] == at
    assert payment["transaction_id"].startswith("txn_20310504")
    assert paymock.calls.last.at.isoformat(timespec="seconds") == at + "+00:00"
    assert not paymock.clock.pinned

@pytest.fixture
def frozen():
    with freeze_time(AT):
        yield

@pytest.fixture
def travelled():
    with travel(AT, tick=False):
        yield

@freeze_time(AT)
def test_freezegun_decorator(paymock):
    check(paymock)

def test_freezegun_context(paymock):
    with freeze_time(AT):
        check(paymock)

def test_freezegun_fixture_first(frozen, paymock):
    check(paymock)

def test_freezegun_fixture_last(paymock, frozen):
    check(paymock)

@travel(AT, tick=False)
def test_time_machine_decorator(paymock):
    check(paymock)

def test_time_machine_context(paymock):
    with travel(AT, tick=False):
        check(paymock)

def test_time_machine_fixture_first(travelled, paymock):
    check(paymock)

def test_time_machine_fixture_last(paymock, time_machine):
    time_machine.move_to(AT, tick=False)
    check(paymock)

@pytest.mark.time_machine(AT, tick=False)
def test_time_machine_marker(paymock):
    check(paymock)

class TestClass:
    @pytest.fixture(autouse=True)
    def _freeze(self, frozen):
        pass

    def test_freezegun_autouse(self, paymock):
        check(paymock)
"""

PYDANTIC = """
def test_zz_pydantic_is_sound():
    import datetime
    import pydantic

    class Order(pydantic.BaseModel):
        at: datetime.datetime

    assert Order(at="2026-01-27T12:00:00").at.year == 2026
"""

REAL = """
def test_zz_the_clock_is_real_again(paymock):
    import datetime

    real = datetime.datetime.now(datetime.timezone.utc)
    assert datetime.timedelta() <= paymock.clock.now() - real < datetime.timedelta(hours=1)
"""

FIRST = [
    "test_freezegun_decorator",
    "test_freezegun_context",
    "test_freezegun_fixture_first",
    "test_freezegun_fixture_last",
    "test_time_machine_decorator",
    "test_time_machine_context",
    "test_time_machine_fixture_first",
    "test_time_machine_fixture_last",
    "test_time_machine_marker",
    "TestClass::test_freezegun_autouse",
]

PLUGINS = ("-p", "time_machine")


@pytest.mark.parametrize("first", FIRST)
def test_a_frozen_clock_rules_the_fake_from_the_first_test_on(project, run_apart: Run, first: str):
    project.makepyfile(test_time=FROZEN + PYDANTIC + REAL)
    result = run_apart(*PLUGINS, f"test_time.py::{first}", "test_time.py")
    result.assert_outcomes(passed=len(FIRST) + 2)


DYNAMIC = """
from freezegun import freeze_time

@freeze_time("2031-05-04T03:02:01")
def test_dynamic(request):
    assert request.getfixturevalue("paymock").clock.now().year == 2031
"""


def test_a_fake_that_is_asked_for_under_a_frozen_clock_spoils_nothing(project, run_apart: Run):
    project.makepyfile(test_time=DYNAMIC + PYDANTIC)
    run_apart(*PLUGINS).assert_outcomes(passed=2)


TRAVELLED = """
import datetime

from freezegun import freeze_time
from time_machine import travel
from shop import buy, tokenize

def test_freezegun_moves_the_fake(paymock):
    with freeze_time("2031-05-04T03:02:01") as frozen:
        token = tokenize(paymock)["token"]
        frozen.tick(datetime.timedelta(hours=24))
        url = paymock.base_url + "/api/v1/tokens/" + token
        import httpx
        assert httpx.get(url).json()["is_valid"] is False

def test_time_machine_moves_the_fake(paymock):
    with travel("2031-05-04T03:02:01", tick=False) as traveller:
        token = tokenize(paymock)["token"]
        traveller.shift(datetime.timedelta(hours=24))
        url = paymock.base_url + "/api/v1/tokens/" + token
        import httpx
        assert httpx.get(url).json()["is_valid"] is False

def test_advance_adds_to_a_frozen_clock(paymock):
    with freeze_time("2031-05-04T03:02:01"):
        paymock.clock.advance(hours=25)
        assert buy(paymock)["processed_at"] == "2031-05-05T04:02:01"

def test_cards_are_good_at_the_frozen_date(paymock):
    with freeze_time("2031-05-04T03:02:01"):
        assert paymock.card()["expiry_year"] > 2031
        assert buy(paymock)["status"] == "success"
"""


def test_a_tool_that_moves_the_time_moves_the_fake(project, run: Run):
    project.makepyfile(test_time=TRAVELLED)
    run().assert_outcomes(passed=4)


@pytest.mark.parametrize("tool", ["freezegun.freeze_time", "time_machine.travel"])
def test_a_pinned_clock_stays_where_it_is(project, run: Run, tool: str):
    project.makeini("[pytest]\npaymock_clock = 2026-01-27T12:00:00")
    project.makepyfile(
        test_time=f"""
        import freezegun
        import time_machine
        from shop import buy

        @{tool}("2031-05-04T03:02:01")
        def test_pinned(paymock):
            assert buy(paymock)["processed_at"] == "2026-01-27T12:00:00"
        """
    )
    run().assert_outcomes(passed=1)
