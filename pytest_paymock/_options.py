"""The options: one name, one meaning and one check, whether they come from Python or from pytest.

A value may be typed (``Paymock(seed=7)``, TOML) or a string (INI, the command line).
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from ipaddress import ip_address
from typing import Any, Generic, Literal, NamedTuple, TypedDict, TypeVar

from pytest_paymock._api.base_url import parse_base_url
from pytest_paymock._card_numbers import quoted
from pytest_paymock._engine.clock import as_utc
from pytest_paymock._suggestions import did_you_mean
from pytest_paymock.errors import UsageError, is_for_caller

__tracebackhide__ = is_for_caller


class Option(NamedTuple):
    """One option: its default, and how a value is checked."""

    default: Any
    check: Callable[[Any], Any]


def _base_url(value: Any) -> str:
    return str(parse_base_url(value))


def _seed(value: Any) -> int:
    seed = None
    if isinstance(value, int | str) and not isinstance(value, bool):
        with suppress(ValueError):  # also for a number too long to be written, as in a report
            seed = int(str(value))
    if seed is None:
        raise UsageError(f"seed must be a whole number, not {quoted(value)}")
    return seed


def _success_rate(value: Any) -> float:
    rate = -1.0
    if isinstance(value, int | float | str) and not isinstance(value, bool):
        with suppress(ValueError, OverflowError):
            rate = float(value)
    if not 0 <= rate <= 1:
        raise UsageError(f"success_rate must be a number from 0 to 1, not {quoted(value)}")
    return rate


def _clock(value: Any) -> Any:
    if value in (None, ""):
        return None
    try:
        return as_utc(value)
    except UsageError as error:
        raise UsageError(f"clock: {error}") from None


_TRUTH = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}


def _truth(name: str) -> Callable[[Any], bool]:
    def check(value: Any) -> bool:
        known = _TRUTH.get(value.lower()) if isinstance(value, str) else value
        if not isinstance(known, bool):
            raise UsageError(f"{name} must be true or false, not {quoted(value)}")
        return known

    return check


def _words(value: Any) -> Any:
    """Return the words of a string, or of the strings of a list, with commas or without."""
    if isinstance(value, str):
        return value.replace(",", " ").split()
    if isinstance(value, list | tuple) and all(isinstance(word, str) for word in value):
        return [word for words in value for word in _words(words)]
    return value


def _allow(value: Any) -> tuple[str, ...]:
    names = _words(value)
    if not isinstance(names, list | tuple):
        raise UsageError(f"allow takes a list of guards, not {quoted(value)}")
    for name in names:
        if name not in GUARDS:
            raise UsageError(
                f"there is no guard {quoted(name)}{did_you_mean(name, GUARDS)}; "
                f"the guards are {', '.join(GUARDS)}"
            )
    return tuple(names)


def _allow_hosts(value: Any) -> tuple[str, ...]:
    hosts = _words(value)
    named = isinstance(hosts, list | tuple) and all(isinstance(host, str) for host in hosts)
    # A client sends a name with other letters as ``xn--...``, which would never equal it.
    found = [_host(host) for host in hosts] if named else [None]
    if None in found:
        raise UsageError(
            f"allow_hosts takes a list of host names without scheme or port, in ASCII, such as "
            f"['api.example.com', '*.example.org'], not {quoted(value)}"
        )
    return tuple(filter(None, found))


def _host(name: str) -> str | None:
    """Return a host name, a pattern of such, or an address in its one spelling; else None."""
    with suppress(ValueError):
        return str(ip_address(name.removeprefix("[").removesuffix("]")))
    return name.lower() if name.isascii() and "/" not in name and ":" not in name else None


def _world(value: Any) -> int | None:
    number = value
    if isinstance(value, str):
        with suppress(ValueError):
            number = int(value)
    if number is None or (isinstance(number, int) and number > 0 and number is not True):
        return number
    raise UsageError(f"world must be the number of one explored world, from 1, not {quoted(value)}")


def _one_of(name: str, *choices: str) -> Callable[[Any], str]:
    def check(value: Any) -> str:
        if value not in choices:
            raise UsageError(
                f"{name} must be one of {', '.join(choices)}, not "
                f"{quoted(value)}{did_you_mean(value, choices)}"
            )
        return str(value)

    return check


class Options(TypedDict, total=False):
    """The options as keywords of ``Paymock``, for type checkers; all may be left out."""

    allow: Sequence[str]
    allow_hosts: Sequence[str]
    base_url: str
    clock: datetime | str | None
    guards: Literal["off", "warn", "error"]
    lazy_tls: bool
    network: Literal["loopback", "none", "any"]
    profile: Literal["documented", "deployed"]
    real_latency: bool
    seed: int
    streams: Literal["payments", "customer"]
    success_rate: float
    world: int | None


GUARDS = ("double_charge", "card_data_leak", "foreign_token", "swallowed_block")
"""All guards, by the names with which ``allow`` silences them."""


OPTIONS: dict[str, Option] = {
    "allow": Option((), _allow),
    "allow_hosts": Option((), _allow_hosts),
    "base_url": Option("http://localhost:8000", _base_url),
    "seed": Option(0, _seed),
    "success_rate": Option(0.9, _success_rate),
    "lazy_tls": Option(default=True, check=_truth("lazy_tls")),
    "guards": Option("warn", _one_of("guards", "off", "warn", "error")),
    "clock": Option(None, _clock),
    "profile": Option("documented", _one_of("profile", "documented", "deployed")),
    "network": Option("loopback", _one_of("network", "loopback", "none", "any")),
    "real_latency": Option(default=False, check=_truth("real_latency")),
    "streams": Option("payments", _one_of("streams", "payments", "customer")),
    "world": Option(None, _world),
}
"""Every option by name; ``_pytest/options.py`` declares the same names to pytest, with
a line of help."""


def checked(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the given options with their values checked and typed.

    Raises:
        UsageError: for an unknown option or a wrong value; the message lists the valid ones.
    """
    for name in values:
        if name not in OPTIONS:
            raise UsageError(
                f"there is no paymock option {quoted(name)}{did_you_mean(name, OPTIONS)}; "
                f"the options are {', '.join(OPTIONS)}"
            )
    return {name: OPTIONS[name].check(value) for name, value in values.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """All options of one fake, checked."""

    allow: tuple[str, ...]
    allow_hosts: tuple[str, ...]
    base_url: str
    guards: str
    lazy_tls: bool
    seed: int
    success_rate: float
    clock: Any
    profile: str
    network: str
    real_latency: bool
    streams: str
    world: int | None


T = TypeVar("T")


class OptionValue(Generic[T]):
    """An option as an attribute of a fake, to read."""

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    def __get__(self, fake: Any, owner: type) -> T:
        if fake is None:
            return self  # type: ignore[return-value]  # a class shows the descriptor itself
        value: T = getattr(fake.settings, self._name)
        return value


def settings_of(values: Mapping[str, Any]) -> Settings:
    """Return all options: the given ones, checked, and the defaults of the others.

    Raises:
        UsageError: as :func:`checked`.
    """
    return _with(tuple(checked(values).items())) if values else _DEFAULTS


@lru_cache(maxsize=32)  # a run has few, and to make one costs as much as half of a fake
def _with(values: tuple[tuple[str, Any], ...]) -> Settings:
    return replace(_DEFAULTS, **dict(values))


_DEFAULTS = Settings(**{name: option.default for name, option in OPTIONS.items()})
