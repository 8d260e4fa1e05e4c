"""The profile ``deployed`` against the releases that are deployed: rules and odd requests.

To be run with the interpreter of an environment that has FastAPI 0.109.0, Starlette 0.35.0,
pydantic 2.5.3 and uvicorn 0.27.0: ``python -m tests.verify.pinned .../bin/python``. The package
needs a later pydantic, so the service runs in a process of its own.
"""

import argparse
import json
import re
import socket
import sys
import time
from collections import Counter
from datetime import datetime, timedelta
from random import Random
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import quote

from pytest_paymock import Paymock
from pytest_paymock._api.http import Request, Response
from pytest_paymock._verify.probe import Verdict
from pytest_paymock._verify.run import HttpServer, verify

from .deployed_process import DeployedService
from .deviations import BY_NAME

if TYPE_CHECKING:
    from collections.abc import Callable

CARDS = ("4532015112830366", "5425233430109903", "374245455400126", "6011111111111117")

START = datetime(2026, 1, 27, 12)

HIGHEST = 10


class Sent(NamedTuple):
    """A request as both sides get it."""

    method: str
    path: str
    query: str
    body: bytes
    content_type: str | None


class Came(NamedTuple):
    """What is compared of an answer."""

    status: int
    fields: dict[str, str]
    body: Any


# -- the two sides ----------------------------------------------------------------------------


