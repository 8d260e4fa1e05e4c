"""Threads that outlive their fake: who is busy is named and kept out, and who is idle is not."""

import _thread
import asyncio
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from multiprocessing.pool import ThreadPool
from threading import Event, Thread
from typing import Any

import anyio.to_thread
import httpx
import pytest
import requests
import trio

from pytest_paymock import Paymock, PaymockWarning

URL = "http://localhost:8000/api/v1/transactions/txn_none"

LATE = (
    f"paymock stopped GET {URL}: this thread was started in a test that has ended, and is busy "
    "still with what it did there. Join it in that test"
)


def ask(client: Any = httpx) -> int:
    status: int = client.get(URL).status_code
    return status


# -- idle -------------------------------------------------------------------------------------


@contextmanager
def an_executor() -> Iterator[Callable[[], object]]:
    with ThreadPoolExecutor(1, thread_name_prefix="till") as pool:
        yield lambda: pool.submit(ask).result()


@contextmanager
def a_pool_of_threads() -> Iterator[Callable[[], object]]:
    with ThreadPool(1) as pool:
        yield lambda: pool.apply(ask)


@contextmanager
def trios_workers() -> Iterator[Callable[[], object]]:
    yield lambda: trio.run(trio.to_thread.run_sync, ask)


@contextmanager
def a_loop_with_workers() -> Iterator[Callable[[], object]]:
    with asyncio.Runner() as runner:
        yield lambda: runner.run(asyncio.to_thread(ask))


@contextmanager
def anyios_workers() -> Iterator[Callable[[], object]]:
    with asyncio.Runner() as runner:
        yield lambda: runner.run(anyio.to_thread.run_sync(ask))


@contextmanager
def a_foreign_thread() -> Iterator[Callable[[], object]]:
    def run_one() -> None:
        done = Event()
        _thread.start_new_thread(lambda: (ask(), done.set()), ())
        done.wait()
        while _thread._count() > before:  # there is no other way to join it
            time.sleep(0.001)

    before = _thread._count()
    yield run_one


@contextmanager
def a_server_of_the_module() -> Iterator[Callable[[], object]]:
    class Till(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(ask())
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Till) as server:
        thread = Thread(target=lambda: server.serve_forever(poll_interval=0.01))
        thread.start()
        # One call at a time, in the thread of the server itself as well as in one a request.
        yield lambda: httpx.get(f"http://127.0.0.1:{server.server_port}/")
        server.shutdown()
        thread.join()


IDLE = (
    an_executor,
    a_pool_of_threads,
    trios_workers,
    a_loop_with_workers,
    anyios_workers,
    a_foreign_thread,
    a_server_of_the_module,
)


@pytest.mark.parametrize("workers", IDLE)
def test_who_waits_for_work_is_not_named_and_serves_the_next_fake(workers: Any):
    # A warning is an error here.
    with workers() as call:
        for _ in range(2):
            with Paymock() as paymock:
                call()
            assert [one.endpoint for one in paymock.calls] == ["get_transaction"]


# -- busy -------------------------------------------------------------------------------------


class Keeper(Thread):
    """Asks whenever it is told to, and keeps what it was answered."""

    def __init__(self, client: Any) -> None:
        super().__init__(name="stock keeper")
        self.told: list[Any] = []
        self.urls = [URL, "https://bank.example/"]
        self.turn, self.asked, self.over = Event(), Event(), Event()
        self._client = client

    def run(self) -> None:
        while not self.over.is_set():
            self.turn.wait()
            self.turn.clear()
            for url in self.urls:
                try:
                    self.told.append(self._client.get(url).status_code)
                except (httpx.ConnectError, requests.ConnectionError) as error:
                    self.told.append(str(error))
            self.asked.set()

    def ask(self) -> list[Any]:
        self.told = []
        self.asked.clear()
        self.turn.set()
        self.asked.wait()
        return self.told


def end_with_warning(paymock: Paymock) -> None:
    told = "^still running after the test, and no longer answered by paymock: thread "
    with pytest.warns(PaymockWarning, match=told):
        paymock.__exit__(None, None, None)


@pytest.mark.parametrize("client", [httpx, requests])
def test_who_is_busy_is_named_and_reaches_no_later_fake(client: Any):
    keeper = Keeper(client)
    first = Paymock(allow=["swallowed_block"]).__enter__()
    keeper.start()
    answer, refused = keeper.ask()
    assert answer == 404
    assert refused.startswith("paymock stopped GET https://bank.example/: it is not under ")
    end_with_warning(first)
    with Paymock() as second:  # nor does the second have to answer for what was stopped
        told = keeper.ask()
        assert told == [LATE, LATE.replace(URL, "https://bank.example/")]
        assert ask(client) == 404
    keeper.over.set()
    keeper.urls = [URL]
    with Paymock(network="any", base_url="http://localhost:8000/pay") as third:
        assert keeper.ask() == [LATE]
    keeper.join()
    assert [len(fake.calls) for fake in (first, second, third)] == [1, 1, 0]


def test_a_worker_that_was_busy_serves_again_when_it_has_come_back():
    go_on, is_busy = Event(), Event()

    def work() -> int:
        is_busy.set()
        go_on.wait()
        return ask()

    with ThreadPoolExecutor(1) as pool:
        first = Paymock().__enter__()
        pool.submit(ask).result()
        job = pool.submit(work)
        is_busy.wait()
        end_with_warning(first)
        with Paymock() as second:
            go_on.set()
            with pytest.raises(httpx.ConnectError, match="in a test that has ended"):
                job.result()
            second.assert_no_calls()
            assert pool.submit(ask).result() == 404


def test_guards_off_says_nothing_of_threads():
    keeper = Keeper(httpx)
    keeper.urls = [URL]
    with Paymock(guards="off"):
        keeper.start()
        assert keeper.ask() == [404]
    keeper.over.set()
    with Paymock():
        assert keeper.ask() == [LATE]
    keeper.join()
