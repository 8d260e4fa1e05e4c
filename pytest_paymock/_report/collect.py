"""The facts of one fake at the end of its test, as plain values without card data."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from pytest_paymock._explore.schedule import Step
from pytest_paymock._explore.world import PlacedFault, World
from pytest_paymock._explore.world_state import WorldRun
from pytest_paymock._records.balances import Balance, balances
from pytest_paymock._records.records import CallRecord, PaymentRecord, RefundRecord
from pytest_paymock._report.evidence import Evidence
from pytest_paymock._report.labels import shown
from pytest_paymock._report.models import (
    BalanceFacts,
    CallFacts,
    FakeFacts,
    FaultFacts,
    FindingFacts,
    LedgerFacts,
    PaymentFacts,
    Phase,
    PlacedFacts,
    RefundFacts,
    StepFacts,
    WorldFacts,
)
from pytest_paymock.faults import Effect, Fault


def time_shown(when: datetime) -> str:
    """Return a time as a report shows it, such as ``2026-01-27T12:00:00.250Z``."""
    return f"{when.astimezone(UTC).replace(tzinfo=None).isoformat(timespec='milliseconds')}Z"


def facts_of(evidence: Evidence) -> FakeFacts:
    """Return the facts of one fake."""
    return FakeFacts(
        base_url=shown(evidence.settings.base_url),
        seed=evidence.settings.seed,
        clock=time_shown(evidence.now),
        clock_pinned=evidence.pinned,
        by_hand=evidence.by_hand,
        world=evidence.world,
        calls=tuple(map(_call, evidence.calls)),
        payments=tuple(map(_payment, evidence.payments)),
        refunds=tuple(map(_refund, evidence.refunds)),
        balances=tuple(map(_balance, balances(evidence.payments, evidence.refunds))),
        explorations=tuple(_worlds(exploration.worlds) for exploration in evidence.explorations),
        findings=tuple(map(_finding, evidence.findings)),
        blocked=tuple(map(shown, evidence.blocked)),
        waiting=tuple(map(shown, evidence.waiting)),
    )


def _call(call: CallRecord) -> CallFacts:
    return CallFacts(
        number=call.number,
        client=call.client,
        endpoint=call.endpoint,
        method=shown(call.method),
        path=shown(call.path),
        status=call.status_code,
        detail=_detail(call.response),
        fault=None if call.fault is None else fault_facts(call.fault),
        lost=call.lost,
        at=time_shown(call.at),
        waited=call.waited,
    )


def _detail(response: Any) -> str | None:
    detail = response.get("detail") if isinstance(response, dict) else None
    return None if detail is None else shown(detail)


def fault_facts(fault: Fault) -> FaultFacts:
    """Return the facts of a fault."""
    return FaultFacts(name=fault.name, words=str(fault), phase=_phase(fault))


def _phase(fault: Fault) -> Phase:
    if fault.effect is Effect.LATE:
        return "late answer"
    return "after commit" if fault.after_commit else "before commit"


def _payment(payment: PaymentRecord) -> PaymentFacts:
    call = payment.call
    return PaymentFacts(
        transaction_id=payment.transaction_id,
        status=payment.status,
        outcome=payment.outcome,
        message=payment.message,
        reason=shown(payment.reason),
        amount=str(payment.amount),
        currency=shown(payment.currency),
        customer_id=shown(payment.customer_id),
        card_type=payment.card_type,
        last_four=payment.last_four,
        call=None if call is None else call.number,
        lost=call is not None and call.lost,
        refund_id=payment.refund_id,
    )


def _refund(refund: RefundRecord) -> RefundFacts:
    return RefundFacts(
        refund_id=refund.refund_id,
        transaction_id=refund.original_transaction_id,
        amount=str(refund.amount),
        currency=shown(refund.currency),
        customer_id=shown(refund.customer_id),
        call=None if refund.call is None else refund.call.number,
    )


def _balance(balance: Balance) -> BalanceFacts:
    return BalanceFacts(
        customer_id=shown(balance.customer_id),
        currency=shown(balance.currency),
        charged=str(balance.charged),
        refunded=str(balance.refunded),
        kept=str(balance.kept),
        pending=str(balance.pending),
        lost=str(balance.lost),
    )


def _worlds(worlds: Iterable[World]) -> tuple[WorldFacts, ...]:
    return tuple(
        WorldFacts(
            number=world.number,
            calls_before=world.calls_before,
            faults=tuple(map(_placed, world.faults)),
            steps=tuple(map(_step, world.steps)),
            outcome=world.outcome,
            ledger=None if world.played is None else _ledger(world.played),
        )
        for world in worlds
    )


def _ledger(played: WorldRun) -> LedgerFacts:
    """Return what happened in a world. Calls are numbered from 1 in each world."""
    facts = LedgerFacts(
        calls=tuple(map(_call, played.calls[played.before :])),
        payments=tuple(map(_payment, played.payments)),
        refunds=tuple(map(_refund, played.refunds)),
        balances=tuple(map(_balance, balances(played.payments, played.refunds))),
    )
    if not played.before:
        return facts

    def within(number: int | None) -> int | None:
        return number - played.before if number and number > played.before else None

    return facts.model_copy(
        update={
            name: tuple(
                one.model_copy(update={key: within(getattr(one, key))})
                for one in getattr(facts, name)
            )
            for name, key in (("calls", "number"), ("payments", "call"), ("refunds", "call"))
        }
    )


def _step(step: Step) -> StepFacts:
    return StepFacts(worker=step.worker, calls=step.calls, until=step.until, error=step.error)


def _placed(placed: PlacedFault) -> PlacedFacts:
    return PlacedFacts(
        call=placed.call,
        endpoint=placed.endpoint,
        fault=fault_facts(placed.fault),
        length=placed.length,
    )


def _finding(words: str) -> FindingFacts:
    return FindingFacts(guard=words.partition(":")[0], words=shown(words))
