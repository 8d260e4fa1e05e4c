"""Where a warning points: to the test that it is about, or to the end of the block."""

import re
import warnings
from contextlib import ExitStack
from pathlib import Path

import pytest

from pytest_paymock import Paymock, PaymockWarning

from .calling import a_fake, a_token, pay
from .conftest import Run


def a_fake_with_a_finding() -> Paymock:
    paymock = a_fake().__enter__()
    pay(paymock, a_token(paymock), customer_id="cust_2")
    return paymock


def line_of(words: str) -> int:
    """Return the number of the only line of this file that ends so."""
    with open(__file__, encoding="utf-8") as file:  # noqa: PTH123
        (number,) = (number for number, line in enumerate(file, 1) if line.endswith(f"{words}\n"))
    return number


def assert_points_at_line(words: str, caught: list[warnings.WarningMessage]) -> None:
    assert [(one.filename, one.lineno) for one in caught] == [(__file__, line_of(words))]


def test_a_warning_of_a_block_points_at_the_block():
    with pytest.warns(PaymockWarning) as caught, a_fake() as paymock:  # the block
        pay(paymock, a_token(paymock), customer_id="cust_2")
    assert_points_at_line("  # the block", list(caught))


def test_a_warning_of_a_stack_of_blocks_points_at_the_stack():
    with pytest.warns(PaymockWarning) as caught, ExitStack() as stack:  # the stack
        stack.push(a_fake_with_a_finding())
    assert_points_at_line("  # the stack", list(caught))


def test_a_warning_points_at_whoever_asks_for_the_verdict():
    paymock = a_fake_with_a_finding()
    with pytest.warns(PaymockWarning) as caught:
        paymock.verify()  # asked here
    paymock.stop()
    assert_points_at_line("  # asked here", list(caught))


@pytest.mark.parametrize("module", ["tests", "pytest_paymock", ""])
def test_a_filter_may_name_the_module_of_the_block(module: str):
    paymock = a_fake_with_a_finding()
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        warnings.filterwarnings("ignore", module=rf"{module}\.guards\.test_whereabouts$")
        paymock.verify()
    paymock.stop()
    assert len(caught) == (0 if module == "tests" else 1)


# -- under pytest -----------------------------------------------------------------------------


STYLES = {
    "function": ["def test_till(paymock):", "    use_a_foreign_token(paymock)"],
    "what_it_printed": ["def test_till(paymock):", "    print_a_card(paymock)"],
    "factory": ["def test_till(paymock_factory):", "    use_a_foreign_token(paymock_factory())"],
    "server": [
        "def test_till(paymock_server):",
        "    use_a_foreign_token(paymock_server)",
        "    CLIENT.close()",
    ],
    "method": [
        "class TestTill:",
        "    def test_till(self, paymock):",
        "        use_a_foreign_token(paymock)",
    ],
    "fixture": [
        "@pytest.fixture",
        "def till(paymock):",
        "    use_a_foreign_token(paymock)",
        "def test_till(till): pass",
    ],
    "doctest": [
        "def till():",
        '    """Sell.',
        "    >>> _ = pay(getfixture('paymock'), customer_id='cust_2')",
        '    """',
    ],
}

THREAD = """
import threading

GO_ON = threading.Event()

def work(paymock, asked):
    tokenize(paymock)
    asked.set()
    GO_ON.wait()

@pytest.fixture
def freely():
    yield
    GO_ON.set()

def test_till(freely, paymock):
    asked = threading.Event()
    threading.Thread(target=work, args=(paymock, asked)).start()
    asked.wait()
"""


def places_in(result: pytest.RunResult) -> list[tuple[str, int]]:
    """Return the file names and lines at which the warnings of a run point."""
    found = re.findall(r"(\S+?):(\d+): PaymockWarning: ", result.stdout.str())
    return [(Path(file).name, int(line)) for file, line in found]


@pytest.mark.parametrize("style", STYLES)
def test_in_the_summary_of_a_run_a_warning_points_at_the_test(run: Run, style: str):
    lines = ["from helpers import *", *STYLES[style]]
    marks = "def test_till", '"""Sell.'
    (expected,) = (at for at, line in enumerate(lines, 1) if line.strip().startswith(marks))
    # The run puts the first of these lines in front of the others.
    result = run("\n".join(lines[1:]), "--doctest-modules")
    result.assert_outcomes(passed=1)
    assert places_in(result) == [("test_till.py", expected)]


def test_the_file_is_named_in_full_wherever_the_run_has_its_root(
    run: Run, pytester: pytest.Pytester
):
    root = pytester.mkdir("elsewhere")
    result = run("\n".join(STYLES["function"]), f"--rootdir={root}")
    result.assert_outcomes(passed=1)
    assert f"  {pytester.path / 'test_till.py'}:2: PaymockWarning: " in result.stdout.str()


def test_a_thread_that_runs_on_is_told_where_its_test_stands(run: Run):
    result = run(THREAD)
    result.assert_outcomes(passed=1)
    expected = THREAD.splitlines().index("def test_till(freely, paymock):") + 2
    assert places_in(result) == [("test_till.py", expected)]


@pytest.mark.parametrize(
    ("rule", "outcome", "warned"),
    [
        ("error::pytest_paymock.PaymockWarning", "failed", 0),
        ("error::UserWarning:test_till", "failed", 0),
        ("ignore::pytest_paymock.PaymockWarning", "passed", 0),
        ("ignore::UserWarning:test_till", "passed", 0),
        ("ignore::UserWarning:pytest_paymock", "passed", 1),
    ],
)
@pytest.mark.parametrize("style", ["function", "what_it_printed", "doctest"])
def test_filters_see_the_kind_and_the_module_of_the_test(
    run: Run, style: str, rule: str, outcome: str, warned: int
):
    result = run("\n".join(STYLES[style]), "--doctest-modules", "-W", rule)
    result.assert_outcomes(**{outcome: 1})
    assert len(places_in(result)) == warned


def test_a_filter_of_the_test_itself_is_heeded(run: Run):
    mark = "@pytest.mark.filterwarnings('error::pytest_paymock.PaymockWarning')\n"
    run(mark + "\n".join(STYLES["function"])).assert_outcomes(failed=1)


def test_a_wider_fake_points_at_the_end_of_its_block(run: Run):
    lines = [
        "from pytest_paymock import Paymock",
        "@pytest.fixture(scope='module')",
        "def service():",
        "    with Paymock() as paymock:",
        "        yield paymock",
        "def test_till(service):",
        "    use_a_foreign_token(service)",
    ]
    result = run("\n".join(lines))
    result.assert_outcomes(passed=1)
    assert places_in(result) == [("test_till.py", 5)]
