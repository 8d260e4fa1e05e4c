"""Small slips, each with a sentence that says what was meant."""

from collections.abc import Callable
from typing import Any

import pytest

import pytest_paymock
from pytest_paymock import MoneyRecords, Paymock, UsageError, faults
from pytest_paymock._engine.cards import Card
from pytest_paymock._options import OPTIONS
from pytest_paymock._suggestions import did_you_mean

NOON = "2026-01-27T12:00:00"

Slip = Callable[[Any], object]


@pytest.fixture
def fake() -> Any:
    return Paymock(clock=NOON)


def set_to(name: str, value: object, of: str = "") -> Slip:
    """Return what sets an attribute of a fake, or of something that it has."""

    def slip(fake: Any) -> None:
        setattr(getattr(fake, of) if of else fake, name, value)

    return slip


# -- assignments ------------------------------------------------------------------------------

OPTION = "is an option: give it where the fake is made, such as @pytest.mark.paymock("

WITHOUT_EFFECT = {
    "an option": (set_to("success_rate", 0), f"success_rate {OPTION}success_rate=0) or Paymock("),
    "the seed": (set_to("seed", 7), f"seed {OPTION}seed=7) or Paymock(seed=7)"),
    "a slip of an option": (
        set_to("sucess_rate", 0),
        "there is no sucess_rate (did you mean success_rate?), so to set it has no effect",
    ),
    "no name at all": (set_to("xyzzy", 0), "there is no xyzzy, so to set it has no effect"),
    "records": (set_to("payments", []), "payments is there to read and cannot be set"),
    "a script": (
        set_to("always", "card_declined", of="outcomes"),
        "always is called and not set: write always('card_declined')",
    ),
    "a fault": (
        set_to("always", faults.disconnect, of="faults"),
        "always is called and not set: write always(faults.disconnect)",
    ),
    "the clock": (
        set_to("pinned", NOON, of="clock"),
        "pinned is there to read and cannot be set",
    ),
}


@pytest.mark.parametrize("slip", WITHOUT_EFFECT)
def test_an_assignment_without_an_effect_is_an_error(fake: Any, slip: str):
    run, sentence = WITHOUT_EFFECT[slip]
    with pytest.raises(UsageError) as caught:
        run(fake)
    assert str(caught.value).startswith(sentence)
    assert isinstance(caught.value, AttributeError)


