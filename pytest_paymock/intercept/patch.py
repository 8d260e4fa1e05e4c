"""One attribute of another library, replaced while a fake is active and put back after."""

from collections.abc import Callable
from typing import Any

_LEFT = "_paymock_left"


class Patch:
    """Puts a function in the place of another library's and remembers the one below."""

    def __init__(self, owner: Any, name: str) -> None:
        self._owner = owner
        self._name = name
        self._mine: Any = None
        self._inherited = isinstance(owner, type) and name not in vars(owner)
        self.below: Any = getattr(owner, name)

    @property
    def is_on_top(self) -> bool:
        """Whether nobody else has replaced the attribute since."""
        return getattr(self._owner, self._name) is self._mine

    def put(self, mine: Any) -> None:
        """Replace the attribute."""
        self._mine = mine
        setattr(self._owner, self._name, mine)

    def take(self) -> bool:
        """Put the very object back that was there, and say whether that could be done.

        When another patch lies on top of ours, ours cannot be taken out from under it: it stays,
        and the function in it has to hand everything on to ``below``. :func:`take_left` takes it
        once the other one is gone.
        """
        if not self.is_on_top:
            setattr(self._mine, _LEFT, self.take)
            return False
        if self._inherited:
            delattr(self._owner, self._name)
        else:
            setattr(self._owner, self._name, self.below)
        return True


def take_left(owner: Any, name: str) -> None:
    """Take away what another patch covered when its fake ended, as soon as it is on top again."""
    # Not by getattr: a mock has whatever attribute it is asked for.
    while (take := getattr(getattr(owner, name, None), "__dict__", {}).get(_LEFT)) is not None:
        if not take():  # somebody has copied the attributes of ours
            return


class Seam:
    """A method where other mocks put patches of their own, before and after ours.

    Each of them puts back what it found, in any order. One that was there before us throws ours
    out with its own; one that came after us keeps ours from being taken, and brings it back later.

    Args:
        owner: the class.
        name: of the method.
        genuine: what the method is while nobody patches it.
        make: returns our function, given the one below it.
        is_dead: says whether a function was put there by a mock that is stopped by now.
    """

    def __init__(
        self,
        owner: type,
        name: str,
        genuine: Any,
        make: Callable[[Any], Callable[..., Any]],
        is_dead: Callable[[Any], bool] = lambda _: False,
    ) -> None:
        self._owner = owner
        self._name = name
        self._make = make
        self._is_dead = is_dead
        self._patches: list[Patch] = []
        self.genuine = genuine

    @property
    def top(self) -> Any:
        """What the method is now."""
        return getattr(self._owner, self._name)

    @property
    def is_lost(self) -> bool:
        """Whether ours was thrown out by a patch that was there before it."""
        return self.top is self.genuine

    def put(self) -> None:
        """Put ours on top, unless it is there already."""
        if any(patch.is_on_top for patch in self._patches):
            return
        patch = Patch(self._owner, self._name)
        patch.put(self._make(patch.below))
        self._patches.append(patch)

    def take(self) -> bool:
        """Take away what can be taken, and say whether nothing of ours can come back."""
        self._patches = [patch for patch in reversed(self._patches) if not patch.take()][::-1]
        if self._is_dead(self.top):
            setattr(self._owner, self._name, self.genuine)
        if self.is_lost:
            self._patches.clear()
        return not self._patches
