"""One exchange between a client and the API: meet a fault or not, answer, and write it down."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

from pytest_paymock._api import answers
from pytest_paymock._api.endpoints import Endpoint
from pytest_paymock._api.handle import endpoint_of, handle, read
from pytest_paymock._api.http import (
    LONGEST_WAIT,
    Disturbed,
    Failure,
    Handled,
    Request,
    Response,
    Timeouts,
)
from pytest_paymock._api.profiles import DOCUMENTED, Profile
from pytest_paymock._engine.engine import Engine
from pytest_paymock._records.ledger import Ledger, Row
from pytest_paymock._script.faults import FaultScript
from pytest_paymock.faults import Effect, Fault

_NOTHING_ARRIVES = {
    Effect.NO_CONNECTION: Failure.REFUSED,
    Effect.NO_CONNECTION_IN_TIME: Failure.CONNECT_TIMEOUT,
    Effect.NO_ANSWER_IN_TIME: Failure.READ_TIMEOUT,
    Effect.HANG_UP: Failure.HANG_UP,
    Effect.RESET: Failure.RESET,
}

_WAITS_FOR = {Failure.CONNECT_TIMEOUT: "connect", Failure.READ_TIMEOUT: "read"}

# What comes before the API has acted, where a fault lets part of an answer come: no record of the
# engine may stand in it.
_NOT_ACTED = b'{"detail":"The request was not processed"}'


class Gateway:
    """The one door through which every client library and the server reach the engine.

    Args:
        engine: whose state it is.
        ledger: where each exchange is written down.
        faults: what goes wrong.
        profile: the form of the API that answers.
        base_url: that of the fake.
        real_latency: whether a client really has to wait.
    """

    def __init__(
        self,
        engine: Engine,
        ledger: Ledger,
        faults: FaultScript,
        *,
        profile: Profile = DOCUMENTED,
        base_url: str = "",
        real_latency: bool = False,
    ) -> None:
        self._engine = engine
        self._ledger = ledger
        self._faults = faults
        self._profile = profile
        self._base_url = base_url
        self._real_latency = real_latency

    def exchange(self, client: str, request: Request) -> Response | Disturbed:
        """Answer one request of a client library, or one attempt of it, and record the exchange.

        The lock is held throughout, so that the order of the records is that of the effects.

        Args:
            client: the library's name, such as ``httpx``.
            request: what came, below the base URL.
        """
        engine, ledger = self._engine, self._ledger
        engine.lock.acquire()  # beside a ``finally``, ``with`` would be twice as dear
        try:
            number = len(ledger.rows) + 1
            if self._faults.armed:
                fault = self._faults.choose(_name(endpoint_of(request)), number)
                if fault is not None:
                    return self._disturbed(client, request, fault)
            engine.during_call(number)
            handled = handle(engine, request, self._profile, self._base_url)
            response = handled[0]
            ledger.record(client, request.method, handled, response)
            return response
        finally:
            engine.during_call(None)
            engine.lock.release()

    @contextmanager
    def unheard(self) -> Iterator[None]:
        """Take the answer of the exchange within for lost: its client reads none."""
        with self._engine.lock:
            yield
            self._ledger.lose(self._ledger.rows[-1])

    def wait(self, seconds: float) -> None:
        """Let the clock move on by what a client's own back-off would have slept."""
        self._engine.clock.wait(seconds)

    # -- all called under the lock ------------------------------------------------------------

    def _unhandled(self, request: Request) -> Handled:
        """Return what may be recorded of a request on which the API does not act."""
        endpoint, path, recorded = read(self._engine, request, self._profile)
        status = 200 if endpoint is None else endpoint.success
        body = b"" if request.method == "HEAD" else _NOT_ACTED
        return Response(status, body), _name(endpoint), path, recorded

    def _disturbed(self, client: str, request: Request, fault: Fault) -> Response | Disturbed:
        self._engine.during_call(len(self._ledger.rows) + 1)
        try:
            if fault.acts:
                handled = handle(self._engine, request, self._profile, self._base_url)
            else:
                handled = self._unhandled(request)
            response = handled[0]
            met, waited = _disturb(fault, response, request.timeouts)
            # The client gets the very bytes that the test wrote, and the records no card number.
            kept = fault.without_cards()
            shown = met if kept is fault else _disturb(kept, response, request.timeouts)[0]
            arrived = shown if isinstance(shown, Response) else arrives(shown)
            self._ledger.record(client, request.method, handled, arrived, kept, waited)
        finally:
            self._engine.during_call(None)
        really = self._real_latency and fault.effect is Effect.LATE
        clock = self._engine.clock
        if clock.pinned or not really:
            clock.wait(waited)
        if not really:
            return met
        late = Disturbed(met, None) if isinstance(met, Response) else met
        return late._replace(sleep=waited, lose=partial(self._lose, self._ledger.rows[-1]))

    # -- called later, by a client that waits for real ------------------------------------------

    def _lose(self, row: Row) -> None:
        with self._engine.lock:
            self._ledger.lose(row)


def _name(endpoint: Endpoint | None) -> str | None:
    return None if endpoint is None else endpoint.name


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
