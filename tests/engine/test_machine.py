"""The engine as a state machine, against a model that knows the spec and nothing of the code."""

from copy import deepcopy
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, rule

from pytest_paymock._engine.outcomes import OUTCOMES
from pytest_paymock.errors import PaymentRefusedError, UsageError
from tests.engine.support import DETERMINISTIC, a_card, an_engine, an_order

RATE = 0.5
SEEDED = an_engine(success_rate=RATE).script.forecast(2000)

STATUS = {
    "success": "success",
    "insufficient_funds": "failed",
    "card_declined": "failed",
    "issuer_declined": "failed",
    "pending_verification": "pending",
    "manual_review": "pending",
    "under_review": "pending",
}
SMALL = {"0.01": "insufficient_funds", "0.02": "card_declined", "0.03": "pending_verification"}

CUSTOMERS = st.sampled_from(["cust_1", "cust_2", "cust_3"])
NAMES = st.sampled_from(sorted(STATUS))
AMOUNTS = st.sampled_from([*SMALL, "0.04", "9999.99", "10000", "50000"]) | st.decimals(
    min_value="0.04", max_value="9999.99", places=2
).map(str)


@dataclass
class Model:
    """What the spec says must be true, as plain data."""

    now: datetime = datetime(2025, 1, 27, 12, tzinfo=UTC)
    tokens: dict[str, datetime] = field(default_factory=dict)
    payments: dict[str, dict[str, Any]] = field(default_factory=dict)
    refunds: dict[str, str] = field(default_factory=dict)
    events: list[tuple[str, str]] = field(default_factory=list)
    queue: list[str] = field(default_factory=list)
    rules: list[tuple[str, str]] = field(default_factory=list)
    always: str | None = None
    drawn: int = 0

    def outcome(self, amount: str, customer: str) -> str:
        """Decide a payment and use up what decided it."""
        if self.queue:
            return self.queue.pop(0)
        for name, whose in reversed(self.rules):
            if whose == customer:
                return name
        if amount in SMALL:
            return SMALL[amount]
        if Decimal(amount) >= 10000:
            return "manual_review"
        if self.always is not None:
            return self.always
        self.drawn += 1
        return SEEDED[self.drawn - 1]

    def can_refund(self, name: str) -> bool:
        payment = self.payments.get(name)
        return (
            payment is not None
            and payment["status"] == "success"
            and name not in self.refunds.values()
        )

    def total(self, currency: str) -> Decimal:
        return sum(
            (
                Decimal(payment["amount"])
                for name, payment in self.payments.items()
                if payment["currency"] == currency
                and payment["status"] == "success"
                and name not in self.refunds.values()
            ),
            Decimal(0),
        )


class EngineMachine(RuleBasedStateMachine):
    tokens = Bundle("tokens")
    transactions = Bundle("transactions")
    states = Bundle("states")

    @initialize()
    def begin(self):
        self.engine = an_engine(success_rate=RATE)
        self.model = Model()

    def refuse(self, error, operation):
        before = self.engine.state()
        with pytest.raises(error):
            operation()
        assert self.engine.state() == before

    @rule(target=tokens, customer=CUSTOMERS | st.none())
    def tokenize(self, customer):
        token = self.engine.tokenize(a_card(), customer)
        assert token.token not in self.model.tokens
        self.model.tokens[token.token] = self.model.now + timedelta(hours=24)
        return token.token

    @rule(
        target=transactions,
        token=tokens,
        amount=AMOUNTS,
        currency=st.sampled_from(["USD", "EUR"]),
        customer=CUSTOMERS,
    )
    def pay(self, token, amount, currency, customer):
        order = an_order(token, amount, currency=currency, customer_id=customer)
        if self.model.now >= self.model.tokens.get(token, self.model.now):
            self.refuse(PaymentRefusedError, lambda: self.engine.pay(order))
            return "txn_refused"
        payment = self.engine.pay(order)
        outcome = self.model.outcome(amount, customer)
        assert payment.outcome == outcome
        assert payment.transaction_id not in self.model.payments
        self.model.payments[payment.transaction_id] = {
            "status": STATUS[outcome],
            "amount": amount,
            "currency": currency,
        }
        self.model.events.append((customer, payment.transaction_id))
        return payment.transaction_id

    @rule(target=transactions, name=transactions)
    def refund(self, name):
        if not self.model.can_refund(name):
            self.refuse(PaymentRefusedError, lambda: self.engine.refund(name))
            return name
        refund = self.engine.refund(name)
        assert refund.refund_id not in self.model.refunds
        self.model.refunds[refund.refund_id] = name
        customer = next(whose for whose, event in self.model.events if event == name)
        self.model.events.append((customer, refund.refund_id))
        return refund.refund_id

    @rule(name=transactions, status=st.sampled_from(["success", "failed", "pending"]))
    def settle(self, name, status):
        payment = self.model.payments.get(name)
        if status == "pending" or payment is None or payment["status"] != "pending":
            self.refuse((UsageError, PaymentRefusedError), lambda: self.engine.settle(name, status))
        else:
            self.engine.settle(name, status)
            payment["status"] = status

    @rule(hours=st.sampled_from([0, 1, 12, 23, 24, 100]))
    def advance(self, hours):
        self.engine.clock.advance(hours=hours)
        self.model.now += timedelta(hours=hours)

    @rule(names=st.lists(NAMES, min_size=1, max_size=3))
    def queue(self, names):
        self.engine.script.queue(*names)
        self.model.queue += names

    @rule(name=NAMES, customer=CUSTOMERS)
    def when(self, name, customer):
        self.engine.script.when(name, customer_id=customer)
        self.model.rules.append((name, customer))

    @rule(name=NAMES | st.none())
    def always(self, name):
        self.engine.script.always(name)
        self.model.always = name

    @rule(target=states)
    def snapshot(self):
        return self.engine.state(), deepcopy(self.model)

    @rule(state=states)
    def restore(self, state):
        theirs, ours = state
        self.engine.restore(theirs)
        self.model = deepcopy(ours)

    @rule()
    def reset(self):
        self.engine.reset()
        self.model = Model(now=self.model.now)

    @invariant()
    def it_agrees_with_the_model(self):
        engine, model = self.engine, self.model
        assert engine.clock.now() == model.now
        assert list(engine.tokens) == list(model.tokens)
        assert engine.order == [name for _, name in model.events]
        assert engine.script.pending == model.queue
        assert engine.script.forecast(3) == SEEDED[model.drawn : model.drawn + 3]
        for name, payment in model.payments.items():
            record = engine.transaction(name)
            assert (record.status, str(record.amount)) == (payment["status"], payment["amount"])
            assert record.refunded == (name in model.refunds.values())

    @invariant()
    def every_customer_has_their_history(self):
        for customer in ("cust_1", "cust_2", "cust_3"):
            assert [record.transaction_id for record in self.engine.history(customer)] == [
                name for whose, name in self.model.events if whose == customer
            ]

    @invariant()
    def no_money_is_lost_or_made(self):
        for currency in ("USD", "EUR"):
            charged = sum(
                payment.amount
                for payment in self.engine.payments.values()
                if payment.currency == currency and payment.status == "success"
            )
            paid_back = sum(
                refund.amount
                for refund in self.engine.refunds.values()
                if refund.currency == currency
            )
            assert charged - paid_back == self.model.total(currency)


def test_the_model_knows_every_outcome():
    assert {name: outcome.status for name, outcome in OUTCOMES.items()} == STATUS


TestEngineMachine = EngineMachine.TestCase
TestEngineMachine.settings = DETERMINISTIC
