"""``paymock serve``, once its arguments are read: listen, say so, log, stop when told to."""

import re
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

from pytest_paymock import __version__
from pytest_paymock._engine.records import Payment
from pytest_paymock._options import checked
from pytest_paymock._records.records import CallRecord
from pytest_paymock._text import messages as text
from pytest_paymock.errors import UsageError
from pytest_paymock.server import listening, messages
from pytest_paymock.server.control import ROOT, is_below
from pytest_paymock.server.fake import ServerPaymock
from pytest_paymock.server.running import Uvicorn, run
from pytest_paymock.server.serving import Serving

_PREFIX = re.compile(r"(?:/[A-Za-z0-9._~-]+)*")

# What a server that listens on every address calls itself.
_ANYWHERE = ("0.0.0.0", "::")  # noqa: S104 - compared, not bound


class Console:
    """The host of a fake that a person watches in a terminal."""

    def __init__(self, serving: Serving, url: str) -> None:
        self._serving = serving
        self.url = url

    def admit(self, fake: ServerPaymock) -> Callable[[], None]:
        """Let a fake answer, for good."""
        self._serving.fake = fake
        return lambda: None

    def hang_up(self) -> None:
        """Do nothing: no test ends here."""


def serve(
    *, host: str, port: int, base_path: str, control: bool, options: Mapping[str, Any]
) -> None:
    """Serve a fake until the process is told to stop.

    Args:
        host: a name or an address.
        port: 0 takes a free one.
        base_path: the path of the base URL.
        control: whether programs of this machine may control the fake.
        options: as ``Paymock`` takes them.

    Raises:
        UsageError: for a wrong value.
        CannotListenError: if the address cannot be had.
    """
    checked(options)
    serving = Serving(prefix=_prefix(base_path))
    sockets = listening.listen(host, port)
    try:
        origin = f"http://{_shown(host)}:{sockets[0].getsockname()[1]}"
        fake = ServerPaymock(Console(serving, origin + serving.prefix), tell=_log, **options)
        fake.control = control
        fake.start()
        # uvicorn hands the signal on when it has shut down; Ctrl-C is how a server is stopped.
        with suppress(KeyboardInterrupt):
            _say(*_greeting(fake, origin))
            run(Uvicorn(serving), sockets)
    finally:
        listening.close(sockets)
    counts = fake.counts()
    _say(messages.stopped(counts["calls"], counts["payments"]))


def _greeting(fake: ServerPaymock, origin: str) -> list[str]:
    clock = f"{text.time(fake.clock.now())}, pinned" if fake.clock.pinned else "real time"
    return messages.started(
        version=__version__,
        url=fake.url,
        seed=fake.settings.seed,
        clock=clock,
        profile=fake.settings.profile,
        control=f"{origin}{ROOT}/state" if fake.control else None,
    )


def _prefix(path: str) -> str:
    prefix = path.rstrip("/")
    if not _PREFIX.fullmatch(prefix) or is_below(prefix):
        raise UsageError(f"base-path is a path such as /v2, not {path!r}")
    return prefix


def _shown(host: str) -> str:
    if host in _ANYWHERE:
        return "localhost"
    return f"[{host}]" if ":" in host else host


def _log(call: CallRecord, payment: Payment | None) -> None:
    # A log that cannot be written is no reason to refuse a payment.
    with suppress(OSError):
        _say(messages.log_line(call, payment))


def _say(*lines: str) -> None:
    text = "".join(f"{line}\n" for line in lines)
    encoding = sys.stdout.encoding or "ascii"
    sys.stdout.write(text.encode(encoding, "backslashreplace").decode(encoding))
    # At once: a program that waits for the first line reads it from a pipe.
    sys.stdout.flush()
