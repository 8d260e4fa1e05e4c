"""``paymock serve`` as a person uses it: what it says, what it logs, and how it stops."""

import re
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pytest

from pytest_paymock import __version__
from pytest_paymock.server import cli, request_log
from tests.contract.documents import NOW, tokenization

from .processes import process, serving
from .sockets import Wire, request

CLI = ("-m", "pytest_paymock.server.cli")


def test_it_says_where_it_is_logs_and_stops() -> None:
    with serving("--seed", "7", "--clock", NOW) as (running, url):
        settings = "(seed 7, clock 2026-01-27T12:00:00 UTC, pinned)"
        greeting = f"paymock {__version__}: the Payment Mock API at {url} {settings}"
        assert running.lines == [
            greeting,
            f"  try it     {url}/docs",
            f"  reference  {url}/redoc",
            f"  OpenAPI    {url}/openapi.json",
            "  control    off (--control lets other programs of this machine in)",
            "Ctrl-C stops it.",
        ]
        with httpx.Client(base_url=url) as http:
            token = http.post("/api/v1/tokenize", json=tokenization()).json()["token"]
            sent = {"token": token, "amount": 0.02, "customer_id": "cust_123"}
            assert http.post("/api/v1/payments", json=sent).json()["status"] == "failed"
            assert http.get("/api/v1/tokens/tok_1").status_code == 404
            assert http.get("/_paymock/state").status_code == 404
        assert running.interrupt() == 0
    assert running.lines[6:] == [
        "12:00:00  1  server  POST /api/v1/tokenize  201",
        "12:00:00  2  server  POST /api/v1/payments  201  failed 0.02 USD (special amount 0.02)",
        "12:00:00  3  server  GET /api/v1/tokens/tok_1  404  Token not found",
        "12:00:00  4  server  GET /_paymock/state  404  Not Found",
        "stopped after 4 calls, 1 payment",
    ]


def test_the_log_holds_no_card_data_and_cannot_rewrite_a_terminal() -> None:
    number = tokenization()["card"]["card_number"]
    with serving() as (running, url), httpx.Client(base_url=url) as http:
        http.post("/api/v1/tokenize", json=tokenization())
        http.get(f"/cards/{number}?pan={number}&cvv=123")
        http.get("/api/v1/tokens/%1b[2J%0aforged%E2%98%83")
        http.post("/api/v1/payments", content=f'{{"card_number": "{number}"}}')
        assert running.interrupt() == 0
    text = "\n".join(running.lines)
    assert number not in text
    assert "\x1b" not in text
    assert len(running.lines) == 11
    assert "************0366" in text


