"""``--paymock-report=FILE.json``: what it says of a test, and of a run."""

import json
from pathlib import Path
from typing import Any

import pytest

from pytest_paymock import __version__

from .conftest import STEADY, Reported, Run, read

SALE = """
from pytest_paymock import faults

def test_sale(paymock):
    token = tokenize(paymock)
    paymock.faults.queue(faults.read_timeout(after_commit=True), on="create_payment")
    pay_naively(paymock, amount=99.99)
    pay(paymock, 0.02, "cust_2", "requests")
    pay(paymock, 12000, currency="EUR")
    refund(paymock, paymock.payments.first)
    send(paymock, "GET", "/api/v1/nothing")
    paymock.outcomes.queue("success", optional=True)
    paymock.faults.queue(faults.disconnect, on="refund", optional=True)
"""


@pytest.fixture
def sale(reported: Reported) -> Any:
    """What is said of the only fake of a test in which much happens."""
    (test,) = reported(SALE, "--paymock-seed=7")["tests"]
    assert test["name"] == "test_till.py::test_sale"
    assert test["outcome"] == "passed"
    assert test["reproduce"] == "pytest test_till.py::test_sale --paymock-seed=7"
    (fake,) = test["fakes"]
    return fake


def test_a_fake_is_told_with_what_rules_it(sale: Any):
    assert sale["base_url"] == "http://localhost:8000"
    assert sale["seed"] == 7
    assert sale["clock_pinned"] is True
    assert sale["waiting"] == ["success", "disconnect on refund"]


def test_every_exchange_is_told(sale: Any):
    brief = [(call["client"], call["endpoint"], call["status"]) for call in sale["calls"]]
    assert brief == [
        ("httpx", "tokenize", 201),
        ("httpx", "create_payment", None),
        ("httpx", "create_payment", 201),
        ("requests", "create_payment", 201),
        ("httpx", "create_payment", 201),
        ("httpx", "refund", 200),
        ("httpx", None, 404),
    ]
    assert [call["number"] for call in sale["calls"]] == [1, 2, 3, 4, 5, 6, 7]


def test_a_fault_is_told_with_its_phase_and_how_long_the_client_waited(sale: Any):
    lost = sale["calls"][1]
    assert lost["fault"] == {
        "name": "read_timeout",
        "words": "read timeout after commit",
        "phase": "after commit",
    }
    assert lost["lost"] is True
    assert lost["waited"] == 5.0
    assert (lost["at"], sale["calls"][2]["at"], sale["clock"]) == (
        "2026-01-27T12:00:00.000Z",
        "2026-01-27T12:00:05.000Z",
        "2026-01-27T12:00:05.000Z",
    )


def test_an_exchange_without_a_fault_says_so_and_a_refusal_says_why(sale: Any):
    *_, nowhere = sale["calls"]
    assert nowhere == {
        "number": 7,
        "client": "httpx",
        "endpoint": None,
        "method": "GET",
        "path": "/api/v1/nothing",
        "status": 404,
        "detail": "Not Found",
        "fault": None,
        "lost": False,
        "at": "2026-01-27T12:00:05.000Z",
        "waited": 0.0,
    }


def test_every_payment_is_told_with_its_reason_and_its_exchange(sale: Any):
    first, again, declined, large = sale["payments"]
    assert first == {
        "transaction_id": "txn_20260127120000_fdaad13b",
        "status": "success",
        "outcome": "success",
        "message": "Payment processed successfully",
        "reason": "seeded draw 0.621 < 0.90",
        "amount": "99.99",
        "currency": "USD",
        "customer_id": "cust_1",
        "card_type": "Visa",
        "last_four": "0366",
        "call": 2,
        "lost": True,
        "refund_id": sale["refunds"][0]["refund_id"],
    }
    assert (again["lost"], again["call"], again["refund_id"]) == (False, 3, None)
    assert (declined["status"], declined["outcome"]) == ("failed", "card_declined")
    assert (large["status"], large["amount"]) == ("pending", "12000")


def test_every_refund_is_told(sale: Any):
    (refund,) = sale["refunds"]
    assert refund == {
        "refund_id": "ref_20260127120005_432650bf",
        "transaction_id": "txn_20260127120000_fdaad13b",
        "amount": "99.99",
        "currency": "USD",
        "customer_id": "cust_1",
        "call": 6,
    }


