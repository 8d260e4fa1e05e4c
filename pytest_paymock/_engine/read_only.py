"""Assignments that would have no effect, refused with what to do instead."""

from dataclasses import FrozenInstanceError
from typing import Any, ClassVar, TypeVar

from pytest_paymock._card_numbers import quoted
from pytest_paymock._suggestions import did_you_mean
from pytest_paymock.errors import UnknownNameError, is_for_caller

__tracebackhide__ = is_for_caller

T = TypeVar("T")


class FrozenRecordError(UnknownNameError, FrozenInstanceError):
    """A record was to be changed."""


def read_only(kind: type[T]) -> type[T]:
    """Let a frozen class say that its objects cannot be changed, and how a test decides them.

    That of ``dataclass`` fails by itself for a property, or a name that there is not, of a class
    with slots.
    """

    def refuse(_: T, name: str, *__: object) -> None:
        raise FrozenRecordError(
            f"{name} of a {kind.__name__} cannot be set, since it says what happened; scripts such "
            "as paymock.outcomes and paymock.faults, add_payment() and settle() decide it"
        )

    kind.__setattr__ = refuse  # type: ignore[method-assign, assignment]
    kind.__delattr__ = refuse  # type: ignore[method-assign, assignment]
    return kind


class DrivenByCalls:
    """What a test drives by calls: an attribute that is set would have no effect.

    A callable may be put in the place of a method, as spies do.
    """

    _settable: ClassVar[tuple[str, ...]] = ()
    """Public names that our own code sets."""

    def __setattr__(self, name: str, value: Any) -> None:
        if name.startswith("_") or callable(value) or name in self._settable:
            object.__setattr__(self, name, value)
            return
        raise UnknownNameError(self._why_not_set(name, value))

    def _why_not_set(self, name: str, value: object) -> str:
        known = [one for one in dir(type(self)) if not one.startswith("_")]
        if name not in known:
            return f"there is no {name}{did_you_mean(name, known)}, so to set it has no effect"
        if callable(getattr(type(self), name)):
            return f"{name} is called and not set: write {name}({quoted(value)})"
        return f"{name} is there to read and cannot be set"
