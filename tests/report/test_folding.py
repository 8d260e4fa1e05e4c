"""Long lists show their ends and what matters."""

import pytest

from pytest_paymock._text.shorten import kept, with_gaps, wrapped


@pytest.mark.parametrize("total", [0, 1, 7])
def test_what_is_short_enough_is_shown_whole(total: int):
    assert kept(total, [], 7) == list(range(total))


def test_without_anything_that_matters_both_ends_are_shown():
    assert kept(40, [], 24) == [*range(12), *range(28, 40)]


@pytest.mark.parametrize("most", [5, 6, 9])
def test_what_matters_is_shown_with_its_neighbours(most: int):
    found = kept(100, [50], most)
    assert len(found) == most
    assert found == sorted(found)
    assert {0, 49, 50, 51, 99} <= set(found)


def test_more_that_matters_than_there_is_room_for_is_cut_in_the_middle():
    assert kept(100, range(10, 90), 7) == [0, 10, 11, 12, 88, 89, 99]
    assert kept(25, range(25), 24) == [*range(12), *range(13, 25)]


def test_neighbours_beyond_the_ends_do_not_count():
    assert kept(10, [0, 9], 4) == [0, 1, 8, 9]


@pytest.mark.parametrize("places", [[], [0], [3, 4, 9], list(range(10))])
def test_gaps_and_places_add_up_to_the_whole(places: list[int]):
    found = list(with_gaps(places, 10))
    assert [place for place, _ in found] == [*places, 10]
    assert sum(gap for _, gap in found) + len(places) == 10


def test_a_short_line_stays_as_it_is():
    line = "  1  httpx  POST /payments  201  detail (why)"
    assert wrapped(line, len(line)) == [line]
    assert len(wrapped(line, len(line) - 1)) == 2


BROKEN = {
    "between columns and before remarks only": (
        24,
        "  txn_1  success  5 USD  a b  Visa 0366, refunded by ref_1  (why so)",
        [
            "  txn_1  success  5 USD",
            "       a b  Visa 0366,",
            "       refunded by ref_1",
            "       (why so)",
        ],
    ),
    "between words where a column is too long for a line": (
        30,
        "  1  GET /nothing  404  card.expiry_month: must be between 1 and 12",
        [
            "  1  GET /nothing  404",
            "       card.expiry_month: must",
            "       be between 1 and 12",
        ],
    ),
    "between words where it is a sentence": (
        30,
        "guard double_charge: it was lost (call 2), and again (call 3)",
        [
            "guard double_charge: it was",
            "       lost (call 2), and",
            "       again (call 3)",
        ],
    ),
}


@pytest.mark.parametrize(("width", "line", "parts"), BROKEN.values(), ids=BROKEN)
def test_a_line_is_broken(width: int, line: str, parts: list[str]):
    assert wrapped(line, width) == parts


def test_nothing_is_a_line():
    assert wrapped("") == [""]


def test_what_cannot_be_broken_stays_long():
    assert wrapped("x" * 100) == ["x" * 100]
    assert wrapped(f"  {'x' * 100}  USD") == [f"  {'x' * 100}", "       USD"]
    assert wrapped(f"  txn_1  {'x' * 100}  USD") == [
        "  txn_1",
        f"       {'x' * 100}",
        "       USD",
    ]
