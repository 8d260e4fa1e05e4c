"""Paths and methods that are none of the endpoints (spec section 1, and section 8 for deployed)."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import NamedTuple
from urllib.parse import quote, unquote

from pytest_paymock._api import answers, bodies
from pytest_paymock._api.endpoints import Endpoint, match_decoded
from pytest_paymock._api.http import Request, Response
from pytest_paymock._api.redact import masked_query


class RequestedPath(NamedTuple):
    """Where a request leads: the path, its endpoints by method, and the base URL above it."""

    path: str
    by_method: Mapping[str, Endpoint]
    base_url: str


def documented(request: Request, place: RequestedPath, _: datetime) -> Response:
    """Return the answer to a path that is not documented, or has another method."""
    return _refused(request.method, place.by_method)


def _refused(method: str, allowed: Mapping[str, object]) -> Response:
    status, words = (405, "Method Not Allowed") if allowed else (404, "Not Found")
    # An answer to HEAD has no body on any wire.
    body = b"" if method == "HEAD" else answers.error(words)
    more = (("allow", ", ".join(allowed)),) if allowed else ()
    return Response(status, body, more)


# -- deployed ---------------------------------------------------------------------------------


def deployed(request: Request, place: RequestedPath, now: datetime) -> Response:
    """Return what stands there, where another slash at the end leads, or the refusal."""
    path = unquote(place.path)
    page = _page(path)
    if page is not None:
        if request.method == "GET":
            return Response(200, page(now))
        return _refused(request.method, {"GET": page})
    if not place.by_method:
        # The path that is decoded is the one that is led elsewhere, and encoded again.
        target = _other_slash(path)
        if _page(target) or match_decoded(quote(target))[0]:
            query = f"?{masked_query(request.query)}" if request.query else ""
            location = quote(f"{place.base_url}{target}{query}", safe=_KEPT)
            return Response(307, b"", (("location", location),))
    return _refused(request.method, place.by_method)


_KEPT = ":/%#?=@[]!$&'()*+,;"
"""What Starlette does not encode in the target of a redirect."""


def _page(path: str) -> Callable[[datetime], bytes] | None:
    return _PAGES.get(path) or _PAGES.get(path.removesuffix("\n"))


def _other_slash(path: str) -> str:
    """Return a path without the slashes at its end, or with one where it had none."""
    return path.rstrip("/") if path.endswith("/") else f"{path}/"


_ROOT = bodies.dump(
    {
        "service": "Payment Mock API",
        "version": "1.0.0",
        "status": "running",
        "endpoints": {
            "tokenize": "/api/v1/tokenize",
            "process_payment": "/api/v1/payments",
            "get_transaction": "/api/v1/transactions/{transaction_id}",
            "refund": "/api/v1/transactions/{transaction_id}/refund",
            "docs": "/docs",
        },
    }
)


def _root(_: datetime) -> bytes:
    return _ROOT


def _health(now: datetime) -> bytes:
    return bodies.dump({"status": "healthy", "timestamp": now.isoformat()})


_PAGES: dict[str, Callable[[datetime], bytes]] = {"/": _root, "/health": _health}
