"""The guard ``card_data_leak`` in what a test prints and logs."""

import re

import pytest

from .calling import VISA, silence, told_in
from .conftest import Run

PLACES = {
    "print(VISA)": "captured stdout call",
    "print(' '.join(VISA))": "captured stdout call",
    "print(VISA, file=__import__('sys').stderr)": "captured stderr call",
    "__import__('os').write(1, VISA.encode())": "captured stdout call",
    "__import__('logging').warning('card %s', VISA)": "captured log call",
    "capsys.readouterr(); print(VISA)": "captured stdout call",
    "capfd.readouterr(); print(VISA)": "captured stdout call",
    "caplog.set_level(0); __import__('logging').debug(VISA)": "captured log call",
}


@pytest.mark.parametrize("leak", PLACES)
def test_a_card_number_in_the_output_is_told_with_its_place(run: Run, leak: str):
    wanted = re.findall(r"cap\w+(?=\.)", leak)
    result = run(
        f"def test_till({', '.join(['paymock', *wanted])}):\n    tokenize(paymock)\n    {leak}\n",
        "--paymock-guards=error",
    )
    result.assert_outcomes(failed=1)
    sentence = f"card number that ends in 0366, sent in this test, stands in {PLACES[leak]}"
    assert told_in(result) == [f"card_data_leak: the {sentence} {silence('card_data_leak')}"]


def test_the_finding_itself_holds_no_number(run: Run):
    result = run("def test_till(paymock): print_a_card(paymock)\n", "--show-capture=no")
    result.assert_outcomes(passed=1, warnings=1)
    assert VISA not in result.stdout.str()
    assert "0366" in result.stdout.str()


@pytest.mark.parametrize("fixture", ["capsys", "capfd"])
def test_what_the_test_itself_took_from_the_output_is_no_leak(run: Run, fixture: str):
    result = run(
        f"""
def test_till(paymock, {fixture}):
    tokenize(paymock)
    print(VISA)
    assert VISA in {fixture}.readouterr().out
""",
        "--paymock-guards=error",
    )
    result.assert_outcomes(passed=1)


@pytest.mark.parametrize(
    "harmless", ["print('card ending in', VISA[-4:])", "print('5425233430109903')", "print(1)"]
)
def test_what_is_no_card_of_this_test_is_no_leak(run: Run, harmless: str):
    source = f"def test_till(paymock):\n    tokenize(paymock)\n    {harmless}\n"
    run(source, "-W", "error").assert_outcomes(passed=1)


def test_a_card_of_another_test_is_no_card_of_this_one(run: Run):
    result = run(
        """
def test_first(paymock):
    tokenize(paymock)

def test_second(paymock):
    pay(paymock)
    print(VISA)
""",
        "-W",
        "error",
    )
    result.assert_outcomes(passed=2)


def test_output_of_a_fixture_before_the_test_is_looked_at(run: Run):
    result = run(
        """
@pytest.fixture
def early(paymock):
    print_a_card(paymock)

def test_till(paymock, early):
    pass
""",
        "--paymock-guards=error",
    )
    result.assert_outcomes(failed=1)
    assert "stands in captured stdout setup (silence" in told_in(result)[0]


def test_output_of_a_fixture_after_the_test_is_looked_at(run: Run):
    result = run(
        """
@pytest.fixture
def late(paymock):
    yield
    print(VISA)

def test_till(paymock, late):
    tokenize(paymock)
"""
    )
    (told,) = told_in(result)
    assert "sent in this test, stands in captured stdout teardown (silence" in told


def test_output_within_subtests_is_looked_at(run: Run):
    result = run(
        """
def test_till(paymock, subtests):
    for name in ("charge", "charge again", "look"):
        with subtests.test(name):
            print_a_card(paymock)
"""
    )
    result.assert_outcomes(passed=1, warnings=1)
    (told,) = told_in(result)
    assert "sent in this test, stands in captured stdout call (silence" in told


def test_each_fake_of_a_test_looks_for_its_own_cards(run: Run):
    result = run(
        """
def test_till(paymock, paymock_factory):
    other = paymock_factory(base_url="https://pay.example")
    tokenize(other)
    print(VISA)
""",
        "--paymock-guards=error",
    )
    result.assert_outcomes(failed=1)


def test_a_card_that_is_printed_in_worlds_is_told_once(run: Run):
    result = run(
        """
def test_till(paymock):
    for world in paymock.explore([faults.server_error]):
        with world:
            print_a_card(paymock)
"""
    )
    result.assert_outcomes(passed=1, warnings=1)
    assert len(told_in(result)) == 1
