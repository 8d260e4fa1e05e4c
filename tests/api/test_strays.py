"""Card numbers in requests in which none belongs are noted, for the guards to tell."""

import json

import pytest

from pytest_paymock._api import handle as api
from pytest_paymock._api.card_leaks import header_digits
from pytest_paymock._api.http import Request
from tests.api.card_numbers import raised
from tests.api.support import (
    EXAMPLE,
    PAYMENTS,
    TOKENIZE,
    VISA,
    a_payment,
    a_token,
    an_engine,
    call,
    changed,
    enter,
    handled,
    without,
)

PATH = "/api/v1/transactions/txn_1/refund"

STRAYS = {
    "description": Request("POST", PAYMENTS, json.dumps({"description": f"card {VISA}"}).encode()),
    "a number": Request("POST", PAYMENTS, b'{"unknown":[%b]}' % VISA.encode()),
    "a key": Request("POST", PAYMENTS, json.dumps({"a": {VISA: 1}}).encode()),
    "on lines": Request("POST", PAYMENTS, json.dumps({"a": "4532\n0151\n1283\n0366"}).encode()),
    "in a list": Request("POST", PAYMENTS, json.dumps({"a": [["4532\n015112830366"]]}).encode()),
    "with dashes": Request("POST", PAYMENTS, b'{"a":"4532 - 0151 - 1283 - 0366"}'),
    "escaped": Request("POST", PAYMENTS, b'{"a":"\\u0034532015112830366"}'),
    "escaped twice": Request("POST", PAYMENTS, b'{"a":"4532%200151%2D1283%200366"}'),
    "raised": Request("POST", PAYMENTS, f'{{"a":"{raised(VISA)}"}}'.encode()),
    "a form": Request("POST", PAYMENTS, b"card=4532%2D0151%2D1283%2D0366"),
    "no JSON": Request("POST", PAYMENTS, f"card={VISA}".encode()),
    "an ignored body": Request("POST", PATH, f'{{"card":"{VISA}"}}'.encode()),
    "the path": Request("GET", f"/api/v1/tokens/{VISA}", b""),
    "the path, encoded": Request("GET", "/api/v1/tokens/4532%200151%201283%200366", b""),
    "an unknown path": Request("GET", f"/cards/{VISA}", b""),
    "the query": Request("GET", "/api/v1/tokens/tok_1", b"", query=f"card={VISA}"),
    "the query, encoded": Request("GET", "/api/v1/tokens/tok_1", b"", query="%34532015112830366"),
    "the query of an endpoint of another method": Request("GET", TOKENIZE, b"", query=VISA),
    "the query of a tokenization": Request("POST", TOKENIZE, b"", query=f"card={VISA}"),
    "the header": Request("GET", "/api/v1/tokens/tok_1", b"", header_digits=f"a | | {VISA}"),
    "the header, encoded": Request("GET", "/", b"", header_digits="a=4532%200151%201283%200366"),
    "the header of a tokenization": Request("POST", TOKENIZE, b"", header_digits=VISA),
}


def answered(engine, request):
    """Answer a request, and enter in the journal what came of it."""
    return handled(engine, request)


def only_read(engine, request):
    """Enter in the journal what may be recorded of a request on which the API does not act."""
    done = api.read(engine.engine, request, api.find(request))
    enter(engine, done)
    return done


either_way = pytest.mark.parametrize("ask", [answered, only_read])


def found_in(engine, text):
    return engine.cards.found_in(text, engine.cards_sent)


def strays_of(engine, ask, request):
    """Return the last four of each stray that a request leaves."""
    ask(engine, request)
    return [stray.last_four for stray in engine.strays]


@either_way
@pytest.mark.parametrize("name", STRAYS)
def test_a_card_number_where_none_belongs_is_noted(name, ask):
    engine = an_engine()
    a_token(engine)

    assert strays_of(engine, ask, STRAYS[name]) == ["0366"]


