"""The fake beside vcrpy: cassettes neither play nor record what is the fake's."""

from pathlib import Path
from typing import Any

import httpx
import pytest
import requests
import vcr
import yaml

from pytest_paymock import Paymock, faults

from .calls import CALLS, Call, Outcome, outcome
from .conftest import Run
from .matrix import (
    BASE,
    CARD,
    FOREIGN,
    NUMBER,
    OURS,
    THEIR_STATUS,
    THEIRS,
    UNKNOWN,
    Order,
    all_orders,
)
from .wire import RealServer, Wire

pytestmark = pytest.mark.usefixtures("wire")

MODES = ["once", "none", "new_episodes", "all"]


def interaction(url: str, method: str = "GET") -> dict[str, Any]:
    """Return what a cassette holds of one exchange."""
    return {
        "request": {"method": method, "uri": url, "body": "", "headers": {}},
        "response": {
            "status": {"code": THEIR_STATUS, "message": "Taped"},
            "headers": {"content-type": ["text/plain"]},
            "body": {"string": "taped"},
        },
    }


@pytest.fixture
def tape(tmp_path: Path) -> Path:
    """A cassette with an answer for a foreign URL, and one for a URL of the fake."""
    path = tmp_path / "tape.yaml"
    taped = [interaction(FOREIGN), interaction(THEIRS), interaction(OURS, "POST")]
    path.write_text(yaml.safe_dump({"version": 1, "interactions": taped}))
    return path


def played(tape: Path, mode: str, call: Call, order: Order, fake: Paymock | None) -> list[Outcome]:
    """Start both, call, stop one, call, stop the other; return what became of foreign URLs."""
    context = vcr.use_cassette(str(tape), record_mode=mode, allow_playback_repeats=True)
    acts = {"fake": (fake.start, fake.stop) if fake else (lambda: None, lambda: None)}
    acts["tape"] = (context.__enter__, lambda: context.__exit__(None, None, None))
    names = ["tape", "fake"]
    found = []
    for name in names if order.started == "before" else names[::-1]:
        acts[name][0]()
    found += [outcome(lambda: call("GET", FOREIGN)), outcome(lambda: call("GET", UNKNOWN))]
    if fake:
        assert call("POST", OURS, json=CARD).status_code == 201
        assert call("GET", THEIRS).status_code == 404
    first, second = names if order.stopped == "before" else names[::-1]
    acts[first][1]()
    if second == "tape":
        found += [outcome(lambda: call("GET", FOREIGN)), outcome(lambda: call("GET", UNKNOWN))]
    elif fake:
        assert call("POST", OURS, json=CARD).status_code == 201
        assert outcome(lambda: call("GET", UNKNOWN)).text.startswith("paymock stopped GET")
    acts[second][1]()
    return found


@all_orders
@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("name", ["httpx", "httpx-asyncio", "httpx2", "httpx2-trio", "requests"])
def test_a_cassette_does_with_foreign_urls_what_it_does_and_with_ours_nothing(
    tape: Path, name: str, mode: str, order: Order
):
    call, text = CALLS[name], tape.read_text()
    with_fake = played(tape, mode, call, order, fake := Paymock())
    assert tape.read_text() == text
    assert with_fake == played(tape, mode, call, order, None)
    assert fake.tokens.first.last_four_digits == "0366"
    if mode != "all":
        assert with_fake[0] == Outcome(str(THEIR_STATUS), "taped")


@pytest.mark.parametrize("name", CALLS)
@pytest.mark.parametrize("first", ["tape", "fake"])
def test_an_empty_cassette_records_the_real_server_and_never_a_card_number(
    tmp_path: Path, server: RealServer, name: str, first: str
):
    path, call = tmp_path / "new.yaml", CALLS[name]
    tape, fake = vcr.use_cassette(str(path)), Paymock()
    with tape if first == "tape" else fake, fake if first == "tape" else tape:
        assert call("GET", f"{server.url}/real").json() == {"real": "/real"}
        assert call("POST", OURS, json=CARD).status_code == 201
    recorded = path.read_text()
    assert f"uri: {server.url}/real" in recorded
    assert NUMBER not in recorded
    assert BASE not in recorded
    assert server.seen == ["/real"]


