"""Every client library, and what it shows of one exchange, error or answer, in comparable form."""

import asyncio
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from types import ModuleType
from typing import Any

import httpx
import httpx2
import requests
import trio

PIECE = 16

LONG, SHORT = 60, 0.05
"""Seconds that no test waits, and those that a real client waits for what never comes."""


@dataclass
class Seen:
    """What a client saw: how far it came, what it read, and how that ended."""

    status: int | None = None
    reason: str | None = None
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    history: list[Any] | None = None
    error: BaseException | None = None

    @property
    def facts(self) -> dict[str, Any]:
        """Everything, in a form that two exchanges can be compared by."""
        return {**vars(self), "error": facts_of(self.error)}


def facts_of(error: BaseException | None, depth: int = 2) -> dict[str, Any] | None:
    """Return all that code can look at of an exception, and of what is behind it."""
    if error is None:
        return None
    facts: dict[str, Any] = {
        "type": f"{type(error).__module__}.{type(error).__qualname__}",
        "text": _plain(str(error)),
        "args": [_argument(value) for value in error.args],
        "request": _request_of(error),
        "response": getattr(error, "response", "none such"),
    }
    if depth:
        facts["cause"] = facts_of(error.__cause__, depth - 1)
        facts["context"] = facts_of(error.__context__, depth - 1)
        facts["suppressed"] = error.__suppress_context__
    return facts


def _argument(value: Any) -> Any:
    if isinstance(value, BaseException):
        return facts_of(value, 0)
    return type(value).__name__, _plain(repr(value))


def _plain(text: str) -> str:
    return re.sub(r"0x[0-9a-f]+", "0x...", text)


def _request_of(error: BaseException) -> Any:
    # The property of httpx raises where there is none.
    try:
        request = error.request  # type: ignore[attr-defined]
    except (AttributeError, RuntimeError) as problem:
        return type(problem).__name__
    return request and (request.method, str(request.url))


Exchange = Callable[..., Seen]
"""``exchange(method, url, body=..., timeout=..., stream=...)`` with one client library.

``timeout`` is what the library takes, or a pair for connect and read.
"""


def _sync(
    library: ModuleType,
    method: str,
    url: str,
    *,
    body: bytes | None = None,
    timeout: Any = LONG,
    stream: bool = False,
    **transport: Any,
) -> Seen:
    seen = Seen()
    with library.Client(transport=_transport(library.HTTPTransport, transport)) as client:
        request = client.build_request(method, url, content=body, timeout=_four(timeout))
        try:
            response = client.send(request, stream=stream)
            _note(seen, response, response.reason_phrase)
            for piece in response.iter_bytes(PIECE):
                seen.body += piece
        except Exception as error:  # noqa: BLE001 - that is what is looked at
            seen.error = error
    return seen


def _async(
    library: ModuleType,
    run: Callable[[Any], Seen],
    method: str,
    url: str,
    *,
    body: bytes | None = None,
    timeout: Any = LONG,
    stream: bool = False,
    **transport: Any,
) -> Seen:
    async def exchange() -> Seen:
        seen = Seen()
        chosen = _transport(library.AsyncHTTPTransport, transport)
        async with library.AsyncClient(transport=chosen) as client:
            request = client.build_request(method, url, content=body, timeout=_four(timeout))
            try:
                response = await client.send(request, stream=stream)
                _note(seen, response, response.reason_phrase)
                async for piece in response.aiter_bytes(PIECE):
                    seen.body += piece
            except Exception as error:  # noqa: BLE001 - that is what is looked at
                seen.error = error
        return seen

    return run(exchange)


def _four(timeout: Any) -> Any:
    """Return a pair for connect and read, as requests takes it, in the form of httpx."""
    return (*timeout, LONG, LONG) if isinstance(timeout, tuple) and len(timeout) == 2 else timeout


def _transport(kind: Any, options: dict[str, Any]) -> Any:
    return kind(verify=False, **options)


def _note(seen: Seen, response: Any, reason: str) -> None:
    seen.status, seen.reason = response.status_code, reason
    seen.headers = {name.lower(): value for name, value in response.headers.items()}


def _requests(
    method: str,
    url: str,
    *,
    body: bytes | None = None,
    timeout: Any = LONG,
    stream: bool = False,
    adapter: requests.adapters.HTTPAdapter | None = None,
) -> Seen:
    seen = Seen()
    with requests.Session() as session:
        if adapter is not None:
            session.mount("http://", adapter)
        try:
            response = session.request(method, url, data=body, timeout=timeout, stream=stream)
            _note(seen, response, response.reason)
            if adapter is not None:
                seen.history = _history_of(response.raw.retries)
            for piece in response.iter_content(PIECE):
                seen.body += piece
        except Exception as error:  # noqa: BLE001 - that is what is looked at
            seen.error = error
    return seen


def _history_of(retries: Any) -> list[Any]:
    """Return the attempts that an adapter made before the answer came."""
    return [(*entry[:2], facts_of(entry.error, 0), *entry[3:]) for entry in retries.history]


def _on_asyncio(work: Callable[[], Any]) -> Seen:
    return asyncio.run(work())


HTTPX_FAMILY: dict[str, Exchange] = {
    "httpx": partial(_sync, httpx),
    "httpx-asyncio": partial(_async, httpx, _on_asyncio),
    "httpx-trio": partial(_async, httpx, trio.run),
    "httpx2": partial(_sync, httpx2),
    "httpx2-asyncio": partial(_async, httpx2, _on_asyncio),
    "httpx2-trio": partial(_async, httpx2, trio.run),
}

CLIENTS: dict[str, Exchange] = {**HTTPX_FAMILY, "requests": _requests}
