"""Who may control a fake over HTTP: programs of this machine, and no page of another site.

A browser on this machine is a peer on this machine too, so being one is not enough. A page of
another site is told by its ``Origin``, or by what the browser says of itself; one whose name was
made to point here (DNS rebinding) is told by the ``Host``. What a proxy passes on may come from
anywhere.
"""

from ipaddress import IPv6Address, ip_address
from urllib.parse import urlsplit

from starlette.types import Scope

from pytest_paymock.server import messages

_PASSED_ON = ("forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-real-ip")
_OWN_SITE = ("same-origin", "none")


def refusal(scope: Scope) -> str | None:
    """Return why a request may not control anything, or None if it may."""
    headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
    client = scope.get("client")
    if client is None or not _is_loopback(client[0]):
        return messages.NOT_LOOPBACK
    if any(name in headers for name in _PASSED_ON):
        return messages.PASSED_ON
    host = headers.get("host", "")
    name = _name_of(host)
    if name != "localhost" and not _is_loopback(name):
        return messages.FOREIGN_HOST
    origin = headers.get("origin")
    site = headers.get("sec-fetch-site", "none")
    if origin not in (None, f"{scope['scheme']}://{host}") or site not in _OWN_SITE:
        return messages.FOREIGN_PAGE
    return None


def _is_loopback(text: str) -> bool:
    try:
        address = ip_address(text)
    except ValueError:
        return False
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        return address.ipv4_mapped.is_loopback
    return address.is_loopback


def _name_of(host: str) -> str:
    """Return a ``Host`` header without its port, or nothing if it is none."""
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""
