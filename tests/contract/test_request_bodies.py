"""Spec section 7: whatever a client sends as a body, the answer is JSON and never a 500."""

import gzip
import json
from collections.abc import Iterator

import pytest

from pytest_paymock import Paymock

from .clients import JSON_TYPE, Client, every_client
from .documents import (
    PAYMENTS,
    TOKENIZE,
    contract,
    get_token,
    payment,
    payment_text,
    tokenization,
)

pytestmark = contract

NOT_JSON = "the request body is not valid JSON"
NOT_UTF8 = "the request body is not UTF-8"
NO_OBJECT = "the request body must be a JSON object"
TOO_DEEP = "the request body is nested deeper than 64 levels"
TOO_BIG = "the request body holds a number that is out of range"

WRONG = {
    "empty": (b"", NOT_JSON),
    "blank": (b" \n", NOT_JSON),
    "words": (b"amount is ten", NOT_JSON),
    "form": (b"amount=10&currency=USD", NOT_JSON),
    "xml": (b"<payment/>", NOT_JSON),
    "cut off": (b'{"amount": 10', NOT_JSON),
    "two documents": (b"{}{}", NOT_JSON),
    "trailing comma": (b'{"amount": 10,}', NOT_JSON),
    "single quotes": (b"{'amount': 10}", NOT_JSON),
    "control character": (b'{"customer_id": "\x01"}', NOT_JSON),
    "byte order mark": (b"\xef\xbb\xbf{}", NOT_JSON),
    "latin-1": ('{"customer_id": "Jürgen"}'.encode("latin-1"), NOT_UTF8),
    "utf-16": ('{"amount": 10}'.encode("utf-16"), NOT_UTF8),
    "gzip": (gzip.compress(b'{"amount": 10}', mtime=0), NOT_UTF8),
    "surrogate bytes": (b'{"customer_id": "\xed\xa0\x80"}', NOT_UTF8),
    "null": (b"null", NO_OBJECT),
    "number": (b"10", NO_OBJECT),
    "text": (b'"amount"', NO_OBJECT),
    "list": (b'[{"amount": 10}]', NO_OBJECT),
    "not a number": (b"NaN", NO_OBJECT),
    "deep list": (b"[" * 100_000, TOO_DEEP),
    "deep closed list": (b"[" * 65 + b"]" * 65, TOO_DEEP),
    "deep object": (b'{"a":' * 20_000 + b"1" + b"}" * 20_000, TOO_DEEP),
    "5,000 digits": (b'{"amount": ' + b"9" * 5000 + b"}", TOO_BIG),
    "huge exponent": (b'{"amount": 1e999999999999999999999999}', TOO_BIG),
}

ODD = {
    "duplicate keys": b'{"amount": 1, "amount": 2}',
    "lone surrogate": b'{"token": "\\ud800", "amount": 1, "customer_id": "\\udfff"}',
    "lone surrogate in a name": b'{"\\ud800": 1}',
    "nul": b'{"\\u0000": "\\u0000"}',
    "64 levels": b'{"a":' + b"[" * 63 + b"]" * 63 + b"}",
    "numbers everywhere": b'{"token": 1, "amount": {"a": 1e5}, "customer_id": [NaN, Infinity]}',
    "brackets in text": b'{"description": "' + b"[" * 5000 + b'"}',
    "a megabyte": b'{"description": "' + b"x" * 1_000_000 + b'"}',
    "4,000 digits": b'{"amount": ' + b"9" * 4000 + b"}",
    "tiny": b'{"amount": 1e-400000}',
    "blanks around": b' \t\r\n {"amount": 0} \n ',
}


@pytest.mark.parametrize("path", [TOKENIZE, PAYMENTS])
@pytest.mark.parametrize(("body", "detail"), WRONG.values(), ids=WRONG)
def test_what_is_no_json_object_is_refused_in_words(
    client: Client, paymock: Paymock, path: str, body: bytes, detail: str
) -> None:
    answer = client.send("POST", path, body=body)
    assert answer.status == 400
    assert list(answer.json) == ["detail"]
    assert answer.detail.startswith(detail)
    assert len(paymock.tokens) == len(paymock.payments) == 0
    assert paymock.calls.one().request is None


@pytest.mark.parametrize("path", [TOKENIZE, PAYMENTS])
@pytest.mark.parametrize("body", ODD.values(), ids=ODD)
def test_an_odd_object_is_refused_for_its_fields(
    client: Client, paymock: Paymock, path: str, body: bytes
) -> None:
    answer = client.send("POST", path, body=body)
    assert answer.status in (400, 401)
    assert list(answer.json) == ["detail"]
    assert len(paymock.tokens) == len(paymock.payments) == 0
    assert len(repr(paymock.calls)) > 0
    assert len(paymock.report()) > 1


