"""The seeded sequences as they are now, in the form in which ``sequences.json`` pins them.

The file is a promise to the users: a test that passes under a seed passes under it in every later
version. No test writes it. Should a new sequence ever be added, print what there is now with

    python -m tests.golden.sequences

compare it with the file, and edit the file by hand. A line that differs from the file is a broken
promise, and belongs in the changelog under a new major version.
"""

import json
import sys
from decimal import Decimal
from typing import Any

from pytest_paymock._engine import ids
from pytest_paymock._engine.engine import CardData, PaymentOrder
from tests.engine.support import Bench

SEEDS = (0, 1, 7, -1, 2**200)
LENGTH = 50
FEW = 5
CUSTOMER = "cust_123"


def sequences_of(seed: int) -> dict[str, Any]:
    """Return all that is pinned of a seed, read off real operations of two engines."""
    engine = _engine(seed, "payments")
    by_customer = _engine(seed, "customer")
    tokens = [engine.tokenize(_CARD, None) for _ in range(FEW)]
    approved = _engine(seed, "payments")
    approved.script.always("success")
    charges = [_pay(approved) for _ in range(FEW)]
    return {
        "payments": [_pay(engine).outcome for _ in range(LENGTH)],
        f"customer {CUSTOMER}": [_pay(by_customer).outcome for _ in range(LENGTH)],
        "draws": [ids.draw(ids.key_of(seed), "payments", number) for number in range(1, FEW + 1)],
        "tokens": [token.token for token in tokens],
        "customers": [token.customer_id for token in tokens],
        "transactions": list(engine.payments)[:FEW],
        "refunds": [approved.refund(charge.transaction_id).refund_id for charge in charges],
        "fingerprint": tokens[0].card.fingerprint,
    }


_CARD = CardData("4532015112830366", "John Doe", 12, 2027)


def _engine(seed: int, streams: str) -> Bench:
    return Bench(seed=seed, streams=streams, clock="2026-01-27T12:00:00")


def _pay(engine: Bench) -> Any:
    token = next(iter(engine.tokens), None) or engine.tokenize(_CARD, CUSTOMER).token
    return engine.pay(PaymentOrder(token, Decimal("99.99"), "USD", CUSTOMER, None))


def all_sequences() -> dict[str, Any]:
    """Return the contents of ``sequences.json``."""
    return {f"seed {seed}": sequences_of(seed) for seed in SEEDS}


if __name__ == "__main__":
    json.dump(all_sequences(), sys.stdout, indent=1)
    sys.stdout.write("\n")
