"""``where``, ``one``, ``first``, ``last``, ``total``, and being a sequence."""

import copy
import pickle
from collections.abc import Callable, Sequence
from decimal import ROUND_DOWN, Decimal, localcontext
from typing import Any

import pytest

from pytest_paymock import ExpectationError, Paymock, UsageError

from .support import NOW, call, pay, refund

pytestmark = pytest.mark.paymock(clock=NOW)


@pytest.fixture
def ledger(paymock: Paymock) -> Paymock:
    """Give a fake with four payments of two customers, the second of them paid back."""
    pay(paymock, 5)
    second = pay(paymock, 7.5, "cust_2", description="gift")
    pay(paymock, 0.01)
    refund(paymock, second)
    pay(paymock, 5, "cust_2")
    return paymock


def test_records_are_a_sequence(ledger: Paymock) -> None:
    payments = ledger.payments
    assert isinstance(payments, Sequence)
    assert len(payments) == 4
    assert [float(item.amount) for item in payments] == [5, 7.5, 0.01, 5]
    assert payments[0] == payments.first == next(iter(payments))
    assert payments[-1] == payments.last == next(reversed(payments))
    assert payments[1:3] == (payments[1], payments[2])
    assert payments[::-1] == tuple(reversed(payments))
    assert payments.index(payments[2]) == 2
    assert payments.count(payments[0]) == 1
    assert payments[1] in payments
    assert ledger.transactions[3] not in ledger.payments
    with pytest.raises(IndexError):
        payments[4]


COPIES: list[Callable[[Any], Any]] = [
    copy.copy,
    copy.deepcopy,
    lambda records: pickle.loads(pickle.dumps(records)),  # noqa: S301 - our own
]


@pytest.mark.parametrize("copied", COPIES, ids=["copy", "deepcopy", "pickle"])
def test_a_copy_holds_what_there_was(ledger: Paymock, copied: Callable[[Any], Any]) -> None:
    found = [copied(ledger.payments), copied(ledger.payments.where(amount=5)), copied(ledger.calls)]
    pay(ledger, 9)
    assert found[0] == list(ledger.payments[:4])
    assert [float(item.amount) for item in found[1]] == [5, 5]
    assert [call.number for call in found[2]] == [1, 2, 3, 4, 5]
    assert [type(copies) for copies in found] == [list, list, list]


ENDPOINTS = "tokenize, create_payment, get_transaction, list_customer_transactions, refund"


@pytest.mark.parametrize("kind", [TypeError, UsageError])
@pytest.mark.parametrize("key", ["refund", 1.5, None, ("a", 1), slice("a", None)])
def test_a_record_is_not_found_by_a_name(ledger: Paymock, key: Any, kind: type[Exception]) -> None:
    with pytest.raises(kind) as caught:
        ledger.calls[key]
    assert str(caught.value) == (
        f"a call is found by its place, such as [0] or [-1], and not by [{key!r}]; "
        f"to() takes {ENDPOINTS}, get_token; where() and one() take acted, answered, at, client, "
        "endpoint, fault, lost, method, number, path, request, request_body, response, "
        "response_body, status_code, waited"
    )


@pytest.mark.parametrize("noun", ["token", "payment", "refund", "transaction"])
def test_a_record_that_has_no_endpoint_is_found_by_its_fields(ledger: Paymock, noun: str) -> None:
    with pytest.raises(TypeError) as caught:
        getattr(ledger, f"{noun}s")["4532015112830366"]
    told = str(caught.value)
    assert told.startswith(
        f"a {noun} is found by its place, such as [0] or [-1], and not by ['************0366']; "
        "where() and one() take "
    )
    assert "customer_id" in told


