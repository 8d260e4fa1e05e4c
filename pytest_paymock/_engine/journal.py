"""The journal: what happened to one fake, entry after entry, and what follows from it.

An entry is one exchange, or one act of the test, with all that it changed. To append it is the only
change there is, so an exchange that is interrupted has either happened or not. Tokens, payments,
counts and scripts are derived from the entries by an :class:`Index`, which reads on when it is
behind, and is made again when it was interrupted itself.

Whoever decides something by the index and appends what was decided holds the lock all the while.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from threading import RLock
from typing import Any, NamedTuple

from pytest_paymock._engine.outcomes import Decision
from pytest_paymock._engine.process_lock import ProcessLock
from pytest_paymock._engine.records import Payment, Refund, Token


class ClockState(NamedTuple):
    """Where the clock stands: pinned to an instant, or this much ahead of the real time."""

    pinned: datetime | None = None
    offset: timedelta = timedelta()


class CardSighting(NamedTuple):
    """A card number in a request: sent as a card, or astray where none belongs."""

    fingerprint: str
    last_four: str
    astray: bool


class Stray(NamedTuple):
    """A card number in a request in which none belongs, and the number of that call."""

    fingerprint: str
    last_four: str
    call_number: int


@dataclass(slots=True)
class Call:
    """One HTTP exchange, without card data.

    Args:
        client: the library's name, such as ``httpx``.
        endpoint: the route name, None for a path that is none of the documented ones.
        method: as it was sent.
        path: below the base URL.
        status: of what reached the client, None where nothing did.
        fault: the value of ``pytest_paymock.faults`` that the exchange met, or None.
        at: when, by the fake's clock.
        waited: for how many seconds of the fake's clock the client waited because of the fault.
        request: the body that was sent.
        response: the body that reached the client.
        answered: the status of the API's answer, None where it did not act.
    """

    client: str
    endpoint: str | None
    method: str
    path: str
    status: int | None
    fault: Any
    at: datetime
    waited: float
    request: bytes | None
    response: bytes | None
    answered: int | None

    @property
    def lost(self) -> bool:
        """Whether the API acted and the client did not get its answer."""
        arrived = self.status is not None and not (self.fault and self.fault.after_commit)
        return self.answered is not None and not arrived


@dataclass(slots=True)
class Settlement:
    """The end of a pending payment, as the test decided it."""

    transaction_id: str
    decision: Decision


@dataclass(slots=True)
class LostAnswer:
    """An answer that its client has given up to wait for, after the exchange was recorded."""

    call_number: int


@dataclass(slots=True)
class ExpiryFound:
    """An expired token with which a payment was tried, where that is what ends its validity."""

    token: str


Effect = Token | Payment | Refund | Settlement | LostAnswer | ExpiryFound
"""What an entry makes or changes."""


@dataclass(slots=True)
class Entry:
    """One exchange or one act of the test, and the new state of whatever it changed.

    Args:
        call: the exchange, None for an act of the test.
        effect: what it made or changed, if anything.
        outcomes: the new state of the outcome script; ``_script`` alone looks into it.
        faults: the new state of the fault script; the same.
        clock: where the clock stands from now on.
        cards: the card numbers in the request, as fingerprints.
    """

    call: Call | None = None
    effect: Effect | None = None
    outcomes: Any = None
    faults: Any = None
    clock: ClockState | None = None
    cards: Sequence[CardSighting] = ()


class Snapshot:
    """What :meth:`Journal.restore` takes: the entries up to a moment; opaque, without card data."""

    def __init__(self, entries: list[Entry], length: int) -> None:
        # Not a copy: entries are added to a list, and never taken away from it.
        self._entries = entries
        self._length = length

    def entries(self) -> list[Entry]:
        """Return the entries, as a new list."""
        return self._entries[: self._length]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Snapshot) and self.entries() == other.entries()

    __hash__ = None  # type: ignore[assignment]  # as of any value that holds a list

    def __reduce__(self) -> tuple[type["Snapshot"], tuple[list[Entry], int]]:
        return Snapshot, (self.entries(), self._length)

    def __repr__(self) -> str:
        calls = sum(entry.call is not None for entry in self.entries())
        return f"<snapshot after {calls or 'no'} call{'s' if calls > 1 else ''}>"


HALF_READ = -1


class Index:
    """What the entries of a list add up to.

    ``tokens``, ``payments`` and ``refunds`` are by id, as they stand now; ``order`` has the ids of
    payments and refunds as they came, ``history`` the same by customer. ``drawn`` counts the
    payments that the seed has decided, ``drawn_by_customer`` the same by customer, and
    ``customers_made`` the customers to whom the API gave an id. ``calls`` are the exchanges, the
    first of which is number 1. ``outcomes``, ``faults`` and ``clock`` are the latest states.
    ``found_expired`` has the tokens with which a payment was tried too late.
    ``cards_sent`` has the last four digits of the cards that were sent, by fingerprint. ``length``
    says how many entries have been read, and is ``HALF_READ`` while one is being read.
    """

    def __init__(self, entries: list[Entry]) -> None:
        self.entries = entries
        self.length = 0
        self.calls: list[Call] = []
        self.tokens: dict[str, Token] = {}
        self.payments: dict[str, Payment] = {}
        self.refunds: dict[str, Refund] = {}
        self.found_expired: dict[str, None] = {}
        self.order: list[str] = []
        self.history: dict[str, list[str]] = {}
        self.drawn = 0
        self.drawn_by_customer: dict[str, int] = {}
        self.customers_made = 0
        self.outcomes: Any = None
        self.faults: Any = None
        self.clock = ClockState()
        self.cards_sent: dict[str, str] = {}
        self._strays: dict[Stray, None] = {}

    @property
    def strays(self) -> list[Stray]:
        """The card numbers where none belongs that were also sent as a card."""
        return [stray for stray in self._strays if stray.fingerprint in self.cards_sent]

    def read_on(self) -> None:
        """Read the entries that were added since."""
        entries, length = self.entries, self.length
        while length < len(entries):
            # An exception, as of a signal, may come between any two of these lines.
            self.length = HALF_READ
            self._add(entries[length])
            length += 1
            self.length = length

    def _add(self, entry: Entry) -> None:
        if entry.call is not None:
            self.calls.append(entry.call)
        if entry.effect is not None:
            self._apply(entry.effect, by_call=entry.call is not None)
        if entry.outcomes is not None:
            self.outcomes = entry.outcomes
        if entry.faults is not None:
            self.faults = entry.faults
        if entry.clock is not None:
            self.clock = entry.clock
        if entry.cards:
            self._see(entry.cards)

    def _apply(self, effect: Effect, *, by_call: bool) -> None:
        match effect:
            case Payment():
                self.payments[effect.transaction_id] = effect
                self._list(effect.transaction_id, effect.customer_key)
                if effect.decision.is_drawn:
                    whose, by_customer = effect.customer_key, self.drawn_by_customer
                    self.drawn += 1
                    by_customer[whose] = by_customer.get(whose, 0) + 1
            case Token():
                self.tokens[effect.token] = effect
                self.customers_made += effect.customer_made
                if by_call:
                    self.cards_sent[effect.card.fingerprint] = effect.card.last_four
            case Refund():
                self._pay_back(effect)
            case Settlement():
                settled = self.payments[effect.transaction_id]
                self.payments[effect.transaction_id] = replace(settled, decision=effect.decision)
            case ExpiryFound():
                self.found_expired[effect.token] = None
            case _:  # a LostAnswer
                call = self.calls[effect.call_number - 1]
                self.calls[effect.call_number - 1] = replace(call, status=None, response=None)

    def _pay_back(self, refund: Refund) -> None:
        original, name = refund.original_transaction_id, refund.refund_id
        self.refunds[name] = refund
        self._list(name, refund.customer_key)
        if original in self.payments:
            self.payments[original] = replace(self.payments[original], refund_id=name)
        else:
            self.refunds[original] = replace(self.refunds[original], refunded_by=name)

    def _list(self, transaction_id: str, customer_key: str) -> None:
        self.order.append(transaction_id)
        self.history.setdefault(customer_key, []).append(transaction_id)

    def _see(self, cards: Iterable[CardSighting]) -> None:
        for card in cards:
            if card.astray:
                self._strays[Stray(card.fingerprint, card.last_four, len(self.calls))] = None
            else:
                self.cards_sent[card.fingerprint] = card.last_four


class Journal:
    """The entries of one fake, and the lock for all who read or add to them."""

    def __init__(self) -> None:
        self._lock = ProcessLock()
        self._entries: list[Entry] = []
        self._index = Index(self._entries)

    @property
    def lock(self) -> RLock:
        """The lock of this process; the thread that holds it may take it again."""
        return self._lock.here

    @property
    def index(self) -> Index:
        """What all entries add up to; to be read under the lock."""
        index, entries = self._index, self._entries
        if index.entries is entries and index.length == len(entries):
            return index
        if index.entries is not entries or index.length == HALF_READ:
            index = self._index = Index(entries)
        index.read_on()
        return index

    def append(self, entry: Entry) -> None:
        """Let something have happened; called under the lock."""
        self._entries.append(entry)

    def snapshot(self) -> Snapshot:
        """Return the journal as it is now, for :meth:`restore`."""
        with self.lock:
            return Snapshot(self._entries, len(self._entries))

    def restore(self, snapshot: Snapshot) -> None:
        """Go back, or forward, to a snapshot, which stays good for another time."""
        with self.lock:
            self._entries = snapshot.entries()

    def reset(self) -> None:
        """Let nothing have happened; the clock stays where it is."""
        with self.lock:
            clock = self.index.clock
            self._entries = [] if clock == ClockState() else [Entry(clock=clock)]
