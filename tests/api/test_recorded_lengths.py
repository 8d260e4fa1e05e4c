"""What is recorded of an exchange is bounded, however long the request or the answer."""

import httpx

from pytest_paymock import Paymock
from pytest_paymock._api.redact import MOST_ANSWERED, MOST_KEPT


def test_a_long_path_is_cut():
    with Paymock() as paymock:
        httpx.get(f"{paymock.base_url}/{'x' * 10_000}")
    path = paymock.calls.one().path
    assert path == f"/{'x' * (MOST_KEPT - 1)}... (10001 characters)"


def test_a_path_of_usual_length_is_whole():
    with Paymock() as paymock:
        httpx.get(f"{paymock.base_url}/{'x' * 1000}")
    assert paymock.calls.one().path == f"/{'x' * 1000}"


def test_a_long_method_is_cut():
    with Paymock() as paymock:
        httpx.request("X" * 5000, f"{paymock.base_url}/api/v1/payments")
    assert paymock.calls.one().method == f"{'X' * MOST_KEPT}... (5000 characters)"


def test_a_long_answer_reaches_its_client_and_is_cut_in_the_record():
    with Paymock() as paymock:
        customer_id = "c" * 2 * MOST_ANSWERED
        order = {
            "token": paymock.add_token(customer_id=customer_id).token,
            "amount": 5,
            "customer_id": customer_id,
        }
        answer = httpx.post(f"{paymock.base_url}/api/v1/payments", json=order)
    assert answer.json()["customer_id"] == customer_id
    kept = paymock.calls.one().response_body
    assert kept == (answer.content[:MOST_ANSWERED] + f"... ({len(answer.content)} bytes)".encode())
    assert paymock.calls.one().response is None


def test_an_ordinary_history_is_recorded_whole():
    with Paymock() as paymock:
        for _ in range(100):
            paymock.add_payment(amount=5)
        answer = httpx.get(f"{paymock.base_url}/api/v1/customers/cust_1/transactions")
    assert paymock.calls.one().response == answer.json()
