"""Whatever a client sends: never an exception, never a 500, and a refusal changes nothing."""

import json
from copy import deepcopy
from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st

from pytest_paymock._api.http import Request
from tests.api.support import (
    EXAMPLE,
    PAYMENTS,
    TOKENIZE,
    a_payment,
    a_token,
    an_engine,
    get,
    handled,
    pay,
    post,
)
from tests.engine.support import DETERMINISTIC

STATUSES = {200, 201, 400, 401, 404, 405}

METHODS = st.sampled_from(["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"])

BRANCHES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.sampled_from(["4532015112830366", "123", "USD", "a@b", 10**30, -1, 0, 0.01, 99.99]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)


def assert_answered(engine: Any, request: Request) -> int:
    """Send a request, check what must hold of every answer, and return the status."""
    before = engine.changes()
    done = handled(engine, request)
    response, recorded = done.response, done.request
    assert response.status_code in STATUSES
    assert dict(response.headers())["content-length"] == str(len(response.body))
    assert recorded is None or isinstance(json.loads(recorded), dict)
    if response.status_code >= 400:
        assert engine.changes() == before
    if request.method == "HEAD" and response.status_code >= 400:
        assert response.body == b""
        return response.status_code
    answer = json.loads(response.body)
    assert isinstance(answer, dict)
    if response.status_code >= 400:
        assert list(answer) == ["detail"]
        assert isinstance(answer["detail"], str)
        assert answer["detail"]
    return response.status_code


def in_use():
    """Return an engine that has a token, a payment and a refund, and their ids."""
    engine = an_engine()
    token = a_token(engine)
    name = pay(engine)["transaction_id"]
    _, refund = post(engine, f"/api/v1/transactions/{name}/refund")
    return engine, [token, name, refund["refund_id"], pay(engine)["transaction_id"]]


PIECES = st.one_of(
    st.sampled_from(["api", "v1", "tokenize", "payments", "transactions", "refund", "tokens"]),
    st.sampled_from(["", ".", "..", "{}", "%2F", "%0A", "%00", "%FF", "%", "customers", "cust"]),
    st.integers(0, 3),
    st.text(max_size=8),
)
KNOWN = [
    ["api", "v1", "transactions", 1],
    ["api", "v1", "transactions", 3, "refund"],
    ["api", "v1", "tokens", 0],
    ["api", "v1", "customers", "cust_123", "transactions"],
    ["api", "v1", "payments"],
    # What is refused: a refund cannot be refunded, and of these ids there is none.
    ["api", "v1", "transactions", 2, "refund"],
    ["api", "v1", "transactions", "txn_none"],
    ["api", "v1", "tokens", "tok_none"],
]


@DETERMINISTIC
@given(METHODS | st.just("HEAD") | st.text(max_size=8), st.lists(PIECES, max_size=7), st.binary())
@example("GET", KNOWN[0], b"")
@example("POST", KNOWN[1], b"")
@example("GET", KNOWN[2], b"")
@example("GET", KNOWN[3], b"")
@example("HEAD", KNOWN[4], b"")
@example("POST", KNOWN[5], b"")
@example("GET", KNOWN[6], b"")
@example("GET", KNOWN[7], b"")
def test_any_path_and_any_method_has_an_answer(method, pieces, body):
    engine, names = in_use()
    path = "".join(f"/{names[piece] if isinstance(piece, int) else piece}" for piece in pieces)

    assert_answered(engine, Request(method, path, body))


@DETERMINISTIC
@given(METHODS, st.sampled_from(KNOWN), st.lists(PIECES, max_size=2), st.binary(max_size=20))
def test_a_path_near_a_documented_one_has_an_answer(method, known, more, body):
    engine, names = in_use()
    pieces = [*known, *more]
    path = "".join(f"/{names[piece] if isinstance(piece, int) else piece}" for piece in pieces)

    assert_answered(engine, Request(method, path, body))


