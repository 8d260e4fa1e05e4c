"""Long lists show their ends and what matters."""

import pytest

from pytest_paymock.folding import kept, with_gaps


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


def test_more_that_matters_than_there_is_room_for_is_cut_at_the_end():
    assert kept(100, range(10, 90), 7) == [0, 10, 11, 12, 13, 14, 99]


def test_neighbours_beyond_the_ends_do_not_count():
    assert kept(10, [0, 9], 4) == [0, 1, 8, 9]


@pytest.mark.parametrize("places", [[], [0], [3, 4, 9], list(range(10))])
def test_gaps_and_places_add_up_to_the_whole(places: list[int]):
    found = list(with_gaps(places, 10))
    assert [place for place, _ in found] == [*places, 10]
    assert sum(gap for _, gap in found) + len(places) == 10
