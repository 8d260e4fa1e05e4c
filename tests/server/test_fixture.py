"""``paymock_server`` as a project sees it: one server a session, a new fake a test, no rest."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

# An in-process run throws away what it imported, so what is heavy is imported here, once for all.
import pytest_paymock.server.running  # noqa: F401

from . import fixture

Run = Callable[..., pytest.RunResult]

STEADY = (
    *("-W", "error"),
    *("-p", "no:randomly"),
    *("-p", "no:cacheprovider"),
    *("-p", "no:hypothesispytest"),
)

CALLING = """
import urllib.error, urllib.request, json, threading, socket
import pytest
from pytest_paymock import faults

def call(fake, path="/api/v1/tokens/tok_1", document=None):
    data = None if document is None else json.dumps(document).encode()
    try:
        with urllib.request.urlopen(fake.url + path, data, timeout=20) as answer:
            return json.load(answer)
    except urllib.error.HTTPError as error:
        with error:
            return json.load(error)

def pay(fake, amount=5, **more):
    token = fake.add_token(customer_id="cust_1").token
    sent = {"token": token, "amount": amount, "customer_id": "cust_1", **more}
    return call(fake, "/api/v1/payments", sent)
"""


@pytest.fixture
def project(pytester: pytest.Pytester) -> pytest.Pytester:
    """An empty project that calls the server in ``calling.py``."""
    pytester.makepyfile(calling=CALLING)
    pytester.makeconftest(Path(fixture.__file__).read_text())
    return pytester


@pytest.fixture
def run(project: pytest.Pytester) -> Run:
    """Run the project's tests in this process."""
    return lambda *args: project.runpytest_inprocess(*STEADY, *args)


@pytest.fixture
def run_apart(project: pytest.Pytester) -> Run:
    """Run the project's tests in a process of their own."""
    return lambda *args: project.runpytest_subprocess(*STEADY, *args)


def test_a_test_calls_it_and_asks_what_happened(project: pytest.Pytester, run: Run) -> None:
    project.makepyfile("""
        from calling import pay

        def test_checkout(paymock_server):
            assert paymock_server.url.startswith("http://127.0.0.1:")
            assert paymock_server.url == paymock_server.base_url
            assert pay(paymock_server, 99.99)["status"] == "success"
            payment = paymock_server.payments.one()
            assert (payment.call.client, payment.call.endpoint) == ("server", "create_payment")
            paymock_server.assert_charged(99.99, times=1)
    """)
    run().assert_outcomes(passed=1)


def test_each_test_has_a_new_fake_on_the_same_server(project: pytest.Pytester, run: Run) -> None:
    project.makepyfile("""
        import pytest
        from calling import pay

        seen = []

        @pytest.mark.parametrize("n", range(3))
        def test_fresh(paymock_server, n):
            paymock_server.assert_no_calls()
            answer = pay(paymock_server)
            seen.append((paymock_server.url, answer["token"], id(paymock_server)))
            assert len({url for url, _, _ in seen}) == 1
            assert len({token for _, token, _ in seen}) == 1
            assert not paymock_server.control
            paymock_server.control = True
            paymock_server.outcomes.always("card_declined")
    """)
    run().assert_outcomes(passed=3)


def test_options_are_those_of_the_marker_the_command_line_and_the_ini_file(
    project: pytest.Pytester, run: Run
) -> None:
    project.makeini("[pytest]\npaymock_base_url = https://pay.example/v2\npaymock_success_rate = 0")
    project.makepyfile("""
        import pytest
        from calling import pay

        @pytest.mark.paymock(clock="2026-01-27T12:00:00")
        def test_all(paymock_server):
            assert paymock_server.settings.seed == 7
            assert paymock_server.url.startswith("http://127.0.0.1:")
            answer = pay(paymock_server)
            assert answer["processed_at"] == "2026-01-27T12:00:00"
            assert answer["status"] != "success"
    """)
    run("--paymock-seed=7").assert_outcomes(passed=1)


def test_a_wrong_option_is_a_usage_error(project: pytest.Pytester, run: Run) -> None:
    project.makepyfile("""
        import pytest

        @pytest.mark.paymock(sed=7)
        def test_it(paymock_server):
            pass
    """)
    result = run()
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines("*paymock: usage error: there is no paymock option 'sed'*")


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ('paymock_server.outcomes.queue("success")', "no payment used: success"),
        ("paymock_server.faults.queue(faults.disconnect)", "no call met: disconnect"),
    ],
)
def test_what_is_left_over_fails_the_test(
    project: pytest.Pytester, run: Run, body: str, words: str
) -> None:
    project.makepyfile(f"""
        from calling import *

        def test_it(paymock_server):
            {body}
    """)
    result = run()
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(f"*{words}*")


def test_guards_look_at_what_came_over_the_wire(project: pytest.Pytester, run: Run) -> None:
    project.makepyfile("""
        from calling import *

        def test_it(paymock_server):
            paymock_server.faults.queue(faults.disconnect(after_commit=True))
            with pytest.raises(OSError):
                pay(paymock_server, description="Order 1")
            pay(paymock_server, description="Order 1")

        def test_leak(paymock_server):
            card = paymock_server.card()
            print("paying with", card["card_number"])
            sent = {"card": card, "customer": paymock_server.customer()}
            call(paymock_server, "/api/v1/tokenize", sent)
    """)
    result = run("-o", "paymock_guards=error")
    result.assert_outcomes(failed=2)
    result.stdout.fnmatch_lines(["*double_charge: cust_1 was charged 5 USD twice*"])
    result.stdout.fnmatch_lines(["*card_data_leak: the card number that ends in 0366*stdout*"])


def test_a_failing_test_shows_the_exchanges(project: pytest.Pytester, run: Run) -> None:
    project.makepyfile("""
        from calling import pay

        def test_it(paymock_server):
            pay(paymock_server, 0.02)
            paymock_server.assert_charged(0.02)
    """)
    result = run()
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        [
            "*paymock*",
            "base URL http://127.0.0.1:*, seed 0, clock *",
            "  1  server  POST /api/v1/payments  201",
            "  txn_*  failed  0.02 USD  cust_1  Visa 0366  (special amount 0.02)",
            "reproduce: pytest test_a_failing*::test_it --paymock-seed=0",
        ]
    )


def test_it_lives_beside_paymock(project: pytest.Pytester, run: Run) -> None:
    project.makepyfile("""
        import httpx
        from calling import pay

        def test_both(paymock, paymock_server):
            assert httpx.get(f"{paymock.base_url}/api/v1/tokens/tok_1").status_code == 404
            assert httpx.get(f"{paymock_server.url}/api/v1/tokens/tok_1").status_code == 404
            assert [call.client for call in paymock.calls] == ["httpx"]
            assert [call.client for call in paymock_server.calls] == ["server"]
            pay(paymock_server)
            assert not paymock.payments
    """)
    run().assert_outcomes(passed=1)


def test_nothing_is_left_when_the_session_ends(project: pytest.Pytester, run_apart: Run) -> None:
    project.makeconftest(
        Path(fixture.__file__).read_text()
        + """

def pytest_unconfigure():
    import os, socket, sys, threading

    sys.stderr.write(f"threads: {[thread.name for thread in threading.enumerate()]}\\n")
    links = (os.path.join("/proc/self/fd", fd) for fd in os.listdir("/proc/self/fd"))
    found = [os.readlink(link) for link in links if os.path.islink(link)]
    sys.stderr.write(f"sockets: {[link for link in found if 'socket' in link]}\\n")
"""
    )
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
    result = run_apart("-n", "2", "--dist", "load", "-rP")
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
