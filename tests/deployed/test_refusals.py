"""Spec section 8: refusals through every client, with a list of faults and no state changed."""

import json
from typing import Any

import pytest

from pytest_paymock import Paymock
from tests.contract.clients import JSON_TYPE, Answer, Client
from tests.contract.documents import PAYMENTS, TOKENIZE, get_token, payment, tokenization

from .documents import deployed

pytestmark = deployed


def faults_of(answer: Answer) -> list[tuple[str, list[Any], str]]:
    """Return the faults in a refusal, which has nothing else in it."""
    assert answer.status == 422
    assert answer.headers["content-type"] == "application/json"
    assert list(answer.json) == ["detail"]
    assert all(list(fault) == ["type", "loc", "msg"] for fault in answer.json["detail"])
    return [(fault["type"], fault["loc"], fault["msg"]) for fault in answer.json["detail"]]


NOT_JSON = ("json_invalid", "JSON decode error")


@pytest.mark.parametrize("path", [TOKENIZE, PAYMENTS])
@pytest.mark.parametrize(
    ("body", "position"), [(b"nope", 0), (b'{"amount": }', 11), (b"{} {}", 3), (b"a=1&b=2", 0)]
)
def test_a_body_that_is_not_json(
    client: Client, paymock: Paymock, path: str, body: bytes, position: int
) -> None:
    answer = client.send("POST", path, body=body, headers=JSON_TYPE)
    kind, words = NOT_JSON
    assert faults_of(answer) == [(kind, ["body", position], words)]
    assert paymock.calls.one().request is None


@pytest.mark.parametrize("path", [TOKENIZE, PAYMENTS])
def test_no_body_and_one_that_is_no_object(client: Client, path: str) -> None:
    assert faults_of(client.send("POST", path)) == [("missing", ["body"], "Field required")]
    assert faults_of(client.send("POST", path, body=b"null")) == [
        ("missing", ["body"], "Field required")
    ]
    for body in (b"[]", b"7", b'"x"'):
        assert faults_of(client.send("POST", path, body=body)) == [
            (
                "model_attributes_type",
                ["body"],
                "Input should be a valid dictionary or object to extract fields from",
            )
        ]


@pytest.mark.parametrize("path", [TOKENIZE, PAYMENTS])
@pytest.mark.parametrize(
    "body", [b"\xff\xfe\xfd", b"9" * 5000, b"[" * 100_000, b'{"a":' * 65 + b"1" + b"}" * 65]
)
def test_a_body_that_cannot_be_parsed_at_all(client: Client, path: str, body: bytes) -> None:
    answer = client.send("POST", path, body=body)
    assert answer.status == 400
    assert answer.json == {"detail": "There was an error parsing the body"}


def test_every_fault_is_told(client: Client, paymock: Paymock) -> None:
    wrong = tokenization({"card_number": "1", "expiry_year": 2023, "cvv": "12x"})
    del wrong["customer"]["billing_address"]
    assert faults_of(client.post(TOKENIZE, wrong)) == [
        (
            "value_error",
            ["body", "card", "card_number"],
            "Value error, Card number must be 15 or 16 digits",
        ),
        (
            "greater_than_equal",
            ["body", "card", "expiry_year"],
            "Input should be greater than or equal to 2024",
        ),
        ("value_error", ["body", "card", "cvv"], "Value error, CVV must contain only digits"),
        ("missing", ["body", "customer", "billing_address"], "Field required"),
    ]
    assert len(paymock.tokens) == 0
    line = paymock.report()[2]
    assert line.endswith(
        "422  body.card.card_number: Value error, Card number must be 15 or 16 "
        "digits; body.card.expiry_year: Input should be greater than or equal to "
        "2024; body.card.cvv: Value error, CVV must contain only digits; "
        "body.customer.billing_address: Field required"
    )


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"amount": 0}, ("greater_than", "amount", "Input should be greater than 0")),
        ({"amount": float("nan")}, ("greater_than", "amount", "Input should be greater than 0")),
        ({"amount": float("inf")}, ("finite_number", "amount", "Input should be a finite number")),
        (
            {"amount": "ten"},
            (
                "float_parsing",
                "amount",
                "Input should be a valid number, unable to parse string as a number",
            ),
        ),
        ({"currency": 7}, ("string_type", "currency", "Input should be a valid string")),
        ({"customer_id": None}, ("string_type", "customer_id", "Input should be a valid string")),
    ],
)
def test_validation_comes_before_the_token(
    client: Client, paymock: Paymock, changes: dict[str, Any], fault: tuple[str, str, str]
) -> None:
    kind, field, words = fault
    for token in (get_token(client), "tok_unknown"):
        answer = client.post(PAYMENTS, {**payment(token), **changes})
        assert faults_of(answer) == [(kind, ["body", field], words)]
    assert len(paymock.payments) == 0


def test_the_other_refusals_are_sentences(client: Client) -> None:
    def refused(method: str, path: str, document: Any = None) -> tuple[int, Any]:
        body = None if document is None else json.dumps(document).encode()
        answer = client.send(method, path, body=body)
        return answer.status, answer.json["detail"]

    assert refused("POST", PAYMENTS, payment("tok_1")) == (401, "Invalid or expired token")
    assert refused("GET", "/api/v1/tokens/tok_1") == (404, "Token not found")
    assert refused("GET", "/api/v1/transactions/txn_1") == (404, "Transaction not found")
    assert refused("POST", "/api/v1/transactions/txn_1/refund") == (404, "Transaction not found")
    assert refused("GET", "/nothing") == (404, "Not Found")
    assert refused("DELETE", PAYMENTS) == (405, "Method Not Allowed")


HALF = {"note": "half \ud800 of a pair", "a\udfff": ["\\ud800", "\U0001f600"]}


def test_half_a_surrogate_pair_in_a_field_without_effect(client: Client, paymock: Paymock) -> None:
    for path, document in (
        (TOKENIZE, {**tokenization(), **HALF}),
        (PAYMENTS, {**payment(paymock.add_token().token), **HALF}),
    ):
        body = json.dumps(document).encode()
        assert client.send("POST", path, body=body).status == 201
        kept = paymock.calls.last.request
        assert kept["note"] == "<string>"
        assert kept["a\ufffd"] == "<list>"
        str(kept).encode()


def test_an_unknown_field_has_no_effect(client: Client, paymock: Paymock) -> None:
    sent = {**payment(get_token(client)), "idempotency_key": "k", "status": "failed"}
    assert client.post(PAYMENTS, sent).json["status"] == "success"
    client.post(PAYMENTS, sent)
    assert len(paymock.payments) == 2
