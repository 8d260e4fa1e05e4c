"""Our patches among those of others, whatever the order in which those go."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from pytest_paymock import Paymock
from pytest_paymock._intercept.interceptor import Interceptor
from pytest_paymock._intercept.method_patch import (
    AttributePatch,
    MethodPatch,
    still_covered,
    take_all,
)

if TYPE_CHECKING:
    from pytest_paymock._intercept.mount import Mount

Function = Callable[[], str]


def genuine() -> str:
    return "genuine"


def ours(below: Function) -> Function:
    return lambda: f"ours over {below()}"


@pytest.fixture
def place() -> Any:
    return SimpleNamespace(one=genuine, two=genuine)


@pytest.fixture
def patch(place: Any) -> AttributePatch:
    return AttributePatch(place, "one", ours)


def cover(place: Any, name: str = "one") -> Function:
    """Put somebody else's patch on top, and return what it covers."""
    below: Function = getattr(place, name)
    setattr(place, name, lambda: f"theirs over {below()}")
    return below


def test_a_patch_puts_the_same_function_in_place_again(place: Any, patch: AttributePatch):
    patch.put()
    first = place.one
    patch.put()
    assert place.one is first
    assert first() == "ours over genuine"
    assert take_all([patch]) == []
    assert place.one is genuine
    patch.put()
    assert place.one is first


def test_a_patch_over_something_else_is_another_function(place: Any, patch: AttributePatch):
    patch.put()
    patch.take()
    cover(place)
    patch.put()
    assert place.one() == "ours over theirs over genuine"


def test_what_was_covered_goes_as_soon_as_it_is_on_top(place: Any, patch: AttributePatch):
    patch.put()
    saved = cover(place)
    covered = take_all([patch])
    assert take_all([patch]) == []
    assert still_covered(covered) == covered
    assert place.one() == "theirs over ours over genuine"
    place.one = saved
    assert still_covered(covered) == []
    assert place.one is genuine


def test_a_fake_between_is_covered_apart(place: Any, patch: AttributePatch):
    patch.put()
    first = cover(place)
    covered = take_all([patch])
    patch.put()
    second = cover(place)
    covered += take_all([patch])
    assert place.one() == "theirs over ours over theirs over ours over genuine"
    place.one = second
    covered = still_covered(covered)
    assert place.one() == "theirs over ours over genuine"
    place.one = first
    assert still_covered(covered) == []
    assert place.one is genuine


def test_what_was_thrown_out_with_its_cover_is_not_waited_for(place: Any, patch: AttributePatch):
    other = AttributePatch(place, "two", ours)
    for one in (patch, other):
        one.put()
    saved = cover(place)
    cover(place, "two")
    covered = take_all([patch])
    patch.put()
    cover(place)
    covered += take_all((other, patch))
    place.one = saved
    assert [left.place for left in still_covered(covered)] == [(place, "two")]
    assert place.one is genuine


def test_what_somebody_else_has_taken_away_is_not_waited_for(place: Any, patch: AttributePatch):
    patch.put()
    cover(place)
    covered = take_all([patch])
    place.one = genuine
    assert still_covered(covered) == []


def test_what_was_thrown_out_with_what_lay_below_it_is_not_waited_for(
    monkeypatch: pytest.MonkeyPatch,
):
    class Base:
        def one(self) -> str:
            return "genuine"

    class Inheriting(Base):
        pass

    patch = AttributePatch(Inheriting, "one", ours)
    with monkeypatch.context() as other:
        other.setattr(Inheriting, "one", lambda _: "theirs")
        patch.put()
    covered = take_all([patch])
    assert len(covered) == 1
    assert still_covered(covered) == []
    assert "one" not in vars(Inheriting)


def test_what_is_gone_altogether_is_no_error(place: Any, patch: AttributePatch):
    patch.put()
    cover(place)
    covered = take_all([patch])
    del place.one
    assert still_covered(covered) == covered


def test_a_seam_takes_away_what_was_thrown_out_and_brought_back(place: Any):
    seam = MethodPatch(place, "one", genuine, ours)
    seam.put()
    mine = place.one
    place.one = genuine
    assert seam.is_lost
    assert seam.take()
    place.one = mine
    seam.put()
    assert place.one is mine
    assert seam.take()
    assert place.one is genuine


def test_a_seam_has_another_function_where_the_first_is_covered(place: Any):
    seam = MethodPatch(place, "one", genuine, ours)
    seam.put()
    saved = cover(place)
    assert not seam.take()
    seam.put()
    assert place.one() == "ours over theirs over ours over genuine"
    assert not seam.take()
    assert place.one() == "theirs over ours over genuine"
    place.one = saved
    seam.put()
    assert place.one is saved
    assert seam.take()
    assert place.one is genuine


class Board(Interceptor):
    """One that patches nothing."""

    is_lost = False

    def install(self) -> None:
        """Do nothing."""

    def uninstall(self) -> bool:
        """Do nothing."""
        return True


def test_a_second_copy_of_the_package_lets_the_first_one_answer():
    class Owner:
        pass

    first, second = Board(Owner), Board(Owner)
    mounts: list[Mount] = [Paymock(seed=seed)._mount for seed in (1, 2)]
    end_first, end_second = first.admit(mounts[0]), second.admit(mounts[1])
    assert (first.mounts, second.mounts) == (tuple(mounts), ())
    end_first()
    assert first.mounts == (mounts[1],)
    assert second.active is first
    end_second()
    assert first.active is None
