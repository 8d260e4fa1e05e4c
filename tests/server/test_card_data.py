"""No card data stays in a server, or comes out of it: not in its state, its log or its objects."""

import gc
from collections.abc import Iterator
from contextlib import suppress
from types import BuiltinFunctionType, FunctionType, ModuleType
from typing import Any

import httpx
import pytest

from pytest_paymock import faults
from pytest_paymock.server.connections import Protocol
from pytest_paymock.server.fake import SOCKET_FAULTS, ServerPaymock
from pytest_paymock.server.serving import Serving

from .impatience import impatient
from .sockets import Wire, post, status_of, until

# None of the documented test cards: those stand in the descriptions of the API.
NUMBER = "4929421897302145"
CVV = "7391"


def card_request(fake: ServerPaymock) -> dict[str, Any]:
    return {"card": fake.card(card_number=NUMBER, cvv=CVV), "customer": fake.customer()}


def converse(fake: ServerPaymock, wire: Wire) -> None:
    """Send a card where it belongs, and where it does not."""
    sent = card_request(fake)
    for document in (sent, {**sent, "customer": {}}, {"card": {**sent["card"], "cvv": "x"}}):
        wire.write(post("/api/v1/tokenize", document))
        assert status_of(wire.one()) in (201, 400)
    token = fake.tokens.one().token
    order = {"token": token, "amount": 5, "customer_id": NUMBER, "description": f"cvv {CVV}"}
    wire.write(post(f"/api/v1/payments?pan={NUMBER}", {**order, "cvv": CVV}))
    assert status_of(wire.one()) == 201
    wire.write(post(f"/cards/{NUMBER}", {"pan": NUMBER}))
    assert status_of(wire.one()) == 404


@pytest.mark.paymock(guards="off")
def test_control_does_not_show_it(fake: ServerPaymock, http: httpx.Client, wire: Wire) -> None:
    converse(fake, wire)
    state = http.get("/_paymock/state").text
    assert len(fake.calls) == 5
    assert NUMBER not in state
    assert f'"{CVV}"' not in state
    assert "************2145" in state
    token = fake.tokens.one()
    assert token.card.fingerprint not in state


@pytest.mark.paymock(guards="off")
@pytest.mark.parametrize("fault", SOCKET_FAULTS, ids=str)
def test_no_fault_brings_it_out(fake: ServerPaymock, fault: faults.Fault) -> None:
    fake.faults.queue(fault)
    with impatient(fake, fault) as http, suppress(httpx.HTTPError):
        http.post("/api/v1/tokenize", json=card_request(fake))
    assert fake.calls.one().fault is fault
    shown = httpx.get(f"{fake.url}/_paymock/state").text + "\n".join(fake.report())
    assert NUMBER not in shown


@pytest.mark.paymock(guards="off")
def test_nothing_that_the_server_holds_contains_it(
    paymock_server: ServerPaymock, wire: Wire, capfd: pytest.CaptureFixture[str]
) -> None:
    converse(paymock_server, wire)
    tasks = paymock_server._host._server.server_state.tasks  # type: ignore[attr-defined]
    until(lambda: not tasks)
    looked_at, seen = 0, set()
    for found in reachable(paymock_server):
        seen.add(type(found))
        if isinstance(found, str | bytes | bytearray):
            looked_at += 1
            text = found if isinstance(found, str) else bytes(found).decode("latin-1")
            assert NUMBER not in text
    assert seen >= {Serving, Protocol}, "the walk came to the server and its connections"
    assert looked_at > 200
    assert NUMBER not in "".join(capfd.readouterr())


def reachable(root: object) -> Iterator[object]:
    """Walk over everything that an object holds, its closures included, but no code."""
    seen: set[int] = set()
    waiting = [root]
    while waiting:
        found = waiting.pop()
        if id(found) in seen or isinstance(found, type | ModuleType | BuiltinFunctionType):
            continue
        seen.add(id(found))
        yield found
        if isinstance(found, FunctionType):
            waiting += [*(found.__closure__ or ()), found.__defaults__, found.__kwdefaults__]
        else:
            waiting += gc.get_referents(found)
