"""Control of a fake from another process, under ``/_paymock/``: look, reset, script, move time.

It is no part of the faked API. A server answers here only where somebody asked for it, and only to
programs of this machine; where it does not, these paths are paths like any other.
"""

import sys
from collections.abc import Callable, Coroutine
from typing import Any, NamedTuple
from urllib.parse import parse_qs

from fastapi.routing import APIRoute
from pydantic import BaseModel, ValidationError
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Match
from starlette.types import Scope

from pytest_paymock._api import answers
from pytest_paymock._api import bodies as json_bodies
from pytest_paymock._api.http import JSON_TYPE
from pytest_paymock._api.schemas import faults_of
from pytest_paymock._card_numbers import quoted
from pytest_paymock.errors import UsageError
from pytest_paymock.server import access, bodies, openapi_texts
from pytest_paymock.server.answer_models import ErrorAnswer
from pytest_paymock.server.commands import ClockOrder, FaultOrder, OutcomeOrder
from pytest_paymock.server.fake import ServerPaymock
from pytest_paymock.server.serving import Serving
from pytest_paymock.server.state import clock_of, state_of

ROOT = "/_paymock"

_FAKE = "paymock"
"""Where in its scope a request of control has the fake."""

Act = Callable[[ServerPaymock, Any], dict[str, Any]]


class Control(NamedTuple):
    """One thing that control can do."""

    name: str
    method: str
    order: type[BaseModel] | None
    act: Act
    summary: str
    description: str
    example: Any = None

    @property
    def path(self) -> str:
        """Where it is done, whatever the base path of the API."""
        return f"{ROOT}/{self.name}"


def _reset(fake: ServerPaymock, _: object) -> dict[str, Any]:
    fake.reset()
    return {"counts": dict(fake.counts())}


def _outcomes(fake: ServerPaymock, order: OutcomeOrder) -> dict[str, Any]:
    if order.queue is not None:
        fake.outcomes.queue(*order.queue, optional=order.optional)
    elif order.when is not None:
        fake.outcomes.when(order.when.outcome, **order.when.conditions())
    else:
        fake.outcomes.always(order.always)
    return {"pending": fake.outcomes.pending}


def _faults(fake: ServerPaymock, order: FaultOrder) -> dict[str, Any]:
    how: dict[str, Any] = {"on": order.on}
    if order.queue is not None:
        values = [value.fault() for value in order.queue]
        fake.faults.queue(*values, optional=order.optional, **how)
    elif order.when is not None:
        fault = order.when.fault()
        fake.faults.when(fault, nth=order.nth, optional=order.optional, **how)
    elif order.clear:
        fake.faults.clear()
    else:
        fake.faults.always(None if order.always is None else order.always.fault(), **how)
    return {"pending": fake.faults.pending}


def _clock(fake: ServerPaymock, order: ClockOrder) -> dict[str, Any]:
    if order.move_to is not None:
        fake.clock.move_to(order.move_to)
    else:
        fake.clock.advance(order.step())
    return clock_of(fake)


_STATE = (
    "Counts, the clock, what is queued, and the newest 100 records of each kind; `?last=` asks for "
    "another number. No card data is in them."
)
_RESET = "Empties everything and restarts every counter. The clock stays where it is."
_OUTCOMES = "Just one of `queue`, `always` and `when`, as `paymock.outcomes` takes them in a test."
_FAULTS = (
    "Just one of `queue`, `always`, `when` and `clear`, as `paymock.faults` takes them in a test. "
    "A connection that was made cannot be refused."
)
_CLOCK = "Just one of `advance`, in seconds, and `move_to`. Time never goes backwards."

CONTROLS = (
    Control("state", "GET", None, state_of, "See what happened", _STATE),
    Control("reset", "POST", None, _reset, "Start again", _RESET),
    Control(
        *("outcomes", "POST", OutcomeOrder, _outcomes, "Say what becomes of payments", _OUTCOMES),
        example={"queue": ["card_declined", "success"]},
    ),
    Control(
        *("faults", "POST", FaultOrder, _faults, "Let things go wrong on the wire", _FAULTS),
        example={"queue": [{"name": "disconnect", "after_commit": True}], "on": "create_payment"},
    ),
    Control(
        *("clock", "POST", ClockOrder, _clock, "Move the clock on", _CLOCK),
        example={"advance": 90000},
    ),
)

ORDERS = tuple(control.order for control in CONTROLS if control.order is not None)
"""The models of the requests that have a body."""


def is_below(path: str) -> bool:
    """Say whether a path belongs to control, where there is control."""
    return path == ROOT or path.startswith(f"{ROOT}/")


def controlled(serving: Serving) -> ServerPaymock | None:
    """Return the fake that a server lets others control now, if it lets them."""
    return serving.fake if serving.fake is not None and serving.fake.control else None


def routes(serving: Serving) -> list[BaseRoute]:
    """Return the routes of control, which match only while it is on."""
    return [ControlRoute(serving, control) for control in CONTROLS]


_REFUSALS: dict[int | str, dict[str, Any]] = {
    status: {"model": ErrorAnswer, "description": openapi_texts.MEANINGS[status]}
    for status in (400, 403)
}


class ControlRoute(APIRoute):
    """One thing that control can do, as a route."""

    def __init__(self, serving: Serving, control: Control) -> None:
        self._serving = serving
        self._control = control
        super().__init__(
            control.path,
            _answered_elsewhere,
            methods=[control.method],
            name=control.name,
            operation_id=f"control_{control.name}",
            summary=control.summary,
            description=control.description,
            tags=[openapi_texts.CONTROL],
            response_model=dict[str, Any],
            response_description="Done",
            responses=_REFUSALS,
        )

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Match as long as control is on; another method is refused here and not by the API."""
        fake = controlled(self._serving)
        if fake is None:
            return Match.NONE, {}
        match, child_scope = super().matches(scope)
        return (Match.FULL if match is Match.PARTIAL else match), {**child_scope, _FAKE: fake}

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return what answers a request of this route."""
        return self._handle

    async def _handle(self, request: Request) -> Response:
        refused = access.refusal(request.scope)
        if refused is not None:
            return _json(403, answers.error(refused))
        try:
            order = await self._order(request)
            return _json(200, json_bodies.dump(self._control.act(request.scope[_FAKE], order)))
        except ValidationError as error:
            return _json(400, answers.error(faults_of(error)))
        except (UsageError, json_bodies.BodyError, bodies.RefusedBodyError) as error:
            return _json(400, answers.error(str(error)))
        except bodies.ClientGoneError:
            return _json(400, b"")

    async def _order(self, request: Request) -> Any:
        if self._control.order is None:
            return _last(request.scope)
        serving = self._serving
        sent = await bodies.read(
            request.scope, request.receive, serving.longest_body, serving.patience
        )
        json_bodies.parse(sent)
        return self._control.order.model_validate_json(sent)


def _last(scope: Scope) -> int:
    """Return how many records of a kind are asked for, the newest."""
    query = parse_qs(scope["query_string"].decode("latin-1"))
    text = query.get("last", ["100"])[-1]
    if not text.isdecimal():
        raise UsageError(f"last is a number of records, not {quoted(text)}")
    # No list is as long as that, and Python refuses numbers of many more digits.
    return int(text) if len(text) < len(str(sys.maxsize)) else sys.maxsize


def _json(status: int, body: bytes) -> Response:
    return Response(body, status, media_type=JSON_TYPE)


async def _answered_elsewhere() -> None:
    """Stand where FastAPI wants a function; ``ControlRoute`` never calls it."""
