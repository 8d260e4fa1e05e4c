"""No card number outlives its request: not in what is recorded, answered or kept."""

import json
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.api.card_numbers import (
    SCHEMES,
    card_numbers,
    digits_in,
    grouped,
    in_script,
    kept,
    raised,
    survives,
    texts_with_a_card,
    written,
)
from tests.api.support import (
    EXAMPLE,
    PAYMENTS,
    TOKENIZE,
    a_payment,
    a_token,
    an_engine,
    call,
    changed,
    pay,
)
from tests.engine.support import DETERMINISTIC

WAYS = {
    "plain": str,
    "with spaces": lambda number: grouped(number, " "),
    "with dashes": lambda number: grouped(number, "-"),
    "with dots": lambda number: grouped(number, "."),
    "on lines": lambda number: grouped(number, "\n"),
    "in Arabic digits": lambda number: in_script(number, "\u0660"),
    "in full width": lambda number: in_script(number, "\uff10"),
    "raised": raised,
    "lowered, with spaces": lambda number: grouped(in_script(number, "\u2080"), " "),
    "with encoded spaces": lambda number: grouped(number, "%20"),
    "with encoded dashes": lambda number: f"card={grouped(number, '%2d')}&cvv=",
    "with encoded spaces that do not break": lambda number: grouped(number, "%C2%A0"),
    "encoded throughout": lambda number: "".join(f"%{ord(digit):x}" for digit in number),
    "with its cvv and expiry": lambda number: f"12/27 {number} 123",
    "in a sentence": lambda number: f"Card {number}, please (order 4711)",
}
PLACES = {
    "description": lambda text: {"description": text},
    "customer": lambda text: {"customer_id": text},
    "token": lambda text: {"token": text},
    "currency": lambda text: {"currency": text},
    "amount": lambda text: {"amount": text},
    "key": lambda text: {text: "x"},
    "unknown field": lambda text: {"note": text},
    "nested": lambda text: {"card": {"data": [{"raw": [text]}]}},
    "nested key": lambda text: {"more": [{text: None}]},
    "wrong field": lambda text: {"card_number": text, "cvv": "123"},
}


def still_there(exchange):
    """Return the schemes whose number survives an exchange, ``exchange(engine, number)``."""
    found = []
    for scheme, number in SCHEMES.items():
        engine = an_engine()
        handled = exchange(engine, number)
        if survives(number, kept(engine, *handled)):
            found.append(scheme)
    return found


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("place", PLACES)
def test_no_card_number_in_a_payment_stays(place, way):
    def exchange(engine, number):
        body = {**a_payment(a_token(engine)), **PLACES[place](WAYS[way](number))}
        sent = [
            json.dumps(body).encode(),
            json.dumps(body, ensure_ascii=False).encode(),
            json.dumps(body).replace("4", "\\u0034").encode(),
        ]
        return [call(engine, "POST", PAYMENTS, text) for text in sent]

    assert still_there(exchange) == []


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(
    "field",
    ["card.card_holder", "card.expiry_month", "customer.customer_id", "customer.email",
     "customer.phone", "customer.billing_address.zip_code", "customer.billing_address.unknown",
     "card", "customer", "unknown", "card.card_number"],
)  # fmt: skip
def test_no_card_number_in_a_tokenization_stays(field, way):
    def exchange(engine, number):
        return [call(engine, "POST", TOKENIZE, changed(EXAMPLE, field, WAYS[way](number)))]

    assert still_there(exchange) == []


@pytest.mark.parametrize("path", [TOKENIZE, PAYMENTS])
@pytest.mark.parametrize("number", ["{}", "-{}", "{}.0", "0.{}", "{}e0", "{}e-20", "[1,2,{}]"])
def test_no_card_number_that_is_a_number_stays(path, number):
    def exchange(engine, digits):
        valid = EXAMPLE if path == TOKENIZE else a_payment(a_token(engine))
        text = json.dumps({**valid, "unknown": "here"})
        return [call(engine, "POST", path, text.replace('"here"', number.format(digits)).encode())]

    assert still_there(exchange) == []


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/api/v1/tokens/{}"),
        ("GET", "/api/v1/transactions/{}"),
        ("POST", "/api/v1/transactions/{}/refund"),
        ("GET", "/api/v1/customers/{}/transactions"),
        ("POST", "/api/v1/customers/{}/transactions"),
        ("GET", "/{}"),
    ],
)
def test_no_card_number_in_a_path_stays(method, path, way):
    def exchange(engine, number):
        text = WAYS[way](number)
        paths = [path.format(quote(text, safe="")), path.format(text)]
        return [call(engine, method, one) for one in paths]

    assert still_there(exchange) == []


