"""Users' own ``responses`` mocks beside the fake: who answers.

``responses`` patches the method whose code we exchange, so it is asked first. While a fake is
active, a mock leaves to the fake what is the fake's and has no route of the user's.
"""

from copy import copy
from typing import Any

import responses
from requests import PreparedRequest
from requests.adapters import HTTPAdapter

from pytest_paymock._intercept.mocks.hook import Hook

MODULE = responses.__name__


def claims(mock: responses.RequestsMock, request: PreparedRequest, options: dict[str, Any]) -> bool:
    """Say whether a user's mock has a route of its own for a request, without serving it.

    A pass-through does not count below our base URL: it would send the payment to the network.
    """
    # What the mock itself does before it looks for a match.
    parsed: Any = request
    parsed.params = mock._parse_request_params(request.path_url)  # noqa: SLF001
    parsed.req_kwargs = options
    request.body = mock._read_filelike_body(request.body)  # noqa: SLF001
    # A registry drops what it has found, and an ordered one whatever is next in line.
    registry = copy(mock.get_registry())
    registry._responses = list(registry.registered)  # noqa: SLF001
    route, _ = registry.find(request)
    return route is not None and not route.passthrough


def hook(interceptor: Any) -> Hook:
    """Return the hook in ``responses``.

    Args:
        interceptor: that of requests.
    """

    def on_request(
        mock: responses.RequestsMock,
        adapter: HTTPAdapter,
        request: PreparedRequest,
        *,
        retries: Any = None,
        **options: Any,
    ) -> Any:
        __tracebackhide__ = True
        place = interceptor.place_of(request)
        if place is not None and not claims(mock, request, options):
            return interceptor.answer(place, adapter, request, options)
        return asking.original(mock, adapter, request, retries=retries, **options)

    asking = Hook(MODULE, "RequestsMock", "_on_request", on_request)
    return asking
