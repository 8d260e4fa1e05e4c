"""One attribute of another library, replaced while a fake is active and put back after."""

from collections.abc import Callable, Iterable
from copy import copy
from typing import Any


class AttributePatch:
    """Puts a function in the place of another library's, and the very one back that was there.

    It is made once and put in place for each fake. What it has made it keeps for the next one: a
    test has seventeen of them, which was half of what it cost to start and to stop a fake.

    Args:
        owner: the class or module.
        name: of the attribute.
        make: returns our function, given the one below it.
    """

    def __init__(self, owner: Any, name: str, make: Callable[[Any], Callable[..., Any]]) -> None:
        self._owner = owner
        self._name = name
        self._make = make
        self._mine: Any = None
        self._is_inherited = False
        self.is_put = False
        self.below: Any = None

    @property
    def is_on_top(self) -> bool:
        """Whether ours is in place, and nobody else has replaced it since."""
        return self._mine is not None and getattr(self._owner, self._name) is self._mine

    def put(self) -> None:
        """Replace the attribute, unless that was done."""
        if self.is_put:
            return
        self.is_put = True
        owner, name = self._owner, self._name
        below = getattr(owner, name)
        if below is self._mine:
            return  # brought back by a mock that lay on top of it
        if below is not self.below:
            self.below, self._mine = below, self._make(below)
            self._is_inherited = isinstance(owner, type) and name not in vars(owner)
        setattr(owner, name, self._mine)

    def take(self) -> bool:
        """Put the very object back that was there, and say whether that could be done.

        When another patch lies on top of ours, ours cannot be taken out from under it: it stays,
        and the function in it has to hand everything on to ``below``. See also :func:`take_all`.
        """
        self.is_put = False
        owner, name = self._owner, self._name
        if getattr(owner, name, None) is not self._mine:
            return False
        if self._is_inherited:
            delattr(owner, name)
        else:
            setattr(owner, name, self.below)
        return True

    def left_behind(self) -> "AttributePatch":
        """Return what of ours stays where :meth:`take` could not take it, and begin anew."""
        covered = copy(self)
        self.below = self._mine = None  # the next fake has to have another one
        return covered

    @property
    def is_out(self) -> bool:
        """Whether what lay below ours is what there is: it was thrown out with all above it.

        Or nobody's is there, and the class has only what it inherits: all were thrown out.
        """
        owner, name = self._owner, self._name
        if isinstance(owner, type) and name not in vars(owner):
            return True
        return getattr(owner, name, None) is self.below

    @property
    def place(self) -> tuple[Any, str]:
        """The owner and the name."""
        return self._owner, self._name


def take_all(patches: Iterable[AttributePatch]) -> list[AttributePatch]:
    """Take some away, and return what of them stays until nothing lies on top of it."""
    return [patch.left_behind() for patch in patches if patch.is_put and not patch.take()]


def still_covered(patches: list[AttributePatch]) -> list[AttributePatch]:
    """Take away of some that were covered what is so no more, and return the others.

    Args:
        patches: what :func:`take_all` has returned, the newest last.
    """
    for at, patch in reversed(list(enumerate(patches))):
        if patch.take() or patch.is_out:
            # What is newer was thrown out together with what covered this one.
            newer = [other for other in patches[at + 1 :] if other.place != patch.place]
            patches = patches[:at] + newer
    return patches


class MethodPatch:
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
        self._usual = AttributePatch(owner, name, make)
        self._patches: list[AttributePatch] = []
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
        patch = self._usual
        if self._patches:
            if any(patch.is_on_top for patch in self._patches):
                return
            # An earlier one of ours lies below another mock.
            patch = AttributePatch(self._owner, self._name, self._make)
        patch.put()
        self._patches.append(patch)

    def take(self) -> bool:
        """Take away what can be taken, and say whether nothing of ours can come back."""
        left = [patch for patch in reversed(self._patches) if not patch.take()]
        top = self.top
        if top is not self.genuine and self._is_dead(top):
            top = self.genuine
            setattr(self._owner, self._name, top)
        self._patches = [] if top is self.genuine else left[::-1]
        return not self._patches
