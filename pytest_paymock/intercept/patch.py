"""One attribute of another library, replaced while a fake is active and put back after."""

from typing import Any


class Patch:
    """Puts a function in the place of another library's and remembers the one below.

    When another patch lies on top of ours at the end, ours cannot be taken out from under it: it
    stays, and the function in it has to hand everything on to ``below``.
    """

    def __init__(self, owner: Any, name: str) -> None:
        self._owner = owner
        self._name = name
        self._mine: Any = None
        self._inherited = isinstance(owner, type) and name not in vars(owner)
        self.below: Any = getattr(owner, name)

    def put(self, mine: Any) -> None:
        """Replace the attribute."""
        self._mine = mine
        setattr(self._owner, self._name, mine)

    def take(self) -> bool:
        """Put the very object back that was there, and say whether that could be done."""
        if getattr(self._owner, self._name) is not self._mine:
            return False
        if self._inherited:
            delattr(self._owner, self._name)
        else:
            setattr(self._owner, self._name, self.below)
        return True
