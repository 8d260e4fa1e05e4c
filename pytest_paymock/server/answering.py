"""One request of the API over ASGI: read it, let the fake answer, and bring the answer or not."""

import re

from starlette.types import Receive, Scope, Send

from pytest_paymock._api import answers
from pytest_paymock._api.card_leaks import header_digits
from pytest_paymock._api.http import Disturbed, Failure, Request, Response
from pytest_paymock._exchange import arrives
from pytest_paymock.server import bodies, connections, messages
from pytest_paymock.server.serving import Serving

# A name or an address, and a port. What is none of them is not repeated.
_HOST = re.compile(rb"[A-Za-z0-9._\-]+(?::[0-9]+)?|\[[0-9A-Fa-f:.]+\](?::[0-9]+)?")


async def answer(serving: Serving, scope: Scope, receive: Receive, send: Send) -> None:
    """Answer a request below the base URL, whatever its path and method.

    Args:
        serving: who answers now.
        scope: of the request.
        receive: as ASGI gives it.
        send: as ASGI gives it.
    """
    with serving.connections.exchange(scope):
        try:
            await _answer(serving, scope, receive, send)
        except bodies.ClientGoneError:
            # The client has gone before its request was complete.
            return


async def _answer(serving: Serving, scope: Scope, receive: Receive, send: Send) -> None:
    # Looked up once: the next test may have begun when the body has come.
    fake = serving.fake
    if fake is None:
        await _bring(Response(503, answers.error(messages.IDLE)), send)
        return
    request = _request(serving, scope)
    if request is None:
        refused = fake.refuse(_at(scope, _raw_path(scope)), 404, "Not Found")
        await _bring(refused, send)
        return
    try:
        body = await bodies.read(scope, receive, serving.longest_body, serving.patience)
    except bodies.RefusedBodyError as refusal:
        await _bring(fake.refuse(request, 400, str(refusal)), send)
        return
    met = fake.exchange(request._replace(body=body))
    if isinstance(met, Response):
        await _bring(met, send)
    elif met.failure is None:
        late = bodies.gone_within(receive, min(met.sleep, serving.longest_latency))
        if await late or met.response is None:
            met.lose()
        else:
            await _bring(met.response, send)
    else:
        await _break_off(serving, met, met.failure, scope, receive, send)


def _raw_path(scope: Scope) -> str:
    """Return the path as it stood on the wire."""
    raw: bytes = scope.get("raw_path") or scope["path"].encode()
    path = raw.decode("latin-1")
    # The absolute form, which a client uses towards a proxy; servers have to know it.
    for scheme in ("http://", "https://"):
        if path.startswith(scheme):
            host, slash, rest = path.removeprefix(scheme).partition("/")
            path = slash + rest if host else path
    return path.removeprefix(scope.get("root_path", ""))


def _at(scope: Scope, path: str) -> Request:
    query: bytes = scope.get("query_string", b"")
    digits = header_digits([value for _, value in scope["headers"]])
    kind = next((value for name, value in scope["headers"] if name == b"content-type"), None)
    return Request(
        scope["method"],
        path,
        b"",
        query=query.decode("latin-1"),
        header_digits=digits,
        content_type=None if kind is None else kind.decode("latin-1"),
    )


def _request(serving: Serving, scope: Scope) -> Request | None:
    path = serving.below(_raw_path(scope))
    if path is None:
        return None
    return _at(scope, path)._replace(base_url=_base_url(serving, scope))


def _base_url(serving: Serving, scope: Scope) -> str:
    """Return the base URL as the client wrote it, or nothing if it named no host."""
    for name, value in scope["headers"]:
        if name == b"host" and _HOST.fullmatch(value):
            above: str = scope.get("root_path", "")
            return f"{scope['scheme']}://{value.decode('ascii')}{above}{serving.prefix}"
    return ""


async def _start(response: Response, send: Send) -> None:
    headers = [(name.encode(), value.encode()) for name, value in response.headers()]
    await send({"type": "http.response.start", "status": response.status_code, "headers": headers})


async def _bring(response: Response, send: Send) -> None:
    await _start(response, send)
    await send({"type": "http.response.body", "body": response.body})


async def _break_off(
    serving: Serving,
    met: Disturbed,
    failure: Failure,
    scope: Scope,
    receive: Receive,
    send: Send,
) -> None:
    """Do to the connection what the fault says, and return when it is closed."""
    if failure is not Failure.READ_TIMEOUT:
        transport = serving.connections.of(scope)
        if transport is None:
            await _bring(Response(500, answers.error(messages.NO_SOCKET)), send)
            return
        arrived = arrives(met)
        if met.response is not None and arrived is not None:
            # The head announces the whole body, of which only a part comes.
            await _start(met.response, send)
            await send({"type": "http.response.body", "body": arrived.body, "more_body": True})
        if failure is Failure.RESET:
            connections.reset(transport)
        else:
            transport.close()
    # A client that never gets an answer disconnects at some time, or the server ends.
    await bodies.gone_within(receive, None)
