"""An exchange happens at one instant, and is entered in the journal as one entry or not at all."""

from datetime import UTC, datetime, timedelta

import pytest

from pytest_paymock._api.http import Request
from pytest_paymock._engine.clock import Clock
from pytest_paymock._engine.journal import ClockState
from pytest_paymock._exchange import Gateway
from pytest_paymock._script.faults import FaultScript
from pytest_paymock.faults import truncated_body
from tests.engine.support import Bench, an_engine, paid

NOON = datetime(2025, 1, 27, 12, tzinfo=UTC)


class Running(Clock):
    """A clock that goes on by a second at each look."""

    _settable = ("looks",)
    looks = 0

    def now_by(self, state: ClockState) -> datetime:
        self.looks += 1
        return super().now_by(state) + timedelta(seconds=self.looks)


def a_gateway(bench: Bench, faults: FaultScript) -> Gateway:
    return Gateway(bench.journal, bench.engine, bench.clock, faults)


def test_all_that_an_exchange_makes_is_of_one_instant():
    bench = an_engine()
    bench.clock = Running(NOON, bench.journal)
    token = paid(bench).token
    body = b'{"token":"%b","amount":5,"customer_id":"cust_1"}' % token.encode()
    a_gateway(bench, FaultScript(bench.journal)).exchange(
        "httpx", Request("POST", "/api/v1/payments", body)
    )

    payment = list(bench.payments.values())[-1]
    assert payment.processed_at == bench.calls[-1].at
    assert bench.clock.looks == 3


@pytest.mark.parametrize("armed", [False, True])
def test_an_exchange_that_is_broken_off_has_not_happened(armed, monkeypatch: pytest.MonkeyPatch):
    bench = an_engine()
    faults = FaultScript(bench.journal)
    bench.script.queue("card_declined")
    token = paid(bench).token
    bench.script.queue("card_declined")
    if armed:
        faults.queue(truncated_body(after_commit=True))
    before = bench.state()

    def broken_off(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(bench.journal, "append", broken_off)
    body = b'{"token":"%b","amount":5,"customer_id":"cust_1"}' % token.encode()
    with pytest.raises(KeyboardInterrupt):
        a_gateway(bench, faults).exchange("httpx", Request("POST", "/api/v1/payments", body))

    assert bench.state() == before
    assert bench.script.pending == ["card_declined"]
    assert faults.pending == (["truncated body after commit"] if armed else [])
