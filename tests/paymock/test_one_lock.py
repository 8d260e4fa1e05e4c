"""What a test does with the fake while threads of its own pay: in one piece, under the lock."""

from collections.abc import Callable
from typing import Any

import pytest

from pytest_paymock import Paymock
from pytest_paymock._engine.journal import Journal
from pytest_paymock._records.ledger import Ledger

from .support import pay


@pytest.fixture
def free(paymock: Paymock, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Names of what looked at records while any thread might have changed them."""
    lock: Any = paymock._parts.journal.lock
    found: list[str] = []

    def watched(name: str, genuine: Callable[..., Any]) -> Callable[..., Any]:
        def look(*args: Any) -> Any:
            found.extend([] if lock._is_owned() else [name])
            return genuine(*args)

        return look

    for name in ("token", "payment", "refund", "call"):
        monkeypatch.setattr(Ledger, name, watched(name, getattr(Ledger, name)))
    index = vars(Journal)["index"].fget
    monkeypatch.setattr(Journal, "index", property(watched("index", index)))
    return found


def test_what_puts_state_in_place(paymock: Paymock, free: list[str]) -> None:
    token = paymock.add_token()
    pending = paymock.add_payment(amount=5, status="pending", token=token)
    paymock.settle(pending.transaction_id)
    paymock.settle(pay(paymock, 0.03))

    assert free == []


@pytest.mark.paymock(allow=["foreign_token"])
def test_what_looks_for_findings(paymock: Paymock, free: list[str]) -> None:
    pay(paymock, 5, "cust_other", token=paymock.add_token().token)
    paymock.verify()

    assert free == []
