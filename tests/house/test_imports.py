"""The one direction of imports: each layer knows those below it, and none above."""

import ast
import sys

import pytest

from .package import BY_PLACE, MODULES, Module, is_import_call

LAYERS = (
    ("plugin.py", "_pytest/"),
    ("server/",),
    ("__init__.py",),
    ("paymock.py",),
    ("_checks/",),
    ("_explore/", "_report/"),
    ("_script/arranging.py", "_records/assertions.py", "_records/routes.py"),
    ("_intercept/",),
    ("_text/",),
    ("_exchange.py",),
    ("_records/", "faults.py", "_script/", "_options.py"),
    ("_api/",),
    ("_engine/",),
    ("errors.py",),
)
"""From the top to the bottom; files of one layer may import each other."""

CLIENTS = {"httpx", "httpcore", "httpx2", "httpcore2", "requests", "urllib3"}
MOCKS = {"respx", "responses", "requests_mock", "pytest_httpx", "vcr"}

OTHERS = {
    "plugin.py": {"pytest"},
    "_pytest/": {"pytest"},
    "server/": {"fastapi", "starlette", "uvicorn", "h11", "pydantic", "pydantic_core"},
    "_report/": {"jinja2", "markupsafe", "pydantic"},
    "_records/": {"respx", "httpx"},
    "_intercept/": CLIENTS | MOCKS | {"anyio"},
    "_api/": {"pydantic", "pydantic_core", "typing_extensions"},  # pydantic takes its TypedDict
}
"""What each part may import besides the standard library; all others nothing."""

CHANCE = {"random", "uuid", "secrets"}

each_module = pytest.mark.parametrize("module", MODULES, ids=lambda module: module.place)


def layer_of(place: str) -> int:
    """Return the number of a file's layer, 0 at the top."""
    for entry in (place, f"{place.partition('/')[0]}/"):
        for number, layer in enumerate(LAYERS):
            if entry in layer:
                return number
    raise LookupError(place)


def others_of(place: str) -> set[str]:
    part = f"{place.partition('/')[0]}/" if "/" in place else place
    return OTHERS.get(part, set())


@each_module
def test_every_file_stands_in_a_layer(module: Module):
    try:
        layer_of(module.place)
    except LookupError:
        pytest.fail(
            f"pytest_paymock/{module.place} stands in no layer: put it into LAYERS in "
            "tests/house/test_imports.py, at the height of what it may import",
            pytrace=False,
        )


@each_module
def test_a_file_imports_nothing_of_a_layer_above_it(module: Module):
    mine = layer_of(module.place)
    above = {place for place in module.inside if layer_of(place) < mine}
    assert above == set(), f"{module.place} must not know of what stands above it"


def test_no_import_leads_back_to_where_it_began():
    done: set[str] = set()

    def visit(place: str, path: tuple[str, ...]) -> None:
        assert place not in path, f"a circle of imports: {' -> '.join((*path, place))}"
        if place not in done:
            for lower in BY_PLACE[place].inside - {place}:
                visit(lower, (*path, place))
            done.add(place)

    for place in BY_PLACE:
        visit(place, ())
    assert done == set(BY_PLACE)


@each_module
def test_a_file_imports_only_the_libraries_of_its_part(module: Module):
    foreign = module.outside - sys.stdlib_module_names
    assert foreign <= others_of(module.place)


@each_module
def test_nothing_is_left_to_chance(module: Module):
    assert module.outside & CHANCE == set()


@each_module
def test_only_the_front_of_a_package_computes_what_it_imports(module: Module):
    computed = [
        ast.unparse(node)
        for node in ast.walk(module.tree)
        if is_import_call(node) and not isinstance(node.args[0], ast.Constant)
    ]
    assert computed == [] or module.path.name == "__init__.py"


def test_the_rules_see_lazy_and_typing_imports():
    # hooks.py imports the fake within functions, and for type checkers; both count.
    assert "paymock.py" in BY_PLACE["_pytest/hooks.py"].inside
    assert "errors.py" in BY_PLACE["_pytest/options.py"].inside
    assert "_records/ledger.py" in BY_PLACE["__init__.py"].inside
    assert "pytest" in BY_PLACE["plugin.py"].outside


def test_a_client_library_is_imported_by_its_interceptor_only():
    users = {place for place, module in BY_PLACE.items() if module.outside & (CLIENTS | MOCKS)}
    assert users
    assert all(place.startswith(("_intercept/", "_records/routes.py")) for place in users)
