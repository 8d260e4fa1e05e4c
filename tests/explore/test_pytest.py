"""Exploration under pytest: what a failing world shows, and how to run only that one."""

import re

import pytest

TILL = '''
import httpx
import pytest

CLIENT = httpx.Client()


def send(paymock, token):
    order = {"token": token, "amount": 5, "customer_id": "cust_1"}
    return CLIENT.post(f"{paymock.base_url}/api/v1/payments", json=order)


def charge(paymock, token):
    """Charge, and charge again when there is no answer."""
    for _ in range(2):
        try:
            return send(paymock, token)
        except httpx.TransportError:
            pass


@pytest.fixture
def token(paymock):
    return paymock.add_token("visa", customer_id="cust_1").token
'''

GUILTY = """
from conftest import charge

def test_charged_once(paymock, token{subtests}):
    for world in paymock.explore({argument}):
        with world:
            charge(paymock, token)
            assert len(paymock.payments) <= 1
"""

ALONE = GUILTY.format(subtests="", argument="")
WITH_SUBTESTS = GUILTY.format(subtests=", subtests", argument="subtests=subtests")

AFTER_COMMIT = {
    5: "call 1 create_payment, read timeout after commit",
    7: "call 1 create_payment, disconnect after commit",
    9: "call 1 create_payment, connection reset after commit",
    11: "call 1 create_payment, truncated body after commit",
}


@pytest.fixture
def project(pytester: pytest.Pytester) -> pytest.Pytester:
    pytester.makeconftest(TILL)
    return pytester


def run(project: pytest.Pytester, *args: str) -> pytest.RunResult:
    return project.runpytest_inprocess("-W", "error", *args)


def test_a_failing_test_names_the_world_and_how_to_run_it(project: pytest.Pytester):
    project.makepyfile(test_till=ALONE)
    result = run(project, "--paymock-seed=7")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        [
            "*paymock: this is world 5 of 20: call 1 create_payment, read timeout after commit",
            "*run only this world: --paymock-world=5",
            "*- paymock -*",
            "in world 5 of 20: call 1 create_payment, read timeout after commit",
            "calls:",
            "  1  httpx  POST /api/v1/payments  no answer  fault: read timeout after commit",
            "       (the API acted, its answer was lost)  waited 5 s",
            "  2  httpx  POST /api/v1/payments  201",
            "  cust_1  USD  charged 10, answer lost for 5",
            "guard double_charge: cust_1 was charged 5 USD twice: the answer to",
            "reproduce: pytest test_till.py::test_charged_once --paymock-seed=7 --paymock-world=5",
        ]
    )


AFTER_CALLS = """
from conftest import charge, send

def test_charged_once(paymock, token):
    send(paymock, token)
    send(paymock, token)
    for world in paymock.explore():
        with world:
            charge(paymock, token)
            {body}
"""


def test_a_failing_world_says_which_of_the_calls_below_it_means(project: pytest.Pytester):
    project.makepyfile(test_till=AFTER_CALLS.format(body="assert len(paymock.payments) <= 3"))
    result = run(project)
    result.assert_outcomes(failed=1)
    world = (
        "world 5 of 20: call 1 create_payment, read timeout after commit "
        "(its call 1 is call 3 in all)"
    )
    result.stdout.fnmatch_lines(
        [
            f"*paymock: this is {world}",
            "in world 5 of 20: call 1 create_payment, read timeout after commit (its call 1",
            "       is call 3 in all)",
            "calls:",
            "  2  httpx  POST /api/v1/payments  201",
            "  3  httpx  POST /api/v1/payments  no answer  fault: read timeout after commit",
            "  4  httpx  POST /api/v1/payments  201",
        ]
    )


def test_a_guard_says_so_too(project: pytest.Pytester):
    project.makepyfile(test_till=AFTER_CALLS.format(body=""))
    result = run(project, "--paymock-guards=error")
    told = "double_charge: in world 5 of 20: * (its call 1 is call 3 in all): cust_1 was charged *"
    result.stdout.fnmatch_lines([f"E *{told} (call 3, read timeout after commit)*"])


