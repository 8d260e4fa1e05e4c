"""What a server serves: the fake of the moment, below a path, on connections."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pytest_paymock._api.base_url import BaseUrl
from pytest_paymock.server.connections import Connections

if TYPE_CHECKING:
    from pytest_paymock.server.fake import ServerPaymock

LONGEST_BODY = 2 * 1024 * 1024
"""How many bytes of a body are read. What is larger by far than any request of the API is no
request, and must not fill the memory."""

PATIENCE = 30.0
"""How many seconds the server waits for a body."""

LONGEST_LATENCY = 30.0
"""By how many seconds an answer is late at most, whatever a fault asks for."""


@dataclass(slots=True, kw_only=True)
class Serving:
    """The state of one application: who answers now, and within which bounds.

    Args:
        prefix: the path of the base URL, without a slash at its end.
    """

    prefix: str = ""
    longest_body: int = LONGEST_BODY
    patience: float = PATIENCE
    longest_latency: float = LONGEST_LATENCY
    fake: "ServerPaymock | None" = None
    connections: Connections = field(default_factory=Connections)

    def below(self, path: str) -> str | None:
        """Return a raw path without the prefix, or None if it lies elsewhere."""
        return BaseUrl("http", "", None, self.prefix).below(path)
