"""Going back: reset, and the state that is taken and restored."""

import pickle

import pytest

from pytest_paymock._engine.outcomes import OUTCOMES
from tests.engine.support import a_card, an_engine, an_order, outcomes_of, paid


def busy():
    """Return an engine in which everything has happened."""
    engine = an_engine(seed=2, success_rate=0.6)
    engine.tokenize(a_card(), None)
    outcomes_of(engine, 6)
    engine.script.queue("success", "card_declined")
    engine.script.when("under_review", customer_id="cust_9")
    engine.script.always("success")
    engine.refund(paid(engine).transaction_id)
    engine.clock.advance(hours=1)
    return engine


def go_on(engine):
    """Do some of everything, and return all that came of it."""
    token = engine.tokenize(a_card(), None)
    payments = [engine.pay(an_order(token)) for _ in range(3)]
    ours = engine.pay(an_order(token, customer_id="cust_9"))
    charge = engine.arrange(an_order(token), OUTCOMES["success"])
    refund = engine.refund(charge.transaction_id)
    return token, payments, ours, refund, engine.order, engine.changes()


def test_an_engine_goes_on_from_a_state_as_it_did_before():
    engine = busy()
    before = engine.state()
    first = go_on(engine)
    engine.clock.advance(days=3)
    engine.restore(before)

    assert engine.state() == before
    assert go_on(engine) == first


def test_a_state_is_not_touched_by_what_happens_later():
    engine = busy()
    state = engine.state()
    kept = pickle.dumps(state)
    go_on(engine)
    engine.reset()

    assert pickle.loads(kept) == state  # noqa: S301 - our own bytes
    assert pickle.dumps(state) == kept


def test_a_state_serves_more_than_once():
    engine = busy()
    state = engine.state()
    for _ in range(3):
        go_on(engine)
        engine.restore(state)

    assert engine.state() == state


def test_a_state_can_be_restored_into_another_engine_of_that_seed():
    first, second = busy(), an_engine(seed=2, success_rate=0.6)
    second.restore(first.state())

    assert go_on(second) == go_on(first)


def test_reset_empties_everything_but_the_clock():
    engine, fresh = busy(), an_engine(seed=2, success_rate=0.6)
    fresh.clock.advance(hours=1)
    engine.reset()

    assert engine.clock.now() == fresh.clock.now()
    assert engine.script.pending == []
    assert go_on(engine)[:-1] == go_on(fresh)[:-1]


def test_reset_forgets_tokens_and_transactions():
    engine = an_engine()
    payment = paid(engine)
    engine.reset()

    assert (engine.tokens, engine.payments, engine.refunds, engine.order) == ({}, {}, {}, [])
    assert engine.history(payment.customer_id) == []


@pytest.mark.parametrize("seed", [0, 1])
def test_the_same_calls_leave_the_same_state(seed):
    states = []
    for _ in range(2):
        engine = an_engine(seed=seed)
        outcomes_of(engine, 12)
        states.append(engine.state())

    assert states[0] == states[1]
