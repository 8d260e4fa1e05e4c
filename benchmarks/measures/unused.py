"""S1: a run that does not use paymock."""

import shutil
import tempfile
from collections.abc import Iterator
from importlib.metadata import entry_points
from pathlib import Path

import pytest_paymock
from benchmarks import cachegrind, processes
from benchmarks.rows import Effort, Measure, Row, Unit, at_most

_TREE = Path(__file__).resolve().parent.parent / "unused"
"""A hundred tests that need nothing of anybody."""

_HEAVY = ("pydantic", "httpx", "requests", "responses", "respx")

_ASK = f"""
import sys, pytest
pytest.main(sys.argv[1:])
sys.stderr.write("loaded: " + " ".join(name for name in {_HEAVY} if name in sys.modules))
"""

_BARE = ("-p", "no:paymock")

_HOME = Path(pytest_paymock.__file__).parent

_MODULES = ("__init__.py", "plugin.py")
"""What is loaded of the package in such a run."""

_NO_OPTIONS = '\nDECLARED = ""\n'


def _pytest(*more: str) -> tuple[str, ...]:
    # The plugins of others would make the run, and the share of it that is ours, look better.
    ours = "paymock"
    others = [point.name for point in entry_points(group="pytest11") if point.name != ours]
    blocked = [word for name in sorted({*others}) for word in ("-p", f"no:{name}")]
    return ("-q", "-c", "pytest.ini", "-p", "no:cacheprovider", *blocked, *more)


def _counted(effort: Effort, *more: str, instead: Path | None = None) -> int | None:
    """Return how many instructions a run takes; None where they are not counted."""
    arguments = ("-m", "pytest", *_pytest(*more))
    variables = None if instead is None else {"PYTHONPATH": str(instead)}
    processes.run(arguments, _TREE, more=variables)  # compiled here, not in the run that counts
    if effort.short or not cachegrind.is_here():
        return None
    return cachegrind.count(arguments, _TREE, more=variables)


def _parts(effort: Effort, directory: Path) -> Iterator[Row]:
    """Yield what parts of the plugin cost."""
    # In one and the same place, as the length of a path counts, too.
    place = directory / _HOME.name
    place.mkdir()
    for module in _MODULES:
        (place / module).touch()
    bare = _counted(effort, *_BARE, instead=directory)
    counted = _counted(effort, instead=directory)
    yield _row("of it: two empty modules in its place", counted, bare)
    shutil.copytree(_HOME, place, dirs_exist_ok=True, ignore=shutil.ignore_patterns("*.pyc"))
    plugin = place / "plugin.py"
    plugin.write_text(plugin.read_text(encoding="utf-8") + _NO_OPTIONS, encoding="utf-8")
    counted = _counted(effort, instead=directory)
    yield _row("of it: all but the options", counted, bare)


def _row(what: str, count: int | None, bare: int | None, goal: float | None = None) -> Row:
    bound = None if goal is None else at_most(goal)
    if count is None or bare is None:
        return Row("S1", what, None, bound, note=cachegrind.MISSING)
    return Row("S1", what, count / bare, bound, note=f"{count:,} / {bare:,}")


def _rows(effort: Effort) -> Iterator[Row]:
    said = processes.run(("-c", _ASK, *_pytest()), _TREE)
    counts = _counted(effort), _counted(effort, *_BARE)
    yield _row("with the plugin / with -p no:paymock", *counts, 1.005)
    loaded = said.partition("loaded: ")[2].split()
    what = f"of {', '.join(_HEAVY)}: loaded in that run"
    yield Row("S1", what, len(loaded), at_most(0), Unit.COUNT, " ".join(loaded))
    with tempfile.TemporaryDirectory() as directory:
        yield from _parts(effort, Path(directory))


MEASURES = (
    Measure("S1", "100 trivial tests that do not use paymock: instructions of the run", _rows),
)