def test_the_money_is_summed_by_customer_and_currency(sale: Any):
    zero = {"charged": "0", "refunded": "0", "kept": "0", "pending": "0", "lost": "0"}
    assert sale["balances"] == [
        zero
        | {"customer_id": "cust_1", "currency": "USD", "charged": "199.98"}
        | {"refunded": "99.99", "kept": "99.99", "lost": "99.99"},
        zero | {"customer_id": "cust_2", "currency": "USD"},
        zero | {"customer_id": "cust_1", "currency": "EUR", "pending": "12000"},
    ]


@pytest.mark.parametrize(
    ("fault", "phase"),
    [
        ("faults.connect_error", "before commit"),
        ("faults.server_error", "before commit"),
        ("faults.server_error(after_commit=True)", "after commit"),
        ("faults.latency(3)", "late answer"),
    ],
)
def test_every_fault_has_a_phase(reported: Reported, fault: str, phase: str):
    report = reported(
        f"""
        from pytest_paymock import faults
        def test_fault(paymock):
            paymock.faults.queue({fault})
            pay_naively(paymock)
        """.replace("\n        ", "\n")
    )
    (test,) = report["tests"]
    told = test["fakes"][0]["calls"][0]
    assert told["fault"]["phase"] == phase
    assert told["lost"] is (phase == "after commit")
    assert told["waited"] == (3.0 if phase == "late answer" else 0.0)


def test_what_a_test_arranged_has_no_exchange(reported: Reported):
    report = reported(
        """
def test_arranged(paymock):
    payment = paymock.add_payment(amount=25)
"""
    )
    (payment,) = report["tests"][0]["fakes"][0]["payments"]
    assert payment["call"] is None
    assert payment["lost"] is False
    assert payment["reason"] == "arranged by the test"


def test_answers_that_are_no_objects_have_no_detail(reported: Reported):
    report = reported(
        """
from pytest_paymock import faults
def test_garbled(paymock):
    paymock.faults.queue(faults.malformed_json)
    pay(paymock)
"""
    )
    (call,) = report["tests"][0]["fakes"][0]["calls"]
    assert (call["status"], call["detail"]) == (201, None)


def test_a_refund_that_the_test_did_without_http_has_no_exchange(reported: Reported):
    report = reported(
        """
from pytest_paymock._engine.engine import Moment
from pytest_paymock._engine.journal import Entry

def test_refunded(paymock):
    payment, now = paymock.add_payment(amount=25), Moment(None, paymock.clock.now())
    refund = paymock._parts.engine.refund(payment.transaction_id, now)
    paymock._parts.journal.append(Entry(effect=refund))
"""
    )
    (refund,) = report["tests"][0]["fakes"][0]["refunds"]
    assert refund["call"] is None


def test_every_fake_of_a_test_is_told(reported: Reported):
    report = reported(
        """
def test_two(paymock, paymock_factory):
    other = paymock_factory(base_url="https://pay.example/v2", seed=3)
    pay(other)
"""
    )
    one, other = report["tests"][0]["fakes"]
    assert (one["base_url"], one["seed"], one["calls"]) == ("http://localhost:8000", 0, [])
    assert (other["base_url"], other["seed"]) == ("https://pay.example/v2", 3)


def test_a_real_clock_is_told_as_such(reported: Reported, project: pytest.Pytester):
    project.makeini("[pytest]\n")
    report = reported("def test_now(paymock): pay(paymock)")
    assert report["tests"][0]["fakes"][0]["clock_pinned"] is False


# -- worlds, findings, blocked requests -------------------------------------------------------

EXPLORED = """
from pytest_paymock import faults

def test_explored(paymock):
    for world in paymock.explore([faults.server_error, faults.latency(1)]):
        with world:
            if pay(paymock).status_code >= 500:
                pay(paymock)
            assert len(paymock.payments) <= 1
"""


def worlds_in(report: dict[str, Any]) -> list[Any]:
    (test,) = report["tests"]
    return [
        [(world["number"], world["outcome"]) for world in worlds]
        for worlds in test["fakes"][0]["explorations"]
    ]


