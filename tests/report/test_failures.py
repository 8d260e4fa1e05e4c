"""Why a test failed: told where the words are ours, since others may repeat card data."""

from itertools import zip_longest

import pytest

from .conftest import Reported

FOREIGN = "pay(paymock, owner='cust_2')"


FAILURES: dict[str, list[str]] = {
    "paymock.assert_charged(5)": ["expected 1 charge with amount=5, found no charge"],
    "paymock.payments.one()": ["expected exactly one payment, found no payment"],
    "assert pay(paymock) == '987 4532015112830366'": [],
    "pytest.fail('4532015112830366')": [],
    "raise KeyError('4532015112830366')": [],
    "pay(paymock)": [],
    "pytest.skip('paymock: no')": [],
    "paymock.outcomes.queue('success')": ["the test queued outcomes that no payment use"],
    FOREIGN: ["foreign_token: txn_20260127120000_3c5a60cf charg"],
    "print(paymock.card()['card_number']); tokenize(paymock)": [
        "card_data_leak: the card number that ends in 0366, sent in this test, stands in c"
    ],
    "paymock.assert_charged(customer_id='4532015112830366')": [
        "expected 1 charge with customer_id='************0366', found no charge"
    ],
}
"""What each test does, and how what the report says of its failure begins."""


@pytest.mark.parametrize(
    "workers", [(), ("-p", "xdist", "-n", "1")], ids=["one process", "a worker"]
)
def test_a_failure_of_ours_is_told_and_no_other(reported: Reported, workers: tuple[str, ...]):
    source = "\n".join(
        f"def test_{number:02}(paymock): {body}" for number, body in enumerate(FAILURES)
    )
    tests = reported(source, "--paymock-guards=error", *workers)["tests"]
    shortened = {
        body: [
            words[: len(start)]
            for words, start in zip_longest(test["failures"], starts, fillvalue="")
        ]
        for test, (body, starts) in zip(tests, FAILURES.items(), strict=True)
    }
    assert shortened == FAILURES


WORLDS = """
def test_it(paymock{subtests}):
    for world in paymock.explore({subtests_too}):
        with world:
            pay_naively(paymock)
            {check}
"""

FIFTH = "world 5 of 20: call 1 create_payment, read timeout after commit"


@pytest.mark.parametrize(
    ("check", "flags", "told"),
    [
        ("assert len(paymock.payments) == 1", (), f"in {FIFTH}"),
        ("paymock.assert_charged()", (), f"expected 1 charge, found 2 charges (in {FIFTH})"),
        ("", ("--paymock-guards=error",), f"double_charge: in {FIFTH}: cust_1 was charged 5 USD "),
    ],
)
def test_a_failure_within_a_world_names_it_once(
    reported: Reported, check: str, flags: tuple[str, ...], told: str
):
    source = WORLDS.format(subtests="", subtests_too="", check=check)
    (test,) = reported(source, *flags)["tests"]
    (words,) = test["failures"]
    assert words.startswith(told)
    assert words.count("world 5") == 1


def test_every_failed_world_of_subtests_is_told(reported: Reported):
    source = WORLDS.format(
        subtests=", subtests",
        subtests_too="subtests=subtests",
        check="assert len(paymock.payments) <= 1",
    )
    (test,) = reported(source)["tests"]
    assert [words.split()[2] for words in test["failures"]] == ["5", "7", "9", "11"]


def test_every_phase_that_failed_is_told(reported: Reported):
    source = """
@pytest.fixture
def later(paymock):
    yield
    paymock.assert_refunded()

def test_it(paymock, later): paymock.assert_charged()
"""
    (test,) = reported(source)["tests"]
    assert [words.split(",")[0] for words in test["failures"]] == [
        "expected 1 charge",
        "expected 1 refund",
    ]
