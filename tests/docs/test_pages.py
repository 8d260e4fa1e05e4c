"""The blocks of README and site are run, as their reader would run them: one project a page."""

import re
import runpy

import pytest

from pytest_paymock import Paymock
from tests.docs.markdown import NOT_RUN, Block, Page, Stage, pages

PAGES = pages()
WITH_TESTS = [page for page in PAGES if page.stages]
SCRIPTS = [(page, script) for page in PAGES for script in page.scripts]

# Only the plugins that the pages speak of are loaded: it takes a third of the time.
PLUGINS = ("-p", "paymock", "-p", "anyio", "-p", "hypothesispytest")


@pytest.fixture(scope="module", autouse=True)
def loaded_once() -> None:
    """Load what a fake needs before the nested runs, each of which forgets what it has loaded."""
    with Paymock():
        pass


def test_there_is_something_of_every_kind() -> None:
    blocks = [block for page in PAGES for block in page.blocks]

    assert any(block.fails for block in blocks)
    assert any(block.file and not block.tests for block in blocks)
    assert len(WITH_TESTS) > 1
    assert SCRIPTS


@pytest.mark.parametrize("page", WITH_TESTS, ids=lambda page: page.name)
def test_the_blocks_of_a_page_do_what_it_says(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, page: Page
) -> None:
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    for stage in page.stages:
        write(pytester, stage)

        result = pytester.runpytest_inprocess(
            *PLUGINS, "-W", "error", "--strict-markers", "-p", "no:cacheprovider"
        )

        check(page, stage, result)


def write(pytester: pytest.Pytester, stage: Stage) -> None:
    for name, block in stage.blocks.items():
        path = pytester.path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(block.text, encoding="utf-8")


def check(page: Page, stage: Stage, result: pytest.RunResult) -> None:
    shown = result.stdout.str()
    passed, skipped, failed = result.reprec.listoutcomes()  # type: ignore[attr-defined]
    expected = {name: len(block.tests) for name, block in stage.blocks.items() if block.fails}

    assert skipped == [], shown
    assert count_by_file(failed) == expected, shown
    ran = count_by_file(passed)
    for name, block in stage.blocks.items():
        if not block.fails:  # an async test runs once a backend, so there may be more
            assert ran.get(name, 0) >= len(block.tests), f"{page.name}: {name}\n{shown}"
    for block in stage.blocks.values():
        if block.fails:
            check_output(page, block, shown)


def count_by_file(reports: list[pytest.TestReport]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for report in reports:
        name = report.nodeid.partition("::")[0]
        counts[name] = counts.get(name, 0) + 1
    return counts


def check_output(page: Page, block: Block, shown: str) -> None:
    """Find every line of the block below, in this order, in what came out for the test."""
    heading = re.search(rf"^_+ {block.tests[0]} _+$", shown, re.MULTILINE)
    assert heading, shown
    rest = shown[heading.end() :]
    for line in page.after(block).text.splitlines():
        assert line in rest, f"{page.name}, {block}: {line!r} does not follow in\n{rest}"
        rest = rest.partition(line)[2]


@pytest.mark.parametrize(
    ("page", "script"),
    [pytest.param(page, script, id=f"{page.name}, {script}") for page, script in SCRIPTS],
)
def test_any_other_block_runs_as_a_script(
    pytester: pytest.Pytester, capsys: pytest.CaptureFixture[str], page: Page, script: Block
) -> None:
    path = pytester.path / "script.py"
    path.write_text(script.text, encoding="utf-8")

    runpy.run_path(str(path), run_name="__main__")

    assert capsys.readouterr().out == (page.printed_by(script) or "")


def test_what_is_not_run_says_why() -> None:
    shown = [block for page in PAGES for block in page.blocks if not block.runs]

    assert all(re.fullmatch(rf"{NOT_RUN}.{{10,}} -->", block.above) for block in shown)
