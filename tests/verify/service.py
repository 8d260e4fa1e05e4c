"""The deployed service, written from section 8 of the contract, and free of the package's code.

It runs under the releases that are deployed (FastAPI 0.109.0, Starlette 0.35.0, pydantic 2.5.3,
uvicorn 0.27.0) and under later ones, and imports nothing else. As a program it serves on a free
port and takes orders, one JSON object a line, from its standard input: ``clock`` (an ISO time, or
null for the real one), ``chance`` (a number from 0 to 1 for every draw, or null for chance),
``deviation`` (a name in ``deviations.py``, or null) and ``reset``.
"""

import json
import random
import re
import secrets
import sys
from datetime import UTC, datetime, timedelta
from threading import Thread
from typing import Any

import uvicorn
from fastapi import FastAPI, HTTPException, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field, field_validator
from starlette.middleware.cors import CORSMiddleware

try:
    from tests.verify import deviations
except ModuleNotFoundError:  # run as a program
    import deviations  # type: ignore[no-redef]


class World:
    """What a test decides about the service, and what the service keeps."""

    def __init__(self) -> None:
        self.clock: datetime | None = None
        self.chance: float | None = None
        self.deviation: str | None = None
        self.reset()

    def reset(self) -> None:
        self.tokens: dict[str, dict[str, Any]] = {}
        self.transactions: dict[str, dict[str, Any]] = {}

    def now(self) -> datetime:
        return self.clock or datetime.now(UTC).replace(tzinfo=None)

    def draw(self) -> float:
        # Chance decides about play money, and nothing that has to be secret.
        return random.random() if self.chance is None else self.chance  # noqa: S311


world = World()


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


def card_type(number: str) -> str:
    if number.startswith("4"):
        return "Visa"
    if number[:2] in ("51", "52", "53", "54", "55"):
        return "Mastercard"
    if number[:2] in ("34", "37"):
        return "American Express"
    if number.startswith(("6011", "65")):
        return "Discover"
    return "Unknown"


def transaction_id() -> str:
    return f"txn_{world.now().strftime('%Y%m%d%H%M%S')}_{secrets.token_hex(8)}"


def is_good(token: str) -> bool:
    known = world.tokens.get(token)
    if known is None:
        return False
    if world.now() > known["expires_at"]:
        known["is_valid"] = False
    return bool(known["is_valid"])


SPECIAL = {
    0.01: ("failed", "Insufficient funds"),
    0.02: ("failed", "Card declined"),
    0.03: ("pending", "Payment pending verification"),
}


def outcome(amount: float) -> Any:
    if amount in SPECIAL:
        return SPECIAL[amount]
    if amount >= 10000:
        return "pending", "Large transaction - manual review required"
    draw = world.draw()
    if draw < 0.9:
        return "success", "Payment processed successfully"
    if draw < 0.95:
        return "failed", "Card declined by issuer"
    return "pending", "Payment under review"


