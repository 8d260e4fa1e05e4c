"""One attribute of another library, replaced while a fake is active and put back after."""

from collections.abc import Callable
from typing import Any, NamedTuple


class _Put(NamedTuple):
    """A function of ours that was put in the place of another one."""

    mine: Any
    below: Any
    is_inherited: bool


class AttributePatch:
    """Puts a function in the place of another library's, and the very one back that was there.

    Somebody else may patch the same attribute after us and still do so when the fake ends. Then
    ours cannot be taken out from below: it stays and hands on, until :meth:`tidy` finds it on top.

    Args:
        owner: the class or module.
        name: of the attribute.
        make: returns our function, given the one below it.
    """

    def __init__(self, owner: Any, name: str, make: Callable[[Any], Callable[..., Any]]) -> None:
        self._owner = owner
        self._name = name
        self._make = make
        self._ours: _Put | None = None
        self._is_put = False
        self._covered: tuple[_Put, ...] = ()

    @property
    def below(self) -> Any:
        """What ours was put in place of last."""
        return None if self._ours is None else self._ours.below

    @property
    def _top(self) -> Any:
        return getattr(self._owner, self._name, None)

    def put(self) -> None:
        """Replace the attribute, unless that was done."""
        if self._is_put:
            return
        self.tidy()
        self._is_put = True
        top = self._top
        ours = self._ours
        if ours is None or ours.below is not top:
            inherits = isinstance(self._owner, type) and self._name not in vars(self._owner)
            ours = self._ours = _Put(self._make(top), top, inherits)
        setattr(self._owner, self._name, ours.mine)

    def take(self) -> None:
        """Put the very object back that was there, now or as soon as nothing covers ours."""
        if not self._is_put:
            return
        if self._ours is not None and not self._remove(self._ours):
            self._covered = (*self._covered, self._ours)
            self._ours = None  # the next fake has to have another one
        self._is_put = False

    def tidy(self) -> None:
        """Take away what was covered at the end of a fake and is so no more."""
        for put in reversed(self._covered):
            if self._remove(put) or self._is_out(put):
                # What is newer was thrown out together with what covered this one.
                self._covered = self._covered[: self._covered.index(put)]

    def _remove(self, put: _Put) -> bool:
        if self._top is not put.mine:
            return False
        if put.is_inherited:
            delattr(self._owner, self._name)
        else:
            setattr(self._owner, self._name, put.below)
        return True

    def _is_out(self, put: _Put) -> bool:
        """Return whether one of ours was thrown out with all above it, and never comes back."""
        inherits = isinstance(self._owner, type) and self._name not in vars(self._owner)
        return inherits or self._top is put.below
