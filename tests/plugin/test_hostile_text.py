"""Neither a hostile request nor a card reaches the terminal through us."""

import re

import pytest

from .conftest import Run

HOSTILE = r"""
import httpx
import pytest
import requests
from shop import buy

NASTY = "\x1b[2J\x07\x9b31m\u202e\r\nFAKED PASSED\x00\u2028\x7f"

def call(paymock, client):
    def send(method, path, **body):
        try:
            CLIENTS[client].request(method, paymock.base_url + path, **body)
        except Exception:
            pass

    buy(paymock, customer_id=NASTY, client=client, description=NASTY)
    paymock.outcomes.when("card_declined", customer_id=NASTY)
    buy(paymock, customer_id=NASTY, client=client)
    send("GET", "/api/v1/tokens/%1b%5b2J")
    send("GET", "/api/v1/tokens/" + NASTY)
    send("POST" + NASTY, "/api/v1/payments")
    send("POST", "/api/v1/payments", json={"token": NASTY, NASTY: NASTY})
    send("POST", "/api/v1/payments", data=NASTY.encode())
    assert len(paymock.payments) == 2

CLIENTS = {"httpx": httpx.Client(), "requests": requests.Session()}

@pytest.fixture(params=CLIENTS)
def called(paymock, request):
    call(paymock, request.param)
    return paymock

def test_the_section(called):
    assert False

def test_one(called):
    called.payments.one()

def test_one_of_a_customer(called):
    called.payments.one(description=NASTY * 2)

def test_assertion(called):
    called.assert_charged(7, customer_id=NASTY)

def test_nearest(called):
    called.assert_charged(5, customer_id="other" + NASTY)

def test_swallowed(called):
    for client in CLIENTS.values():
        try:
            client.get("https://example.com/" + NASTY)
        except Exception:
            pass

def test_foreign_token(called):
    token = called.add_token(customer_id="owner" + NASTY).token
    order = {"token": token, "amount": 5, "customer_id": NASTY}
    httpx.post(called.base_url + "/api/v1/payments", json=order)

def test_unknown_name(called):
    called.calls.to(NASTY)
"""


def test_no_control_character_of_a_request_is_printed(project, run: Run):
    project.makepyfile(test_hostile=HOSTILE)
    result = run("-rA")
    result.assert_outcomes(failed=16)
    printed = result.stdout.str() + result.stderr.str()
    assert printed.count("FAKED PASSED") > 16
    assert {sign for sign in printed if not sign.isprintable()} == {"\n"}


CARDS = r"""
import httpx
import requests

NUMBERS = ["4532015112830366", "5425-2334-3010-9903", "3742 454554 00126"]
CVV = "7391"
CLIENTS = (httpx.Client(), requests.Session())

def pay(paymock):
    base = paymock.base_url
    for client in CLIENTS:
        for number in NUMBERS:
            for year in (2030, 1999):
                card = paymock.card(card_number=number, cvv=CVV, expiry_year=year)
                sent = {"card": card, "customer": paymock.customer()}
                answer = client.post(base + "/api/v1/tokenize", json=sent)
                assert answer.status_code == (201 if year == 2030 else 400)
            broken = number[:-1] + "0"
            sent["card"]["card_number"] = broken
            client.post(base + "/api/v1/tokenize", json=sent)
            client.post(base + "/api/v1/tokenize", data={"card": str(sent)})
            client.post(base + "/api/v1/payments", json=sent)
            client.get(base + "/api/v1/tokens/" + number)
            client.get(base + "/api/v1/customers/" + number + "/transactions?card=" + number)
            token = paymock.add_token().token
            order = {"token": token, "amount": 5, "customer_id": "cust_1", "description": number}
            client.post(base + "/api/v1/payments", json={**order, "cvv": CVV})
            try:
                client.post("https://example.com/" + number + "?cvv=" + CVV, json=sent)
            except Exception:
                pass
"""

USES = """
import pytest
from cards import NUMBERS, pay

pytestmark = pytest.mark.paymock(clock="2026-01-27T12:00:00")

def test_the_section(paymock):
    pay(paymock)
    assert False

def test_swallowed(paymock):
    pay(paymock)

def test_one(paymock):
    pay(paymock)
    paymock.payments.one()

def test_one_call(paymock):
    pay(paymock)
    paymock.calls.one(status_code=400)

def test_assertion(paymock):
    pay(paymock)
    paymock.assert_not_charged(5)

def test_compared(paymock):
    pay(paymock)
    assert paymock.calls.first == paymock.tokens.first == paymock.snapshot()
"""


@pytest.mark.parametrize("arguments", [("-vv",), ("--showlocals",), ("--tb=long", "-rA")])
def test_no_card_number_and_no_cvv_is_printed_or_reported(
    project, run: Run, arguments: tuple[str, ...]
):
    project.makepyfile(cards=CARDS, test_cards=USES)
    result = run(*arguments, "--junitxml=report.xml")
    result.assert_outcomes(failed=6)
    report = (project.path / "report.xml").read_text()
    for shown in (result.stdout.str(), result.stderr.str(), report):
        digits = re.sub(r"[ -]", "", shown)
        for number in ("453201511283036", "542523343010990", "37424545540012"):
            assert number not in digits
        assert re.search(r"(?<!\d)7391(?!\d)", shown) is None
    assert "0366" in result.stdout.str()
