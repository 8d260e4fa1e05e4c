"""Clients that go past httpx and requests: each sends one GET, and knows of no fake."""

import asyncio
import http.client
import socket
import urllib.request
from collections.abc import Callable
from typing import Any

import aiohttp
import anyio
import trio
import urllib3

Bypass = Callable[[str, int], bytes]
"""Takes a host, without brackets, and a port; returns what came."""


def request(host: str) -> bytes:
    """Return a request as it goes over the wire."""
    return f"GET /real HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n\r\n".encode()


def url(host: str, port: int) -> str:
    """Return the URL of what is asked for."""
    shown = f"[{host}]" if ":" in host else host
    return f"http://{shown}:{port}/real"


def by_urllib3(host: str, port: int) -> bytes:
    with urllib3.PoolManager(retries=False) as manager:
        return manager.request("GET", url(host, port)).data


def by_urllib(host: str, port: int) -> bytes:
    with urllib.request.urlopen(url(host, port)) as answer:  # noqa: S310 - an http URL
        return bytes(answer.read())


def by_http_client(host: str, port: int) -> bytes:
    connection = http.client.HTTPConnection(host, port)
    try:
        connection.request("GET", "/real")
        return connection.getresponse().read()
    finally:
        connection.close()


def _talk(sock: socket.socket, host: str) -> bytes:
    sock.sendall(request(host))
    with sock.makefile("rb") as answer:
        return answer.read()


def by_create_connection(host: str, port: int) -> bytes:
    with socket.create_connection((host, port)) as sock:
        return _talk(sock, host)


def by_connect(host: str, port: int) -> bytes:
    library = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(library) as sock:
        sock.connect((host, port))
        return _talk(sock, host)


def by_connect_ex(host: str, port: int) -> bytes:
    library = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(library) as sock:
        if sock.connect_ex((host, port)):
            raise ConnectionRefusedError
        return _talk(sock, host)


def by_asyncio(host: str, port: int) -> bytes:
    async def talk() -> bytes:
        reader, writer = await asyncio.open_connection(host, port)
        writer.write(request(host))
        try:
            return await reader.read()
        finally:
            writer.close()
            await writer.wait_closed()

    return asyncio.run(talk())


def by_trio(host: str, port: int) -> bytes:
    async def talk() -> bytes:
        async with await trio.open_tcp_stream(host, port) as stream:
            await stream.send_all(request(host))
            return b"".join([bytes(piece) async for piece in stream])

    return trio.run(talk)


def by_anyio(host: str, port: int) -> bytes:
    async def talk() -> bytes:
        async with await anyio.connect_tcp(host, port) as stream:
            await stream.send(request(host))
            return b"".join([piece async for piece in stream])

    return anyio.run(talk)


def by_aiohttp(host: str, port: int) -> bytes:
    async def talk() -> bytes:
        async with aiohttp.ClientSession() as session, session.get(url(host, port)) as answer:
            return await answer.read()

    return asyncio.run(talk())


BYPASSES: dict[str, Bypass] = {
    "urllib3": by_urllib3,
    "urllib": by_urllib,
    "http.client": by_http_client,
    "create_connection": by_create_connection,
    "connect": by_connect,
    "connect_ex": by_connect_ex,
    "asyncio": by_asyncio,
    "trio": by_trio,
    "anyio": by_anyio,
    "aiohttp": by_aiohttp,
}


def told(error: BaseException) -> str:
    """Return all that an error says, with what caused it and what it is made of."""
    inner: list[Any] = [error.__cause__, error.__context__, *getattr(error, "exceptions", ())]
    inner += [cause for cause in error.args if isinstance(cause, BaseException)]
    inner += [getattr(error, "reason", None), getattr(error, "os_error", None)]
    texts = [told(each) for each in inner if isinstance(each, BaseException) and each is not error]
    return " ".join([str(error), *texts])
