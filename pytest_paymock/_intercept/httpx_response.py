"""An answer as httpx and its like build it from the wire.

The header of nearly every answer has two fields and differs by a length. To encode it, to find out
which character set and which content coding it has, and to read the body by that took 60,000
instructions a call, of which the same header for the next answer needs none.
"""

from functools import lru_cache
from typing import Any

from pytest_paymock._api.http import Response
from pytest_paymock._intercept.wire import phrase

_CHARSET = "ascii"


class Answers:
    """Makes the responses of one library of the library.

    Args:
        http: the module ``httpx`` or one like it.
    """

    def __init__(self, http: Any) -> None:
        self._http = http
        self._usual = lru_cache(maxsize=256)(self._headers_of)
        # What the library itself finds out about a body of ours. It keeps no state of a body.
        read = http.Response(200, headers=self._usual(0), stream=http.ByteStream(b""))
        read.read()
        self._decoder: Any = getattr(read, "_decoder", None)

    def native(self, answer: Response) -> Any:
        """Return an answer as the library's own."""
        status, body, more = answer
        response = self._http.Response(
            status,
            # Copied there, so nobody changes the header of the next answer.
            headers=self._headers_of(len(body), more) if more else self._usual(len(body)),
            stream=self._http.ByteStream(body),
            extensions=_extensions(status),
        )
        if not more:
            response.headers.encoding = _CHARSET
            if self._decoder is not None:
                response._decoder = self._decoder  # noqa: SLF001
        return response

    def _headers_of(self, length: int, more: tuple[tuple[str, str], ...] = ()) -> Any:
        fields = Response.headers_of(length, more)
        return self._http.Headers([(name.encode(), value.encode()) for name, value in fields])


@lru_cache(maxsize=64)
def _extensions(status: int) -> dict[str, bytes]:
    return {"http_version": b"HTTP/1.1", "reason_phrase": phrase(status).encode("ascii")}
