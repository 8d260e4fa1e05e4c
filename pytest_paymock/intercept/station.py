"""What the interceptors know of a fake, and the list of those that are active."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from ipaddress import ip_address
from threading import Thread, current_thread, get_ident
from urllib.parse import urlsplit

from pytest_paymock import describe
from pytest_paymock.api.base_url import DEFAULT_PORTS, BaseUrl
from pytest_paymock.api.messages import Disturbed, Request, Response
from pytest_paymock.api.redact import masked_path
from pytest_paymock.gateway import Gateway


@dataclass(frozen=True, slots=True)
class Station:
    """One active fake as the wire sees it: an address, a gateway, and a rule for all other URLs.

    ``blocked`` collects what the rule stopped, since code under test may swallow the error, and
    ``threads`` the threads beside that of the test from which the fake was called.
    """

    base: BaseUrl
    gateway: Gateway
    network: str
    allow_hosts: tuple[str, ...] = ()
    lazy_tls: bool = True
    blocked: list[str] = field(default_factory=list)
    threads: dict[int, Thread] = field(default_factory=dict)
    home: int = field(default_factory=get_ident)

    def exchange(self, client: str, request: Request) -> Response | Disturbed:
        """Answer one request, and remember the thread that asked."""
        ident = get_ident()
        if ident != self.home and ident not in self.threads:
            self.threads[ident] = current_thread()
        return self.gateway.exchange(client, request)

    def lets_pass(self, host: str, port: int | None) -> bool:
        """Say whether a request outside the base URL may go where it was going.

        The base URL's own host and port are never let through by another name or path: whatever
        listens there, the code under test means the fake.
        """
        if self.network == "any":
            return True
        if self.is_address(host, port):
            return False
        if any(fnmatchcase(host, pattern) for pattern in self.allow_hosts):
            return True
        return self.network == "loopback" and is_loopback(host)

    def is_address(self, host: str, port: int | None) -> bool:
        """Say whether a host and port are the base URL's, by whatever name of this machine."""
        wanted = self.base.port or DEFAULT_PORTS[self.base.scheme]
        same = host == self.base.host or (is_loopback(host) and is_loopback(self.base.host))
        return same and port == wanted


class Switchboard(ABC):
    """The active fakes of one client library, the newest last, and the two questions about a URL.

    The patched function carries its switchboard, so that a second fake finds the first one's: there
    is no list of fakes in any module.
    """

    def __init__(self) -> None:
        self.stations: list[Station] = []

    @abstractmethod
    def install(self) -> None:
        """Put the functions of this switchboard in front of the client library's."""

    @abstractmethod
    def uninstall(self) -> None:
        """Put back the very functions that were there."""

    def admit(self, station: Station) -> Callable[[], None]:
        """Let a fake answer, and return what takes it away again."""
        if not self.stations:
            self.install()
        self.stations.append(station)

        def leave() -> None:
            self.stations.remove(station)
            if not self.stations:
                self.uninstall()

        return leave

    def find(
        self, scheme: str, host: str, port: int | None, path: str
    ) -> tuple[Station, str] | None:
        """Return the fake under whose base URL a request falls, and the path below it.

        Args:
            scheme: lower case.
            host: lower case, without brackets.
            port: None where it is the scheme's own.
            path: as it stood on the wire, without the query.
        """
        for station in reversed(self.stations):
            base = station.base
            if host == base.host and port == base.port and scheme == base.scheme:
                below = base.below(path)
                if below is not None:
                    return station, below
        return None

    def refusal(self, method: str, url: str) -> str | None:
        """Return why a request outside every base URL must not pass, or None if it may.

        The strictest of the active fakes decides, and each remembers what was stopped.
        """
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port or DEFAULT_PORTS.get(parts.scheme)
        strict = [station for station in self.stations if not station.lets_pass(host, port)]
        if not strict:
            return None
        bases = [str(station.base) for station in self.stations]
        shown = masked_path(url.partition("?")[0])
        sentence = describe.blocked(method, shown, bases, near_miss(url, self.stations))
        for station in strict:
            station.blocked.append(sentence)
        return sentence


def is_loopback(host: str) -> bool:
    """Say whether a host name or address is this machine by definition, without asking DNS."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def near_miss(url: str, stations: list[Station]) -> str | None:
    """Say in which one thing a URL misses a base URL, if it is only one."""
    parts = urlsplit(url)
    port = parts.port or DEFAULT_PORTS.get(parts.scheme)
    for station in stations:
        base = station.base
        wanted = base.port or DEFAULT_PORTS[base.scheme]
        host = parts.hostname or ""
        differences = {
            "scheme": parts.scheme != base.scheme,
            "host": host != base.host,
            "port": port != wanted,
            "path prefix": base.below(parts.path) is None,
        }
        if differences["scheme"] and port == DEFAULT_PORTS.get(parts.scheme):
            differences["port"] = False  # each scheme's own
        if differences["host"] and not (is_loopback(host) and is_loopback(base.host)):
            continue
        found = [name for name, differs in differences.items() if differs]
        if len(found) == 1:
            return describe.near_miss(str(base), found[0])
    return None