def test_worlds_are_told_with_what_came_of_them(reported: Reported):
    report = reported(EXPLORED)
    assert worlds_in(report) == [
        [(1, "passed"), (2, "passed"), (3, "failed"), (4, "not run")],
    ]
    worlds = report["tests"][0]["fakes"][0]["explorations"][0]
    assert worlds[0]["faults"] == []
    assert worlds[2]["faults"] == [
        {
            "call": 1,
            "endpoint": "create_payment",
            "fault": {
                "name": "server_error",
                "words": "HTTP 500 after commit",
                "phase": "after commit",
            },
            "length": 1,
        }
    ]
    assert report["totals"]["worlds"] == 3
    assert report["totals"]["failed_worlds"] == 1
    assert report["tests"][0]["reproduce"].endswith(" --paymock-world=3")


def test_worlds_that_only_prepare_another_count_as_not_run(reported: Reported):
    report = reported(EXPLORED, "--paymock-world=4")
    assert worlds_in(report) == [
        [(1, "not run"), (2, "not run"), (3, "not run"), (4, "passed")],
    ]


def test_every_exploration_of_a_test_is_told(reported: Reported):
    body = EXPLORED.partition("    for")[2]
    report = reported(f"{EXPLORED.replace('<= 1', '<= 2')}    for{body}".replace("<= 1", "<= 4"))
    assert worlds_in(report) == [[(n, "passed") for n in (1, 2, 3, 4)]] * 2


def test_a_world_that_a_guard_fails_is_told_with_the_finding(reported: Reported):
    report = reported(EXPLORED.replace("<= 1", "<= 2"), "--paymock-guards=error")
    assert worlds_in(report) == [[(1, "passed"), (2, "passed"), (3, "failed"), (4, "not run")]]
    (finding,) = report["tests"][0]["fakes"][0]["findings"]
    assert finding["guard"] == "double_charge"
    assert finding["words"].startswith("double_charge: in world 3 of 4: call 1 create_payment, ")


@pytest.mark.parametrize("guards", ["warn", "error"])
def test_what_a_guard_finds_is_told(reported: Reported, guards: str):
    report = reported(
        """
def test_foreign(paymock):
    pay(paymock, owner="cust_2")
""",
        f"--paymock-guards={guards}",
    )
    (finding,) = report["tests"][0]["fakes"][0]["findings"]
    assert finding["guard"] == "foreign_token"
    assert finding["words"].startswith("foreign_token: txn_20260127120000_3c5a60cf charges cust_1")
    assert report["totals"]["findings"] == 1


STRAY = 'httpx.get("https://bank.example/")'


@pytest.mark.parametrize(
    "body",
    [STRAY, f"\n    with pytest.raises(httpx.ConnectError):\n        {STRAY}"],
    ids=["no", "yes"],
)
def test_a_blocked_request_is_told_whether_swallowed_or_not(reported: Reported, body: str):
    report = reported(f"def test_stray(paymock): {body}")
    (test,) = report["tests"]
    (blocked,) = test["fakes"][0]["blocked"]
    assert test["outcome"] == "failed"
    assert blocked.startswith("paymock stopped GET https://bank.example/: ")
    assert report["totals"]["blocked"] == 1


# -- outcomes ---------------------------------------------------------------------------------

OUTCOMES = """
@pytest.fixture
def broken(paymock):
    pay(paymock)
    raise RuntimeError

@pytest.fixture
def broken_later(paymock):
    yield
    raise RuntimeError

def test_passed(paymock): pay(paymock)
def test_failed(paymock): assert not pay(paymock)
def test_failed_and_broken(paymock, broken_later): assert not pay(paymock)
def test_error(broken): pass
def test_error_later(broken_later): pass
def test_skipped(paymock): pytest.skip()
@pytest.mark.xfail
def test_xfailed(paymock): assert not pay(paymock)
@pytest.mark.xfail(strict=False)
def test_xpassed(paymock): pay(paymock)
@pytest.mark.xfail(strict=True)
def test_xpassed_strictly(paymock): pay(paymock)
def test_plain(): pass
def test_subtests(paymock, subtests):
    with subtests.test("skipped"): pytest.skip()
    with subtests.test("passed"): pay(paymock)
def test_subtests_failed(paymock, subtests):
    with subtests.test("failed"): assert not pay(paymock)
    with subtests.test("passed"): pay(paymock)
"""

ENDED = {
    "test_error": "error",
    "test_error_later": "error",
    "test_failed": "failed",
    "test_failed_and_broken": "failed",
    "test_passed": "passed",
    "test_skipped": "skipped",
    "test_subtests": "passed",
    "test_subtests_failed": "failed",
    "test_xfailed": "xfailed",
    "test_xpassed": "xpassed",
    "test_xpassed_strictly": "failed",
}


