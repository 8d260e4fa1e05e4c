"""``paymock.routes``: the endpoints as respx routes, to look at with the tools people know."""

import re
from typing import Any, NoReturn

import httpx
from respx.models import CallList, Route, RouteList

from pytest_paymock._api.endpoints import ENDPOINTS
from pytest_paymock._card_numbers import quoted
from pytest_paymock._records.ledger import CallRecords
from pytest_paymock._records.records import CallRecord
from pytest_paymock.errors import UnknownKeyError, UsageError, is_for_caller

__tracebackhide__ = is_for_caller

FALLBACK = "fallback"
"""The route of every request below the base URL that is none of the documented endpoints."""


class EndpointRoute(Route):
    """One endpoint as a respx route: ``called``, ``call_count`` and ``calls`` of any client.

    The requests in ``calls`` are made anew from the records at each look, with card data masked:
    native objects that were kept would hold it, and slow a long run down.
    """

    def __init__(self, name: str, calls: CallRecords, base_url: str, **lookups: Any) -> None:
        self._records = calls
        self._base_url = base_url
        super().__init__(**lookups)
        self._name = name

    @property
    def calls(self) -> CallList:
        """The exchanges with this endpoint so far."""
        name = None if self._name == FALLBACK else self._name
        listed = CallList(name=self)
        for call in self._records.where(endpoint=name):
            request = _request(call, self._base_url)
            listed.record(request, _response(call, request))
        return listed

    @calls.setter
    def calls(self, _: CallList) -> None:
        """Respx sets an empty list when it makes a route; ours is read from the records."""

    def mock(self, *_: Any, **__: Any) -> NoReturn:
        """Refuse: the fake answers, whichever client asks.

        Raises:
            UsageError: always; the message says what to do instead.
        """
        raise UsageError(
            "the routes of paymock are there to look at; script payments with paymock.outcomes, "
            "or add a route for the same URL to a respx router of your own, which comes first"
        )

    respond = pass_through = __call__ = __mod__ = mock


def _request(call: CallRecord, base_url: str) -> httpx.Request:
    return httpx.Request(call.method, base_url + call.path, content=call.request_body)


def _response(call: CallRecord, request: httpx.Request) -> httpx.Response | None:
    if call.status_code is None:
        return None
    return httpx.Response(call.status_code, content=call.response_body, request=request)


class EndpointRoutes(RouteList):
    """One named route an endpoint, and ``fallback`` for all else below the base URL."""

    def __init__(self, calls: CallRecords, base_url: str) -> None:
        super().__init__()
        for endpoint in ENDPOINTS:
            pattern = f"^{re.escape(base_url)}{endpoint.shape.replace('{}', '[^/]+')}$"
            route = EndpointRoute(
                endpoint.name, calls, base_url, method=endpoint.method, url__regex=pattern
            )
            self.add(route, name=endpoint.name)
        fallback = EndpointRoute(FALLBACK, calls, base_url, url__startswith=base_url)
        self.add(fallback, name=FALLBACK)

    def __getitem__(self, key: int | str) -> Route:
        """Return the route of an endpoint, by its name.

        Raises:
            UnknownKeyError: for what is no route; the message lists those that there are.
        """
        try:
            return super().__getitem__(key)
        except (LookupError, TypeError):
            names = ", ".join(str(route.name) for route in self)
            raise UnknownKeyError(
                f"there is no route {quoted(key)}; the routes are {names}"
            ) from None
