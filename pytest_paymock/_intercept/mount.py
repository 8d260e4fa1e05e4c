"""An active fake as the interceptors see it: an address, a gateway, and a rule for other URLs."""

from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from threading import Thread, current_thread, enumerate, get_ident  # noqa: A004 - its name there

from pytest_paymock._api.base_url import DEFAULT_PORTS, BaseUrl
from pytest_paymock._api.http import Disturbed, Request, Response
from pytest_paymock._exchange import Gateway
from pytest_paymock._intercept.addresses import canonical, is_loopback


# Not frozen: that would cost 2,000 instructions a field, in each test.
@dataclass(slots=True, eq=False)
class Mount:
    """One active fake as the wire sees it: an address, a gateway, and a rule for all other URLs.

    ``blocked`` collects what the rule stopped, since code under test may swallow the error, and
    ``threads`` the threads beside that of the test from which the fake was called;
    ``older_threads`` are those that were there before the fake. ``missed`` has
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
    older_threads: list[Thread] = field(default_factory=enumerate)

    def exchange(
        self, client: str, request: Request, *, heard: bool = True
    ) -> Response | Disturbed:
        """Answer one request as ``Gateway.exchange`` does, and remember the thread that asked."""
        ident = get_ident()
        if ident != self.home and ident not in self.threads:
            self.threads[ident] = current_thread()
        return self.gateway.exchange(client, request, heard=heard)

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
