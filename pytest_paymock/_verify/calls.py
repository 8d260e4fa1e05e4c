"""What a shadow run compares: calls, the answers to them, and the records in these."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from pytest_paymock._verify.probe import json_of

_OK, _CREATED = 200, 201


class Call(NamedTuple):
    """One call as the fake got it."""

    method: str
    path: str
    query: str
    body: bytes
    content_type: str | None


class Answer(NamedTuple):
    """What the API answered in the fake, whether or not that has reached the client."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Difference(NamedTuple):
    """A call that the service answers otherwise."""

    call: str
    what: str


@dataclass(slots=True)
class Comparison:
    """What came of the calls of a test, or of a run."""

    compared: int = 0
    differences: list[Difference] = field(default_factory=list)
    not_comparable: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True)
class FakeState:
    """What a shadow asks about its fake.

    Args:
        now: the time of its clock.
        records: how many tokens, payments and refunds there are.
        card_of: the type and the last four digits of the card behind a token, None for no token.
    """

    now: Callable[[], datetime]
    records: Callable[[], int]
    card_of: Callable[[str], tuple[str, str] | None]


def name_of(record: Any) -> str:
    """Return the id of a transaction in an answer, or nothing."""
    if not isinstance(record, dict):
        return ""
    # A refund of a payment stands on the payment, too, as its refund_id.
    return str(record.get("transaction_id") or record.get("refund_id"))


def records_in(document: Any) -> list[dict[str, Any]]:
    """Return the records in an answer: those of a history, or the one that it is."""
    if not isinstance(document, dict):
        return []
    listed = document.get("transactions", [document])
    return [one for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []


def makes_record(call: Call, answer: Answer, document: Any) -> bool:
    """Return whether an answer tells of a record that the call has made."""
    done = call.method == "POST" and answer.status in (_OK, _CREATED)
    return done and bool(document.keys() & {"token", "refund_id"})


def body_of(call: Call) -> dict[str, Any]:
    """Return the object in the body of a call; one without fields if there is none."""
    document = json_of(call.body)
    return document if isinstance(document, dict) else {}
