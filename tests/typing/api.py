"""Every public name, used as a test of somebody's would use it.

Checked by ``mypy --strict`` and pyright, never run. ``assert_type`` pins what a reader of the code
sees; a ``type: ignore`` marks a mistake that the types must find, and is itself an error if they do
not.
"""

# pyright: strict, reportUnnecessaryTypeIgnoreComment=true

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, Literal, Unpack, assert_type

import pytest

from pytest_paymock import (
    BlockedRequestError,
    CallRecord,
    CallRecords,
    Clock,
    ExpectationError,
    Exploration,
    Fault,
    MoneyRecords,
    Options,
    PaymentRecord,
    Paymock,
    PaymockError,
    PaymockWarning,
    Process,
    Race,
    RaceWorld,
    Records,
    RefundRecord,
    Snapshot,
    TokenRecord,
    UsageError,
    World,
    faults,
)
from pytest_paymock.server import ServerPaymock

Status = Literal["success", "failed", "pending"]


def making_one() -> None:
    with Paymock() as paymock:
        assert_type(paymock, Paymock)
    with Paymock(
        base_url="https://pay.example/v2",
        seed=7,
        success_rate=0.5,
        clock="2026-01-27T12:00:00",
        profile="deployed",
        network="none",
        streams="customer",
        guards="error",
        allow=["double_charge"],
        real_latency=False,
    ) as paymock:
        assert_type(paymock.base_url, str)
    paymock = Paymock(clock=datetime(2026, 1, 27, tzinfo=UTC))
    paymock.start()
    paymock.stop()
    paymock.verify()
    assert_type(paymock.report(), list[str])


def test_of_a_user(paymock: Paymock, paymock_factory: Callable[..., Paymock]) -> None:
    other = paymock_factory(base_url="https://pay.example")
    other.assert_no_calls()
    paymock.assert_charged(99.99)


def test_over_a_socket(paymock_server: ServerPaymock) -> None:
    assert_type(paymock_server.url, str)
    paymock_server.control = True
    paymock_server.assert_no_calls()
    anything_that_is_called(paymock_server)


def anything_that_is_called(paymock: Paymock) -> None:
    paymock.assert_charged()


# What a user's own helpers take and return, by names of the package itself.


def annotated(paymock: Paymock) -> None:
    tokens: Records[TokenRecord] = paymock.tokens
    payments: MoneyRecords[PaymentRecord] = paymock.payments.where(status="success")
    refunds: MoneyRecords[RefundRecord] = paymock.refunds
    transactions: MoneyRecords[PaymentRecord | RefundRecord] = paymock.transactions
    calls: CallRecords = paymock.calls.to("refund")
    snapshot: Snapshot = paymock.snapshot()
    worlds: Exploration = paymock.explore()
    clock: Clock = paymock.clock
    fault: Fault = faults.read_timeout(after_commit=True)
    _ = tokens, payments, refunds, transactions, calls, snapshot, worlds, clock, fault


def played(world: World) -> None:
    assert_type(world.number, int)
    assert_type(world.outcome, Literal["passed", "failed", "not run"])
    with world:
        assert_type(str(world), str)


def configured(**options: Unpack[Options]) -> Paymock:
    return Paymock(**options)


def several(options: Options) -> Paymock:
    options["seed"] = 7
    return configured(**options)


@pytest.fixture
def fake() -> Iterator[Paymock]:
    with Paymock() as paymock:
        yield paymock


def arranging(paymock: Paymock) -> None:
    card = paymock.card("visa", cvv="999")
    assert_type(card, dict[str, Any])
    assert_type(paymock.customer("cust_1", email="a@b"), dict[str, Any])
    paymock.customer(None)
    token = paymock.add_token("visa", customer_id="cust_1")
    assert_type(token, TokenRecord)
    paymock.add_token(customer_id=None)
    payment = paymock.add_payment(amount=Decimal("9.50"), token=token, status="pending")
    assert_type(payment, PaymentRecord)
    for amount in (5, 5.5, "5.50"):
        paymock.add_payment(amount=amount)
    paymock.add_payment(
        amount=5,
        token=token.token,
        outcome="card_declined",
        currency="EUR",
        customer_id="cust_9",
        description="gift",
    )
    assert_type(paymock.settle(payment.transaction_id, "failed"), PaymentRecord)
    paymock.settle(payment.transaction_id)


