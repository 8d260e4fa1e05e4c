"""A hook in another mock, which asks whether a request is the fake's before that mock decides."""

import sys
import warnings
from collections.abc import Callable
from typing import Any

from pytest_paymock._intercept.code_patch import CodePatch
from pytest_paymock._text import messages
from pytest_paymock.errors import PaymockWarning


class Hook:
    """Puts a function of ours in the place of another mock's, while a fake is active.

    Where that mock is not in use there is nothing to do. Where a release of it has no such function
    any more, it is left alone, and one warning says so.

    Args:
        module: its name.
        owner: the name of the class that has the function, or nothing for the module itself.
        name: of the function.
        dispatch: what is called in its place, with all of its arguments.
    """

    def __init__(self, module: str, owner: str, name: str, dispatch: Callable[..., Any]) -> None:
        self._module_name = module
        self._owner_name = owner
        self._name = name
        self._dispatch = dispatch
        self._module: Any = None
        self._patch: CodePatch | None = None

    def original(self, *args: Any, **options: Any) -> Any:
        """Do what the function does while no fake is active."""
        __tracebackhide__ = True
        patch: Any = self._patch  # it is there: who else would have called us?
        return patch.original(*args, **options)

    def put(self) -> None:
        """Put it in place, unless it is."""
        module = sys.modules.get(self._module_name)
        # An in-process pytester throws modules away, and imports them again.
        if module is not self._module:
            # In this order: a signal may come between the two.
            self._patch = None if module is None else self._patch_of(module)
            self._module = module
        if self._patch is not None:
            self._patch.put()

    def _patch_of(self, module: Any) -> CodePatch | None:
        owner = getattr(module, self._owner_name, None) if self._owner_name else module
        if hasattr(owner, self._name):
            return CodePatch(owner, self._name, self._dispatch)
        missing = ".".join(filter(None, (self._module_name, self._owner_name, self._name)))
        warnings.warn(PaymockWarning(messages.mock_has_changed(missing)), stacklevel=2)
        return None

    def take(self) -> None:
        """Take it away."""
        if self._patch is not None:
            self._patch.take()

    def tidy(self) -> None:
        """Take it away if it was covered and is so no more."""
        if self._patch is not None:
            self._patch.tidy()
