"""A fake in this process to be asked, as it is or deviating from one rule."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from pytest_paymock import Paymock
from pytest_paymock._api.http import Request, Response
from pytest_paymock._verify.probe import Finding, Reply, Verdict, try_rule
from pytest_paymock._verify.rules import rules_of
from pytest_paymock._verify.steps import Rule
from tests.contract.documents import NOW

from .deviations import Answered, Asked, Deviation

Exchanges = list[tuple[Asked, Reply]]


class Fake:
    """A fake without a client library between, so that the whole table takes a moment."""

    clock_moves = True
    anything_goes = True

    def __init__(self, paymock: Paymock, deviation: Deviation | None = None) -> None:
        self._paymock = paymock
        self._deviation = deviation
        self.kept: Exchanges = []

    def send(
        self,
        method: str,
        path: str,
        body: bytes | None,
        headers: Mapping[str, str],
    ) -> Reply:
        target, _, query = path.partition("?")
        kind = headers.get("content-type")
        sent = Request(method, target, body or b"", query=query, content_type=kind)
        answer = self._paymock._parts.gateway.exchange("verify", sent)
        assert isinstance(answer, Response)
        asked = Asked(method, target, body or b"")
        reply = Reply(answer.status_code, dict(answer.headers()), answer.body)
        self.kept.append((asked, reply))
        return reply if self._deviation is None else deviating(self._deviation, asked, reply)

    def wait(self, time: timedelta) -> None:
        self._paymock.clock.advance(time)

    def now(self) -> datetime:
        return self._paymock.clock.now().replace(tzinfo=None)


def deviating(deviation: Deviation, asked: Asked, reply: Reply) -> Reply:
    """Return an answer as a deviation makes it."""
    answer = Answered(reply.status, dict(reply.headers), reply.body)
    changed = deviation.on_answer(asked, answer)
    return Reply(changed.status, changed.headers, changed.body)


def ask(
    profile: Any, rules: list[Rule], deviation: Deviation | None = None
) -> list[tuple[Finding, Exchanges]]:
    """Try rules with a fake of their own, and return with each what was asked and answered."""
    asked = []
    with Paymock(clock=NOW, guards="off", profile=profile) as paymock:
        for number, rule in enumerate(rules):
            server = Fake(paymock, deviation)
            before = paymock.snapshot()
            finding = try_rule(rule, server, profile, f"cust_{number}")
            if rule.untold:  # it has moved the clock
                paymock.restore(before)
            asked.append((finding, server.kept))
    return asked


def in_memory(profile: str) -> list[Rule]:
    """Return the rules that a fake in memory can keep."""
    return [rule for rule in rules_of(profile) if not rule.served]


def differing(findings: list[Finding]) -> list[str]:
    """Return the names of the rules that differ."""
    return [each.rule.name for each in findings if each.verdict is Verdict.DIFFERS]