def scripting(paymock: Paymock) -> None:
    paymock.outcomes.queue("card_declined", "success", optional=True)
    paymock.outcomes.always("success")
    paymock.outcomes.always(None)
    paymock.outcomes.when("insufficient_funds", customer_id="cust_9", amount=5)
    assert_type(paymock.outcomes.forecast(10), list[str])
    paymock.outcomes.forecast(10, customer_id="cust_1")
    assert_type(paymock.outcomes.pending, list[str])


def breaking_the_wire(paymock: Paymock) -> None:
    paymock.faults.queue(faults.read_timeout, on="create_payment")
    paymock.faults.queue(faults.disconnect, faults.connection_reset, after_commit=True)
    paymock.faults.when(faults.unavailable, on="refund", nth=2, optional=True)
    paymock.faults.always(faults.latency(0.5))
    paymock.faults.always(None)
    paymock.faults.clear()
    assert_type(faults.read_timeout, faults.Fault)
    assert_type(faults.read_timeout(after_commit=True), faults.Fault)
    assert_type(
        faults.http_error(503, detail="later", headers={"Retry-After": "3"}, after_commit=True),
        faults.Fault,
    )
    for fault in faults.ALL:
        assert_type(fault, faults.Fault)


def exploring(paymock: Paymock, subtests: pytest.Subtests) -> None:
    for world in paymock.explore():
        with world:
            assert len(paymock.payments.where(status="success")) <= 1
        assert_type(str(world), str)
    for world in paymock.explore([faults.read_timeout], depth=2, subtests=subtests):
        with world:
            pass
    for world in paymock.explore(outage=3, crash=True, reset=list[str]().clear):
        with world as entered, paymock.process() as process:
            assert_type(entered, World)
        assert_type(process, Process)
        assert_type(process.crashed, bool)


async def racing(paymock: Paymock, subtests: pytest.Subtests) -> None:
    async def worker() -> int:
        return 1

    race: Race = paymock.race(preemptions=None, subtests=subtests)
    for world in race:
        with world:
            assert_type(world, RaceWorld)
            assert_type(await world.gather(worker(), worker()), list[Any])
    for world in paymock.race():
        with world:
            assert_type(world.run(lambda: 1, lambda: "2"), list[Any])


def time(paymock: Paymock) -> None:
    assert_type(paymock.clock.now(), datetime)
    paymock.clock.advance(hours=25)
    paymock.clock.advance(timedelta(minutes=5))
    paymock.clock.move_to(datetime(2026, 1, 27, tzinfo=UTC))
    paymock.clock.move_to("2026-01-27T12:00:00")
    assert_type(paymock.clock.pinned, bool)


def tokens(paymock: Paymock) -> None:
    token = paymock.tokens.one(customer_id="cust_1")
    assert_type(token, TokenRecord)
    assert_type(token.token, str)
    assert_type(token.card_type, str)
    assert_type(token.last_four_digits, str)
    assert_type(token.expires_at, datetime)
    assert_type(token.call, CallRecord | None)
    assert_type(token.card.holder, str)


def payments(paymock: Paymock) -> None:
    payment = paymock.payments.one()
    assert_type(payment, PaymentRecord)
    assert_type(payment.transaction_id, str)
    assert_type(payment.status, Status)
    assert_type(payment.amount, Decimal)
    assert_type(payment.description, str | None)
    assert_type(payment.outcome, str)
    assert_type(payment.reason, str)
    assert_type(payment.message, str)
    assert_type(payment.processed_at, datetime)
    assert_type(payment.refunded, bool)
    assert_type(payment.refund, RefundRecord | None)
    assert_type(payment.call, CallRecord | None)
    assert_type(paymock.payments.total(), Decimal)
    assert_type(paymock.payments.where(status="success").total("USD"), Decimal)


def refunds(paymock: Paymock) -> None:
    refund = paymock.refunds.one()
    assert_type(refund, RefundRecord)
    assert_type(refund.refund_id, str)
    assert_type(refund.original_transaction_id, str)
    assert_type(refund.amount, Decimal)
    assert_type(refund.call, CallRecord | None)
    assert_type(paymock.refunds.total(), Decimal)


def transactions(paymock: Paymock) -> None:
    for transaction in paymock.transactions:
        assert_type(transaction, PaymentRecord | RefundRecord)
        assert_type(transaction.transaction_id, str)
        assert_type(transaction.amount, Decimal)
        if isinstance(transaction, RefundRecord):
            assert_type(transaction.original_transaction_id, str)
        else:
            assert_type(transaction.outcome, str)


