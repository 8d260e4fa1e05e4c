"""``ServerPaymock``: a ``Paymock`` whose calls come over a socket instead of a patched library."""

from collections.abc import Callable, Sequence
from functools import partial
from itertools import islice
from typing import Any, NamedTuple, Protocol, TypeVar, cast

from pytest_paymock._api.answers import error
from pytest_paymock._api.http import Disturbed, Request, Response
from pytest_paymock._engine.journal import Call, Entry
from pytest_paymock._engine.records import Payment, Refund, Token
from pytest_paymock._explore.exploration import Exploration, checked_faults
from pytest_paymock._explore.process import Process
from pytest_paymock._explore.world import Subtests
from pytest_paymock._explore.world_state import Reset
from pytest_paymock._options import settings_of
from pytest_paymock._parts import Parts
from pytest_paymock._records.records import CallRecord, call_record
from pytest_paymock._script.faults import FaultScript, checked_fault
from pytest_paymock.errors import UsageError, is_for_caller
from pytest_paymock.faults import ALL, Effect, Fault
from pytest_paymock.paymock import Paymock
from pytest_paymock.server import messages

__tracebackhide__ = is_for_caller

CLIENT = "server"
"""The client of every exchange in the records, since all come over a socket."""

Tell = Callable[[CallRecord, Payment | None], None]

_IMPOSSIBLE = (Effect.NO_CONNECTION, Effect.NO_CONNECTION_IN_TIME)

SOCKET_FAULTS = tuple(fault for fault in ALL if fault.effect not in _IMPOSSIBLE)
"""Every fault that a server which listens can do to a connection."""


class Recent(NamedTuple):
    """The newest records of each kind, oldest first."""

    calls: list[CallRecord]
    tokens: list[Token]
    payments: list[Payment]
    refunds: list[Refund]


class Host(Protocol):
    """Where a fake is reached: a server, running or not."""

    @property
    def url(self) -> str:
        """The base URL of what it serves."""

    def admit(self, fake: "ServerPaymock") -> Callable[[], None]:
        """Let a fake answer, and return what takes it away again."""

    def hang_up(self) -> None:
        """Disconnect the clients that still wait for an answer."""


class SocketFaults(FaultScript):
    """``paymock_server.faults``: the same script, less what a server that listens cannot do."""

    def queue(self, *faults: Fault, **how: Any) -> None:
        """As :meth:`FaultScript.queue`."""
        super().queue(*map(possible, faults), **how)

    def when(self, fault: Fault, **how: Any) -> None:
        """As :meth:`FaultScript.when`."""
        super().when(possible(fault), **how)

    def always(self, fault: Fault | None, **how: Any) -> None:
        """As :meth:`FaultScript.always`."""
        super().always(None if fault is None else possible(fault), **how)


def possible(fault: Fault) -> Fault:
    """Return a fault as it is.

    Raises:
        UsageError: for one that cannot happen on a server, and for what is no fault.
    """
    if checked_fault(fault).effect is Effect.CRASH:
        raise UsageError(messages.cannot_crash())
    if fault.effect in _IMPOSSIBLE:
        raise UsageError(messages.cannot_refuse(fault.words))
    return fault


class ServerPaymock(Paymock):
    """A fake of the Payment Mock API behind a real HTTP server.

    It has all that a :class:`Paymock` has, and intercepts nothing: all that call :attr:`url` over
    the network are answered. Latency really waits, and the other faults act on the connection.

    Args:
        host: the server.
        tell: called for every exchange, under the engine's lock.
        options: as ``Paymock`` takes them; ``base_url`` is the server's.
    """

    _settable = ("control",)

    def __init__(self, host: Host, *, tell: Tell | None = None, **options: Any) -> None:
        settings = settings_of({**options, "base_url": host.url, "real_latency": True})
        told = None if tell is None else partial(_told, tell)
        self._parts = Parts(settings, faults=SocketFaults, tell=told)
        self._host = host
        self._leave: list[Callable[[], None]] = []
        self.control = False
        """Whether programs of this machine may look at this fake and drive it over HTTP, under
        ``/_paymock/``."""

    @property
    def url(self) -> str:
        """Where the server answers, without a slash at the end."""
        return self.base_url

    def start(self) -> None:
        """Let the server answer with this fake.

        Raises:
            UsageError: if it does so already.
        """
        if self._is_active:
            raise UsageError("this fake is served already")
        super().start()

    def __del__(self) -> None:
        """Say nothing: it goes with its server, and intercepts nothing that would stay behind."""

    def _open(self) -> None:
        self._leave.append(self._host.admit(self))

    def _close(self) -> None:
        while self._leave:
            self._leave.pop()()

    def verify(self) -> None:
        """As :meth:`Paymock.verify`; clients that still wait for an answer have lost it."""
        self._host.hang_up()
        super().verify()

    def explore(
        self,
        faults: Sequence[Fault] = SOCKET_FAULTS,
        depth: int = 1,
        subtests: Subtests | None = None,
        *,
        outage: int = 1,
        crash: bool = False,
        reset: Reset | None = None,
    ) -> Exploration:
        """As :meth:`Paymock.explore`, with the faults that a server which listens can have."""
        if crash:
            raise UsageError(messages.cannot_crash())
        given = [possible(fault) for fault in checked_faults(faults)]
        return super().explore(given, depth, subtests, outage=outage, reset=reset)

    def process(self) -> Process:
        """Refuse: the process of the client is another one.

        Raises:
            UsageError: always.
        """
        raise UsageError(messages.cannot_crash())

    # -- what the server asks -----------------------------------------------------------------

    def exchange(self, request: Request) -> Response | Disturbed:
        """Answer one request."""
        return self._parts.gateway.exchange(CLIENT, request)

    def refuse(self, request: Request, status: int, detail: str) -> Response:
        """Answer a request that never reaches the API, and write it down."""
        response = Response(status, error(detail))
        self._parts.gateway.refuse(CLIENT, request, response)
        return response

    def counts(self) -> dict[str, int]:
        """Return how many calls, tokens, payments and refunds there are, without reading them."""
        with self._parts.journal.lock:
            index = self._parts.journal.index
            return {
                "calls": len(index.calls),
                "tokens": len(index.tokens),
                "payments": len(index.payments),
                "refunds": len(index.refunds),
            }

    def recent(self, count: int) -> Recent:
        """Return the newest records, oldest first, without keeping them.

        Args:
            count: how many of each kind.
        """
        with self._parts.journal.lock:
            index = self._parts.journal.index
            last = len(index.calls)
            return Recent(
                [
                    call_record(number, index.calls[number - 1])
                    for number in range(max(last - count, 0) + 1, last + 1)
                ],
                _newest(index.tokens, count),
                _newest(index.payments, count),
                _newest(index.refunds, count),
            )


R = TypeVar("R")


def _newest(records: dict[str, R], count: int) -> list[R]:
    return list(islice(reversed(records.values()), count))[::-1]


def _told(tell: Tell, number: int, entry: Entry) -> None:
    """Report an exchange that has just been recorded."""
    call = cast("Call", entry.call)  # the entry of an exchange has one
    payment = entry.effect if isinstance(entry.effect, Payment) else None
    tell(call_record(number, call), payment)