def test_a_terminal_that_cannot_show_a_sign_still_shows_the_line() -> None:
    with serving(env={"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}) as (running, url):
        fake_name = "\N{SNOWMAN}"
        sent = {"token": "tok_1", "amount": 1, "customer_id": fake_name, "currency": fake_name}
        answer = httpx.post(f"{url}/api/v1/payments", json=sent)
        assert answer.status_code == 400
        assert running.interrupt() == 0
    assert "POST /api/v1/payments  400  currency: must be a code" in running.lines[6]


def test_a_log_that_nobody_reads_refuses_no_payment() -> None:
    with serving() as (running, url):
        running.stop_reading()
        for _ in range(3):
            assert httpx.get(f"{url}/api/v1/tokens/tok_1").status_code == 404


def test_control_from_another_process() -> None:
    with serving("--control", "--base-path", "/v2/") as (running, url):
        assert url.endswith("/v2")
        origin = url.removesuffix("/v2")
        assert running.lines[4] == f"  control    {origin}/_paymock/state"
        ordered = {"queue": ["insufficient_funds"]}
        assert httpx.post(f"{origin}/_paymock/outcomes", json=ordered).status_code == 200
        token = httpx.post(f"{url}/api/v1/tokenize", json=tokenization()).json()["token"]
        sent = {"token": token, "amount": 5, "customer_id": "cust_123"}
        paid = httpx.post(f"{url}/api/v1/payments", json=sent).json()
        assert paid["message"] == "Insufficient funds"
        state = httpx.get(f"{origin}/_paymock/state").json()
        assert [payment["reason"] for payment in state["payments"]] == ["queued by the test"]
        httpx.post(f"{origin}/_paymock/faults", json={"queue": [{"name": "disconnect"}]})
        with pytest.raises(httpx.RemoteProtocolError):
            httpx.get(f"{url}/api/v1/tokens/{token}")
        assert running.interrupt() == 0
    assert running.lines[-1] == "stopped after 3 calls, 1 payment"


@pytest.mark.parametrize("seed", ["3", "random"])
def test_the_seed_decides(seed: str) -> None:
    with serving("--seed", seed, "--success-rate", "0.5") as (running, url):
        shown = running.lines[0].partition("(seed ")[2].partition(",")[0]
        token = httpx.post(f"{url}/api/v1/tokenize", json=tokenization()).json()["token"]
        assert running.interrupt() == 0
    assert seed in (shown, "random")
    with serving("--seed", shown) as (_, url):
        again = httpx.post(f"{url}/api/v1/tokenize", json=tokenization()).json()["token"]
    assert again == token


def test_ctrl_c_lets_go_of_those_who_wait() -> None:
    with serving("--control") as (running, url):
        order = {"always": {"name": "read_timeout"}}
        httpx.post(f"{url}/_paymock/faults", json=order)
        with Wire(url) as hanging, Wire(url) as idle, Wire(url) as half:
            hanging.write(request("GET", "/x"))
            half.write(request("POST", "/api/v1/payments", b"12345")[:-2])
            running.read_until("GET /x")
            assert running.interrupt() == 0
            assert hanging.to_end() == idle.to_end() == half.to_end() == b""
    assert running.lines[-1] == "stopped after 1 call, no payment"


def test_it_ends_in_order_when_it_is_terminated() -> None:
    with serving() as (running, url):
        assert httpx.get(f"{url}/x").status_code == 404
        assert running.terminate() == -signal.SIGTERM
    assert not any("Traceback" in line for line in running.lines)


@contextmanager
def taken() -> Iterator[int]:
    """Have a port that another program listens on."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield other.getsockname()[1]


def test_a_port_in_use_is_told_in_a_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    with taken() as port:
        assert cli.main(["serve", "--host", "127.0.0.1", "--port", str(port)]) == 1
    assert capsys.readouterr().err == (
        f"paymock: cannot listen on 127.0.0.1 port {port}: Address already in use; "
        "choose another with --port, or --port 0 for one that is free\n"
    )


OTHER_HOST = "choose a name or an address of this machine with --host, such as localhost"


def test_a_host_that_is_not_this_machine_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["serve", "--host", "192.0.2.1", "--port", "0"]) == 1
    told = capsys.readouterr().err
    assert "cannot listen on 192.0.2.1 port 0: " in told
    assert told.endswith(f"; {OTHER_HOST}\n")


def test_a_host_that_nobody_knows_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["serve", "--host", "nowhere.invalid", "--port", "80"]) == 1
    assert capsys.readouterr().err.endswith(f"; {OTHER_HOST}\n")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--seed", "abc"], "seed must be a whole number, not 'abc'"),
        (["--success-rate", "2"], "success_rate must be a number from 0 to 1, not '2'"),
        (["--clock", "noon"], "clock: 'noon' is no ISO time"),
        (["--profile", "other"], "profile must be one of documented, deployed"),
        (["--streams", "x"], "streams must be one of payments, customer, not 'x'"),
        (["--port", "65536"], "a port is a number from 0 to 65535, not '65536'"),
        (["--port", "http"], "a port is a number from 0 to 65535, not 'http'"),
        (["--base-path", "v2"], "base-path is a path such as /v2, not 'v2'"),
        (["--base-path", "/a b"], "base-path is a path such as /v2, not '/a b'"),
        (["--base-path", "/{x}"], "base-path is a path such as /v2, not '/{x}'"),
        (["--base-path", "/_paymock/x"], "base-path is a path such as /v2, not '/_paymock/x'"),
        (["--nothing"], "unrecognized arguments: --nothing"),
    ],
)
def test_a_wrong_option_is_told(
    capsys: pytest.CaptureFixture[str], arguments: list[str], words: str
) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(["serve", "--port", "0", *arguments])
    assert ended.value.code == 2
    assert words in capsys.readouterr().err


def test_without_a_command_it_says_which_there_are(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main([])
    assert ended.value.code == 2
    assert "COMMAND" in capsys.readouterr().err


def test_it_tells_its_version(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(["--version"])
    assert ended.value.code == 0
    assert capsys.readouterr().out == f"paymock {__version__}\n"


def test_help_names_every_option(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        cli.main(["serve", "--help"])
    shown = capsys.readouterr().out
    for option in ("host", "port", "base-path", "seed", "success-rate", "clock", "control"):
        assert f"--{option}" in shown


@pytest.mark.parametrize("missing", ["fastapi", "uvicorn", "starlette", "fastapi_offline"])
def test_without_the_extra_it_says_what_to_install(missing: str) -> None:
    code = (
        f"import sys; sys.modules[{missing!r}] = None; "
        "from pytest_paymock.server.cli import main; sys.exit(main(['serve', '--port', '0']))"
    )
    with process("-c", code) as running:
        assert running.end() == 1
    (line,) = running.lines
    assert line.endswith(f"({missing} is not installed): pip install 'pytest-paymock[server]'")
    assert line.startswith("paymock: paymock serve needs the extra server")


@pytest.mark.parametrize(
    ("host", "shown"), [("127.0.0.1", "127.0.0.1"), ("::", "localhost"), ("::1", "[::1]")]
)
def test_a_host_is_shown_as_it_stands_in_a_url(host: str, shown: str) -> None:
    assert request_log._shown(host) == shown


def test_localhost_is_both_of_its_addresses() -> None:
    with process(*CLI, "serve", "--port", "0") as running:
        url = running.read_until("paymock ").partition(" at ")[2].partition(" ")[0]
        found = re.fullmatch(r"http://localhost:(\d+)", url)
        assert found
        known = socket.getaddrinfo("localhost", int(found[1]), type=socket.SOCK_STREAM)
        reached = 0
        for family, *_, address in known:
            with socket.socket(family) as client:
                reached += client.connect_ex(address) == 0
        assert reached == len(known) or not socket.has_ipv6
        # The sockets listen before the server minds signals, which a background job ignores.
        assert httpx.get(f"{url}/nothing").status_code == 404
        assert running.interrupt() == 0
        assert running.lines[-1] == "stopped after 1 call, no payment"