def make_app() -> FastAPI:  # noqa: C901 - a route is a function in it
    # Later releases want a content type, and the deployed one does not.
    later = {} if fastapi_is_the_deployed_one() else {"strict_content_type": False}
    app = FastAPI(title="Payment Mock API", version="1.0.0", **later)
    app.add_middleware(
        CORSMiddleware,
        allow_origins=["*"],
        allow_credentials=True,
        allow_methods=["*"],
        allow_headers=["*"],
    )
    app.add_middleware(Deviating)

    @app.exception_handler(RequestValidationError)
    async def refused(_: Request, error: RequestValidationError) -> JSONResponse:
        # What was sent stays out: card data, and numbers that JSON cannot have.
        faults = [{name: one[name] for name in ("type", "loc", "msg")} for one in error.errors()]
        return JSONResponse({"detail": faults}, 422)

    @app.get("/")
    async def root() -> dict[str, Any]:
        return {
            "service": "Payment Mock API",
            "version": "1.0.0",
            "status": "running",
            "endpoints": {
                "tokenize": "/api/v1/tokenize",
                "process_payment": "/api/v1/payments",
                "get_transaction": "/api/v1/transactions/{transaction_id}",
                "refund": "/api/v1/transactions/{transaction_id}/refund",
                "docs": "/docs",
            },
        }

    @app.get("/health")
    async def health() -> dict[str, Any]:
        return {
            "status": "healthy",
            "timestamp": world.now().replace(tzinfo=UTC).isoformat(),
        }

    @app.post("/api/v1/tokenize", status_code=201)
    async def tokenize(request: Tokenization) -> dict[str, Any]:
        now = world.now()
        token = f"tok_{secrets.token_hex(16)}"
        customer = request.customer.customer_id or f"cust_{_unix(now)}"
        kind = card_type(request.card.card_number)
        world.tokens[token] = {
            "last_four_digits": request.card.card_number[-4:],
            "card_type": kind,
            "expires_at": now + timedelta(hours=24),
            "created_at": now,
            "is_valid": True,
        }
        return {
            "token": token,
            "last_four_digits": request.card.card_number[-4:],
            "card_type": kind,
            "expires_at": (now + timedelta(hours=24)).isoformat(),
            "customer_id": customer,
            "created_at": now.replace(tzinfo=UTC).isoformat(),
        }

    @app.post("/api/v1/payments", status_code=201)
    async def create_payment(request: Charge) -> dict[str, Any]:
        if not is_good(request.token):
            raise HTTPException(401, "Invalid or expired token")
        status, message = outcome(request.amount)
        card = world.tokens[request.token]
        record = {
            "transaction_id": transaction_id(),
            "token": request.token,
            "amount": request.amount,
            "currency": request.currency,
            "customer_id": request.customer_id,
            "description": request.description,
            "status": status,
            "message": message,
            "processed_at": world.now().isoformat(),
            "card_info": {"last_four": card["last_four_digits"], "card_type": card["card_type"]},
        }
        # An answer that cannot be written is an error, and the payment is there all the same.
        world.transactions[record["transaction_id"]] = record
        names = [
            "transaction_id",
            "status",
            "amount",
            "currency",
            "token",
            "customer_id",
            "message",
            "processed_at",
        ]
        return {name: record[name] for name in names}

    @app.get("/api/v1/transactions/{transaction_id}")
    async def get_transaction(transaction_id: str) -> dict[str, Any]:
        if transaction_id not in world.transactions:
            raise HTTPException(404, "Transaction not found")
        return world.transactions[transaction_id]

    @app.get("/api/v1/customers/{customer_id}/transactions")
    async def list_customer_transactions(customer_id: str) -> dict[str, Any]:
        found = [one for one in world.transactions.values() if one["customer_id"] == customer_id]
        return {
            "customer_id": customer_id,
            "transaction_count": len(found),
            "transactions": found,
        }

    @app.post("/api/v1/transactions/{original_id}/refund")
    async def refund(original_id: str) -> dict[str, Any]:
        if original_id not in world.transactions:
            raise HTTPException(404, "Transaction not found")
        paid = world.transactions[original_id]
        if paid["status"] != "success":
            raise HTTPException(400, "Only successful transactions can be refunded")
        record = {
            "refund_id": transaction_id(),
            "original_transaction_id": original_id,
            "amount": paid["amount"],
            "currency": paid["currency"],
            "customer_id": paid["customer_id"],
            "status": "success",
            "message": "Refund processed successfully",
            "processed_at": world.now().isoformat(),
        }
        world.transactions[record["refund_id"]] = record
        paid["refunded"] = True
        paid["refund_id"] = record["refund_id"]
        return dict(record)

    @app.get("/api/v1/tokens/{token}")
    async def get_token(token: str) -> dict[str, Any]:
        if token not in world.tokens:
            raise HTTPException(404, "Token not found")
        known = world.tokens[token]
        return {
            "token": token,
            "last_four_digits": known["last_four_digits"],
            "card_type": known["card_type"],
            "expires_at": known["expires_at"].isoformat(),
            "created_at": known["created_at"].isoformat(),
            "is_valid": known["is_valid"],
        }

    return app


def fastapi_is_the_deployed_one() -> bool:
    from fastapi import __version__

    return __version__ == "0.109.0"


def _unix(now: datetime) -> str:
    return str(now.replace(tzinfo=UTC).timestamp())


class Deviating:
    """Changes an answer, where a test wants the service to deviate."""

    def __init__(self, app: Any) -> None:
        self.app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        chosen = deviations.BY_NAME.get(world.deviation or "")
        if chosen is None or scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        body, more = b"", True
        while more:
            part = await receive()
            body, more = body + part.get("body", b""), part.get("more_body", False)
        target = scope.get("raw_path", scope["path"].encode()).decode("latin-1")
        asked = deviations.Asked(scope["method"], target, body)
        inner: list[Any] = []

        async def receive_again() -> Any:
            return {"type": "http.request", "body": body, "more_body": False}

        async def keep(message: Any) -> None:
            inner.append(message)

        await self.app(scope, receive_again, keep)
        fields = {n.decode(): v.decode("latin-1") for n, v in inner[0]["headers"]}
        text = b"".join(message.get("body", b"") for message in inner[1:])
        answer = chosen.on_answer(asked, deviations.Answered(inner[0]["status"], fields, text))
        answer.headers["content-length"] = str(len(answer.body))
        await send(
            {
                "type": "http.response.start",
                "status": answer.status,
                "headers": [(n.encode(), v.encode("latin-1")) for n, v in answer.headers.items()],
            }
        )
        await send({"type": "http.response.body", "body": answer.body})


def obey(order: dict[str, Any]) -> None:
    """Do what one line of orders says."""
    if order.get("reset"):
        world.reset()
    if "clock" in order:
        world.clock = order["clock"] and datetime.fromisoformat(order["clock"])
    if "chance" in order:
        world.chance = order["chance"]
    if "deviation" in order:
        world.deviation = order["deviation"]


def main() -> None:
    """Serve until the standard input ends."""
    import socket

    # Of the protocol by name: asyncio sends without delay over no other sockets.
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.bind(("127.0.0.1", 0))
    listening.listen()
    config = uvicorn.Config(make_app(), log_level="critical", access_log=False, lifespan="off")
    server = uvicorn.Server(config)
    server.install_signal_handlers = lambda: None  # type: ignore[attr-defined]
    serving = Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    serving.start()
    print(json.dumps({"port": listening.getsockname()[1]}), flush=True)  # noqa: T201
    for line in sys.stdin:
        obey(json.loads(line))
        print("done", flush=True)  # noqa: T201
    server.should_exit = True
    serving.join()


if __name__ == "__main__":
    main()
