"""Facts as the report holds them, made by hand."""

from typing import Any

from pytest_paymock._report.document import report_of
from pytest_paymock._report.models import (
    BalanceFacts,
    CallFacts,
    FakeFacts,
    FaultFacts,
    LedgerFacts,
    PaymentFacts,
    PlacedFacts,
    RefundFacts,
    Report,
    TestFacts,
    WorldFacts,
)

NOON = "2026-01-27T12:00:00.000Z"


def a_fault(words: str = "read timeout", phase: Any = "before commit") -> FaultFacts:
    return FaultFacts(name=words.replace(" ", "_"), words=words, phase=phase)


BEFORE = a_fault()
AFTER = a_fault("read timeout after commit", "after commit")
LATE = a_fault("latency 3 s", "late answer")


def a_call(number: int = 1, **given: Any) -> CallFacts:
    facts: dict[str, Any] = {
        "number": number,
        "client": "httpx",
        "endpoint": "create_payment",
        "method": "POST",
        "path": "/api/v1/payments",
        "status": 201,
        "detail": None,
        "fault": None,
        "lost": False,
        "at": NOON,
        "waited": 0.0,
    }
    return CallFacts(**facts | given)


def a_payment(**given: Any) -> PaymentFacts:
    facts: dict[str, Any] = {
        "transaction_id": "txn_20260127120000_3c5a60cf",
        "status": "success",
        "outcome": "success",
        "message": "Payment processed successfully",
        "reason": "seeded draw 0.477 < 0.90",
        "amount": "5",
        "currency": "USD",
        "customer_id": "cust_1",
        "card_type": "Visa",
        "last_four": "0366",
        "call": 1,
        "lost": False,
        "refund_id": None,
    }
    return PaymentFacts(**facts | given)


def a_refund(**given: Any) -> RefundFacts:
    facts: dict[str, Any] = {
        "refund_id": "ref_20260127120000_fa457df5",
        "transaction_id": "txn_20260127120000_3c5a60cf",
        "amount": "5",
        "currency": "USD",
        "customer_id": "cust_1",
        "call": 2,
    }
    return RefundFacts(**facts | given)


def a_balance(**given: Any) -> BalanceFacts:
    zero = dict.fromkeys(("charged", "refunded", "kept", "pending", "lost"), "0")
    facts = {"customer_id": "cust_1", "currency": "USD", **zero}
    return BalanceFacts(**facts | given)


def a_ledger(**given: Any) -> LedgerFacts:
    facts: dict[str, Any] = dict.fromkeys(("calls", "payments", "refunds", "balances"), ())
    return LedgerFacts(**facts | given)


def a_fake(**given: Any) -> FakeFacts:
    many = ("calls", "payments", "refunds", "balances", "explorations", "findings", "blocked")
    facts: dict[str, Any] = {
        "base_url": "http://localhost:8000",
        "seed": 0,
        "clock": NOON,
        "clock_pinned": True,
        "world": None,
        **dict.fromkeys((*many, "waiting"), ()),
    }
    return FakeFacts(**facts | given)


def a_test(name: str = "test_till.py::test_it", **given: Any) -> TestFacts:
    facts: dict[str, Any] = {
        "outcome": "passed",
        "failures": (),
        "reproduce": f"pytest {name}",
        "fakes": (),
    }
    return TestFacts(name=name, **facts | given)


def a_report(*tests: TestFacts, interrupted: bool = False, crashed: tuple[str, ...] = ()) -> Report:
    return report_of(tests, version="1.2.3", interrupted=interrupted, crashed=crashed)


def a_world(
    number: int,
    outcome: Any,
    *placed: tuple[int, str | None, FaultFacts],
    length: int = 1,
    ledger: LedgerFacts | None = None,
    calls_before: int = 0,
) -> WorldFacts:
    faults = tuple(
        PlacedFacts(call=call, endpoint=endpoint, fault=fault, length=length)
        for call, endpoint, fault in placed
    )
    return WorldFacts(
        number=number, calls_before=calls_before, outcome=outcome, faults=faults, ledger=ledger
    )