def test_the_line_to_reproduce_reproduces_it(project: pytest.Pytester):
    project.makepyfile(
        test_till=ALONE.replace("with world:", "with world:\n            print(world)")
    )
    first = run(project)
    line = next(line for line in first.outlines if line.startswith("reproduce: pytest "))
    again = run(project, *line.split()[2:])
    again.assert_outcomes(failed=1)
    assert line in again.outlines
    assert [line for line in again.outlines if re.match(r"world \d+", line)] == [
        "world 1: no fault",
        f"world 5 of 20: {AFTER_COMMIT[5]}",
    ]
    assert ledger(again) == ledger(first)


def ledger(result: pytest.RunResult) -> list[str]:
    start = result.outlines.index("calls:")
    return [line for line in result.outlines[start:] if "httpx" in line or "txn_" in line][:2]


@pytest.mark.parametrize("number", [1, 4, 20])
def test_another_world_passes(project: pytest.Pytester, number: int):
    project.makepyfile(test_till=ALONE)
    run(project, f"--paymock-world={number}").assert_outcomes(passed=1)


def test_a_world_may_be_chosen_by_marker_and_ini_too(project: pytest.Pytester):
    project.makepyfile(
        test_till="""
        import pytest
        from conftest import charge

        def entered(paymock, token):
            numbers = []
            for world in paymock.explore():
                with world:
                    charge(paymock, token)
                    numbers.append(world.number)
            return numbers

        def test_ini(paymock, token):
            assert entered(paymock, token) == [1, 3]

        @pytest.mark.paymock(world=6)
        def test_marker(paymock, token):
            assert entered(paymock, token) == [1, 6]
        """
    )
    project.makeini("[pytest]\npaymock_world = 3\n")
    run(project).assert_outcomes(passed=2)


def test_a_world_that_does_not_exist_fails_the_test(project: pytest.Pytester):
    project.makepyfile(test_till=ALONE)
    result = run(project, "--paymock-world=21")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        ["*UsageError: there is no world 21: this exploration has 20 (--paymock-world=21)"]
    )


def test_worlds_that_only_prepare_it_may_fail_or_skip(project: pytest.Pytester):
    project.makepyfile(
        test_till="""
        import pytest
        from conftest import charge

        @pytest.mark.parametrize("end", [pytest.fail, pytest.skip, pytest.xfail])
        def test_prepared(paymock, token, end):
            for world in paymock.explore():
                with world:
                    charge(paymock, token)
                    if world.number != 12:
                        end("not the one that was asked for")
        """
    )
    run(project, "--paymock-world=12").assert_outcomes(passed=3)


def test_with_subtests_every_failing_world_is_reported(project: pytest.Pytester):
    project.makepyfile(test_till=WITH_SUBTESTS)
    result = run(project)
    result.stdout.fnmatch_lines(
        [
            f"SUBFAILED*world {number} of 20: {words}* test_till.py::test_charged_once*"
            for number, words in AFTER_COMMIT.items()
        ]
    )
    result.stdout.fnmatch_lines(["*contains 4 failed subtests"])
    reproductions = [line for line in result.outlines if line.startswith("reproduce: ")]
    assert [line.rpartition("=")[2] for line in reproductions[:4]] == ["5", "7", "9", "11"]


def test_with_subtests_what_a_guard_finds_is_reported_for_every_world(project: pytest.Pytester):
    project.makepyfile(test_till=WITH_SUBTESTS.replace("assert len(paymock.payments) <= 1", "pass"))
    result = run(project, "--paymock-guards=error")
    result.stdout.fnmatch_lines(
        [
            f"E *double_charge: in world {number} of 20: {words}: cust_1 was charged 5 USD twice: *"
            for number, words in AFTER_COMMIT.items()
        ]
    )
    result.stdout.fnmatch_lines(["*contains 4 failed subtests"])


