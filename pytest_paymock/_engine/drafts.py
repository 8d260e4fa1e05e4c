"""Cheap ways to make the frozen values of which every call makes some.

The ``__init__`` of a frozen dataclass sets each field past its own guard: 2,000 instructions a
field, which was a tenth of what a payment cost. A draft has the same slots without the guard, is
filled by plain assignment, and then becomes the record by its ``__class__``: 400 a field.

The ``__new__`` of a ``NamedTuple`` is a function in Python around that of ``tuple``, which alone
costs half as much.
"""

from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar

T = TypeVar("T", bound=tuple[Any, ...])


def draft_of(record: type[Any]) -> Any:
    """Return a class whose instances can be filled and then become records of a frozen dataclass.

    Args:
        record: a dataclass with slots and without a base that has some.
    """
    return type(f"{record.__name__}Draft", (), {"__slots__": record.__slots__})


def maker_of(kind: type[T]) -> Callable[[tuple[Any, ...]], T]:
    """Return what makes a named tuple of a plain one, which has to have all of its fields.

    Args:
        kind: a subclass of ``NamedTuple``.
    """
    return partial(tuple.__new__, kind)
