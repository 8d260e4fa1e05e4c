"""The sequence diagram: where each arrow begins and ends says what happened."""

import re
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from pytest_paymock._report.diagram import API, CLIENT, MOST, WIRE, diagram
from pytest_paymock._report.models import CallFacts

from .facts import AFTER, BEFORE, LATE, a_call, a_fake, a_fault, a_ledger, a_payment, a_refund


def drawn(*calls: CallFacts, **given: Any) -> ET.Element:
    return ET.fromstring(diagram(a_fake(calls=calls, **given)))  # noqa: S314 - our own


def arrows(drawing: ET.Element) -> list[tuple[int, int, str]]:
    """Return from where to where each arrow goes, and of what kind it is."""
    return [
        (int(line.attrib["x1"]), int(line.attrib["x2"]), line.attrib["class"])
        for line in drawing.iter("line")
        if "life" not in line.attrib["class"]
    ]


def texts(drawing: ET.Element, kind: str) -> list[str | None]:
    return [text.text for text in drawing.iter("text") if kind in text.get("class", "").split()]


def names(drawing: ET.Element) -> list[str | None]:
    return [text.text for text in drawing.iter("text") if "class" not in text.attrib]


def acted(drawing: ET.Element) -> int:
    return len(list(drawing.iter("circle")))


def crosses(drawing: ET.Element) -> int:
    return len(list(drawing.iter("path")))


def test_an_exchange_goes_there_and_back():
    drawing = drawn(a_call(), payments=(a_payment(),))
    assert arrows(drawing) == [(CLIENT, API, "sent"), (API, CLIENT, "answered status")]
    assert names(drawing) == ["1 create_payment"]
    assert texts(drawing, "status") == ["201"]
    assert texts(drawing, "done") == ["5 USD success"]
    assert (acted(drawing), crosses(drawing)) == (1, 0)


def test_a_refusal_says_why():
    drawing = drawn(a_call(status=404, detail="Transaction not found"))
    assert arrows(drawing)[-1] == (API, CLIENT, "answered fault")
    assert texts(drawing, "fault") == ["404 Transaction not found"]


def test_a_request_on_which_the_api_never_acted_ends_at_the_wire():
    drawing = drawn(a_call(fault=BEFORE, status=None, waited=5.0))
    assert arrows(drawing) == [(CLIENT, WIRE, "sent")]
    assert texts(drawing, "fault") == ["no answer after 5 s", "read timeout"]
    assert (acted(drawing), crosses(drawing)) == (0, 1)


def test_an_error_answer_without_an_act_comes_from_the_wire():
    drawing = drawn(a_call(fault=a_fault("HTTP 503"), status=503, detail="Service unavailable"))
    assert arrows(drawing) == [(CLIENT, WIRE, "sent"), (WIRE, CLIENT, "answered fault")]
    assert texts(drawing, "fault") == ["503 Service unavailable", "HTTP 503"]
    assert acted(drawing) == 0


def test_an_answer_that_is_lost_ends_at_the_wire():
    drawing = drawn(a_call(fault=AFTER, status=None, lost=True), payments=(a_payment(),))
    assert arrows(drawing) == [(CLIENT, API, "sent"), (API, WIRE, "answered lost")]
    assert texts(drawing, "fault") == ["no answer", "read timeout after commit"]
    assert texts(drawing, "done") == ["5 USD success"]
    assert (acted(drawing), crosses(drawing)) == (1, 1)


def test_another_answer_after_the_act_reaches_the_client():
    fault = a_fault("HTTP 500 after commit", "after commit")
    drawing = drawn(a_call(fault=fault, status=500, lost=True))
    assert arrows(drawing)[-1] == (API, CLIENT, "answered fault")
    assert crosses(drawing) == 1


def test_half_an_answer_is_no_success():
    fault = a_fault("truncated body after commit", "after commit")
    drawing = drawn(a_call(fault=fault, status=201, lost=True))
    assert arrows(drawing)[-1] == (API, CLIENT, "answered fault")


