"""Where the card numbers of a test turned up again, without a number being kept."""

import pytest

from pytest_paymock._engine.card_leaks import CardWatch, Stray
from pytest_paymock._engine.cards import TEST_CARDS, fingerprint_of
from tests.engine.support import an_engine

KEY = b"a key"
VISA, AMEX = TEST_CARDS["visa"], TEST_CARDS["american_express"]


def a_watch(*sent):
    watch = CardWatch(KEY)
    for number in sent:
        watch.sent(number)
    return watch


@pytest.mark.parametrize(
    "text",
    [
        VISA,
        f"card={VISA}&cvv=123",
        "4532 0151 1283 0366",
        "4532-0151-1283-0366",
        "4532 - 0151 - 1283 - 0366",
        "4532\n0151\n1283\n0366",
        f"99{VISA}99",
        f"2025-01-27 12:00:00 {VISA} 123",
        "\uff14\uff15\uff13\uff12015112830366",
        "GET /?card=4532%200151%201283%200366",
        "⁴⁵³²⁰¹⁵¹¹²⁸³⁰³⁶⁶",
        f"{VISA}² 100%25",
    ],
)
def test_a_card_number_that_was_sent_is_found_in_a_text(text):
    assert a_watch(VISA).found_in(text) == ["0366"]


@pytest.mark.parametrize("text", ["", "0366", "4532 0151 1283", "4532015112830367", AMEX])
def test_another_number_is_not_found(text):
    assert a_watch(VISA).found_in(text) == []


def test_where_no_card_was_sent_none_is_found():
    assert a_watch().found_in(VISA) == []


def test_each_card_is_found_once():
    assert sorted(a_watch(VISA, AMEX).found_in(f"{VISA} {AMEX} {VISA}")) == ["0126", "0366"]


@pytest.mark.parametrize("text", ["4532015112830367", "4222222222222", "", "none", "6" * 40])
def test_what_the_api_takes_for_no_card_is_not_looked_for(text):
    assert a_watch(text).found_in(text) == []


@pytest.mark.parametrize("order", ["sent first", "sent later"])
def test_a_card_number_where_none_belongs_counts_if_it_was_also_sent_as_one(order):
    watch = a_watch()
    if order == "sent first":
        watch.sent(VISA)
    watch.stray(f"note {VISA}", 7)
    watch.stray(f"note {AMEX}", 8)
    if order == "sent later":
        watch.sent(VISA)

    assert watch.strays == [Stray(fingerprint_of(VISA, KEY), "0366", 7)]


def test_one_exchange_is_told_once_for_each_card():
    watch = a_watch(VISA)
    watch.stray(f"{VISA} and {VISA}", 1)
    watch.stray(VISA, 1)
    watch.stray(VISA, 2)

    assert [stray.call_number for stray in watch.strays] == [1, 2]


def test_no_card_number_is_kept():
    watch = a_watch(VISA)
    watch.stray(VISA, 1)

    assert VISA not in repr(vars(watch))


def test_a_watch_forgets():
    watch = a_watch(VISA)
    watch.stray(VISA, 1)
    watch.clear()

    assert watch.strays == watch.found_in(VISA) == []
    watch.sent(VISA)
    assert watch.strays == []


def test_the_engine_notes_the_exchange_and_forgets_at_a_reset():
    engine = an_engine()
    engine.cards.sent(VISA)
    engine.during_call(4)
    engine.note_stray_card(VISA)

    assert [stray.call_number for stray in engine.cards.strays] == [4]
    engine.reset()
    assert engine.cards.strays == engine.cards.found_in(VISA) == []
