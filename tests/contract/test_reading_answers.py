"""However a client reads an answer, whole or in pieces, the bytes are the same."""

import json

from .clients import PIECE, Client, every_client
from .documents import PAYMENTS, TOKENIZE, contract, get_token, payment, tokenization

pytestmark = [contract, every_client]


def test_an_answer_can_be_read_in_pieces(client: Client) -> None:
    token = get_token(client)
    whole = client.get(f"/api/v1/tokens/{token}").body
    pieces = client.read("GET", f"/api/v1/tokens/{token}")
    assert b"".join(pieces) == whole
    assert len(pieces) > 1
    assert all(len(piece) == PIECE for piece in pieces[:-1])


def test_an_answer_to_a_post_can_be_read_in_pieces(client: Client) -> None:
    body = json.dumps(tokenization()).encode()
    made = json.loads(b"".join(client.read("POST", TOKENIZE, body=body)))
    assert client.post(PAYMENTS, payment(made["token"])).status == 201


def test_a_refusal_can_be_read_in_pieces(client: Client) -> None:
    pieces = client.read("POST", PAYMENTS, body=b"no JSON")
    assert b"".join(pieces) == client.send("POST", PAYMENTS, body=b"no JSON").body


def test_an_answer_without_a_body_has_no_pieces(client: Client) -> None:
    assert b"".join(client.read("HEAD", PAYMENTS)) == b""


def test_the_content_length_is_that_of_the_body(client: Client) -> None:
    token = get_token(client)
    answers = [
        client.post(PAYMENTS, payment(token, description="Größe €")),
        client.get("/api/v1/customers/cust_123/transactions"),
        client.get("/nothing"),
        client.send("PUT", PAYMENTS),
    ]
    for answer in answers:
        assert answer.headers["content-length"] == str(len(answer.body))


def test_every_answer_is_ascii_json(client: Client) -> None:
    token = get_token(client)
    answer = client.post(PAYMENTS, payment(token, customer_id="Größe €\u2028😀"))
    assert answer.body.isascii()
    assert answer.json["customer_id"] == "Größe €\u2028😀"