@DETERMINISTIC
@given(st.sampled_from([TOKENIZE, PAYMENTS]), st.binary())
def test_any_bytes_have_an_answer(path, body):
    status = assert_answered(an_engine(), Request("POST", path, body))
    assert status == 400


@DETERMINISTIC
@given(st.sampled_from([TOKENIZE, PAYMENTS]), BRANCHES, st.booleans())
def test_any_json_has_an_answer(path, value, escaped):
    text = json.dumps(value, ensure_ascii=escaped)

    status = assert_answered(an_engine(), Request("POST", path, text.encode("utf-8", "replace")))
    assert status == 400


@st.composite
def mutated(draw: st.DrawFn, body: dict[str, Any]) -> dict[str, Any]:
    """Replace, drop or add some fields of a valid request, at any depth."""
    copy = deepcopy(body)
    for _ in range(draw(st.integers(1, 3))):
        part = copy
        while True:
            name = draw(st.sampled_from([*part, "more"]))
            inner = part.get(name)
            if not isinstance(inner, dict) or not inner or draw(st.booleans()):
                break
            part = inner
        if name in part and draw(st.booleans()):
            del part[name]
        else:
            part[name] = draw(BRANCHES)
    return copy


@DETERMINISTIC
@given(mutated(EXAMPLE))
def test_a_tokenization_that_is_nearly_right_has_an_answer(body):
    engine, _ = in_use()
    tokens = len(engine.tokens)
    status = assert_answered(engine, Request("POST", TOKENIZE, json.dumps(body).encode()))

    assert status in (201, 400)
    assert len(engine.tokens) == tokens + (status == 201)


@DETERMINISTIC
@given(mutated(a_payment("token")), st.booleans())
def test_a_payment_that_is_nearly_right_has_an_answer(body, with_token):
    engine, names = in_use()
    payments = len(engine.payments)
    if with_token:
        body["token"] = names[0]
    status = assert_answered(engine, Request("POST", PAYMENTS, json.dumps(body).encode()))

    assert status in (201, 400, 401)
    assert len(engine.payments) == payments + (status == 201)


WRONG = [b"x", b"0", b"-", b" ", b"}", b'"', b"1e9"]


@DETERMINISTIC
@given(st.sampled_from([TOKENIZE, PAYMENTS]), st.data())
def test_a_body_with_some_bytes_wrong_has_an_answer(path, data):
    engine, names = in_use()
    valid = EXAMPLE if path == TOKENIZE else a_payment(names[0])
    body = bytearray(json.dumps(valid).encode())
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(body)))
        length = data.draw(st.integers(0, 3))
        # Most bytes make it no JSON at all; these leave it something else that is wrong.
        body[place : place + length] = data.draw(st.sampled_from(WRONG) | st.binary(max_size=4))

    assert_answered(engine, Request("POST", path, bytes(body)))


@DETERMINISTIC
@given(st.from_regex(r"-?[0-9]{1,40}(\.[0-9]{1,40})?([eE][+-]?[0-9]{1,4})?", fullmatch=True))
def test_any_number_is_an_amount_or_told_not_to_be_one(text):
    engine, names = in_use()
    body = b'{"token":"%b","amount":%b,"customer_id":"c"}' % (names[0].encode(), text.encode())
    if assert_answered(engine, Request("POST", PAYMENTS, body)) == 201:
        _, history = get(engine, "/api/v1/customers/c/transactions")
        assert float(history["transactions"][0]["amount"]) == float(text)


@DETERMINISTIC
@given(st.text(), st.text())
def test_any_text_comes_back_as_it_was_sent(customer, description):
    engine = an_engine()
    answer = pay(engine, customer_id=f"c{customer}", description=description)
    _, shown = get(engine, f"/api/v1/transactions/{answer['transaction_id']}")

    assert answer["customer_id"] == shown["customer_id"] == f"c{customer}"
    assert shown["description"] == description
