"""The active fakes of one client library, and what every interceptor does with a URL."""

from typing import Any, Protocol
from urllib.parse import SplitResult, urlsplit

from pytest_paymock._api.endpoints import match
from pytest_paymock._engine.process_lock import ProcessLock
from pytest_paymock._intercept.addresses import PORTS, near_miss, shown
from pytest_paymock._intercept.late_calls import LATE_CALLS
from pytest_paymock._intercept.mount import Mount
from pytest_paymock._text import messages

_CARRIED = "_paymock_interceptor"
_MISSES_TO_KEEP = 3

LOCK = ProcessLock()
"""Held while anything is put in place or taken away: of two fakes that begin at once only one may
find that it is the first."""


class Patch(Protocol):
    """Something of another library that is replaced while a fake is active."""

    def put(self) -> None:
        """Replace it, unless that was done."""

    def take(self) -> None:
        """Put back what was there; harmless where nothing was replaced."""

    def tidy(self) -> None:
        """Take away what could not be taken because somebody else's patch covered it."""


class Interceptor:
    """The active fakes of one client library, the newest last, and the two questions about a URL.

    There is one a library. While a fake is active the class or module that is patched carries it,
    so that a second copy of this package in the same process, as below an in-process pytester,
    finds it.

    Args:
        owner: that class or module.
    """

    patches: tuple[Patch, ...] = ()

    def __init__(self, owner: Any) -> None:
        # Replaced and never changed: a request of another thread may be going through it.
        self.mounts: tuple[Mount, ...] = ()
        self._owner = owner

    @property
    def active(self) -> Any:
        """The interceptor that the owner carries: while a fake is active there is one."""
        return vars(self._owner).get(_CARRIED, self)

    def admit(self, mount: Mount) -> None:
        """Let a fake answer.

        Another copy of this package that is active lets it answer in our place.
        """
        with LOCK.here:
            self.active.begin(mount)

    def dismiss(self, mount: Mount) -> None:
        """Let a fake answer no longer. Harmless where it does not, or only in part."""
        with LOCK.here:
            self.active.end(mount)

    def tidy(self) -> None:
        """Take away what somebody else's patch covered at the end of a fake, if it is gone."""
        with LOCK.here:
            for patch in self.patches:
                patch.tidy()

    def begin(self, mount: Mount) -> None:
        """Add a fake, and put everything in place that is not there yet. Under the lock."""
        # What is to be undone is known before it is done: a signal may come at any moment.
        self.mounts = (*self.mounts, mount)
        if _CARRIED not in vars(self._owner):
            setattr(self._owner, _CARRIED, self)
        for patch in self.patches:
            patch.put()

    def end(self, mount: Mount) -> None:
        """Remove a fake, and put everything back after the last one. Under the lock."""
        self.mounts = tuple([one for one in self.mounts if one is not mount])
        if self.mounts:
            return
        for patch in reversed(self.patches):
            patch.take()
        if _CARRIED in vars(self._owner):
            delattr(self._owner, _CARRIED)

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
