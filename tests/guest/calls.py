"""Calls through every client library, and what became of them in words that can be compared."""

import asyncio
import json
import re
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any, NamedTuple

import httpx
import httpx2
import requests
import trio

Call = Callable[..., Any]
"""Takes method, URL and, as ``json``, a body."""


class Outcome(NamedTuple):
    """What became of a call: an answer, or the type and the text of an exception."""

    kind: str
    text: str


def outcome(call: Callable[[], Any]) -> Outcome:
    """Make a call, and tell what became of it."""
    try:
        answer = call()
    except Exception as error:  # noqa: BLE001 - whatever it is, it is compared
        kind = type(error)
        text = re.sub(r"0x[0-9a-f]+", "0x", str(error))
        return Outcome(f"{kind.__module__}.{kind.__qualname__}", text)
    return Outcome(str(answer.status_code), answer.text)


def _in_loop(library: Any, run: Callable[[Callable[[], Awaitable[Any]]], Any]) -> Call:
    def call(method: str, url: str, **options: Any) -> Any:
        async def send() -> Any:
            async with library.AsyncClient(verify=False) as client:
                return await client.request(method, url, **options)

        return run(send)

    return call


def _on_asyncio(send: Any) -> Any:
    return asyncio.run(send())


# To read the certificate authorities takes longer than all the rest of these tests.
HTTPX: dict[str, Call] = {
    "httpx": partial(httpx.request, verify=False),
    "httpx-asyncio": _in_loop(httpx, _on_asyncio),
    "httpx-trio": _in_loop(httpx, trio.run),
}

HTTPX2: dict[str, Call] = {
    "httpx2": partial(httpx2.request, verify=False),
    "httpx2-asyncio": _in_loop(httpx2, _on_asyncio),
    "httpx2-trio": _in_loop(httpx2, trio.run),
}

REQUESTS: dict[str, Call] = {"requests": requests.request}

CALLS = {**HTTPX, **HTTPX2, **REQUESTS}
"""Every way to send a request, by the name that stands in the ids of the tests."""


def streamed(document: Any) -> Any:
    """Return a JSON body that can be read only once, for a client of httpx that is async."""

    async def pieces() -> Any:
        yield json.dumps(document).encode()

    return pieces()
