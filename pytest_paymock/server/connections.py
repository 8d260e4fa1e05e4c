"""The open connections of a server: what a fault does to one, and how all of them are closed.

ASGI hides the socket from an application, and faults act on the socket. The protocol class of
uvicorn is the place where a connection is seen, so a small subclass of it keeps a list.
"""

import asyncio
import socket
import struct
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, cast

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from pytest_paymock._api import answers
from pytest_paymock._api.http import Response
from pytest_paymock.server import messages

Peer = tuple[str, int]

# Two shorts on Windows, two ints elsewhere: linger, and for no time.
_NO_LINGER = struct.pack("hh" if sys.platform == "win32" else "ii", 1, 0)


class Connections:
    """The connections of one server by their peer, and the exchanges that take place on them."""

    def __init__(self) -> None:
        self._open: dict[Peer, asyncio.Transport] = {}
        self._busy: dict[asyncio.Transport, asyncio.Future[None]] = {}

    def made(self, peer: Peer, transport: asyncio.Transport) -> None:
        """Remember a connection."""
        self._open[peer] = transport

    def lost(self, peer: Peer) -> None:
        """Forget a connection."""
        self._open.pop(peer, None)

    def of(self, scope: Mapping[str, Any]) -> asyncio.Transport | None:
        """Return the connection of a request; None if another server than ours runs the app."""
        client = scope.get("client")
        return None if client is None else self._open.get((client[0], client[1]))

    @contextmanager
    def exchange(self, scope: Mapping[str, Any]) -> Iterator[None]:
        """Mark a connection as one whose client waits for an answer."""
        transport = self.of(scope)
        if transport is None:
            yield
            return
        over = self._busy[transport] = asyncio.get_running_loop().create_future()
        try:
            yield
        finally:
            del self._busy[transport]
            over.set_result(None)

    async def hang_up(self) -> None:
        """Close the connections whose clients wait, and return when nothing is done for them."""
        busy = dict(self._busy)
        for transport in busy:
            transport.abort()
        await asyncio.gather(*busy.values())

    def close_all(self) -> None:
        """Close every connection, whatever goes on there."""
        for transport in list(self._open.values()):
            transport.abort()


def reset(transport: asyncio.Transport) -> None:
    """Close a connection by a reset (RST) in place of an end (FIN)."""
    connected = transport.get_extra_info("socket")
    connected.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _NO_LINGER)
    transport.abort()


class Protocol(H11Protocol):
    """uvicorn's protocol, with a list of its connections and errors in the API's own form."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        # Its lines hold whole URLs, and a query may hold a card number.
        self.access_log = False
        app: Any = self.config.app
        self._connections: Connections = app.state.serving.connections

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Take a connection."""
        super().connection_made(transport)
        # Nobody but a peer on a Unix socket is nameless, and this server has none of those.
        self._connections.made(cast("Peer", self.client), transport)

    def connection_lost(self, exc: Exception | None) -> None:
        """Let a connection go."""
        self._connections.lost(cast("Peer", self.client))
        super().connection_lost(exc)

    def on_response_complete(self) -> None:
        """Forget a request when it is answered: uvicorn would keep it until the next one comes."""
        self.headers = []
        self.scope = self.cycle.scope = {"type": "http"}  # type: ignore[typeddict-item]
        super().on_response_complete()

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002 - ours is another message
        """Answer what is no HTTP at all, and close the connection."""
        refusal = Response(400, answers.error(messages.NO_HTTP), (("connection", "close"),))
        try:
            head = h11.Response(status_code=400, headers=refusal.headers(), reason=b"Bad Request")
            for event in (head, h11.Data(data=refusal.body), h11.EndOfMessage()):
                self.transport.write(self.conn.send(event) or b"")
        except h11.LocalProtocolError:
            # The garbage came in the middle of an exchange; its own answer has begun.
            pass
        self.transport.close()
