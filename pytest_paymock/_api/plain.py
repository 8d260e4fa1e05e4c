"""Requests that hold what they should and nothing else, told apart by counting.

Nearly all of them do. To look for card data wherever it may stand in a body, and to read the body
first as JSON and then as a request, was three quarters of what a call to tokenize cost, and half of
a payment.

JSON without escapes has two quotation marks for each name and two for each text. So where the
fields that a reader has found account for all of them, the body has no other field, none twice,
and no text that nobody has looked at. Its digits are left, and one look sees all of them.
"""

import re
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, NamedTuple, NotRequired

from pydantic import BaseModel, Field, TypeAdapter, ValidationError
from typing_extensions import TypedDict

from pytest_paymock._api import redact
from pytest_paymock._card_numbers import MASK
from pytest_paymock._engine.engine import CardData, PaymentOrder

_NUMBER, _CVV, _AMOUNT = b'"card_number"', b'"cvv"', b'"amount"'

_WRITTEN = re.compile(rb"\s*:\s*([0-9.]+)")

_NOT_TEXT = 5
"""The fields of a tokenize request that are objects or numbers."""


class PlainCard(NamedTuple):
    """What a tokenize request says, and its body as it may be recorded."""

    card: CardData
    customer_id: str | None
    recorded: bytes


ReadCard = Callable[[bytes, datetime], PlainCard | None]
"""From the body of a tokenize request, and the time of the engine's clock; None if not plain."""

ReadOrder = Callable[[bytes], PaymentOrder | None]
"""From the body of a payment, which may be recorded as it is; None if not plain."""


def card_reader_of(model: type[BaseModel]) -> ReadCard:
    """Return what reads the plain ones of a model's requests, and leaves all others.

    Args:
        model: of tokenize requests.
    """
    read = _json_reader(model, {})

    def card(body: bytes, now: datetime) -> PlainCard | None:
        if redact.may_hide_digits(body):
            return None
        try:
            sent = read(body, context=now)
        except ValidationError:
            return None
        if body.count(b'"') != _quotes_of_card(sent):
            return None
        number, holder, month, year, _ = sent["card"].values()
        recorded = _masked(body, number)
        if recorded is None or redact.has_digits(recorded):
            return None
        kept = CardData(number, holder, month, year)
        return PlainCard(kept, sent["customer"].get("customer_id"), recorded)

    return card


def order_reader_of(model: type[BaseModel], *, as_written: bool) -> ReadOrder:
    """Return what reads the plain ones of a model's requests, and leaves all others.

    Args:
        model: of payments.
        as_written: whether an amount has the digits that stand in the body, and not what the model
            makes of the binary number.
    """
    read = _json_reader(model, {"amount": Annotated[float, Field(gt=0)]} if as_written else {})
    usual = model.model_fields["currency"].default

    def order(body: bytes) -> PaymentOrder | None:
        if redact.may_hide_digits(body) or redact.has_digits(body):
            return None
        try:
            sent = read(body)
        except ValidationError:
            return None
        fields = len(sent)
        texts = fields - 1 - _nulls(sent)
        if body.count(b'"') != 2 * (fields + texts):
            return None
        amount = sent["amount"]
        if as_written:
            written = _WRITTEN.match(body.partition(_AMOUNT)[2])
            if written is None:
                return None
            amount = Decimal(written[1].decode())
        currency, description = sent.get("currency", usual), sent.get("description")
        return PaymentOrder(sent["token"], amount, currency, sent["customer_id"], description)

    return order


def _json_reader(model: type[BaseModel], kinds: dict[str, Any]) -> Callable[..., dict[str, Any]]:
    """Return what reads the fields of a model from JSON, of which some are of other kinds."""
    validator = TypeAdapter(_as_dict(model, kinds)).validator
    read: Callable[..., dict[str, Any]] = validator.validate_json
    return read


def _as_dict(model: type[BaseModel], kinds: dict[str, Any]) -> Any:
    """Return a typed dict of the same fields: a third of the price of a model and its parts.

    It tells a field that was left out from one that has its default, too.
    """
    fields: dict[str, Any] = {}
    for name, field in model.model_fields.items():
        kind = field.annotation
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            kind = _as_dict(kind, kinds)
        checked = Annotated[(kind, *field.metadata)] if field.metadata else kind
        checked = kinds.get(name, checked)
        fields[name] = checked if field.is_required() else NotRequired[checked]
    make: Any = TypedDict  # mypy knows it with a literal name alone
    made = make(model.__name__, fields)
    made.__pydantic_config__ = model.model_config
    return made


def _quotes_of_card(sent: dict[str, Any]) -> int:
    """Return how many quotation marks a request with these fields has."""
    customer = sent["customer"]
    fields = len(sent) + len(sent["card"]) + len(customer) + len(customer["billing_address"])
    return 2 * (fields + fields - _NOT_TEXT - _nulls(customer))


def _nulls(fields: dict[str, Any]) -> int:
    found = 0
    for value in fields.values():  # count() would compare each text, at three times the price
        if value is None:
            found += 1
    return found


def _masked(body: bytes, number: str) -> bytes | None:
    """Return a body with masks in place of its two secrets, or None if a text reads like a name."""
    for name, mask in ((_NUMBER, MASK + number[-4:]), (_CVV, redact.CVV_MASK)):
        before, _, after = body.partition(name)
        colon, _, rest = after.split(b'"', 2)
        if colon.strip() != b":":
            return None
        body = b"".join((before, name, b':"', mask.encode(), b'"', rest))
    return body
