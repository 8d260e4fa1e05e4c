"""The mocks of requests-mock beside the fake: who answers.

requests-mock gives each session an adapter of its own, above our seam. While a fake is active, a
request that is the fake's and that no matcher of the user answers comes to us.
"""

from collections.abc import Callable
from typing import Any

from pytest_paymock.intercept.patch import Patch

try:
    import requests_mock
except ImportError:  # it is no dependency of ours
    requests_mock = None  # type: ignore[assignment]


class Neighbour:
    """The hook in requests-mock while a fake is active; nothing where it is not installed.

    Args:
        is_ours: says whether a request lies under the base URL of an active fake.
        answer: answers such a request; takes request and the options of ``send``.
    """

    def __init__(self, is_ours: Callable[[Any], bool], answer: Callable[..., Any]) -> None:
        self._patch: Patch | None = None
        if requests_mock is not None:
            self._patch = Patch(requests_mock.Adapter, "send")
            self._patch.put(_answering_last(self._patch.below, is_ours, answer))

    def leave(self) -> None:
        """Take the hook away."""
        if self._patch is not None:
            self._patch.take()


def _answering_last(
    below: Callable[..., Any], is_ours: Callable[[Any], bool], answer: Callable[..., Any]
) -> Callable[..., Any]:
    def send(adapter: Any, request: Any, **options: Any) -> Any:
        __tracebackhide__ = True
        if not is_ours(request):
            return below(adapter, request, **options)
        try:
            return below(adapter, request, **options)
        except requests_mock.NoMockAddress as unmatched:
            # It was noted as a call of the user's mock, which it is not.
            adapter.request_history.remove(unmatched.request)
        return answer(request, **options)

    return send
