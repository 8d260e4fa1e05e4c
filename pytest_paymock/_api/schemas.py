"""What a request must look like (spec sections 2 and 3), as pydantic models.

Validation is strict: the documentation says number and string, so ``"99.99"`` is no amount and
``123`` no CVV. All faults of a request are told in one sentence each, and no value is repeated.
"""

from collections.abc import Callable
from datetime import MAXYEAR, datetime
from decimal import Decimal
from typing import Annotated, Any, NotRequired

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    PlainValidator,
    TypeAdapter,
    ValidationError,
    ValidationInfo,
)
from pydantic_core import ErrorDetails, PydanticCustomError
from typing_extensions import TypedDict

from pytest_paymock._card_numbers import passes_luhn
from pytest_paymock._engine.cards import NUMBER_LENGTHS, has_expired
from pytest_paymock._engine.money import CURRENCY, is_chargeable, is_in_range
from pytest_paymock._engine.rules import DOCUMENTED

DEFAULT_CURRENCY = "USD"

_SEPARATORS = str.maketrans("", "", " -")


class _Strict(BaseModel):
    model_config = ConfigDict(strict=True, hide_input_in_errors=True)


def _fault(message: str) -> PydanticCustomError:
    # The message is data, never a template: nothing of the request may end up between braces.
    return PydanticCustomError("rule", "{message}", {"message": message})


def _card_number(value: str) -> str:
    # Most numbers come without separators, and to drop none costs half of all that is done here.
    number = value if _is_digits(value) else value.translate(_SEPARATORS)
    if not _is_digits(number):
        raise _fault("must hold digits only, apart from spaces and dashes")
    if len(number) not in NUMBER_LENGTHS:
        raise _fault("must have 15 or 16 digits")
    if not passes_luhn(number):
        raise _fault("is not a valid card number (the Luhn check digit does not match)")
    return number


def _is_digits(value: str) -> bool:
    return value.isascii() and value.isdigit()


def _year(year: int, info: ValidationInfo) -> int:
    if not DOCUMENTED.earliest_expiry_year <= year <= MAXYEAR:
        raise _fault("must be a year of four digits")
    month, now = info.data.get("expiry_month"), info.context
    if month is not None and isinstance(now, datetime) and has_expired(month, year, now):
        raise _fault(
            f"the card expired at the end of {month:02}/{year}, and the clock of the API says "
            f"{now:%Y-%m-%d}; use a later expiry date"
        )
    return year


def _amount(value: Any) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise _fault("must be a number")
    amount = Decimal(value)
    if not is_in_range(amount):
        raise _fault("must be a finite number")
    if not is_chargeable(amount):
        raise _fault("must be greater than 0")
    return amount


class CardFields(_Strict):
    """The request's ``card``. Its repr is that of no card."""

    card_number: Annotated[str, AfterValidator(_card_number)] = Field(repr=False)
    card_holder: str
    expiry_month: Annotated[int, Field(ge=1, le=12)]
    expiry_year: Annotated[int, AfterValidator(_year)]
    cvv: Annotated[str, Field(pattern=r"^[0-9]{3,4}$", repr=False)]


class AddressFields(_Strict):
    """The request's ``customer.billing_address``."""

    street: str
    city: str
    state: str
    zip_code: str
    country: str = "US"


class CustomerFields(_Strict):
    """The request's ``customer``."""

    email: Annotated[str, Field(pattern=r"^[^@\s\x1c-\x1f]+@[^@\s\x1c-\x1f]+$")]
    billing_address: AddressFields
    customer_id: str | None = None
    phone: str | None = None


class TokenizeRequest(_Strict):
    """The body of ``POST /api/v1/tokenize``; validate with the clock's time as the context."""

    card: CardFields
    customer: CustomerFields


class PaymentRequest(_Strict):
    """The body of ``POST /api/v1/payments``."""

    token: str
    amount: Annotated[Decimal, PlainValidator(_amount)]
    customer_id: str
    currency: Annotated[str, Field(pattern=f"^{CURRENCY}$")] = DEFAULT_CURRENCY
    description: str | None = None


def reader_of(model: type[BaseModel]) -> Callable[..., dict[str, Any]]:
    """Return what reads the requests of a model: the fields of it that a request has, as a dict.

    It takes the JSON and a ``context``, and raises ``ValidationError`` as the model does.
    """
    read: Callable[..., dict[str, Any]] = TypeAdapter(_as_dict(model)).validator.validate_python
    return read


def _as_dict(model: type[BaseModel]) -> Any:
    """Return a typed dict of the same fields."""
    fields: dict[str, Any] = {}
    for name, field in model.model_fields.items():
        kind = field.annotation
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            kind = _as_dict(kind)
        checked = Annotated[(kind, *field.metadata)] if field.metadata else kind
        fields[name] = checked if field.is_required() else NotRequired[checked]
    make: Any = TypedDict  # mypy knows it with a literal name alone
    made = make(model.__name__, fields)
    made.__pydantic_config__ = model.model_config
    return made


# Where pydantic knows the rule itself, a check costs a third of what a function of ours does.
_RULES = {
    "expiry_month": "must be between 1 and 12",
    "cvv": "must be 3 or 4 digits",
    "email": "must be an e-mail address of the form name@host",
    "currency": "must be a code of three letters such as USD",
}

_BROKEN_RULES = ("string_pattern_mismatch", "greater_than_equal", "less_than_equal")

_WORDS = {
    "missing": "is required",
    "string_type": "must be a string",
    "int_type": "must be a whole number",
    "model_type": "must be an object",
    # These come up in what control takes, and not in the API's own requests.
    "bool_type": "must be true or false",
    "dict_type": "must be an object",
    "extra_forbidden": "is no field of this request",
    "float_type": "must be a number",
    "list_type": "must be a list",
}


def faults_of(error: ValidationError) -> str:
    """Return all faults of a request: ``field.path: what is wrong``, joined by ``; ``."""
    found = error.errors(include_url=False, include_input=False)
    told = ((".".join(map(str, fault["loc"])), _words(fault)) for fault in found)
    return "; ".join(f"{place}: {words}" if place else words for place, words in told)


def _words(fault: ErrorDetails) -> str:
    kind, place = fault["type"], fault["loc"]
    told = _RULES.get(str(place[-1])) if kind in _BROKEN_RULES else _WORDS.get(kind)
    return told or fault["msg"]
