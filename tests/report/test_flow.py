"""The money of a customer as a flow."""

from decimal import localcontext
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from pytest_paymock._report.flow import flow

from .facts import a_balance


def drawn(**given: Any) -> ET.Element:
    return ET.fromstring(flow(a_balance(**given)))  # noqa: S314 - our own


def words(drawing: ET.Element) -> list[tuple[str, str | None]]:
    return [(text.attrib["class"], text.text) for text in drawing.iter("text")][1:]


def bands(drawing: ET.Element) -> list[str]:
    return [path.attrib["class"] for path in drawing.iter("path")]


def test_each_part_of_the_money_has_a_band_and_words():
    drawing = drawn(charged="30", kept="20", refunded="10", pending="7", lost="5")
    assert bands(drawing) == ["band kept", "band refunded", "band pending"]
    assert words(drawing) == [
        ("kept", "kept 20 USD"),
        ("refunded", "refunded 10 USD"),
        ("pending", "pending 7 USD"),
        ("lost", "5 USD: answer lost"),
    ]
    assert drawing.attrib["aria-label"] == (
        "Money of cust_1: kept 20 USD, refunded 10 USD, pending 7 USD, 5 USD: answer lost"
    )


def test_parts_that_are_nothing_are_left_out():
    drawing = drawn(charged="10", refunded="10")
    assert bands(drawing) == ["band refunded"]
    assert words(drawing) == [("refunded", "refunded 10 USD")]


def test_no_money_at_all_is_said():
    drawing = drawn(currency="EUR")
    assert bands(drawing) == []
    assert words(drawing) == [("none", "nothing charged in EUR")]


def test_a_small_part_beside_a_huge_one_is_seen():
    with localcontext(prec=1) as context:  # the user's own rules of rounding change nothing
        context.traps = dict.fromkeys(context.traps, True)
        drawing = drawn(kept="1E+300", pending="0.01", refunded="1E-300")
    assert bands(drawing) == ["band kept", "band refunded", "band pending"]


@pytest.mark.parametrize("nasty", ["<script>", '"><b>', "&amp;"])
def test_a_customer_is_escaped(nasty: str):
    drawing = drawn(customer_id=nasty)
    assert drawing.attrib["aria-label"].startswith(f"Money of {nasty}: ")
    assert next(drawing.iter("text")).text == nasty


def test_long_names_and_amounts_are_cut():
    drawing = drawn(customer_id="c" * 50, kept="9" * 50)
    assert next(drawing.iter("text")).text == "cccccc…cccccc"
    assert words(drawing) == [("kept", "kept " + "9" * 18 + "…")]


def test_customers_whose_names_begin_alike_are_told_apart():
    names = [f"customer_of_the_shop_{number:06}" for number in (1, 2)]
    shown = [next(drawn(customer_id=name).iter("text")).text for name in names]
    assert shown == ["custom…000001", "custom…000002"]
