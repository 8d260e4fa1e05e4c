"""The process that calls the service for a shadow run.

It is a process of its own, since the tests' one is no place for a real call: its client libraries
are patched, its clock may be frozen, its sockets blocked. It reads requests from its standard input
and writes answers to its standard output, each a line of JSON, with bodies in Base64.
"""

import base64
import json
import subprocess
import sys
import time
from collections.abc import Mapping
from typing import Any, NamedTuple

import httpx

TIMEOUT = 10.0
"""How many seconds the service has for an answer."""


class ServiceReply(NamedTuple):
    """What the service answered, and when: seconds since 1970 by a clock that nobody patches."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    at: float


class NoServiceError(Exception):
    """The service gave no answer; the message says why."""


class Caller:
    """Calls the service by way of another process.

    Args:
        url: the service's base URL.
    """

    def __init__(self, url: str) -> None:
        self._process = subprocess.Popen(  # noqa: S603 - our own program
            [sys.executable, "-m", __name__, url.rstrip("/")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )

    def call(self, method: str, path: str, body: bytes, headers: Mapping[str, str]) -> ServiceReply:
        """Send one request to the service and return its answer.

        Raises:
            NoServiceError: if there is none.
        """
        order = {"method": method, "path": path, "headers": dict(headers), "body": _packed(body)}
        into, out = self._process.stdin, self._process.stdout
        if into is None or out is None or into.closed:
            raise NoServiceError("the run is over")
        into.write(json.dumps(order).encode() + b"\n")
        into.flush()
        answer = json.loads(out.readline())
        if "error" in answer:
            raise NoServiceError(answer["error"])
        body = base64.b64decode(answer["body"])
        return ServiceReply(answer["status"], answer["headers"], body, answer["at"])

    def close(self) -> None:
        """End the process."""
        self._process.communicate()


def _packed(body: bytes) -> str:
    return base64.b64encode(body).decode()


def main(url: str) -> None:
    """Obey until the standard input ends.

    Args:
        url: the service's base URL.
    """
    with httpx.Client(timeout=TIMEOUT) as client:
        for line in sys.stdin.buffer:
            answer = _call(client, url, json.loads(line))
            sys.stdout.write(json.dumps(answer) + "\n")
            sys.stdout.flush()


def _call(client: httpx.Client, url: str, order: dict[str, Any]) -> dict[str, Any]:
    try:
        answer = client.request(
            order["method"],
            url + order["path"],
            content=base64.b64decode(order["body"]) or None,
            headers=order["headers"],
        )
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        return {"error": f"{type(error).__name__}: {error}"}
    fields = {name.lower(): value for name, value in answer.headers.items()}
    return {
        "status": answer.status_code,
        "headers": fields,
        "body": _packed(answer.content),
        "at": time.time(),
    }


if __name__ == "__main__":
    main(sys.argv[1])
