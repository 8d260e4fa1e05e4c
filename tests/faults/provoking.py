"""How each fault is provoked for real, by the name that it has in ``pytest_paymock.faults``."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

from . import server
from .clients import LONG, SHORT
from .server import Act

NOT_ACTED = b'{"detail":"The request was not processed"}'
HALF = NOT_ACTED[: len(NOT_ACTED) // 2]


@contextmanager
def _on(act: Act) -> Iterator[int]:
    with server.serving(act) as running:
        yield running.port


def _answering(status: str, detail: str, **headers: str) -> Callable[[], AbstractContextManager]:
    return lambda: _on(server.answer(status, f'{{"detail":"{detail}"}}'.encode(), **headers))


PROVOKED: dict[str, Callable[[], AbstractContextManager[int]]] = {
    "connect_error": server.refusing,
    "connect_timeout": server.deaf,
    "read_timeout": lambda: _on(server.hang),
    "disconnect": lambda: _on(server.hang_up),
    "connection_reset": lambda: _on(server.reset),
    "truncated_body": lambda: _on(server.cut_off("201 Created", NOT_ACTED, HALF)),
    "malformed_json": lambda: _on(server.answer("201 Created", HALF)),
    "server_error": _answering("500 Internal Server Error", "Internal server error"),
    "bad_gateway": _answering("502 Bad Gateway", "Bad gateway"),
    "unavailable": _answering("503 Service Unavailable", "Service unavailable"),
    "rate_limited": _answering("429 Too Many Requests", "Too many requests", retry_after="1"),
}
"""Context managers that give the port at which a ``POST`` to ``create_payment`` goes wrong so."""


def patience(fault: str) -> tuple[float, float]:
    """Return how long a real client waits to connect and to read, where one of them is in vain."""
    return {"connect_timeout": (SHORT, LONG), "read_timeout": (LONG, SHORT)}.get(
        fault, (LONG, LONG)
    )