def calls(paymock: Paymock) -> None:
    call = paymock.calls.to("create_payment").where(client="httpx").one()
    assert_type(call, CallRecord)
    assert_type(call.number, int)
    assert_type(call.client, str)
    assert_type(call.endpoint, str | None)
    assert_type(call.method, str)
    assert_type(call.path, str)
    assert_type(call.status_code, int | None)
    assert_type(call.fault, faults.Fault | None)
    assert_type(call.at, datetime)
    assert_type(call.acted, bool)
    assert_type(call.lost, bool)
    _ = call.request["amount"]
    _ = call.response["transaction_id"]


def sequences(paymock: Paymock) -> None:
    assert_type(paymock.payments[0], PaymentRecord)
    assert_type(paymock.payments[1:], MoneyRecords[PaymentRecord])
    assert_type(paymock.payments.first, PaymentRecord)
    assert_type(paymock.payments.last, PaymentRecord)
    assert_type(len(paymock.payments), int)
    assert_type([payment.amount for payment in paymock.payments], list[Decimal])
    assert_type(paymock.calls.where(status_code=201)[0], CallRecord)
    listed: Sequence[PaymentRecord] = paymock.payments
    assert paymock.payments == list(listed)


def asserting(paymock: Paymock) -> None:
    paymock.assert_charged(99.99, "USD", "cust_1", times=2)
    paymock.assert_charged(amount=Decimal("99.99"))
    paymock.assert_not_charged(customer_id="cust_1")
    paymock.assert_refunded("99.99")
    paymock.assert_called("refund", times=1)
    paymock.assert_no_calls()


def going_back(paymock: Paymock) -> None:
    snapshot = paymock.snapshot()
    paymock.reset()
    paymock.restore(snapshot)


def routes(paymock: Paymock) -> None:
    assert_type(paymock.routes["refund"].called, bool)
    assert_type(paymock.routes["refund"].call_count, int)
    assert_type(paymock.routes["refund"].calls.last.request.method, str)


def errors() -> list[type[BaseException]]:
    try:
        Paymock(seed=7)
    except UsageError as error:
        assert_type(error, UsageError)
    return [BlockedRequestError, ExpectationError, PaymockError, PaymockWarning, UsageError]


# Mistakes that the types must find.


def unknown_names() -> None:
    from pytest_paymock import Paymok  # type: ignore[attr-defined]  # noqa: F401

    faults.read_timeot  # type: ignore[attr-defined]  # noqa: B018


def unknown_options() -> None:
    configured(sede=7)  # type: ignore[call-arg]
    Paymock(sede=7)  # type: ignore[call-arg]
    Paymock(network="off")  # type: ignore[arg-type]
    Paymock(seed=[7])  # type: ignore[arg-type]
    Paymock("http://localhost")  # type: ignore[call-arg]


def wrong_arguments(paymock: Paymock) -> None:
    paymock.card(7)  # type: ignore[arg-type]
    paymock.add_payment()  # type: ignore[call-arg]
    paymock.add_payment(amount=None)  # type: ignore[arg-type]
    paymock.add_payment(5, 6)  # type: ignore[call-arg, arg-type]
    paymock.assert_charged([5])  # type: ignore[arg-type]
    paymock.assert_called()  # type: ignore[call-arg]
    paymock.clock.move_to(5)  # type: ignore[arg-type]
    paymock.outcomes.queue(7)  # type: ignore[arg-type]
    paymock.faults.queue("read_timeout")  # type: ignore[arg-type]
    faults.read_timeout(True)  # type: ignore[call-arg]  # noqa: FBT003
    paymock.restore(None)  # type: ignore[arg-type]


def changes_to_what_cannot_change(paymock: Paymock) -> None:
    payment = paymock.payments.one()
    payment.amount = Decimal(1)  # type: ignore[misc]
    payment.status = "failed"  # type: ignore[misc]
    paymock.base_url = "http://else"  # type: ignore[misc]
    paymock.payments[0] = payment  # type: ignore[index]
    paymock.payments.append(payment)  # type: ignore[attr-defined]


def what_is_not_there(paymock: Paymock) -> None:
    paymock.tokens.total()  # type: ignore[attr-defined]
    paymock.payments.to("refund")  # type: ignore[attr-defined]
    _ = paymock.payments.one().call.status_code  # type: ignore[union-attr]
    _ = paymock.transactions.one().original_transaction_id  # type: ignore[union-attr]
