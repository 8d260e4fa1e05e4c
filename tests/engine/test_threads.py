"""One engine, many threads: what the test says, and what is asked, may come between two payments.

That no payment gets lost is told by ``tests/contract/test_threads.py``, with clients.
"""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from pytest_paymock._engine.journal import Index
from tests.engine.support import a_card, an_engine, an_order

pytestmark = pytest.mark.usefixtures("busy_threads")

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


def test_each_queued_outcome_serves_one_payment():
    engine = an_engine()
    engine.script.always("success")
    token = engine.tokenize(a_card(), "cust_1")

    def queue_and_pay(_):
        made = []
        for _ in range(EACH):
            engine.script.queue("card_declined")
            with engine.journal.lock:
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
        with engine.journal.lock:
            token = engine.tokenize(a_card(), f"cust_{number}")
        states = []
        for _ in range(EACH):
            with engine.journal.lock:
                engine.refund(engine.pay(an_order(token)).transaction_id)
            states.append(engine.state())
        return states

    for states in at_once(8, pay_and_refund):
        for state in states:
            index = Index(state.entries())
            index.read_on()
            payments, refunds = index.payments, index.refunds
            assert sorted(index.order) == sorted([*payments, *refunds])
            assert {p.refund_id for p in payments.values()} - {None} == set(refunds)
