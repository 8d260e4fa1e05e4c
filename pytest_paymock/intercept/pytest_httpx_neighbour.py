"""The ``httpx_mock`` fixture of pytest-httpx beside the fake: who answers.

pytest-httpx patches the same method as we do. Where its patch lies below ours, we ask it first.
Where it lies above, it asks its own option ``should_mock`` whether a request is for it; the plugin
gives that option to tests which use both (:func:`should_mock`).
"""

import inspect
from collections.abc import Callable
from typing import Any


def mock_behind(handler: Any) -> Any | None:
    """Return the ``HTTPXMock`` to which a patched ``handle_request`` belongs, if it is one's."""
    if getattr(handler, "__module__", None) != "pytest_httpx":
        return None
    return inspect.getclosurevars(handler).nonlocals.get("mock")


def claims(mock: Any, request: Any) -> bool:
    """Say whether the user gave the mock a response for a request, without serving it."""
    return any(
        matcher.match(None, request) and (matcher.is_reusable or not matcher.nb_calls)
        for matcher, _ in mock._callbacks  # noqa: SLF001
    )


def should_mock(
    is_ours: Callable[[Any], bool],
    find_mock: Callable[[], Any | None],
    also: Callable[[Any], bool],
) -> Callable[[Any], bool]:
    """Return an option ``should_mock`` that leaves to the fake what is the fake's.

    Args:
        is_ours: says whether a request lies under the base URL of an active fake.
        find_mock: returns the fixture's value, once there is one.
        also: the user's own option.
    """

    def decide(request: Any) -> bool:
        if not also(request):
            return False
        mock = find_mock()
        return not is_ours(request) or (mock is not None and claims(mock, request))

    return decide
