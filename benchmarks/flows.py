"""The work that everything here is measured by: tokenize, pay, get, refund, with any client."""

from typing import Any, Protocol

from pytest_paymock import Paymock

CALLS = 4
"""How many calls one flow makes."""

BASE_URL = "http://localhost:8000"
"""The default of paymock, for all who do not serve on a port of their own."""

CUSTOMER = "cust_1"
AMOUNT = 49.99


class Answer(Protocol):
    """What a client of ours returns."""

    def json(self) -> Any:
        """Return the body, parsed."""


class Client(Protocol):
    """What ``httpx.Client``, ``httpx2.Client`` and ``requests.Session`` have in common."""

    def get(self, url: str, /) -> Answer:
        """Send a GET request."""

    def post(self, url: str, /, *, json: Any = None) -> Answer:
        """Send a POST request."""


class AsyncClient(Protocol):
    """What ``httpx.AsyncClient`` and its like have in common."""

    async def get(self, url: str, /) -> Answer:
        """Send a GET request."""

    async def post(self, url: str, /, *, json: Any = None) -> Answer:
        """Send a POST request."""


def card() -> dict[str, Any]:
    """Return the body of a tokenize request: the documented card, valid by the clock of now."""
    parts = Paymock()
    return {"card": parts.card("visa"), "customer": parts.customer(CUSTOMER)}


def charge(token: str) -> dict[str, Any]:
    """Return the body of a payment."""
    return {"token": token, "amount": AMOUNT, "currency": "USD", "customer_id": CUSTOMER}


def run(client: Client, base_url: str, sent: dict[str, Any], flows: int) -> None:
    """Make some flows, each of ``CALLS`` calls, and read every answer.

    Args:
        client: of any library.
        base_url: without a slash at the end.
        sent: what :func:`card` returns.
        flows: how many.
    """
    api = f"{base_url}/api/v1"
    for _ in range(flows):
        token = client.post(f"{api}/tokenize", json=sent).json()["token"]
        paid = client.post(f"{api}/payments", json=charge(token)).json()["transaction_id"]
        client.get(f"{api}/transactions/{paid}").json()
        client.post(f"{api}/transactions/{paid}/refund").json()


async def run_async(client: AsyncClient, base_url: str, sent: dict[str, Any], flows: int) -> None:
    """Do as :func:`run`, with an async client."""
    api = f"{base_url}/api/v1"
    for _ in range(flows):
        token = (await client.post(f"{api}/tokenize", json=sent)).json()["token"]
        answer = await client.post(f"{api}/payments", json=charge(token))
        paid = answer.json()["transaction_id"]
        (await client.get(f"{api}/transactions/{paid}")).json()
        (await client.post(f"{api}/transactions/{paid}/refund")).json()