@pytest.mark.parametrize("kind", [IndexError, ExpectationError])
@pytest.mark.parametrize(
    ("look", "told"),
    [
        (lambda fake: fake.payments[4], "there is no payment at [4]: there are 4"),
        (lambda fake: fake.refunds[-2], "there is no refund at [-2]: there is one"),
        (
            lambda fake: fake.payments.where(status="pending")[0],
            "there is no payment at [0]: there is none with status 'pending'",
        ),
        (
            lambda fake: fake.calls.to("refund").where(status_code=200)[1],
            "there is no call at [1]: there is one with endpoint 'refund' and status_code 200",
        ),
        (
            lambda fake: fake.refunds[10**5000],
            "there is no refund at [something of type int]: there is one",
        ),
    ],
)
def test_a_record_that_there_is_not_is_told(
    ledger: Paymock, look: Callable[[Paymock], object], told: str, kind: type[Exception]
) -> None:
    with pytest.raises(kind) as caught:
        look(ledger)
    assert str(caught.value) == told


@pytest.mark.parametrize("change", ["append", "clear", "pop", "sort", "insert", "__setitem__"])
def test_records_are_read_only(ledger: Paymock, change: str) -> None:
    assert not hasattr(ledger.payments, change)
    assert not hasattr(ledger.payments[0:2], change)


def test_records_are_equal_to_what_holds_the_same(ledger: Paymock) -> None:
    assert ledger.payments == list(ledger.payments)
    assert ledger.payments == tuple(ledger.payments)
    assert ledger.payments == ledger.payments.where()
    assert ledger.payments != ledger.payments.where(status="failed")
    assert ledger.payments != list(ledger.payments)[1:]
    assert ledger.payments.where(customer_id="nobody") == []
    assert ledger.payments != "payments"
    assert ledger.payments != 4


def test_an_endpoint_that_there_is_not_is_refused(ledger: Paymock) -> None:
    call(ledger, "GET", "/nowhere")
    with pytest.raises(UsageError) as caught:
        ledger.calls.where(endpoint="payments")
    assert str(caught.value) == (
        "there is no endpoint 'payments' (did you mean create_payment?); "
        f"a call has one of {ENDPOINTS}, get_token"
    )
    assert ledger.calls.one(endpoint=None).path == "/api/v1/nowhere"


@pytest.mark.parametrize(
    ("wanted", "words"),
    [
        (
            {"status": "sucess"},
            "there is no status 'sucess' (did you mean success?); a payment has one of success, ",
        ),
        ({"outcome": "declined"}, "there is no outcome 'declined' (did you mean card_declined?); "),
        ({"status": None}, "there is no status None; "),
        (
            {"card_type": "visa"},
            "there is no card_type 'visa' (did you mean Visa?); a payment has one of Visa, ",
        ),
    ],
)
def test_a_state_that_no_record_can_have_is_refused(
    ledger: Paymock, wanted: dict[str, Any], words: str
) -> None:
    with pytest.raises(UsageError) as caught:
        ledger.payments.where(**wanted)
    assert str(caught.value).startswith(words)


def test_records_are_not_hashable_as_they_change(ledger: Paymock) -> None:
    with pytest.raises(TypeError, match="unhashable"):
        hash(ledger.payments)


def test_the_repr_of_records_is_that_of_a_list(ledger: Paymock) -> None:
    assert repr(ledger.payments) == repr(list(ledger.payments))
    assert repr(ledger.refunds.where(currency="EUR")) == "[]"


def test_records_are_true_if_there_are_any(paymock: Paymock) -> None:
    assert not paymock.payments
    paymock.add_payment(amount=1)
    assert paymock.payments


def test_the_records_of_a_fake_are_live(paymock: Paymock) -> None:
    payments, calls, tokens = paymock.payments, paymock.calls, paymock.tokens
    refunds, transactions = paymock.refunds, paymock.transactions
    assert len(payments) == len(calls) == len(tokens) == len(refunds) == len(transactions) == 0
    refund(paymock, pay(paymock))
    assert (len(payments), len(calls), len(tokens)) == (1, 2, 1)
    assert (len(refunds), len(transactions)) == (1, 2)
    paymock.reset()
    assert len(payments) == len(calls) == len(tokens) == len(refunds) == len(transactions) == 0


