"""Latency on a server really waits, within bounds, and an answer that comes too late is lost."""

import asyncio
from typing import Any

import httpx
import pytest

from pytest_paymock import ExpectationError, faults
from pytest_paymock.server import bodies
from pytest_paymock.server.fake import ServerPaymock

from .conftest import Serve
from .impatience import impatient
from .sockets import Wire, post, status_of, until

PAYMENTS = "/api/v1/payments"


def order(fake: ServerPaymock, **more: Any) -> dict[str, Any]:
    token = fake.add_token("visa", customer_id="cust_1").token
    return {"token": token, "amount": 5, "customer_id": "cust_1", **more}


@pytest.fixture
def waited(monkeypatch: pytest.MonkeyPatch) -> list[float | None]:
    """What the server was asked to wait for, in seconds; it does not really wait."""
    asked: list[float | None] = []

    async def gone_within(_: Any, seconds: float | None) -> bool:
        asked.append(seconds)
        await asyncio.sleep(0)
        return False

    monkeypatch.setattr(bodies, "gone_within", gone_within)
    return asked


def test_a_late_answer_waits_for_so_long(
    paymock_server: ServerPaymock, wire: Wire, waited: list[float | None]
) -> None:
    paymock_server.faults.queue(faults.latency(1.5), faults.latency(0))
    for _ in range(2):
        wire.write(post(PAYMENTS, order(paymock_server)))
        assert status_of(wire.one()) == 201
    assert waited == [1.5, 0]


def test_no_answer_is_later_than_the_servers_bound(
    paymock_server: ServerPaymock, wire: Wire, waited: list[float | None]
) -> None:
    paymock_server.faults.queue(faults.latency(3600))
    wire.write(post(PAYMENTS, order(paymock_server)))
    assert status_of(wire.one()) == 201
    assert waited == [30]


def test_a_late_answer_comes_and_others_do_not_wait_for_it(serve: Serve) -> None:
    fake = serve(longest_latency=0.3)
    fake.faults.when(faults.latency(20), on="create_payment")
    with Wire(fake.url) as late, Wire(fake.url) as other:
        late.write(post(PAYMENTS, order(fake)))
        until(lambda: fake.calls.to("create_payment"))
        for _ in range(5):
            other.write(post("/api/v1/tokenize", {}))
            assert status_of(other.one()) == 400
        assert status_of(late.one()) == 201


def test_a_pinned_clock_moves_on_by_the_latency(serve: Serve) -> None:
    fake = serve(longest_latency=0.01, options={"clock": "2026-01-27T12:00:00"})
    fake.faults.queue(faults.latency(90))
    assert httpx.post(fake.url + PAYMENTS, json=order(fake)).status_code == 201
    assert fake.clock.now().isoformat() == "2026-01-27T12:01:30+00:00"


def test_an_answer_that_comes_too_late_is_recorded_as_lost(paymock_server: ServerPaymock) -> None:
    sent = order(paymock_server)
    paymock_server.faults.queue(faults.latency(20))
    with impatient(paymock_server, faults.latency(20)) as http, pytest.raises(httpx.ReadTimeout):
        http.post(PAYMENTS, json=sent)
    paymock_server.verify()
    call = paymock_server.calls.one()
    assert (call.status_code, call.response, call.lost) == (None, None, True)
    payment = paymock_server.payments.one()
    assert payment.call == call
    assert payment.status == "success"


def test_a_charge_that_is_made_again_after_a_late_answer_is_found(serve: Serve) -> None:
    fake = serve(options={"guards": "error"})
    sent = order(fake, description="Order 1")
    fake.faults.queue(faults.latency(20))
    with impatient(fake, faults.latency(20)) as http, pytest.raises(httpx.ReadTimeout):
        http.post(PAYMENTS, json=sent)
    assert httpx.post(fake.url + PAYMENTS, json=sent).status_code == 201
    with pytest.raises(ExpectationError, match=r"double_charge: cust_1 was charged 5 USD twice"):
        fake.verify()


def test_who_waits_when_the_test_ends_has_lost_the_answer(serve: Serve) -> None:
    fake = serve()
    fake.faults.queue(faults.latency(20))
    with Wire(fake.url) as wire:
        wire.write(post(PAYMENTS, order(fake)))
        until(lambda: fake.payments)
        assert wire.silent()
        fake.stop()
        assert wire.to_end() == b""
    assert fake.calls.one().lost


def test_what_is_lost_after_a_reset_is_nobodys(serve: Serve) -> None:
    fake = serve()
    fake.faults.queue(faults.latency(20))
    with Wire(fake.url) as wire:
        wire.write(post(PAYMENTS, order(fake)))
        until(lambda: fake.payments)
        assert wire.silent()
        fake.reset()
        httpx.get(f"{fake.url}/api/v1/tokens/tok_1")
        fake.verify()
        assert wire.to_end() == b""
    assert fake.calls.one().status_code == 404
