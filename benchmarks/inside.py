"""The fake without a client, endpoint by endpoint and piece by piece: where a call's cost goes."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any, TypeVar

from benchmarks import flows
from benchmarks.contenders import Drive
from benchmarks.ours import SURE
from pytest_paymock import Paymock
from pytest_paymock._api import redact
from pytest_paymock._api.http import Request
from pytest_paymock._api.profiles import DOCUMENTED
from pytest_paymock._engine.engine import CardData, Moment, PaymentOrder

T = TypeVar("T")

_API = "/api/v1"


def _body(document: dict[str, Any]) -> bytes:
    return json.dumps(document, separators=(",", ":")).encode()


def _found(read: T | None) -> T:
    """Return what was read. Where nothing was, the pieces are others than those of a call."""
    if read is None:
        raise LookupError("the fake reads the requests of the flow in another way than is measured")
    return read


def _calls(work: Callable[[], object]) -> Drive:
    def drive(count: int) -> None:
        for _ in range(count * flows.CALLS):
            work()

    return drive


def _exchange(paymock: Paymock, request: Request) -> Callable[[], object]:
    gateway = paymock._parts.mount.gateway
    return lambda: gateway.exchange("httpx", request)


def _order(paymock: Paymock) -> bytes:
    return _body(flows.charge(paymock.add_token(customer_id=flows.CUSTOMER).token))


@contextmanager
def tokenize() -> Iterator[Drive]:
    """The whole of ``POST /api/v1/tokenize`` behind the client's seam."""
    request = Request("POST", f"{_API}/tokenize", _body(flows.card()))
    yield _calls(_exchange(Paymock(success_rate=SURE), request))


@contextmanager
def pay() -> Iterator[Drive]:
    """The whole of ``POST /api/v1/payments`` behind the client's seam."""
    paymock = Paymock(success_rate=SURE)
    yield _calls(_exchange(paymock, Request("POST", f"{_API}/payments", _order(paymock))))


@contextmanager
def get() -> Iterator[Drive]:
    """The whole of ``GET /api/v1/transactions/{id}`` behind the client's seam."""
    paymock = Paymock(success_rate=SURE)
    paid = paymock.add_payment(amount=flows.AMOUNT).transaction_id
    yield _calls(_exchange(paymock, Request("GET", f"{_API}/transactions/{paid}", b"")))


@contextmanager
def pay_and_refund() -> Iterator[Drive]:
    """A payment and ``POST /api/v1/transactions/{id}/refund`` of it, behind the client's seam."""
    paymock = Paymock(success_rate=SURE)
    gateway = paymock._parts.mount.gateway
    order = Request("POST", f"{_API}/payments", _order(paymock))

    def both() -> None:
        gateway.exchange("httpx", order)
        paid = next(reversed(paymock._parts.journal.index.payments))
        gateway.exchange("httpx", Request("POST", f"{_API}/transactions/{paid}/refund", b""))

    yield _calls(both)


@contextmanager
def reading_a_card() -> Iterator[Drive]:
    """Of tokenize: to read, to check and to mask the body."""
    body, now = _body(flows.card()), Paymock().clock.now()

    def read() -> None:
        sent = DOCUMENTED.parse(body)
        _found(redact.recorded_tokenization(sent, DOCUMENTED.read_tokenize(sent, context=now)))

    yield _calls(read)


@contextmanager
def making_a_token() -> Iterator[Drive]:
    """Of tokenize: the token, its id and the card's fingerprint."""
    paymock = Paymock(success_rate=SURE)
    card = flows.card()["card"]
    data = CardData(
        card["card_number"], card["card_holder"], card["expiry_month"], card["expiry_year"]
    )
    engine, moment = paymock._parts.engine, Moment(1, paymock.clock.now())
    yield _calls(lambda: engine.tokenize(data, flows.CUSTOMER, moment))


@contextmanager
def reading_an_order() -> Iterator[Drive]:
    """Of a payment: to read, to check and to look through the body."""
    body = _order(Paymock())

    def read() -> None:
        sent = DOCUMENTED.parse(body)
        _found((redact.is_plain(body) and DOCUMENTED.read_payment(sent) == sent) or None)

    yield _calls(read)


@contextmanager
def making_a_payment() -> Iterator[Drive]:
    """Of a payment: the draw, the outcome, the id and the record."""
    paymock = Paymock(success_rate=SURE)
    token = paymock.add_token(customer_id=flows.CUSTOMER).token
    order = PaymentOrder(token, Decimal(str(flows.AMOUNT)), "USD", flows.CUSTOMER, None)
    engine, moment = paymock._parts.engine, Moment(1, paymock.clock.now())
    yield _calls(lambda: engine.pay(order, moment))
