"""The active fakes of one client library, and what every interceptor does with a URL."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from threading import RLock
from typing import Any
from urllib.parse import SplitResult, urlsplit

from pytest_paymock._api.endpoints import match
from pytest_paymock._intercept.addresses import PORTS, near_miss, shown
from pytest_paymock._intercept.late_calls import LATE_CALLS
from pytest_paymock._intercept.method_patch import AttributePatch, still_covered
from pytest_paymock._intercept.mount import Mount
from pytest_paymock._text import messages

_CARRIED = "_paymock_interceptor"
_MISSES_TO_KEEP = 3

LOCK = RLock()
"""Held while anything is put in place or taken away: of two fakes that begin at once only one may
find that it is the first."""


class Interceptor(ABC):
    """The active fakes of one client library, the newest last, and the two questions about a URL.

    There is one a library. While a fake is active the class that is patched carries it, so that a
    second copy of this package in the same process, as below an in-process pytester, finds it.

    Args:
        owner: that class.
    """

    def __init__(self, owner: type) -> None:
        # Replaced and never changed: a request of another thread may be going through it.
        self.mounts: tuple[Mount, ...] = ()
        self.covered: list[AttributePatch] = []
        self._owner = owner

    @classmethod
    def of(cls, owner: type) -> Any:
        """Return the interceptor that a class carries, or None."""
        return vars(owner).get(_CARRIED)

    @property
    def active(self) -> Any:
        """The interceptor that the class carries, or None: while a fake is active there is one."""
        return self.of(self._owner)

    @abstractmethod
    def install(self) -> None:
        """Put the functions of this interceptor in front of the client library's, where not yet."""

    @abstractmethod
    def uninstall(self) -> bool:
        """Put back the very functions that were there, and say whether that could be done.

        It cannot while another mock lies on top of ours. Ours stay below it then, and hand on.
        """

    @property
    @abstractmethod
    def is_lost(self) -> bool:
        """Whether another mock, when it was stopped, has thrown out what was installed."""

    def admit(self, mount: Mount) -> Callable[[], None]:
        """Let a fake answer, and return what takes it away again.

        Another copy of this package that is active lets it answer in our place.
        """
        with LOCK:
            active = self.active
            if active is not None and active is not self:
                made: Callable[[], None] = active.admit(mount)
                return made
            self.mounts = (*self.mounts, mount)
            if len(self.mounts) == 1:
                setattr(self._owner, _CARRIED, self)
                self.install()

        def leave() -> None:
            with LOCK:
                self.mounts = tuple([one for one in self.mounts if one is not mount])
                self.settle()

        return leave

    def settle(self) -> None:
        """Be in place while a fake is active, and gone after, as far as other mocks allow it now.

        To be called whenever another mock may have been stopped.
        """
        with LOCK:
            if self.mounts:
                if self.is_lost:
                    self.install()
            elif self.uninstall() and self.active is self:
                delattr(self._owner, _CARRIED)

    def clear_up(self) -> None:
        """Take away what somebody else's patch covered at the end of a fake, if it is gone."""
        if self.covered:
            self.covered = still_covered(self.covered)

    def find(self, scheme: str, host: str, port: int | None, path: str) -> tuple[Mount, str] | None:
        """Return the fake under whose base URL a request falls, and the path below it.

        One base URL may lie below another: the closest one is meant, and the newest of the same.
        A call that comes too late, after the end of the fake that was meant, has none.

        The arguments are those of ``Mount.place``.
        """
        if LATE_CALLS.is_one():
            return None
        mounts = self.mounts
        if len(mounts) == 1:
            below = mounts[0].place(scheme, host, port, path)
            return None if below is None else (mounts[0], below)
        closest = None
        for mount in reversed(mounts):
            below = mount.place(scheme, host, port, path)
            if below is not None and (closest is None or len(below) < len(closest[1])):
                closest = mount, below
        return closest

    def find_plain(self, url: str) -> tuple[Mount, str] | None:
        """Do as :meth:`find` for a URL that is spelled as the base URL of the only fake.

        That is nearly every URL. To take it apart would cost 16,000 instructions, to look how it
        begins 2,000. One that is spelled in any other way is None here, and found there.
        """
        mounts = self.mounts
        if len(mounts) != 1 or LATE_CALLS.is_one():
            return None
        (mount,) = mounts
        origin = mount.base.origin
        # A sign that may not stand in a URL would be dropped where it is taken apart.
        if not url.startswith(origin) or not url.isprintable():
            return None
        path = mount.base.below(url[len(origin) - 1 :].partition("#")[0].partition("?")[0])
        return None if path is None else (mount, path)

    def refusal(self, method: str, url: str) -> str | None:
        """Return why a request outside every base URL must not pass, or None if it may.

        The strictest of the active fakes decides, and each remembers what was stopped.
        """
        parts = urlsplit(url)
        if parts.scheme not in PORTS:
            return None  # http+unix://, docker:// and the like: an adapter that goes elsewhere
        host, port = parts.hostname or "", parts.port or PORTS[parts.scheme]
        mounts = self.mounts
        if LATE_CALLS.is_one():
            # It belongs to a test that has ended, so no other test has to answer for it.
            free = all(mount.lets_pass(host, port) for mount in mounts)
            ours = any(mount.is_address(host, port) for mount in mounts)
            return None if free and not ours else messages.late_call(method, shown(parts))
        strict = [mount for mount in mounts if not mount.lets_pass(host, port)]
        if not strict:
            self._note_near_miss(method, parts)
            return None
        bases = list(dict.fromkeys(str(mount.base) for mount in mounts))
        passes = _passes([mount for mount in strict if mount.is_address(host, port)])
        missed = near_miss(url, [mount.base for mount in mounts])
        sentence = messages.blocked(method, shown(parts), bases, missed, passes)
        for mount in strict:
            mount.blocked.append(sentence)
        return sentence

    def _note_near_miss(self, method: str, parts: SplitResult) -> None:
        """Remember a request for an endpoint of the API that passes, as at another local port.

        Another service of this machine may be meant, so it must pass. If the test fails, though,
        this may well be why.
        """
        missed = near_miss(parts.geturl(), [mount.base for mount in self.mounts])
        for mount in self.mounts if missed else ():
            below = mount.base.below(parts.path)
            if below is not None and match(below)[0] and len(mount.missed) < _MISSES_TO_KEEP:
                told = messages.let_through(method, shown(parts), missed or "")
                mount.missed.extend([told] if told not in mount.missed else [])


def _passes(addressed: list[Mount]) -> list[str]:
    """Return the options that would let a request go, of which these fakes own the address."""
    if not addressed:
        return ["allow_hosts", "network='any'"]
    return ["network='any'"] if all(mount.base.prefix for mount in addressed) else []
