"""The mocks of requests-mock beside the fake: who answers.

A mocker of requests-mock gives each session an adapter of its own, above our seam. While a fake is
active, a request that is the fake's and that no matcher of the user answers is let through, to a
mocker around that one, and then to us.
"""

from collections.abc import Callable
from contextlib import suppress
from importlib import import_module
from typing import Any

from pytest_paymock._intercept.mocks.hook import Hook

_MODULE = "requests_mock"

requests_mock: Any = None
with suppress(ImportError):  # it is no dependency of ours
    requests_mock = import_module("requests_mock")

_PASSED = "_paymock_passed"
"""What a request carries that a mocker has let through: the histories in which it was noted."""


def has_passed(request: Any) -> bool:
    """Say, once, whether a mocker has let a request through on its way to the network."""
    return bool(vars(request).pop(_PASSED, ()))


def forget(request: Any) -> None:
    """Remove a request from the histories of mockers: it is the fake's, and no call of theirs."""
    for history in vars(request).pop(_PASSED, ()):
        places = [at for at, seen in enumerate(history) if seen._request is request]  # noqa: SLF001
        del history[places[-1]]


def hook(is_ours: Callable[[Any], bool]) -> Hook:
    """Return the hook in requests-mock.

    Args:
        is_ours: says whether a request lies under the base URL of an active fake.
    """

    def send(adapter: Any, request: Any, **options: Any) -> Any:
        __tracebackhide__ = True
        let_through = requests_mock.adapter._RunRealHTTP  # noqa: SLF001
        try:
            return sending.original(adapter, request, **options)
        except (requests_mock.NoMockAddress, let_through):
            # An adapter that the user has mounted alone, without a mocker, is left alone.
            if requests_mock.mocker._send_lock._is_owned():  # noqa: SLF001
                vars(request).setdefault(_PASSED, []).append(adapter.request_history)
                if is_ours(request):
                    raise let_through from None
            raise

    sending = Hook(_MODULE, "Adapter", "send", send)
    return sending
