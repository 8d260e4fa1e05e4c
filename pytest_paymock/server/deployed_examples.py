"""Examples of the deployed service's answers: those of an engine that is asked for them."""

import json
from typing import Any

from pytest_paymock._api.endpoints import CREATE_PAYMENT, ENDPOINTS, REFUND, TOKENIZE
from pytest_paymock._api.http import Request, Response
from pytest_paymock._api.profiles import DEPLOYED
from pytest_paymock._engine.clock import Clock
from pytest_paymock._engine.engine import Engine
from pytest_paymock._engine.journal import Journal
from pytest_paymock._exchange import Gateway
from pytest_paymock._script.faults import FaultScript
from pytest_paymock._script.outcomes import OutcomeScript
from pytest_paymock.server import examples
from pytest_paymock.server.fake import ServerPaymock

INVALID = {
    "detail": [
        {
            "type": "greater_than_equal",
            "loc": ["body", "card", "expiry_year"],
            "msg": "Input should be greater than or equal to 2024",
        }
    ]
}


def answers_of(fake: ServerPaymock) -> dict[str, dict[str, Any]]:
    """Return an example of each endpoint's answer, and of the pages beside them."""
    seed, journal = fake.settings.seed, Journal()
    outcomes = OutcomeScript(journal, seed=seed)
    outcomes.always("success")
    gateway = Gateway(
        journal,
        Engine(journal, outcomes.decide, seed=seed, rules=DEPLOYED.rules),
        Clock("2026-01-27T12:00:00.123456", journal),
        FaultScript(journal),
        profile=DEPLOYED,
    )

    def ask(method: str, path: str, body: Any = None) -> Any:
        sent = b"" if body is None else json.dumps(body).encode()
        answer = gateway.exchange("example", Request(method, path, sent))
        return json.loads(answer.body) if isinstance(answer, Response) else None

    token = ask(TOKENIZE.method, TOKENIZE.path, examples.card(fake))
    charge = {**examples.payment(fake, 99.99), "token": token["token"]}
    paid = ask(CREATE_PAYMENT.method, CREATE_PAYMENT.path, charge)
    names = {**paid, "customer_id": examples.CUSTOMER}
    made = {TOKENIZE.name: token, CREATE_PAYMENT.name: paid}
    # The refund last: the payment is shown as it was before.
    for endpoint in sorted(ENDPOINTS, key=lambda endpoint: endpoint is REFUND):
        if endpoint.name not in made:
            made[endpoint.name] = ask(endpoint.method, endpoint.path.format(**names))
    return {**made, "root": ask("GET", "/"), "health": ask("GET", "/health")}
