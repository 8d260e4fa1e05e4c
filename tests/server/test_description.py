"""``/openapi.json`` says what the API does, and its examples work as they are."""

import datetime as dt
import json
import re
from typing import Any

import httpx
import pytest

from pytest_paymock._api.endpoints import ENDPOINTS
from pytest_paymock._api.http import Request, Response
from pytest_paymock._api.schemas import PaymentRequest, TokenizeRequest
from pytest_paymock.server import answer_models, examples, openapi_texts
from pytest_paymock.server.constraints import CONSTRAINTS, DESCRIPTIONS
from pytest_paymock.server.fake import ServerPaymock
from tests.contract.documents import NOW, TEST_CARDS

JSON = "application/json"


@pytest.fixture
def document(http: httpx.Client) -> dict[str, Any]:
    """The description, as a client gets it."""
    answer = http.get("/openapi.json")
    assert answer.status_code == 200
    read: dict[str, Any] = answer.json()
    return read


def operation(document: dict[str, Any], name: str) -> dict[str, Any]:
    (found,) = (
        each
        for path in document["paths"].values()
        for each in path.values()
        if each["operationId"] == name
    )
    result: dict[str, Any] = found
    return result


def example_bodies(document: dict[str, Any], name: str) -> dict[str, Any]:
    content = operation(document, name)["requestBody"]["content"][JSON]
    return {key: example["value"] for key, example in content["examples"].items()}


def test_it_has_the_endpoints_of_the_table_and_nothing_else(document: dict[str, Any]) -> None:
    assert document["openapi"].startswith("3.1")
    described = {
        (path, method.upper(), each["operationId"], each["summary"])
        for path, methods in document["paths"].items()
        for method, each in methods.items()
    }
    assert described == {(e.path, e.method, e.name, e.summary) for e in ENDPOINTS}


def test_it_says_nothing_of_422(document: dict[str, Any]) -> None:
    text = json.dumps(document)
    assert "422" not in text
    assert "HTTPValidationError" not in text


@pytest.mark.parametrize("endpoint", ENDPOINTS, ids=[e.name for e in ENDPOINTS])
def test_an_endpoints_answers_are_described(document: dict[str, Any], endpoint: Any) -> None:
    responses = operation(document, endpoint.name)["responses"]
    success = responses.pop(str(endpoint.success))["content"][JSON]
    assert success["schema"]["$ref"].startswith("#/components/schemas/")
    model = getattr(answer_models, success["schema"]["$ref"].rpartition("/")[2])
    model.model_validate(success["example"])
    assert responses
    for status, response in responses.items():
        assert status in {"400", "401", "404", "500"}
        error = response["content"][JSON]
        assert error["schema"] == {"$ref": "#/components/schemas/ErrorAnswer"}
        assert list(error["example"]) == ["detail"]


@pytest.mark.parametrize("endpoint", ENDPOINTS, ids=[e.name for e in ENDPOINTS])
def test_a_path_names_its_parameter(document: dict[str, Any], endpoint: Any) -> None:
    named = re.findall(r"{(\w+)}", endpoint.path)
    described = operation(document, endpoint.name).get("parameters", [])
    assert [(each["name"], each["in"], each["required"]) for each in described] == [
        (name, "path", True) for name in named
    ]
    assert all(each["example"] for each in described)


def test_every_reference_leads_somewhere(document: dict[str, Any]) -> None:
    references = set(re.findall(r'"#/components/schemas/(\w+)"', json.dumps(document)))
    assert references == set(document["components"]["schemas"])


def test_requests_are_described_by_the_models_that_check_them(document: dict[str, Any]) -> None:
    schemas = document["components"]["schemas"]
    for model in (TokenizeRequest, PaymentRequest):
        assert set(schemas[model.__name__]["properties"]) == set(model.model_fields)
    assert schemas["PaymentRequest"]["required"] == ["token", "amount", "customer_id"]
    assert schemas["PaymentRequest"]["properties"]["amount"]["exclusiveMinimum"] == 0
    for name, fields in CONSTRAINTS.items():
        for field, keywords in fields.items():
            assert schemas[name]["properties"][field].items() >= keywords.items()
    for name, words in DESCRIPTIONS.items():
        assert schemas[name]["description"] == words


@pytest.mark.parametrize(
    "number", [*TEST_CARDS.values(), "4532-0151-1283-0366", " 4 5320151 12830366 "]
)
def test_the_pattern_of_a_card_number_takes_what_the_api_takes(number: str) -> None:
    pattern = CONSTRAINTS["CardFields"]["card_number"]["pattern"]
    assert re.fullmatch(pattern, number)


