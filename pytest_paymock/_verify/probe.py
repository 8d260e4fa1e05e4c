"""One rule is tried: what it needs is made, its requests are sent, its expectations compared."""

import json
from collections import Counter
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import Enum
from math import sqrt
from typing import Any, NamedTuple, Protocol

from pytest_paymock._card_numbers import masked_text
from pytest_paymock._verify.known import Known, UnknownNameError
from pytest_paymock._verify.shapes import differs, fault_of, shown
from pytest_paymock._verify.steps import (
    Digits,
    Many,
    Race,
    Rule,
    Send,
    Step,
    Wait,
    charge,
    refund,
    tokenize,
)
from pytest_paymock.errors import PaymockError

TRIES = 30
"""How often an ordinary payment is tried until it succeeds."""

DEVIATIONS = 4.5
"""How many standard deviations a share may be off: chance exceeds it once in 150,000 runs."""

_SUCCESS, _NO_SUCCESS = 200, 300


class Reply(NamedTuple):
    """What came back; the names of header fields are lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class NoReplyError(PaymockError):
    """A request got no answer; the message says why."""


class Server(Protocol):
    """A server that is asked."""

    def send(self, method: str, path: str, body: bytes | None, headers: Mapping[str, str]) -> Reply:
        """Send one request without following a redirect.

        Raises:
            NoReplyError: if no answer comes.
        """

    def wait(self, time: timedelta) -> None:
        """Move the server's clock on; called only if ``clock_moves``."""

    @property
    def clock_moves(self) -> bool:
        """Whether the server's clock can be moved."""

    @property
    def anything_goes(self) -> bool:
        """Whether other card numbers than the documented ones may be sent."""

    def now(self) -> datetime:
        """Return the time that the server should have, in UTC."""


class Verdict(Enum):
    """What became of a rule."""

    HOLDS = "holds"
    DIFFERS = "differs"
    UNTOLD = "cannot be told"


@dataclass(frozen=True, slots=True)
class Finding:
    """What became of a rule, and what was asked, expected and answered where that says why."""

    rule: Rule
    verdict: Verdict
    reason: str = ""
    request: str = ""


class _SetupError(PaymockError):
    """What a rule needs could not be made; this is another rule's business."""


class _DifferenceError(PaymockError):
    """An expectation is not met."""

    def __init__(self, send: Send, fault: str) -> None:
        super().__init__(fault)
        self.send = send


def try_rule(rule: Rule, server: Server, profile: str, customer: str) -> Finding:
    """Try one rule.

    Args:
        rule: of the profile.
        server: that is asked.
        profile: ``documented`` or ``deployed``.
        customer: an id that no request before has used.
    """
    if rule.untold and not (rule.steps and _can_tell(rule, server)):
        return Finding(rule, Verdict.UNTOLD, rule.untold)
    attempt = _Attempt(server, Known(profile, _names(server.now(), customer)))
    try:
        for need in rule.needs:
            attempt.provide(need)
        for step in rule.steps:
            attempt.take(step)
    except _DifferenceError as difference:
        # A server may repeat what it was sent.
        reason = masked_text(str(difference))
        return Finding(rule, Verdict.DIFFERS, reason, _request(difference.send))
    except (_SetupError, UnknownNameError) as problem:
        return Finding(rule, Verdict.UNTOLD, str(problem))
    return Finding(rule, Verdict.HOLDS)


def _can_tell(rule: Rule, server: Server) -> bool:
    moves = any(isinstance(step, Wait) for step in rule.steps)
    return server.clock_moves if moves else server.anything_goes


def _names(now: datetime, customer: str) -> dict[str, str]:
    last = now.replace(day=1) - timedelta(days=1)
    return {
        "customer": customer,
        "now": now.isoformat(),
        "year": str(now.year + 2),
        "this_year": str(now.year),
        "this_month": str(now.month),
        "last_year": str(last.year),
        "last_month": str(last.month),
    }


def _request(send: Send) -> str:
    """Return how a request is told: without its body, which may hold a card."""
    return f"{send.method} {send.path}" + (f" ({send.about})" if send.about else "")


_PAID = {"amount": Digits("25.5"), "currency": "EUR"}


