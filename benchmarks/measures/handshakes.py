"""S8: a client a call, as ``httpx.post()`` makes one; and it still checks certificates."""

import os
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import httpx

from benchmarks import flows, timing
from benchmarks.rows import Effort, Measure, Row, Unit, at_least, at_most
from pytest_paymock import Paymock

_TLS = Path(__file__).resolve().parent.parent.parent / "tests" / "guest" / "tls"
"""An authority that nobody trusts unasked, and a certificate of it for ``localhost``."""


def _turn(count: int, *, lazy: bool) -> float:
    url = f"{flows.BASE_URL}/api/v1/payments"
    with Paymock(lazy_tls=lazy) as paymock:
        token = paymock.add_token(customer_id=flows.CUSTOMER).token

        def post() -> None:
            for _ in range(count):
                httpx.post(url, json=flows.charge(token)).json()

        return timing.stopwatch(post)() / count


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@contextmanager
def _secure_server() -> Iterator[str]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(_TLS / "server.pem")
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.handle_error = lambda *_: None  # type: ignore[method-assign]  # a client that hangs up
    # The handshake in the thread of the connection: one that fails must not end the server.
    server.socket = context.wrap_socket(
        server.socket, server_side=True, do_handshake_on_connect=False
    )
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"https://localhost:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _accepts(url: str) -> bool:
    try:
        return httpx.get(url).status_code == 204  # noqa: PLR2004 - what the server answers
    except httpx.ConnectError as error:
        if "CERTIFICATE_VERIFY_FAILED" not in str(error):
            raise
        return False


def _wrong_verdicts() -> list[str]:
    """Return what a client with the lazy context takes for what it is not."""
    with _secure_server() as url, Paymock():
        unknown = _accepts(url)
        os.environ["SSL_CERT_FILE"] = str(_TLS / "authority.pem")
        try:
            known = _accepts(url)
            stranger = _accepts(url.replace("localhost", "127.0.0.1"))
        finally:
            del os.environ["SSL_CERT_FILE"]
    wrong = {
        "an unknown authority was accepted": unknown,
        "a trusted authority was rejected": not known,
        "a certificate for another name was accepted": stranger,
    }
    return [words for words, is_so in wrong.items() if is_so]


def _rows(effort: Effort) -> Iterator[Row]:
    full, few = effort.of(200, 2), effort.of(4, 1)
    works = {"stock": lambda: _turn(few, lazy=False), "lazy": lambda: _turn(full, lazy=True)}
    samples = timing.interleaved(works, effort.of(15, 1))
    yield Row(
        "S8",
        "with the stock TLS context / with the lazy one of paymock",
        timing.ratio(samples, "stock", "lazy"),
        at_least(50),
        note=" / ".join(timing.shown(samples, name, 1) for name in works),
    )
    wrong = _wrong_verdicts()
    yield Row(
        "S8",
        "certificates (unknown, trusted, another name) misjudged with it",
        len(wrong),
        at_most(0),
        Unit.COUNT,
        "; ".join(wrong),
    )


MEASURES = (Measure("S8", "httpx.post(), which makes a client for the call: CPU time", _rows),)
