"""A fake of the user's own fixture, for a module or a class, is shown like any other."""

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
reproduce: pytest test_shop.py::test_failing --paymock-seed=0
"""


@pytest.mark.parametrize("arguments", [(), ("-n", "1")], ids=["one process", "a worker"])
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
    assert rest == SECTION


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
