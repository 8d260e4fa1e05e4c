"""Queries over what happened: read-only sequences with ``where``, ``one`` and ``total``."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, Generic, Protocol, Self, TypeVar, get_args, overload

from pytest_paymock._api.endpoints import NAMES
from pytest_paymock._card_numbers import masked_argument, masked_text, quoted
from pytest_paymock._engine.cards import CARD_TYPES
from pytest_paymock._engine.money import as_money, exact_sum, is_currency
from pytest_paymock._engine.outcomes import OUTCOMES, Status
from pytest_paymock._suggestions import did_you_mean
from pytest_paymock.errors import (
    ExpectationError,
    MissingRecordError,
    UsageError,
    WrongTypeError,
    is_for_caller,
)

__tracebackhide__ = is_for_caller

R = TypeVar("R")


class Explain(Protocol):
    """Makes the message of a query that was not met."""

    def __call__(
        self, noun: str, wanted: Mapping[str, Any], found: Sequence[Any], *, exactly: bool
    ) -> str:
        """Return what was expected, exactly one or one at least, and what there is."""


_ABSENT = object()

_VALUES: dict[str, tuple[str | None, ...]] = {
    "status": get_args(Status),
    "outcome": tuple(OUTCOMES),
    "card_type": CARD_TYPES,
    "endpoint": (*NAMES, None),  # of a path that is none
}
"""All that these fields can be: a query with a typing error would find nothing, without a word."""


def _field_names(kinds: tuple[type, ...]) -> list[str]:
    """Return what ``where`` can compare on kinds of records: their fields and properties."""
    names = {
        name: None
        for kind in kinds
        for name in dir(kind)
        if not name.startswith("_") and not callable(getattr(kind, name))
    }
    return list(names)


def _comparable(name: str, value: Any) -> Any:
    """Return a wanted value as the records hold it: amounts exact, card numbers masked."""
    if name == "amount":
        return as_money(value)
    return masked_text(value) if isinstance(value, str) else value


class Records(Sequence[R], Generic[R]):
    """A read-only sequence of records; that of a ledger is live, a filtered one stays as it is.

    A copy or pickle of one is a list of what it held at that moment.

    >>> paymock = getfixture("paymock")
    >>> paid = paymock.add_payment(amount="99.99")
    >>> paymock.payments.where(status="success").one().amount
    Decimal('99.99')
    """

    def __init__(
        self,
        noun: str,
        kinds: tuple[type, ...],
        read: Callable[[], Sequence[R]],
        explain: Explain,
        wanted: Mapping[str, Any] | None = None,
    ) -> None:
        self._noun = noun
        self._wanted = dict(wanted or {})
        self._kinds = kinds
        self._read = read
        self._explain = explain

    def __len__(self) -> int:
        return len(self._read())

    def __iter__(self) -> Iterator[R]:
        return iter(self._read())

    @overload
    def __getitem__(self, index: int) -> R: ...

    @overload
    def __getitem__(self, index: slice) -> Self: ...

    def __getitem__(self, index: int | slice) -> R | Self:
        records = self._read()
        try:
            if not isinstance(index, slice):
                return records[index]
            chosen = records[index]
        except IndexError:
            limit = " and ".join(f"{name} {quoted(value)}" for name, value in self._wanted.items())
            number = {0: "there is none", 1: "there is one"}.get(
                len(records), f"there are {len(records)}"
            )
            raise MissingRecordError(
                f"there is no {self._noun} at [{quoted(index)}]: "
                f"{number}{limit and ' with '}{limit}"
            ) from None
        except TypeError:
            raise WrongTypeError(
                f"a {self._noun} is found by its place, such as [0] or [-1], and not by "
                f"[{quoted(index)}]; {self._other_ways()}"
            ) from None
        return type(self)(self._noun, self._kinds, lambda: chosen, self._explain, self._wanted)

    def _other_ways(self) -> str:
        """Return how records are found that are not looked up by their place."""
        return f"where() and one() take {', '.join(_field_names(self._kinds))}"

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Records | list | tuple):
            return list(self) == list(other)
        return NotImplemented

    __hash__ = None  # type: ignore[assignment]  # live, so its equality changes

    def __repr__(self) -> str:
        return repr(list(self))

    def __reduce__(self) -> tuple[type[list[R]], tuple[list[R]]]:
        # What it reads from belongs to a running fake; what it shows now is worth a copy.
        return list, (list(self),)

    def where(self, **equal: Any) -> Self:
        """Return those whose fields equal all the given values; amounts may be floats or strings.

        Raises:
            UsageError: for a field that such a record does not have, and for a status, an outcome,
                a card type or an endpoint that there is not.
        """
        wanted = self._checked(equal)
        found = tuple(
            record
            for record in self._read()
            if all(getattr(record, name, _ABSENT) == value for name, value in wanted.items())
        )
        all_wanted = {**self._wanted, **wanted}
        return type(self)(self._noun, self._kinds, lambda: found, self._explain, all_wanted)

    def one(self, **equal: Any) -> R:
        """Return the only record, or the only one that :meth:`where` leaves.

        Raises:
            ExpectationError: if there is none, or more than one; the message shows the ledger.
        """
        return self.where(**equal).only()

    def only(self) -> R:
        """Return the only record; the same as :meth:`one` without conditions.

        Raises:
            ExpectationError: if there is none, or more than one; the message shows the ledger.
        """
        records = self._read()
        if len(records) != 1:
            raise ExpectationError(
                self._explain(self._noun, self._wanted, tuple(records), exactly=True)
            )
        return records[0]

    @property
    def first(self) -> R:
        """The oldest record.

        Raises:
            ExpectationError: if there is none.
        """
        return self._at(0)

    @property
    def last(self) -> R:
        """The newest record.

        Raises:
            ExpectationError: if there is none.
        """
        return self._at(-1)

    def _at(self, index: int) -> R:
        records = self._read()
        if not records:
            raise ExpectationError(self._explain(self._noun, self._wanted, (), exactly=False))
        return records[index]

    def _checked(self, equal: Mapping[str, Any]) -> dict[str, Any]:
        known = _field_names(self._kinds)
        for name in equal:
            if name not in known:
                raise UsageError(
                    f"a {self._noun} has no field {quoted(name)}{did_you_mean(name, known)}; "
                    f"it has {', '.join(known)}"
                )
            if name in _VALUES and equal[name] not in _VALUES[name]:
                raise UsageError(
                    f"there is no {name} {quoted(equal[name])}"
                    f"{did_you_mean(equal[name], _VALUES[name])}; a {self._noun} has one of "
                    f"{', '.join(filter(None, _VALUES[name]))}"
                )
        return {name: _comparable(name, value) for name, value in equal.items()}


class MoneyRecords(Records[R]):
    """Records that have an amount."""

    def total(self, currency: str | None = None) -> Decimal:
        """Return the exact sum of the amounts.

        Args:
            currency: whose amounts; may be left out as long as all are of one currency.

        Raises:
            UsageError: if it is left out and there are several, or if it is no text.
        """
        records: Sequence[Any] = self._read()
        if currency is not None:
            currency = masked_argument("currency", currency)
        if currency is None:
            currencies = sorted({record.currency for record in records})
            if len(currencies) > 1:
                raise UsageError(
                    f"these amounts are in {', '.join(map(_shown, currencies))}; name one: "
                    f"total({currencies[0]!r})"
                )
        return exact_sum(record.amount for record in records if currency in (None, record.currency))


def _shown(currency: str) -> str:
    """Return a currency as it is, if it is one: the deployed service takes any text."""
    return currency if is_currency(currency) else repr(currency)