@every_client
@pytest.mark.parametrize(
    "content_type",
    [None, "application/json", "Application/JSON; charset=utf-8", "application/vnd.api+json"],
)
def test_a_body_of_a_json_type_or_of_none_is_read(client: Client, content_type: str | None) -> None:
    headers = {"content-type": content_type} if content_type else None
    body = json.dumps(tokenization()).encode()
    assert client.send("POST", TOKENIZE, body=body, headers=headers).status == 201


@every_client
@pytest.mark.parametrize("path", [TOKENIZE, PAYMENTS])
@pytest.mark.parametrize(
    "content_type",
    ["text/plain", "application/x-www-form-urlencoded", "text/json", "json", "application/jsonx"],
)
def test_a_body_of_another_type_is_not_read(
    client: Client, paymock: Paymock, path: str, content_type: str
) -> None:
    body = json.dumps(tokenization()).encode()
    answer = client.send("POST", path, body=body, headers={"content-type": content_type})
    assert (answer.status, answer.detail) == (
        400,
        f"the request body is of the type {content_type}; send it as application/json",
    )
    assert paymock.calls.one().request is None
    assert len(paymock.tokens) == 0


@every_client
def test_a_type_is_shown_shortened_and_without_a_card_number(
    client: Client, paymock: Paymock
) -> None:
    long = "text/" + "x" * 500
    for kind, shown in ((long, long[:100]), ("4532015112830366", "************0366")):
        answer = client.send("POST", PAYMENTS, body=b"{}", headers={"content-type": kind})
        assert (
            answer.detail == f"the request body is of the type {shown}; send it as application/json"
        )
    assert "4532015112830366" not in repr(paymock.calls)


@every_client
def test_the_type_of_a_body_that_nobody_reads_does_not_matter(client: Client) -> None:
    paid = client.post(PAYMENTS, payment(get_token(client))).json["transaction_id"]
    path = f"/api/v1/transactions/{paid}/refund"
    form = {"content-type": "application/x-www-form-urlencoded"}
    assert client.send("POST", path, body=b"reason=none", headers=form).status == 200
    # A body that is not there has no type.
    assert client.send("POST", PAYMENTS, headers=form).detail.startswith(NOT_JSON)


@every_client
def test_a_body_may_be_text(client: Client, paymock: Paymock) -> None:
    token = get_token(client)
    text = json.dumps(payment(token, description="Jürgens Größe €"), ensure_ascii=False)
    answer = client.send("POST", PAYMENTS, body=text)
    assert answer.status == 201
    assert paymock.payments.one().description == "Jürgens Größe €"


@every_client
@pytest.mark.parametrize("size", [1, 7, 100_000])
def test_a_body_may_be_streamed(client: Client, paymock: Paymock, size: int) -> None:
    token = get_token(client)
    whole = json.dumps(payment(token, description="streamed")).encode()

    def pieces() -> Iterator[bytes]:
        for start in range(0, len(whole), size):
            yield whole[start : start + size]

    answer = client.send("POST", PAYMENTS, body=pieces(), headers=JSON_TYPE)
    assert answer.status == 201
    assert paymock.payments.one().description == "streamed"
    assert paymock.calls.last.request == json.loads(whole)


@every_client
def test_a_stream_without_a_piece_is_an_empty_body(client: Client) -> None:
    answer = client.send("POST", PAYMENTS, body=iter(()))
    assert answer.status == 400
    assert answer.detail.startswith(NOT_JSON)


@every_client
def test_no_body_at_all_is_refused_alike(client: Client) -> None:
    without = client.send("POST", PAYMENTS)
    assert without == client.send("POST", PAYMENTS, body=b"")
    assert without.status == 400


def test_the_last_of_two_equal_names_counts(client: Client, paymock: Paymock) -> None:
    token = get_token(client)
    body = payment_text(token, '1, "amount": 2')
    assert client.send("POST", PAYMENTS, body=body).json["amount"] == 2
    assert paymock.payments.one().amount == 2


@every_client
def test_a_body_that_is_sent_where_none_belongs_is_ignored(client: Client) -> None:
    get_token(client)
    for path in ("/api/v1/customers/cust_123/transactions", "/api/v1/tokens/tok_1"):
        assert client.send("GET", path, body=b"\xff{") == client.get(path)


def test_a_refused_body_leaves_no_hole_in_the_sequence(client: Client, paymock: Paymock) -> None:
    paid = client.post(PAYMENTS, payment(get_token(client)))
    paymock.reset()
    for body, _ in WRONG.values():
        client.send("POST", PAYMENTS, body=body)
        client.send("POST", TOKENIZE, body=body)
    assert client.post(PAYMENTS, payment(get_token(client))) == paid
