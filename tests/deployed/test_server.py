"""The live server under the profile: what it answers, and what its description says."""

import json
import re
from pathlib import Path
from typing import Any

import httpx
import pytest
import requests

from pytest_paymock._api.endpoints import ENDPOINTS
from pytest_paymock._api.profiles import PROFILES
from pytest_paymock._options import OPTIONS
from pytest_paymock.server import deployed_models, openapi_texts
from pytest_paymock.server.fake import ServerPaymock
from pytest_paymock.server.profile_descriptions import PORTRAITS
from tests.contract.documents import NOW, PAYMENTS, TOKENIZE, payment, tokenization
from tests.server.conftest import Serve, serve
from tests.server.processes import serving
from tests.server.sockets import Wire, request, status_of
from tests.server.test_schemathesis import run, succeeded

from .documents import deployed

__all__ = ["serve"]

pytestmark = deployed

JSON = "application/json"


def test_every_value_of_the_option_is_a_profile_and_has_a_portrait() -> None:
    check = OPTIONS["profile"].check
    assert [check(name) for name in PROFILES] == list(PROFILES) == list(PORTRAITS)


# -- redirects --------------------------------------------------------------------------------


def location(answer: bytes) -> str:
    assert status_of(answer) == 307
    head = answer.partition(b"\r\n\r\n")[0].decode()
    return re.findall(r"(?m)^location: (.*?)\r?$", head)[0]


