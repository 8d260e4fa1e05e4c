"""What goes in and out of the contract, the same for every client library."""

from typing import NamedTuple

JSON_TYPE = "application/json"


class Request(NamedTuple):
    """One HTTP request, reduced to what the API looks at.

    ``path`` is the raw path below the base URL, without the query: no parameter of a query has an
    effect in the documented API.
    """

    method: str
    path: str
    body: bytes

    def __repr__(self) -> str:
        # The body may hold a card number; pytest prints arguments of failing calls.
        return (
            f"Request({self.method!r}, {len(self.path)} characters of path, {len(self.body)} bytes)"
        )


class Response(NamedTuple):
    """One HTTP answer. ``allow`` is the ``Allow`` header of a 405, and None otherwise."""

    status_code: int
    body: bytes
    allow: str | None = None

    def headers(self) -> list[tuple[str, str]]:
        """Return the header fields, in the order in which every client shows them."""
        fields = [("content-type", JSON_TYPE), ("content-length", str(len(self.body)))]
        if self.allow is not None:
            fields.append(("allow", self.allow))
        return fields


class Handled(NamedTuple):
    """An answer together with what may be recorded of the exchange: no card data is in it."""

    response: Response
    endpoint: str | None
    path: str
    request: bytes | None