def outcomes(report: dict[str, Any]) -> dict[str, str]:
    return {test["name"].partition("::")[2]: test["outcome"] for test in report["tests"]}


@pytest.mark.parametrize(
    "workers", [(), ("-p", "xdist", "-n", "2")], ids=["one process", "two workers"]
)
def test_every_test_with_a_fake_is_told_by_name_with_its_outcome(
    reported: Reported, workers: tuple[str, ...]
):
    report = reported(OUTCOMES, *workers)
    assert list(outcomes(report)) == sorted(ENDED)
    assert outcomes(report) == ENDED
    assert report["totals"]["tests"] == len(ENDED)
    assert report["totals"]["failed"] == 6
    assert report["interrupted"] is False


def test_workers_and_one_process_say_the_same(reported: Reported):
    one, merged = reported(OUTCOMES), reported(OUTCOMES, "-p", "xdist", "-n", "2")
    assert one | {"created_at": ""} == merged | {"created_at": ""}


def test_the_totals_add_up(reported: Reported):
    totals = reported(SALE)["totals"]
    assert totals == {
        "tests": 1,
        "failed": 0,
        "calls": 7,
        "faults": 1,
        "lost": 1,
        "payments": 4,
        "refunds": 1,
        "worlds": 0,
        "failed_worlds": 0,
        "findings": 0,
        "blocked": 0,
    }


def test_a_report_says_what_it_is(reported: Reported):
    report = reported(SALE)
    assert (report["format"], report["version"]) == ("pytest-paymock-report", 1)
    assert report["generator"] == f"pytest-paymock {__version__}"


# -- runs that end otherwise ------------------------------------------------------------------


@pytest.mark.parametrize(
    "workers", [(), ("-p", "xdist", "-n", "1")], ids=["one process", "a worker"]
)
def test_a_run_without_the_fake_has_an_empty_report(reported: Reported, workers: tuple[str, ...]):
    report = reported("def test_plain(): pass", *workers)
    assert report["tests"] == []
    assert set(report["totals"].values()) == {0}


def test_a_run_without_tests_has_an_empty_report(reported: Reported):
    assert reported("")["tests"] == []


@pytest.mark.parametrize(
    "workers", [(), ("-p", "xdist", "-n", "1")], ids=["one process", "a worker"]
)
def test_a_run_that_stops_at_a_failure_has_a_report(reported: Reported, workers: tuple[str, ...]):
    source = "def test_1(paymock): assert 0\ndef test_2(paymock): pass\ndef test_3(paymock): pass"
    report = reported(source, "-x", *workers)
    assert next(iter(outcomes(report).items())) == ("test_1", "failed")
    assert report["interrupted"] is True


def test_a_run_that_somebody_stops_has_a_report(project: pytest.Pytester):
    project.makepyfile(
        test_till="""
        from till import pay

        def test_1(paymock): pay(paymock)
        def test_2(paymock): raise KeyboardInterrupt
        """
    )
    project.runpytest_subprocess(*STEADY, "--paymock-report=report.json")
    report = read(project.path / "report.json")
    assert outcomes(report) == {"test_1": "passed"}
    assert report["interrupted"] is True


def test_collection_alone_writes_nothing(run: Run, project: pytest.Pytester):
    result = run(SALE, "--collect-only", "--paymock-report=report.json")
    assert result.ret == 0
    assert not (project.path / "report.json").exists()


# -- hostile values ---------------------------------------------------------------------------

HOSTILE = r"""
VISA = "4532015112830366"
NASTY = "\x1b[2J\u202e</script><b>&\n"

@pytest.mark.parametrize("card", [VISA])
def test_hostile(paymock, card):
    tokenize(paymock, NASTY)
    pay(paymock, 5, NASTY, description=VISA)
    pay(paymock, 1e300, card)
    send(paymock, "GET", f"/api/v1/tokens/{VISA}")
    send(paymock, "POST", "/api/v1/payments", json={"cvv": "987", "token": NASTY})
    paymock.add_payment(amount=5, customer_id=VISA)
    paymock.add_payment(amount=5, customer_id="half \ud800")
    assert 0
"""


