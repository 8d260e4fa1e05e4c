"""One engine, many threads: nothing is lost, and nothing happens twice."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from pytest_paymock.errors import NotRefundableError
from tests.engine.support import a_card, an_engine, an_order, paid

THREADS = 16
EACH = 60


def at_once(threads, work):
    """Run ``work(number)`` in so many threads that begin together, and return what each returns."""
    start = Barrier(threads)

    def begin(number):
        start.wait()
        return work(number)

    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(begin, range(threads)))


def test_no_payment_of_sixteen_threads_is_lost():
    engine = an_engine()
    forecast = engine.script.forecast(THREADS * EACH)

    def pay(number):
        token = engine.tokenize(a_card(), f"cust_{number}")
        return [engine.pay(an_order(token, customer_id=f"cust_{number}")) for _ in range(EACH)]

    made = [payment for payments in at_once(THREADS, pay) for payment in payments]

    assert len({payment.transaction_id for payment in made}) == THREADS * EACH
    assert sorted(engine.payments) == sorted(engine.order)
    assert [engine.payments[name].outcome for name in engine.order] == forecast
    assert len(engine.tokens) == THREADS
    assert {len(engine.history(f"cust_{number}")) for number in range(THREADS)} == {EACH}


def test_under_a_sequence_a_customer_threads_do_not_disturb_each_other():
    engine = an_engine(streams="customer", success_rate=0.5)
    names = [f"cust_{number}" for number in range(THREADS)]
    forecast = [engine.script.forecast(EACH, customer_id=name) for name in names]

    def pay(number):
        token = engine.tokenize(a_card(), names[number])
        order = an_order(token, customer_id=names[number])
        return [engine.pay(order).outcome for _ in range(EACH)]

    assert at_once(THREADS, pay) == forecast


def test_of_64_refunds_of_one_payment_exactly_one_wins():
    engine = an_engine()
    name = paid(engine).transaction_id

    def refund(_):
        try:
            return engine.refund(name).refund_id
        except NotRefundableError as refusal:
            return str(refusal)

    results = Counter(at_once(64, refund))
    (won,) = engine.refunds

    assert results == {won: 1, "Transaction has already been refunded": 63}
    assert engine.transaction(name).refund_id == won
    assert engine.order == [name, won]


def test_each_queued_outcome_serves_one_payment():
    engine = an_engine()
    engine.script.always("success")
    token = engine.tokenize(a_card(), "cust_1")

    def queue_and_pay(_):
        made = []
        for _ in range(EACH):
            engine.script.queue("card_declined")
            made.append(engine.pay(an_order(token)).outcome)
        return made

    made = at_once(THREADS, queue_and_pay)

    assert Counter(outcome for outcomes in made for outcome in outcomes) == {
        "card_declined": THREADS * EACH
    }
    assert engine.script.pending == []


def test_a_state_taken_in_between_is_whole():
    engine = an_engine()
    engine.script.always("success")

    def pay_and_refund(number):
        token = engine.tokenize(a_card(), f"cust_{number}")
        states = []
        for _ in range(EACH):
            engine.refund(engine.pay(an_order(token)).transaction_id)
            states.append(engine.state())
        return states

    for states in at_once(8, pay_and_refund):
        for (_, payments, refunds, order), *_ in states:
            assert sorted(order) == sorted([*payments, *refunds])
            assert {p.refund_id for p in payments.values()} - {None} == set(refunds)
