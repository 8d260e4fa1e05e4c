"""What the deployed service takes for a request (spec section 8), as pydantic models.

Fields stand in the service's order, and rules are said in pydantic's own keywords where they can
be, since types and messages of faults follow from both. Validation is lax, as FastAPI's is:
``"9.99"`` is an amount and ``"12"`` a month. Where the pydantic of today is laxer or stricter than
the one that is deployed (2.5), the deployed one is followed.
"""

import math
import re
from datetime import MAXYEAR
from decimal import Decimal
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    model_validator,
)
from pydantic_core import PydanticKnownError

from pytest_paymock._engine.cards import NUMBER_LENGTHS
from pytest_paymock._engine.rules import DEPLOYED

_SEPARATORS = re.compile(r"[\s-]")


class _Lax(BaseModel):
    # from_attributes as FastAPI has it: it is in the type and words of a fault.
    model_config = ConfigDict(from_attributes=True, hide_input_in_errors=True)


class _Body(_Lax):
    @model_validator(mode="before")
    @classmethod
    def _binary(cls, value: Any) -> Any:
        return _with_floats(value)


def _with_floats(value: Any) -> Any:
    """Return JSON as the service sees it: its numbers with a fraction are binary."""
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, dict):
        return {name: _with_floats(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_with_floats(inner) for inner in value]
    return value


def _text(value: str) -> str:
    # Half a surrogate pair is no character: the service could not write its answer.
    try:
        value.encode()
    except UnicodeEncodeError:
        raise PydanticKnownError("string_unicode") from None
    return value


Text = Annotated[str, AfterValidator(_text)]


def _whole(value: Any) -> Any:
    """Return a text that pydantic 2.5 takes for a whole number so that today's takes it, too."""
    if isinstance(value, str):
        if value != value.strip():
            raise PydanticKnownError("int_parsing")
        return value.removesuffix(".")
    return value


def _fraction(value: Any) -> Any:
    """Return a number as it is.

    Raises:
        PydanticKnownError: for a text with blanks around it, which pydantic 2.5 takes for none.
    """
    if isinstance(value, str) and value != value.strip():
        raise PydanticKnownError("float_parsing")
    return value


# pydantic says "Value error, ..." of these, and quotes nothing of the request.


def _card_number(value: str) -> str:
    number = _SEPARATORS.sub("", value)
    # Digits of any script are digits to the service.
    if not number.isdigit():
        raise ValueError("Card number must contain only digits")
    if len(number) not in NUMBER_LENGTHS:
        raise ValueError("Card number must be 15 or 16 digits")
    return number


def _cvv(value: str) -> str:
    if not value.isdigit():
        raise ValueError("CVV must contain only digits")
    return value


def _year(value: int) -> int:
    # The service takes any year, and answers none. One that no calendar has may be a card number.
    return min(value, MAXYEAR)


def _money(value: float) -> Decimal:
    # Of infinity the service could not even write its answer.
    if math.isinf(value):
        raise PydanticKnownError("finite_number")
    return Decimal(repr(value))


def _or_none(value: str | None) -> str | None:
    return value or None


class CardFields(_Lax):
    """The request's ``card``. Its repr is that of no card."""

    card_number: Annotated[str, AfterValidator(_card_number)] = Field(repr=False)
    card_holder: Text
    expiry_month: Annotated[int, Field(ge=1, le=12), BeforeValidator(_whole)]
    expiry_year: Annotated[
        int,
        Field(ge=DEPLOYED.earliest_expiry_year),
        AfterValidator(_year),
        BeforeValidator(_whole),
    ]
    cvv: Annotated[str, Field(min_length=3, max_length=4), AfterValidator(_cvv)] = Field(repr=False)


class AddressFields(_Lax):
    """The request's ``customer.billing_address``."""

    street: Text
    city: Text
    state: Text
    zip_code: Text
    country: Text = "US"


class CustomerFields(_Lax):
    """The request's ``customer``; an empty ``customer_id`` is none."""

    customer_id: Annotated[Text | None, AfterValidator(_or_none)] = None
    email: Text
    phone: Text | None = None
    billing_address: AddressFields


class TokenizeRequest(_Body):
    """The body of ``POST /api/v1/tokenize``."""

    card: CardFields
    customer: CustomerFields


class PaymentRequest(_Body):
    """The body of ``POST /api/v1/payments``."""

    token: Text
    amount: Annotated[float, Field(gt=0), AfterValidator(_money), BeforeValidator(_fraction)]
    currency: Text = "USD"
    description: Text | None = None
    customer_id: Text
