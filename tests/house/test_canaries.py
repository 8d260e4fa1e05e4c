"""Private names of other libraries: an upgrade that moves one says so here, by name."""

import ast
import sys

import pytest

from .canaries import CANARIES, Canary
from .package import BY_PLACE, MODULES, Module

OUR_OWN = {"_current_frames", "_getframe", "_replace"}
"""Private by name, public by their documentation."""

TAKES_NAME = {"getattr": 1, "AttributePatch": 1, "CodePatch": 1, "Hook": 2}
"""What takes the name of something of another library, and as which of its arguments."""

MOVED = (AttributeError, ImportError, LookupError, TypeError, ValueError, AssertionError)


@pytest.mark.parametrize("canary", CANARIES, ids=str)
def test_what_we_are_not_promised_is_still_there(canary: Canary):
    try:
        holds, why = canary.holds(), "it behaves in another way"
    except MOVED as error:
        holds, why = False, f"{type(error).__name__}: {error}"
    if not holds:
        pytest.fail(
            f"{canary.name} has moved or changed ({why}); "
            f"pytest_paymock/{canary.used_by} relies on it",
            pytrace=False,
        )


def test_a_row_names_what_its_file_really_uses():
    unused = [
        str(canary)
        for canary in CANARIES
        if canary.name.replace(" ", ".").rpartition(".")[2] not in BY_PLACE[canary.used_by].text
    ]
    assert unused == []


def foreign_private_names(module: Module) -> set[str]:
    """Return the private names that a file takes from objects other than its own ``self``."""
    found = set()
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Attribute) and ast.unparse(node.value) not in ("self", "cls"):
            found.add(node.attr)
        elif isinstance(node, ast.Call) and ast.unparse(node.func) in TAKES_NAME:
            name = node.args[TAKES_NAME[ast.unparse(node.func)]]
            found |= {str(name.value)} if isinstance(name, ast.Constant) else set()
    return {name for name in found if name.startswith("_") and not name.endswith("__")} - OUR_OWN


OUTWARD = [
    module
    for module in MODULES
    if module.outside - sys.stdlib_module_names or module.place.startswith("_intercept/")
]
"""The files that touch other libraries at all; those of ``_intercept`` are also handed some."""


def test_every_private_name_has_a_canary():
    rows = {(canary.used_by, canary.name.rpartition(".")[2]) for canary in CANARIES}
    used = {(module.place, name) for module in OUTWARD for name in foreign_private_names(module)}
    assert used - rows == set(), "add a row to tests/house/canaries.py"


def test_the_search_finds_private_names():
    assert {"_pool", "_retries"} <= foreign_private_names(BY_PLACE["_intercept/httpx_network.py"])
    found = foreign_private_names(BY_PLACE["_intercept/mocks/responses.py"])
    assert {"_read_filelike_body", "_parse_request_params"} <= found


def _gone() -> bool:
    raise AttributeError("no attribute 'routers'")


@pytest.mark.parametrize(
    ("holds", "why"),
    [
        (_gone, "AttributeError: no attribute 'routers'"),
        (lambda: False, "it behaves in another way"),
    ],
)
def test_a_canary_that_falls_silent_names_what_moved_and_who_needs_it(holds, why: str):
    canary = Canary("respx.mocks.HTTPCoreMocker.routers", "_intercept/mocks/respx.py", holds)
    with pytest.raises(pytest.fail.Exception) as failure:
        test_what_we_are_not_promised_is_still_there(canary)
    assert str(failure.value) == (
        f"respx.mocks.HTTPCoreMocker.routers has moved or changed ({why}); "
        "pytest_paymock/_intercept/mocks/respx.py relies on it"
    )
