"""What pytest shows of the frames of a call that fails while it stores a card."""

import re

from .conftest import Run

NUMBER, CVV = "4275582823574162", "7391"

SENT = f'''
"""Requests that are made where no traceback leads."""

import httpx
import requests


def document(paymock):
    card = paymock.card("visa", card_number="{NUMBER}", cvv="{CVV}")
    return {{"card": card, "customer": paymock.customer()}}


def made(paymock, kind):
    url = paymock.base_url + "/api/v1/tokenize"
    made = kind("POST", url, json=document(paymock))
    return made.prepare() if kind is requests.Request else made
'''

CALLS = """
import asyncio

import httpx
import pytest
import requests
from sent import made

from pytest_paymock import faults
from pytest_paymock._engine import ids


def by_httpx(paymock):
    with httpx.Client() as client:
        client.send(made(paymock, httpx.Request))

def by_requests(paymock):
    with requests.Session() as session:
        session.send(made(paymock, requests.Request), timeout=5)

def by_async(paymock):
    async def send():
        async with httpx.AsyncClient() as client:
            await client.send(made(paymock, httpx.Request))
    asyncio.run(send())

CLIENTS = [by_httpx, by_requests, by_async]


@pytest.mark.parametrize("send", CLIENTS)
def test_within(paymock, monkeypatch, send):
    def fail(*_):
        raise RuntimeError("in the middle")
    monkeypatch.setattr(ids, "hex_digits", fail)
    send(paymock)

@pytest.mark.parametrize("fault", ["connect_timeout", "read_timeout", "disconnect"])
@pytest.mark.parametrize("send", CLIENTS)
def test_fault(paymock, send, fault):
    paymock.faults.queue(getattr(faults, fault))
    send(paymock)
"""


def test_no_frame_shows_a_card_number_or_a_cvv(project, run: Run):
    project.makepyfile(sent=SENT, test_calls=CALLS)
    result = run("--full-trace", "-l", "-p", "no:randomly", "-vv")
    result.assert_outcomes(failed=12)
    shown = result.stdout.str() + result.stderr.str()
    assert "in the middle" in shown
    assert "urlopen" in shown  # frames of the network are among those that are shown
    assert re.search(r"body +=", shown)
    assert NUMBER not in shown
    assert re.search(rf"(?<!\w){CVV}(?!\w)", shown) is None
