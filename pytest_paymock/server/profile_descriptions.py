"""What the pages say of each profile: its models, its refusals, its examples, side by side."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from pydantic import BaseModel

from pytest_paymock._api import deployed_schemas, schemas
from pytest_paymock.server import (
    answer_models,
    constraints,
    deployed_examples,
    deployed_models,
    examples,
    openapi_texts,
)
from pytest_paymock.server.fake import ServerPaymock

Examples = dict[str, dict[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A path beside the endpoints that the service answers, too."""

    path: str
    name: str
    summary: str
    answer: type[BaseModel]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileDescription:
    """How a profile is described.

    Args:
        about: what the API is, as Markdown.
        operations: a paragraph an endpoint.
        requests: the models of bodies, by endpoint.
        answers: the models of answers, by endpoint.
        refusals: an example of each refusal that is a sentence, by endpoint and status.
        invalid: the model and an example of a refusal that is none, if there is one; each endpoint
            with a body has it, as 422.
        constraints: what pydantic does not say itself of a request.
        examples: of answers, by endpoint or page.
        pages: what is answered beside the endpoints.
    """

    about: str
    operations: dict[str, str]
    requests: dict[str, type[BaseModel]]
    answers: dict[str, type[BaseModel]]
    refusals: dict[str, dict[int, str]]
    invalid: tuple[type[BaseModel], dict[str, Any]] | None = None
    constraints: Examples = field(default_factory=dict)
    examples: Callable[[ServerPaymock], Examples]
    pages: tuple[Page, ...] = ()


DOCUMENTED = ProfileDescription(
    about=openapi_texts.ABOUT,
    operations=openapi_texts.OPERATIONS,
    requests={"tokenize": schemas.TokenizeRequest, "create_payment": schemas.PaymentRequest},
    answers={
        "tokenize": answer_models.TokenizeAnswer,
        "create_payment": answer_models.PaymentAnswer,
        "get_transaction": answer_models.TransactionAnswer,
        "list_customer_transactions": answer_models.HistoryAnswer,
        "refund": answer_models.RefundAnswer,
        "get_token": answer_models.TokenAnswer,
    },
    refusals=openapi_texts.REFUSALS,
    constraints=constraints.CONSTRAINTS,
    examples=examples.answers_of,
)

DEPLOYED = ProfileDescription(
    about=openapi_texts.DEPLOYED_ABOUT,
    operations=openapi_texts.DEPLOYED_OPERATIONS,
    requests={
        "tokenize": deployed_schemas.TokenizeRequest,
        "create_payment": deployed_schemas.PaymentRequest,
    },
    answers={
        "tokenize": deployed_models.TokenizeAnswer,
        "create_payment": deployed_models.PaymentAnswer,
        "get_transaction": deployed_models.TransactionAnswer,
        "list_customer_transactions": deployed_models.HistoryAnswer,
        "refund": deployed_models.RefundAnswer,
        "get_token": deployed_models.TokenAnswer,
    },
    refusals=openapi_texts.DEPLOYED_REFUSALS,
    invalid=(deployed_models.HTTPValidationError, deployed_examples.INVALID),
    constraints=constraints.DEPLOYED,
    examples=deployed_examples.answers_of,
    pages=(
        Page(
            path="/",
            name="root",
            summary="Tell what runs here",
            answer=deployed_models.RootAnswer,
        ),
        Page(
            path="/health",
            name="health",
            summary="Tell that it runs",
            answer=deployed_models.HealthAnswer,
        ),
    ),
)

PORTRAITS = {"documented": DOCUMENTED, "deployed": DEPLOYED}
"""By the values of the option ``profile``."""
