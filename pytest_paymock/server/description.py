"""The OpenAPI document: FastAPI's own, completed by what FastAPI is not asked to know.

Requests are read and checked by the fake, so FastAPI sees no body and no parameter. They are
described here, from the models by which the fake checks them and from the documented examples.
"""

from typing import TYPE_CHECKING, Any

from fastapi import APIRouter, FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema
from starlette.routing import BaseRoute

from pytest_paymock._api.endpoints import ENDPOINTS, Endpoint
from pytest_paymock._api.http import JSON_TYPE
from pytest_paymock.server import answer_models as models
from pytest_paymock.server import control, examples, openapi_texts
from pytest_paymock.server.constraints import constrain
from pytest_paymock.server.fake import ServerPaymock
from pytest_paymock.server.profile_descriptions import PORTRAITS, ProfileDescription

if TYPE_CHECKING:
    from pytest_paymock.server.serving import Serving

_REF = "#/components/schemas/{model}"


def routes_of(portrait: ProfileDescription, prefix: str) -> list[BaseRoute]:
    """Return the endpoints of a profile as FastAPI describes them; none of these is called.

    Args:
        portrait: that of the profile.
        prefix: the path of the base URL.
    """
    router = APIRouter()
    for endpoint in ENDPOINTS:
        router.add_api_route(
            prefix + endpoint.path,
            _answered_elsewhere,
            methods=[endpoint.method],
            name=endpoint.name,
            operation_id=endpoint.name,
            summary=endpoint.summary,
            description=portrait.operations[endpoint.name],
            tags=[openapi_texts.API],
            status_code=endpoint.success,
            responses=_responses_of(portrait, endpoint),
        )
    for page in portrait.pages:
        router.add_api_route(
            prefix + page.path,
            _answered_elsewhere,
            methods=["GET"],
            name=page.name,
            operation_id=page.name,
            summary=page.summary,
            tags=[openapi_texts.API],
            responses={200: {"model": page.answer, "description": "Success"}},
        )
    return router.routes


async def _answered_elsewhere() -> None:
    """Stand where FastAPI wants a function."""


def _responses_of(
    portrait: ProfileDescription, endpoint: Endpoint
) -> dict[int | str, dict[str, Any]]:
    """Return the answers of an endpoint as FastAPI takes them."""
    refusals: dict[int | str, dict[str, Any]] = {
        status: _refusal(status, models.ErrorAnswer, {"detail": detail})
        for status, detail in portrait.refusals[endpoint.name].items()
    }
    if portrait.invalid is not None and endpoint.name in portrait.requests:
        model, example = portrait.invalid
        refusals[422] = _refusal(422, model, example)
    success = {"model": portrait.answers[endpoint.name], "description": "Success"}
    return {endpoint.success: success, **refusals}


def _refusal(status: int, model: type[BaseModel], example: dict[str, Any]) -> dict[str, Any]:
    return {
        "model": model,
        "description": openapi_texts.MEANINGS[status],
        "content": {JSON_TYPE: {"example": example}},
    }


def describe(app: FastAPI) -> dict[str, Any]:
    """Return the OpenAPI document of an application as it is now."""
    serving: Serving = app.state.serving
    fake = serving.fake
    portrait = PORTRAITS["documented" if fake is None else fake.settings.profile]
    shown = routes_of(portrait, serving.prefix)
    if control.controlled(serving):
        shown = [route for route in app.routes if isinstance(route, control.ControlRoute)] + shown
    tags = (
        [openapi_texts.API, openapi_texts.CONTROL]
        if control.controlled(serving)
        else [openapi_texts.API]
    )
    document: dict[str, Any] = get_openapi(
        title=app.title,
        version=app.version,
        description=portrait.about,
        routes=shown,
        tags=[{"name": tag, "description": openapi_texts.TAGS[tag]} for tag in tags],
    )
    orders = control.ORDERS if control.controlled(serving) else ()
    _add_schemas(document, portrait, [*portrait.requests.values(), *orders])
    for endpoint in ENDPOINTS:
        operation = document["paths"][serving.prefix + endpoint.path][endpoint.method.lower()]
        _complete(operation, endpoint, portrait, fake)
    if fake is not None:
        _add_examples(document, portrait, fake)
    if control.controlled(serving):
        _describe_control(document)
    return document


def _add_schemas(
    document: dict[str, Any], portrait: ProfileDescription, requests: list[type[BaseModel]]
) -> None:
    _, made = models_json_schema([(model, "validation") for model in requests], ref_template=_REF)
    schemas = document["components"]["schemas"]
    schemas.update(made["$defs"])
    constrain(schemas, portrait.constraints)
    document["components"]["schemas"] = dict(sorted(schemas.items()))


def _complete(
    operation: dict[str, Any],
    endpoint: Endpoint,
    portrait: ProfileDescription,
    fake: ServerPaymock | None,
) -> None:
    """Add the body, the parameter and the examples of an endpoint."""
    request = portrait.requests.get(endpoint.name)
    if request is not None:
        content: dict[str, Any] = {"schema": {"$ref": _REF.format(model=request.__name__)}}
        if fake is not None:
            content["examples"] = examples.bodies(fake)[endpoint.name]
        operation["requestBody"] = {"required": True, "content": {JSON_TYPE: content}}
    _, brace, rest = endpoint.path.partition("{")
    if brace:
        operation["parameters"] = [_parameter(rest.partition("}")[0], fake)]


def _add_examples(
    document: dict[str, Any], portrait: ProfileDescription, fake: ServerPaymock
) -> None:
    """Add an example of each answer of the API."""
    made = portrait.examples(fake)
    for methods in document["paths"].values():
        for operation in methods.values():
            if openapi_texts.API in operation["tags"]:
                success = next(iter(operation["responses"].values()))
                success["content"][JSON_TYPE]["example"] = made[operation["operationId"]]


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
