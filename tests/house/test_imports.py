"""What import-linter cannot say of imports: it sees no ``import_module`` and has no allow-list.

The directions between the parts of the package are contracts in pyproject.toml.
"""

import ast
import sys

from .package import BY_PLACE, MODULES, NAME, is_import_call, place_of

CLIENTS = {"httpx", "httpcore", "httpx2", "httpcore2", "requests", "urllib3"}
MOCKS = {"respx", "responses", "requests_mock", "pytest_httpx", "vcr"}

OTHERS = {
    "plugin.py": {"pytest"},
    "_pytest/": {"pytest"},
    "_verify/": {"httpx"},
    "server/": {"fastapi", "starlette", "uvicorn", "h11", "pydantic", "pydantic_core"},
    "_report/": {"jinja2", "markupsafe", "pydantic"},
    "_records/": {"respx", "httpx"},
    "_explore/": {"anyio"},
    "_intercept/": CLIENTS | MOCKS | {"anyio"},
    "_api/": {"pydantic", "pydantic_core", "typing_extensions"},  # pydantic takes its TypedDict
}
"""What each part may import besides the standard library; all others nothing."""


def others_of(place: str) -> set[str]:
    part = f"{place.partition('/')[0]}/" if "/" in place else place
    return OTHERS.get(part, set())


def test_a_file_imports_only_the_libraries_of_its_part():
    foreign = {
        module.place: module.outside - sys.stdlib_module_names - others_of(module.place)
        for module in MODULES
    }
    assert {place: names for place, names in foreign.items() if names} == {}


def test_a_client_library_is_imported_by_its_interceptor_only():
    users = {place for place, module in BY_PLACE.items() if module.outside & (CLIENTS | MOCKS)}
    assert users
    assert all(
        place.startswith(("_intercept/", "_records/routes.py", "_verify/")) for place in users
    )


def test_what_is_imported_by_its_name_stays_within_its_part():
    # The contracts do not see it, so it must not lead from one part to another.
    named = {
        (module.place.partition("/")[0], place_of(str(node.args[0].value)).partition("/")[0])
        for module in MODULES
        for node in ast.walk(module.tree)
        if is_import_call(node) and isinstance(node.args[0], ast.Constant)
        if str(node.args[0].value).startswith(NAME)
    }
    assert {(importer, imported) for importer, imported in named if importer != imported} == set()


def test_only_the_front_of_a_package_computes_what_it_imports():
    computed = {
        module.place
        for module in MODULES
        for node in ast.walk(module.tree)
        if is_import_call(node) and not isinstance(node.args[0], ast.Constant)
    }
    assert computed == {"__init__.py", "server/__init__.py"}


def test_the_rules_see_lazy_and_typing_imports():
    # hooks.py imports the fake within functions, and for type checkers; both count.
    assert "paymock.py" in BY_PLACE["_pytest/hooks.py"].inside
    assert "errors.py" in BY_PLACE["_pytest/options.py"].inside
    assert "_records/ledger.py" in BY_PLACE["__init__.py"].inside
    assert "pytest" in BY_PLACE["plugin.py"].outside
