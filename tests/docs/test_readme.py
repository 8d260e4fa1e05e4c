"""What the README says is run, as its reader would run it."""

import re
import shlex
import sys
from dataclasses import fields
from typing import Any

import httpx
import pytest

from pytest_paymock import Paymock, __version__
from pytest_paymock._api.endpoints import ENDPOINTS
from pytest_paymock._engine.outcomes import OUTCOMES
from pytest_paymock.plugin import DECLARED
from pytest_paymock.server import ServerPaymock, cli, messages
from tests.docs.markdown import Block, Page, table

README = Page("README.md")
PYTHON = README.blocks_in("python")
MODULES = [block for block in PYTHON if block.module]
TESTS = [block for block in PYTHON if block.tests and not block.fails]
FAILING = [block for block in PYTHON if block.fails]
SCRIPTS = [block for block in PYTHON if not block.module and not block.tests]

INSTALL = "python3 -m venv .venv && .venv/bin/python -m pip install -q -e '.[test]'"


@pytest.fixture
def reader(pytester: pytest.Pytester) -> pytest.Pytester:
    """Somebody who has copied the modules of the README into an empty folder."""
    for block in MODULES:
        assert block.module is not None
        assert block.module.removesuffix(".py") not in sys.modules, "another module has this name"
        pytester.path.joinpath(block.module).write_text(block.text, encoding="utf-8")
    pytester.syspathinsert()
    return pytester


def run(reader: pytest.Pytester, block: Block) -> pytest.RunResult:
    reader.makepyfile(test_block=block.text)
    return reader.runpytest("-W", "error", "--strict-markers", "test_block.py")


def test_there_is_something_of_every_kind() -> None:
    assert all((MODULES, TESTS, FAILING, SCRIPTS))


@pytest.mark.parametrize("block", TESTS, ids=str)
def test_a_block_with_tests_passes(reader: pytest.Pytester, block: Block) -> None:
    outcomes = run(reader, block).parseoutcomes()

    assert set(outcomes) == {"passed"}
    # An async test runs once a backend.
    assert outcomes["passed"] >= block.tests


@pytest.mark.parametrize("block", FAILING, ids=str)
def test_a_block_that_fails_shows_what_stands_below_it(
    reader: pytest.Pytester, block: Block
) -> None:
    result = run(reader, block)

    assert result.parseoutcomes() == {"failed": block.tests}
    shown = result.stdout.str()
    for line in README.after(block).text.splitlines():
        assert line in shown
        shown = shown.partition(line)[2]


@pytest.mark.parametrize("block", SCRIPTS, ids=str)
def test_any_other_block_runs_as_a_script(reader: pytest.Pytester, block: Block) -> None:
    reader.path.joinpath("script.py").write_text(block.text, encoding="utf-8")

    result = reader.run(sys.executable, "-W", "error", "script.py")

    assert (result.ret, result.stderr.str()) == (0, "")


@pytest.mark.parametrize(
    ("title", "rest"),
    [("Try it", " -m pytest examples"), ("Run the tests", " -m pytest -n 2")],
)
def test_one_line_does_everything(title: str, rest: str) -> None:
    section = README.section(title)

    assert section.count("```") == 2
    assert f"```console\n{INSTALL} && .venv/bin/python{rest}\n```\n" in section


def test_the_table_names_exactly_the_options_and_their_defaults() -> None:
    rows = [cells[:2] for cells in table(README.section("Options"))]

    shown = sorted((name.strip("`"), default.strip("`")) for name, default in rows)
    lines = [line.split(maxsplit=2) for line in DECLARED.splitlines()]
    declared = [(name, re.findall(r"\(default: (.*?)\)", messages)) for name, _, words in lines]
    assert shown == sorted((name, default) for name, [default] in declared)
    assert [name for name, _ in shown] == sorted(f.name for f in fields(Paymock().settings))


def test_the_endpoints_are_those_of_the_api() -> None:
    introduction = README.text.partition("\n## ")[0]
    shown = [
        (name.strip("`"), place.strip("`"), messages) for name, place, words in table(introduction)
    ]

    assert shown == [
        (one.name, f"{one.method} {one.path}", one.summary[0].lower() + one.summary[1:])
        for one in ENDPOINTS
    ]


@pytest.mark.parametrize(
    ("file", "said"),
    [
        ("pytest.ini", "[pytest]\npaymock_allow = double_charge foreign_token"),
        (
            "pyproject.toml",
            "[tool.pytest.ini_options]\npaymock_allow = ['double_charge', 'foreign_token']",
        ),
        ("pytest.ini", ""),
    ],
    ids=["ini", "toml", "command line"],
)
def test_an_option_may_have_several_values(pytester: pytest.Pytester, file: str, said: str) -> None:
    pytester.path.joinpath(file).write_text(said)
    pytester.makepyfile(
        "def test(paymock): assert paymock.settings.allow == ('double_charge', 'foreign_token')"
    )
    arguments = [] if said else ["--paymock-allow=double_charge,foreign_token"]

    pytester.runpytest(*arguments).assert_outcomes(passed=1)


