"""One play for every neighbour: who answers what, while both are active and when one has gone.

The play is run with a fake and without one, and what the neighbour does with URLs that are not the
fake's has to be the same to the letter.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable
from itertools import product
from typing import NamedTuple, Self

import pytest

from pytest_paymock import Paymock

from .calls import Call, Outcome, outcome

BASE = "http://localhost:8000"
FOREIGN = "https://elsewhere.example/stock"
UNKNOWN = "https://unknown.example/stock"
OURS = f"{BASE}/api/v1/tokenize"
THEIRS = f"{BASE}/api/v1/tokens/tok_theirs"

NUMBER = "4532015112830366"

CARD = {
    "card": {
        "card_number": NUMBER,
        "card_holder": "John Doe",
        "expiry_month": 12,
        "expiry_year": 2099,
        "cvv": "123",
    },
    "customer": {
        "customer_id": "cust_1",
        "email": "john@example.com",
        "billing_address": {
            "street": "1 Main St",
            "city": "New York",
            "state": "NY",
            "zip_code": "10001",
        },
    },
}

THEIR_STATUS = 218
"""What the user's own routes answer, and nobody else."""


class Order(NamedTuple):
    """When the neighbour is started and stopped, as seen from the fake."""

    started: str
    stopped: str


ORDERS = [Order(*pair) for pair in product(("before", "after"), ("before", "after"))]

all_orders = pytest.mark.parametrize(
    "order",
    [
        # One within the other is how mocks are used; that they end crosswise is rare.
        pytest.param(order, marks=pytest.mark.slow if order.started == order.stopped else ())
        for order in ORDERS
    ],
    ids=lambda order: f"started {order.started}, stopped {order.stopped}",
)


class Neighbour(ABC):
    """Another mock, with a route for ``FOREIGN`` and one for ``THEIRS``."""

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @abstractmethod
    def start(self) -> None:
        """Begin to mock."""

    @abstractmethod
    def stop(self) -> None:
        """Mock no longer."""

    @abstractmethod
    def seen(self) -> list[str]:
        """Return the URLs and bodies of the calls that it recorded."""


class WorldRun(NamedTuple):
    """What became of every call of a play."""

    both: dict[str, Outcome]
    alone: dict[str, Outcome]
    seen: list[str]


def play(neighbour: Neighbour, call: Call, order: Order, fake: Paymock | None) -> WorldRun:
    """Start both, call, stop one, call, stop the other."""
    seen: list[str] = []

    def stop() -> None:
        seen.extend(neighbour.seen())
        neighbour.stop()

    def get(urls: dict[str, str]) -> dict[str, Outcome]:
        return {name: outcome(lambda url=url: call("GET", url)) for name, url in urls.items()}

    def pay() -> Outcome:
        return outcome(lambda: call("POST", OURS, json=CARD))

    begin, end = (fake.start, fake.stop) if fake else (_nothing, _nothing)
    for start in _in_order(order.started, neighbour.start, begin):
        start()
    both = get({"foreign": FOREIGN, "unknown": UNKNOWN, "theirs": THEIRS})
    if fake:
        both["ours"] = pay()
    first, second = _in_order(order.stopped, stop, end)
    first()
    if order.stopped == "after":
        alone = get({"foreign": FOREIGN, "unknown": UNKNOWN, "theirs": THEIRS})
    else:
        alone = {"ours": pay(), **get({"unknown": UNKNOWN})} if fake else {}
    second()
    return WorldRun(both, alone, seen)


def _nothing() -> None:
    """Start or stop no fake."""


def _in_order(when: str, *acts: Callable[[], None]) -> list[Callable[[], None]]:
    return list(acts) if when == "before" else list(reversed(acts))


def check(make: Callable[[], Neighbour], call: Call, order: Order) -> tuple[WorldRun, WorldRun]:
    """Play with and without a fake, and check what holds for every neighbour."""
    fake = Paymock()
    try:
        with_fake = play(make(), call, order, fake)
    finally:
        fake.stop()
    without = play(make(), call, order, None)

    assert with_fake.both["ours"].kind == "201"
    ours_alone = order.stopped == "before"
    assert len(fake.tokens) == (2 if ours_alone else 1)
    assert fake.tokens.first.last_four_digits == "0366"

    for name in ("foreign", "unknown", "theirs"):
        assert with_fake.both[name] == without.both[name], name
    if ours_alone:
        assert with_fake.alone["ours"].kind == "201"
        assert with_fake.alone["unknown"].text.startswith(f"paymock stopped GET {UNKNOWN}: ")
    else:
        assert with_fake.alone == without.alone
    assert with_fake.seen == without.seen
    assert NUMBER not in str(with_fake.seen)
    return with_fake, without
