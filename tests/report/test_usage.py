"""What is wrong with ``--paymock-report`` is told at start; what goes wrong later, at the end."""

from pathlib import Path

import pytest

from pytest_paymock._pytest import reporting

from .conftest import Run, summary

SOURCE = "def test_plain(): pass"


def refused(result: pytest.RunResult) -> str:
    """Return the only sentence of a run that did not begin."""
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    (line,) = filter(None, result.errlines)
    return line


@pytest.mark.parametrize("name", ["report.txt", "report", ".json", "report.html.gz"])
def test_another_suffix_is_refused(run: Run, name: str):
    assert refused(run(SOURCE, f"--paymock-report={name}")) == (
        f"ERROR: --paymock-report takes a file that ends in .html or .json, not {name!r}"
    )


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("taken/report.json", "File exists"),
        ("taken/deeper/report.json", "Not a directory"),
        ("folder.json", "Is a directory"),
        ("x" * 300 + ".json", "File name too long"),
    ],
    ids=["a file for a directory", "a file on the way", "a directory", "a long name"],
)
def test_a_file_that_cannot_be_written_is_refused(
    run: Run, project: pytest.Pytester, name: str, why: str
):
    (project.path / "taken").touch()
    (project.path / "folder.json").mkdir()
    assert refused(run(SOURCE, f"--paymock-report={name}")) == (
        f"ERROR: --paymock-report={name} cannot be written: {why}; "
        "name another file, in a directory that you may write to"
    )


def test_a_name_that_no_file_can_have_is_refused(run: Run):
    assert refused(run(SOURCE, "--paymock-report=a\0b.json")) == (
        r"ERROR: --paymock-report=a\x00b.json cannot be written: embedded null byte; "
        "name another file, in a directory that you may write to"
    )


def test_a_home_that_nobody_has_is_refused(run: Run):
    assert "cannot be written: Could not determine home" in refused(
        run(SOURCE, "--paymock-report=~nobody-of-that-name/report.json")
    )


def test_a_page_without_the_extra_is_refused(run: Run, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(reporting, "find_spec", {}.get)
    assert refused(run(SOURCE, "--paymock-report=report.html")) == (
        "ERROR: --paymock-report=report.html needs the extra report (jinja2 is not installed): "
        "pip install 'pytest-paymock[report]'; a report that ends in .json needs none"
    )
    assert run(SOURCE, "--paymock-report=report.json").ret == 0


def test_a_file_is_tried_at_start_and_left_as_it_was(run: Run, project: pytest.Pytester):
    old = project.path / "old.json"
    old.write_text("old")
    result = run(SOURCE, "--paymock-report=old.json", "--paymock-report=x.txt")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert old.read_text() == "old"


def test_a_file_may_be_in_the_home_directory(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("HOME", str(tmp_path))
    run(SOURCE, "--paymock-report=~/report.json")
    assert (tmp_path / "report.json").exists()


def test_a_report_that_cannot_be_written_in_the_end_fails_the_run(
    run: Run, project: pytest.Pytester
):
    source = """
def test_in_the_way(paymock):
    import os
    os.mkdir("report.json")
"""
    result = run(source, "--paymock-report=report.json", "--paymock-report=other.json")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert summary(result) == [
        "ERROR: the report report.json could not be written: Is a directory",
        "report: other.json",
    ]
    assert (project.path / "other.json").exists()
