"""``paymock verify URL``, from the shell's point of view."""

import io
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from pytest_paymock._verify import command
from pytest_paymock._verify.probe import NoReplyError, Verdict
from pytest_paymock._verify.rules import rules_of
from pytest_paymock._verify.run import HttpServer, NoSuchApiError, as_json, verify
from pytest_paymock._verify.steps import NEEDS_A_CLOCK, NEEDS_A_FAULT, NEEDS_OTHER_CARDS, PROFILES
from pytest_paymock.server import ServerPaymock
from pytest_paymock.server.cli import main

from .deployed_process import DeployedService

UNTOLD = {NEEDS_A_CLOCK, NEEDS_A_FAULT, NEEDS_OTHER_CARDS}

both_profiles = pytest.mark.parametrize(
    "profile",
    [
        pytest.param(name, marks=pytest.mark.paymock(profile=name, guards="off"))
        for name in PROFILES
    ],
)


@both_profiles
def test_our_own_server_keeps_every_rule(
    paymock_server: ServerPaymock,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    profile: str,
) -> None:
    file = tmp_path / "found.json"
    status = main(["verify", paymock_server.url, "--profile", profile, "--json", str(file)])
    first, *lines, last = capsys.readouterr().out.splitlines()
    rules = rules_of(profile)
    assert first == f"{paymock_server.url}: {len(rules)} rules of the {profile} profile"
    assert [line for line in lines if line.startswith("differs")] == []
    assert status == 0
    untold = sum(bool(rule.untold) for rule in rules)
    assert len(lines) == len(rules)
    assert last.startswith(
        f"{len(rules) - untold} hold, 0 differ, {untold} cannot be told from outside; "
    )
    found = json.loads(file.read_text(encoding="utf-8"))
    counted = (found["holds"], found["differs"], found["cannot_be_told"])
    assert counted == (len(rules) - untold, 0, untold)
    assert (found["url"], found["profile"]) == (paymock_server.url, profile)
    assert [each["name"] for each in found["rules"]] == [rule.name for rule in rules]
    assert {each["reason"] for each in found["rules"] if each["verdict"] != "holds"} == UNTOLD


@pytest.mark.paymock(guards="off")
def test_it_sends_the_documented_test_cards_and_no_other(paymock_server: ServerPaymock) -> None:
    with HttpServer(paymock_server.url) as server:
        list(verify(server, "documented"))
    ends = {token.last_four_digits for token in paymock_server.tokens}
    assert ends == {"0366", "9903", "0126", "1117"}


@pytest.fixture(scope="module")
def service() -> Iterator[DeployedService]:
    """Run the deployed service under the releases that are installed."""
    with DeployedService() as running:
        yield running


def test_a_deviation_is_printed_with_what_was_expected_and_what_came(
    service: DeployedService, capsys: pytest.CaptureFixture[str]
) -> None:
    names = ["refund-fields", "refund-values", "token-expires", "history-shape"]
    service.order(deviation=f"refund-fields {_number('refund-fields')}")
    status = main(["verify", service.url, "--only", *names[:2], names[3], "--profile", "deployed"])
    service.order(deviation=None)
    assert status == 1
    out = capsys.readouterr().out.splitlines()
    says = next(rule.says for rule in rules_of("deployed") if rule.name == "refund-fields")
    assert out[0] == f"{service.url}: 3 rules of the deployed profile"
    assert [line for line in out[1:-1] if not line.startswith("holds")] == [
        "differs  refund-fields (section 5)",
        f"         {says}",
        "         POST /api/v1/transactions/<paid>/refund",
        "         answer: has 'fee', which is not expected",
    ]
    assert out[-1].startswith("2 hold, 1 differ, 0 cannot be told from outside; ")


def _number(rule: str) -> int:
    from .deviations import BY_NAME

    return next(int(name.split()[1]) for name in BY_NAME if name.startswith(f"{rule} "))


def test_a_server_that_is_not_there(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verify", "http://127.0.0.1:9/"]) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err.startswith("paymock: http://127.0.0.1:9 gives no answer: ConnectError: ")


def test_a_server_that_speaks_no_such_api(
    paymock_server: ServerPaymock, capsys: pytest.CaptureFixture[str]
) -> None:
    url = f"{paymock_server.url}/docs"
    assert main(["verify", url]) == 2
    assert capsys.readouterr().err == (
        f"paymock: {url} does not answer as the Payment Mock API: POST /api/v1/tokenize with the "
        "documented request gave 404 and no token; is the path of the base URL right?\n"
    )


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["ftp://x"], "a base URL begins with http:// or https://, not 'ftp://x'"),
        (["http://x/?a=1"], "a base URL has no query and no fragment"),
        (["http://x", "--timeout", "0"], "a time limit is a number of seconds, not '0'"),
        (["http://x", "--timeout", "soon"], "a time limit is a number of seconds, not 'soon'"),
        (["http://x", "--profile", "other"], "invalid choice: 'other'"),
        (
            ["http://x", "--only", "refund-onze"],
            "no rule 'refund-onze' in the documented profile; did you mean refund-only-once or",
        ),
        (["http://x", "--only", "luhn", "--profile", "deployed"], "did you mean"),
        (["http://x", "--only", "###"], "there is no rule '###' in the documented profile; they"),
    ],
)
def test_wrong_arguments(
    capsys: pytest.CaptureFixture[str], arguments: list[str], words: str
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["verify", *arguments])
    assert ended.value.code == 2
    if words != "did you mean":
        assert words in capsys.readouterr().err