def test_filtered_records_stay_as_they_were(paymock: Paymock) -> None:
    pay(paymock)
    filtered = paymock.payments.where(status="success"), paymock.payments.where()
    pay(paymock)
    paymock.reset()
    assert [len(records) for records in filtered] == [1, 1]


def test_an_iteration_does_not_see_what_is_added_meanwhile(paymock: Paymock) -> None:
    pay(paymock)
    for _ in paymock.payments:
        paymock.add_payment(amount=1)
    assert len(paymock.payments) == 2


@pytest.mark.parametrize("amount", [5, 5.0, "5", "5.00", Decimal(5), Decimal("5.0")])
def test_an_amount_may_be_written_in_any_way(
    ledger: Paymock, amount: Decimal | int | float | str
) -> None:
    assert len(ledger.payments.where(amount=amount)) == 2


def test_an_amount_is_compared_exactly(paymock: Paymock) -> None:
    paymock.add_payment(amount="0.3")
    assert len(paymock.payments.where(amount=0.3)) == 1
    assert len(paymock.payments.where(amount=0.1 + 0.2)) == 0


def test_where_filters_by_every_condition_at_once(ledger: Paymock) -> None:
    assert len(ledger.payments.where(customer_id="cust_2")) == 2
    assert len(ledger.payments.where(customer_id="cust_2", amount=5)) == 1
    assert len(ledger.payments.where(customer_id="cust_2").where(refunded=True)) == 1
    assert len(ledger.payments.where(customer_id="cust_2", status="failed")) == 0
    assert ledger.payments.where(outcome="insufficient_funds").one().message == "Insufficient funds"
    assert len(ledger.payments.where(card_type="Visa", last_four="0366")) == 4
    assert ledger.payments.where(description="gift").one().amount == Decimal("7.5")
    assert len(ledger.payments.where(description=None)) == 3
    assert len(ledger.calls.where(endpoint="create_payment", status_code=201)) == 4


def test_where_keeps_the_order(ledger: Paymock) -> None:
    mine = ledger.payments.where(customer_id="cust_2")
    assert list(mine) == [ledger.payments[1], ledger.payments[3]]


def test_transactions_are_payments_and_refunds_in_order(ledger: Paymock) -> None:
    assert list(ledger.transactions) == [
        *ledger.payments[:3],
        ledger.refunds.one(),
        ledger.payments[3],
    ]
    assert ledger.transactions.where(customer_id="cust_2") == [
        ledger.payments[1],
        ledger.refunds[0],
        ledger.payments[3],
    ]


def test_transactions_are_filtered_by_what_either_kind_has(ledger: Paymock) -> None:
    original = ledger.payments[1].transaction_id
    assert ledger.transactions.where(original_transaction_id=original) == list(ledger.refunds)
    assert ledger.transactions.where(outcome="insufficient_funds") == [ledger.payments[2]]
    both = ledger.transactions.where(refund_id=ledger.refunds.one().refund_id)
    assert both == [ledger.payments[1], ledger.refunds.one()]


@pytest.mark.parametrize(
    ("records", "noun", "some"),
    [
        ("payments", "payment", ["amount", "status", "outcome", "reason", "refund", "card_type"]),
        ("refunds", "refund", ["amount", "refund_id", "original_transaction_id", "status"]),
        ("tokens", "token", ["token", "card_type", "last_four_digits", "expires_at"]),
        ("calls", "call", ["endpoint", "method", "path", "status_code", "client", "fault", "at"]),
        ("transactions", "transaction", ["outcome", "original_transaction_id", "amount"]),
    ],
)
def test_an_unknown_field_is_a_usage_error_that_lists_the_valid_ones(
    paymock: Paymock, records: str, noun: str, some: list[str]
) -> None:
    for ask in (getattr(paymock, records).where, getattr(paymock, records).one):
        with pytest.raises(UsageError) as caught:
            ask(colour="red")
        words, _, listed = str(caught.value).partition("; it has ")
        assert words == f"a {noun} has no field 'colour'"
        assert set(some) <= set(listed.split(", "))
        assert not [name for name in listed.split(", ") if name.startswith("_")]


