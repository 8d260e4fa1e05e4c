"""A FastAPI service with the models of the deployed one, to compare refusals with.

It answers nothing but whether a request is valid; what it says of a wrong one is FastAPI's and
pydantic's own word, and no code of the package takes part in it.
"""

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.testclient import TestClient

from tests.verify.service import Charge, Tokenization


def service() -> TestClient:
    """Return a client of the service."""
    # Without a content type a body is JSON, as it was in the FastAPI of the deployed service.
    app = FastAPI(strict_content_type=False)
    app.add_exception_handler(RequestValidationError, _refused)

    @app.post("/api/v1/tokenize", status_code=201)
    async def tokenize(request: Tokenization) -> None:
        del request

    @app.post("/api/v1/payments", status_code=201)
    async def create_payment(request: Charge) -> None:
        del request

    for path in (
        "/",
        "/health",
        "/api/v1/transactions/{transaction_id}",
        "/api/v1/customers/{customer_id}/transactions",
        "/api/v1/tokens/{token}",
    ):
        app.get(path)(_nothing)
    app.post("/api/v1/transactions/{transaction_id}/refund")(_nothing)
    return TestClient(app, base_url="http://localhost:8000", raise_server_exceptions=False)


async def _refused(_: Request, error: Exception) -> JSONResponse:
    """Answer as FastAPI does, without what quotes the request, and so could not always be JSON."""
    assert isinstance(error, RequestValidationError)
    kept = ("type", "loc", "msg")
    faults = [{name: fault[name] for name in kept} for fault in error.errors()]
    return JSONResponse({"detail": faults}, 422)


async def _nothing() -> None:
    """Answer something."""
