"""Addresses, and whether two of them lead to the same place."""

from collections.abc import Iterable
from ipaddress import ip_address
from urllib.parse import SplitResult, urlsplit

from pytest_paymock._api.base_url import DEFAULT_PORTS, BaseUrl
from pytest_paymock._api.redact import masked_path
from pytest_paymock._card_numbers import masked_text
from pytest_paymock._text import messages

PORTS = {**DEFAULT_PORTS, "ws": 80, "wss": 443}
"""The schemes that lead to a network, with their ports."""


def canonical(host: str) -> str:
    """Return the one spelling of a host name or address that all of its spellings share."""
    name = host.lower().removesuffix(".")
    try:
        address = ip_address(name)
    except ValueError:
        return name
    return str(getattr(address, "ipv4_mapped", None) or address)


def is_loopback(host: str) -> bool:
    """Say whether a host name or address is this machine by definition, without asking DNS."""
    name = canonical(host)
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        address = ip_address(name)
    except ValueError:
        return False
    # To connect to 0.0.0.0 or :: is to connect to this machine.
    return address.is_loopback or address.is_unspecified


def near_miss(url: str, bases: Iterable[BaseUrl]) -> str | None:
    """Say in which one thing a URL misses a base URL, if it is only one."""
    parts = urlsplit(url)
    host = canonical(parts.hostname or "")
    port = parts.port or PORTS[parts.scheme]
    for base in bases:
        wanted = canonical(base.host)
        if host != wanted and not (is_loopback(host) and is_loopback(wanted)):
            continue
        both_default = base.port is None and port == PORTS[parts.scheme]
        differences = {
            "scheme": parts.scheme != base.scheme,
            "host": host != wanted,
            "port": port != (base.port or PORTS[base.scheme]) and not both_default,
            "path prefix": base.below(parts.path) is None,
        }
        found = [name for name, differs in differences.items() if differs]
        if len(found) == 1:
            return messages.near_miss(str(base), found[0])
    return None


def shown(parts: SplitResult) -> str:
    """Return a URL as it may be shown: without user, password and query, card numbers masked."""
    address = parts.netloc.rpartition("@")[2]
    return f"{parts.scheme}://{masked_text(address)}{masked_path(parts.path)}"
