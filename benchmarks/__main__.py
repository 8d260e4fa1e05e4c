"""The command ``python -m benchmarks``."""

import argparse
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from benchmarks import about, environment, picture, table
from benchmarks.measures import MEASURES
from benchmarks.rows import Effort, Row

RAN = "ran"
"""What is said of a row whose number would say nothing."""

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
        "--markdown", type=Path, metavar="FILE", help="write the rows with a goal as Markdown"
    )
    parser.add_argument("--svg", type=Path, metavar="FILE", help="draw the table as a picture")
    parser.add_argument(
        "--jobs", type=int, default=1, metavar="N", help="valgrind runs at a time (default: 1)"
    )
    return parser.parse_args(words)


def _tell(words: str) -> None:
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


def _measured(names: Sequence[str], effort: Effort) -> Iterator[Row]:
    """Run some measures, tell each row as soon as it is known, and yield it."""
    for measure in MEASURES:
        if measure.name in names:
            _tell(table.title(measure))
            for found in measure.run(effort):
                if effort.short:
                    _tell(f"    {found.what}: {RAN}")
                    yield replace(found, value=None, note=RAN)
                else:
                    _tell(table.line(found))
                    yield found


def main(words: Sequence[str]) -> None:
    """Run what the command line asks for."""
    asked = _arguments(words)
    environment.trim()
    known = about.versions()
    missing = [name for name, version in known.items() if version is None]
    if missing:
        install = "python -m pip install -e '.[benchmarks]'"
        sys.exit(f"benchmarks: {', '.join(missing)} not installed; {install} brings all of it")
    _tell(", ".join(f"{name} {value}" for name, value in known.items()))
    if asked.short:
        _tell("--short: everything runs once, to see that it works; nothing is measured")
    else:
        _tell(table.head())
    rows = list(_measured(asked.only, Effort(short=asked.short, jobs=asked.jobs)))
    if asked.json:
        asked.json.write_text(table.as_json(rows, known), encoding="utf-8")
    if asked.markdown:
        asked.markdown.write_text(table.as_markdown(rows, MEASURES), encoding="utf-8")
    if asked.svg:
        asked.svg.write_text(picture.draw(rows, MEASURES), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
