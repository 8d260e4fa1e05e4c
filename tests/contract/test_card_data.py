"""Ground rule 3: a card number and a CVV live as long as their request, and no longer."""

import gc
import json
import logging
import pickle
import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from types import BuiltinFunctionType, FunctionType, ModuleType
from typing import Any, Literal
from urllib.parse import quote

import httpx
import httpx2
import pytest
import requests

from pytest_paymock import ExpectationError, Paymock, faults

from .clients import CLIENTS, Client, every_client
from .conftest import Connect
from .documents import NOW, PAYMENTS, TEST_CARDS, TOKENIZE, card, payment, tokenization

# The guards see what is wrong with these requests; the last test looks at what they say.
pytestmark = pytest.mark.paymock(clock=NOW, allow=["foreign_token", "card_data_leak"])

CVV = "8374"

NETWORK_ERRORS = (httpx.HTTPError, httpx2.HTTPError, requests.RequestException)

REFUSED = (400, 422)
"""The profiles refuse alike, and with another status."""

SECRETS = (*TEST_CARDS.values(), CVV)


def spaced(number: str, sign: str = " ") -> str:
    """Return a card number in groups of four."""
    return sign.join(number[start : start + 4] for start in range(0, len(number), 4))


def send_cards_in_the_right_place(client: Client) -> list[str]:
    """Tokenize every test card, in every spelling, and return the tokens."""
    tokens = []
    for number in TEST_CARDS.values():
        for written in (number, spaced(number), spaced(number, "-")):
            body = tokenization({"card_number": written, "cvv": CVV})
            tokens.append(str(client.post(TOKENIZE, body).json["token"]))
    return tokens


def send_cards_in_refused_requests(client: Client, number: str) -> None:
    """Send a card in requests for a token that are refused for another reason."""
    for changes in (
        {"expiry_year": 2020},
        {"cvv": f"{CVV}9"},
        {"cvv": int(CVV)},
        {"cvv": [CVV]},
        {"card_number": f"{number}x"},
        {"card_number": int(number)},
        {"card_number": [number]},
        {"card_number": {"value": number}},
        {"card_holder": None},
    ):
        sent = tokenization({"card_number": number, "cvv": CVV, **changes})
        assert client.post(TOKENIZE, sent).status in REFUSED
    assert client.post(TOKENIZE, {"card": card(card_number=number, cvv=CVV)}).status in REFUSED
    assert client.post(TOKENIZE, {"card_number": number, "cvv": CVV}).status in REFUSED
    assert client.post(TOKENIZE, [card(card_number=number, cvv=CVV)]).status in REFUSED
    cut_off = f'{{"card": {{"card_number": "{number}", "cvv": "{CVV}"'.encode()
    assert client.send("POST", TOKENIZE, body=cut_off).status in REFUSED


def send_cards_in_wrong_places(client: Client, token: str, number: str) -> None:
    """Send a card where none belongs."""
    for written in (number, spaced(number), spaced(number, "-")):
        client.post(PAYMENTS, payment(token, description=f"paid with {written}, thanks"))
        client.post(PAYMENTS, payment(token, customer_id=written))
        client.post(PAYMENTS, payment(written))
        client.post(PAYMENTS, {**payment(token), "note": {"deep": [written]}, written: 1})
        client.post(TOKENIZE, {**tokenization({"card_holder": written}), "extra": written})
        client.post(TOKENIZE, tokenization(customer_id=written, email=f"{number}@b"))
        client.post(f"/api/v1/transactions/{quote(written)}/refund", {"reason": written})
        client.get(f"/api/v1/transactions/{quote(written)}")
        client.get(f"/api/v1/customers/{quote(written)}/transactions")
        client.get(f"/api/v1/customers/me%2F{quote(written)}/transactions?card={quote(written)}")
        client.get(f"/api/v1/tokens/{quote(written)}?card_number={number}&cvv={CVV}")
        client.get(f"/elsewhere/{quote(written)}")
        client.send("DELETE", f"/api/v1/tokens/{quote(written)}", body=f'"{written}"'.encode())
        client.send("POST", PAYMENTS, body=f"card {written} and {CVV}".encode())
    client.post(PAYMENTS, payment(token, card_number=number, cvv=CVV, cvc=CVV, security_code=CVV))
    client.post(PAYMENTS, payment(token, card={"number": number, "cvv": int(CVV)}))
    client.post(PAYMENTS, payment(token, number=int(number)))
    client.send(
        "POST",
        PAYMENTS,
        body=b'{"token": "t", "amount": 1}',
        headers={"x-card": number, "x-cvv": CVV},
    )


