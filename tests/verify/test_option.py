"""``pytest --paymock-verify=URL`` as somebody who runs it sees it."""

import json
import re
from collections.abc import Callable, Iterator

import pytest

from tests.report.conftest import STEADY

from .deployed_process import DeployedService
from .deviations import BY_NAME

PROJECT = """
import httpx
import pytest

@pytest.mark.parametrize("amount", [5, 0.01])
def test_paid(paymock, amount):
    sent = {"card": paymock.card(), "customer": paymock.customer()}
    with httpx.Client(base_url=paymock.base_url) as api:
        token = api.post("/api/v1/tokenize", json=sent).json()["token"]
        api.post("/api/v1/payments", json={"token": token, "amount": amount, "customer_id": "c"})
        assert api.get("/api/v1/customers/c/transactions").json()["transaction_count"] == 1

def test_served(paymock_server):
    sent = {"card": paymock_server.card(), "customer": paymock_server.customer()}
    assert httpx.post(f"{paymock_server.url}/api/v1/tokenize", json=sent).status_code == 201

def test_unused():
    pass
"""


@pytest.fixture(scope="module")
def service() -> Iterator[DeployedService]:
    with DeployedService() as running:
        yield running


@pytest.fixture
def deviating(service: DeployedService) -> Iterator[DeployedService]:
    """The service, with a field too many in its answers to payments."""
    service.order(deviation=next(name for name in BY_NAME if name.startswith("payment-fields")))
    yield service
    service.order(deviation=None)


Run = Callable[..., pytest.RunResult]


@pytest.fixture
def run(pytester: pytest.Pytester) -> Run:
    pytester.makepyfile(PROJECT)
    options = (*STEADY, "--paymock-profile=deployed")
    return lambda *more: pytester.runpytest_subprocess(*options, *more)


SECTION = "*= paymock verify =*"


def test_a_service_that_does_not_differ(
    run: Run, pytester: pytest.Pytester, service: DeployedService
) -> None:
    flags = (f"--paymock-verify={service.url}", "--paymock-verify-strict")
    done = run(*flags, "--paymock-report=run.json", "--paymock-report=run.html")
    assert done.ret == 0
    done.stdout.fnmatch_lines([SECTION, f"7 calls compared with {service.url}, 0 differ"])
    report = json.loads((pytester.path / "run.json").read_text(encoding="utf-8"))
    assert report["verified"] == {
        "url": service.url,
        "compared": 7,
        "differences": [],
        "not_comparable": {},
    }
    page = (pytester.path / "run.html").read_text(encoding="utf-8")
    assert "None of them were answered otherwise." in page


@pytest.mark.parametrize("processes", ["0", "2"])
def test_a_service_that_differs(
    run: Run, pytester: pytest.Pytester, deviating: DeployedService, processes: str
) -> None:
    flags = (f"--paymock-verify={deviating.url}", "--paymock-report=run.json")
    flags = (*flags, "-p", "xdist", "-n", processes)
    done = run(*flags, "--paymock-verify-strict")
    assert done.ret == 1
    done.assert_outcomes(passed=4)
    done.stdout.fnmatch_lines(
        [
            SECTION,
            f"7 calls compared with {deviating.url}, 2 differ",
            "test_a_service_that_differs.py::test_paid[[]0.01]: POST /api/v1/payments",
            "  answer: fields: the fake says *, the service *'fee'*",
            "test_a_service_that_differs.py::test_paid[[]5]: POST /api/v1/payments",
        ]
    )
    report = json.loads((pytester.path / "run.json").read_text(encoding="utf-8"))
    assert [each["call"] for each in report["verified"]["differences"]] == [
        "POST /api/v1/payments"
    ] * 2
    assert run(*flags).ret == 0


def test_what_cannot_be_told_of_the_service_hides_no_test(
    run: Run, pytester: pytest.Pytester, service: DeployedService
) -> None:
    pytester.makeconftest(
        """
        from pytest_paymock._pytest import shadow

        def broken(*_):
            raise TypeError("replaced")

        shadow._summed = broken
        shadow.facts_of = shadow._Run.facts = broken
        """
    )
    done = run(f"--paymock-verify={service.url}")
    done.assert_outcomes(passed=4)
    done.stdout.fnmatch_lines(
        ["paymock could not show how the service answered: TypeError: replaced"]
    )


def test_nothing_holds_a_card_number(
    run: Run, pytester: pytest.Pytester, deviating: DeployedService
) -> None:
    report = pytester.path / "run.json"
    done = run(f"--paymock-verify={deviating.url}", f"--paymock-report={report}")
    shown = done.stdout.str() + done.stderr.str() + report.read_text(encoding="utf-8")
    assert not re.search("4532015112830366", shown)


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("http://127.0.0.1:9", "--paymock-verify: no answer from http://127.0.0.1:9: ConnectError"),
        ("pay.example", "--paymock-verify: a base URL begins with http:// or https://, not 'pay."),
    ],
)
def test_a_service_that_is_not_there(run: Run, url: str, words: str) -> None:
    done = run(f"--paymock-verify={url}")
    assert done.ret == pytest.ExitCode.USAGE_ERROR
    assert words in done.stderr.str()


def test_many_differences_are_shortened(
    pytester: pytest.Pytester, deviating: DeployedService
) -> None:
    pytester.makepyfile(
        """
        import httpx
        import pytest

        @pytest.mark.parametrize("amount", range(1, 56))
        def test_paid(paymock, amount):
            token = paymock.add_token().token
            sent = {"token": token, "amount": amount, "customer_id": "c"}
            for _ in range(2):
                httpx.post(f"{paymock.base_url}/api/v1/payments", json=sent)
        """
    )
    options = ("--paymock-profile=deployed", f"--paymock-verify={deviating.url}")
    done = pytester.runpytest_subprocess(*STEADY, *options, "-W", "ignore", "--paymock-guards=off")
    done.stdout.fnmatch_lines([f"110 calls compared with {deviating.url}, 110 differ"])
    done.stdout.fnmatch_lines(["*test_paid[[]1]: POST /api/v1/payments (2 times)"])
    done.stdout.fnmatch_lines(["and 5 more, which the report shows"])


def test_a_run_that_only_collects_calls_nobody(run: Run) -> None:
    done = run("--collect-only", "--paymock-verify=http://127.0.0.1:9")
    assert done.ret == 0