@pytest.mark.parametrize(
    "workers", [(), ("-p", "xdist", "-n", "1")], ids=["one process", "a worker"]
)
def test_no_card_and_no_control_character_is_in_a_report(
    reported: Reported, project: pytest.Pytester, workers: tuple[str, ...]
):
    report = reported(HOSTILE, *workers)
    text = (project.path / "report.json").read_text("utf-8")
    assert "4532015112830366" not in text
    assert '"123"' not in text
    assert "987" not in text
    (test,) = report["tests"]
    assert test["name"] == "test_till.py::test_hostile[************0366]"
    customers = [payment["customer_id"] for payment in test["fakes"][0]["payments"]]
    assert customers == [
        r"\x1b[2J\u202e</script><b>&\n",
        *["************0366"] * 2,
        r"half \ud800",
    ]
    for value in strings_in(report):
        assert value.isprintable()


CURRENCY = r"""
from pytest_paymock import faults

@pytest.mark.paymock(profile="deployed")
def test_any_text_is_a_currency(paymock):
    paid = pay(paymock, 5, currency="\x1b[2J\u202e\x00").json()
    send(paymock, "POST", f"/api/v1/transactions/{paid['transaction_id']}/refund")
    for world in paymock.explore([faults.server_error]):
        with world:
            pay(paymock, 5, currency="\x1b[2J\u202e\x00")
            assert world.number == 1
"""


def test_no_control_character_is_in_the_currency_of_the_deployed_service(reported: Reported):
    report = reported(CURRENCY)
    (test,) = report["tests"]
    (fake,) = test["fakes"]
    (worlds,) = fake["explorations"]
    for ledger in (fake, worlds[1]["ledger"]):
        for kind in ("payments", "refunds", "balances"):
            assert {one["currency"] for one in ledger[kind]} == {r"\x1b[2J\u202e\x00"}
    for value in strings_in(report):
        assert value.isprintable()


def strings_in(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [text for inner in value.values() for text in strings_in(inner)]
    if isinstance(value, list):
        return [text for inner in value for text in strings_in(inner)]
    return [value] if isinstance(value, str) else []


# -- files ------------------------------------------------------------------------------------


def test_several_reports_may_be_asked_for(run: Run, project: pytest.Pytester):
    flags = ("--paymock-report=one.json", "--paymock-report=new/two.JSON")
    run(SALE, *flags).assert_outcomes(passed=1)
    one, two = (project.path / name for name in ("one.json", "new/two.JSON"))
    assert one.read_bytes() == two.read_bytes()
    assert read(one)["totals"]["tests"] == 1


def test_a_report_takes_the_place_of_an_older_one(reported: Reported, project: pytest.Pytester):
    Path(project.path / "report.json").write_text("x" * 100_000)
    assert reported(SALE)["totals"]["tests"] == 1


def test_without_a_report_only_what_the_summary_needs_is_kept(run: Run, project: pytest.Pytester):
    project.makeconftest(
        """
        def pytest_runtest_logreport(report):
            known = {name: value for name, value in vars(report).items() if "paymock" in name}
            if known:
                print(known)
        """
    )
    result = run(SALE, "-s")
    (line,) = (line for line in result.outlines if "{" in line)
    counts = {"worlds": 0, "failed_worlds": 0, "seconds": 0}
    brief = {"seeds": [0], **counts, "findings": [], "blocked": []}
    assert line[line.index("{") :] == str({"paymock": json.dumps(brief)})


@pytest.mark.parametrize("seed", [-(10**40), 10**40])
def test_a_number_that_no_channel_takes_gets_through(reported: Reported, seed: int):
    report = reported(SALE, f"--paymock-seed={seed}", "-p", "xdist", "-n", "1")
    assert report["tests"][0]["fakes"][0]["seed"] == seed


def test_a_fake_of_a_wider_fixture_is_told_in_each_test_that_has_it(reported: Reported):
    report = reported(
        """
from pytest_paymock import Paymock

@pytest.fixture(scope="module")
def service():
    with Paymock(seed=7, base_url="https://pay.example") as fake:
        yield fake

def test_1(service): pay(service, 1)
def test_2(service): pay(service, 2)
def test_plain(): pass
"""
    )
    told = {test["name"]: test["fakes"] for test in report["tests"]}
    assert list(told) == ["test_till.py::test_1", "test_till.py::test_2"]
    amounts = [[one["amount"] for one in fake["payments"]] for (fake,) in told.values()]
    assert amounts == [["1"], ["1", "2"]]