class _Attempt:
    """The requests of one rule, and what they made known."""

    def __init__(self, server: Server, known: Known) -> None:
        self._server = server
        self._known = known
        self._makers: dict[str, Callable[[], str]] = {
            "token": lambda: self._made(tokenize(), "token"),
            "paid": self._pay_until_success,
            "failed": lambda: self._made(charge({"amount": Digits("0.01")}), "transaction_id"),
            "pending": lambda: self._made(charge({"amount": Digits("0.03")}), "transaction_id"),
            "refunded": lambda: self._made(refund(), "refund_id"),
        }

    def provide(self, name: str) -> None:
        """Make a token, a payment or a refund, and what it takes.

        Raises:
            _SetupError: if that cannot be made.
        """
        if name not in self._known.names:
            for before in _BEFORE.get(name, ()):
                self.provide(before)
            self._known.names[name] = self._makers[name]()

    def take(self, step: Step) -> None:
        """Take one step of a rule.

        Raises:
            _DifferenceError: if an expectation is not met.
            UnknownNameError: if an earlier answer lacked what is asked for.
        """
        if isinstance(step, Wait):
            self._server.wait(timedelta(hours=step.hours, microseconds=step.microseconds))
        elif isinstance(step, Many):
            self._spread(step)
        elif isinstance(step, Race):
            self._race(step)
        else:
            self._compare(step)

    def _send(self, send: Send) -> Reply:
        path = self._known.fill(send.path)
        body = send.body
        if isinstance(body, str):
            body = self._known.fill(body).encode()
        try:
            return self._server.send(send.method, path, body, send.headers)
        except NoReplyError as problem:
            raise _DifferenceError(send, str(problem)) from None

    def _compare(self, send: Send) -> None:
        reply = self._send(send)
        if send.if_refused and reply.status < _NO_SUCCESS:
            return
        answer = json_of(reply.body)
        fault = (
            fault_of(send.status, reply.status, self._known, "status")
            or self._header_fault(send, reply)
            or _body_fault(send, reply)
            or fault_of(send.answer, answer, self._known, "answer")
        )
        if fault:
            raise _DifferenceError(send, fault)
        for name, field in send.save.items():
            value = answer.get(field) if isinstance(answer, dict) else None
            if isinstance(value, str):
                self._known.names[name] = value

    def _header_fault(self, send: Send, reply: Reply) -> str:
        for name, wanted in send.fields.items():
            value, place = reply.headers.get(name), f"header {name}"
            if wanted is None and value is not None:
                return f"{place}: expected none, got {shown(value)}"
            fault = "" if wanted is None else fault_of(wanted, value, self._known, place)
            if fault:
                return fault
        return ""

    def _spread(self, many: Many) -> None:
        found: Counter[Any] = Counter()
        for _ in range(many.times):
            answer = json_of(self._send(many.send).body)
            kind = (answer.get("status"), answer.get("message")) if isinstance(answer, dict) else ()
            found[kind] += 1
        for kind in found:
            if kind not in many.kinds:
                expected = "one of " + ", ".join(message for _, message in many.kinds)
                raise _DifferenceError(many.send, differs("outcome", expected, list(kind)[-1:]))
        for kind, share in many.kinds.items():
            bound = DEVIATIONS * sqrt(share * (1 - share) / many.times)
            came = found[kind] / many.times
            if abs(came - share) > bound:
                raise _DifferenceError(
                    many.send,
                    f"outcome {kind[0]} ({kind[1]}): expected {share:.0%} of {many.times} "
                    f"payments, give or take {bound:.1%}, got {came:.1%}",
                )

    def _race(self, race: Race) -> None:
        with ThreadPoolExecutor(race.times) as pool:
            replies = list(pool.map(self._send, [race.send] * race.times))
        won = sum(reply.status == _SUCCESS for reply in replies)
        fault = fault_of(race.winners, won, self._known, f"successes of {race.times} at once")
        if fault:
            raise _DifferenceError(race.send, fault)

    def _made(self, send: Send, field: str, **wanted: str) -> str:
        reply = self._send_for_setup(send)
        answer = json_of(reply.body)
        value = answer.get(field) if isinstance(answer, dict) else None
        if not isinstance(value, str):
            raise _SetupError(f"needs what {_request(send)} did not give: {reply.status}")
        return value if all(answer.get(name) == text for name, text in wanted.items()) else ""

    def _send_for_setup(self, send: Send) -> Reply:
        try:
            return self._send(send)
        except _DifferenceError as problem:
            raise _SetupError(f"needs what {_request(send)} did not give: {problem}") from None

    def _pay_until_success(self) -> str:
        customer = self._known.names["customer"]
        for number in range(TRIES):
            # Under another name each time: the history of the rule's customer has just the one.
            if number:
                self._known.names["customer"] = f"{customer}-{number}"
            made = self._made(charge(_PAID), "transaction_id", status="success")
            if made:
                return made
        raise _SetupError(f"needs a successful payment, and none of {TRIES} was one")


def _body_fault(send: Send, reply: Reply) -> str:
    if send.empty and reply.body:
        return f"body: expected none, got {len(reply.body)} bytes"
    return ""


_BEFORE = {
    "paid": ("token",),
    "failed": ("token",),
    "pending": ("token",),
    "refunded": ("token", "paid"),
}


def json_of(body: bytes) -> Any:
    """Return the JSON in a body, numbers with a fraction as they are written; else its text."""
    try:
        return json.loads(body, parse_float=Decimal)
    except (ValueError, RecursionError):
        return body.decode("utf-8", "replace")
