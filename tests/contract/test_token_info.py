"""Spec section 6: what the API says about a token."""

import pytest

from pytest_paymock import Paymock

from .clients import Client
from .documents import TEST_CARDS, TOKENIZE, contract, get_token, tokenization

pytestmark = contract


def test_a_token_has_the_decided_fields(client: Client) -> None:
    token = get_token(client)
    answer = client.get(f"/api/v1/tokens/{token}")
    assert answer.status == 200
    assert answer.headers["content-type"] == "application/json"
    assert answer.json == {
        "token": token,
        "last_four_digits": "0366",
        "card_type": "Visa",
        "expires_at": "2026-01-28T12:00:00",
        "created_at": "2026-01-27T12:00:00",
        "is_valid": True,
    }


@pytest.mark.parametrize(("card_type", "number"), TEST_CARDS.items(), ids=TEST_CARDS)
def test_a_token_is_told_apart_by_its_card(client: Client, card_type: str, number: str) -> None:
    made = client.post(TOKENIZE, tokenization({"card_number": number})).json
    told = client.get(f"/api/v1/tokens/{made['token']}").json
    assert told["card_type"] == card_type
    assert told["last_four_digits"] == number[-4:]


def test_a_token_is_valid_until_exactly_24_hours_have_passed(
    client: Client, paymock: Paymock
) -> None:
    path = f"/api/v1/tokens/{get_token(client)}"
    paymock.clock.advance(hours=23, minutes=59, seconds=59)
    assert client.get(path).json["is_valid"] is True
    paymock.clock.advance(seconds=1)
    expired = client.get(path)
    assert expired.status == 200
    assert expired.json["is_valid"] is False
    assert expired.json["expires_at"] == "2026-01-28T12:00:00"


@pytest.mark.parametrize("name", ["tok_" + "0" * 32, "nothing", "%00", "%FF"])
def test_an_unknown_token_is_not_found(client: Client, name: str) -> None:
    answer = client.get(f"/api/v1/tokens/{name}")
    assert answer.status == 404
    assert answer.json == {"detail": "Token not found"}


def test_a_token_that_the_test_arranged_is_known(client: Client, paymock: Paymock) -> None:
    arranged = paymock.add_token("discover")
    told = client.get(f"/api/v1/tokens/{arranged.token}").json
    assert told["card_type"] == "Discover"
    assert told["last_four_digits"] == "1117"