def test_a_method_is_no_field(paymock: Paymock) -> None:
    with pytest.raises(UsageError, match="a token has no field 'valid_at'"):
        paymock.tokens.where(valid_at=1)


@pytest.mark.parametrize("amount", ["five", None, True, float("nan"), float("inf"), [5]])
def test_what_is_no_amount_is_a_usage_error(paymock: Paymock, amount: object) -> None:
    with pytest.raises(UsageError):
        paymock.payments.where(amount=amount)


def test_one_is_the_only_one(ledger: Paymock) -> None:
    assert ledger.payments.one(outcome="insufficient_funds") == ledger.payments[2]
    assert ledger.payments.where(customer_id="cust_2").one(amount=5) == ledger.payments[3]
    assert ledger.refunds.one().amount == Decimal("7.5")


@pytest.mark.parametrize("found", [{"customer_id": "nobody"}, {"amount": 5}])
def test_one_of_none_or_several_fails(ledger: Paymock, found: dict[str, object]) -> None:
    with pytest.raises(ExpectationError):
        ledger.payments.one(**found)


def test_first_and_last_of_nothing_fail(paymock: Paymock) -> None:
    with pytest.raises(ExpectationError, match="found no payment"):
        _ = paymock.payments.first
    with pytest.raises(ExpectationError, match="found no call"):
        _ = paymock.calls.last


def test_a_total_is_exact(paymock: Paymock) -> None:
    assert paymock.payments.total() == Decimal(0)
    for amount in ("0.1", "0.2", "1E+20", "1E-20"):
        paymock.add_payment(amount=amount)
    assert paymock.payments.total() == Decimal("100000000000000000000.30000000000000000001")
    assert isinstance(paymock.payments.total(), Decimal)


def test_a_total_does_not_depend_on_the_decimal_context(paymock: Paymock) -> None:
    for _ in range(3):
        paymock.add_payment(amount="1234.56")
    with localcontext(prec=2, rounding=ROUND_DOWN):
        assert paymock.payments.total() == Decimal("3703.68")


def test_a_total_counts_what_was_filtered(ledger: Paymock) -> None:
    assert ledger.payments.total() == Decimal("17.51")
    assert ledger.payments.where(status="success").total() == Decimal("17.5")
    assert ledger.payments.where(status="success", refunded=False).total() == 10
    assert ledger.refunds.total() == Decimal("7.5")


def test_a_total_over_several_currencies_names_one(paymock: Paymock) -> None:
    paymock.add_payment(amount=5)
    paymock.add_payment(amount=7, currency="EUR")
    with pytest.raises(UsageError) as caught:
        paymock.payments.total()
    assert str(caught.value) == "these amounts are in EUR, USD; name one: total('EUR')"
    assert paymock.payments.total("EUR") == 7
    assert paymock.payments.total("USD") == 5
    assert paymock.payments.total("GBP") == 0
    assert paymock.payments.where(currency="EUR").total() == 7


@pytest.mark.parametrize("records", ["calls", "tokens"])
def test_what_has_no_amount_has_no_total(paymock: Paymock, records: str) -> None:
    assert not hasattr(getattr(paymock, records), "total")


def test_queries_leave_no_trace(ledger: Paymock) -> None:
    before = ledger.snapshot()
    ledger.payments.where(status="success").total()
    ledger.calls.to("refund").one()
    call_count = len(ledger.calls)
    ledger.report()
    assert ledger.snapshot() == before
    assert len(ledger.calls) == call_count
    call(ledger, "GET", "/nothing")
    assert ledger.snapshot() != before
