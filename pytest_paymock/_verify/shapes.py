"""What is expected of a value in an answer, as data.

A plain value expects its like: a text itself, a list as many items, a dict just these fields. In a
text, ``<token>`` stands for what is known by that name. Where less or something else is expected
there is a shape, and :class:`Either` where the two profiles differ.
"""

import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from pytest_paymock._verify.known import Known

_LONGEST = 120
"""How many characters of a value are shown."""


class Shape(ABC):
    """What is expected of a value, where that is not the value itself."""

    @abstractmethod
    def fault(self, value: Any, known: Known, place: str) -> str:
        """Return what is wrong with a value, or nothing.

        Args:
            value: of the answer's JSON, of its header, or its status.
            known: by which expectations are filled in.
            place: where the value stands.
        """


def fault_of(expected: Any, value: Any, known: Known, place: str) -> str:
    """Return what is wrong with a value, or nothing; the arguments are those of a shape."""
    if isinstance(expected, Shape):
        return expected.fault(value, known, place)
    if isinstance(expected, dict):
        return Fields(expected).fault(value, known, place)
    if isinstance(expected, list):
        return _list_fault(expected, value, known, place)
    if isinstance(expected, str):
        expected = known.fill(expected)
    if type(value) is type(expected) and value == expected:
        return ""
    return differs(place, shown(expected), value)


def _list_fault(expected: list[Any], value: Any, known: Known, place: str) -> str:
    if not isinstance(value, list) or len(value) != len(expected):
        return differs(place, f"a list of {len(expected)}", value)
    faults = (
        fault_of(wanted, item, known, f"{place}[{number}]")
        for number, (wanted, item) in enumerate(zip(expected, value, strict=True))
    )
    return next(filter(None, faults), "")


def differs(place: str, expected: str, value: Any) -> str:
    """Return the sentence about a value that is not what was expected."""
    return f"{place}: expected {expected}, got {shown(value)}"


def shown(value: Any) -> str:
    """Return a value as it is shown: JSON or nearly so, and short."""
    if value is None or isinstance(value, bool):
        text = str(value).lower() if value is not None else "null"
    elif isinstance(value, Decimal | int):
        text = str(value)
    elif isinstance(value, dict):
        text = "an object with " + (", ".join(sorted(value)) or "no fields")
    elif isinstance(value, list):
        text = f"a list of {len(value)}"
    else:
        text = repr(value)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}..."


@dataclass(frozen=True, slots=True)
class Either(Shape):
    """One expectation for each profile."""

    documented: Any
    deployed: Any

    def of(self, profile: str) -> Any:
        """Return that of a profile."""
        return self.documented if profile == "documented" else self.deployed

    def fault(self, value: Any, known: Known, place: str) -> str:
        """Judge by the profile's own."""
        return fault_of(self.of(known.profile), value, known, place)


@dataclass(frozen=True, slots=True)
class Anything(Shape):
    """No expectation."""

    def fault(self, value: Any, known: Known, place: str) -> str:  # noqa: ARG002 - see Shape
        """Find nothing wrong."""
        return ""


@dataclass(frozen=True, slots=True)
class Fields(Shape):
    """An object with just these fields, or with ``more`` beside them."""

    fields: Mapping[str, Any]
    more: bool = False

    def fault(self, value: Any, known: Known, place: str) -> str:
        """Look at each field."""
        if not isinstance(value, dict):
            return differs(place, "an object", value)
        missing = sorted(self.fields.keys() - value.keys())
        if missing:
            return f"{place}: lacks {', '.join(missing)}"
        excess = sorted(value.keys() - self.fields.keys())
        if excess and not self.more:
            return f"{place}: has {', '.join(map(repr, excess))}, which is not expected"
        faults = (
            fault_of(wanted, value[name], known, f"{place}.{name}")
            for name, wanted in self.fields.items()
        )
        return next(filter(None, faults), "")


def having(**fields: Any) -> Fields:
    """Return the shape of an object with at least these fields."""
    return Fields(fields, more=True)


def only(*names: str) -> Fields:
    """Return the shape of an object with just these fields, whatever their values."""
    return Fields(dict.fromkeys(names, ANYTHING))


@dataclass(frozen=True, slots=True)
class Lacking(Shape):
    """An object without some fields."""

    names: tuple[str, ...]

    def fault(self, value: Any, known: Known, place: str) -> str:  # noqa: ARG002 - see Shape
        """Look for each name."""
        if not isinstance(value, dict):
            return differs(place, "an object", value)
        found = [name for name in self.names if name in value]
        return f"{place}: has {', '.join(found)}, which is not expected" if found else ""


@dataclass(frozen=True, slots=True)
class Text(Shape):
    """A text that matches a pattern as a whole; ``words`` say what it is."""

    pattern: str
    words: str

    def fault(self, value: Any, known: Known, place: str) -> str:  # noqa: ARG002 - see Shape
        """Match it."""
        if isinstance(value, str) and re.fullmatch(self.pattern, value):
            return ""
        return differs(place, self.words, value)


