"""The base URL: where the fake lives, and whether a request's path lies below it."""

import re
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from pytest_paymock._card_numbers import quoted
from pytest_paymock.errors import UsageError, is_for_caller

__tracebackhide__ = is_for_caller

DEFAULT_PORTS = {"http": 80, "https": 443}

# urlsplit drops line breaks and tabs without a word.
_VISIBLE = re.compile(r"[!-~]+")
_ENCODED = re.compile("%([0-9A-Fa-f]{2})?")
_UNRESERVED = re.compile("[A-Za-z0-9._~-]")
_IN_PATHS = "/%!$&'()*+,;=:@~"
_USER = re.compile(r"(?<=//).*@", re.DOTALL)


@dataclass(frozen=True, slots=True)
class BaseUrl:
    """What a request's URL must begin with to be answered by the fake.

    ``port`` is None where the scheme's own port is meant; ``prefix`` has no slash at its end.
    ``origin`` is how a URL below it begins that is spelled as this one, up to the path's first
    slash.
    """

    scheme: str
    host: str
    port: int | None
    prefix: str
    origin: str = field(init=False, repr=False, compare=False)

    def __str__(self) -> str:
        return f"{self.origin[:-1]}{self.prefix}"

    def __post_init__(self) -> None:
        host = f"[{self.host}]" if ":" in self.host else self.host
        port = "" if self.port is None else f":{self.port}"
        # Asked for at each call, so it is not put together there.
        object.__setattr__(self, "origin", f"{self.scheme}://{host}{port}/")

    def below(self, path: str) -> str | None:
        """Return a raw path without the prefix, or None if it lies elsewhere.

        >>> parse_base_url("https://pay.example/v2").below("/v2/api/v1/tokenize")
        '/api/v1/tokenize'
        >>> parse_base_url("https://pay.example/v2").below("/v22/api/v1/tokenize")
        """
        if not self.prefix:
            return path
        rest = path.removeprefix(self.prefix)
        if path.startswith(self.prefix) and (not rest or rest.startswith("/")):
            return rest
        return None


def parse_base_url(value: Any) -> BaseUrl:
    """Return the parts of a base URL.

    Raises:
        UsageError: unless it is an absolute http or https URL without user, query or fragment,
            whose port, if it has one, can be reached, and whose path is spelled as clients send it.
    """
    found = _parts(value) if isinstance(value, str) else None
    if found is not None and found.prefix.endswith("/api/v1"):
        raise UsageError(
            f"base_url is what stands before /api/v1, such as "
            f"{str(found).removesuffix('/api/v1')}, not {_shown(value)}"
        )
    if found is None:
        raise UsageError(
            f"base_url must be an http or https URL such as https://pay.example/v2, without user, "
            f"query or fragment, not {_shown(value)}"
        )
    sent = _as_sent(found.prefix)
    if sent != found.prefix:
        raise UsageError(
            f"clients send the path of base_url in another spelling than {_shown(value)}; "
            f"write {_shown(str(replace(found, prefix=sent)))}"
        )
    return found


def _shown(value: Any) -> str:
    """Return a value as a message may repeat it: what stands before an ``@`` may be a password."""
    return quoted(_USER.sub("", value) if isinstance(value, str) else value)


def _as_sent(path: str) -> str:
    """Return a path in the one spelling that every client leaves as it is (RFC 3986, section 6.2).

    >>> _as_sent("/a/../%7euser/p%c3%a4y{1}")
    '/~user/p%C3%A4y%7B1%7D'
    """
    plain = _ENCODED.sub(_plain_or_upper, path)
    segments: list[str] = []
    for segment in quote(plain, safe=_IN_PATHS).split("/"):
        if segment == "..":
            segments = segments[:-1] or [""]  # never above the root
        elif segment != ".":
            segments.append(segment)
    return "/".join(segments).rstrip("/")


def _plain_or_upper(escape: re.Match[str]) -> str:
    if not escape[1]:
        return "%25"  # a percent sign that stands for itself
    sign = unquote(escape[0])
    return sign if _UNRESERVED.fullmatch(sign) else escape[0].upper()


# Every fake of a run has the same one, and to take it apart is a tenth of what a fake costs.
@lru_cache(maxsize=32)
def _parts(value: str) -> BaseUrl | None:
    if not _VISIBLE.fullmatch(value):
        return None
    try:
        parts = urlsplit(value)
        port = parts.port
    except ValueError:
        return None
    if parts.scheme not in DEFAULT_PORTS or not parts.hostname:
        return None
    if parts.username is not None or parts.query or parts.fragment or port == 0:
        return None
    shown = None if port == DEFAULT_PORTS[parts.scheme] else port
    return BaseUrl(parts.scheme, parts.hostname, shown, parts.path.rstrip("/"))
