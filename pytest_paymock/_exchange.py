"""One exchange between a client and the API: a fault or none, the answer, one journal entry."""

from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple, NoReturn, Protocol

from pytest_paymock._api import answers
from pytest_paymock._api.handle import find, handle, read
from pytest_paymock._api.http import (
    LONGEST_WAIT,
    Disturbed,
    Failure,
    Request,
    Response,
    Timeouts,
)
from pytest_paymock._api.profiles import DOCUMENTED, Profile
from pytest_paymock._api.redact import cut, masked_path, recorded_answer, shortened
from pytest_paymock._engine.clock import Clock
from pytest_paymock._engine.engine import Engine, Moment
from pytest_paymock._engine.journal import Call, Entry, Journal, LostAnswer
from pytest_paymock.faults import Effect, Fault

_NOTHING_ARRIVES = {
    Effect.NO_CONNECTION: Failure.REFUSED,
    Effect.NO_CONNECTION_IN_TIME: Failure.CONNECT_TIMEOUT,
    Effect.NO_ANSWER_IN_TIME: Failure.READ_TIMEOUT,
    Effect.HANG_UP: Failure.HANG_UP,
    Effect.RESET: Failure.RESET,
    Effect.CRASH: Failure.HANG_UP,  # of the client, which reads no answer
}

_WAITS_FOR = {Failure.CONNECT_TIMEOUT: "connect", Failure.READ_TIMEOUT: "read"}

_METHODS = {method: method for method in ("GET", "POST", "HEAD", "PUT", "PATCH", "DELETE")}
"""One string for all calls: a client makes one for each request."""


class FaultChooser(Protocol):
    """What says which fault an exchange meets; ``FaultScript`` does."""

    def choose(self, endpoint: str | None, number: int) -> tuple[Fault | None, Any]:
        """Return the fault of a call, and the new state of the script, None if it stays."""


class ProcessTable(Protocol):
    """What knows the processes of the application under test; ``Lives`` does."""

    def check(self) -> None:
        """Raise if the caller belongs to a process that has crashed."""

    def crash(self, number: int, endpoint: str | None) -> NoReturn:
        """Let the process of the caller die at a call."""


class Gate(Protocol):
    """Where calls wait until they are chosen, in a race; all but those of its workers pass."""

    def wait(self) -> None:
        """Wait with a call that is made without ``await``."""

    async def wait_async(self) -> None:
        """Wait with a call that is awaited."""


class Delivery(NamedTuple):
    """What becomes of an answer on its way to the client.

    Args:
        met: what the client is given.
        arrived: what of it may be recorded.
        fault: what happened to it, as it may be recorded.
        waited: for how many seconds of the fake's clock the client waits because of that.
    """

    met: Response | Disturbed
    arrived: Response | None
    fault: Fault
    waited: float


Tell = Callable[[int, Entry], None]
"""What is told of an exchange, by its number and its entry, under the lock."""


Follow = Callable[[Request, Response | None], None]
"""Is told of a request, and what the API has answered to it; None if it has not acted."""


