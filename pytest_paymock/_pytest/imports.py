"""Importing the fake during a run: with the genuine clock, and after an earlier run."""

import datetime as dt
import sys
from collections.abc import Generator
from contextlib import contextmanager


def forget_vanished_modules() -> None:
    """Remove what an earlier run in this process, as of pytester, has left in our packages.

    Such a run ends by taking what it imported out of ``sys.modules``; as an attribute of its
    package a module stays, and ``from pytest_paymock import faults`` would give the old one.
    """
    ours = [module for name, module in sys.modules.items() if name.startswith("pytest_paymock")]
    for package in ours:
        for name, value in list(vars(package).items()):
            full = f"{package.__name__}.{name}"
            if getattr(value, "__name__", "") == full and full not in sys.modules:
                delattr(package, name)


@contextmanager
def thawed_clock() -> Generator[None]:
    """Put the genuine classes of ``datetime`` back for an import within a frozen test.

    Collection does not see a fixture that a test asks for by ``getfixturevalue``; and pydantic, if
    it is first imported under freezegun, keeps its classes for those of ``datetime``.
    """
    frozen = {name: getattr(dt, name) for name in ("date", "datetime")}
    for name, kind in frozen.items():
        genuine = next(base for base in kind.__mro__ if type(base) is type)
        setattr(dt, name, genuine)
    try:
        yield
    finally:
        for name, kind in frozen.items():
            setattr(dt, name, kind)
