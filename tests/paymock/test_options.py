"""The options, as arguments of ``Paymock``."""

import re
from datetime import UTC, datetime
from typing import Any

import pytest

from pytest_paymock import Paymock, UsageError

DESIGNED = (
    "base_url",
    "seed",
    "success_rate",
    "clock",
    "profile",
    "network",
    "streams",
    "guards",
)


def test_nothing_needs_to_be_said() -> None:
    paymock = Paymock()
    assert paymock.base_url == "http://localhost:8000"
    assert paymock.settings.seed == 0
    assert paymock.settings.success_rate == 0.9
    assert paymock.settings.profile == "documented"
    assert paymock.settings.network == "loopback"
    assert paymock.settings.streams == "payments"
    assert paymock.settings.guards == "warn"
    assert paymock.clock.pinned is False


def test_an_unknown_option_is_a_usage_error_that_lists_the_known_ones() -> None:
    with pytest.raises(UsageError) as caught:
        Paymock(sede=7)
    words, _, listed = str(caught.value).partition("; the options are ")
    assert words == "there is no paymock option 'sede' (did you mean seed?)"
    assert set(DESIGNED) <= set(listed.split(", "))


@pytest.mark.parametrize(
    ("option", "wrong", "words"),
    [
        ("seed", "seven", "seed must be a whole number, not 'seven'"),
        ("seed", 7.5, "seed must be a whole number, not 7.5"),
        ("seed", True, "seed must be a whole number, not True"),
        ("seed", None, "seed must be a whole number, not None"),
        ("success_rate", 1.1, "success_rate must be a number from 0 to 1, not 1.1"),
        ("success_rate", -0.1, "success_rate must be a number from 0 to 1, not -0.1"),
        ("success_rate", "nan", "success_rate must be a number from 0 to 1, not 'nan'"),
        ("success_rate", True, "success_rate must be a number from 0 to 1, not True"),
        ("clock", "noon", "clock: 'noon' is no ISO time; write it as 2026-01-27T12:00:00"),
        ("clock", 5, "clock: a time is a datetime or an ISO string, not 5"),
        ("network", "off", "network must be one of loopback, none, any, not 'off'"),
        ("streams", "x", "streams must be one of payments, customer, not 'x'"),
        ("guards", "strict", "guards must be one of off, warn, error, not 'strict'"),
        ("base_url", "localhost:8000", "base_url must be an http or https URL"),
        ("base_url", "ftp://pay.example", "base_url must be an http or https URL"),
        ("base_url", "http://", "base_url must be an http or https URL"),
        ("base_url", "http://user@pay.example", "base_url must be an http or https URL"),
        ("base_url", "http://pay.example?x=1", "base_url must be an http or https URL"),
        ("base_url", "http://pay.example#x", "base_url must be an http or https URL"),
        ("base_url", "http://pay.example:99999", "base_url must be an http or https URL"),
        ("base_url", "", "base_url must be an http or https URL"),
        ("base_url", None, "base_url must be an http or https URL"),
        ("profile", "real", "profile must be one of documented, deployed, not 'real'"),
    ],
)
def test_a_wrong_value_is_a_usage_error_that_says_what_is_right(
    option: str, wrong: Any, words: str
) -> None:
    with pytest.raises(UsageError, match=f"^{re.escape(words)}"):
        Paymock(**{option: wrong})


@pytest.mark.parametrize(
    ("text", "value"),
    [({"seed": "7"}, {"seed": 7}), ({"success_rate": "0.5"}, {"success_rate": 0.5})],
)
def test_a_value_may_be_text(text: dict[str, Any], value: dict[str, Any]) -> None:
    assert Paymock(**text).settings == Paymock(**value).settings


@pytest.mark.parametrize("seed", [0, -5, 2**70, "00"])
def test_the_seed_rules_outcomes_and_ids(seed: int | str) -> None:
    one, same, other = Paymock(seed=seed), Paymock(seed=seed), Paymock(seed=99)
    assert one.outcomes.forecast(60) == same.outcomes.forecast(60)
    assert one.outcomes.forecast(60) != other.outcomes.forecast(60)
    assert one.add_token().token == same.add_token().token != other.add_token().token
    assert one.add_token().card.fingerprint != other.add_token().card.fingerprint


@pytest.mark.parametrize("clock", [None, ""])
def test_no_clock_is_the_real_time(clock: str | None) -> None:
    assert Paymock(clock=clock).clock.pinned is False


def test_a_datetime_pins_the_clock() -> None:
    when = datetime(2026, 1, 27, 12, tzinfo=UTC)
    assert Paymock(clock=when).clock.now() == when


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("http://pay.example/", "http://pay.example"),
        ("https://pay.example/v2/", "https://pay.example/v2"),
        ("http://PAY.example:80", "http://pay.example"),
        ("https://pay.example:443/a", "https://pay.example/a"),
        ("https://pay.example:8443", "https://pay.example:8443"),
        ("http://[::1]:8000", "http://[::1]:8000"),
    ],
)
def test_a_base_url_has_one_spelling(given: str, shown: str) -> None:
    assert Paymock(base_url=given).base_url == shown


def test_options_cannot_be_changed_afterwards() -> None:
    paymock = Paymock()
    with pytest.raises(AttributeError):
        paymock.settings.seed = 7  # type: ignore[misc]
    with pytest.raises(AttributeError):
        paymock.base_url = "http://else"  # type: ignore[misc]
