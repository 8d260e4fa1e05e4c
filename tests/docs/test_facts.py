"""What README and site state, beside their examples, is compared with the product."""

import json
import re
import shlex
import subprocess
import sys
from typing import get_type_hints

import httpx
import pytest

import pytest_paymock
from pytest_paymock import Options, Paymock, faults
from pytest_paymock._api.endpoints import ENDPOINTS
from pytest_paymock._engine.outcomes import OUTCOMES
from pytest_paymock.server import ServerPaymock
from tests.docs.markdown import ROOT, Page, pages, table

README = Page("README.md")
OPTIONS = Page("docs/reference/options.md")
LIVE_SERVER = Page("docs/how-to/live-server.md")
PAGES = pages()
TEXTS = [*PAGES, Page("CHANGELOG.md"), Page("examples/README.md")]

INSTALL = "python3 -m venv .venv && .venv/bin/python -m pip install -q -e '.[test]'"


def plain(cell: str) -> str:
    return cell.replace("`", "")


# -- README ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("title", "rest"),
    [("Try it", " -m pytest examples"), ("Run the tests", " -m pytest -n 2")],
)
def test_one_line_does_everything(title: str, rest: str) -> None:
    section = README.section(title)

    assert section.count("```") == 2
    assert f"```console\n{INSTALL} && .venv/bin/python{rest}\n```\n" in section


def test_the_readme_is_short_and_brings_no_picture() -> None:
    assert 6_000 <= len(README.text.encode()) <= 9_000
    assert "![" not in README.text  # a relative one is broken where the README is shown alone


def test_the_api_answers_as_the_readme_shows() -> None:
    [shown] = README.blocks_in("http")
    asked, answered = re.findall(r"{[^}]*}", shown.text)

    with Paymock(clock="2026-01-27T12:00:00") as paymock:
        token = paymock.add_token().token
        assert token.startswith("tok_f6c0")
        order = json.loads(asked) | {"token": token}
        answer = httpx.post(f"{paymock.base_url}/api/v1/payments", json=order)

    assert answer.json() | {"token": "tok_f6c0..."} == json.loads(answered)


# -- links ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("page", TEXTS, ids=lambda page: page.name)
def test_every_relative_link_resolves(page: Page) -> None:
    for link in page.links:
        name, _, anchor = link.partition("#")
        target = (page.path.parent / name) if name else page.path

        assert target.exists(), link
        if anchor:
            assert anchor in Page(str(target)).anchors, link


def test_every_page_is_in_the_navigation() -> None:
    listed = re.findall(
        r"^[\w/-]+$",
        "".join(
            block.text for block in Page("docs/index.md").blocks if "toctree" in block.language
        ),
        re.MULTILINE,
    )

    names = [page.name.removeprefix("docs/").removesuffix(".md") for page in PAGES[1:]]
    assert sorted(["index", *listed]) == sorted(names)


def test_every_example_is_introduced() -> None:
    page = Page("examples/README.md")
    folders = {found.parent.name for found in page.path.parent.glob("*/test_*.py")}

    assert folders == {link.partition("/")[0] for link in page.links}


# -- options --------------------------------------------------------------------------------------


@pytest.fixture
def pytest_help(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    return pytester.runpytest_inprocess("-p", "paymock", "--help").stdout.str()


def test_the_options_are_all_there_with_their_defaults(pytest_help: str) -> None:
    told = " ".join(pytest_help.split())
    shown = {plain(name): plain(default) for name, default, _ in table(OPTIONS.text)}

    assert sorted(shown) == sorted(get_type_hints(Options))
    for name, default in shown.items():
        flag = re.escape(f"--paymock-{name.replace('_', '-')}")
        assert re.search(rf"{flag}=\S+ [^-]*?\(default: {re.escape(default)}\)", told), name


def test_every_flag_exists(pytest_help: str) -> None:
    shown = {flag for page in PAGES for flag in re.findall(r"--paymock-[a-z-]*[a-z]", page.text)}

    assert shown
    assert {flag for flag in shown if flag not in pytest_help} == set()


ASK_SETTINGS = """
def test_settings(paymock):
    settings = paymock.settings
    assert settings.base_url == "https://pay.example/v2"
    assert (settings.seed, settings.success_rate) == (42, 0.75)
"""


@pytest.mark.parametrize("way", ["pyproject.toml", "pytest.ini", "command line"])
def test_the_options_can_be_given_as_shown(pytester: pytest.Pytester, way: str) -> None:
    section = OPTIONS.section("How to write them")
    [toml], [ini], [command] = (
        re.findall(rf"```{language}\n(.*?)```", section, re.DOTALL)
        for language in ("toml", "ini", "sh")
    )
    arguments = []
    if way == "command line":
        arguments = shlex.split(command)[1:]
    else:
        pytester.path.joinpath(way).write_text(toml if way.endswith("toml") else ini)
    pytester.makepyfile(ASK_SETTINGS)

    pytester.runpytest(*arguments).assert_outcomes(passed=1)


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


# -- names ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [README.text, Page("docs/reference/endpoints.md").text],
    ids=["README", "reference"],
)
def test_the_endpoints_are_those_of_the_api(text: str) -> None:
    assert [(plain(name), plain(place), words) for name, place, words in table(text)] == [
        (one.name, f"{one.method} {one.path}", one.summary[0].lower() + one.summary[1:])
        for one in ENDPOINTS
    ]