class Wire:
    """One kept-alive connection to the service, which sends what no client library would."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=30)
        self._file = self._socket.makefile("rb")
        self._host = f"127.0.0.1:{port}"

    def close(self) -> None:
        self._file.close()
        self._socket.close()

    def ask(self, sent: Sent) -> tuple[int, dict[str, str], bytes]:
        query = f"?{sent.query}" if sent.query else ""
        lines = [f"{sent.method} {sent.path}{query} HTTP/1.1", f"host: {self._host}"]
        lines.append(f"content-length: {len(sent.body)}")
        if sent.content_type is not None:
            lines.append(f"content-type: {sent.content_type}")
        self._socket.sendall("\r\n".join([*lines, "", ""]).encode("latin-1") + sent.body)
        status = int(self._file.readline().split()[1])
        fields = {}
        while (line := self._file.readline().strip()) != b"":
            name, _, value = line.decode("latin-1").partition(":")
            fields[name.lower()] = value.strip()
        length = 0 if sent.method == "HEAD" else int(fields["content-length"])
        return status, fields, self._file.read(length)


class Both:
    """The service and the fake, whose ids are known to each other by the order of creation."""

    def __init__(self, wire: Wire, paymock: Paymock) -> None:
        self._wire = wire
        self._paymock = paymock
        self._theirs: dict[str, str] = {}
        self._ours: dict[str, str] = {}
        self.tokens: list[str] = []
        self.transactions: list[str] = []
        self.statuses: Counter[int] = Counter()

    def ask(self, sent: Sent) -> tuple[Came, Came]:
        """Return what the fake and the service answer to one request."""
        ours, our_json = self._ask_fake(sent)
        theirs, their_json = self._ask_service(sent)
        if isinstance(our_json, dict) and isinstance(their_json, dict):
            self._pair(our_json, their_json)
            theirs = theirs._replace(body=_ordered(self._translated(their_json)))
        self.statuses[ours.status] += 1
        return ours, theirs

    def _ask_fake(self, sent: Sent) -> tuple[Came, Any]:
        request = Request(
            sent.method,
            sent.path,
            sent.body,
            query=sent.query,
            base_url="http://host",
            content_type=sent.content_type,
        )
        answer = self._paymock._parts.gateway.exchange("pinned", request)
        assert isinstance(answer, Response)
        return _came(sent, answer.status_code, dict(answer.headers()), answer.body)

    def _ask_service(self, sent: Sent) -> tuple[Came, Any]:
        path, body = sent.path, sent.body
        for ours, theirs in self._theirs.items():
            if ours in path:
                path = path.replace(ours, theirs)
            for encoding in WIDE if b"\x00" in body else ("utf-8",):
                body = body.replace(ours.encode(encoding), theirs.encode(encoding))
        status, fields, answer = self._wire.ask(sent._replace(path=path, body=body))
        for theirs, ours in self._ours.items():
            if "location" in fields:
                fields["location"] = fields["location"].replace(theirs, ours)
        return _came(sent, status, fields, answer)

    def _pair(self, ours: dict[str, Any], theirs: dict[str, Any]) -> None:
        """Note the names that both have just made."""
        for name, kept in (("token", self.tokens), ("transaction_id", self.transactions)):
            self._note(ours.get(name), theirs.get(name), kept)
        self._note(ours.get("refund_id"), theirs.get("refund_id"), self.transactions)
        if "card_type" in ours and re.fullmatch(r"cust_[\d.]+", str(ours.get("customer_id"))):
            self._note(ours["customer_id"], theirs.get("customer_id"), [])

    def _note(self, ours: Any, theirs: Any, kept: list[str]) -> None:
        if isinstance(ours, str) and isinstance(theirs, str) and ours not in self._theirs:
            self._theirs[ours], self._ours[theirs] = theirs, ours
            kept.append(ours)

    def _translated(self, value: Any) -> Any:
        if isinstance(value, dict):
            return {name: self._translated(inner) for name, inner in value.items()}
        if isinstance(value, list):
            return [self._translated(inner) for inner in value]
        return self._ours.get(value, value) if isinstance(value, str) else value

    def known(self) -> list[str]:
        """Return the ids that both know, each by its own name."""
        return list(self._theirs)

    def forget(self) -> None:
        """Begin again with nothing known, so that texts stay quick to translate."""
        self._theirs.clear()
        self._ours.clear()
        self.tokens.clear()
        self.transactions.clear()


def _came(sent: Sent, status: int, fields: dict[str, str], body: bytes) -> tuple[Came, Any]:
    kept = {name: fields[name] for name in ("content-type", "allow", "location") if name in fields}
    if "location" in kept:
        kept["location"] = re.sub("^http://[^/]+", "", kept["location"])
    if sent.method != "HEAD":
        assert fields["content-length"] == str(len(body))
    try:
        # Digits of numbers are compared as they are written.
        document = json.loads(body, parse_float=lambda digits: f"number {digits}")
    except ValueError:
        document = body.decode("latin-1")
    return Came(status, kept, _ordered(document)), document


def _ordered(value: Any) -> Any:
    """Return JSON so that the order of its fields is compared, too."""
    if isinstance(value, dict):
        return [(name, _ordered(inner)) for name, inner in value.items()]
    return [_ordered(inner) for inner in value] if isinstance(value, list) else value


# -- odd requests -----------------------------------------------------------------------------

VALUES: tuple[Any, ...] = (
    *(None, True, False, [], [1], {}, {"card": 1}, 0, 1, -1, 12, 13, 2023, 2024, 10**30, 2**63),
    *(0.0, -0.0, 12.0, 12.5, 2024.0, 5e-324, 1e22, 0.01, 0.02, 0.03, 10000, 9999.99, 99999),
    *("", " ", "0", "1", "12", " 12 ", "12.0", "12.", "12.5", "2027", "1_000", "1e3", "-1", "nan"),
    *("5 ", "\t5", "5\n", "\u00a05", "5\u2003", "0x1", "+5", "05", "5.00", "1__0", "\uff15"),
    *("123", "1234", "12345", "12a", "1 2", "{0}", "%s", "é", "\u2028", "a\x00b", "😀", "x" * 500),
    *("\u00b2" * 3, "\u0661\u0662\u0663", "9" * 300, "x" * 16),
)

# A number like that of a card is masked wherever it is none.
NUMBERS: tuple[Any, ...] = (
    *("4532 0151-1283\t0366", "453201511283036", "45320151128303", "4532015112830366a"),
    *("\uff14" * 16, "\u0664" * 15, "4532\u00a00151\n12830366", "--------"),
)

BODIES = (
    *(b"", b" ", b"null", b" null ", b"[]", b"{}", b"1", b"1.5", b"true", b'"x"', b'""', b"NaN"),
    *(b"{", b"nope", b'{"a":}', b"{'a':1}", b"\x00", b"a=1&b=2", b'{"a":1,}', b"{}{}", b"\n\n{"),
    *(b"\xff", b"\xef\xbb\xbf{}", b"\xef\xbb\xbf\xef\xbb\xbf{}", b"\xef\xbb\xbf", b'{"a":"\n"}'),
    *(b"[" * 100_000, b'{"a":' * 50_000, b"9" * 5000, b'{"a":1,"a":2}', b'{"a":"\xe9"}', b"[1,2"),
)

TYPES = (
    *(None, None, None, "application/json", "application/json", "application/json"),
    *("application/json; charset=utf-8", "application/json;charset=latin-1", "APPLICATION/JSON"),
    *("application/vnd.api+json", "application/problem+json; a=b", "application/geo+JSON"),
    *("text/plain", "text/json", "application/x-www-form-urlencoded", "application/xml", "json"),
    *("multipart/form-data; boundary=x", "application/jsonx", "application/x-json", "", " "),
    *("application/", "/json", "application / json", "application/json, text/plain", "*/*", ";"),
)

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD", "BREW")

ENCODINGS = ("utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-be", "latin-1")

WIDE = ("utf-8", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be")

# After these the two answer in ways of their own, which the documentation of the profile lists.
PAGES_OF_A_SERVER = ("/docs", "/redoc", "/openapi.json")


class Odd:
    """Makes requests, most of them wrong in one way or another, from a seed."""

    def __init__(self, seed: int, both: Both) -> None:
        self._random = Random(seed)  # noqa: S311 - the same on every run
        self._both = both
        self._kinds: tuple[tuple[int, Callable[[], Sent]], ...] = (
            (30, self._tokenize),
            (30, self._pay),
            (10, self._body),
            (25, self._look),
            (20, self._path),
        )

    def request(self) -> Sent:
        """Return the next one."""
        weights, makers = zip(*self._kinds, strict=True)
        make: Callable[[], Sent] = self._random.choices(makers, weights)[0]
        return make()

    def chance(self, share: float) -> bool:
        """Return whether something of this share happens now."""
        return self._random.random() < share

    def pick(self, *choices: Any) -> Any:
        """Return one of some things."""
        return self._random.choice(choices)

    def _tokenize(self) -> Sent:
        sent: dict[str, Any] = {
            "card": {
                "card_number": self.pick(*CARDS),
                "card_holder": "John Doe",
                "expiry_month": 12,
                "expiry_year": 2030,
                "cvv": "123",
            },
            "customer": {
                "customer_id": self._customer(),
                "email": "john.doe@example.com",
                "phone": "+1-555-0123",
                "billing_address": {
                    "street": "123 Main St",
                    "city": "New York",
                    "state": "NY",
                    "zip_code": "10001",
                    "country": "US",
                },
            },
        }
        return self._post("/api/v1/tokenize", self._changed(sent))

    def _pay(self) -> Sent:
        sent = {
            "token": self._name(self._both.tokens),
            "amount": self.pick(0.01, 0.02, 0.03, 10, 99.99, 10000, 1e-7, 1e22, 25.5),
            "currency": self.pick("USD", "EUR", "Dollars", ""),
            "description": self.pick("Order #12345", None, "é", ""),
            "customer_id": self._customer(),
        }
        return self._post("/api/v1/payments", self._changed(sent))

    def _changed(self, sent: dict[str, Any]) -> bytes:
        while self.chance(0.55):
            part = sent
            while isinstance(inner := part[name := self.pick(*part)], dict) and self.chance(0.9):
                if not inner:
                    break
                part = inner
            if self.chance(0.2) and len(part) > 1:
                del part[name]
            elif self.chance(0.1):
                part[f"{name}_x"] = self.pick(*VALUES)
            elif name == "card_number" and self.chance(0.6):
                part[name] = self.pick(*NUMBERS)
            else:
                part[name] = self.pick(*VALUES)
        text = json.dumps(sent, ensure_ascii=self.chance(0.5))
        if "Infinity" in text:
            text = text.replace("Infinity", "1")
        if self.chance(0.05):
            return text.encode(self.pick(*ENCODINGS), "replace")
        return text.encode()

    def _body(self) -> Sent:
        path = self.pick("/api/v1/tokenize", "/api/v1/payments")
        if self.chance(0.5):
            return self._post(path, self.pick(*BODIES))
        whole = bytearray(self._pay().body)
        at = self._random.randrange(len(whole))
        if self.chance(0.5):
            return self._post(path, bytes(whole[:at]))
        whole[at] = self._random.randrange(256)
        return self._post(path, bytes(whole))

    def _look(self) -> Sent:
        transaction = self._name(self._both.transactions)
        path, method = self.pick(
            (f"/api/v1/transactions/{transaction}", "GET"),
            (f"/api/v1/transactions/{transaction}/refund", "POST"),
            (f"/api/v1/tokens/{self._name(self._both.tokens)}", "GET"),
            (f"/api/v1/customers/{quote(str(self._customer()), safe='')}/transactions", "GET"),
            ("/", "GET"),
            ("/health", "GET"),
        )
        method = method if self.chance(0.9) else self.pick(*METHODS)
        return Sent(method, path, "", b"{" if self.chance(0.1) else b"", None)

    def _path(self) -> Sent:
        sent = self.pick(self._look, self._look, self._tokenize, self._pay)()
        # Ids are told apart by side, so they stay whole.
        known = next((n for n in self._both.known() if n in sent.path), None)
        path = sent.path.replace(known, "~") if known else sent.path
        for _ in range(self.pick(1, 1, 2)):
            at = self._random.randrange(len(path) + 1)
            if path and self.chance(0.35):
                at = min(at, len(path) - 1)
                if "%" not in path[max(at - 2, 0) : at + 1] and path[at] != "~":
                    path = f"{path[:at]}%{ord(path[at]):02{self.pick('x', 'X')}}{path[at + 1 :]}"
            elif self.chance(0.5):
                path += self.pick(
                    "/", "//", "%0A", "%0a", "/%0A", "%2F", "%20", "%00", "%", "%C3%A9"
                )
            else:
                path = (
                    path[:at]
                    + self.pick("/", "%2F", "%0A", ".", "..", "x", "%zz", "%FF")
                    + path[at:]
                )
        if not path.startswith("/") or path.startswith("//"):
            path = sent.path
        path = path.replace("~", known or "~")
        method = sent.method if self.chance(0.8) else self.pick(*METHODS)
        query = self.pick("", "", "a=1", "x=%20&y=%2F", "q=a+b;c")
        return sent._replace(path=path, method=method, query=query)

    def _post(self, path: str, body: bytes) -> Sent:
        return Sent("POST", path, "", body, self.pick(*TYPES))

    def _name(self, known: list[str]) -> str:
        return str(self.pick(*known[-20:])) if known and self.chance(0.9) else "nothing"

    def _customer(self) -> Any:
        return self.pick(
            "cust_1", "cust_2", "cust_2", "a b", "é", None if self.chance(0.3) else "c"
        )


# -- what is asked ----------------------------------------------------------------------------


def fuzz(service: DeployedService, count: int, seed: int) -> list[str]:
    """Send requests to both, and return how the answers differ."""
    found: list[str] = []
    chances = {0.5: "success", 0.92: "issuer_declined", 0.97: "under_review"}
    with Paymock(profile="deployed", clock=f"{START.isoformat()}+00:00", guards="off") as paymock:
        wire = Wire(service.port)
        both = Both(wire, paymock)
        odd = Odd(seed, both)
        now = START
        for number in range(count):
            if number % 250 == 0:
                both.forget()
                paymock.reset()
                paymock.outcomes.always("success")
                service.order(reset=True, clock=now.isoformat(), chance=0.5)
            if odd.chance(0.05):
                by = timedelta(
                    **odd.pick(
                        {"seconds": 1}, {"microseconds": 250_001}, {"hours": 24}, {"hours": 25}
                    )
                )
                now += by
                paymock.clock.advance(by)
                chance = odd.pick(*chances)
                paymock.outcomes.always(chances[chance])
                service.order(clock=now.isoformat(), chance=chance)
            sent = odd.request()
            if sent.path in PAGES_OF_A_SERVER:
                continue
            ours, theirs = both.ask(sent)
            if ours != theirs:
                found.append(
                    f"request {number}: {_shown(sent)}\n  fake:    {ours}\n  service: {theirs}"
                )
                if len(found) == HIGHEST:
                    break
        wire.close()
    print("answers by status:", dict(sorted(both.statuses.items())))  # noqa: T201
    return found


def _shown(sent: Sent) -> str:
    body = sent.body if len(sent.body) < 600 else sent.body[:600] + b"..."
    return f"{sent.method} {sent.path}?{sent.query} {sent.content_type} {body!r}"


def rules(service: DeployedService) -> list[str]:
    """Ask the service about every rule, as it is and once for each deviation."""
    service.order(reset=True, clock=None, chance=None, deviation=None)
    found = [f"differs: {name}" for name in _differing(service)]
    for name, deviation in BY_NAME.items():
        if "deployed" in deviation.profiles:
            service.order(reset=True, deviation=name)
            differing = _differing(service, [deviation.rule])
            if differing != [deviation.rule]:
                found.append(f"deviation {name}: found {differing}")
    service.order(deviation=None)
    return found


def _differing(service: DeployedService, only: list[str] | None = None) -> list[str]:
    with HttpServer(service.url) as server:
        findings = list(verify(server, "deployed", only or []))
    return [f.rule.name for f in findings if f.verdict is Verdict.DIFFERS]


def main() -> int:
    """Compare, print what differs, and return the exit status."""
    parser = argparse.ArgumentParser()
    parser.add_argument("python", help="interpreter of the environment with the pinned releases")
    parser.add_argument("--count", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    begun = time.monotonic()
    with DeployedService(given.python) as service:
        found = [*rules(service), *fuzz(service, given.count, given.seed)]
    print("\n".join(found) or "nothing differs")  # noqa: T201
    print(f"{given.count} requests and every rule in {time.monotonic() - begun:.0f} s")  # noqa: T201
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
