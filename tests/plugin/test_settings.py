"""What a value of an option may be, typed or as text, and how it is kept."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from pytest_paymock import Paymock, UsageError
from pytest_paymock._options import OPTIONS, checked, settings_of
from pytest_paymock.plugin import DECLARED

NOON = datetime(2026, 1, 27, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("name", "value", "kept"),
    [
        ("allow", "double_charge, foreign_token", ("double_charge", "foreign_token")),
        ("allow", ["card_data_leak"], ("card_data_leak",)),
        ("allow", "", ()),
        ("allow", ["double_charge,", "foreign_token"], ("double_charge", "foreign_token")),
        ("allow_hosts", "API.example.com, *.example.org", ("api.example.com", "*.example.org")),
        ("allow_hosts", ("pay.example",), ("pay.example",)),
        ("allow_hosts", ["::1", "[2001:DB8::0:1]", "10.0.0.1"], ("::1", "2001:db8::1", "10.0.0.1")),
        ("allow_hosts", ["a.example,", "b.example"], ("a.example", "b.example")),
        ("guards", "error", "error"),
        ("world", "7", 7),
        ("world", None, None),
        ("base_url", "https://Pay.Example:443/v2/", "https://pay.example/v2"),
        ("seed", 7, 7),
        ("seed", "-7", -7),
        ("success_rate", 1, 1.0),
        ("success_rate", "0.25", 0.25),
        ("success_rate", 0, 0.0),
        ("clock", None, None),
        ("clock", "", None),
        ("clock", "2026-01-27T12:00:00", NOON),
        ("clock", "2026-01-27T13:00:00+01:00", NOON),
        ("clock", "2026-01-27", datetime(2026, 1, 27, tzinfo=UTC)),
        ("clock", NOON.replace(tzinfo=None), NOON),
        ("clock", NOON.astimezone(timezone(timedelta(hours=5))), NOON),
        ("profile", "documented", "documented"),
        ("network", "none", "none"),
        ("real_latency", True, True),
        ("real_latency", "Yes", True),
        ("real_latency", "0", False),
        ("streams", "customer", "customer"),
    ],
)
def test_a_value_is_kept_in_one_form(name: str, value: object, kept: object):
    found = checked({name: value})[name]
    assert found == kept
    assert type(found) is type(kept)


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("allow", {"double_charge"}, "allow takes a list of guards, not {'double_charge'}"),
        ("allow_hosts", ["pay.example:443"], "host names without scheme or port"),
        ("allow_hosts", ["[::1]:443"], "host names without scheme or port"),
        ("allow_hosts", ["pay.exämple"], "host names without scheme or port, in ASCII"),
        ("allow_hosts", [5], "host names without scheme or port"),
        ("allow_hosts", None, "host names without scheme or port"),
        ("guards", None, "guards must be one of off, warn, error, not None"),
        ("world", 0, "world must be the number of one explored world, from 1, not 0"),
        ("world", True, "world must be the number of one explored world, from 1, not True"),
        ("world", 1.0, "world must be the number of one explored world, from 1, not 1.0"),
        ("base_url", None, "not None"),
        ("base_url", "localhost:8000", "not 'localhost:8000'"),
        ("seed", True, "seed must be a whole number, not True"),
        ("seed", 7.0, "seed must be a whole number, not 7.0"),
        ("seed", None, "seed must be a whole number, not None"),
        ("seed", "random", "seed must be a whole number, not 'random'"),
        ("success_rate", "nan", "success_rate must be a number from 0 to 1, not 'nan'"),
        ("success_rate", 1.01, "success_rate must be a number from 0 to 1, not 1.01"),
        ("success_rate", -0.1, "success_rate must be a number from 0 to 1, not -0.1"),
        ("success_rate", "90%", "success_rate must be a number from 0 to 1, not '90%'"),
        ("success_rate", True, "success_rate must be a number from 0 to 1, not True"),
        ("clock", date(2026, 1, 27), "clock: a time is a datetime or an ISO string, not "),
        ("clock", "0001-01-01T00:00:00+05:00", "clock: 0001-01-01T00:00:00+05:00 has no place "),
        ("network", ["none"], "network must be one of loopback, none, any, not ['none']"),
        ("real_latency", 1, "real_latency must be true or false, not 1"),
        ("streams", None, "streams must be one of payments, customer, not None"),
    ],
)
def test_a_wrong_value_is_refused_with_its_option_and_what_is_valid(
    name: str, value: object, sentence: str
):
    with pytest.raises(UsageError) as caught:
        checked({name: value})
    assert sentence in str(caught.value)
    assert name in str(caught.value)


def test_an_unknown_option_is_refused_with_all_names():
    with pytest.raises(UsageError) as caught:
        settings_of({"sed": 7})
    assert str(caught.value) == (
        "there is no paymock option 'sed' (did you mean seed?); "
        f"the options are {', '.join(OPTIONS)}"
    )


def test_what_is_not_given_has_its_default():
    settings = settings_of({"seed": "7"})
    assert settings.seed == 7
    for name, option in OPTIONS.items():
        if name != "seed":
            assert getattr(settings, name) == option.default


def test_every_default_passes_its_own_check():
    for name, option in OPTIONS.items():
        assert checked({name: option.default}) == {name: option.default}


def test_the_settings_of_a_fake_cannot_be_changed():
    settings = Paymock(seed=7).settings
    with pytest.raises(AttributeError):
        settings.seed = 8  # type: ignore[misc]
    assert settings.seed == 7


def test_pytest_is_told_of_every_option_and_of_no_other():
    assert sorted(line.split()[0] for line in DECLARED.splitlines()) == sorted(OPTIONS)
