"""Fakes that begin and end in other threads, at the worst moment that there is for each request."""

import asyncio
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

import httpx
import httpx2
import pytest
import requests

from pytest_paymock import Paymock
from pytest_paymock._intercept.interceptor import Interceptor
from pytest_paymock._intercept.mount import Mount

from .seams import moved, seams


async def _async_get(url: str) -> Any:
    async with httpx.AsyncClient() as client:
        return await client.get(url)


GET: dict[str, Callable[[str], Any]] = {
    "httpx": httpx.get,
    "httpx-async": lambda url: asyncio.run(_async_get(url)),
    "httpx2": httpx2.get,
    "requests": requests.get,
}


@pytest.mark.parametrize("get", GET.values(), ids=GET)
def test_a_request_reaches_its_fake_while_others_end(
    monkeypatch: pytest.MonkeyPatch, get: Callable[[str], Any]
):
    genuine = Mount.place
    with Paymock(base_url="http://one.test") as one, ExitStack() as others:
        for name in ("two", "three"):
            others.enter_context(Paymock(base_url=f"http://{name}.test"))

        def place(mount: Mount, *args: Any) -> Any:
            others.close()
            return genuine(mount, *args)

        monkeypatch.setattr(Mount, "place", place)
        assert get("http://one.test/api/v1/tokens/tok_1").status_code == 404
        assert len(one.calls) == 1


def test_of_two_that_begin_at_once_nothing_is_left(monkeypatch: pytest.MonkeyPatch):
    before = seams()
    genuine = Interceptor.admit
    first = Paymock(base_url="http://one.test")
    second = Paymock(base_url="http://two.test")

    def admit(interceptor: Interceptor, mount: Mount) -> Any:
        # The first was about to begin, when the second came and was faster.
        monkeypatch.setattr(Interceptor, "admit", genuine)
        second.start()
        return genuine(interceptor, mount)

    monkeypatch.setattr(Interceptor, "admit", admit)
    with first:
        for fake in (first, second):
            for get in GET.values():
                assert get(f"{fake.base_url}/api/v1/tokens/tok_1").status_code == 404
            assert len(fake.calls) == len(GET)
        second.stop()
    assert moved(before) == []
