"""Users' own respx routers beside the fake: who answers."""

import inspect
from collections.abc import Callable
from typing import Any

import httpx
from respx.mocks import HTTPCoreMocker, HTTPXMocker
from respx.models import AllMockedAssertionError, PassThrough

_MODULE = "respx.mocks"


def unmocked(method: Any) -> Any:
    """Return what a method of httpcore is without a router that decides about its requests."""
    if getattr(method, "__module__", None) != _MODULE:
        return method
    return inspect.getclosurevars(method).nonlocals["spec"]


def is_active() -> bool:
    """Say whether a user's router decides about requests on their way to the network."""
    return bool(HTTPCoreMocker.routers or _users(HTTPXMocker.routers))


def _users(routers: list[Any]) -> list[Any]:
    return [router for router in routers if not getattr(router, "is_bypass", False)]


def claims(request: httpx.Request) -> bool:
    """Say whether a route that the user gave to a router answers a request."""
    routers = HTTPCoreMocker.routers
    return _claimed_by(routers, request) if routers else False


def _claimed_by(routers: list[Any], request: httpx.Request) -> bool:
    """Say whether the route that respx would take is one that answers.

    The patterns are pure; ``Route.match`` would run side effects. A pass-through below our base URL
    is not followed: it would send the payment to the network.
    """
    for router in routers:
        for route in router.routes:
            if not route.pattern or route.pattern.match(request):
                return not route.is_pass_through
        if not router._assert_all_mocked:  # noqa: SLF001 - it says 200 to all that is left
            return False
    return False


class RespxBypass:
    """Stands before the routers that a user starts with ``respx.mock(using="httpx")``.

    Those are asked above our seam, and refuse what they have no route for. The bypass lets what is
    ours pass on to us, and everything else on to them.

    Args:
        is_ours: says whether a request lies under the base URL of an active fake.
    """

    is_bypass = True

    def __init__(self, is_ours: Callable[[httpx.Request], bool]) -> None:
        self._is_ours = is_ours

    def put(self) -> None:
        """Begin to stand there, unless it does."""
        routers: list[Any] = HTTPXMocker.routers
        if self not in routers:
            routers.insert(0, self)

    def take(self) -> None:
        """Stand there no longer, and let respx clear up what it could not because of us."""
        routers: list[Any] = HTTPXMocker.routers
        if self in routers:
            routers.remove(self)
            HTTPXMocker.stop()

    def tidy(self) -> None:
        """Do nothing: nothing can cover it."""

    def handler(self, request: httpx.Request) -> httpx.Response:
        """Answer nothing.

        Raises:
            PassThrough: for what is ours, or if no router is left behind us.
            AllMockedAssertionError: for what the next router has to decide.
        """
        others = _users(HTTPXMocker.routers)
        if not others or (self._is_ours(request) and not _claimed_by(others, request)):
            raise PassThrough("paymock", request=request, origin=None)  # type: ignore[arg-type]
        raise AllMockedAssertionError(f"paymock leaves {request!r} to the next router")

    async def async_handler(self, request: httpx.Request) -> httpx.Response:
        """Answer nothing; see :meth:`handler`."""
        return self.handler(request)
