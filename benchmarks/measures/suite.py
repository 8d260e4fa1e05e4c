"""S7: a whole suite, run by pytest: 1000 tests, each of four calls."""

import tempfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from benchmarks import processes, timing
from benchmarks.rows import Effort, Goal, Measure, Row, at_least, at_most

_TREE = Path(__file__).resolve().parent.parent / "suite"

_OURS = ("-p", "pytest_paymock.plugin", "-o", "paymock_success_rate=1")

_LOADED = {
    "floor": (),
    "empty_fixture": (),
    "paymock": _OURS,
    "live_server": _OURS,
    "pytest_httpx": ("-p", "pytest_httpx"),
    "respx": (),
    "pytest_httpserver": ("-p", "pytest_httpserver.pytest_plugin"),
}
"""The suites, each with the plugins that it needs: those of the others stay out."""

_WANTED: tuple[tuple[str, str, Goal | None], ...] = (
    ("paymock", "floor", at_most(1.10)),
    ("live_server", "paymock", at_least(3)),
    ("empty_fixture", "floor", None),
    ("pytest_httpx", "floor", None),
    ("respx", "floor", None),
    ("pytest_httpserver", "floor", None),
    ("live_server", "floor", None),
)


def _turn(name: str, tests: int) -> float:
    with tempfile.TemporaryDirectory() as directory:
        seconds = Path(directory, "seconds")
        words = ("-q", "-c", "pytest.ini", "-p", "no:cacheprovider", *_LOADED[name])
        asked = (f"--tests={tests}", f"--seconds={seconds}", f"test_{name}.py")
        more = {"PYTHONPATH": str(processes.ROOT), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
        processes.run(("-m", "pytest", *words, *asked), _TREE, more=more)
        return float(seconds.read_text(encoding="utf-8"))


def _rows(effort: Effort) -> Iterator[Row]:
    tests = effort.of(1000, 2)
    works = {name: partial(_turn, name, tests) for name in _LOADED}
    samples = timing.interleaved(works, effort.of(5, 1))
    for name, base, goal in _WANTED:
        note = " / ".join(_per_second(samples, each, tests) for each in (name, base))
        what = f"{_read(name)} / {_read(base)}"
        yield Row("S7", what, timing.ratio(samples, name, base), goal, note=note)


def _read(name: str) -> str:
    return name.replace("_", "-" if name.startswith("pytest") else " ")


def _per_second(samples: timing.Samples, name: str, tests: int) -> str:
    return f"{tests / timing.median(samples[name]):.0f} tests/s"


MEASURES = (Measure("S7", "1000 tests of four calls each, run by pytest: CPU time", _rows),)
