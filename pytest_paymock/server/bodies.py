"""The body of a request, read within bounds: nothing that a client sends fills the memory."""

import asyncio

from starlette.types import Receive, Scope

from pytest_paymock.server import messages


class RefusedBodyError(Exception):
    """The body is not read to its end; the message says why."""


class ClientGoneError(Exception):
    """The client closed the connection."""


async def read(scope: Scope, receive: Receive, longest: int, patience: float) -> bytes:
    """Return the whole body of a request.

    Args:
        scope: of the request.
        receive: as ASGI gives it.
        longest: how many bytes are read.
        patience: how many seconds it may take.

    Raises:
        RefusedBodyError: for a body that is larger, or does not come in time.
        ClientGoneError: if the client goes away meanwhile.
    """
    if _announced(scope) > longest:
        raise RefusedBodyError(messages.too_large(longest))
    body = bytearray()
    try:
        async with asyncio.timeout(patience):
            while True:
                message = await receive()
                if message["type"] == "http.disconnect":
                    raise ClientGoneError
                body += message.get("body", b"")
                if len(body) > longest:
                    raise RefusedBodyError(messages.too_large(longest))
                if not message.get("more_body", False):
                    return bytes(body)
    except TimeoutError:
        raise RefusedBodyError(messages.TOO_SLOW) from None


async def gone_within(receive: Receive, seconds: float | None) -> bool:
    """Wait for a client that has sent its whole request to go away, and say whether it did.

    Args:
        receive: as ASGI gives it.
        seconds: how long; None is for as long as it takes.
    """
    try:
        async with asyncio.timeout(seconds):
            while (await receive())["type"] != "http.disconnect":
                pass
    except TimeoutError:
        return False
    return True


def _announced(scope: Scope) -> int:
    for name, value in scope["headers"]:
        if name == b"content-length" and value.isdigit():
            # More digits than this are more bytes than anybody has.
            return int(value[:18])
    return 0
