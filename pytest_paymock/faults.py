"""What can go wrong on the wire, as values: ``read_timeout``, ``http_error(402)`` and the rest.

A value says what happens and, by ``after_commit``, when: before the API acted (the default), or
after, so that the payment *happened* and only its answer was lost.

>>> read_timeout, read_timeout(after_commit=True)
(faults.read_timeout, faults.read_timeout(after_commit=True))
>>> str(read_timeout(after_commit=True))
'read timeout after commit'
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import Enum
from http import HTTPStatus
from typing import Self

from pytest_paymock._card_numbers import masked_text, quoted
from pytest_paymock.errors import UsageError, is_for_caller

__tracebackhide__ = is_for_caller


class Effect(Enum):
    """What a fault does to an exchange."""

    NO_CONNECTION = "the connection is refused"
    NO_CONNECTION_IN_TIME = "the connection is not made in time"
    NO_ANSWER_IN_TIME = "no answer comes in time"
    HANG_UP = "the server hangs up without an answer"
    RESET = "the connection is reset"
    CUT_OFF = "the answer breaks off"
    GARBLED = "the answer is no JSON"
    ERROR_ANSWER = "another answer comes"
    LATE = "the answer comes late"
    CRASH = "the process of the client dies"


_AFTER_COMMIT = (
    Effect.NO_ANSWER_IN_TIME,
    Effect.HANG_UP,
    Effect.RESET,
    Effect.CUT_OFF,
    Effect.GARBLED,
    Effect.CRASH,
)

_SERVER_ERROR = 500


@dataclass(frozen=True, slots=True, repr=False)
class Fault:
    """One thing that goes wrong. Make none of these; take the values of this module.

    ``words`` names it for people, ``status``, ``detail`` and ``headers`` belong to an error answer,
    ``seconds`` to a late one.
    """

    name: str
    words: str
    effect: Effect
    after_commit: bool = False
    status: int = 0
    detail: str = ""
    headers: tuple[tuple[str, str], ...] = ()
    seconds: float = 0.0

    def __call__(self, *, after_commit: bool) -> Self:
        """Return the same fault in the given phase.

        Args:
            after_commit: True if the API acts and the answer is lost; False if it never acts.

        Raises:
            UsageError: for a fault that cannot come after the API has acted, or for a phase that
                is neither True nor False.
        """
        if not isinstance(after_commit, bool):
            raise UsageError(f"after_commit is True or False, not {quoted(after_commit)}")
        if after_commit and not self.can_follow_commit:
            raise UsageError(f"{self.words} cannot come after the commit: {self._why_not()}")
        return replace(self, after_commit=after_commit)

    def __str__(self) -> str:
        return f"{self.words} after commit" if self.after_commit else self.words

    def __repr__(self) -> str:
        phase = "after_commit=True" if self.after_commit else ""
        if self.effect is Effect.LATE:
            return f"faults.latency({self.seconds:g})"
        if self.name == "http_error":
            return f"faults.http_error({', '.join(filter(None, (str(self.status), phase)))})"
        return f"faults.{self.name}({phase})" if phase else f"faults.{self.name}"

    @property
    def can_follow_commit(self) -> bool:
        """Whether it is a fault on the answer, so that the API may have acted before it."""
        if self.effect is Effect.ERROR_ANSWER:
            return self.status >= _SERVER_ERROR
        return self.effect in _AFTER_COMMIT

    @property
    def acts(self) -> bool:
        """Whether the API acts: after the commit by definition; a late answer follows an act."""
        return self.after_commit or self.is_late

    @property
    def is_late(self) -> bool:
        """Whether the answer comes, but late."""
        return self.effect is Effect.LATE

    def without_cards(self) -> Self:
        """Return the same fault as it may be recorded: card numbers in its texts are masked."""
        headers = tuple((masked_text(name), masked_text(value)) for name, value in self.headers)
        detail = masked_text(self.detail)
        if (detail, headers) == (self.detail, self.headers):
            return self
        return replace(self, detail=detail, headers=headers)

    def _why_not(self) -> str:
        if self.effect is Effect.LATE:
            return "a late answer always follows it; latency takes no phase"
        if self.effect is Effect.ERROR_ANSWER:
            return f"an answer {self.status} says that the API refused; take one from 500 on"
        return "the request never reached the API"


connect_error = Fault("connect_error", "connect error", Effect.NO_CONNECTION)
connect_timeout = Fault("connect_timeout", "connect timeout", Effect.NO_CONNECTION_IN_TIME)
read_timeout = Fault("read_timeout", "read timeout", Effect.NO_ANSWER_IN_TIME)
disconnect = Fault("disconnect", "disconnect", Effect.HANG_UP)
connection_reset = Fault("connection_reset", "connection reset", Effect.RESET)
truncated_body = Fault("truncated_body", "truncated body", Effect.CUT_OFF)
malformed_json = Fault("malformed_json", "malformed JSON", Effect.GARBLED)


def _error(name: str, status: int, detail: str, *headers: tuple[str, str]) -> Fault:
    return Fault(
        name, f"HTTP {status}", Effect.ERROR_ANSWER, status=status, detail=detail, headers=headers
    )


server_error = _error("server_error", 500, "Internal server error")
bad_gateway = _error("bad_gateway", 502, "Bad gateway")
unavailable = _error("unavailable", 503, "Service unavailable")
rate_limited = _error("rate_limited", 429, "Too many requests", ("retry-after", "1"))

ALL = (
    connect_error,
    connect_timeout,
    read_timeout,
    disconnect,
    connection_reset,
    truncated_body,
    malformed_json,
    server_error,
    bad_gateway,
    unavailable,
    rate_limited,
)
"""Every fault that has a name of its own, before the commit; what ``explore()`` tries."""


crash = Fault("crash", "crash", Effect.CRASH)
"""The process that makes the call dies, before it is sent or, ``after_commit``, before the answer
is read. It ends a block of ``paymock.process()``, which is one life of your application."""


_HEADER_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_HEADER_VALUE = re.compile(r"(?:[!-~](?:[\t -~]*[!-~])?)?")
_FRAMING = ("content-length", "transfer-encoding", "content-type", "connection")


def http_error(
    status: int,
    *,
    detail: str | None = None,
    headers: Mapping[str, str] | None = None,
    after_commit: bool = False,
) -> Fault:
    """Return an error answer in place of the API's.

    Args:
        status: 400 to 599.
        detail: the text of the answer's ``detail``; by default the status's own phrase.
        headers: further header fields, such as ``{"Retry-After": "3"}``.
        after_commit: True if the API acts first; for 500 and above.

    Raises:
        UsageError: for another status, a header that HTTP cannot carry, or a refusal after commit.
    """
    lowest, highest = 400, 599
    if isinstance(status, bool) or not isinstance(status, int) or not lowest <= status <= highest:
        raise UsageError(f"http_error takes a status from 400 to 599, not {quoted(status)}")
    if not isinstance(headers or {}, Mapping):
        raise UsageError(
            "http_error takes its headers as a dict, such as {'Retry-After': '3'}, "
            f"not {quoted(headers)}"
        )
    fields = dict(headers or {})
    for name, value in fields.items():
        texts = isinstance(name, str) and isinstance(value, str)
        if not texts or not _HEADER_NAME.fullmatch(name) or not _HEADER_VALUE.fullmatch(value):
            raise UsageError(
                f"{quoted(name)}: {quoted(value)} is no header field that HTTP can carry"
            )
        if name.lower() in _FRAMING:
            raise UsageError(
                f"the header {quoted(name)} is set by the fake; http_error cannot change it"
            )
    if detail is not None and not isinstance(detail, str):
        raise UsageError(f"the detail of an error answer is a text, not {quoted(detail)}")
    known = status in [item.value for item in HTTPStatus]
    phrase = HTTPStatus(status).phrase if known else f"Error {status}"
    made = _error("http_error", status, phrase if detail is None else detail, *fields.items())
    return made(after_commit=after_commit)


def latency(seconds: float) -> Fault:
    """Return a slow answer: the API acts, and the answer comes after so many seconds.

    The time is virtual: a client whose own timeout is shorter gives up at once, another has its
    answer at once, and the clock of the fake moves on. ``real_latency=True`` sleeps instead.

    Args:
        seconds: 0 or more.

    Raises:
        UsageError: for a negative or endless time.
    """
    longest = 1e9
    number = isinstance(seconds, int | float) and not isinstance(seconds, bool)
    if not number or not 0 <= seconds <= longest:
        raise UsageError(f"latency takes a number of seconds from 0 on, not {quoted(seconds)}")
    words = f"latency {seconds:g} s"
    return Fault("latency", words, Effect.LATE, seconds=float(seconds))


FAULT_NAMES = (*(fault.name for fault in ALL), "http_error", "latency")
"""What this module has to offer, by name."""
