"""Interception of httpx2, where it is installed: the successor of httpx, with the same face."""

from contextlib import suppress
from importlib import import_module

from pytest_paymock.intercept import httpx_client
from pytest_paymock.intercept.httpx_family import Family


def _family() -> Family | None:
    with suppress(ImportError):  # it is no dependency of ours
        http, core = import_module("httpx2"), import_module("httpcore2")
        # After ``httpx2.alias_httpx()`` the two are one.
        if http is not httpx_client.FAMILY.http:
            return Family(http, core, mocked=False)
    return None


FAMILY = _family()
"""None where httpx2 is not installed, or is what ``import httpx`` gives."""
