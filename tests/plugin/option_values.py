"""Two values for every option, neither of which can be mistaken for the other."""

import json
from typing import Any

from pytest_paymock._options import OPTIONS, checked, settings_of
from pytest_paymock.errors import UsageError

SWITCHES = [name for name, option in OPTIONS.items() if isinstance(option.default, bool)]

VALUES: dict[str, tuple[Any, Any]] = {
    **dict.fromkeys(SWITCHES, (True, False)),
    "allow": (["double_charge", "foreign_token"], ["card_data_leak"]),
    "allow_hosts": (["api.example.com", "*.example.org"], ["pay.example"]),
    "base_url": ("https://one.example", "http://127.0.0.1:8080/two"),
    "seed": (11, -12),
    "success_rate": (0.25, 1.0),
    "clock": ("2026-01-27T12:00:00", "2027-02-28T13:00:00+01:00"),
    "profile": ("documented", "deployed"),
    "network": ("none", "any"),
    "streams": ("customer", "payments"),
    "guards": ("off", "error"),
    "world": (1, 43),
}


def _known(name: str, value: Any) -> bool:
    try:
        checked({name: value})
    except UsageError:
        return False
    return True


TOLD_APART = [
    name
    for name, values in VALUES.items()
    if name in OPTIONS and all(_known(name, value) for value in values)
]
"""The options that have two values, which is what it takes to see who wins."""


def given(which: int) -> dict[str, Any]:
    """Return the first or the second value of every such option."""
    return {name: VALUES[name][which] for name in TOLD_APART}


def seen(values: dict[str, Any]) -> dict[str, str]:
    """Return how a fake shows these options, and the defaults of the others."""
    settings = settings_of(values)
    return {name: repr(getattr(settings, name)) for name in OPTIONS}


def text(value: Any) -> str:
    """Return a value as it is written on the command line and in INI files."""
    if isinstance(value, list):
        return " ".join(value)
    return json.dumps(value) if isinstance(value, bool) else str(value)


def flags(values: dict[str, Any]) -> list[str]:
    """Return the options as command line flags."""
    return [f"--paymock-{name.replace('_', '-')}={text(v)}" for name, v in values.items()]


def ini_lines(values: dict[str, Any]) -> str:
    """Return the options as lines of an INI file."""
    return "\n".join(f"paymock_{name} = {text(value)}" for name, value in values.items())


def toml_lines(values: dict[str, Any]) -> str:
    """Return the options as typed lines of a TOML file."""
    return "\n".join(f"paymock_{name} = {json.dumps(value)}" for name, value in values.items())
