"""The ``httpx_mock`` fixture of pytest-httpx beside the fake: who answers.

pytest-httpx patches the methods whose code we exchange, so it is asked first. While a fake is
active, it leaves to the fake what is the fake's and has no response of the user's.
"""

from typing import Any

from pytest_paymock._intercept.mocks.hook import Hook

MODULE = "pytest_httpx"


def claims(mock: Any, transport: Any, request: Any) -> bool:
    """Say whether the user gave the mock a response for a request, without serving it.

    Args:
        mock: the ``HTTPXMock``, which is asked only where the user's ``should_mock`` lets it.
        transport: whose request it is.
        request: its body has been read.
    """
    found = [
        matcher
        for matcher, _ in mock._callbacks  # noqa: SLF001
        if matcher.match(transport, request)
    ]
    # The next one that was not called yet, or the last one again.
    return any(not matcher.nb_calls for matcher in found) or (bool(found) and found[-1].is_reusable)


def hooks(interceptor: Any) -> tuple[Hook, Hook]:
    """Return the hooks in pytest-httpx.

    Args:
        interceptor: that of httpx.
    """

    def handle(mock: Any, *args: Any) -> Any:
        __tracebackhide__ = True
        *_, transport, request = args
        if interceptor.is_ours(request):
            request.read()
            if not claims(mock, transport, request):
                return interceptor.handle(transport, request)
        return sync.original(mock, *args)

    async def handle_async(mock: Any, *args: Any) -> Any:
        __tracebackhide__ = True
        *_, transport, request = args
        if interceptor.is_ours(request):
            await request.aread()
            if not claims(mock, transport, request):
                return await interceptor.handle_async(transport, request)
        return await asynchronous.original(mock, *args)

    sync = Hook(MODULE, "HTTPXMock", "_handle_request", handle)
    asynchronous = Hook(MODULE, "HTTPXMock", "_handle_async_request", handle_async)
    return sync, asynchronous
