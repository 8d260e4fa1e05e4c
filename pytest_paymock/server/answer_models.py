"""The answers of the API as pydantic models: what the pages describe, and what tests check.

The answers themselves are written by ``_api/answers.py``; nothing here takes part in that.
"""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, WithJsonSchema

# ISO 8601 in UTC without an offset, which JSON Schema's own date-time format does not allow.
Time = Annotated[
    datetime,
    WithJsonSchema({"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$"}),
]
Amount = Annotated[float, Field(gt=0, examples=[99.99])]
Status = Literal["success", "failed", "pending"]
CardType = Literal["Visa", "Mastercard", "American Express", "Discover", "Unknown"]
TokenId = Annotated[str, Field(pattern=r"^tok_[0-9a-f]{32}$")]
PaymentId = Annotated[str, Field(pattern=r"^txn_\d{14}_[0-9a-f]{8}$")]
RefundId = Annotated[str, Field(pattern=r"^ref_\d{14}_[0-9a-f]{8}$")]
TransactionId = Annotated[str, Field(pattern=r"^(txn|ref)_\d{14}_[0-9a-f]{8}$")]
LastFour = Annotated[str, Field(pattern=r"^\d{4}$")]
Currency = Annotated[str, Field(pattern="^[A-Za-z]{3}$")]


class Answer(BaseModel):
    """Any answer: it has no field that is not described."""

    model_config = ConfigDict(extra="forbid")


class ErrorAnswer(Answer):
    """Every refusal."""

    detail: str


class TokenizeAnswer(Answer):
    """A stored card."""

    token: TokenId
    last_four_digits: LastFour
    card_type: CardType
    expires_at: Time
    customer_id: str
    created_at: Time


class PaymentAnswer(Answer):
    """A payment that was processed; a declined one is an answer too."""

    transaction_id: PaymentId
    status: Status
    amount: Amount
    currency: Currency
    token: TokenId
    customer_id: str
    message: str
    processed_at: Time


class CardInfo(Answer):
    """What is known of a card."""

    last_four: LastFour
    card_type: CardType


class TransactionAnswer(Answer):
    """A payment, or a refund in the same shape with fields of its own."""

    transaction_id: TransactionId
    status: Status
    amount: Amount
    currency: Currency
    customer_id: str
    description: str | None
    processed_at: Time
    card_info: CardInfo
    refunded: Literal[True] = Field(default=True, description="On a payment that was paid back.")
    refund_id: RefundId = Field("", description="On a refund, and on a payment paid back.")
    original_transaction_id: PaymentId = Field("", description="On a refund.")
    message: str = Field("", description="On a refund.")


class HistoryAnswer(Answer):
    """A customer's payments and refunds, oldest first."""

    customer_id: str
    transaction_count: int
    transactions: list[TransactionAnswer]


class RefundAnswer(Answer):
    """A payment that was paid back."""

    refund_id: RefundId
    original_transaction_id: PaymentId
    amount: Amount
    currency: Currency
    customer_id: str
    status: Literal["success"]
    message: str
    processed_at: Time


class TokenAnswer(Answer):
    """A stored card, and whether it can still pay."""

    token: TokenId
    last_four_digits: LastFour
    card_type: CardType
    expires_at: Time
    created_at: Time
    is_valid: bool
