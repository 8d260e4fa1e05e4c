"""A FastAPI service with the models of the deployed one, to compare refusals with.

It answers nothing but whether a request is valid; what it says of a wrong one is FastAPI's and
pydantic's own word, and no code of the package takes part in it.
"""

import re

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field, field_validator
from starlette.testclient import TestClient


class Card(BaseModel):
    card_number: str
    card_holder: str
    expiry_month: int = Field(ge=1, le=12)
    expiry_year: int = Field(ge=2024)
    cvv: str = Field(min_length=3, max_length=4)

    @field_validator("card_number")
    @classmethod
    def number_is_one(cls, value: str) -> str:
        digits = re.sub(r"[\s-]", "", value)
        if not digits.isdigit():
            raise ValueError("Card number must contain only digits")
        if len(digits) not in (15, 16):
            raise ValueError("Card number must be 15 or 16 digits")
        return digits

    @field_validator("cvv")
    @classmethod
    def cvv_is_one(cls, value: str) -> str:
        if not value.isdigit():
            raise ValueError("CVV must contain only digits")
        return value


class Address(BaseModel):
    street: str
    city: str
    state: str
    zip_code: str
    country: str = "US"


class Customer(BaseModel):
    customer_id: str | None = None
    email: str
    phone: str | None = None
    billing_address: Address


class Tokenization(BaseModel):
    card: Card
    customer: Customer


class Charge(BaseModel):
    token: str
    amount: float = Field(gt=0)
    currency: str = "USD"
    description: str | None = None
    customer_id: str


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
