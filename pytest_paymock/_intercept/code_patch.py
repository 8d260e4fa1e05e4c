"""The body of a library's function, exchanged while a fake is active.

To patch an attribute is to depend on who else patches it: who came first, who goes first, and what
they put back. So nothing is patched here. The library's own function stays where it is, in its
class and in the hands of whoever wrapped it, and gets other code, which calls us. Tracers and spies
see each faked call as they see a real one, each attribute stays the very object that it was, and
the end is one assignment.
"""

import gc
import warnings
from collections.abc import Callable
from inspect import CO_COROUTINE, CO_VARARGS, CO_VARKEYWORDS
from types import CodeType, FunctionType
from typing import Any, NamedTuple

from pytest_paymock._intercept.attribute_patch import AttributePatch
from pytest_paymock._intercept.wrappers import genuine_function, modules_of, reachable
from pytest_paymock._text import messages
from pytest_paymock.errors import PaymockWarning

_HERE = "__paymock_dispatch__"


def trampoline(code: CodeType, dispatch: Callable[..., Any]) -> CodeType:
    """Return code that takes the same arguments as another and hands all of them to a function.

    Args:
        code: that of the library's function, which has no free variables.
        dispatch: what is called, and awaited if the code is that of a coroutine.
    """
    names = iter(code.co_varnames)
    takes = [next(names) for _ in range(code.co_argcount)]
    hands = [*takes]
    named = [next(names) for _ in range(code.co_kwonlyargcount)]
    if code.co_flags & CO_VARARGS:
        takes.append(f"*{next(names)}")
        hands.append(takes[-1])
    elif named:
        takes.append("*")
    takes += named
    hands += [f"{name}={name}" for name in named]
    if code.co_flags & CO_VARKEYWORDS:
        takes.append(f"**{next(names)}")
        hands.append(takes[-1])
    start, wait = ("async ", "await ") if code.co_flags & CO_COROUTINE else ("", "")
    source = (
        f"{start}def trampoline({', '.join(takes)}):\n"
        "    __tracebackhide__ = True\n"
        f"    dispatch = {_HERE!r}\n"
        f"    return {wait}dispatch({', '.join(hands)})\n"
    )
    module = compile(source, f"<paymock in place of {code.co_qualname}>", "exec")
    (made,) = [found for found in module.co_consts if isinstance(found, CodeType)]
    constants = [dispatch if found == _HERE else found for found in made.co_consts]
    return made.replace(
        co_consts=tuple(constants), co_name=code.co_name, co_qualname=code.co_qualname
    )


class _Exchange(NamedTuple):
    """The code of a function, what takes its place, and the same function with the code it had."""

    code: CodeType
    ours: CodeType
    twin: FunctionType


class CodePatch:
    """Puts a function of ours in the place of a library's, by exchanging its code.

    Args:
        owner: the class or module.
        name: of the function.
        dispatch: what is called in its place, with all of its arguments.
        is_ours: says of the same arguments whether the call is the fake's. With it, a function
            that somebody has put there and that does not call the library's is patched, too.
    """

    def __init__(
        self,
        owner: Any,
        name: str,
        dispatch: Callable[..., Any],
        is_ours: Callable[..., bool] | None = None,
    ) -> None:
        self._owner = owner
        self._name = name
        self._dispatch = dispatch
        self._is_ours = is_ours
        # Mostly that is early enough for it to stand in its place still.
        self._function = genuine_function(owner, name)
        self._exchange: _Exchange | None = None
        self._cover: CodeType | None = None
        self._is_put = False
        self._is_told = False
        self._above = AttributePatch(owner, name, self._answering_ours)
        self._instead = AttributePatch(owner, name, self._answering_all)

    @property
    def original(self) -> Callable[..., Any]:
        """What the function does while nobody fakes it."""
        known = self._exchange
        found: Callable[..., Any] = self._instead.below if known is None else known.twin
        return found

    @property
    def wrapped_by(self) -> set[str]:
        """The names of the modules of what wraps the function now, its own among them."""
        return modules_of(reachable(getattr(self._owner, self._name, None)))

    def put(self) -> None:
        """Exchange the code, unless that was done."""
        if self._function is None:
            # What was replaced for a time is kept by whoever will put it back.
            self._function = genuine_function(self._owner, self._name, gc.get_objects())
        if self._function is None:
            self._replace()
            return
        self._is_put = True
        self._put_in(self._function)
        if self._is_ours is not None and not self._is_called(self._function):
            self._above.put()

    def _replace(self) -> None:
        """Patch the attribute, as the only way that is left, and say so once."""
        self._instead.put()
        if not self._is_told:
            self._is_told = True
            name = f"{self._owner.__module__}.{self._owner.__qualname__}.{self._name}"
            warnings.warn(PaymockWarning(messages.function_not_found(name)), stacklevel=2)

    def _put_in(self, function: FunctionType) -> None:
        code, known = function.__code__, self._exchange
        if code is self._cover or (known is not None and code is known.ours):
            return
        if known is None or code is not known.code:
            known = _Exchange(code, trampoline(code, self._dispatch), _twin(function))
            self._exchange = known
        function.__code__ = known.ours

    def _is_called(self, function: FunctionType) -> bool:
        """Return whether what is there calls the library's function, as tracers do."""
        top = getattr(self._owner, self._name, None)
        return top is function or any(one is function for one in reachable(top))

    def take(self) -> None:
        """Give the function its own code back.

        Where somebody else has exchanged it since, ours stays below theirs and hands on.
        """
        self._instead.take()
        self._above.take()
        if self._is_put:
            self._restore(is_end=True)
        self._is_put = False

    def tidy(self) -> None:
        """Take away what was covered at the end of a fake and is so no more."""
        self._instead.tidy()
        self._above.tidy()
        if not self._is_put:
            self._restore()

    def _restore(self, *, is_end: bool = False) -> None:
        function, known = self._function, self._exchange
        if function is None or known is None:
            return
        if function.__code__ is known.ours:
            function.__code__ = known.code
        elif is_end and function.__code__ is not known.code:
            self._cover = function.__code__

    def _answering_ours(self, below: Callable[..., Any]) -> Callable[..., Any]:
        def answer(*args: Any, **options: Any) -> Any:
            __tracebackhide__ = True
            is_ours = self._is_ours is not None and self._is_ours(*args, **options)
            return (self._dispatch if is_ours else below)(*args, **options)

        return answer

    def _answering_all(self, _: Callable[..., Any]) -> Callable[..., Any]:
        def answer(*args: Any, **options: Any) -> Any:
            __tracebackhide__ = True
            return self._dispatch(*args, **options)

        return answer


def _twin(function: FunctionType) -> FunctionType:
    """Return the same function, which keeps its code."""
    twin = FunctionType(function.__code__, function.__globals__, function.__name__)
    twin.__defaults__, twin.__kwdefaults__ = function.__defaults__, function.__kwdefaults__
    twin.__qualname__ = f"{function.__qualname__} (original)"  # so that it is not found for it
    return twin
