"""``paymock_server`` as a session sees it: one server, its own in each worker, nothing left."""

import re
from pathlib import Path

import pytest

from .conftest import Run


def test_nothing_is_left_when_the_session_ends(project: pytest.Pytester, run_apart: Run) -> None:
    project.makeconftest("""
        def pytest_unconfigure():
            import os, socket, sys, threading

            sys.stderr.write(f"threads: {[thread.name for thread in threading.enumerate()]}\\n")
            links = (os.path.join("/proc/self/fd", fd) for fd in os.listdir("/proc/self/fd"))
            found = [os.readlink(link) for link in links if os.path.islink(link)]
            sys.stderr.write(f"sockets: {[link for link in found if 'socket' in link]}\\n")
    """)
    project.makepyfile("""
        import socket
        from urllib.parse import urlsplit
        from calling import *

        def test_idle_hanging_and_half_open(paymock_server):
            call(paymock_server)
            parts = urlsplit(paymock_server.url)
            paymock_server.faults.always(faults.read_timeout)
            for data in (b"", b"GET / HT", b"GET / HTTP/1.1\\r\\nhost: x\\r\\n\\r\\n"):
                one = socket.create_connection((parts.hostname, parts.port))
                one.sendall(data)
                one.close()

        def test_thread(paymock_server):
            assert "paymock server" in [thread.name for thread in threading.enumerate()]
    """)
    result = run_apart()
    result.assert_outcomes(passed=2)
    assert "threads: ['MainThread']" in result.stderr.str()
    if Path("/proc/self/fd").exists():
        assert "sockets: []" in result.stderr.str()


def test_each_worker_has_a_server_of_its_own(project: pytest.Pytester, run_apart: Run) -> None:
    project.makepyfile("""
        import os
        import pytest
        from calling import pay

        @pytest.mark.parametrize("n", range(8))
        def test_it(paymock_server, n, record_property):
            assert pay(paymock_server)["status"] == "success"
            assert len(paymock_server.payments) == 1
            print("worker", os.environ["PYTEST_XDIST_WORKER"], "at", paymock_server.url)
    """)
    result = run_apart("-p", "xdist", "-n", "2", "--dist", "load", "-rP")
    result.assert_outcomes(passed=8)
    pairs = set(re.findall(r"worker (gw\d) at (http://\S+)", result.stdout.str()))
    assert len(pairs) == 2
    assert len({url for _, url in pairs}) == 2


def test_a_session_that_does_not_use_it_pays_nothing(
    project: pytest.Pytester, run_apart: Run
) -> None:
    project.makepyfile("""
        import sys, threading

        def test_it(paymock):
            assert "fastapi" not in sys.modules
            assert "uvicorn" not in sys.modules
            assert threading.active_count() == 1
    """)
    run_apart().assert_outcomes(passed=1)


@pytest.mark.parametrize("missing", ["fastapi", "uvicorn", "fastapi_offline"])
def test_without_the_extra_it_says_what_to_install(
    project: pytest.Pytester, run_apart: Run, missing: str
) -> None:
    project.makepyfile(f"""
        import sys
        sys.modules["{missing}"] = None

        def test_it(paymock_server):
            pass
    """)
    result = run_apart()
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(
        f"paymock: paymock_server needs the extra server ({missing} is not installed): "
        "pip install 'pytest-paymock?server?'"
    )


def test_a_frozen_clock_stops_no_server(project: pytest.Pytester, run_apart: Run) -> None:
    project.makepyfile("""
        from calling import *
        from freezegun import freeze_time
        import time_machine

        @freeze_time("2030-01-01T00:00:00")
        @pytest.mark.parametrize("n", range(2))
        def test_frozen(paymock_server, n):
            paymock_server.faults.queue(faults.latency(0.01))
            assert pay(paymock_server)["processed_at"] == "2030-01-01T00:00:00"

        @time_machine.travel("2031-01-01T00:00:00Z", tick=False)
        def test_travelled(paymock_server):
            paymock_server.faults.queue(faults.latency(0.01))
            assert pay(paymock_server)["processed_at"] == "2031-01-01T00:00:00"
    """)
    run_apart().assert_outcomes(passed=3)


def test_a_client_that_still_waits_does_not_reach_the_next_test(
    project: pytest.Pytester, run: Run
) -> None:
    project.makepyfile("""
        from concurrent.futures import ThreadPoolExecutor
        from calling import *

        pool = ThreadPoolExecutor()
        waiting = []

        def test_first(paymock_server):
            paymock_server.faults.when(faults.read_timeout, nth=1)
            waiting.append(pool.submit(call, paymock_server))
            while not paymock_server.calls:
                pass

        def test_second(paymock_server):
            with pytest.raises(OSError):
                waiting[0].result()
            pool.shutdown()
            paymock_server.assert_no_calls()
            call(paymock_server)
            assert len(paymock_server.calls) == 1
    """)
    run().assert_outcomes(passed=2)
