"""Users' own respx routers beside the fake: who answers."""

from collections.abc import Callable
from typing import Any

import httpx
from respx.mocks import HTTPCoreMocker, HTTPXMocker
from respx.models import AllMockedAssertionError, PassThrough


def is_active() -> bool:
    """Say whether a user's router decides about requests on their way to the network."""
    return bool(HTTPCoreMocker.routers)


def claims(request: httpx.Request) -> bool:
    """Say whether a route that the user gave to a router answers a request."""
    return any(_has_route(router, request) for router in HTTPCoreMocker.routers)


def _has_route(router: Any, request: httpx.Request) -> bool:
    # The patterns are pure; ``Route.match`` would run side effects. A pass-through below our base
    # URL is not followed: it would send the payment to the network.
    return any(
        (not route.pattern or route.pattern.match(request)) and not route.is_pass_through
        for route in router.routes
    )


class Usher:
    """Stands before the routers that a user starts with ``respx.mock(using="httpx")``.

    Those are asked above our seam, and refuse what they have no route for. The usher lets what is
    ours pass on to us, and everything else on to them.

    Args:
        is_ours: says whether a request lies under the base URL of an active fake.
    """

    def __init__(self, is_ours: Callable[[httpx.Request], bool]) -> None:
        self._is_ours = is_ours
        self.routes: tuple[Any, ...] = ()
        HTTPXMocker.routers.insert(0, self)  # type: ignore[arg-type]

    def leave(self) -> None:
        """Stand there no longer, and let respx clear up what it could not because of us."""
        HTTPXMocker.routers.remove(self)  # type: ignore[arg-type]
        HTTPXMocker.stop()

    def handler(self, request: httpx.Request) -> httpx.Response:
        """Answer nothing.

        Raises:
            PassThrough: for what is ours, or if no router is left behind us.
            AllMockedAssertionError: for what the next router has to decide.
        """
        others = [router for router in HTTPXMocker.routers if router is not self]  # type: ignore[comparison-overlap]
        claimed = any(_has_route(router, request) for router in others)
        if not others or (self._is_ours(request) and not claimed):
            raise PassThrough("paymock", request=request, origin=None)  # type: ignore[arg-type]
        raise AllMockedAssertionError(f"paymock leaves {request!r} to the next router")

    async def async_handler(self, request: httpx.Request) -> httpx.Response:
        """Answer nothing; see :meth:`handler`."""
        return self.handler(request)
