"""``paymock_server`` as a test sees it: a new fake each time, its options, what it answers for."""

import pytest

from .conftest import Run


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

        def test_header(paymock_server):
            card = paymock_server.card()
            sent = {"card": card, "customer": paymock_server.customer()}
            call(paymock_server, "/api/v1/tokenize", sent)
            header = {"X-Card": card["card_number"]}
            asked = urllib.request.Request(f"{paymock_server.url}/nothing", headers=header)
            with pytest.raises(OSError, match="404") as refused:
                urllib.request.urlopen(asked, timeout=20)
            refused.value.close()
    """)
    result = run("-o", "paymock_guards=error")
    result.assert_outcomes(failed=3)
    result.stdout.fnmatch_lines(["*double_charge: cust_1 was charged 5 USD twice*"])
    result.stdout.fnmatch_lines(["*card_data_leak: the card number that ends in 0366*stdout*"])
    result.stdout.fnmatch_lines(["*card_data_leak: the card number that ends in 0366*call 2*"])


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
            "  txn_*  failed  0.02 USD  cust_1  Visa 0366  call 1",
            "       Card declined  (special amount 0.02)",
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


def test_a_missing_extra_is_told_with_the_command_that_mends_it(
    project: pytest.Pytester, run_apart: Run
) -> None:
    project.makeconftest("""
        import sys

        sys.modules["fastapi"] = None
    """)
    project.makepyfile("""
        def test_server(paymock_server):
            raise AssertionError

        def test_the_rest_works(paymock):
            assert not paymock.calls
    """)
    result = run_apart()
    result.assert_outcomes(errors=1, passed=1)
    result.stdout.fnmatch_lines(
        ["*paymock: paymock_server needs *fastapi*pip install 'pytest-paymock[[]server[]]'*"]
    )


def test_a_test_may_ask_for_it_late_under_a_frozen_clock(
    project: pytest.Pytester, run_apart: Run
) -> None:
    project.makepyfile("""
        import freezegun
        from calling import *

        @freezegun.freeze_time("2031-01-01", tick=True)
        def test_late(request):
            paymock_server = request.getfixturevalue("paymock_server")
            assert pay(paymock_server)["status"] == "success"
            assert paymock_server.payments.one().processed_at.year == 2031
    """)
    run_apart().assert_outcomes(passed=1)
