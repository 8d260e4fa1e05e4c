"""An answer as requests gives it, built from what lies ready instead of from a wire.

``HTTPAdapter.build_response`` and the reading of a body off urllib3 cost 225,000 instructions an
answer, three times what all else costs here that is not the client's own. So an answer of ours
carries urllib3's only in name until somebody looks at it, and the rest is what ``build_response``
would make of it. An adapter that builds its responses itself, and a version of requests that puts
more into a response than we know of, get the stock way.
"""

import dis
from collections.abc import Generator
from http import client
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from requests.structures import CaseInsensitiveDict
from requests.utils import get_encoding_from_headers
from urllib3 import HTTPHeaderDict, HTTPResponse

from pytest_paymock._api.http import JSON_TYPE, Response
from pytest_paymock._intercept.requests_network import Socket
from pytest_paymock._intercept.wire import phrase, wire_reply

_BUILD = HTTPAdapter.build_response

_ENCODING = get_encoding_from_headers(CaseInsensitiveDict({"content-type": JSON_TYPE}))

_KNOWN = {
    *("status_code", "headers", "encoding", "raw", "reason", "url"),
    *("request", "connection"),
}


def sets(build: Any) -> set[str]:
    """Return which attributes of others a function sets, as far as its code tells."""
    code = getattr(build, "__code__", None)
    found = [] if code is None else dis.get_instructions(code)
    return {str(step.argval) for step in found if step.opname == "STORE_ATTR"}


_IS_KNOWN = sets(_BUILD) == _KNOWN


class Unread(HTTPResponse):
    """urllib3's answer, which becomes a stock one when more is wanted of it than its whole body.

    Args:
        answer: what arrived.
        request: that of requests.
        retries: the rule of the adapter.
    """

    _answer: Response | None = None
    _is_read = False
    # Whether there are cookies is asked of this one alone; an answer that has some is a stock one.
    _original_response = None

    def __init__(self, answer: Response, request: requests.PreparedRequest, retries: Any) -> None:
        self._answer = answer
        self._sent = request, retries

    def __getattr__(self, name: str) -> Any:
        answer, self._answer = self._answer, None
        if answer is None:
            raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
        self._become_stock(answer)
        return getattr(self, name)

    def __reduce_ex__(self, protocol: Any) -> Any:
        self.tell()  # a stock one from here on, which has its own opinion of copies
        return super().__reduce_ex__(protocol)

    def _become_stock(self, answer: Response) -> None:
        request, retries = self._sent
        del self._sent  # nothing of a request is to be found in an answer
        changed = {**vars(self)}
        super().__init__(**_fields(answer, request, retries))
        vars(self).update(changed)
        if self._is_read:
            for _ in super().stream():
                pass

    @property
    def closed(self) -> bool:
        """Whether the body has been read; also asked when the answer is thrown away."""
        if self._answer is None or "auto_close" in vars(self):
            return super().closed
        return self._is_read

    def stream(
        self,
        amt: int | None = 2**16,
        decode_content: bool | None = None,  # noqa: FBT001 - as in urllib3
    ) -> Generator[bytes]:
        """Yield the body, at once if it is asked for in pieces that are large enough."""
        answer = self._answer
        if answer is None or self._is_read or (amt is not None and amt < len(answer.body)):
            yield from super().stream(amt, decode_content)
            return
        self._is_read = True
        if answer.body:
            yield answer.body


def _fields(answer: Response, request: requests.PreparedRequest, retries: Any) -> dict[str, Any]:
    """Return what urllib3's answer is made of: what Python's own client reads off a wire."""
    socket: Any = Socket(wire_reply(answer))
    received = client.HTTPResponse(socket, method=request.method)
    received.begin()
    return {
        "body": received,
        "headers": HTTPHeaderDict(received.msg.items()),
        "status": received.status,
        "version": received.version,
        "version_string": "HTTP/1.1",
        "reason": received.reason,
        "preload_content": False,
        "decode_content": False,
        "original_response": received,
        "request_method": request.method,
        "request_url": request.path_url,
        "retries": retries,
    }


def native(
    adapter: HTTPAdapter, request: requests.PreparedRequest, answer: Response
) -> requests.Response:
    """Return an answer as the adapter builds it from what urllib3 read off the wire."""
    retries, url = adapter.max_retries, request.url
    builds_itself = getattr(adapter.build_response, "__func__", None) is not _BUILD
    if builds_itself or answer.more or not isinstance(url, str) or not _IS_KNOWN:
        return adapter.build_response(request, HTTPResponse(**_fields(answer, request, retries)))
    response = requests.Response()
    response.status_code = answer.status_code
    for name, value in answer.headers():
        response.headers[name] = value
    response.encoding = _ENCODING
    response.raw = Unread(answer, request, retries)
    response.reason = phrase(answer.status_code)
    response.url = url
    response.request = request
    response.connection = adapter
    return response
