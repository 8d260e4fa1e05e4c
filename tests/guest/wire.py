"""The network below everything: recorded, and shut but for this machine."""

import _socket
import contextlib
import errno
import json
import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

HERE = ("localhost", "127.0.0.1", "::1")


class Wire:
    """What was about to leave for a network, as pairs of host and port, in order."""

    def __init__(self) -> None:
        self.lookups: list[tuple[str, Any]] = []
        self.connections: list[tuple[str, Any]] = []

    @property
    def hosts(self) -> set[str]:
        """Every host that anybody tried to reach."""
        return {host for host, _ in (*self.lookups, *self.connections)}

    def shut(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Record from now on, and let nothing leave this machine."""
        connect, getaddrinfo = socket.socket.connect, _socket.getaddrinfo

        def recorded_connect(sock: socket.socket, address: Any) -> Any:
            if isinstance(address, tuple):
                self.connections.append((str(address[0]), address[1]))
                if address[0] not in HERE:
                    raise ConnectionRefusedError(errno.ECONNREFUSED, "the wire is shut")
            return connect(sock, address)

        def recorded_lookup(host: Any, port: Any, *args: Any, **options: Any) -> Any:
            name = host.decode() if isinstance(host, bytes) else str(host)
            self.lookups.append((name, port))
            if name not in HERE and not name.endswith(".localhost"):
                raise socket.gaierror(socket.EAI_NONAME, "the wire is shut")
            here = "127.0.0.1" if name.endswith(".localhost") else host
            return getaddrinfo(here, port, *args, **options)

        def recorded_connect_ex(sock: socket.socket, address: Any) -> Any:
            try:
                return recorded_connect(sock, address)
            except OSError as error:
                return error.errno

        monkeypatch.setattr(socket.socket, "connect", recorded_connect)
        monkeypatch.setattr(socket.socket, "connect_ex", recorded_connect_ex)
        monkeypatch.setattr(_socket, "getaddrinfo", recorded_lookup)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        length = int(self.headers.get("content-length") or 0)
        self.rfile.read(length)
        server: Any = self.server
        server.seen.append(self.path)
        body = json.dumps({"real": self.path}).encode()
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.send_header("connection", "close")
        self.end_headers()
        self.wfile.write(body)

    do_POST = do_GET  # noqa: N815 - the same

    def log_message(self, *_: Any) -> None:
        """Print nothing."""


class RealServer(ThreadingHTTPServer):
    """A server of the test's own, with the paths that it was asked for."""

    def __init__(self, host: str = "127.0.0.1") -> None:
        if ":" in host:
            self.address_library = socket.AF_INET6
        super().__init__((host, 0), _Handler)
        self.seen: list[str] = []
        shown = f"[{host}]" if ":" in host else host
        self.port: int = self.server_address[1]
        self.url = f"http://{shown}:{self.port}"


@contextlib.contextmanager
def real_server(host: str = "127.0.0.1") -> Iterator[RealServer]:
    """Serve on a free port of this machine."""
    server = RealServer(host)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
