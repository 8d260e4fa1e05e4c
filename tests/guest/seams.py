"""Every name that the fake or a neighbour patches, to see that each is the same as before."""

import _socket
import socket
import ssl
from types import FunctionType
from typing import Any

import httpcore
import httpcore2
import httpx
import httpx2
import pytest_httpx
import requests
import requests_mock
import responses
import urllib3
import vcr.cassette
import vcr.stubs.httpx_stubs
from requests.adapters import HTTPAdapter
from respx.mocks import Mocker

# As it is bound at the start: pytest-socket puts a subclass in its place.
SOCKET = socket.socket

CLASSES = (
    *(httpx.HTTPTransport, httpx.AsyncHTTPTransport, httpx.MockTransport, httpx.ASGITransport),
    *(httpx.Client, httpx.AsyncClient),
    *(httpx2.HTTPTransport, httpx2.AsyncHTTPTransport, httpx2.MockTransport, httpx2.ASGITransport),
    *(httpx2.Client, httpx2.AsyncClient),
    *(httpcore.ConnectionPool, httpcore.AsyncConnectionPool, httpcore.HTTPConnection),
    *(httpcore2.ConnectionPool, httpcore2.AsyncConnectionPool, httpcore2.HTTPConnection),
    *(HTTPAdapter, requests.Session),
    *(responses.RequestsMock, requests_mock.Adapter, requests_mock.Mocker),
    pytest_httpx.HTTPXMock,
    *(vcr.cassette.Cassette, vcr.cassette.CassetteContextDecorator),
    *(urllib3.HTTPConnectionPool, urllib3.HTTPSConnectionPool),
    *(SOCKET, ssl.SSLContext),
)

MODULES = (responses, vcr.stubs.httpx_stubs, socket, _socket)

CONTEXTS = (
    *(httpx._transports.default, httpx._config),
    *(httpx2._transports.default, httpx2._config),
)

Seams = dict[str, object]


def seams() -> Seams:
    """Return what stands at every seam now."""
    found: Seams = {}
    for owner in (*CLASSES, *MODULES):
        found |= {f"{_full(owner)}.{name}": value for name, value in vars(owner).items()}
        found |= {
            f"{_full(owner)}.{name} code": value.__code__
            for name, value in vars(owner).items()
            if type(value) is FunctionType
        }
    # pytest-socket leaves the inherited one behind, in its own name.
    if found.get("socket.socket.connect") is _socket.socket.connect:
        del found["socket.socket.connect"]
    for module in CONTEXTS:
        found[f"{module.__name__}.create_ssl_context"] = module.create_ssl_context
    for mocker in Mocker.registry.values():
        found[f"{mocker.name}.routers"] = mocker.routers
        found |= {f"{mocker.name} router {id(router)}": router for router in mocker.routers}
        found |= {f"{mocker.name} patch {id(patch)}": patch for patch in mocker._patches}
    return found


def _full(owner: Any) -> str:
    return f"{owner.__module__}.{owner.__name__}" if isinstance(owner, type) else owner.__name__


def moved(before: Seams, now: Seams | None = None) -> list[str]:
    """Return the names that are not the same objects as before."""
    missing: Any = object()
    after = seams() if now is None else now
    names = {**before, **after}
    left = [name for name in names if before.get(name, missing) is not after.get(name, missing)]
    # Another function has other code, too.
    return [name for name in left if name.removesuffix(" code") not in left or " code" not in name]


def put_back(before: Seams) -> None:
    """Put everything back, so that a test that leaves something does not spoil the next."""
    for owner in (*CLASSES, *MODULES):
        prefix = f"{_full(owner)}."
        was = {
            name.removeprefix(prefix): value
            for name, value in before.items()
            if name.startswith(prefix) and not name.endswith(" code")
        }
        for name in [*vars(owner)]:
            if name not in was:
                delattr(owner, name)
            elif vars(owner)[name] is not was[name]:
                setattr(owner, name, was[name])
            code: Any = before.get(f"{prefix}{name} code")
            if code is not None:
                was[name].__code__ = code
    for mocker in Mocker.registry.values():
        mocker.routers.clear()
        mocker.stop()
