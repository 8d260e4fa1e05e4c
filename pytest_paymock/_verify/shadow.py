"""A shadow run: each call that a fake answers is also made against the service, and compared.

The two have names of their own for the same token or payment. They are translated by the order of
creation. Customers of a test get names of their own at the service, where other tests and other
runs have been before. What cannot be brought about there is counted as not comparable, with the
reason.
"""

import re
from collections.abc import Callable, Mapping
from datetime import UTC
from decimal import Decimal
from typing import Any

from pytest_paymock._verify.calls import (
    Answer,
    Call,
    Comparison,
    Difference,
    FakeState,
    body_of,
    makes_record,
    name_of,
    records_in,
)
from pytest_paymock._verify.known import Known
from pytest_paymock._verify.probe import json_of
from pytest_paymock._verify.shadow_process import NoServiceError, ServiceReply
from pytest_paymock._verify.steps import JSON_TYPE, PAYMENTS, TEST_CARDS, TOKENIZE, card_request

TRIES = 30
"""How often a payment is made at the service until its outcome is that of the fake."""

_PAST_OR_FUTURE = 60.0
"""So many seconds the clock of a fake may be off until it counts as scripted."""

_CREATED, _INVALID_TOKEN, _NOT_FOUND = 201, 401, 404

_ID = re.compile(r"(?:tok|txn|ref)_[0-9a-f_]{8,}")
_ID_TEXT = re.compile(rf"{_ID.pattern}|cust_[0-9a-f.]+")
_CUSTOMER_IN_BODY = re.compile(rb'("customer_id"\s*:\s*"(?:[^"\\]|\\.)+)(?=")')
_CUSTOMER_IN_PATH = re.compile(r"(?<=^/api/v1/customers/)[^/]+(?=/transactions$)")
_TIME = re.compile(r"\d{4}-\d\d-\d\d(?:T\d\d:\d\d:\d\d(?:\.\d{6})?)?")
_NAMED = ("token", "transaction_id", "refund_id", "original_transaction_id", "customer_id")
_ORDINARY = (
    "Payment processed successfully",
    "Card declined by issuer",
    "Payment under review",
)
_SPECIAL = {
    Decimal("0.01"): "Insufficient funds",
    Decimal("0.02"): "Card declined",
    Decimal("0.03"): "Payment pending verification",
}
_LARGE, _LARGE_MESSAGE = Decimal(10000), "Large transaction - manual review required"

ARRANGED = "state that the test arranged"
CLOCK = "a clock that the test scripted"
FAULT = "a fault before the API acted"
SCRIPTED = "an outcome that the test scripted"
CHANCE = f"an outcome that did not come up in {TRIES} payments"
SETTLED = "a payment that the test settled"


class _IncomparableError(Exception):
    """A call whose like cannot be made at the service; the message says why."""


