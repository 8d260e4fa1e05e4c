"""What happened in the worlds that failed, in the JSON and on the page."""

from typing import Any

import pytest

from pytest_paymock._report.page import MOST_WORLDS

from .conftest import Reported
from .facts import BEFORE, a_balance, a_call, a_fake, a_ledger, a_payment, a_test, a_world
from .test_page import Markup, a_page, panels

NAIVE = """
from pytest_paymock import faults

def test_till(paymock{subtests}):
    {before}
    for world in paymock.explore([faults.disconnect, faults.server_error]{argument}):
        with world:
            pay_naively(paymock)
            assert len(paymock.calls.to("create_payment").where(fault=None)) >= {most}
"""

BEFORE_IT = "paymock.add_payment(amount=7, customer_id='cust_0'); tokenize(paymock)"


def fake_of(report: dict[str, Any]) -> Any:
    return report["tests"][0]["fakes"][0]


def naive(before: str = "pass", most: int = 2, *, subtests: bool = False) -> str:
    return NAIVE.format(
        before=before,
        most=most,
        subtests=", subtests" if subtests else "",
        argument=", subtests=subtests" if subtests else "",
    )


def test_every_world_that_failed_is_told_with_what_happened_in_it(reported: Reported):
    fake = fake_of(reported(naive(most=1, subtests=True)))
    (worlds,) = fake["explorations"]
    # A till that tries again after a disconnect; an answer 500 it takes for one.
    assert [world["outcome"] for world in worlds] == ["passed"] * 3 + ["failed"] * 2
    assert [world["ledger"] is None for world in worlds] == [True] * 3 + [False] * 2
    ledger = worlds[4]["ledger"]
    assert [(call["number"], call["status"], call["lost"]) for call in ledger["calls"]] == [
        (1, 500, True)
    ]
    assert [(one["call"], one["lost"]) for one in ledger["payments"]] == [(1, True)]
    assert ledger["balances"][0]["lost"] == "5"
    assert fake["world"] is None, "the test went on from the world without faults"
    assert [call["fault"] for call in fake["calls"]] == [None]


def test_the_calls_of_a_world_are_numbered_as_its_faults_name_them(reported: Reported):
    fake = fake_of(reported(naive(BEFORE_IT, subtests=True)))
    world = fake["explorations"][0][0]
    assert world["faults"] == []
    ledger = world["ledger"]
    assert [call["number"] for call in ledger["calls"]] == [1]
    assert [(one["amount"], one["call"]) for one in ledger["payments"]] == [("7", None), ("5", 1)]
    assert [call["number"] for call in fake["calls"]] == [1, 2]
    assert {one["calls_before"] for one in fake["explorations"][0]} == {1}


def test_why_a_test_failed_says_both_numbers_of_a_call(reported: Reported):
    (test,) = reported(naive(BEFORE_IT, most=1))["tests"]
    label = "world 4 of 5: call 1 create_payment, HTTP 500 (its call 1 is call 2 in all)"
    assert test["failures"] == [f"in {label}"]
    assert [call["number"] for call in test["fakes"][0]["calls"]] == [1, 2]


def test_where_a_test_ends_in_a_world_that_is_told(reported: Reported):
    fake = fake_of(reported(naive(most=1)))
    assert fake["world"] == 4
    assert fake["calls"] == fake["explorations"][0][3]["ledger"]["calls"]


@pytest.mark.parametrize("way", ["break", "return", "pytest.skip('enough')"])
def test_where_a_test_left_the_loop_in_a_world_that_is_told(reported: Reported, way: str):
    source = naive(most=0) + f"            if world.number == 2: {way}\n"
    fake = fake_of(reported(source))
    assert fake["world"] == 2
    assert [call["fault"] and call["fault"]["words"] for call in fake["calls"]] == [
        "disconnect",
        None,
    ]


