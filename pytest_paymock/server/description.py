"""The OpenAPI document: FastAPI's own, completed by what FastAPI is not asked to know.

Requests are read and checked by the fake, so FastAPI sees no body and no parameter. They are
described here, from the models by which the fake checks them and from the documented examples.
"""

from typing import TYPE_CHECKING, Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from pytest_paymock.api.endpoints import ENDPOINTS, Endpoint
from pytest_paymock.api.messages import JSON_TYPE
from pytest_paymock.api.schemas import PaymentRequest, TokenizeRequest
from pytest_paymock.server import about, control, examples
from pytest_paymock.server import answer_models as models
from pytest_paymock.server.constraints import constrain
from pytest_paymock.server.fake import ServerPaymock

if TYPE_CHECKING:
    from pytest_paymock.server.serving import Serving

_REQUESTS: dict[str, type[BaseModel]] = {
    "tokenize": TokenizeRequest,
    "create_payment": PaymentRequest,
}

_ANSWERS: dict[str, type[BaseModel]] = {
    "tokenize": models.TokenizeAnswer,
    "create_payment": models.PaymentAnswer,
    "get_transaction": models.TransactionAnswer,
    "list_customer_transactions": models.HistoryAnswer,
    "refund": models.RefundAnswer,
    "get_token": models.TokenAnswer,
}

_REF = "#/components/schemas/{model}"


def responses_of(endpoint: Endpoint) -> dict[int | str, dict[str, Any]]:
    """Return the answers of an endpoint as FastAPI takes them."""
    refusals: dict[int | str, dict[str, Any]] = {
        status: {
            "model": models.ErrorAnswer,
            "description": about.MEANINGS[status],
            "content": {JSON_TYPE: {"example": {"detail": detail}}},
        }
        for status, detail in about.REFUSALS[endpoint.name].items()
    }
    success = {"model": _ANSWERS[endpoint.name], "description": "Success"}
    return {endpoint.success: success, **refusals}


def describe(app: FastAPI) -> dict[str, Any]:
    """Return the OpenAPI document of an application as it is now."""
    serving: Serving = app.state.serving
    shown = [
        route
        for route in app.routes
        if control.controlled(serving) or not isinstance(route, control.ControlRoute)
    ]
    tags = [about.API, about.CONTROL] if control.controlled(serving) else [about.API]
    document: dict[str, Any] = get_openapi(
        title=app.title,
        version=app.version,
        description=about.ABOUT,
        routes=shown,
        tags=[{"name": tag, "description": about.TAGS[tag]} for tag in tags],
    )
    orders = control.ORDERS if control.controlled(serving) else ()
    _add_schemas(document, [*_REQUESTS.values(), *orders])
    for endpoint in ENDPOINTS:
        operation = document["paths"][serving.prefix + endpoint.path][endpoint.method.lower()]
        _complete(operation, endpoint, serving.fake)
    if control.controlled(serving):
        _describe_control(document)
    return document


def _add_schemas(document: dict[str, Any], requests: list[type[BaseModel]]) -> None:
    _, made = models_json_schema([(model, "validation") for model in requests], ref_template=_REF)
    schemas = document["components"]["schemas"]
    schemas.update(made["$defs"])
    constrain(schemas)
    document["components"]["schemas"] = dict(sorted(schemas.items()))


def _complete(operation: dict[str, Any], endpoint: Endpoint, fake: ServerPaymock | None) -> None:
    """Add the body, the parameter and the examples of an endpoint."""
    request = _REQUESTS.get(endpoint.name)
    if request is not None:
        content: dict[str, Any] = {"schema": {"$ref": _REF.format(model=request.__name__)}}
        if fake is not None:
            content["examples"] = examples.bodies(fake)[endpoint.name]
        operation["requestBody"] = {"required": True, "content": {JSON_TYPE: content}}
    _, brace, rest = endpoint.path.partition("{")
    if brace:
        operation["parameters"] = [_parameter(rest.partition("}")[0], fake)]
    if fake is not None:
        answer = operation["responses"][str(endpoint.success)]["content"][JSON_TYPE]
        answer["example"] = examples.answers_of(fake)[endpoint.name]


def _parameter(name: str, fake: ServerPaymock | None) -> dict[str, Any]:
    parameter: dict[str, Any] = {
        "name": name,
        "in": "path",
        "required": True,
        "schema": {"type": "string", "minLength": 1},
    }
    if fake is not None:
        parameter["example"] = examples.parameters(fake)[name]
    return parameter


def _describe_control(document: dict[str, Any]) -> None:
    for item in control.CONTROLS:
        operation = document["paths"][item.path][item.method.lower()]
        if item.order is not None:
            schema = {"$ref": _REF.format(model=item.order.__name__)}
            content = {JSON_TYPE: {"schema": schema, "example": item.example}}
            operation["requestBody"] = {"required": True, "content": content}
