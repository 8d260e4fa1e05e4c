"""A server on loopback that misbehaves for real, to compare the faults of the fake with.

Nothing here sleeps: a server that hangs holds the connection open until the client has given up.
"""

import socket
import struct
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from select import select
from threading import Lock, Thread

HOST = "127.0.0.1"

Act = Callable[[socket.socket], bool]
"""What is done to a connection once a request has been read; True keeps it for the next."""


def hang(connection: socket.socket) -> bool:
    """Say nothing, for as long as the client waits."""
    connection.recv(1)
    return False


def hang_up(_: socket.socket) -> bool:
    """Close the connection without a word."""
    return False


def reset(connection: socket.socket) -> bool:
    """Close the connection with an RST."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    return False


def answer(status: str, body: bytes, **headers: str) -> Act:
    """Send a whole answer."""
    return _sending(_head(status, len(body), headers) + body, stay=True)


def cut_off(status: str, body: bytes, sent: bytes) -> Act:
    """Announce a body, send a part of it, and close the connection."""
    return _sending(_head(status, len(body), {}) + sent, stay=False)


def _head(status: str, length: int, headers: dict[str, str]) -> bytes:
    fields = {"content-type": "application/json", "content-length": str(length)}
    fields |= {name.replace("_", "-"): value for name, value in headers.items()}
    lines = [f"HTTP/1.1 {status}", *(f"{name}: {value}" for name, value in fields.items())]
    return "\r\n".join([*lines, "", ""]).encode()


def _sending(data: bytes, *, stay: bool) -> Act:
    def act(connection: socket.socket) -> bool:
        connection.sendall(data)
        return stay

    return act


class Server:
    """Reads requests and does to each what was said; the last act is repeated.

    ``requests`` holds the first line of each request that came.
    """

    def __init__(self, *acts: Act) -> None:
        self.requests: list[str] = []
        self._acts = list(acts)
        self._lock = Lock()
        self._listener = socket.create_server((HOST, 0))
        self.port: int = self._listener.getsockname()[1]
        self._open: dict[Thread, socket.socket] = {}
        self._waker: object = None
        self._accepting = Thread(target=self._accept, daemon=True)
        self._accepting.start()

    def close(self) -> None:
        """End every thread and connection, once each request that came has been read."""
        # Behind all connections that wait, so that none of them is left out of ``requests``.
        with socket.socket() as waker:
            waker.bind((HOST, 0))
            self._waker = waker.getsockname()
            waker.connect((HOST, self.port))
            self._accepting.join()
        self._listener.close()
        for thread, connection in self._open.items():
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
            thread.join()

    def _accept(self) -> None:
        while True:
            connection, peer = self._listener.accept()
            if peer == self._waker:
                connection.close()
                return
            thread = Thread(target=self._serve, args=(connection,), daemon=True)
            self._open[thread] = connection
            thread.start()

    def _serve(self, connection: socket.socket) -> None:
        with connection, suppress(OSError):
            while line := _request(connection):
                with self._lock:
                    self.requests.append(line)
                    act = self._acts.pop(0) if len(self._acts) > 1 else self._acts[0]
                if not act(connection):
                    return


def _request(connection: socket.socket) -> str:
    """Read one request to its end and return its first line, nothing if the client has gone."""
    received = b""
    while b"\r\n\r\n" not in received:
        chunk = connection.recv(65536)
        if not chunk:
            return ""
        received += chunk
    head, _, body = received.partition(b"\r\n\r\n")
    fields = dict(line.lower().split(b": ", 1) for line in head.split(b"\r\n")[1:])
    missing = int(fields.get(b"content-length", 0)) - len(body)
    while missing:
        missing -= len(connection.recv(missing))
    return head.split(b"\r\n")[0].decode()


@contextmanager
def serving(*acts: Act) -> Iterator[Server]:
    """Run a server that does to each request in turn what is said."""
    with closing(Server(*acts)) as server:
        yield server


@contextmanager
def refusing() -> Iterator[int]:
    """Hold a port at which nobody listens."""
    with socket.socket() as held:
        held.bind((HOST, 0))
        yield held.getsockname()[1]


@contextmanager
def deaf() -> Iterator[int]:
    """Listen at a port and never accept, with so many waiting that no other connection is made."""
    waiting: list[socket.socket] = []
    with socket.socket() as listener:
        listener.bind((HOST, 0))
        listener.listen(0)
        connected = True
        while connected:
            one = socket.socket()
            waiting.append(one)
            one.settimeout(0)
            one.connect_ex(listener.getsockname())
            connected = bool(select([], [one], [], 0)[1])
        yield listener.getsockname()[1]
        for one in waiting:
            one.close()
