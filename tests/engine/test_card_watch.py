"""Where the card numbers of a test turned up again, without a number being kept."""

import pytest

from pytest_paymock._engine.card_leaks import CardWatch
from pytest_paymock._engine.cards import TEST_CARDS, fingerprint_of
from pytest_paymock._engine.journal import Entry, Journal, Stray
from tests.engine.support import A_CALL, an_engine

KEY = b"a key"
VISA, AMEX = TEST_CARDS["visa"], TEST_CARDS["american_express"]


def found(text, *sent):
    """Return the last four of each card found in a text, of those that were sent."""
    watch = CardWatch(KEY)
    cards = [card for number in sent for card in watch.sent(number)]
    return watch.found_in(text, {card.fingerprint: card.last_four for card in cards})


def strays(*requests):
    """Return the strays of calls that each bring some card numbers."""
    journal = Journal()
    for cards in requests:
        journal.append(Entry(A_CALL, cards=cards))
    return journal.index.strays


@pytest.mark.parametrize(
    "text",
    [
        VISA,
        f"card={VISA}&cvv=123",
        "4532 0151 1283 0366",
        "4532-0151-1283-0366",
        "4532 - 0151 - 1283 - 0366",
        "4532\n0151\n1283\n0366",
        f"99 {VISA} 99",
        f"2025-01-27 12:00:00 {VISA} 123",
        "\uff14\uff15\uff13\uff12015112830366",
        "GET /?card=4532%200151%201283%200366",
        "⁴⁵³²⁰¹⁵¹¹²⁸³⁰³⁶⁶",
        f"{VISA}² 100%25",
    ],
)
def test_a_card_number_that_was_sent_is_found_in_a_text(text):
    assert found(text, VISA) == ["0366"]


@pytest.mark.parametrize("text", ["", "0366", "4532 0151 1283", "4532015112830367", AMEX])
def test_another_number_is_not_found(text):
    assert found(text, VISA) == []


def test_where_no_card_was_sent_none_is_found():
    assert found(VISA) == []


def test_each_card_is_found_once():
    assert sorted(found(f"{VISA} {AMEX} {VISA}", VISA, AMEX)) == ["0126", "0366"]


@pytest.mark.parametrize("text", ["4532015112830367", "4222222222222", "", "none", "6" * 40])
def test_what_the_api_takes_for_no_card_is_not_looked_for(text):
    assert found(text, text) == []


@pytest.mark.parametrize("order", ["sent first", "sent later"])
def test_a_card_number_where_none_belongs_counts_if_it_was_also_sent_as_one(order):
    watch = CardWatch(KEY)
    sent, noted = watch.sent(VISA), watch.astray(f"notes {VISA} {AMEX}")
    calls = (sent, noted) if order == "sent first" else (noted, sent)

    number = calls.index(noted) + 1
    assert strays(*calls) == [Stray(fingerprint_of(VISA, KEY), "0366", number)]


def test_one_exchange_is_told_once_for_each_card():
    watch = CardWatch(KEY)
    twice = [*watch.astray(f"{VISA} and {VISA}"), *watch.astray(VISA)]

    assert [s.call_number for s in strays(watch.sent(VISA), twice, watch.astray(VISA))] == [2, 3]


def test_no_card_number_is_kept():
    watch = CardWatch(KEY)

    assert VISA not in repr((watch.sent(VISA), watch.astray(VISA), vars(watch)))


def test_a_reset_forgets_them():
    engine = an_engine()
    engine.journal.append(
        Entry(A_CALL, cards=[*engine.cards.sent(VISA), *engine.cards.astray(VISA)])
    )
    assert [stray.call_number for stray in engine.strays] == [1]
    engine.reset()

    assert engine.strays == []
    assert engine.cards_sent == {}