@pytest.mark.parametrize("skip", ["pytest.skip('no')", "import unittest; raise unittest.SkipTest"])
def test_a_world_that_skips_has_no_verdict(reported: Reported, skip: str):
    report = reported(
        f"""
def test_till(paymock):
    for world in paymock.explore():
        with world:
            pay(paymock)
            {skip}
"""
    )
    (test,) = report["tests"]
    (world,) = test["fakes"][0]["explorations"][0]
    assert (test["outcome"], world["outcome"], world["ledger"]) == ("skipped", "not run", None)
    assert "--paymock-world" not in test["reproduce"]
    assert report["totals"]["failed_worlds"] == 0


# -- the page ---------------------------------------------------------------------------------


def story(amount: str) -> Any:
    return a_ledger(
        calls=[a_call(fault=BEFORE, status=None)],
        payments=[a_payment(amount=amount)],
        balances=[a_balance(charged=amount, kept=amount)],
    )


def opened(*worlds: Any, reproduce: str = "pytest a.py::test_it", **given: Any) -> Markup:
    fake = a_fake(explorations=[worlds], **given)
    (panel,) = panels(a_page(a_test("a.py::test_it", reproduce=reproduce, fakes=[fake])))
    return panel


def ways(panel: Markup) -> list[str | None]:
    """Return what the cells of failed worlds say of how to run them alone."""
    return [cell["title"] for cell in panel.all("td") if cell.get("class") == "bad"]


def test_a_world_of_a_fake_that_no_flag_rules_is_run_alone_by_its_arguments():
    world = a_world(2, "failed", (1, "refund", BEFORE), ledger=story("17"))
    panel = opened(world, reproduce="pytest a.py::test_it --paymock-seed=0", by_hand=True)
    assert (
        "Run it alone: pytest a.py::test_it --paymock-seed=0 # with Paymock(world=2)" in panel.text
    )
    assert ways(panel) == ["Paymock(world=2)"]


def test_a_failed_world_is_shown_with_its_command_its_exchanges_and_its_money():
    world = a_world(2, "failed", (1, "refund", BEFORE), ledger=story("17"))
    panel = opened(
        a_world(1, "passed"),
        world,
        reproduce="pytest a.py::test_it --paymock-seed=0 --paymock-world=9",
    )
    assert (
        "World 2 failed: call 1 refund, read timeout Run it alone: "
        "pytest a.py::test_it --paymock-seed=0 --paymock-world=2" in panel.text
    )
    assert [svg["class"] for svg in panel.all("svg")] == ["sequence", "flow"]
    assert ways(panel) == ["--paymock-world=2"]
    assert "success 17 USD cust_1 Visa 0366" in panel.text
    assert "This is what happened in the world without a fault, and after" in panel.text


def test_only_the_first_failed_world_is_open():
    worlds = [a_world(number, "failed", ledger=story("17")) for number in (2, 3)]
    shown = [one for one in opened(*worlds).all("details") if one["class"] == "inner world"]
    assert ["open" in one for one in shown] == [True, False]


def test_many_failed_worlds_are_counted():
    worlds = [a_world(number, "failed", ledger=story("17")) for number in range(1, MOST_WORLDS + 4)]
    text = opened(*worlds).text
    assert f"World {MOST_WORLDS} failed: no fault" in text
    assert f"World {MOST_WORLDS + 1} failed" not in text
    assert "3 more failed worlds are in the JSON report." in text


def test_the_world_in_which_a_test_ended_is_shown_once():
    worlds = [a_world(number, "failed", ledger=story("17")) for number in (1, 2)]
    text = opened(*worlds, world=2).text
    assert "The test ended in world 2; this is what happened in it." in text
    assert "World 1 failed" in text
    assert "World 2 failed" not in text


@pytest.mark.parametrize("before", [0, 2])
def test_where_calls_were_made_before_the_worlds_both_counts_are_told(before: int):
    worlds = [
        a_world(number, "failed", ledger=story("17"), calls_before=before) for number in (1, 2)
    ]
    text = opened(*worlds, world=2).text
    assert ("happened in it. Its call 1 is exchange 3 here." in text) == bool(before)
    assert ("failed. Each counts its own calls, without the 2 before them." in text) == bool(before)
