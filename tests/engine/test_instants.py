"""An exchange happens at one instant, and the clock goes on when it is over."""

from datetime import UTC, datetime, timedelta

import pytest

from pytest_paymock._api.http import Request
from pytest_paymock._engine.clock import Clock
from pytest_paymock._engine.engine import Engine
from pytest_paymock._exchange import Gateway
from pytest_paymock._records.ledger import Ledger
from pytest_paymock._script.faults import FaultScript
from pytest_paymock.faults import truncated_body
from tests.engine.support import a_card, an_engine, an_order

NOON = datetime(2025, 1, 27, 12, tzinfo=UTC)


class Running(Clock):
    """A clock that goes on by a second at each look."""

    looks = 0

    def now(self) -> datetime:
        self.looks += 1
        return super().now() + timedelta(seconds=self.looks)


def test_all_that_an_exchange_makes_is_of_one_instant():
    engine = an_engine(clock=Running(NOON))
    engine.during_call(1)
    token = engine.tokenize(a_card(), "cust_1")
    payment = engine.pay(an_order(token))
    refund = engine.refund(payment.transaction_id)

    at = NOON + timedelta(seconds=1)
    assert [token.created_at, payment.processed_at, refund.processed_at, engine.now()] == [at] * 4


def test_without_an_exchange_the_clock_runs():
    engine = an_engine(clock=Running(NOON))
    engine.during_call(1)
    engine.during_call(None)

    assert engine.now() < engine.now()


@pytest.mark.parametrize("armed", [False, True])
def test_an_exchange_that_is_broken_off_ends(armed, monkeypatch: pytest.MonkeyPatch):
    engine = Engine(clock=Running(NOON))
    faults = FaultScript(engine.lock)
    if armed:
        faults.queue(truncated_body(after_commit=True))
    ledger = Ledger(engine, lambda *_, **__: "")

    def broken_off(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(ledger, "record", broken_off)
    with pytest.raises(KeyboardInterrupt):
        Gateway(engine, ledger, faults).exchange("httpx", Request("GET", "/x", b""))

    assert engine.now() < engine.now()
