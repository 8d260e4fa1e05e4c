"""One adapter a client library, all with the same methods, and the one list of them.

To run the suite through something else, such as a live server, add a class with ``send`` and
``read`` and a line to ``CLIENTS``.
"""

import asyncio
import json
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Callable, Coroutine, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from types import ModuleType
from typing import Any

import httpx
import httpx2
import pytest
import requests
import trio

Body = bytes | str | Iterable[bytes] | None
"""What a client may be given to send; an iterable is streamed."""

PIECE = 7
"""How many bytes at a time an answer is read by ``Client.read``: fewer than any answer has."""

JSON_TYPE = {"content-type": "application/json"}


@dataclass(frozen=True)
class Answer:
    """An answer as any client shows it; the names of header fields are lower case."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """The body as JSON; numbers with a fraction keep their digits."""
        return json.loads(self.body, parse_float=Decimal)

    @property
    def detail(self) -> str:
        """The sentence of a refusal."""
        return str(self.json["detail"])


class Client(ABC):
    """A client library, pointed at a fake."""

    def __init__(self, base_url: str) -> None:
        self.base_url = base_url

    @abstractmethod
    def send(
        self,
        method: str,
        path: str,
        *,
        body: Body = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Send one request, following any redirect, and return the answer."""

    @abstractmethod
    def read(self, method: str, path: str, *, body: Body = None) -> list[bytes]:
        """Send one request and read its answer as a stream, ``PIECE`` bytes at a time."""

    @abstractmethod
    def close(self) -> None:
        """Let go of what the library holds open."""

    def get(self, path: str) -> Answer:
        """Send a GET."""
        return self.send("GET", path)

    def post(self, path: str, document: Any = None) -> Answer:
        """Send a POST, with a JSON body unless there is none."""
        if document is None:
            return self.send("POST", path)
        return self.send("POST", path, body=json.dumps(document).encode(), headers=JSON_TYPE)


class Httpx(Client):
    """``Client`` of httpx, or of httpx2, which has the same face."""

    def __init__(self, base_url: str, library: ModuleType = httpx, *, follow: bool = True) -> None:
        super().__init__(base_url)
        self._client = library.Client(follow_redirects=follow, verify=False)

    def send(
        self,
        method: str,
        path: str,
        *,
        body: Body = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        response = self._client.request(method, self.base_url + path, content=body, headers=headers)
        return _answer_of_httpx(response)

    def read(self, method: str, path: str, *, body: Body = None) -> list[bytes]:
        with self._client.stream(method, self.base_url + path, content=body) as response:
            return list(response.iter_bytes(PIECE))

    def close(self) -> None:
        self._client.close()


def _answer_of_httpx(response: Any) -> Answer:
    headers = {name.lower(): value for name, value in response.headers.items()}
    return Answer(response.status_code, headers, response.content)


Run = Callable[[Callable[[], Coroutine[Any, Any, Any]]], Any]


class AsyncHttpx(Client):
    """``AsyncClient`` of httpx or httpx2, each request in an event loop of its own."""

    def __init__(
        self, base_url: str, library: ModuleType, run: Run, *, follow: bool = True
    ) -> None:
        super().__init__(base_url)
        self._follow = follow
        self._library = library
        self._run = run

    def send(
        self,
        method: str,
        path: str,
        *,
        body: Body = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        async def send() -> Any:
            async with self._client() as client:
                return await client.request(
                    method, self.base_url + path, content=_awaitable(body), headers=headers
                )

        return _answer_of_httpx(self._run(send))

    def read(self, method: str, path: str, *, body: Body = None) -> list[bytes]:
        async def read() -> list[bytes]:
            async with (
                self._client() as client,
                client.stream(method, self.base_url + path, content=_awaitable(body)) as response,
            ):
                return [piece async for piece in response.aiter_bytes(PIECE)]

        pieces: list[bytes] = self._run(read)
        return pieces

    def close(self) -> None:
        """Do nothing: each request has closed a client of its own."""

    def _client(self) -> Any:
        return self._library.AsyncClient(follow_redirects=self._follow, verify=False)


def _awaitable(body: Body) -> bytes | str | AsyncIterator[bytes] | None:
    if body is None or isinstance(body, bytes | str):
        return body

    async def pieces(chunks: Iterable[bytes] = body) -> AsyncIterator[bytes]:
        for chunk in chunks:
            yield chunk

    return pieces()


def on_asyncio(work: Callable[[], Coroutine[Any, Any, Any]]) -> Any:
    """Run an async function to its end under asyncio."""
    return asyncio.run(work())


def on_trio(work: Callable[[], Coroutine[Any, Any, Any]]) -> Any:
    """Run an async function to its end under trio."""
    return trio.run(work)


class Requests(Client):
    """A session of requests."""

    def __init__(self, base_url: str, *, follow: bool = True) -> None:
        super().__init__(base_url)
        self._follow = follow
        self._session = requests.Session()

    def send(
        self,
        method: str,
        path: str,
        *,
        body: Body = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        response = self._session.request(
            method,
            self.base_url + path,
            data=_streamable(body),
            headers=headers,
            allow_redirects=self._follow,
        )
        lowered = {name.lower(): value for name, value in response.headers.items()}
        return Answer(response.status_code, lowered, response.content)

    def read(self, method: str, path: str, *, body: Body = None) -> list[bytes]:
        url = self.base_url + path
        with self._session.request(method, url, data=_streamable(body), stream=True) as response:
            return list(response.iter_content(PIECE))

    def close(self) -> None:
        self._session.close()


def _streamable(body: Body) -> bytes | str | Iterator[bytes] | None:
    # requests takes a list for form fields; only an iterator is streamed.
    return body if body is None or isinstance(body, bytes | str) else iter(body)


CLIENTS: dict[str, Callable[..., Client]] = {
    "httpx": Httpx,
    "httpx-asyncio": partial(AsyncHttpx, library=httpx, run=on_asyncio),
    "httpx-trio": partial(AsyncHttpx, library=httpx, run=on_trio),
    "httpx2": partial(Httpx, library=httpx2),
    "httpx2-asyncio": partial(AsyncHttpx, library=httpx2, run=on_asyncio),
    "requests": Requests,
}
"""Every way to reach the fake, by the name that stands in the ids of the tests."""

LIBRARY = {name: name.partition("-")[0] for name in CLIENTS}
"""What the records call the library of each client."""

every_client = pytest.mark.parametrize("connect", CLIENTS, indirect=True)
"""For tests of what the client decides: how a request is written, and how its answer is read.

What the API decides is the same through every client, which ``test_rules.py`` and
``test_identical_bytes.py`` make sure of; the other tests ask it through one.
"""