def test_the_table_of_records_names_fields_that_they_have() -> None:
    with Paymock() as paymock:
        paymock.add_payment(amount=5)
        transaction_id = paymock.payments.one().transaction_id
        httpx.post(f"{paymock.base_url}/api/v1/transactions/{transaction_id}/refund")
        kept = {
            "payment": paymock.payments.one(),
            "refund": paymock.refunds.one(),
            "token": paymock.tokens.one(),
            "call": paymock.calls.one(),
        }
        section = README.section("Read records")
        rows = {name: re.findall(r"`(\w+)`", has) for name, has in table(section)}

        assert rows.keys() == kept.keys()
        for name, record in kept.items():
            assert [field for field in rows[name] if not hasattr(record, field)] == []


ASK_SETTINGS = """
def test_settings(paymock):
    settings = paymock.settings
    assert settings.base_url == "https://pay.example/v2"
    assert (settings.seed, settings.success_rate) == (42, 0.75)
"""


@pytest.mark.parametrize("way", ["pyproject.toml", "pytest.ini", "command line"])
def test_the_options_can_be_given_as_shown(pytester: pytest.Pytester, way: str) -> None:
    shown = {
        language: re.findall(rf"```{language}\n(.*?)```", README.section("Options"), re.DOTALL)
        for language in ("toml", "ini", "console")
    }
    [toml], [ini], [command] = shown["toml"], shown["ini"], shown["console"]
    arguments = []
    if way == "command line":
        arguments = shlex.split(command)[1:]
    else:
        pytester.path.joinpath(way).write_text(toml if way.endswith("toml") else ini)
    pytester.makepyfile(ASK_SETTINGS)

    pytester.runpytest(*arguments).assert_outcomes(passed=1)


def test_every_flag_exists(pytester: pytest.Pytester) -> None:
    known = pytester.runpytest("--help").stdout.str()

    flags = set(re.findall(r"--paymock-[a-z-]*[a-z]", README.text))

    assert flags
    assert {flag for flag in flags if flag not in known} == set()


def test_the_outcomes_are_all_named() -> None:
    [sentence] = re.findall(r"^The outcomes are (.*?)\.", README.text, re.MULTILINE | re.DOTALL)

    assert re.findall(r"`(\w+)`", sentence) == list(OUTCOMES)


def test_the_server_greets_as_shown() -> None:
    greeting = messages.started(
        version=__version__,
        url="http://localhost:8000",
        seed=7,
        clock="real time",
        profile="documented",
        control="http://localhost:8000/_paymock/state",
    )

    assert "```text\n" + "\n".join(greeting) + "\n```\n" in README.text


def test_the_server_takes_the_options_that_are_named() -> None:
    section = README.section("A tour by task")
    shown = section[section.index("paymock serve --port 8000") :]

    flags = re.findall(r"`(--[a-z-]+)`", shown)

    known = cli._parsers()[1].format_help()
    assert len(flags) > 5
    assert [flag for flag in flags if f"  {flag}" not in known] == []


ORDER = re.compile(r"^curl localhost:8000/_paymock/(\w+)(?: --json '(.*)')?$", re.MULTILINE)


def test_control_takes_the_orders_that_are_shown(paymock_server: ServerPaymock) -> None:
    paymock_server.control = True
    orders = ORDER.findall(README.text)

    for name, order in orders:
        method = "POST" if order else "GET"
        answer = httpx.request(
            method, f"{paymock_server.url}/_paymock/{name}", content=order or None
        )
        assert answer.status_code == 200

    assert [name for name, _ in orders] == ["outcomes", "faults", "clock", "state"]
    assert len(answer.json()["outcomes"]["pending"]) == 2
    paymock_server.reset()


def linked(page: str) -> list[Any]:
    return [pytest.param(page, link, id=f"{page}: {link}") for link in Page(page).links]


@pytest.mark.parametrize(
    ("page", "link"),
    [
        *linked("README.md"),
        *linked("CHANGELOG.md"),
        *linked("examples/README.md"),
        *linked("docs/report.md"),
    ],
)
def test_every_relative_link_resolves(page: str, link: str) -> None:
    source = Page(page)
    name, _, anchor = link.partition("#")
    target = (source.path.parent / name) if name else source.path

    assert target.exists()
    if anchor:
        assert anchor in Page(str(target)).anchors


def test_every_example_is_introduced() -> None:
    page = Page("examples/README.md")
    folders = {found.parent.name for found in page.path.parent.glob("*/test_*.py")}

    assert folders == {link.partition("/")[0] for link in page.links}