@dataclass(frozen=True, slots=True)
class Telling(Shape):
    """A text in which some words occur, in any case of their letters."""

    words: tuple[str, ...]

    def fault(self, value: Any, known: Known, place: str) -> str:
        """Look for each of them."""
        words = [known.fill(word) for word in self.words]
        if isinstance(value, str) and all(word.lower() in value.lower() for word in words):
            return ""
        return differs(place, f"a sentence with {' and '.join(map(repr, words))}", value)


@dataclass(frozen=True, slots=True)
class Holding(Shape):
    """A list in which at least one item has a shape."""

    item: Any

    def fault(self, value: Any, known: Known, place: str) -> str:
        """Look at each item."""
        if not isinstance(value, list):
            return differs(place, "a list", value)
        faults = [fault_of(self.item, item, known, f"{place}[...]") for item in value]
        if "" in faults:
            return ""
        return faults[0] if faults else f"{place}: expected items, got an empty list"


@dataclass(frozen=True, slots=True)
class Each(Shape):
    """A list of which every item has a shape."""

    item: Any

    def fault(self, value: Any, known: Known, place: str) -> str:
        """Look at each item."""
        if not isinstance(value, list):
            return differs(place, "a list", value)
        faults = (
            fault_of(self.item, item, known, f"{place}[{number}]")
            for number, item in enumerate(value)
        )
        return next(filter(None, faults), "")


@dataclass(frozen=True, slots=True)
class Number(Shape):
    """A JSON number of a value; ``written`` if its digits have to be those, too."""

    digits: str
    written: bool = False

    def fault(self, value: Any, known: Known, place: str) -> str:  # noqa: ARG002 - see Shape
        """Compare exactly."""
        if isinstance(value, int | Decimal) and not isinstance(value, bool):
            same = str(value) == self.digits if self.written else value == Decimal(self.digits)
            if same:
                return ""
        words = "written as" if self.written else "of the value"
        return differs(place, f"a number {words} {self.digits}", value)


@dataclass(frozen=True, slots=True)
class OneOf(Shape):
    """One of some expectations; ``words`` say what they have in common."""

    choices: tuple[Any, ...]
    words: str

    def fault(self, value: Any, known: Known, place: str) -> str:
        """Try each."""
        if any(not fault_of(choice, value, known, place) for choice in self.choices):
            return ""
        return differs(place, self.words, value)


@dataclass(frozen=True, slots=True)
class Status(Shape):
    """A status within bounds, both included."""

    lowest: int
    highest: int
    words: str

    def fault(self, value: Any, known: Known, place: str) -> str:  # noqa: ARG002 - see Shape
        """Compare."""
        return "" if self.lowest <= value <= self.highest else differs(place, self.words, value)


@dataclass(frozen=True, slots=True)
class Not(Shape):
    """A text beside one that is known."""

    text: str

    def fault(self, value: Any, known: Known, place: str) -> str:
        """Compare the two."""
        if isinstance(value, str) and value != known.fill(self.text):
            return ""
        return differs(place, "another text than before", value)


@dataclass(frozen=True, slots=True)
class NotTelling(Shape):
    """Any JSON in which some texts occur nowhere; what is found is not shown."""

    texts: tuple[str, ...]
    words: str

    def fault(self, value: Any, known: Known, place: str) -> str:  # noqa: ARG002 - see Shape
        """Look into its whole text."""
        text = str(value)
        return f"{place}: repeats {self.words}" if any(t in text for t in self.texts) else ""


@dataclass(frozen=True, slots=True)
class Relation(Shape):
    """An object whose fields stand in a relation to each other."""

    holds: Callable[[dict[str, Any]], bool]
    words: str

    def fault(self, value: Any, known: Known, place: str) -> str:  # noqa: ARG002 - see Shape
        """Ask whether it holds; fields that are missing or wrong are in no relation."""
        try:
            holds = self.holds(value)
        except (TypeError, KeyError, ValueError):
            holds = False
        return "" if holds else f"{place}: expected that {self.words}"


@dataclass(frozen=True, slots=True)
class Near(Shape):
    """A time in UTC that is close to the one known as ``<now>``."""

    minutes: int = 10

    def fault(self, value: Any, known: Known, place: str) -> str:
        """Compare the two."""
        now = known.fill("<now>")
        try:
            away = abs(time_of(value) - time_of(now))
        except (TypeError, ValueError):
            return differs(place, "a time", value)
        if away <= timedelta(minutes=self.minutes):
            return ""
        return differs(place, f"a time within {self.minutes} minutes of {now} UTC", value)


def time_of(text: str) -> datetime:
    """Return a time of an answer, with an offset or without, as one without."""
    return datetime.fromisoformat(text).replace(tzinfo=None)


ANYTHING = Anything()
ACCEPTED = Status(200, 299, "a success, 200 to 299")
INVALID = OneOf((400, 422), "the status of a request that is not valid")
REFUSED = Status(400, 499, "a refusal, 400 to 499")