def converse(client: Client) -> None:
    """Send every test card everywhere."""
    tokens = send_cards_in_the_right_place(client)
    for number in TEST_CARDS.values():
        send_cards_in_refused_requests(client, number)
        send_cards_in_wrong_places(client, tokens[0], number)


def assert_clean(text: str | bytes) -> None:
    """Fail, without repeating it, if a secret stands in text, in whatever groups."""
    shown = text.decode("latin-1") if isinstance(text, bytes) else text
    for form in (shown, re.sub(r"(?<=\d)(?:[\s+-]|%20)(?=\d)", "", shown)):
        found = [secret[-4:] for secret in SECRETS if secret in form]
        assert not found, f"the card data that ends in {found} stands in a {type(text).__name__}"


def converse_through_every_client(paymock: Paymock) -> None:
    """Send every test card everywhere, by every client."""
    for connect in CLIENTS.values():
        client = connect(paymock.base_url)
        converse(client)
        client.close()
    assert len(paymock.calls) > 200 * len(CLIENTS)
    assert len(paymock.tokens) >= 12 * len(CLIENTS)


@pytest.fixture(scope="module")
def after(profile: Literal["documented", "deployed"]) -> Paymock:
    """Give a fake to which every test card was sent everywhere, for tests that only read it."""
    paymock = Paymock(clock=NOW, profile=profile)
    paymock.start()
    try:
        converse_through_every_client(paymock)
    finally:
        paymock.stop()
    return paymock


def test_a_search_for_card_data_finds_it() -> None:
    for text in ("4532015112830366", "x4532 0151 1283 0366", "cvv: 8374", b"\x00374245455400126"):
        with pytest.raises(AssertionError, match="stands in"):
            assert_clean(text)
    assert_clean("************0366")


def test_no_record_shows_it(after: Paymock) -> None:
    for records in (after.calls, after.tokens, after.payments, after.refunds, after.transactions):
        assert_clean(repr(records))
        assert_clean(str(records))
        for record in records:
            assert_clean(repr(record))
            for name in dir(record):
                if not name.startswith("_"):
                    assert_clean(repr(getattr(record, name)))


def test_no_pickle_holds_it(after: Paymock) -> None:
    for records in (after.calls, after.tokens, after.payments, after.transactions):
        assert_clean(pickle.dumps(list(records)))
    assert_clean(pickle.dumps(after.snapshot()))
    assert_clean(repr(after.snapshot()))


def test_no_route_shows_it(after: Paymock) -> None:
    for route in after.routes:
        assert_clean(repr(route))
        for call in route.calls:
            assert_clean(repr(call))
            assert_clean(str(call.request.url))
            assert_clean(repr(call.request.headers.raw))
            assert_clean(call.request.content)
            assert_clean(call.response.content)


def test_no_report_shows_it(after: Paymock) -> None:
    assert_clean("\n".join(after.report()))
    assert_clean(repr(after))
    assert_clean(repr(after.outcomes))


def test_no_failed_assertion_shows_it(after: Paymock) -> None:
    number = TEST_CARDS["Visa"]
    failing: list[Callable[[], Any]] = [
        lambda: after.assert_charged(amount=1, customer_id="cust_nobody"),
        after.assert_not_charged,
        after.assert_refunded,
        lambda: after.assert_called("tokenize", times=1),
        after.assert_no_calls,
        after.payments.one,
        lambda: after.calls.one(status_code=400),
        after.tokens.one,
    ]
    for check in failing:
        with pytest.raises(ExpectationError) as caught:
            check()
        assert_clean(str(caught.value))
        assert_clean(repr(caught.value))
        assert_clean(pickle.dumps(caught.value))
    assert number[-4:] in "\n".join(after.report()), "the last four digits stay to be seen"


