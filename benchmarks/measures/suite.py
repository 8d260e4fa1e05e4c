"""S7: a whole suite, run by pytest: 1000 tests, each of four calls."""

import tempfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from benchmarks import cachegrind, instructions, processes, timing
from benchmarks.rows import Effort, Goal, Measure, Row, at_least, at_most

_TREE = Path(__file__).resolve().parent.parent / "suite"

_OURS = ("-p", "pytest_paymock.plugin", "-o", "paymock_success_rate=1")

_LOADED = {
    "paymock": _OURS,
    "idle_paymock": _OURS,
    "live_server": _OURS,
    "pytest_httpx": ("-p", "pytest_httpx"),
    "pytest_httpserver": ("-p", "pytest_httpserver.pytest_plugin"),
}
"""The plugins that some of the suites need: those of the others stay out."""

_WANTED: tuple[tuple[str, str, Goal | None], ...] = (
    ("paymock", "floor", at_most(1.10)),
    ("live_server", "paymock", at_least(3)),
    ("pytest_httpx", "floor", None),
    ("respx", "floor", None),
    ("pytest_httpserver", "floor", None),
    ("live_server", "floor", None),
)

_STEPS = {
    "paymock": "instructions: paymock / floor",
    "plain_fixture": "of it: a fixture that does nothing",
    "empty_fixture": "of it: a fixture that asks for what is said of its test",
    "idle_paymock": "of it: paymock, begun and ended without a call",
}
"""The suites, each with a part of what the first one does, whose instructions are counted."""

_FEWER, _MORE = 20, 120
"""How many tests the two runs make whose difference is counted."""


def _run(name: str, tests: int, directory: str) -> tuple[tuple[str, ...], dict[str, str], Path]:
    """Return the arguments, the environment and the file for the seconds of a run."""
    seconds = Path(directory, f"seconds-{name}")
    words = ("-q", "-c", "pytest.ini", "-p", "no:cacheprovider", *_LOADED.get(name, ()))
    asked = (f"--tests={tests}", f"--seconds={seconds}", f"test_{name}.py")
    more = {"PYTHONPATH": str(processes.ROOT), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    return ("-m", "pytest", *words, *asked), more, seconds


def _turn(name: str, tests: int) -> float:
    with tempfile.TemporaryDirectory() as directory:
        arguments, more, seconds = _run(name, tests, directory)
        processes.run(arguments, _TREE, more=more)
        return float(seconds.read_text(encoding="utf-8"))


def _counted(name: str) -> float:
    """Return how many instructions a test of a suite takes."""
    with tempfile.TemporaryDirectory() as directory:
        _turn(name, 1)  # so that no module has to be compiled in a run that counts
        totals = []
        for tests in (_FEWER, _MORE):
            arguments, more, _ = _run(name, tests, directory)
            totals.append((tests, cachegrind.count(arguments, _TREE, more=more)))
        return cachegrind.per_round(*totals)


def _steps(effort: Effort) -> Iterator[Row]:
    """Yield where the instructions of a test go."""
    names = ("floor", *_STEPS)
    counts = instructions.counted(names, effort, count=_counted, once=partial(_turn, tests=1))
    for name, what in _STEPS.items():
        if isinstance(counts, str):
            yield Row("S7", what, None, note=counts)
        else:
            note = f"{counts[name]:,.0f} / {counts['floor']:,.0f}"
            yield Row("S7", what, counts[name] / counts["floor"], note=note)


def _rows(effort: Effort) -> Iterator[Row]:
    tests = effort.of(1000, 2)
    names = dict.fromkeys(name for wanted in _WANTED for name in wanted[:2])
    works = {name: partial(_turn, name, tests) for name in names}
    samples = timing.interleaved(works, effort.of(5, 1))
    for name, base, goal in _WANTED:
        note = " / ".join(_per_second(samples, each, tests) for each in (name, base))
        what = f"{_read(name)} / {_read(base)}"
        yield Row("S7", what, timing.ratio(samples, name, base), goal, note=note)
    yield from _steps(effort)


def _read(name: str) -> str:
    return name.replace("_", "-" if name.startswith("pytest") else " ")


def _per_second(samples: timing.Samples, name: str, tests: int) -> str:
    return f"{tests / timing.median(samples[name]):.0f} tests/s"


MEASURES = (Measure("S7", "1000 tests of four calls each, run by pytest: CPU time", _rows),)
