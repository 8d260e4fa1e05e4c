"""The table, for people and for machines."""

import json
import re

from benchmarks import table
from benchmarks.rows import Measure, Unit

from .rows import LARGE, MET, MISSED, NONE, PEER, SMALL, UNKNOWN

ROWS = (MET, PEER, UNKNOWN, MISSED, SMALL, LARGE, NONE)


def test_the_table() -> None:
    lines = [table.head(), *map(table.line, ROWS)]
    assert [" | ".join(re.split(r"\s{2,}", line.strip())) for line in lines] == [
        "measured | goal",
        "paymock | 1.100 | <= 1.12 | met | 11 / 10",
        "respx <static> | 1.678",
        "paymock | - | <= 1.12 | not measured | no valgrind",
        "live server / paymock | 2.500 | >= 3 | missed",
        "memory | 489 B | <= 600 B | met",
        "memory elsewhere | 9220 B",
        "modules | 0 | <= 0 | met",
    ]
    assert len({line.index(words) for line, words in zip(lines, COLUMN, strict=True)}) == 1


COLUMN = ("measured", "1.100", "1.678", "- ", "2.500", "489 B", "9220 B", "0 ")
"""What stands one below the other."""


def test_large_ratios_need_no_third_digit() -> None:
    numbers = (9.9994, 10.0, 94.26)
    assert [table.number(value, Unit.TIMES) for value in numbers] == ["9.999", "10.0", "94.3"]


def test_the_table_for_machines() -> None:
    read = json.loads(table.as_json([MET, UNKNOWN, PEER], {"python": "CPython 3.11"}))
    assert read == {
        "python": "CPython 3.11",
        "rows": [
            {
                "measure": "S3",
                "what": "paymock",
                "value": 1.1,
                "unit": "x",
                "goal": "<= 1.12",
                "met": True,
                "note": "11 / 10",
            },
            {
                "measure": "S3",
                "what": "paymock",
                "value": None,
                "unit": "x",
                "goal": "<= 1.12",
                "met": None,
                "note": "no valgrind",
            },
            {
                "measure": "S3",
                "what": "respx <static>",
                "value": 1.6784,
                "unit": "x",
                "goal": None,
                "met": None,
                "note": "",
            },
        ],
    }


def test_the_table_for_the_readme_has_the_goals() -> None:
    measures = [Measure(name, f"title {name}", lambda _: ()) for name in ("S3", "S7", "S9")]
    assert table.as_markdown([MET, PEER, UNKNOWN, MISSED, SMALL, LARGE], measures).splitlines() == [
        "| | what | | measured | goal | |",
        "|---|---|---|---|---|---|",
        "| S3 | title S3 | paymock | 1.100 | <= 1.12 | met |",
        "| S3 | title S3 | paymock | - | <= 1.12 | not measured |",
        "| S7 | title S7 | live server / paymock | 2.500 | >= 3 | missed |",
        "| S9 | title S9 | memory | 489 B | <= 600 B | met |",
    ]