def test_a_late_answer_is_told_without_a_cross():
    drawing = drawn(a_call(fault=LATE, waited=3.0))
    assert arrows(drawing) == [(CLIENT, API, "sent"), (API, CLIENT, "answered status")]
    assert texts(drawing, "status") == ["201 after 3 s"]
    assert texts(drawing, "fault") == ["latency 3 s"]
    assert crosses(drawing) == 0


def test_an_answer_that_comes_too_late_is_lost():
    drawing = drawn(a_call(fault=LATE, status=None, lost=True, waited=2.5))
    assert arrows(drawing)[-1] == (API, WIRE, "answered lost")
    assert texts(drawing, "fault") == ["no answer after 2.5 s", "latency 3 s"]
    assert crosses(drawing) == 1


def test_a_refund_stands_beside_its_exchange():
    refunds = (a_refund(call=1), a_refund(call=None))
    payments = (a_payment(call=None),)
    drawing = drawn(a_call(endpoint="refund"), refunds=refunds, payments=payments)
    assert texts(drawing, "done") == ["5 USD refunded"]


def test_a_path_that_is_no_endpoint_stands_for_itself_and_is_cut():
    drawing = drawn(a_call(endpoint=None, method="GET", path="/" + "x" * 50))
    (name,) = names(drawing)
    assert name == "1 GET /" + "x" * 22 + "…"


def test_each_client_is_named_once():
    drawing = drawn(a_call(1), a_call(2, client="requests"), a_call(3))
    assert texts(drawing, "title") == ["httpx, requests", "wire", "API"]


def test_a_long_test_is_folded_around_what_went_wrong():
    calls = [a_call(number) for number in range(1, 201)]
    calls[119] = a_call(120, fault=AFTER, status=None, lost=True)
    drawing = drawn(*calls)
    shown = [name.split()[0] for name in names(drawing) if name]
    assert len(shown) == MOST
    assert {"1", "119", "120", "121", "200"} <= set(shown)
    assert len([text for text in texts(drawing, "note") if text and text.endswith("more …")]) == 2


def test_a_screen_reader_is_told_what_is_drawn():
    drawing = drawn(a_call(1, fault=AFTER), a_call(2))
    assert drawing.attrib["role"] == "img"
    assert drawing.attrib["aria-label"].startswith(
        "Sequence of 2 exchanges between client and API, 1 fault; "
    )


@pytest.mark.parametrize("nasty", ["<script>", '"&amp;', "]]>"])
def test_every_value_is_escaped(nasty: str):
    call = a_call(endpoint=None, path=nasty, detail=nasty, status=400, client=nasty)
    drawing = drawn(call)
    assert [element.tag for element in drawing.iter("script")] == []
    assert texts(drawing, "fault") == [f"400 {nasty}"]
    assert names(drawing) == [f"1 POST {nasty}"]


def test_what_became_of_a_payment_has_a_colour():
    calls = [a_call(number) for number in range(1, 6)]
    calls += [a_call(6, status=400, detail="No"), a_call(7, status=500, detail="No", fault=AFTER)]
    statuses = ("success", "failed", "pending")
    fake = a_ledger(
        calls=calls,
        payments=[a_payment(call=at, status=status) for at, status in enumerate(statuses, 1)],
        refunds=[a_refund(call=4)],
    )
    assert re.findall(r'class="acted (\w+)"', diagram(fake)) == [
        "success",
        "failed",
        "pending",
        "success",
        "success",
        "refused",
        "success",
    ]


def test_the_time_that_passed_between_two_exchanges_is_told():
    hours = [f"2026-01-2{day}T12:00:0{second}.000Z" for day, second in ((7, 0), (8, 0), (8, 5))]
    calls = [a_call(number, at=at) for number, at in enumerate(hours, 1)]
    calls[1] = calls[1].model_copy(update={"waited": 5.0})
    notes = [text for text in drawn(*calls).iter("text") if text.get("class") == "mid note"]
    assert [text.text for text in notes] == ["… 24 h later …"]
