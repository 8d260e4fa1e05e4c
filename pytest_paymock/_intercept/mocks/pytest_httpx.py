"""The ``httpx_mock`` fixture of pytest-httpx beside the fake: who answers.

pytest-httpx patches the same method as we do. Where its patch lies below ours, we ask it first.
Where it lies above, it takes every request; while a fake is active, it is asked to leave to the
fake what is the fake's.
"""

import inspect
import sys
from collections.abc import Callable
from functools import partial
from typing import Any

from pytest_paymock._intercept.method_patch import AttributePatch, take_all

_MODULE = "pytest_httpx"


def mock_behind(handler: Any) -> Any | None:
    """Return the ``HTTPXMock`` to which a patched ``handle_request`` belongs, if it is one's."""
    return _nonlocals(handler).get("mock")


def below(handler: Any) -> Any | None:
    """Return what a fixture's patch of ``handle_request`` or its twin replaced, if it is one's."""
    known = _nonlocals(handler)
    return known.get("real_handle_request") or known.get("real_handle_async_request")


def _nonlocals(handler: Any) -> Any:
    if getattr(handler, "__module__", None) != _MODULE:
        return {}
    return inspect.getclosurevars(handler).nonlocals


def claims(mock: Any, transport: Any, request: Any) -> bool:
    """Say whether the user gave the mock a response for a request, without serving it.

    Args:
        mock: the ``HTTPXMock``.
        transport: whose request it is.
        request: its body has been read.
    """
    if not mock._options.should_mock(request):  # noqa: SLF001
        return False
    found = [
        matcher
        for matcher, _ in mock._callbacks  # noqa: SLF001
        if matcher.match(transport, request)
    ]
    # The next one that was not called yet, or the last one again.
    return any(not matcher.nb_calls for matcher in found) or (bool(found) and found[-1].is_reusable)


class PytestHttpxAdapter:
    """The hooks in pytest-httpx while a fake is active; nothing where it is not in use.

    Args:
        interceptor: the interceptor of httpx.
    """

    def __init__(self, interceptor: Any) -> None:
        self._interceptor = interceptor
        self._module: Any = None
        self._patches: tuple[AttributePatch, ...] = ()

    def put(self) -> None:
        """Put the hooks in place, unless they are."""
        module = sys.modules.get(_MODULE)
        if module is not self._module:
            self._module = module
            self._patches = () if module is None else _patches_of(module, self._interceptor)
        for patch in self._patches:
            patch.put()

    def take(self) -> list[AttributePatch]:
        """Take the hooks away, and return those that are covered."""
        return take_all(self._patches)


def _patches_of(module: Any, interceptor: Any) -> tuple[AttributePatch, ...]:
    mock = module.HTTPXMock
    return (
        AttributePatch(mock, "_handle_request", partial(_leaving_ours, interceptor=interceptor)),
        AttributePatch(
            mock, "_handle_async_request", partial(_leaving_ours_async, interceptor=interceptor)
        ),
    )


def _leaving_ours(below: Callable[..., Any], interceptor: Any) -> Callable[..., Any]:
    def _handle_request(mock: Any, transport: Any, request: Any) -> Any:
        __tracebackhide__ = True
        if interceptor.is_ours(request):
            request.read()
            if not claims(mock, transport, request):
                return interceptor.handler(interceptor.library.genuine)(transport, request)
        return below(mock, transport, request)

    return _handle_request


def _leaving_ours_async(below: Callable[..., Any], interceptor: Any) -> Callable[..., Any]:
    async def _handle_async_request(mock: Any, transport: Any, request: Any) -> Any:
        __tracebackhide__ = True
        if interceptor.is_ours(request):
            await request.aread()
            if not claims(mock, transport, request):
                answer = interceptor.async_handler(interceptor.library.genuine_async)
                return await answer(transport, request)
        return await below(mock, transport, request)

    return _handle_async_request
