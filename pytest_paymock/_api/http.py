"""What goes in and out of the contract, the same for every client library."""

from collections.abc import Callable, Mapping
from enum import Enum
from types import MappingProxyType
from typing import NamedTuple

JSON_TYPE = "application/json"


Timeouts = Mapping[str, float | None]
"""How long a client waits, in seconds, to ``connect`` and to ``read``; None or no word is for ever.
"""

NO_TIMEOUTS: Timeouts = MappingProxyType({})

LONGEST_WAIT = 9e9
"""So many seconds fit into the operating system's count of time, which is one of nanoseconds."""


class Body(bytes):
    """The body of a request, of which pytest shows no card data among the local variables."""

    __slots__ = ()

    def __repr__(self) -> str:
        return f"<{len(self)} bytes>"


class Request(NamedTuple):
    """One HTTP request, reduced to what the API looks at, and how long its client waits.

    ``path`` is the raw path below the base URL, without the query. No parameter of a query has an
    effect in the documented API; it is here because card numbers turn up in queries. ``base_url``
    is how the client calls the API, where that may be by another name than that of the fake.
    ``header_digits`` is what ``card_leaks.header_digits`` made of the header, and ``content_type``
    the value of the field of that name, None where there is none, or no body whose type it is.
    """

    method: str
    path: str
    body: bytes
    timeouts: Timeouts = NO_TIMEOUTS
    query: str = ""
    base_url: str = ""
    header_digits: str = ""
    content_type: str | None = None

    def __repr__(self) -> str:
        # The body may hold a card number; pytest prints arguments of failing calls.
        return (
            f"Request({self.method!r}, {len(self.path)} characters of path, {len(self.body)} bytes)"
        )


class Response(NamedTuple):
    """One HTTP answer. ``more`` are header fields beside type and length, such as ``allow``."""

    status_code: int
    body: bytes
    more: tuple[tuple[str, str], ...] = ()

    def headers(self) -> list[tuple[str, str]]:
        """Return the header fields, in the order in which every client shows them."""
        return self.headers_of(len(self.body), self.more)

    @staticmethod
    def headers_of(length: int, more: tuple[tuple[str, str], ...]) -> list[tuple[str, str]]:
        """Return the header fields of an answer with a body of some length in bytes."""
        # The deployed service's redirect is empty and has no type.
        is_redirect = not length and more and more[0][0] == "location"
        kind = [] if is_redirect else [("content-type", JSON_TYPE)]
        return [*kind, ("content-length", str(length)), *more]


class Failure(Enum):
    """How an exchange ends that brings no whole answer; each client shows it in its own way."""

    REFUSED = "connection refused"
    CONNECT_TIMEOUT = "no connection in time"
    READ_TIMEOUT = "no answer in time"
    HANG_UP = "the server hung up"
    RESET = "connection reset"
    CUT_OFF = "the answer broke off"


def nothing() -> None:
    """Do nothing."""


class Disturbed(NamedTuple):
    """What a fault made of an exchange: the answer as far as it comes, and how it ends.

    ``sleep`` is how many seconds the client really has to wait, 0 unless the test asked for it.
    ``lose`` is called if it does not wait for so long, and writes down that the answer was lost.
    """

    response: Response | None
    failure: Failure | None
    sleep: float = 0.0
    lose: Callable[[], None] = nothing