def test_no_answer_repeats_it(after: Paymock) -> None:
    for call in after.calls:
        assert call.response_body is not None
        assert_clean(call.response_body)


@every_client
def test_nothing_logs_or_prints_it(
    client: Client,
    paymock: Paymock,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    caplog.set_level(logging.DEBUG)
    converse(client)
    assert len(paymock.calls) > 200
    for record in caplog.records:
        if record.name.startswith(("paymock", "pytest_paymock")):
            assert_clean(record.getMessage() + repr(record.args))
    assert_clean("".join(capfd.readouterr()))


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
            # What a function closes over is state; its globals are those of a module.
            waiting += [*(found.__closure__ or ()), found.__defaults__, found.__kwdefaults__]
        else:
            waiting += gc.get_referents(found)


def test_nothing_that_the_fake_still_holds_contains_it(paymock: Paymock) -> None:
    converse_through_every_client(paymock)
    looked_at = 0
    for found in reachable(paymock):
        if isinstance(found, str | bytes | bytearray):
            looked_at += 1
            assert_clean(bytes(found) if isinstance(found, bytearray) else found)
        elif isinstance(found, int):
            # In a hash, or in what a thread is called by, any four digits may come up.
            assert found != int(CVV)
            assert not [number for number in TEST_CARDS.values() if number in str(found)]
    assert looked_at > 1000


@every_client
@pytest.mark.parametrize("number", TEST_CARDS.values())
def test_a_stopped_request_does_not_show_it(connect: Connect, number: str) -> None:
    paymock = Paymock(base_url="https://pay.example", network="none")
    client = connect(paymock)
    client.base_url = "https://other.example"
    paymock.start()
    for path in (f"/cards/{number}?pan={number}&cvv={CVV}", f"/cards/{quote(spaced(number))}"):
        with pytest.raises(Exception, match="paymock stopped GET") as caught:
            client.get(path)
        assert_clean(str(caught.value))
    paymock.stop()
    with pytest.raises(AssertionError, match="swallowed") as told:
        paymock.verify()
    assert_clean(str(told.value))
    assert_clean(repr(told.value))


def test_equal_cards_are_known_by_a_fingerprint_that_is_not_the_number(
    after: Paymock,
) -> None:
    prints = {record.card.fingerprint for record in after.tokens.where(card_type="Discover")}
    assert len(prints) == 1
    assert all(re.fullmatch(r"[0-9a-f]{16}", fingerprint) for fingerprint in prints)


@every_client
def test_no_record_of_a_disturbed_call_shows_it(client: Client, paymock: Paymock) -> None:
    number = TEST_CARDS["Visa"]
    body = json.dumps(tokenization({"card_number": number, "cvv": CVV})).encode()
    for fault in faults.ALL:
        paymock.faults.clear()
        paymock.faults.always(fault)
        for path in (TOKENIZE, f"/api/v1/tokens/{number}"):
            with suppress(*NETWORK_ERRORS):
                client.send("POST", path, body=body)
    assert [call.fault for call in paymock.calls[::2]] == list(faults.ALL)
    assert [call.fault for call in paymock.calls[1::2]] == list(faults.ALL)
    for call in paymock.calls:
        assert_clean(repr(call) + repr(call.request) + repr(call.response))
    assert_clean(pickle.dumps(paymock.snapshot()))
    assert_clean("\n".join(paymock.report()))


def test_no_finding_of_a_guard_shows_it(connect: Connect) -> None:
    paymock = Paymock(guards="error", clock=NOW)
    paymock.start()
    converse(connect(paymock))
    paymock.stop()
    with pytest.raises(ExpectationError, match="card_data_leak: ") as told:
        paymock.verify()
    assert_clean(str(told.value))
    assert_clean(pickle.dumps(told.value))
