"""S1: a run that does not use paymock."""

from collections.abc import Iterator
from importlib.metadata import entry_points
from pathlib import Path

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


def _pytest(*more: str) -> tuple[str, ...]:
    # The plugins of others would make the run, and the share of it that is ours, look better.
    ours = "paymock"
    others = [point.name for point in entry_points(group="pytest11") if point.name != ours]
    blocked = [word for name in sorted({*others}) for word in ("-p", f"no:{name}")]
    return ("-q", "-c", "pytest.ini", "-p", "no:cacheprovider", *blocked, *more)


def _rows(effort: Effort) -> Iterator[Row]:
    what = "with the plugin / with -p no:paymock"
    said = processes.run(("-c", _ASK, *_pytest()), _TREE)
    without = ("-m", "pytest", *_pytest("-p", "no:paymock"))
    processes.run(without, _TREE)
    if effort.short or not cachegrind.is_here():
        yield Row("S1", what, None, at_most(1.005), note=cachegrind.MISSING)
    else:
        plugin = cachegrind.count(("-m", "pytest", *_pytest()), _TREE)
        bare = cachegrind.count(without, _TREE)
        note = f"{plugin:,} / {bare:,}"
        yield Row("S1", what, plugin / bare, at_most(1.005), note=note)
    loaded = said.partition("loaded: ")[2].split()
    what = f"of {', '.join(_HEAVY)}: loaded in that run"
    yield Row("S1", what, len(loaded), at_most(0), Unit.COUNT, " ".join(loaded))


MEASURES = (
    Measure("S1", "100 trivial tests that do not use paymock: instructions of the run", _rows),
)