@pytest.mark.parametrize("body", ["{", "[{0}]", '"{0}"', "{0}", '{{"a":"{0}"', '{{"a":{0},}}'])
def test_no_card_number_in_a_body_that_is_no_json_object_stays(body):
    number = SCHEMES["Visa"]
    engine = an_engine()
    handled = call(engine, "POST", PAYMENTS, body.replace("{0}", number).encode())

    assert handled.response.status_code == 400
    assert handled.request is None
    assert not survives(number, kept(engine, handled))


@pytest.mark.parametrize("number", SCHEMES.values(), ids=SCHEMES)
def test_no_card_number_in_a_body_that_is_ignored_stays(number):
    engine = an_engine()
    name = pay(engine)["transaction_id"]
    path = f"/api/v1/transactions/{name}/refund"
    handled = call(engine, "POST", path, {"reason": number, "cvv": "9731"})

    assert json.loads(handled.request) == {
        "reason": "<string>",
        "cvv": "<string>",
    }
    assert not survives(number, kept(engine, handled))


def test_a_customer_whose_id_is_a_card_number_has_a_masked_id_everywhere():
    engine = an_engine()
    answer = pay(engine, customer_id=SCHEMES["Visa"])
    path = f"/api/v1/customers/{SCHEMES['Visa']}/transactions"
    history = json.loads(call(engine, "GET", path).response.body)

    assert answer["customer_id"] == history["customer_id"] == "************0366"
    assert history["transaction_count"] == 1


def test_a_masked_customer_with_a_slash_in_the_id_is_found():
    engine = an_engine()
    pay(engine, customer_id=f"{SCHEMES['Visa']}/1")
    path = f"/api/v1/customers/{SCHEMES['Visa']}%2F1/transactions"
    history = json.loads(call(engine, "GET", path).response.body)

    assert (history["customer_id"], history["transaction_count"]) == ("************0366/1", 1)


@DETERMINISTIC
@given(texts_with_a_card(), st.sampled_from(sorted(PLACES)))
def test_no_card_number_however_written_in_a_payment_stays(card, place):
    number, text = card
    engine = an_engine()
    handled = call(engine, "POST", PAYMENTS, {**a_payment(a_token(engine)), **PLACES[place](text)})

    assert not survives(number, kept(engine, handled))


@DETERMINISTIC
@given(st.data())
def test_no_card_number_however_written_in_a_path_stays(data):
    number = data.draw(card_numbers())
    text = quote(data.draw(written(number)), safe="")
    engine = an_engine()
    handled = call(engine, "GET", f"/api/v1/customers/{text}/transactions")

    assert not survives(number, kept(engine, handled))


def test_the_search_for_a_card_number_finds_one():
    number = SCHEMES["Visa"]

    assert survives(number, ["x", grouped(number, " - ")])
    assert survives(number, [in_script(number, "\u0660")])
    assert not survives(number, ["************0366", "45320151 a 1283"])
    assert digits_in("4-5") == "45"


def test_the_search_looks_at_everything_that_is_kept():
    engine = an_engine()
    handled = call(engine, "POST", PAYMENTS, a_payment(a_token(engine), description="Needle 7"))
    texts = kept(engine, handled)

    assert len(texts) == 8
    assert sum("Needle 7" in text for text in texts) == 5


def test_ids_amounts_and_ordinary_numbers_stay_readable():
    engine = an_engine()
    token = a_token(engine)
    body = a_payment(
        token,
        amount=1234.56,
        description="Order 1234567890123456 of 2025-01-27 12:00:00",
        refund_of="txn_20250127120000_45320151",
    )
    handled = call(engine, "POST", PAYMENTS, body)

    assert json.loads(handled.request) == {**body, "refund_of": "<string>"}
    assert engine.payments[engine.order[0]].description == body["description"]
