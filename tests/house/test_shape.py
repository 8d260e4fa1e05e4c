"""The shape of the source: short files, documented names, no state in modules."""

import ast
import gc
import weakref
from collections.abc import Iterator

import httpx
import requests

from pytest_paymock import Paymock

from .package import MODULES, Module

MOST_LINES = 300
"""How many lines of code a file has at most; docstrings, comments and blank lines do not count."""

MUTATORS = {
    *("add", "append", "appendleft", "clear", "discard", "extend", "insert"),
    *("pop", "popitem", "remove", "reverse", "setdefault", "sort", "update"),
}

CONTAINERS = {
    *("list", "dict", "set", "defaultdict", "deque", "Counter", "OrderedDict", "ChainMap"),
    *("WeakSet", "WeakKeyDictionary", "WeakValueDictionary"),
}

Function = ast.FunctionDef | ast.AsyncFunctionDef
Documented = ast.Module | ast.ClassDef | Function


def test_a_file_is_short_enough_to_be_read_at_once():
    lines = {module.place: sum(lines_of_code(module)) for module in MODULES}
    assert {place: count for place, count in lines.items() if count > MOST_LINES} == {}


def lines_of_code(module: Module) -> Iterator[bool]:
    """Yield for each line whether it is code."""
    documented = {
        number
        for node in ast.walk(module.tree)
        if isinstance(node, Documented) and ast.get_docstring(node) is not None
        for number in range(node.body[0].lineno, (node.body[0].end_lineno or 0) + 1)
    }
    for number, line in enumerate(module.text.splitlines(), 1):
        yield number not in documented and not line.strip().startswith("#") and bool(line.strip())


def test_every_module_and_every_public_name_has_a_docstring():
    documented = [(module.place, module.tree) for module in MODULES]
    documented += [
        (f"{module.place}: {name}", node)
        for module in MODULES
        for name, node in public(module.tree, "")
    ]
    assert len(documented) > len(MODULES)
    assert [name for name, node in documented if ast.get_docstring(node) is None] == []


def public(node: Documented, prefix: str) -> Iterator[tuple[str, Documented]]:
    """Yield the public functions, classes and methods, at any depth of classes."""
    for child in node.body:
        if not isinstance(child, Function | ast.ClassDef) or child.name.startswith("_"):
            continue
        if {"overload", "setter"} & {
            ast.unparse(d).rpartition(".")[2] for d in child.decorator_list
        }:
            continue
        yield prefix + child.name, child
        if isinstance(child, ast.ClassDef):
            yield from public(child, f"{prefix}{child.name}.")


# -- no module state --------------------------------------------------------------------------


def values_of_module(tree: ast.Module) -> dict[str, ast.expr | None]:
    """Return what a module's top level binds to names."""
    found: dict[str, ast.expr | None] = {}
    for node in tree.body:
        if isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            found |= {target.id: node.value for target in targets if isinstance(target, ast.Name)}
    return found


def is_container(value: ast.expr | None) -> bool:
    kinds = ast.List | ast.Dict | ast.Set | ast.ListComp | ast.DictComp | ast.SetComp
    return isinstance(value, kinds) or (
        isinstance(value, ast.Call) and ast.unparse(value.func).rpartition(".")[2] in CONTAINERS
    )


def changes(function: Function, values: dict[str, ast.expr | None]) -> Iterator[str]:
    """Yield how a function changes what belongs to its module."""
    containers = {name for name, value in values.items() if is_container(value)}
    for node in ast.walk(function):
        if isinstance(node, ast.Global):
            yield ast.unparse(node)
        elif isinstance(node, ast.Subscript | ast.Attribute):
            owner = ast.unparse(node.value)
            mutates = isinstance(node, ast.Attribute) and node.attr in MUTATORS
            stored = not isinstance(node.ctx, ast.Load)
            if (stored and owner in values) or (mutates and owner in containers):
                yield ast.unparse(node)


def changed_in(tree: ast.Module) -> list[str]:
    """Return how the functions of a module change what belongs to it."""
    values = values_of_module(tree)
    functions = [node for node in ast.walk(tree) if isinstance(node, Function)]
    return [how for function in functions for how in changes(function, values)]


def test_no_function_changes_what_belongs_to_its_module():
    found = {module.place: changed_in(module.tree) for module in MODULES}
    assert {place: changed for place, changed in found.items() if changed} == {}


def test_the_rule_sees_a_change_of_each_kind():
    tree = ast.parse(
        "FAKES = []\nBY_NAME: dict = {}\nlast = None\n"
        "def start(fake):\n"
        "    global last\n"
        "    last = fake\n"
        "    FAKES.append(fake)\n"
        "    BY_NAME[fake.name] = fake\n"
        "    BY_NAME.owner = fake\n"
        "    del BY_NAME['x']\n"
    )
    assert sorted(changed_in(tree)) == [
        "BY_NAME.owner",
        "BY_NAME['x']",
        "BY_NAME[fake.name]",
        "FAKES.append",
        "global last",
    ]


def test_nothing_holds_a_fake_that_was_let_go():
    fake = Paymock(base_url="https://pay.example")
    with fake:
        httpx.get("https://pay.example/api/v1/tokens/tok_none")
        requests.get("https://pay.example/api/v1/tokens/tok_none", timeout=1)
        fake.add_payment(amount=5)
    assert len(fake.calls) == 2
    remains = [weakref.ref(part) for part in (fake, fake.calls, fake.clock)]
    del fake
    gc.collect()
    assert [remain() for remain in remains] == [None, None, None]
