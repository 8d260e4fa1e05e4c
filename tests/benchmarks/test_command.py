"""``python -m benchmarks``, with measures of no work."""

import json
from pathlib import Path

import pytest

from benchmarks import __main__ as command
from benchmarks import about, environment, table
from benchmarks.rows import Measure

from .rows import LARGE, MET, UNKNOWN


@pytest.fixture
def trimmed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Let the command run two measures of no work, and leave the environment of the tests alone."""
    told: list[str] = []
    measures = (
        Measure("S3", "a call", lambda effort: [MET, UNKNOWN] if not effort.short else [MET]),
        Measure("S9", "memory", lambda _: [LARGE]),
    )
    versions = {"python": "CPython 3.11", "httpx": "0.28"}
    monkeypatch.setattr(command, "MEASURES", measures)
    monkeypatch.setattr(environment, "trim", lambda: told.append("trimmed"))
    monkeypatch.setattr(about, "versions", lambda: versions)
    return told


@pytest.mark.usefixtures("trimmed")
def test_the_command_prints_the_table(capsys: pytest.CaptureFixture[str]) -> None:
    command.main([])
    lines = [table.head(), "S3  a call", *map(table.line, (MET, UNKNOWN))]
    lines += ["S9  memory", table.line(LARGE)]
    assert capsys.readouterr().out.splitlines() == ["python CPython 3.11, httpx 0.28", *lines]


def test_the_command_writes_files(trimmed: list[str], tmp_path: Path) -> None:
    as_json, as_svg, as_text = (tmp_path / f"table.{kind}" for kind in ("json", "svg", "md"))
    files = ("--json", str(as_json), "--svg", str(as_svg), "--markdown", str(as_text))
    command.main(["--only", "S9", *files])

    assert [row["what"] for row in json.loads(as_json.read_text("utf-8"))["rows"]] == [LARGE.what]
    assert "S9  memory" in as_svg.read_text("utf-8")
    assert as_text.read_text("utf-8").startswith("| | what |")
    assert trimmed == ["trimmed"]


@pytest.mark.usefixtures("trimmed")
def test_a_short_run_claims_nothing(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    as_json = tmp_path / "table.json"
    command.main(["--short", "--json", str(as_json)])

    assert capsys.readouterr().out.splitlines()[1:] == [
        "--short: everything runs once, to see that it works; nothing is measured",
        "S3  a call",
        "    paymock: ran",
        "S9  memory",
        "    memory elsewhere: ran",
    ]
    rows = json.loads(as_json.read_text("utf-8"))["rows"]
    assert [(row["value"], row["met"], row["note"]) for row in rows] == [(None, None, "ran")] * 2


@pytest.mark.usefixtures("trimmed")
def test_what_is_not_installed_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(about, "versions", lambda: {"python": "3", "responses": None})
    with pytest.raises(SystemExit) as ended:
        command.main([])
    assert ended.value.code == (
        "benchmarks: responses not installed; "
        "python -m pip install -e '.[benchmarks]' brings all of it"
    )


def test_the_version_of_what_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(about, "PROJECTS", ("pytest", "no-such-project"))
    known = about.versions()
    assert list(known) == ["python", "pytest", "no-such-project"]
    assert known["pytest"] == pytest.__version__
    assert known["no-such-project"] is None