def test_the_example_of_tokenize_works(http: httpx.Client, document: dict[str, Any]) -> None:
    (body,) = example_bodies(document, "tokenize").values()
    answer = http.post("/api/v1/tokenize", json=body)
    assert answer.status_code == 201
    assert (answer.json()["card_type"], answer.json()["customer_id"]) == ("Visa", "cust_123")


@pytest.mark.parametrize("seed", [0, 7])
def test_the_examples_of_payments_work_once_the_card_is_tokenized(seed: int) -> None:
    fake = _unserved(seed=seed)
    bodies = examples.bodies(fake)
    for body in (each["value"] for each in bodies["tokenize"].values()):
        assert _send(fake, "POST", "/api/v1/tokenize", body)[0] == 201
    outcomes = {}
    for name, each in bodies["create_payment"].items():
        status, paid = _send(fake, "POST", "/api/v1/payments", each["value"])
        assert status == 201
        outcomes[name] = paid["status"]
    assert outcomes == {
        "documented": fake.payments.first.status,
        "insufficient_funds": "failed",
        "card_declined": "failed",
        "pending_verification": "pending",
        "manual_review": "pending",
    }
    named = [record.outcome for record in fake.payments]
    assert named[1:] == list(outcomes)[1:]


def test_the_identifiers_are_those_of_the_newest_records() -> None:
    fake = _unserved(success_rate=1)
    assert examples.parameters(fake)["transaction_id"] == examples.TRANSACTION
    _send(fake, "POST", "/api/v1/tokenize", examples.card(fake))
    for _ in range(2):
        fake.add_token("amex")
        payment = examples.bodies(fake)["create_payment"]["documented"]["value"]
        assert _send(fake, "POST", "/api/v1/payments", payment)[0] == 201
    values = examples.parameters(fake)
    for endpoint in ENDPOINTS:
        if "{" in endpoint.path:
            status, _ = _send(fake, endpoint.method, endpoint.path.format(**values))
            assert status == endpoint.success, endpoint.name
    assert values["token"] == fake.tokens.last.token


@pytest.mark.parametrize("clock", [NOW, "2025-01-27T12:00:00", "9998-12-31T00:00:00"])
def test_the_card_of_the_example_is_good_by_the_clock(clock: str) -> None:
    fake = _unserved(clock=clock)
    assert _send(fake, "POST", "/api/v1/tokenize", examples.card(fake))[0] == 201


def test_the_card_stays_good_when_the_clock_moves_on(
    http: httpx.Client, paymock_server: ServerPaymock
) -> None:
    http.get("/openapi.json")
    paymock_server.clock.advance(dt.timedelta(days=4000))
    (body,) = example_bodies(http.get("/openapi.json").json(), "tokenize").values()
    assert http.post("/api/v1/tokenize", json=body).status_code == 201


def test_control_is_described_where_it_is_on(
    http: httpx.Client, paymock_server: ServerPaymock
) -> None:
    paymock_server.control = True
    document = http.get("/openapi.json").json()
    control = {path: methods for path, methods in document["paths"].items() if "_paymock" in path}
    assert sorted(control) == [
        f"/_paymock/{name}" for name in ("clock", "faults", "outcomes", "reset", "state")
    ]
    for path, methods in control.items():
        ((method, each),) = methods.items()
        assert each["tags"] == ["control"]
        assert set(each["responses"]) == {"200", "400", "403"}
        body = each.get("requestBody", {"content": {JSON: {"example": None}}})
        assert http.request(method, path, json=body["content"][JSON]["example"]).status_code == 200
    assert [tag["name"] for tag in document["tags"]] == ["Payment Mock API", "control"]


def test_no_words_for_readers_of_the_code_stand_in_it(document: dict[str, Any]) -> None:
    text = json.dumps(document)
    for word in ("FastAPI", "repr", "EndpointRoute", "context", "Stand where"):
        assert word not in text
    assert set(openapi_texts.OPERATIONS) == {endpoint.name for endpoint in ENDPOINTS}


class _NoServer:
    """A host where nobody listens."""

    url = "http://localhost:8000"

    def admit(self, _: object) -> Any:
        return lambda: None

    def hang_up(self) -> None:
        """Let go of nobody."""


def _unserved(**options: Any) -> ServerPaymock:
    return ServerPaymock(_NoServer(), **options)


def _send(fake: ServerPaymock, method: str, path: str, body: Any = None) -> tuple[int, Any]:
    sent = b"" if body is None else json.dumps(body).encode()
    met = fake.exchange(Request(method, path, sent))
    assert isinstance(met, Response)
    return met.status_code, json.loads(met.body)
