"""One exchange between a client and the API: answer it, and write it down."""

from pytest_paymock.api.handle import handle
from pytest_paymock.api.messages import Request, Response
from pytest_paymock.engine.engine import Engine
from pytest_paymock.ledger import Ledger


class Gateway:
    """The one door through which every client library and the server reach the engine."""

    def __init__(self, engine: Engine, ledger: Ledger) -> None:
        self._engine = engine
        self._ledger = ledger

    def exchange(self, client: str, request: Request) -> Response:
        """Answer one request of a client library and record the exchange.

        The lock is held throughout, so that the order of the records is that of the effects.

        Args:
            client: the library's name, such as ``httpx``.
            request: what came, below the base URL.
        """
        engine, ledger = self._engine, self._ledger
        with engine.lock:
            engine.during_call(len(ledger) + 1)
            handled = handle(engine, request)
            engine.during_call(None)
            ledger.record(client, request.method, handled)
        return handled.response
