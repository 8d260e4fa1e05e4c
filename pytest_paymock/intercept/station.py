"""What the interceptors know of a fake, and the list of those that are active."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from threading import RLock, Thread, current_thread, get_ident
from typing import Any
from urllib.parse import SplitResult, urlsplit

from pytest_paymock import describe
from pytest_paymock.api.base_url import DEFAULT_PORTS, BaseUrl
from pytest_paymock.api.endpoints import match
from pytest_paymock.api.messages import Disturbed, Request, Response
from pytest_paymock.gateway import Gateway
from pytest_paymock.intercept.addresses import PORTS, canonical, is_loopback, near_miss, shown
from pytest_paymock.intercept.patch import Patch, still_covered

_CARRIED = "_paymock_switchboard"
_MISSES_TO_KEEP = 3


# Not frozen: that would cost 2,000 instructions a field, in each test.
@dataclass(slots=True, eq=False)
class Station:
    """One active fake as the wire sees it: an address, a gateway, and a rule for all other URLs.

    ``blocked`` collects what the rule stopped, since code under test may swallow the error, and
    ``threads`` the threads beside that of the test from which the fake was called. ``missed`` has
    what the rule let through although the fake may have been meant, the first few of it.
    """

    base: BaseUrl
    gateway: Gateway
    network: str
    allow_hosts: tuple[str, ...] = ()
    lazy_tls: bool = True
    blocked: list[str] = field(default_factory=list)
    missed: list[str] = field(default_factory=list)
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

        The base URL's own host and port are not let through by another name or path: whatever
        listens there, the code under test means the fake. Only under ``any`` another service may
        live beside a base URL that has a prefix.
        """
        if self.is_address(host, port):
            return self.shares_address
        if self.network == "any":
            return True
        if any(fnmatchcase(host, pattern) for pattern in self.allow_hosts):
            return True
        return self.network == "loopback" and is_loopback(host)

    def is_address(self, host: str, port: int | None) -> bool:
        """Say whether a host and port are the base URL's, by whatever name of this machine."""
        if port != self.port:
            return False
        mine, other = canonical(self.base.host), canonical(host)
        return other == mine or (is_loopback(other) and is_loopback(mine))

    @property
    def port(self) -> int:
        """The port of the base URL, the scheme's own included."""
        return self.base.port or DEFAULT_PORTS[self.base.scheme]

    @property
    def shares_address(self) -> bool:
        """Whether something beside the fake may be meant at the base URL's host and port."""
        return self.network == "any" and bool(self.base.prefix)

    def place(self, scheme: str, host: str, port: int | None, path: str) -> str | None:
        """Return the path below the base URL of a request, or None if it lies elsewhere.

        Args:
            scheme: lower case.
            host: lower case, as it stood on the wire, without brackets.
            port: None where it is the scheme's own.
            path: as it stood on the wire, without the query.
        """
        base = self.base
        if port != base.port or scheme != base.scheme:
            return None
        # The dot at the end of a host name is the root of all names, with or without it.
        if host != base.host and host.removesuffix(".") != base.host.removesuffix("."):
            return None
        return base.below(path) if base.prefix else path


LOCK = RLock()
"""Held while anything is put in place or taken away: of two fakes that begin at once only one may
find that it is the first."""


