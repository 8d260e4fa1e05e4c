"""The client libraries that a fake answers, and what switches all of them on and off."""

from collections.abc import Callable
from contextlib import suppress
from importlib import import_module
from typing import Any

import httpcore
import httpx

from pytest_paymock._intercept import requests, sockets
from pytest_paymock._intercept.httpx import HttpxLibrary
from pytest_paymock._intercept.interceptor import LOCK, Interceptor
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


def _httpx_interceptors() -> list[Any]:
    active = (library.own_interceptor.active for library in LIBRARIES)
    return [interceptor for interceptor in active if interceptor is not None]


_INTERCEPTORS: tuple[Interceptor, ...] = (
    sockets.SocketGuard(),
    *vcr.interceptors(_httpx_interceptors),
    *(library.own_interceptor for library in LIBRARIES),
    requests.RequestsInterceptor(),
)
"""In the order of their start, and all of them end the other way round: vcrpy's looks whether those
of httpx and httpx2 have gone."""


def activate(mount: Mount) -> list[Callable[[], None]]:
    """Let a fake answer every client library that is installed.

    Returns:
        what takes it away again, to be called in reverse order.
    """
    settle()
    return [interceptor.admit(mount) for interceptor in _INTERCEPTORS]


def settle() -> None:
    """Take away what other mocks covered at the end of a fake, and do not cover any more.

    To be called when all other mocks of a test have been stopped.
    """
    with LOCK:
        for interceptor in reversed(_INTERCEPTORS):
            active = interceptor.active
            if active is not None:
                active.settle()
            interceptor.clear_up()
