"""The answers of the deployed service as pydantic models (spec section 8); see ``answer_models``.

The answers themselves are written by ``_api/deployed_answers.py`` and ``_api/unknown_paths.py``.
"""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import AwareDatetime, Field, RootModel, WithJsonSchema

from pytest_paymock.server.answer_models import (
    Amount,
    Answer,
    CardInfo,
    CardType,
    LastFour,
    Status,
    TokenId,
)

_MICROSECONDS = r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{6})?"

Time = Annotated[datetime, WithJsonSchema({"type": "string", "pattern": f"{_MICROSECONDS}$"})]
TimeWithOffset = Annotated[
    AwareDatetime, WithJsonSchema({"type": "string", "pattern": rf"{_MICROSECONDS}\+00:00$"})
]
TransactionId = Annotated[str, Field(pattern=r"^txn_\d{14}_[0-9a-f]{16}$")]


class ValidationError(Answer):
    """One fault of a request."""

    type: str
    loc: list[str | int]
    msg: str


class HTTPValidationError(Answer):
    """A request that is not valid."""

    detail: list[ValidationError]


class TokenizeAnswer(Answer):
    """A stored card."""

    token: TokenId
    last_four_digits: LastFour
    card_type: CardType
    expires_at: Time
    customer_id: str
    created_at: TimeWithOffset


class PaymentAnswer(Answer):
    """A payment that was processed; a declined one is an answer too."""

    transaction_id: TransactionId
    status: Status
    amount: Amount
    currency: str
    token: TokenId
    customer_id: str
    message: str
    processed_at: Time


class PaymentTransaction(Answer):
    """A payment."""

    transaction_id: TransactionId
    token: TokenId
    amount: Amount
    currency: str
    customer_id: str
    description: str | None
    status: Status
    message: str
    processed_at: Time
    card_info: CardInfo
    refunded: Literal[True] = Field(default=True, description="On a payment that was paid back.")
    refund_id: TransactionId = Field("", description="On a payment paid back: the last refund.")


class RefundAnswer(Answer):
    """A transaction that was paid back."""

    refund_id: TransactionId
    original_transaction_id: TransactionId
    amount: Amount
    currency: str
    customer_id: str
    status: Literal["success"]
    message: str
    processed_at: Time


class RefundTransaction(RefundAnswer):
    """A refund as a record of its own."""

    refunded: Literal[True] = Field(
        default=True, description="On a refund that was paid back; `refund_id` is then the other's."
    )


class TransactionAnswer(RootModel[PaymentTransaction | RefundTransaction]):
    """A payment, or a refund as a record of its own."""


class HistoryAnswer(Answer):
    """A customer's payments and refunds, oldest first."""

    customer_id: str
    transaction_count: int
    transactions: list[PaymentTransaction | RefundTransaction]


class TokenAnswer(Answer):
    """A stored card, and whether it can still pay."""

    token: TokenId
    last_four_digits: LastFour
    card_type: CardType
    expires_at: Time
    created_at: Time
    is_valid: bool


class RootAnswer(Answer):
    """What runs here."""

    service: str
    version: str
    status: str
    endpoints: dict[str, str]


class HealthAnswer(Answer):
    """That it runs."""

    status: Literal["healthy"]
    timestamp: TimeWithOffset