class Switchboard(ABC):
    """The active fakes of one client library, the newest last, and the two questions about a URL.

    There is one a library. While a fake is active the class that is patched carries it, so that a
    second copy of this package in the same process, as below an in-process pytester, finds it.

    Args:
        owner: that class.
    """

    def __init__(self, owner: type) -> None:
        # Replaced and never changed: a request of another thread may be going through it.
        self.stations: tuple[Station, ...] = ()
        self.covered: list[Patch] = []
        self._owner = owner

    @classmethod
    def of(cls, owner: type) -> Any:
        """Return the switchboard that a class carries, or None."""
        return vars(owner).get(_CARRIED)

    @property
    def active(self) -> Any:
        """The switchboard that the class carries, or None: while a fake is active there is one."""
        return self.of(self._owner)

    @abstractmethod
    def install(self) -> None:
        """Put the functions of this switchboard in front of the client library's, where not yet."""

    @abstractmethod
    def uninstall(self) -> bool:
        """Put back the very functions that were there, and say whether that could be done.

        It cannot while another mock lies on top of ours. Ours stay below it then, and hand on.
        """

    @property
    @abstractmethod
    def is_lost(self) -> bool:
        """Whether another mock, when it was stopped, has thrown out what was installed."""

    def admit(self, station: Station) -> Callable[[], None]:
        """Let a fake answer, and return what takes it away again.

        Another copy of this package that is active lets it answer in our place.
        """
        with LOCK:
            active = self.active
            if active is not None and active is not self:
                made: Callable[[], None] = active.admit(station)
                return made
            self.stations = (*self.stations, station)
            if len(self.stations) == 1:
                setattr(self._owner, _CARRIED, self)
                self.install()

        def leave() -> None:
            with LOCK:
                self.stations = tuple([one for one in self.stations if one is not station])
                self.settle()

        return leave

    def settle(self) -> None:
        """Be in place while a fake is active, and gone after, as far as other mocks allow it now.

        To be called whenever another mock may have been stopped.
        """
        with LOCK:
            if self.stations:
                if self.is_lost:
                    self.install()
            elif self.uninstall() and self.active is self:
                delattr(self._owner, _CARRIED)

    def clear_up(self) -> None:
        """Take away what somebody else's patch covered at the end of a fake, if it is gone."""
        if self.covered:
            self.covered = still_covered(self.covered)

    def find(
        self, scheme: str, host: str, port: int | None, path: str
    ) -> tuple[Station, str] | None:
        """Return the fake under whose base URL a request falls, and the path below it.

        One base URL may lie below another: the closest one is meant, and the newest of the same.

        The arguments are those of ``Station.place``.
        """
        stations = self.stations
        if len(stations) == 1:
            below = stations[0].place(scheme, host, port, path)
            return None if below is None else (stations[0], below)
        closest = None
        for station in reversed(stations):
            below = station.place(scheme, host, port, path)
            if below is not None and (closest is None or len(below) < len(closest[1])):
                closest = station, below
        return closest

    def find_plain(self, url: str) -> tuple[Station, str] | None:
        """Do as :meth:`find` for a URL that is spelled as the base URL of the only fake.

        That is nearly every URL. To take it apart would cost 16,000 instructions, to look how it
        begins 2,000. One that is spelled in any other way is None here, and found there.
        """
        stations = self.stations
        if len(stations) != 1:
            return None
        (station,) = stations
        origin = station.base.origin
        # A sign that may not stand in a URL would be dropped where it is taken apart.
        if not url.startswith(origin) or not url.isprintable():
            return None
        path = station.base.below(url[len(origin) - 1 :].partition("#")[0].partition("?")[0])
        return None if path is None else (station, path)

    def refusal(self, method: str, url: str) -> str | None:
        """Return why a request outside every base URL must not pass, or None if it may.

        The strictest of the active fakes decides, and each remembers what was stopped.
        """
        parts = urlsplit(url)
        if parts.scheme not in PORTS:
            return None  # http+unix://, docker:// and the like: an adapter that goes elsewhere
        host, port = parts.hostname or "", parts.port or PORTS[parts.scheme]
        stations = self.stations
        strict = [station for station in stations if not station.lets_pass(host, port)]
        if not strict:
            self._note_near_miss(method, parts)
            return None
        bases = list(dict.fromkeys(str(station.base) for station in stations))
        passes = _passes([station for station in strict if station.is_address(host, port)])
        missed = near_miss(url, [station.base for station in stations])
        sentence = describe.blocked(method, shown(parts), bases, missed, passes)
        for station in strict:
            station.blocked.append(sentence)
        return sentence

    def _note_near_miss(self, method: str, parts: SplitResult) -> None:
        """Remember a request for an endpoint of the API that passes, as at another local port.

        Another service of this machine may be meant, so it must pass. If the test fails, though,
        this may well be why.
        """
        missed = near_miss(parts.geturl(), [station.base for station in self.stations])
        for station in self.stations if missed else ():
            below = station.base.below(parts.path)
            if below is not None and match(below)[0] and len(station.missed) < _MISSES_TO_KEEP:
                told = describe.let_through(method, shown(parts), missed or "")
                station.missed.extend([told] if told not in station.missed else [])


def _passes(addressed: list[Station]) -> list[str]:
    """Return the options that would let a request go, of which these fakes own the address."""
    if not addressed:
        return ["allow_hosts", "network='any'"]
    return ["network='any'"] if all(station.base.prefix for station in addressed) else []
