"""What stands in front of a function of another library: tracers, spies and mocks that wrap it.

Tracers put wrappers around a library's functions, at import or in a test, on a class or on one
client: by ``functools.wraps``, by ``wrapt``, as a mock that calls through. Each of them holds what
it wraps somewhere, and the garbage collector knows where.
"""

import gc
from collections import deque
from collections.abc import Iterable, Iterator
from itertools import chain
from types import FunctionType, ModuleType
from typing import Any

_MOST = 2000
"""So many objects are looked at. What is wrapped lies within the first ten."""


def genuine_function(owner: Any, name: str, among: Iterable[Any] = ()) -> FunctionType | None:
    """Return a library's own function, whatever wraps it now.

    Args:
        owner: the class or module.
        name: of the function there.
        among: where else it may be, if what stands there does not hold it.

    Returns:
        None where there is none that is written in Python, as in a compiled library.
    """
    is_class = isinstance(owner, type)
    full = f"{owner.__qualname__}.{name}" if is_class else name

    def is_it(found: Any) -> bool:
        if type(found) is not FunctionType or found.__qualname__ != full or found.__closure__:
            return False
        # Not the module that the class names: httpx gives its classes the name of the package.
        home = found.__globals__
        is_home = home.get(owner.__name__) is owner if is_class else home is vars(owner)
        return is_home and "__wrapped__" not in vars(found)  # which a copied name leaves behind

    return next(filter(is_it, chain(reachable(vars(owner).get(name)), among)), None)


def is_wrapped(owner: Any, name: str) -> bool:
    """Return whether a library's function is wrapped by what calls it, as tracers do."""
    found = genuine_function(owner, name)
    return found is not None and getattr(owner, name) is not found


def reachable(top: Any) -> Iterator[Any]:
    """Yield a function and what it may call: what it wraps, and what its closure and code name."""
    seen = {id(top): top}
    waiting = deque([top])
    while waiting and len(seen) < _MOST:
        one = waiting.popleft()
        yield one
        for held in _held_by(one):
            if id(held) not in seen and not isinstance(held, type | ModuleType):
                seen[id(held)] = held
                waiting.append(held)


def _held_by(one: Any) -> list[Any]:
    if type(one) is not FunctionType:  # not ``isinstance``: a proxy says that it is one
        return gc.get_referents(one)
    named = [one.__globals__.get(name) for name in one.__code__.co_names]
    return [*(one.__closure__ or ()), vars(one), *filter(callable, named)]


def modules_of(functions: Iterator[Any]) -> set[str]:
    """Return the names of the modules in which functions were written."""
    found = [one for one in functions if type(one) is FunctionType]
    return {str(one.__globals__.get("__name__")) for one in found}