class Shadow:
    """Follows one fake.

    Args:
        call: makes a request to the service.
        fake: what it asks about its fake.
        suffix: stands behind the customers' names at the service; no other fake has it.
    """

    def __init__(
        self,
        call: Callable[[str, str, bytes, Mapping[str, str]], ServiceReply],
        fake: FakeState,
        suffix: str,
    ) -> None:
        self.comparison = Comparison()
        self._call = call
        self._fake = fake
        self._suffix = suffix
        self._era = 0
        self._records = fake.records()
        self._theirs: dict[str, str] = {}
        self._ours: dict[str, str] = {}
        self._status_of: dict[str, str] = {}
        self._left_over: set[str] = set()

    # -- a call -------------------------------------------------------------------------------

    def pass_over(self) -> None:
        """Count a call on which the API has not acted, because of a fault."""
        self._notice_restored(made=False)
        self.comparison.not_comparable[FAULT] += 1

    def follow(self, call: Call, answer: Answer) -> None:
        """Make a call at the service and compare the answers.

        Args:
            call: as the fake got it.
            answer: what the API answered in the fake.
        """
        ours = json_of(answer.body)
        self._notice_restored(made=makes_record(call, answer, ours))
        try:
            self._compare(call, answer, ours)
        except _IncomparableError as reason:
            self.comparison.not_comparable[str(reason)] += 1
        except NoServiceError as problem:
            self._differ(call, f"no answer: {problem}")

    def _compare(self, call: Call, answer: Answer, ours: Any) -> None:
        self._refuse_unknown_names(call, answer, ours)
        self._refuse_scripted_outcome(answer, ours)
        reply = self._reply_with_like_outcome(call, ours)
        theirs = json_of(reply.body)
        if self._is_about_time(call, answer, reply, ours, theirs):
            raise _IncomparableError(CLOCK)
        if isinstance(theirs, dict) and "transactions" in theirs:
            theirs = self._without_left_overs(theirs)
        self.comparison.compared += 1
        fault = (
            _status_fault(answer, reply)
            or self._header_fault(answer, reply)
            or self._value_fault("answer", ours, theirs)
        )
        self._pair(ours, theirs)
        if fault:
            self._differ(call, fault)

    def _differ(self, call: Call, what: str) -> None:
        self.comparison.differences.append(Difference(f"{call.method} {call.path}", what))

    # -- what cannot be compared --------------------------------------------------------------

    def _notice_restored(self, *, made: bool) -> None:
        """See that the test has brought an earlier state back, and forget what came after it."""
        records = self._fake.records()
        if records < self._records + made:
            # Tokens pay as before; of payments and customers the service knows what came after.
            self._era += 1
            for name in list(self._status_of):
                self._theirs.pop(name, None)
            self._status_of.clear()
        self._records = records

    def _refuse_unknown_names(self, call: Call, answer: Answer, ours: Any) -> None:
        if answer.status in (_INVALID_TOKEN, _NOT_FOUND):
            known = self._theirs.get(str(body_of(call).get("token")))
            if known and answer.status == _INVALID_TOKEN:
                raise _IncomparableError(CLOCK)  # it was good once, and has expired here
            return
        sent = f"{call.path} {call.body.decode('utf-8', 'replace')}"
        unknown = [name for name in _ID.findall(sent) if name not in self._theirs]
        if not all(map(self._bring_about, unknown)):
            raise _IncomparableError(ARRANGED)
        for record in records_in(ours):
            name = record.get("transaction_id")
            if record is not ours and name_of(record) not in self._theirs:
                raise _IncomparableError(ARRANGED)
            if self._status_of.get(str(name), record.get("status")) != record.get("status"):
                raise _IncomparableError(SETTLED)
        original = ours.get("original_transaction_id") if isinstance(ours, dict) else None
        if self._status_of.get(str(original), "success") != "success":
            raise _IncomparableError(SETTLED)

    def _bring_about(self, name: str) -> bool:
        """Return whether the service has, from now on, a token that the test arranged."""
        card_type, last_four = self._fake.card_of(name) or ("", "")
        number = TEST_CARDS.get(card_type, "")
        if not number or number[-4:] != last_four:
            return False
        year = str(self._fake.now().year + 2)
        known = Known("", {"customer": self._mark.removeprefix("-"), "year": year})
        body = known.fill(card_request({"card.card_number": number})).encode()
        answer = json_of(self._call("POST", TOKENIZE, body, JSON_TYPE).body)
        self._note(name, answer.get("token") if isinstance(answer, dict) else None)
        return name in self._theirs

    def _refuse_scripted_outcome(self, answer: Answer, ours: Any) -> None:
        if answer.status == _CREATED and isinstance(ours, dict) and "processed_at" in ours:
            amount = Decimal(str(ours["amount"]))
            expected = _SPECIAL.get(amount, _LARGE_MESSAGE if amount >= _LARGE else "")
            message = ours["message"]
            if message != expected if expected else message not in _ORDINARY:
                raise _IncomparableError(SCRIPTED)

    def _is_about_time(
        self, call: Call, answer: Answer, reply: ServiceReply, ours: Any, theirs: Any
    ) -> bool:
        """Return whether the two clocks explain why two answers are not alike."""
        off = abs(self._fake.now().replace(tzinfo=UTC).timestamp() - reply.at)
        if off < _PAST_OR_FUTURE:
            return False
        if call.path.startswith(TOKENIZE):
            return answer.status != reply.status
        both = isinstance(ours, dict) and isinstance(theirs, dict)
        return both and ours.get("is_valid") != theirs.get("is_valid")

    # -- the call at the service --------------------------------------------------------------

    def _reply_with_like_outcome(self, call: Call, ours: Any) -> ServiceReply:
        wanted = ours.get("message") if isinstance(ours, dict) else None
        for _ in range(TRIES):
            reply = self._send(call)
            theirs = json_of(reply.body)
            came = theirs.get("message") if isinstance(theirs, dict) else None
            if wanted == came or wanted not in _ORDINARY or came not in _ORDINARY:
                return reply
            self._left_over.add(str(theirs.get("transaction_id")))
        raise _IncomparableError(CHANCE)

    def _send(self, call: Call) -> ServiceReply:
        path = _CUSTOMER_IN_PATH.sub(lambda found: self._customer(found[0]), call.path)
        body = call.body
        if call.path in (TOKENIZE, PAYMENTS):
            body = _CUSTOMER_IN_BODY.sub(self._customer_in_body, body)
        for ours, theirs in self._theirs.items():
            path = path.replace(ours, theirs)
            body = body.replace(ours.encode(), theirs.encode())
        headers = {} if call.content_type is None else {"content-type": call.content_type}
        query = f"?{call.query}" if call.query else ""
        return self._call(call.method, path + query, body, headers)

    def _customer(self, name: str) -> str:
        # One that the service has made itself is translated like other ids.
        return name if name in self._theirs else f"{name}{self._mark}"

    def _customer_in_body(self, found: re.Match[bytes]) -> bytes:
        name = found[1].rpartition(b'"')[2].decode("utf-8", "replace")
        return found[1] if name in self._theirs else found[1] + self._mark.encode()

    @property
    def _mark(self) -> str:
        return f"-{self._suffix}-{self._era}"

    def _pair(self, ours: Any, theirs: Any) -> None:
        """Note the names that each side has given to the same thing."""
        if not (isinstance(ours, dict) and isinstance(theirs, dict)):
            return
        for name in _NAMED[:3]:
            self._note(ours.get(name), theirs.get(name))
        generated = ours.get("customer_id")
        if "card_type" in ours and isinstance(generated, str):
            known = theirs.get("customer_id")
            if isinstance(known, str) and not known.endswith(self._mark):
                self._note(generated, known)
        if "status" in ours and isinstance(ours.get("transaction_id"), str):
            self._status_of.setdefault(ours["transaction_id"], ours["status"])
        if isinstance(ours.get("refund_id"), str) and "original_transaction_id" in ours:
            self._status_of.setdefault(ours["refund_id"], "success")

    def _note(self, ours: Any, theirs: Any) -> None:
        if isinstance(ours, str) and isinstance(theirs, str) and _ID_TEXT.fullmatch(ours):
            self._theirs[ours] = theirs
            self._ours[theirs] = ours

    def _without_left_overs(self, listed: dict[str, Any]) -> dict[str, Any]:
        """Return a history without the payments that were made until one had the right outcome."""
        records = listed["transactions"]
        if not isinstance(records, list):
            return listed
        kept = [one for one in records if name_of(one) not in self._left_over]
        count = listed.get("transaction_count")
        if len(kept) < len(records) and isinstance(count, int):
            count -= len(records) - len(kept)
        return {**listed, "transaction_count": count, "transactions": kept}

    # -- comparing ----------------------------------------------------------------------------

    def _header_fault(self, answer: Answer, reply: ServiceReply) -> str:
        for name in ("content-type", "allow"):
            wanted = answer.headers.get(name, "").partition(";")[0]
            came = reply.headers.get(name, "").partition(";")[0]
            if wanted != came:
                return _fault(f"header {name}", wanted, came)
        return ""

    def _value_fault(self, place: str, ours: Any, theirs: Any) -> str:
        if isinstance(ours, dict) and isinstance(theirs, dict):
            if "loc" in ours:  # what was sent is left out here
                theirs = {name: theirs[name] for name in theirs if name in ours}
            if ours.keys() != theirs.keys():
                return _fault(f"{place}: fields", sorted(ours), sorted(theirs))
            faults = (
                self._value_fault(f"{place}.{name}", ours[name], theirs[name]) for name in ours
            )
            return next(filter(None, faults), "")
        if isinstance(ours, list) and isinstance(theirs, list):
            if len(ours) != len(theirs):
                return _fault(f"{place}: length", len(ours), len(theirs))
            faults = (
                self._value_fault(f"{place}[{number}]", one, other)
                for number, (one, other) in enumerate(zip(ours, theirs, strict=True))
            )
            return next(filter(None, faults), "")
        if isinstance(ours, str) and isinstance(theirs, str):
            theirs = self._ours.get(theirs, theirs.removesuffix(self._mark))
            return "" if _timeless(ours) == _timeless(theirs) else _fault(place, ours, theirs)
        same = ours == theirs and isinstance(ours, bool) == isinstance(theirs, bool)
        return "" if same else _fault(place, ours, theirs)


def _timeless(text: str) -> str:
    """Return a text with the shape of each time in it, and names that are not yet known."""
    return _ID_TEXT.sub(_shape, _TIME.sub(_time_shape, text))


def _time_shape(found: re.Match[str]) -> str:
    # The fraction is left out on a whole second.
    return re.sub(r"\d", "#", found[0].partition(".")[0])


def _shape(found: re.Match[str]) -> str:
    return re.sub("[0-9a-f]", "#", found[0])


def _status_fault(answer: Answer, reply: ServiceReply) -> str:
    return "" if answer.status == reply.status else _fault("status", answer.status, reply.status)


def _fault(place: str, ours: Any, theirs: Any) -> str:
    return f"{place}: the fake says {ours!r}, the service {theirs!r}"
