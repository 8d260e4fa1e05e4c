"""The FastAPI application: the endpoints of the table, the pages about them, and control."""

from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import FastAPI
from fastapi.routing import APIRoute
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Match
from starlette.types import ASGIApp, Receive, Scope, Send

from pytest_paymock import __version__
from pytest_paymock._api.endpoints import ENDPOINTS
from pytest_paymock.server import control, openapi_texts, pages
from pytest_paymock.server.answering import answer
from pytest_paymock.server.description import describe
from pytest_paymock.server.fake import ServerPaymock
from pytest_paymock.server.serving import Serving


class Application(FastAPI):
    """A server's application; ``app.state.serving`` is what it serves."""

    def __init__(self, serving: Serving) -> None:
        super().__init__(
            title=openapi_texts.API,
            version=__version__,
            openapi_url=f"{serving.prefix}/openapi.json",
            docs_url=None,
            redoc_url=None,
            redirect_slashes=False,
        )
        self.state.serving = serving
        self.add_middleware(ApiCors, serving=serving)
        pages.add(self, serving.prefix)
        for route in control.routes(serving):
            self.router.routes.append(route)
        for endpoint in ENDPOINTS:
            self.router.add_api_route(
                serving.prefix + endpoint.path,
                _described_elsewhere,
                route_class_override=EndpointRoute,
                methods=[endpoint.method],
                name=endpoint.name,
            )
        self.router.routes.append(Elsewhere())

    def openapi(self) -> dict[str, Any]:
        """Return the description of the API, with examples that work now.

        It is made again each time: a card of an example is good by the clock of the fake, control
        is described where it is answered, and each profile as it is.
        """
        return describe(self)


class EndpointRoute(APIRoute):
    """A documented endpoint: the request goes to the fake as it came.

    What is said of it is made in ``description.py``, as it differs by profile. FastAPI's own
    validation would answer in words of its own, so it never sees a request.
    """

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return what answers a request of this route."""

        async def handle(_: Request) -> Response:
            return Conversation()

        return handle


class Conversation(Response):
    """What the fake answers, or what a fault makes of it, straight onto the connection."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the fake answer."""
        await answer(scope["app"].state.serving, scope, receive, send)


class Elsewhere(BaseRoute):
    """Every other path and method: those too are for the fake to answer."""

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Match every HTTP request."""
        return (Match.FULL if scope["type"] == "http" else Match.NONE), {}

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the fake answer."""
        await answer(scope["app"].state.serving, scope, receive, send)


class ApiCors(CORSMiddleware):
    """Lets the pages of any origin call the API, as the documented service does; not control.

    Clients that are no page get the bytes that every other client of the fake gets. The deployed
    service lets pages send cookies, too (spec section 8).
    """

    def __init__(self, app: ASGIApp, serving: Serving) -> None:
        self._serving = serving
        every = ["*"]
        super().__init__(app, allow_origins=every, allow_methods=every, allow_headers=every)
        self._deployed = CORSMiddleware(
            app,
            allow_origins=every,
            allow_methods=every,
            allow_headers=every,
            allow_credentials=True,
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Add what a browser asks for, if one asks."""
        of_page = any(name == b"origin" for name, _ in scope.get("headers", ()))
        fake = self._serving.fake
        if not of_page or control.is_below(scope["path"]):
            await self.app(scope, receive, send)
        elif fake is not None and fake.settings.profile == "deployed":
            await self._deployed(scope, receive, send)
        else:
            await super().__call__(scope, receive, send)


async def _described_elsewhere() -> None:
    """Stand where FastAPI wants a function; ``EndpointRoute`` never calls it."""


class Unattended:
    """The host of an application that some other server runs."""

    url = "http://localhost:8000"

    def __init__(self, serving: Serving) -> None:
        self._serving = serving

    def admit(self, fake: ServerPaymock) -> Callable[[], None]:
        """Let a fake answer, for good."""
        self._serving.fake = fake
        return lambda: None

    def hang_up(self) -> None:
        """Do nothing: the connections are the other server's."""


def default_application() -> Application:
    """Return an application with a fake of the default options, for ``uvicorn`` to run."""
    serving = Serving()
    ServerPaymock(Unattended(serving)).start()
    return Application(serving)
