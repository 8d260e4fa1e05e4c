"""One call under a tracer, to a real server and to the fake: does the tracer see the same?

Run as ``python traced.py TOOL CLIENT ORDER``, in a process of its own: some tracers cannot be taken
off again. It prints nothing and exits with 0 if all is as it should be.
"""

import os
import sys
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

Spans = list[dict[str, str]]
"""What a tracer has noted of each call: method, URL, status."""

Take = Callable[[Callable[[], Any]], int]
"""Runs something and returns how many spans it made."""


# -- tracers: each is switched on, and returns what counts its spans -------------------------------


def _opentelemetry() -> tuple[Any, Take]:
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import SimpleSpanProcessor
    from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

    exporter, provider = InMemorySpanExporter(), TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))

    def take(run: Callable[[], Any]) -> int:
        exporter.clear()
        run()
        return len(exporter.get_finished_spans())

    return provider, take


def opentelemetry_httpx() -> Take:
    from opentelemetry.instrumentation.httpx import HTTPXClientInstrumentor

    provider, take = _opentelemetry()
    HTTPXClientInstrumentor().instrument(tracer_provider=provider)
    return take


def opentelemetry_requests() -> Take:
    from opentelemetry.instrumentation.requests import RequestsInstrumentor

    provider, take = _opentelemetry()
    RequestsInstrumentor().instrument(tracer_provider=provider)
    return take


def opentelemetry_urllib3() -> Take:
    from opentelemetry.instrumentation.urllib3 import URLLib3Instrumentor

    provider, take = _opentelemetry()
    URLLib3Instrumentor().instrument(tracer_provider=provider)
    return take


def logfire() -> Take:
    import logfire
    from opentelemetry.sdk.trace.export import SimpleSpanProcessor
    from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

    exporter = InMemorySpanExporter()
    logfire.configure(
        send_to_logfire=False,
        console=False,
        additional_span_processors=[SimpleSpanProcessor(exporter)],
    )
    logfire.instrument_httpx()
    logfire.instrument_requests()

    def take(run: Callable[[], Any]) -> int:
        exporter.clear()
        run()
        return len(exporter.get_finished_spans())

    return take


def ddtrace() -> Take:
    os.environ |= {
        "DD_INSTRUMENTATION_TELEMETRY_ENABLED": "false",
        "DD_REMOTE_CONFIGURATION_ENABLED": "false",
        "DD_TRACE_STARTUP_LOGS": "false",
    }
    from ddtrace import patch
    from ddtrace.trace import TraceFilter, tracer

    seen: list[Any] = []

    class Keep(TraceFilter):
        def process_trace(self, trace: Any) -> Any:
            seen.extend(trace)

    tracer.configure(trace_processors=[Keep()])
    patch(httpx=True, requests=True, urllib3=True)

    def take(run: Callable[[], Any]) -> int:
        seen.clear()
        run()
        return len(seen)

    return take


def sentry() -> Take:
    import sentry_sdk

    events: list[Any] = []

    def keep(event: Any, _: Any) -> None:
        events.append(event)

    sentry_sdk.init(
        dsn="http://key@127.0.0.1:9/1", traces_sample_rate=1.0, before_send_transaction=keep
    )

    def take(run: Callable[[], Any]) -> int:
        events.clear()
        with sentry_sdk.start_transaction(name="test"):
            run()
        return len(events[0]["spans"])

    return take


def elastic_apm() -> Take:
    import elasticapm

    client = elasticapm.Client(service_name="test", disable_send=True, central_config=False)
    queued: list[Any] = []
    client.queue = lambda kind, *_, **__: queued.append(kind)
    elasticapm.instrument()

    def take(run: Callable[[], Any]) -> int:
        queued.clear()
        client.begin_transaction("test")
        run()
        client.end_transaction("test", "ok")
        return queued.count("span")

    return take


TOOLS: dict[str, Callable[[], Take]] = {
    "opentelemetry-httpx": opentelemetry_httpx,
    "opentelemetry-requests": opentelemetry_requests,
    "opentelemetry-urllib3": opentelemetry_urllib3,
    "logfire": logfire,
    "ddtrace": ddtrace,
    "sentry": sentry,
    "elastic-apm": elastic_apm,
}

CLIENTS = ("httpx", "httpx-async", "requests")
ORDERS = ("before the import", "before the fake", "within")


# -- a call, and the two who answer it -------------------------------------------------------------


def call(client: str, method: str, url: str) -> Any:
    import asyncio

    import httpx
    import requests

    if client == "requests":
        return requests.request(method, url, timeout=5)
    if client == "httpx":
        return httpx.request(method, url, timeout=5)

    async def send() -> Any:
        async with httpx.AsyncClient(timeout=5) as api:
            return await api.request(method, url)

    return asyncio.run(send())


class Server(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        body = b'{"detail": "Token not found"}'
        self.send_response(404)
        self.send_header("content-length", str(len(body)))
        self.send_header("content-type", "application/json")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Be quiet."""


def seams() -> list[object]:
    import httpx
    from requests.adapters import HTTPAdapter

    owners = httpx.HTTPTransport, httpx.AsyncHTTPTransport, HTTPAdapter
    names = "handle_request", "handle_async_request", "send"
    return [vars(owner)[name] for owner, name in zip(owners, names, strict=True)]


def main(tool: str, client: str, order: str) -> None:
    """Check one tracer around one client."""
    path = "/api/v1/tokens/tok_1"
    server = HTTPServer(("127.0.0.1", 0), Server)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    real = f"http://127.0.0.1:{server.server_port}{path}"

    if order == "before the import":
        take = TOOLS[tool]()
    from pytest_paymock import Paymock, faults

    if order == "before the fake":
        take = TOOLS[tool]()
    with Paymock(allow=["swallowed_block"]) as paymock:
        if order == "within":
            take = TOOLS[tool]()
        during = seams()
        url = paymock.base_url + path
        expected = take(lambda: call(client, "GET", real))
        found = take(lambda: call(client, "GET", url))
        assert found == expected, f"{found} spans of a faked call, {expected} of a real one"
        paymock.faults.queue(faults.read_timeout)
        assert refusal(client, url) == "ReadTimeout"
        assert refusal(client, "http://192.0.2.1:9/") in ("ConnectError", "ConnectionError")
        assert len(paymock.calls) == 2
    assert seams() == during, "what a tracer has put in place is not there any more"
    assert take(lambda: call(client, "GET", real)) == expected
    server.shutdown()


def refusal(client: str, url: str) -> str:
    try:
        call(client, "GET", url)
    except Exception as error:  # noqa: BLE001 - its name is what is compared
        return type(error).__name__
    return "none"


if __name__ == "__main__":
    main(*sys.argv[1:])
