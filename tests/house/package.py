"""The package as its source says: its files, what each imports, and where that stands."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TypeGuard

import pytest_paymock

NAME = "pytest_paymock"
ROOT = Path(pytest_paymock.__file__).parent


@dataclass(frozen=True)
class Module:
    """One file of the package."""

    path: Path

    @property
    def place(self) -> str:
        """The path below the package, with slashes: ``_api/handle.py``."""
        return self.path.relative_to(ROOT).as_posix()

    @cached_property
    def text(self) -> str:
        """The source."""
        return self.path.read_text("utf-8")

    @cached_property
    def tree(self) -> ast.Module:
        """The source, parsed."""
        return ast.parse(self.text)

    @cached_property
    def imports(self) -> list[str]:
        """Dotted names of all that is imported, at the top, in functions, for type checkers."""
        return list(_imports(self.tree))

    @property
    def inside(self) -> set[str]:
        """The places of the files of this package that it imports."""
        return {place_of(name) for name in self.imports if _top(name) == NAME}

    @property
    def outside(self) -> set[str]:
        """The top-level names of everything else that it imports."""
        return {_top(name) for name in self.imports} - {NAME}


def _top(dotted: str) -> str:
    return dotted.partition(".")[0]


def _imports(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, "relative imports are not used in this package"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif is_import_call(node) and isinstance(node.args[0], ast.Constant):
            yield str(node.args[0].value)


def is_import_call(node: ast.AST) -> TypeGuard[ast.Call]:
    """Say whether an expression imports a module by a name that is a value."""
    called = ast.unparse(node.func).rpartition(".")[2] if isinstance(node, ast.Call) else ""
    return called in ("import_module", "__import__")


def place_of(dotted: str) -> str:
    """Return the file in which a name of this package lives."""
    parts = dotted.split(".")[1:]
    while parts:
        path = ROOT.joinpath(*parts)
        if path.with_suffix(".py").is_file():
            return path.with_suffix(".py").relative_to(ROOT).as_posix()
        if (path / "__init__.py").is_file():
            return (path / "__init__.py").relative_to(ROOT).as_posix()
        parts.pop()
    return "__init__.py"


MODULES = [Module(path) for path in sorted(ROOT.rglob("*.py"))]
BY_PLACE = {module.place: module for module in MODULES}