class Gateway:
    """The one door through which every client library and the server reach the engine.

    Args:
        journal: where each exchange is entered.
        engine: decides by what stands there.
        clock: the fake's.
        faults: says what goes wrong.
        profile: the form of the API that answers.
        base_url: that of the fake.
        real_latency: whether a client really has to wait.
        tell: is told of every exchange, None if nobody is.
    """

    def __init__(
        self,
        journal: Journal,
        engine: Engine,
        clock: Clock,
        faults: FaultChooser,
        *,
        profile: Profile = DOCUMENTED,
        base_url: str = "",
        real_latency: bool = False,
        tell: Tell | None = None,
    ) -> None:
        self._journal = journal
        self._engine = engine
        self._clock = clock
        self._faults = faults
        self._profile = profile
        self._base_url = base_url
        self._real_latency = real_latency
        self._tell = tell
        self.processes: ProcessTable | None = None
        """Those of the application under test; None where they are others than this one."""
        self.gate: Gate | None = None
        """Where the interceptors let a call wait before its exchange; None but in a race."""
        self.shadow: Follow | None = None
        """Follows each exchange, under the lock, in a shadow run."""

    def exchange(
        self, client: str, request: Request, *, heard: bool = True
    ) -> Response | Disturbed:
        """Answer one request of a client library, or one attempt of it, and record the exchange.

        The lock is held throughout, so that the order of the entries is that of the effects.

        Args:
            client: the library's name, such as ``httpx``.
            request: what came, below the base URL.
            heard: False if its client reads no answer, so that it is lost.

        Raises:
            ProcessCrash: if the process of the client dies at this call, or has died before.
        """
        if self.processes is not None:
            self.processes.check()
        with self._journal.lock:
            index = self._journal.index
            number = len(index.calls) + 1
            now = self._clock.now_by(index.clock)
            route = find(request, self._profile)
            fault, script = self._faults.choose(route.name, number)
            acts = fault is None or fault.acts
            if acts:
                handled = handle(
                    self._engine,
                    request,
                    route,
                    Moment(number, now),
                    self._profile,
                    self._base_url,
                )
            else:
                handled = read(self._engine, request, route, self._profile)
            answer = handled.response
            met: Response | Disturbed = answer
            arrived: Response | None = answer
            late, waited, clock = False, 0.0, None
            if fault is not None:
                met, arrived, fault, waited = _deliver(answer, fault, request.timeouts)
                late = self._real_latency and fault.is_late
                if waited and (self._clock.pinned or not late):
                    clock = self._clock.after_wait(waited)
            if not heard:
                arrived = None
            method = request.method
            call = Call(
                client,
                route.name,
                _METHODS.get(method) or shortened(method),
                handled.path,
                None if arrived is None else arrived.status_code,
                fault,
                now,
                waited,
                handled.request,
                None if arrived is None else recorded_answer(arrived.body),
                answer.status_code if acts else None,
            )
            self._enter(
                number,
                Entry(call, handled.effect, handled.outcomes, script, clock, handled.cards),
            )
            if self.shadow is not None:
                self.shadow(request, answer if acts else None)
        if fault is not None and fault.effect is Effect.CRASH and self.processes is not None:
            self.processes.crash(number, route.name)
        return self._late(met, waited, number, call) if late else met

    def refuse(self, client: str, request: Request, answer: Response) -> None:
        """Record a request that never reaches the API, and what was answered in its place."""
        with self._journal.lock:
            self._enter(
                len(self._journal.index.calls) + 1,
                Entry(
                    Call(
                        client=client,
                        endpoint=None,
                        method=_METHODS.get(request.method) or shortened(request.method),
                        path=cut(masked_path(request.path), len(request.path)),
                        status=answer.status_code,
                        fault=None,
                        at=self._clock.now(),
                        waited=0.0,
                        request=None,
                        response=recorded_answer(answer.body),
                        answered=answer.status_code,
                    )
                ),
            )

    def wait(self, seconds: float) -> None:
        """Let the clock move on by what a client's own back-off would have slept."""
        self._clock.wait(seconds)

    def _enter(self, number: int, entry: Entry) -> None:
        self._journal.append(entry)
        if self._tell is not None:
            self._tell(number, entry)

    # -- for a client that waits for real -----------------------------------------------------

    def _late(self, met: Response | Disturbed, waited: float, number: int, call: Call) -> Disturbed:
        late = Disturbed(met, None) if isinstance(met, Response) else met
        return late._replace(sleep=waited, lose=partial(self._lose, number, call))

    def _lose(self, number: int, call: Call) -> None:
        """Record that a late answer reached nobody, unless its exchange was taken back since."""
        with self._journal.lock:
            calls = self._journal.index.calls
            if number <= len(calls) and calls[number - 1] is call:
                self._journal.append(Entry(effect=LostAnswer(number)))


def _deliver(answer: Response, fault: Fault, timeouts: Timeouts) -> Delivery:
    """Return what becomes of an answer under a fault."""
    met, waited = _disturb(fault, answer, timeouts)
    # The client gets the very bytes that the test wrote, and the records no card number.
    kept = fault.without_cards()
    shown = met if kept is fault else _disturb(kept, answer, timeouts)[0]
    arrived = shown if isinstance(shown, Response) else arrives(shown)
    return Delivery(met, arrived, kept, waited)


def _disturb(
    fault: Fault, answer: Response, timeouts: Timeouts
) -> tuple[Response | Disturbed, float]:
    """Return what a fault makes of an answer, and for how many seconds the client waits for it."""
    effect = fault.effect
    if effect is Effect.ERROR_ANSWER:
        body = answers.error(fault.detail) if answer.body else b""
        return Response(fault.status, body, fault.headers), 0.0
    if effect is Effect.GARBLED:
        return answer._replace(body=_first_half(answer.body)), 0.0
    if effect is Effect.CUT_OFF:
        return Disturbed(answer, Failure.CUT_OFF), 0.0
    if effect is Effect.LATE:
        limit = timeouts.get("read")
        if limit is None or fault.seconds <= limit:
            return answer, fault.seconds
        return Disturbed(None, Failure.READ_TIMEOUT), limit
    failure = _NOTHING_ARRIVES[effect]
    limit = timeouts.get(_WAITS_FOR.get(failure, "")) or 0.0
    # A client that would wait for ever is told at once of what it never would see.
    return Disturbed(None, failure), limit if limit < LONGEST_WAIT else 0.0


def arrives(met: Disturbed) -> Response | None:
    """Return what of an answer reaches the client: nothing, or its head and half of its body."""
    if met.response is None or met.failure is None:
        return met.response
    return met.response._replace(body=_first_half(met.response.body))


def _first_half(body: bytes) -> bytes:
    return body[: len(body) // 2]
