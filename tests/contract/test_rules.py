"""The whole table of the contract's rules, through every client, with identical bytes."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

import pytest

from pytest_paymock import Paymock
from pytest_paymock._verify.probe import Finding, Reply, Verdict, try_rule
from pytest_paymock._verify.rules import RULES, rules_of
from pytest_paymock._verify.steps import NEEDS_A_FAULT, PROFILES
from pytest_paymock.server import ServerPaymock

from .clients import CLIENTS, Client
from .documents import NOW

rare = pytest.mark.slow
IN_A_PLAIN_RUN = {
    "httpx": PROFILES,
    "requests": PROFILES,
    "httpx2": ("documented",),
    "httpx-asyncio": ("documented",),
}
SERVED_IN_A_PLAIN_RUN = [("httpx", "documented"), ("requests", "deployed")]
"""What a plain run goes through; ``test_identical_bytes.py`` has the rest in short."""

COMPARED = ("content-type", "content-length", "allow", "location")


class Asked:
    """A fake as the rules ask it, through one client; keeps what all clients must agree on."""

    clock_moves = True
    anything_goes = True

    def __init__(self, client: Client, paymock: Paymock) -> None:
        self._client = client
        self._paymock = paymock
        self.kept: list[tuple[int, dict[str, str], bytes]] = []

    def send(self, method: str, path: str, body: bytes | None, headers: Mapping[str, str]) -> Reply:
        answer = self._client.send(method, path, body=body, headers=headers)
        fields = {name: answer.headers[name] for name in COMPARED if name in answer.headers}
        if "location" in fields:
            fields["location"] = fields["location"].removeprefix(self._client.base_url)
        self.kept.append((answer.status, fields, answer.body))
        return Reply(answer.status, answer.headers, answer.body)

    def wait(self, time: timedelta) -> None:
        self._paymock.clock.advance(time)

    def now(self) -> datetime:
        return self._paymock.clock.now().replace(tzinfo=None)


Findings = tuple[list[Finding], list[tuple[int, dict[str, str], bytes]]]


def ask(client: Client, paymock: Paymock, profile: str, *, served: bool = False) -> Findings:
    """Try every rule of a profile, and at the end those that a server alone can keep."""
    rules = sorted(rules_of(profile), key=lambda rule: rule.served)
    asked, findings, kept = Asked(client, paymock), [], 0
    for number, rule in enumerate(rules):
        if rule.served and not served:
            break
        before = paymock.snapshot()
        findings.append(try_rule(rule, asked, profile, f"cust_{number}"))
        if rule.untold:  # it has moved the clock
            paymock.restore(before)
        kept = kept if rule.served else len(asked.kept)
    # Requests that race come to an end in any order.
    return findings, sorted(asked.kept[:kept], key=repr)


def through(name: str, profile: Any) -> Findings:
    with Paymock(clock=NOW, guards="off", profile=profile) as paymock:
        client = CLIENTS[name](paymock.base_url, follow=False)
        try:
            return ask(client, paymock, profile)
        finally:
            client.close()


def faults_in(findings: list[Finding]) -> list[str]:
    return [
        f"{each.rule.name}: {each.verdict.value}: {each.reason} [{each.request}]"
        for each in findings
        if each.verdict is not Verdict.HOLDS and each.reason != NEEDS_A_FAULT
    ]


@pytest.fixture(scope="module")
def reference() -> Callable[[str], Findings]:
    """What httpx is answered, asked once a profile."""
    kept: dict[str, Findings] = {}

    def of(profile: str) -> Findings:
        if profile not in kept:
            kept[profile] = through("httpx", profile)
        return kept[profile]

    return of


@pytest.mark.parametrize(
    ("name", "profile"),
    [
        pytest.param(name, profile, marks=() if profile in IN_A_PLAIN_RUN.get(name, ()) else rare)
        for profile in PROFILES
        for name in CLIENTS
    ],
)
def test_every_rule_holds_through_every_client_with_the_same_bytes(
    reference: Callable[[str], Findings], name: str, profile: str
) -> None:
    findings, kept = through(name, profile)
    assert faults_in(findings) == []
    assert kept == reference(profile)[1]


@pytest.mark.parametrize(
    ("name", "profile"),
    [
        pytest.param(
            name,
            profile,
            marks=[
                pytest.mark.paymock(clock=NOW, guards="off", profile=profile),
                *(() if (name, profile) in SERVED_IN_A_PLAIN_RUN else (rare,)),
            ],
        )
        for profile in PROFILES
        for name in ("httpx", "requests")
    ],
)
def test_every_rule_holds_through_the_live_server_with_the_same_bytes(
    reference: Callable[[str], Findings], paymock_server: ServerPaymock, name: str, profile: str
) -> None:
    client = CLIENTS[name](paymock_server.base_url, follow=False)
    findings, kept = ask(client, paymock_server, profile, served=True)
    client.close()
    assert faults_in(findings) == []
    assert kept == reference(profile)[1]


@pytest.mark.parametrize("profile", PROFILES)
def test_names_are_given_once(profile: str) -> None:
    names = [rule.name for rule in rules_of(profile)]
    assert len(names) == len(set(names)) > 100


def test_one_that_cannot_be_told_says_why() -> None:
    silent = [rule.name for rule in RULES if not rule.steps and not rule.untold]
    assert silent == []
