"""The client libraries that a fake answers, and what switches all of them on and off."""

from contextlib import suppress
from importlib import import_module
from typing import Any

import httpcore
import httpx

from pytest_paymock._intercept import requests, sockets
from pytest_paymock._intercept.httpx import HttpxLibrary
from pytest_paymock._intercept.interceptor import Interceptor
from pytest_paymock._intercept.mocks import vcr
from pytest_paymock._intercept.mount import Mount


def _httpx2() -> list[HttpxLibrary]:
    """Return httpx2, the successor of httpx with the same face, where it is installed."""
    with suppress(ImportError):  # it is no dependency of ours
        http, core = import_module("httpx2"), import_module("httpcore2")
        if http is not httpx:  # after ``httpx2.alias_httpx()`` the two are one
            return [HttpxLibrary(http, core, mocked=False)]
    return []


LIBRARIES = (HttpxLibrary(httpx, httpcore, mocked=True), *_httpx2())


def _interceptor_of(transport: Any) -> Any:
    """Return the active interceptor of a transport of httpx or httpx2, None for any other."""
    for library in LIBRARIES:
        if isinstance(transport, library.transports):
            return library.interceptor.active
    return None


_INTERCEPTORS: tuple[Interceptor, ...] = (
    sockets.SocketGuard(),
    *vcr.interceptors(_interceptor_of),
    *(library.interceptor for library in LIBRARIES),
    requests.RequestsInterceptor(),
)


def activate(mount: Mount) -> None:
    """Let a fake answer every client library that is installed."""
    for interceptor in _INTERCEPTORS:
        interceptor.tidy()
        interceptor.admit(mount)


def deactivate(mount: Mount) -> None:
    """Let a fake answer no longer. Harmless where it does not, or was interrupted at its start."""
    for interceptor in reversed(_INTERCEPTORS):
        interceptor.dismiss(mount)


def tidy() -> None:
    """Take away what other mocks covered at the end of a fake, and do not cover any more.

    To be called when all other mocks of a test have been stopped.
    """
    for interceptor in _INTERCEPTORS:
        interceptor.tidy()
