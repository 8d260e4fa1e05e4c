"""Interception of httpx2, where it is installed: the successor of httpx, with the same face."""

from importlib.util import find_spec

from pytest_paymock.intercept import httpx_client
from pytest_paymock.intercept.httpx_family import Family


def _family() -> Family | None:
    # Not at the top: it is no dependency of ours.
    if find_spec("httpx2") is None:
        return None
    import httpcore2  # noqa: PLC0415 - see above
    import httpx2  # noqa: PLC0415

    if httpx_client.FAMILY.http is httpx2:
        return None  # ``httpx2.alias_httpx()`` was called: the two are one
    return Family(httpx2, httpcore2, mocked=False)


FAMILY = _family()
"""None where httpx2 is not installed, or is what ``import httpx`` gives."""
