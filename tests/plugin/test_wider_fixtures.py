"""A fake of the user's own fixture, for a module or a class, is shown like any other."""

import json
from typing import Any

import pytest

from .conftest import Run
from .reading import sections

MODULE = """
import pytest
from pytest_paymock import Paymock
from shop import buy

@pytest.fixture(scope="module")
def service():
    with Paymock(seed=7, clock="2026-01-27T12:00:00", base_url="https://pay.example") as fake:
        yield fake

@pytest.fixture(scope="module")
def same(service):
    return service

@pytest.fixture(autouse=True)
def anew(service):
    service.reset()
"""

ALONE = """
def test_passing(service): buy(service)

def test_failing(service, same):
    buy(service, 5)
    assert False
"""

SECTION = """\
base URL https://pay.example, seed 7, clock 2026-01-27T12:00:00 UTC (pinned)
calls:
  1  httpx  POST /api/v1/tokenize  201
  2  httpx  POST /api/v1/payments  201
payments:
  txn_20260127120000_fdaad13b  success  5 USD  cust_1  Visa 0366  call 2
       (seeded draw 0.621 < 0.90)
money:
  cust_1  USD  charged 5
reproduce: pytest test_shop.py::test_failing
"""


@pytest.mark.parametrize(
    "arguments", [(), ("-p", "xdist", "-n", "1")], ids=["one process", "a worker"]
)
def test_a_failing_test_shows_it(project: pytest.Pytester, run: Run, arguments: tuple[str, ...]):
    project.makepyfile(test_shop=MODULE + ALONE)
    result = run(*arguments)
    result.assert_outcomes(passed=1, failed=1)
    assert sections(result) == [SECTION]
    # The fake may not be the only one of the run: neither a header nor a summary speaks for it.
    result.stdout.no_fnmatch_line("paymock *: seed *")
    result.stdout.no_fnmatch_line("=* paymock =*")


def test_it_is_shown_beside_the_fake_of_the_test(project: pytest.Pytester, run: Run):
    project.makepyfile(
        test_shop=f"{MODULE}\ndef test_failing(service, paymock): buy(service, 5); assert False"
    )
    project.makeini("[pytest]\npaymock_clock = 2026-01-27T12:00:00")
    (section,) = sections(run())
    first, nothing, rest = section.split("\n", 2)
    assert first.startswith("base URL http://localhost:8000, seed 0, ")
    assert nothing == "nothing was called and nothing was paid"
    assert rest == SECTION.rstrip() + " --paymock-seed=0\n"


def test_what_it_found_is_said_once_at_its_own_end(project: pytest.Pytester, run: Run):
    project.makepyfile(
        test_shop=f"""{MODULE}
def test_foreign(service):
    token = service.add_token(customer_id="cust_2").token
    buy(service)
    import httpx
    order = {{"token": token, "amount": 5, "customer_id": "cust_1"}}
    httpx.post("https://pay.example/api/v1/payments", json=order)
"""
    )
    result = run("-W", "default")
    result.assert_outcomes(passed=1, warnings=1)
    result.stdout.no_fnmatch_line("* finding*")


EXPLORED = """
@pytest.mark.parametrize("name", ["paymock", "service"])
def test_explored(name, request):
    fake = request.getfixturevalue(name)
    for world in fake.explore():
        with world:
            try:
                buy(fake)
            except Exception:
                pass
            assert len(fake.calls) == 2
"""


def test_its_world_is_run_alone_by_its_arguments(project: pytest.Pytester, run: Run):
    project.makepyfile(test_shop=MODULE + EXPLORED)
    result = run()
    result.assert_outcomes(failed=2)
    told = [line.partition(": ")[2] for line in result.outlines if "run only this world" in line]
    assert told == ["--paymock-world=2", "Paymock(world=2)"]


SHARED = f"""{MODULE.replace("autouse=True", "")}
import httpx
from pytest_paymock import faults

def explore(fake, leave_at=0):
    for world in fake.explore([faults.connect_error, faults.disconnect]):
        with world:
            try:
                buy(fake)
            except httpx.TransportError:
                pass
        if world.number == leave_at:
            break

def stop(fake, path):
    try:
        httpx.get("https://bank.example" + path)
    except httpx.ConnectError:
        pass
"""

