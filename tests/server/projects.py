"""What the tests write into the small projects that they run."""

STEADY = ("-W", "error")

CALLING = """
import urllib.error, urllib.request, json, threading, socket
import pytest
from pytest_paymock import faults

def call(fake, path="/api/v1/tokens/tok_1", document=None):
    data = None if document is None else json.dumps(document).encode()
    try:
        asked = urllib.request.Request(
            fake.url + path, data, {"Content-Type": "application/json"} if data else {}
        )
        with urllib.request.urlopen(asked, timeout=20) as answer:
            return json.load(answer)
    except urllib.error.HTTPError as error:
        with error:
            return json.load(error)

def pay(fake, amount=5, **more):
    token = fake.add_token(customer_id="cust_1").token
    sent = {"token": token, "amount": amount, "customer_id": "cust_1", **more}
    return call(fake, "/api/v1/payments", sent)
"""
