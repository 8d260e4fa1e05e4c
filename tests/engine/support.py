"""What the tests of the engine share: an engine under a pinned clock, and things to do with it."""

from decimal import Decimal
from typing import Any

from hypothesis import HealthCheck, settings

from pytest_paymock._engine.cards import TEST_CARDS
from pytest_paymock._engine.clock import Clock
from pytest_paymock._engine.engine import CardData, Engine
from pytest_paymock._engine.records import Payment, Token
from pytest_paymock._engine.script import PaymentOrder

NOON = "2025-01-27T12:00:00"

# The same examples on every run, and none that depends on how busy the machine is.
DETERMINISTIC = settings(
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)


def an_engine(**options: Any) -> Engine:
    return Engine(**{"clock": Clock(NOON), **options})


def a_card(number: str = TEST_CARDS["visa"], **fields: Any) -> CardData:
    return CardData(
        **{
            "number": number,
            "holder": "John Doe",
            "expiry_month": 12,
            "expiry_year": 2027,
            **fields,
        }
    )


def an_order(token: Token | str, amount: str = "99.99", **fields: Any) -> PaymentOrder:
    named = {
        "token": token if isinstance(token, str) else token.token,
        "amount": Decimal(amount),
        "currency": "USD",
        "customer_id": "cust_1",
        "description": None,
        **fields,
    }
    return PaymentOrder(**named)


def paid(engine: Engine, amount: str = "99.99", **fields: Any) -> Payment:
    """Pay with a fresh token."""
    token = engine.tokenize(a_card(), "cust_1")
    return engine.pay(an_order(token, amount, **fields))


def outcomes_of(engine: Engine, count: int, **fields: Any) -> list[str]:
    """Return what becomes of the next payments, all with one token."""
    token = engine.tokenize(a_card(), "cust_1")
    return [engine.pay(an_order(token, **fields)).outcome for _ in range(count)]