FACTS = """
def test_first(service):
    explore(service)
    stop(service, "/first")
    service.checks.act_on([Finding("foreign_token", "one")])

def test_idle(service): pass

def test_last(service):
    service.reset()
    stop(service, "/last")
    explore(service)
    with pytest.warns(PaymockWarning):
        service.checks.act_on([Finding("foreign_token", "two")])
"""


def facts(project: pytest.Pytester, run: Run, source: str) -> dict[str, Any]:
    """Return what the report says of the one fake of each test, by the name of the test."""
    project.makepyfile(test_shop=source)
    run("--paymock-report=report.json", "-W", "ignore")
    tests = json.loads((project.path / "report.json").read_text("utf-8"))["tests"]
    return {test["name"].partition("::test_")[2]: test["fakes"][0] for test in tests}


def test_the_facts_of_a_test_are_its_own(project: pytest.Pytester, run: Run):
    imports = (
        "from pytest_paymock import PaymockWarning\n"
        "from pytest_paymock._checks.guards import Finding"
    )
    told = facts(project, run, f"{SHARED}\n{imports}\n{FACTS}")
    assert {name: len(fake["explorations"]) for name, fake in told.items()} == {
        "first": 1,
        "idle": 0,
        "last": 1,
    }
    stopped = [[words.split(":")[1] for words in fake["blocked"]] for fake in told.values()]
    assert stopped == [["//bank.example/first"], [], ["//bank.example/last"]]
    found = [[one["words"].split(" (")[0] for one in fake["findings"]] for fake in told.values()]
    assert found == [["foreign_token: one"], [], ["foreign_token: two"]]


def test_a_test_that_fails_later_is_in_no_world_of_an_earlier_one(
    project: pytest.Pytester, run: Run
):
    project.makepyfile(
        test_shop=f"{SHARED}\ndef test_left(service): explore(service, leave_at=2)\n"
        "def test_failing(service): assert False\n"
    )
    result = run()
    result.assert_outcomes(passed=1, failed=1, errors=1)
    result.stdout.no_fnmatch_line("*paymock: this is world*")
    result.stdout.no_fnmatch_line("in world 2 *")
    result.stdout.fnmatch_lines(["*the loop over explore() was left after 2 of 7 worlds*"])


def test_a_section_tells_of_the_requests_of_its_own_test(project: pytest.Pytester, run: Run):
    project.makepyfile(
        test_shop=f"""{SHARED}
def test_let_through(service):
    with pytest.raises(httpx.ConnectError):
        httpx.get("http://127.0.0.1:1/api/v1/payments")

@pytest.mark.parametrize("path", ["/one", "/two"])
def test_failing(service, path):
    stop(service, path)
    assert False
""".replace('base_url="https://pay.example"', 'base_url="http://127.0.0.1:9"')
    )
    result = run()
    result.assert_outcomes(passed=1, failed=2)
    shown = [section.partition("reproduce")[0] for section in sections(result)]
    assert [[path in text for path in ("/one", "/two")] for text in shown] == [
        [True, False],
        [False, True],
    ]
    assert "let through" not in "".join(shown)


def test_a_swallowed_block_is_told_of_the_test_that_did_it(project: pytest.Pytester, run: Run):
    project.makepyfile(
        test_shop=f"""{SHARED}
def test_swallowing(service):
    stop(service, "/swallowed")

def test_open(service):
    httpx.get("https://bank.example/open")

def test_idle(service):
    pass
"""
    )
    result = run("-rfE")
    result.assert_outcomes(passed=1, failed=2)
    told = [line for line in result.outlines if "swallowed the error" in line]
    assert [line.split("GET ")[1].split(":")[1] for line in told] == ["//bank.example/swallowed"]
    result.stdout.fnmatch_lines(["FAILED *::test_swallowing - *", "FAILED *::test_open - *"])


def test_a_world_that_is_open_still_is_that_of_each_test(project: pytest.Pytester, run: Run):
    project.makepyfile(
        test_shop=f"""{SHARED}
@pytest.fixture(scope="module")
def first_world(service):
    worlds = iter(service.explore())
    with next(worlds):
        yield
    worlds.close()

def test_one(service, first_world): assert buy(service) is None
def test_two(service, first_world): assert buy(service) is None
"""
    )
    result = run()
    told = [line for line in result.outlines if line.startswith("E   paymock: this is world")]
    assert told == ["E   paymock: this is world 1: no fault"] * 2