@either_way
def test_a_card_number_in_a_tokenization_is_where_it_belongs(ask):
    engine = an_engine()
    request = Request("POST", TOKENIZE, json.dumps(EXAMPLE).encode())

    assert strays_of(engine, ask, request) == []
    assert found_in(engine, f"log: {VISA}") == ["0366"]


@either_way
def test_an_ordinary_payment_leaves_no_stray(ask):
    engine = an_engine()
    body = a_payment(a_token(engine), note="Order 4711 of 2025-01-27")

    assert strays_of(engine, ask, Request("POST", PAYMENTS, json.dumps(body).encode())) == []


@pytest.mark.parametrize(
    "body",
    [
        b"no JSON",
        b"{}",
        json.dumps({"card": "visa"}).encode(),
        json.dumps(without(EXAMPLE, "card.card_number")).encode(),
        json.dumps(changed(EXAMPLE, "card.card_number", 5)).encode(),
        json.dumps(changed(EXAMPLE, "card.card_number", "4532015112830367")).encode(),
    ],
)
@either_way
def test_a_tokenization_without_a_card_number_leaves_nothing_to_look_for(ask, body):
    engine = an_engine()
    ask(engine, Request("POST", TOKENIZE, body))

    assert found_in(engine, f"{VISA} 4532015112830367") == []


def test_a_card_is_looked_for_even_if_its_tokenization_is_refused():
    engine = an_engine()
    body = without(EXAMPLE, "card.cvv")
    handled = call(engine, "POST", TOKENIZE, body)

    assert handled.response.status_code == 400
    assert found_in(engine, VISA) == ["0366"]


# -- a request that is only read --------------------------------------------------------------


def test_reading_a_request_gives_what_may_be_recorded_and_does_nothing():
    engine = an_engine()
    before = engine.changes()
    body = json.dumps(EXAMPLE).encode()
    done = only_read(engine, Request("POST", TOKENIZE, body))

    assert (done.endpoint, done.path) == ("tokenize", TOKENIZE)
    assert json.loads(done.request)["card"] == {
        **EXAMPLE["card"],
        "card_number": "************0366",
        "cvv": "***",
    }
    assert engine.changes() == before


def test_reading_a_request_for_nothing_gives_no_endpoint():
    request = Request("GET", f"/cards/{VISA}", b"no JSON")

    done = only_read(an_engine(), request)

    assert (done.endpoint, done.path, done.request) == (None, "/cards/************0366", None)


@pytest.mark.parametrize(
    ("method", "path", "name"),
    [
        ("POST", PAYMENTS, "create_payment"),
        ("GET", f"/api/v1/tokens/{VISA}", "get_token"),
        ("POST", PATH, "refund"),
    ],
)
def test_the_endpoint_of_a_request_is_told_without_acting(method, path, name):
    assert api.find(Request(method, path, b"")).name == name


@pytest.mark.parametrize(("method", "path"), [("GET", PAYMENTS), ("POST", "/nowhere")])
def test_a_request_for_nothing_has_no_endpoint(method, path):
    assert api.find(Request(method, path, b"")).endpoint is None


@pytest.mark.parametrize(
    ("values", "looked_at"),
    [
        ([], ""),
        ([b"localhost:8000", b"*/*", b"python-httpx/0.28.1", b"123"], ""),
        ([b"453201511283"], ""),
        ([b"1234567890123456"], "1234567890123456"),
        ([VISA.encode()], VISA),
        ([b"a", b"4532 0151-1283 0366", b"\xe9"], "a and 4532 0151-1283 0366 and \xe9"),
    ],
)
def test_a_header_with_few_digits_is_not_looked_at(values, looked_at):
    assert header_digits(values) == looked_at


def test_two_fields_of_a_header_make_no_card_number():
    engine = an_engine()
    a_token(engine)
    halves = header_digits([VISA[:8].encode(), VISA[8:].encode()])

    assert strays_of(engine, answered, Request("GET", "/", b"", header_digits=halves)) == []