def test_the_test_cards_are_those_of_the_fake() -> None:
    rows = table(Page("docs/reference/endpoints.md").section("Test cards"))

    with Paymock() as paymock:
        for names, number, card_type in rows:
            for name in plain(names).split(", "):
                assert paymock.card(name)["card_number"] == number
                assert paymock.add_token(name).card_type == card_type


def test_the_outcomes_are_all_named() -> None:
    shown = [tuple(map(plain, row[:3])) for row in table(Page("docs/reference/outcomes.md").text)]

    assert shown == [(one.name, one.status, one.message) for one in OUTCOMES.values()]


def test_the_faults_are_all_named_with_their_phases() -> None:
    rows = {plain(name): phase for name, _, phase in table(Page("docs/reference/faults.md").text)}
    with_arguments = {"http_error(status)": "from 500 on", "latency(seconds)": "always"}

    assert rows == with_arguments | {
        fault.name: "yes" if fault.can_follow_commit else "no"
        for fault in (*faults.ALL, faults.crash)
    }


def test_the_guards_are_all_named() -> None:
    shown = [plain(name) for name, _ in table(Page("docs/how-to/guards.md").section("Guards"))]

    with pytest.raises(pytest_paymock.UsageError) as told:
        Paymock(allow=["none of them"])
    listed = str(told.value).partition("the guards are ")[2]
    assert listed == ", ".join(shown)


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
        section = Page("docs/reference/api.md").section("Records")
        rows = {name: re.findall(r"`(\w+)`", has) for name, has in table(section)}

        assert rows.keys() == kept.keys()
        for name, record in kept.items():
            assert [field for field in rows[name] if not hasattr(record, field)] == []


def test_every_public_name_is_in_the_reference() -> None:
    folder = ROOT / "docs" / "reference"
    reference = "".join(path.read_text(encoding="utf-8") for path in folder.glob("*.md"))

    missing = [name for name in pytest_paymock.__all__ if not re.search(rf"\b{name}\b", reference)]
    assert missing == []


def test_the_outline_of_the_report_names_what_its_schema_has() -> None:
    outline = Page("docs/reference/report.md").blocks_in("text")[0].text
    schema = json.loads((ROOT / "docs" / "report.schema.json").read_text(encoding="utf-8"))
    parts = [schema, *schema["$defs"].values()]
    known = {name for part in parts for name in part.get("properties", ())}

    without_values = re.sub(r'".*"|the run in numbers|\b1$', "", outline, flags=re.MULTILINE)
    assert set(re.findall(r"\w+", without_values)) - known == set()


# -- the live server ------------------------------------------------------------------------------


def test_the_server_greets_as_shown() -> None:
    [command] = [line for line in LIVE_SERVER.text.splitlines() if line.startswith("paymock serve")]
    arguments = command.replace("--port 8000", "--port 0").split()[1:]

    with subprocess.Popen(  # noqa: S603 - our own program
        [sys.executable, "-m", "pytest_paymock.server.cli", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as server:
        assert server.stdout
        greeting = [server.stdout.readline().rstrip() for _ in range(6)]
        server.terminate()

    [port] = re.findall(r"localhost:(\d+) ", greeting[0])
    shown = "\n".join(greeting).replace(f":{port}", ":8000")
    assert f"```text\n{shown}\n```\n" in LIVE_SERVER.text


def test_the_server_takes_the_options_that_are_named() -> None:
    rows = table(Page("docs/reference/command-line.md").section("paymock serve"))

    done = subprocess.run(
        [sys.executable, "-m", "pytest_paymock.server.cli", "serve", "--help"],
        capture_output=True,
        text=True,
        check=True,
    )

    flags = {plain(flag) for flag, _, _ in rows}
    assert flags == set(re.findall(r"^ +(?:-h, )?(--[a-z-]+)", done.stdout, re.MULTILINE)) - {
        "--help"
    }


ORDER = re.compile(r"^curl localhost:8000/_paymock/(\w+)(?: --json '(.*)')?$", re.MULTILINE)


def test_control_takes_the_orders_that_are_shown(paymock_server: ServerPaymock) -> None:
    paymock_server.control = True
    orders = ORDER.findall(LIVE_SERVER.text)

    for name, order in orders:
        method = "POST" if order else "GET"
        answer = httpx.request(
            method, f"{paymock_server.url}/_paymock/{name}", content=order or None
        )
        assert answer.status_code == 200

    assert [name for name, _ in orders] == ["outcomes", "faults", "clock", "state"]
    assert len(answer.json()["outcomes"]["pending"]) == 2
    paymock_server.reset()
