"""What the interceptors know of a fake, and the list of those that are active."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass, field
from ipaddress import ip_address

from pytest_paymock import describe
from pytest_paymock.api.base_url import BaseUrl
from pytest_paymock.api.redact import masked_path
from pytest_paymock.gateway import Gateway


@dataclass(frozen=True, slots=True)
class Station:
    """One active fake as the wire sees it: an address, a gateway, and a rule for all other URLs.

    ``blocked`` collects what the rule stopped, since code under test may swallow the error.
    """

    base: BaseUrl
    gateway: Gateway
    network: str
    blocked: list[str] = field(default_factory=list)


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

    def refusal(self, method: str, url: str, host: str) -> str | None:
        """Return why a request outside every base URL must not pass, or None if it may.

        The strictest of the active fakes decides, and each remembers what was stopped.
        """
        strict = [station for station in self.stations if not _allows(station.network, host)]
        if not strict:
            return None
        bases = [str(station.base) for station in self.stations]
        shown = masked_path(url.partition("?")[0])
        sentence = describe.blocked(method, shown, bases, near_miss(shown, self.stations))
        for station in strict:
            station.blocked.append(sentence)
        return sentence


def _allows(network: str, host: str) -> bool:
    return network == "any" or (network == "loopback" and is_loopback(host))


def is_loopback(host: str) -> bool:
    """Say whether a host name or address is this machine by definition, without asking DNS."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def near_miss(url: str, stations: list[Station]) -> str | None:
    """Name the one thing in which a URL misses a base URL, if it is only one."""
    for station in stations:
        base = str(station.base)
        for other, words in _variants(station.base):
            if url == other or url.startswith(f"{other}/"):
                return f"the base URL {base} differs in {words}"
    return None


def _variants(base: BaseUrl) -> list[tuple[str, str]]:
    """Return the base URLs that differ from this one in what people mistake most."""
    scheme = "https" if base.scheme == "http" else "http"
    variants = [(str(BaseUrl(scheme, base.host, base.port, base.prefix)), "its scheme")]
    if base.port is not None:
        variants.append((str(BaseUrl(base.scheme, base.host, None, base.prefix)), "its port"))
    if base.prefix:
        variants.append((str(BaseUrl(base.scheme, base.host, base.port, "")), "its path prefix"))
    return variants
