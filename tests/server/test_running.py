"""The server in its thread, and the places where it touches uvicorn's inside."""

import asyncio
import errno
import logging
import socket
import threading
from typing import Any

import httpx
import pytest
import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from pytest_paymock import UsageError
from pytest_paymock.server import listening, running
from pytest_paymock.server.application import Application
from pytest_paymock.server.connections import Protocol
from pytest_paymock.server.fake import ServerPaymock
from pytest_paymock.server.listening import CannotListenError, listen
from pytest_paymock.server.running import LiveServer, SteadyLoop
from pytest_paymock.server.serving import Serving

from .conftest import Serve
from .sockets import Wire, request, status_of, until


def test_what_is_replaced_of_uvicorn_is_still_there() -> None:
    """A canary: if uvicorn moves one of these, faults or the log of requests would break."""
    for owner, names in {
        uvicorn.Server: ("main_loop", "shutdown", "handle_exit", "serve"),
        H11Protocol: (
            "connection_made",
            "connection_lost",
            "send_400_response",
            "on_response_complete",
        ),
    }.items():
        for name in names:
            assert callable(getattr(owner, name)), f"{owner.__name__}.{name} has moved"
    made: Any = Protocol.__new__(Protocol)
    config = uvicorn.Config(Application(Serving()), log_config=None)
    loop = asyncio.new_event_loop()
    made.__init__(config, uvicorn.server.ServerState(), {}, loop)
    loop.close()
    assert made.access_log is False
    assert vars(H11Protocol(config, uvicorn.server.ServerState(), {}, loop)).keys() >= {
        "access_log",
        "client",
        "transport",
        "conn",
    }


def test_logging_is_left_alone(serve: Serve, caplog: pytest.LogCaptureFixture) -> None:
    loggers = [logging.getLogger(f"uvicorn{name}") for name in ("", ".error", ".access", ".asgi")]
    before = [(one.level, one.propagate, list(one.handlers)) for one in loggers]
    caplog.set_level(logging.DEBUG)
    fake = serve()
    number = fake.card()["card_number"]
    httpx.get(f"{fake.url}/x?pan={number}")
    assert before == [(one.level, one.propagate, list(one.handlers)) for one in loggers]
    assert not [record for record in caplog.records if record.name == "uvicorn.access"]
    told = [one.getMessage() for one in caplog.records if not one.name.startswith("http")]
    assert number not in "".join(told)


def test_it_serves_one_fake_at_a_time(serve: Serve) -> None:
    fake = serve()
    another = ServerPaymock(fake._host)
    with pytest.raises(UsageError, match="serves one fake at a time; another one is active"):
        another.start()
    with pytest.raises(UsageError, match="this fake is served already"):
        fake.start()
    fake.stop()
    with another:
        httpx.get(f"{another.url}/x")
    assert len(another.calls) == 1
    fake.assert_no_calls()


def test_a_stopped_server_listens_no_longer_and_its_thread_is_gone() -> None:
    threads = set(threading.enumerate())
    live = LiveServer()
    live.start()
    fake = ServerPaymock(live)
    fake.start()
    assert set(threading.enumerate()) > threads
    with Wire(live.url) as idle:
        idle.write(request("GET", "/x"))
        assert status_of(idle.one()) == 404
        live.stop()
        assert idle.to_end() == b""
    with pytest.raises(httpx.ConnectError):
        httpx.get(live.url)
    assert set(threading.enumerate()) == threads
    fake.stop()
    fake.verify()
    assert len(fake.calls) == 1


def test_what_keeps_it_from_starting_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise OSError(errno.EMFILE, "Too many open files")

    monkeypatch.setattr(running, "run", fail)
    live = LiveServer()
    with pytest.raises(OSError, match="Too many open files"):
        live.start()
    live.stop()


def test_a_server_that_was_never_started_can_be_stopped() -> None:
    live = LiveServer()
    live.hang_up()
    live.stop()
    with pytest.raises(httpx.ConnectError):
        httpx.get(live.url)


def test_a_server_that_is_stopped_before_it_is_up_ends() -> None:
    server = running.Uvicorn(Serving())
    server.stop()
    running.run(server, listen("127.0.0.1", 0))
    assert server.should_exit


def test_small_answers_are_not_held_back() -> None:
    (one,) = listen("127.0.0.1", 0)
    with one:
        assert one.proto == socket.IPPROTO_TCP


def test_a_loops_time_is_the_real_one(monkeypatch: pytest.MonkeyPatch) -> None:
    loop = SteadyLoop()
    monkeypatch.setattr("time.monotonic", lambda: 0.0)
    assert loop.time() > 0
    loop.close()


def test_an_address_that_this_machine_lacks_is_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    six = (socket.AF_INET6, socket.SOCK_STREAM, 6, "", ("2001:db8::1", 0, 0, 0))
    four = (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", 0))
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: [six, four])
    made = listen("both", 0)
    assert [one.family for one in made] == [socket.AF_INET]
    listening.close(made)


def test_an_address_that_is_taken_is_not_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    twice = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", 0))] * 2
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: twice)
    with pytest.raises(CannotListenError, match="Address already in use"):
        listen("both", 0)


def test_a_name_that_nobody_knows_is_told() -> None:
    with pytest.raises(CannotListenError, match=r"cannot listen on nowhere\.invalid port 80: "):
        listen("nowhere.invalid", 80)


def test_a_program_that_asks_while_the_test_looks_is_answered(serve: Serve) -> None:
    fake = serve()
    threads = [
        threading.Thread(target=lambda: httpx.get(f"{fake.url}/api/v1/tokens/tok_1"))
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    until(lambda: len(fake.calls) == 8)
    for thread in threads:
        thread.join()
    assert [call.number for call in fake.calls] == list(range(1, 9))
