"""The command ``python -m benchmarks``."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from benchmarks import about, environment, table
from benchmarks.measures import MEASURES
from benchmarks.rows import Effort, Row

_NAMES = [measure.name for measure in MEASURES]


def _arguments(words: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks",
        description="Measure how fast pytest-paymock is, against floors and peers in one run. "
        "A goal that is missed is told and fails nothing.",
    )
    parser.add_argument(
        "--only", nargs="+", choices=_NAMES, default=_NAMES, metavar="S3", help=", ".join(_NAMES)
    )
    parser.add_argument(
        "--short",
        action="store_true",
        help="run everything once with tiny counts, to see that it works; judges no goal",
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the table as JSON")
    parser.add_argument(
        "--jobs", type=int, default=1, metavar="N", help="valgrind runs at a time (default: 1)"
    )
    return parser.parse_args(words)


def _tell(words: str) -> None:
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


def main(words: Sequence[str]) -> None:
    """Run what the command line asks for."""
    asked = _arguments(words)
    environment.trim()
    effort = Effort(short=asked.short, jobs=asked.jobs)
    judged = not effort.short
    known = about.run()
    _tell(", ".join(f"{name} {value}" for name, value in known.items()))
    if effort.short:
        _tell("--short: this only shows that everything runs; the numbers say nothing")
    _tell(table.head())
    rows: list[Row] = []
    for measure in MEASURES:
        if measure.name not in asked.only:
            continue
        for row in measure.run(effort):
            _tell(table.line(row, judged=judged))
            rows.append(row)
    if asked.json:
        asked.json.write_text(table.as_json(rows, known, judged=judged), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
