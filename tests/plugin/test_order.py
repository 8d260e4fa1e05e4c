"""The same answers in every order, selection, process and hash seed."""

import json

import pytest

from .conftest import STEADY, Run

PROJECT = """
import json
from pathlib import Path

import pytest
from shop import buy, tokenize

pytestmark = pytest.mark.paymock(clock="2026-01-27T12:00:00")

def note(request, answers):
    name = request.node.name.replace("[", "-").rstrip("]")
    Path("seen").mkdir(exist_ok=True)
    Path("seen", f"{name}.json").write_text(json.dumps(answers))

@pytest.mark.parametrize("client", ["httpx", "requests"])
def test_many_payments(request, paymock, client):
    note(request, [buy(paymock, 1 + n, client=client) for n in range(12)])

def test_declined(request, paymock):
    note(request, [buy(paymock, amount) for amount in (0.01, 5, 0.02, 5, 0.03, 20000)])

def test_refunded(request, paymock):
    paid = paymock.add_payment(amount=7)
    refund = paymock.base_url + f"/api/v1/transactions/{paid.transaction_id}/refund"
    import httpx
    note(request, [httpx.post(refund).json(), buy(paymock)])

@pytest.mark.paymock(streams="customer")
def test_by_customer(request, paymock):
    names = ["cust_1", "cust_2"] * 6
    note(request, [buy(paymock, 5, name) for name in names])

def test_generated_names(request, paymock):
    note(request, [tokenize(paymock, None) for _ in range(3)])

@pytest.mark.parametrize("seed", [1, 2])
def test_another_seed(request, paymock_factory, seed):
    bought = []
    for _ in range(2):
        fake = paymock_factory(seed=seed)
        bought.append(buy(fake))
        fake.stop()
    note(request, bought)
"""

REVERSED = """
def pytest_collection_modifyitems(config, items):
    if config.getoption("--reversed"):
        items.reverse()

def pytest_addoption(parser):
    parser.addoption("--reversed", action="store_true")
"""

Answers = dict[str, object]

WARNINGS = ("-W", "error")


@pytest.fixture
def shop(project: pytest.Pytester) -> pytest.Pytester:
    project.makeconftest(REVERSED)
    project.makepyfile(test_shop=PROJECT)
    return project


def take_notes(shop: pytest.Pytester) -> Answers:
    """Return what each test was answered, and forget it."""
    notes: Answers = {}
    for path in (shop.path / "seen").iterdir():
        notes[path.stem] = json.loads(path.read_text())
        path.unlink()
    return notes


@pytest.fixture
def reference(shop: pytest.Pytester, run: Run) -> Answers:
    """The answers in file order, in this process."""
    run().assert_outcomes(passed=8)
    return take_notes(shop)


def test_the_reference_tells_tests_apart(reference: Answers):
    assert len(reference) == 8
    assert reference["test_many_payments-httpx"] == reference["test_many_payments-requests"]
    assert reference["test_another_seed-1"] != reference["test_another_seed-2"]
    statuses = {payment["status"] for payment in reference["test_many_payments-httpx"]}
    assert statuses == {"success", "failed", "pending"}


@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param((*STEADY,), id="another process"),
        pytest.param((*STEADY, "--reversed"), id="reversed"),
        pytest.param((*WARNINGS, "-p", "randomly", "--randomly-seed=1"), id="random order 1"),
        pytest.param((*WARNINGS, "-p", "randomly", "--randomly-seed=2"), id="random order 2"),
        pytest.param((*STEADY, "-p", "xdist", "-n", "2"), id="two workers"),
    ],
)
def test_every_order_gives_every_test_the_same_answers(
    shop: pytest.Pytester, reference: Answers, arguments: tuple[str, ...]
):
    shop.runpytest_subprocess(*arguments).assert_outcomes(passed=8)
    assert take_notes(shop) == reference


@pytest.mark.parametrize("selection", ["declined", "requests or another_seed", "not many"])
def test_a_selection_gives_its_tests_the_same_answers(
    shop: pytest.Pytester, reference: Answers, run: Run, selection: str
):
    result = run("-k", selection)
    notes = take_notes(shop)
    assert 0 < len(notes) < len(reference)
    result.assert_outcomes(passed=len(notes), deselected=len(reference) - len(notes))
    assert notes == {name: reference[name] for name in notes}


@pytest.mark.parametrize("hash_seed", ["0", "4321"])
def test_the_hash_seed_of_python_changes_nothing(
    shop: pytest.Pytester,
    reference: Answers,
    run_apart: Run,
    monkeypatch: pytest.MonkeyPatch,
    hash_seed: str,
):
    monkeypatch.setenv("PYTHONHASHSEED", hash_seed)
    run_apart().assert_outcomes(passed=8)
    assert take_notes(shop) == reference