@pytest.mark.parametrize(("given", "seconds"), [([], 10.0), (["--timeout", "2.5"], 2.5)])
def test_how_long_an_answer_may_take(
    monkeypatch: pytest.MonkeyPatch, given: list[str], seconds: float
) -> None:
    class Recording(HttpServer):
        def __init__(self, url: str, *, timeout: float) -> None:
            taken.append(timeout)
            super().__init__(url, timeout=timeout)

    taken: list[float] = []
    monkeypatch.setattr(command, "HttpServer", Recording)
    assert main(["verify", "http://127.0.0.1:9", *given]) == 2
    assert taken == [seconds]


class Terminal(io.StringIO):
    """A terminal, as far as a program asks."""

    def isatty(self) -> bool:
        return True


def test_progress_is_shown_on_a_terminal(
    paymock_server: ServerPaymock, monkeypatch: pytest.MonkeyPatch
) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    main(["verify", paymock_server.url, "--only", "luhn", "email-form"])
    clear = "\r\x1b[K"
    assert terminal.getvalue() == f"{clear}1 of 2: luhn{clear}{clear}2 of 2: email-form{clear}"


def test_it_needs_nothing_of_the_server(paymock_server: ServerPaymock) -> None:
    program = (
        "import sys\n"
        "sys.modules.update(fastapi=None, uvicorn=None, starlette=None)\n"
        "from pytest_paymock.server.cli import main\n"
        f"sys.exit(main(['verify', {paymock_server.url!r}, '--only', 'luhn']))\n"
    )
    done = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-c", program], capture_output=True, text=True, check=False, timeout=60
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "holds    luhn (section 2)" in done.stdout


# -- what a server may do ---------------------------------------------------------------------


def found_by(handler: Any, name: str, profile: Any = "documented") -> Any:
    """Return what a rule finds with a server that answers as a function says."""
    with HttpServer("http://server.example", transport=httpx.MockTransport(handler)) as server:
        (finding,) = verify(server, profile, [name])
    return finding


def silent(_: httpx.Request) -> httpx.Response:
    raise httpx.ReadTimeout("timed out")


def test_no_answer_in_time_is_a_difference() -> None:
    finding = found_by(silent, "luhn")
    assert finding.verdict is Verdict.DIFFERS
    assert finding.reason == "no answer: ReadTimeout: timed out"
    assert finding.request == "POST /api/v1/tokenize (another card.card_number)"


def test_no_answer_to_what_a_rule_needs_is_another_rules_business() -> None:
    finding = found_by(silent, "payment-fields")
    assert finding.verdict is Verdict.UNTOLD
    assert finding.reason == (
        "needs what POST /api/v1/tokenize did not give: no answer: ReadTimeout: timed out"
    )


@pytest.mark.parametrize("answer", [b"", b"no JSON", b"[]", b'{"token": 7}', b"[" * 100_000])
def test_odd_answers_end_no_run(answer: bytes) -> None:
    def odd(_: httpx.Request) -> httpx.Response:
        return httpx.Response(200, content=answer)

    with HttpServer("http://server.example", transport=httpx.MockTransport(odd)) as server:
        verdicts = {finding.verdict for finding in verify(server, "deployed")}
        assert Verdict.DIFFERS in verdicts
        if b"token" not in answer:
            with pytest.raises(NoSuchApiError):
                server.greet()


def test_a_payment_that_never_succeeds_leaves_rules_untold() -> None:
    def declining(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("tokenize"):
            return httpx.Response(201, json={"token": "tok_1"})
        return httpx.Response(201, json={"transaction_id": "txn_1", "status": "failed"})

    finding = found_by(declining, "refund-fields")
    assert finding.verdict is Verdict.UNTOLD
    assert finding.reason == "needs a successful payment, and none of 30 was one"


def test_a_race_that_nobody_wins_is_a_difference() -> None:
    def refusing(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("refund"):
            return httpx.Response(400, json={"detail": "no"})
        if request.url.path.endswith("tokenize"):
            return httpx.Response(201, json={"token": "tok_1"})
        return httpx.Response(201, json={"transaction_id": "txn_1", "status": "success"})

    finding = found_by(refusing, "refund-race")
    assert finding.verdict is Verdict.DIFFERS
    assert finding.reason == "successes of 5 at once: expected 1, got 0"
    assert finding.request == "POST /api/v1/transactions/<paid>/refund"


def test_what_a_server_sends_cannot_drive_the_terminal() -> None:
    def evil(_: httpx.Request) -> httpx.Response:
        return httpx.Response(201, json={"customer_id": "\x1b[2J\nx", "token": "tok_1"})

    finding = found_by(evil, "customer-is-answered")
    printed = command.lines_of(finding)
    assert finding.verdict is Verdict.DIFFERS
    assert "\x1b" not in printed
    assert "\\x1b[2J" in printed


def test_a_card_number_that_a_server_repeats_is_not_printed() -> None:
    def leaking(request: httpx.Request) -> httpx.Response:
        return httpx.Response(
            400, json={"detail": f"wrong: {request.content.decode(errors='replace')}"}
        )

    with HttpServer("http://x.example", transport=httpx.MockTransport(leaking)) as server:
        findings = list(verify(server, "documented"))
    assert "453201511283" not in "".join(map(command.lines_of, findings))
    assert "453201511283" not in json.dumps(as_json("http://x.example", "documented", findings))


def test_a_clock_elsewhere_cannot_be_moved() -> None:
    with HttpServer("http://server.example") as server, pytest.raises(NotImplementedError):
        server.wait(NotImplemented)


def test_a_request_that_cannot_be_sent_is_told() -> None:
    def broken(_: httpx.Request) -> httpx.Response:
        raise httpx.LocalProtocolError("no")

    server = HttpServer("http://server.example", transport=httpx.MockTransport(broken))
    with server, pytest.raises(NoReplyError, match=r"^no answer: LocalProtocolError: no$"):
        server.send("GET", "/", None, {})