@pytest.mark.parametrize(
    "host",
    ["pay.example", "pay.example:81", "paymock", "127.0.0.1:5", "[::1]:8000", "my_host", "a-b.c"],
)
def test_a_redirect_leads_to_the_host_that_was_called(
    paymock_server: ServerPaymock, host: str
) -> None:
    path = "/api/v1/tokens/tok_1"
    with Wire(paymock_server.url) as wire:
        wire.write(f"GET {path}/?a=1 HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
        assert location(wire.one()) == f"http://{host}{path}?a=1"


@pytest.mark.parametrize("host", ["", "a b", "x/y", "<b>", "user@host", "a:b", "[::1", "\xe9"])
def test_a_host_that_is_none_is_not_repeated(paymock_server: ServerPaymock, host: str) -> None:
    with Wire(paymock_server.url) as wire:
        wire.write(f"GET /health/ HTTP/1.1\r\nHost: {host}\r\n\r\n".encode("latin-1"))
        assert location(wire.one()) == f"{paymock_server.url}/health"


def test_without_a_host_it_leads_to_the_base_url(paymock_server: ServerPaymock) -> None:
    with Wire(paymock_server.url) as wire:
        wire.write(b"GET /health/ HTTP/1.0\r\n\r\n")
        assert location(wire.to_end()) == f"{paymock_server.url}/health"


def test_below_a_path(serve: Serve) -> None:
    fake = serve(prefix="/v2", options={"profile": "deployed", "clock": NOW})
    assert fake.url.endswith("/v2")
    answer = requests.post(f"{fake.url}{TOKENIZE}/", json=tokenization(), timeout=20)
    assert (answer.status_code, answer.url) == (201, f"{fake.url}{TOKENIZE}")
    assert requests.get(f"{fake.url}/", timeout=20).json()["status"] == "running"
    assert requests.get(fake.url, timeout=20).url == f"{fake.url}/"


def test_garbage_is_refused_by_the_server_as_ever(paymock_server: ServerPaymock) -> None:
    with Wire(paymock_server.url) as wire:
        wire.write(request("POST", PAYMENTS, b"{" * 3_000_000))
        assert status_of(wire.one()) == 400


# -- the description --------------------------------------------------------------------------


@pytest.fixture
def document(paymock_server: ServerPaymock) -> dict[str, Any]:
    """The description, as a client gets it."""
    found: dict[str, Any] = httpx.get(f"{paymock_server.url}/openapi.json").json()
    return found


def operations(document: dict[str, Any]) -> dict[str, Any]:
    return {
        each["operationId"]: each for path in document["paths"].values() for each in path.values()
    }


def test_it_has_the_pages_beside_the_endpoints(document: dict[str, Any]) -> None:
    assert list(operations(document)) == [*(each.name for each in ENDPOINTS), "root", "health"]
    assert document["info"]["description"] == openapi_texts.DEPLOYED_ABOUT
    assert "GET" not in openapi_texts.DEPLOYED_REFUSALS
    assert set(document["paths"]) == {*(each.path for each in ENDPOINTS), "/", "/health"}


def test_a_request_that_is_not_valid_is_a_422(document: dict[str, Any]) -> None:
    for name, each in operations(document).items():
        refusal = each["responses"].get("422")
        assert (refusal is not None) == ("requestBody" in each) == (name in DOCUMENTS)
        if refusal is not None:
            content = refusal["content"][JSON]
            assert content["schema"] == {"$ref": "#/components/schemas/HTTPValidationError"}
            deployed_models.HTTPValidationError.model_validate(content["example"])
    schemas = document["components"]["schemas"]
    assert set(schemas["ValidationError"]["properties"]) == {"type", "loc", "msg"}
    references = set(re.findall(r'"#/components/schemas/(\w+)"', json.dumps(document)))
    assert references == set(schemas)


DOCUMENTS = ("tokenize", "create_payment")


def test_the_examples_are_what_is_answered(document: dict[str, Any]) -> None:
    models = PORTRAITS["deployed"].answers | {
        page.name: page.answer for page in PORTRAITS["deployed"].pages
    }
    for name, each in operations(document).items():
        (success,) = (each["responses"].keys() & {"200", "201"},)
        example = each["responses"][success.pop()]["content"][JSON]["example"]
        models[name].model_validate(example)
    paid = operations(document)["create_payment"]["responses"]["201"]["content"][JSON]["example"]
    assert (paid["status"], paid["processed_at"]) == ("success", "2026-01-27T12:00:00.123456")


def test_requests_are_described_as_they_are_checked(document: dict[str, Any]) -> None:
    schemas = document["components"]["schemas"]
    assert schemas["PaymentRequest"]["properties"]["amount"]["exclusiveMinimum"] == 0
    assert "pattern" not in schemas["PaymentRequest"]["properties"]["currency"]
    card = schemas["CardFields"]["properties"]
    assert card["expiry_year"]["minimum"] == 2024
    assert "Luhn" not in json.dumps(card)
    assert re.fullmatch(card["card_number"]["pattern"], "4532-0151\t1283 0366")


def test_the_bodies_of_the_examples_work(
    paymock_server: ServerPaymock, document: dict[str, Any]
) -> None:
    for name, path in zip(DOCUMENTS, (TOKENIZE, PAYMENTS), strict=True):
        content = operations(document)[name]["requestBody"]["content"][JSON]
        for example in content["examples"].values():
            answer = httpx.post(paymock_server.url + path, json=example["value"])
            assert answer.status_code == 201


@pytest.mark.paymock(profile="documented")
def test_a_documented_fake_on_the_same_server_is_described_as_ever(
    document: dict[str, Any],
) -> None:
    assert list(operations(document)) == [each.name for each in ENDPOINTS]
    assert "422" not in json.dumps(document)


def test_a_server_without_a_fake_describes_the_documented_api(
    paymock_server: ServerPaymock,
) -> None:
    url = paymock_server.url
    paymock_server.stop()
    assert list(operations(httpx.get(f"{url}/openapi.json").json())) == [
        each.name for each in ENDPOINTS
    ]


# A number as a string and a boolean are amounts to the service, though its description says number.
LAX = ("--exclude-checks", "positive_data_acceptance,negative_data_rejection")


def test_schemathesis_finds_nothing(paymock_server: ServerPaymock, tmp_path: Path) -> None:
    done = run(paymock_server, tmp_path, *LAX)
    assert done.returncode == 0, done.stdout
    assert "Tested: 8" in done.stdout
    statuses = {call.status_code for call in paymock_server.calls}
    assert {200, 201, 401, 404, 405, 422} <= statuses
    assert statuses <= {200, 201, 307, 400, 401, 404, 405, 422}
    assert len(paymock_server.tokens) == succeeded(paymock_server, "tokenize") > 0
    assert len(paymock_server.payments) == succeeded(paymock_server, "create_payment") > 0
    assert len(paymock_server.refunds) == succeeded(paymock_server, "refund") > 0


# -- from the shell ---------------------------------------------------------------------------


def test_the_command_serves_it_and_says_so() -> None:
    with serving("--profile", "deployed", "--clock", NOW) as (running, url):
        assert running.lines[0].endswith(
            "(seed 0, clock 2026-01-27T12:00:00 UTC, pinned, profile deployed)"
        )
        token = httpx.post(f"{url}{TOKENIZE}", json=tokenization()).json()["token"]
        sent = payment(token, 0.02, currency="\x1b[2J")
        assert httpx.post(f"{url}{PAYMENTS}/", json=sent, follow_redirects=True).status_code == 201
        assert httpx.post(f"{url}{PAYMENTS}", content=b"{").status_code == 422
        assert running.interrupt() == 0
    shown, reason = "\\x1b[2J", "(special amount 0.02)"
    assert running.lines[6:] == [
        "12:00:00  1  server  POST /api/v1/tokenize  201",
        "12:00:00  2  server  POST /api/v1/payments/  307",
        f"12:00:00  3  server  POST /api/v1/payments  201  failed 0.02 {shown} {reason}",
        "12:00:00  4  server  POST /api/v1/payments  422  body.1: JSON decode error",
        "stopped after 4 calls, 1 payment",
    ]
