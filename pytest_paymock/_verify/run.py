"""A server elsewhere is asked over HTTP, rule by rule."""

import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from types import TracebackType
from typing import Any, NoReturn, Self

import httpx

from pytest_paymock._verify.known import Known
from pytest_paymock._verify.probe import Finding, NoReplyError, Reply, Verdict, json_of, try_rule
from pytest_paymock._verify.rules import RULES, rules_of
from pytest_paymock._verify.steps import JSON_TYPE, TOKENIZE, Rule, card_request
from pytest_paymock.errors import PaymockError


class NoSuchApiError(PaymockError):
    """Nothing that speaks this API answers at a URL; the message says what does."""


class HttpServer:
    """A server at a base URL.

    Args:
        url: the base URL, with or without a slash at its end.
        timeout: how many seconds an answer may take.
        transport: of httpx, for servers that are not reached over the network.
    """

    clock_moves = False
    anything_goes = False

    def __init__(
        self, url: str, *, timeout: float = 10.0, transport: httpx.BaseTransport | None = None
    ) -> None:
        self.url = url.rstrip("/")
        self.requests = 0
        self._client = httpx.Client(timeout=timeout, transport=transport)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._client.close()

    def send(self, method: str, path: str, body: bytes | None, headers: Mapping[str, str]) -> Reply:
        """Send one request; see :class:`pytest_paymock._verify.probe.Server`."""
        self.requests += 1
        try:
            answer = self._client.request(
                method, self.url + path, content=body, headers=dict(headers)
            )
        except httpx.HTTPError as error:
            # The message of an error is httpx's own, and repeats nothing of the request's body.
            raise NoReplyError(f"no answer: {type(error).__name__}: {error}") from None
        fields = {name.lower(): value for name, value in answer.headers.items()}
        return Reply(answer.status_code, fields, answer.content)

    def wait(self, time: timedelta) -> NoReturn:
        """Refuse: nobody can move the clock of a server elsewhere."""
        raise NotImplementedError(time)

    def now(self) -> datetime:
        """Return the time of this machine."""
        return datetime.now(UTC).replace(tzinfo=None)

    def greet(self) -> None:
        """Ask for a token, as all else would.

        Raises:
            NoSuchApiError: if nothing answers, or something else.
        """
        year = str(self.now().year + 2)
        body = Known("", {"customer": "verify", "year": year}).fill(card_request()).encode()
        try:
            reply = self.send("POST", TOKENIZE, body, JSON_TYPE)
        except NoReplyError as problem:
            raise NoSuchApiError(f"{self.url} gives {problem}") from None
        answer = json_of(reply.body)
        if not isinstance(answer, dict) or "token" not in answer:
            raise NoSuchApiError(
                f"{self.url} does not answer as the Payment Mock API: POST {TOKENIZE} with the "
                f"documented request gave {reply.status} and no token; is the path of the base "
                "URL right?"
            )


def verify(
    server: HttpServer,
    profile: str,
    only: Sequence[str] = (),
    starting: Callable[[int, Rule], None] = lambda _, __: None,
) -> Iterator[Finding]:
    """Try each rule of a profile, and yield what became of it.

    Args:
        server: that is asked.
        profile: ``documented`` or ``deployed``.
        only: names of rules; empty for all.
        starting: is called before each rule with its number from 1.
    """
    # So that no run meets what another one has left there.
    run = f"verify-{time.time_ns():x}"
    for number, rule in enumerate(rules_of(profile, only), start=1):
        starting(number, rule)
        yield try_rule(rule, server, profile, f"{run}-{number}")


def unknown_names(names: Sequence[str], profile: str) -> list[str]:
    """Return those of some names that no rule of a profile has."""
    known = {rule.name for rule in RULES if profile in rule.profiles}
    return [name for name in names if name not in known]


def as_json(url: str, profile: str, findings: Sequence[Finding]) -> dict[str, Any]:
    """Return what was found as JSON for programs."""
    counts = Counter(finding.verdict for finding in findings)
    return {
        "url": url,
        "profile": profile,
        "holds": counts[Verdict.HOLDS],
        "differs": counts[Verdict.DIFFERS],
        "cannot_be_told": counts[Verdict.UNTOLD],
        "rules": [
            {
                "name": finding.rule.name,
                "section": finding.rule.section,
                "rule": finding.rule.says,
                "verdict": finding.verdict.value,
                "reason": finding.reason,
                "request": finding.request,
            }
            for finding in findings
        ],
    }