def test_a_skip_within_a_world_skips_the_test(project: pytest.Pytester):
    project.makepyfile(
        test_till="""
        import pytest
        from conftest import charge

        def test_skipped(paymock, token):
            for world in paymock.explore():
                with world:
                    charge(paymock, token)
                    pytest.skip("no need")
        """
    )
    run(project).assert_outcomes(skipped=1)


def test_left_over_scripts_of_the_world_without_faults_fail_the_test(project: pytest.Pytester):
    project.makepyfile(
        test_till="""
        from conftest import send

        def test_left_over(paymock, token):
            paymock.outcomes.queue("success", "card_declined")
            for world in paymock.explore([]):
                with world:
                    send(paymock, token)
        """
    )
    result = run(project)
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        ["*paymock: the test queued outcomes that no payment used: card_declined; *"]
    )


LEFT = """
from conftest import charge, pytest

{mark}
def test_left(paymock, token):
    for world in paymock.explore():
        with world:
            charge(paymock, token)
            if world.number == 3:
                {way}
"""


@pytest.mark.parametrize("way", ["break", "return"])
def test_a_loop_that_is_left_early_fails_the_test(project: pytest.Pytester, way: str):
    project.makepyfile(test_till=LEFT.format(mark="", way=way))
    result = run(project)
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        [
            "paymock: the loop over explore() was left after 3 of 20 worlds, so the faults of *",
            "*- paymock -*",
            "in world 3 of 20: call 1 create_payment, connect timeout",
        ]
    )
    # Once, and not again when the fixtures end.
    assert sum(line.startswith("paymock: the loop over") for line in result.outlines) == 1


HELD = """
from conftest import charge, pytest

@pytest.fixture
def worlds(paymock):
    return iter(paymock.explore())

def test_left(paymock, token, worlds):
    for world in worlds:
        with world:
            charge(paymock, token)
        if world.number == 3:
            break
"""


def test_so_it_is_where_a_fixture_holds_the_iterator(project: pytest.Pytester):
    project.makepyfile(test_till=HELD)
    result = run(project)
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        [
            "paymock: the loop over explore() was left after 3 of 20 worlds, so the faults of *",
            "reproduce: pytest test_till.py::test_left --paymock-seed=0",
        ]
    )


@pytest.mark.parametrize(
    ("way", "outcome"),
    [
        ("pytest.skip('enough')", {"skipped": 1}),
        ("pytest.xfail('enough')", {"xfailed": 1}),
        ("assert not 'my own reason'", {"failed": 1}),
    ],
)
def test_a_loop_that_an_exception_has_ended_is_not_told(
    project: pytest.Pytester, way: str, outcome: dict[str, int]
):
    project.makepyfile(test_till=LEFT.format(mark="", way=way))
    result = run(project)
    result.assert_outcomes(**outcome)
    result.stdout.no_fnmatch_line("*the loop over explore()*")


def test_a_loop_that_is_left_early_may_be_expected_to_fail(project: pytest.Pytester):
    project.makepyfile(test_till=LEFT.format(mark="@pytest.mark.xfail", way="break"))
    run(project).assert_outcomes(xfailed=1)


def test_what_one_test_left_early_is_not_told_of_the_next(project: pytest.Pytester):
    project.makepyfile(
        test_till="""
        import pytest
        from conftest import charge
        from pytest_paymock import Paymock

        @pytest.fixture(scope="module")
        def service():
            with Paymock() as paymock:
                yield paymock

        @pytest.fixture(autouse=True)
        def anew(service):
            service.reset()
            yield
            service.verify()

        def test_left(service):
            token = service.add_token().token
            for world in service.explore():
                with world:
                    charge(service, token)
                    break

        def test_other(service):
            charge(service, service.add_token().token)
        """
    )
    result = run(project)
    result.assert_outcomes(passed=2, errors=1)
    result.stdout.fnmatch_lines(
        ["ERROR test_till.py::test_left - *ExpectationError: the loop ove*"]
    )