@pytest.mark.parametrize("name", CALLS)
@pytest.mark.parametrize("first", ["tape", "fake"])
def test_faults_and_retries_reach_no_cassette(tmp_path: Path, name: str, first: str):
    path = tmp_path / "new.yaml"
    tape, fake = vcr.use_cassette(str(path)), Paymock()
    with tape if first == "tape" else fake, fake if first == "tape" else tape:
        fake.faults.queue(faults.disconnect(after_commit=True), on="tokenize")
        lost = outcome(lambda: CALLS[name]("POST", OURS, json=CARD))
        assert CALLS[name]("POST", OURS, json=CARD).status_code == 201
    assert lost.kind.rpartition(".")[2] in ("RemoteProtocolError", "ConnectionError")
    assert len(fake.tokens) == 2
    assert not path.exists()


@pytest.mark.parametrize("ignored", [{"ignore_localhost": True}, {"ignore_hosts": ["localhost"]}])
@pytest.mark.parametrize("name", CALLS)
def test_a_cassette_that_ignores_our_host_changes_nothing(tape: Path, name: str, ignored: Any):
    with Paymock() as fake, vcr.use_cassette(str(tape), record_mode="none", **ignored):
        assert CALLS[name]("POST", OURS, json=CARD).status_code == 201
    assert fake.tokens.one()


def test_a_decorated_function_starts_its_cassette_after_the_fake(tape: Path):
    @vcr.use_cassette(str(tape))
    def checkout() -> list[int]:
        return [httpx.get(FOREIGN).status_code, httpx.post(OURS, json=CARD).status_code]

    with Paymock() as fake:
        assert checkout() == [THEIR_STATUS, 201]
        assert httpx.post(OURS, json=CARD).status_code == 201
    assert len(fake.tokens) == 2


def test_nested_cassettes_may_end_while_the_fake_goes_on(tape: Path, tmp_path: Path):
    outer, inner = vcr.use_cassette(str(tape)), vcr.use_cassette(str(tmp_path / "inner.yaml"))
    outer.__enter__()
    with Paymock() as fake:
        with inner:
            assert httpx.post(OURS, json=CARD).status_code == 201
        outer.__exit__(None, None, None)
        assert httpx.post(OURS, json=CARD).status_code == 201
    assert len(fake.tokens) == 2


@pytest.mark.parametrize("library", ["httpx", "httpx2"])
def test_a_transport_of_the_users_own_is_recorded_as_ever(tmp_path: Path, library: str):
    http = __import__(library)
    path = tmp_path / "own.yaml"
    with Paymock() as fake, vcr.use_cassette(str(path)):
        transport = http.MockTransport(lambda _: http.Response(THEIR_STATUS))
        with http.Client(transport=transport) as client:
            assert client.get(THEIRS).status_code == THEIR_STATUS
        fake.assert_no_calls()
    assert THEIRS in path.read_text()


def test_a_tape_for_requests_plays_under_the_strictest_network_rule(tape: Path, wire: Wire):
    with Paymock(network="none"), vcr.use_cassette(str(tape), record_mode="none"):
        assert requests.get(FOREIGN, timeout=1).text == "taped"
    assert wire.hosts == set()


def test_the_fixture_works_where_vcrpy_is_imported_within_the_test(
    pytester: pytest.Pytester, run_apart: Run
):
    pytester.makepyfile(
        """
        import httpx

        def test_taped(paymock, tmp_path):
            import vcr

            sent = {"card": paymock.card(), "customer": paymock.customer()}
            with vcr.use_cassette(str(tmp_path / "tape.yaml")) as tape:
                answer = httpx.post(paymock.base_url + "/api/v1/tokenize", json=sent)
                assert answer.status_code == 201
                assert len(tape) == 0
            assert not (tmp_path / "tape.yaml").exists()
        """
    )
    run_apart().assert_outcomes(passed=1)


def test_a_vcrpy_of_before_the_stubs_that_we_know_is_left_alone(
    pytester: pytest.Pytester, run_apart: Run
):
    stubs = pytester.mkpydir("vcr").joinpath("stubs")
    stubs.mkdir()
    for module in (stubs / "__init__.py", stubs / "httpx_stubs.py", stubs.parent / "cassette.py"):
        module.touch()
    pytester.makepyfile("""
        import httpx
        import vcr.stubs.httpx_stubs

        def test_answered(paymock):
            assert not hasattr(vcr, "use_cassette")
            assert httpx.get(paymock.base_url).status_code == 404
    """)
    pytester.syspathinsert()
    run_apart().assert_outcomes(passed=1)
