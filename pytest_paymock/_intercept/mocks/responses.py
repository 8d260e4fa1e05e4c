"""Users' own ``responses`` mocks beside the fake: who answers, and nothing left behind.

In ``responses`` the mock that was started last answers alone, and one that is stopped puts back
what it found when it was started. So while a fake is active, every mock is asked first whether the
user gave it a route for a request under the base URL, and every stop is followed by a look at what
it put back.
"""

import inspect
from collections.abc import Callable
from copy import copy
from functools import partial
from typing import Any

import responses
from requests import PreparedRequest
from requests.adapters import HTTPAdapter

from pytest_paymock._intercept.method_patch import AttributePatch, take_all


def mock_behind(send: Any) -> responses.RequestsMock | None:
    """Return the mock to which a patched ``HTTPAdapter.send`` belongs, if it is one's."""
    if getattr(send, "__module__", None) != responses.__name__:
        return None
    owner = inspect.getclosurevars(send).nonlocals.get("self")
    return owner if isinstance(owner, responses.RequestsMock) else None


def is_stopped(mock: responses.RequestsMock | None) -> bool:
    """Say whether a mock was started and is stopped by now."""
    return mock is not None and mock._patcher is None  # noqa: SLF001


def unpatched(send: Any) -> Any:
    """Return what ``HTTPAdapter.send`` is without the mocks that are active."""
    mock = mock_behind(send)
    if mock is None:
        return send
    patcher: Any = mock._patcher  # noqa: SLF001
    return responses._real_send if patcher is None else unpatched(patcher.temp_original)  # noqa: SLF001


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


class ResponsesAdapter:
    """The hooks in ``responses`` while a fake is active.

    Args:
        interceptor: the interceptor of requests.
    """

    def __init__(self, interceptor: Any) -> None:
        settling = partial(_followed_by, after=interceptor.settle)
        self._patches = (
            AttributePatch(
                responses.RequestsMock,
                "_on_request",
                partial(_asking_first, interceptor=interceptor),
            ),
            AttributePatch(responses.RequestsMock, "stop", settling),
            # It is a method that was bound when the module was made.
            AttributePatch(responses, "stop", settling),
        )

    def put(self) -> None:
        """Put the hooks in place, unless they are."""
        for patch in self._patches:
            patch.put()

    def take(self) -> list[AttributePatch]:
        """Take the hooks away, and return those that are covered."""
        return take_all(self._patches)


def _asking_first(below: Callable[..., Any], interceptor: Any) -> Callable[..., Any]:
    def _on_request(
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
        return below(mock, adapter, request, retries=retries, **options)

    return _on_request


def _followed_by(below: Callable[..., Any], after: Callable[[], None]) -> Callable[..., Any]:
    def stop(*args: Any, **options: Any) -> Any:
        try:
            return below(*args, **options)
        finally:
            after()

    return stop