def test_a_spy_may_stand_in_the_place_of_a_method(fake: Any, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(fake, "reset", lambda: "spied")
    assert fake.reset() == "spied"


def test_each_option_can_be_read():
    given = {"seed": 7, "success_rate": 0.5, "allow": ["double_charge"], "network": "none"}
    paymock = Paymock(**given)
    for name in OPTIONS:
        if name != "clock":  # that is the clock itself
            assert getattr(paymock, name) == getattr(paymock.settings, name)
    assert (paymock.seed, paymock.success_rate) == (7, 0.5)
    assert Paymock.seed is vars(Paymock)["seed"]


@pytest.mark.parametrize("name", ["status", "amount", "xyzzy"])
@pytest.mark.parametrize("delete", [False, True])
def test_a_record_says_how_what_it_tells_is_decided(fake: Any, name: str, delete):
    fake.add_payment(25)
    fake.add_token()
    for record in (fake.payments[0], fake.tokens[0]):
        with pytest.raises(AttributeError) as caught:
            delattr(record, name) if delete else setattr(record, name, "failed")
        assert isinstance(caught.value, UsageError)
        assert str(caught.value) == (
            f"{name} of a {type(record).__name__} cannot be set, since it says what happened; "
            "scripts such as paymock.outcomes and paymock.faults, add_payment() and settle() "
            "decide it"
        )


# -- arguments --------------------------------------------------------------------------------

SLIPS: dict[str, tuple[Slip, str]] = {
    "option": (lambda _: Paymock(sed=7), "there is no paymock option 'sed' (did you mean seed?); "),  # type: ignore[call-arg]
    "value of an option": (
        lambda _: Paymock(profile="documentd"),  # type: ignore[arg-type]
        "profile must be one of documented, deployed, not 'documentd' (did you mean documented?)",
    ),
    "guard": (
        lambda _: Paymock(allow=["double_charges"]),
        "there is no guard 'double_charges' (did you mean double_charge?); ",
    ),
    "base URL of an endpoint": (
        lambda _: Paymock(base_url="https://pay.example/v2/api/v1/"),
        "base_url is what stands before /api/v1, such as https://pay.example/v2, not 'https://",
    ),
    "outcome": (
        lambda fake: fake.outcomes.queue("card_decline"),
        "there is no outcome 'card_decline' (did you mean card_declined?); the outcomes are ",
    ),
    "message of an outcome": (
        lambda fake: fake.outcomes.always("Insufficient funds"),
        "there is no outcome 'Insufficient funds' (did you mean insufficient_funds?); ",
    ),
    "outcomes in a list": (
        lambda fake: fake.outcomes.queue(["card_declined", "success"]),
        "outcome names are given one by one, such as queue('card_declined', 'success'), and not ",
    ),
    "condition": (
        lambda fake: fake.outcomes.when("success", customer="cust_1"),
        "there is no condition 'customer' (did you mean customer_id?); the conditions are ",
    ),
    "card type": (
        lambda fake: fake.outcomes.when("success", card_type="visa"),
        "there is no card type 'visa' (did you mean Visa?); the card types are ",
    ),
    "fault of the script": (
        lambda fake: fake.faults.queue(fake.faults.read_timeout),
        (
            "faults are values of a module, which has the name of this script as well: write `from "
            "pytest_paymock import faults` and faults.read_timeout"
        ),
    ),
    "fault by its name": (
        lambda fake: fake.faults.queue("read timeout"),
        (
            "a fault is a value of pytest_paymock.faults, such as faults.read_timeout, not "
            "'read timeout' (did you mean read_timeout?)"
        ),
    ),
    "latency without seconds": (
        lambda fake: fake.faults.queue(faults.latency),
        "faults.latency makes a fault of a number, such as latency(3)",
    ),
    "error without a status": (
        lambda fake: fake.faults.always(faults.http_error),
        "faults.http_error makes a fault of a number, such as http_error(503)",
    ),
    "endpoint": (
        lambda fake: fake.faults.queue(faults.disconnect, on="payment"),
        "there is no endpoint 'payment' (did you mean create_payment?); the endpoints are ",
    ),
    "unit of time": (
        lambda fake: fake.clock.advance(hour=1),
        "there is no unit 'hour' (did you mean hours?); advance takes weeks, days, hours, ",
    ),
    "time that has passed": (
        lambda fake: fake.clock.move_to("2020-01-01T00:00:00"),
        (
            "time never goes backwards; it is 2026-01-27T12:00:00 UTC, after 2020-01-01T00:00:00. "
            "To begin earlier, give the option clock, such as @pytest.mark.paymock(clock='2026-"
        ),
    ),
    "card": (
        lambda fake: fake.card("mastercart"),
        "there is no test card 'mastercart' (did you mean mastercard?); the cards are visa, ",
    ),
    "card in place of its name": (
        lambda fake: fake.add_token(fake.card()),
        "a test card is chosen by its name, such as 'visa', not by a dict",
    ),
    "field of a card": (
        lambda fake: fake.card("visa", expiry=2030),
        "a card has no field 'expiry' (did you mean expiry_year?); it has card_number, ",
    ),
    "field of a customer": (
        lambda fake: fake.customer("cust_1", emial="a@b"),
        "a customer has no field 'emial' (did you mean email?); it has customer_id, email, ",
    ),
    "field of an address": (
        lambda fake: fake.customer(billing_address={"zip": "10001"}),
        "a billing_address has no field 'zip' (did you mean zip_code?); it has street, ",
    ),
    "field of a query": (
        lambda fake: fake.payments.where(customer="cust_1"),
        "a payment has no field 'customer' (did you mean customer_id?); it has ",
    ),
    "value in a query": (
        lambda fake: fake.payments.where(outcome="declined"),
        "there is no outcome 'declined' (did you mean card_declined?); a payment has one of ",
    ),
}


@pytest.mark.parametrize("slip", SLIPS)
def test_a_slip_says_what_was_meant(fake: Any, slip: str):
    run, sentence = SLIPS[slip]
    with pytest.raises(UsageError) as caught:
        run(fake)
    assert str(caught.value).startswith(sentence)


def test_a_name_that_no_script_has_is_an_ordinary_error(fake: Any):
    assert not hasattr(fake.faults, "xyzzy")
    with pytest.raises(AttributeError, match=r"^'FaultScript' object has no attribute 'xyzzy'$"):
        _ = fake.faults.xyzzy


def test_no_message_repeats_what_is_on_a_card(fake: Any):
    card = fake.card("amex")
    for slip in (fake.card, fake.add_token):
        with pytest.raises(UsageError) as caught:
            slip(card)
        assert "1234" not in str(caught.value)


@pytest.mark.parametrize("written", ["x" * 61, "", 7, None])
def test_nothing_is_meant_by_what_is_no_name(written: object):
    assert did_you_mean(written, ["seed", "x" * 60]) == ""


# -- what people try --------------------------------------------------------------------------


def test_the_amount_of_a_payment_needs_no_name(fake: Any):
    assert fake.add_payment(25).amount == 25


def test_a_part_of_the_records_can_be_asked_like_all_of_them(fake: Any):
    for amount in (1, 2, 3):
        fake.add_payment(amount)
    part = fake.payments.where(status="success")[:2]
    assert isinstance(part, MoneyRecords)
    assert (len(part), part.total(), part.where(amount=2).one().amount) == (2, 3, 2)
    fake.add_payment(4)
    assert len(part) == 2
    assert fake.calls[:1] == []


def test_a_card_can_be_made_of_its_repr(fake: Any):
    card = fake.add_token().card
    assert eval(repr(card)) == card  # noqa: S307 - as inline-snapshot does
    assert Card.__name__ in repr(card)


def test_completion_knows_every_public_name():
    assert set(pytest_paymock.__all__) <= set(dir(pytest_paymock))
