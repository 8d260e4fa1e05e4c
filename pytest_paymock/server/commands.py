"""What control takes: the bodies of its requests, and the values that they stand for."""

from datetime import timedelta
from inspect import signature
from typing import Annotated, Any, ClassVar, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from pytest_paymock import faults
from pytest_paymock._card_numbers import quoted
from pytest_paymock.errors import UsageError
from pytest_paymock.faults import Fault
from pytest_paymock.server import messages


class Order(BaseModel):
    """One request of control. A field that it does not know is an error, unlike in the API."""

    model_config = ConfigDict(extra="forbid", strict=True)

    verbs: ClassVar[tuple[str, ...]]
    """The fields that say what to do, of which a request has just one."""

    @model_validator(mode="after")
    def _one_thing(self) -> Self:
        given = self.model_fields_set.intersection(self.verbs)
        empty = [verb for verb in self.verbs if verb in given and not self._means(verb)]
        if len(given) != 1 or empty:
            words = f"give just one of {', '.join(self.verbs)}"
            raise PydanticCustomError("order", "{words}", {"words": words})
        return self

    def _means(self, verb: str) -> bool:
        """Say whether a verb that was given says what to do; ``always`` may be null."""
        return verb == "always" or getattr(self, verb) not in (None, False)


Name = Annotated[str, Field(examples=["card_declined"])]


class OutcomeRule(BaseModel):
    """An outcome, and which payments it is for: one condition or more."""

    model_config = ConfigDict(extra="forbid", strict=True)

    outcome: Name
    customer_id: str | None = None
    amount: float | int | str | None = None
    currency: str | None = None
    card_type: str | None = None
    last_four: str | None = None
    description: str | None = None

    def conditions(self) -> dict[str, Any]:
        """Return the conditions that were given."""
        return self.model_dump(exclude_unset=True, exclude={"outcome"})


class OutcomeOrder(Order):
    """What becomes of the payments to come, as ``paymock.outcomes`` takes it."""

    verbs = ("queue", "always", "when")

    queue: list[Name] | None = None
    always: Name | None = None
    when: OutcomeRule | None = None
    optional: bool = True


class FaultValue(BaseModel):
    """A value of ``pytest_paymock.faults``."""

    model_config = ConfigDict(extra="forbid", strict=True)

    name: str = Field(examples=["read_timeout"])
    after_commit: bool = False
    status: int | None = None
    detail: str | None = None
    headers: dict[str, str] | None = None
    seconds: float | None = None

    def fault(self) -> Fault:
        """Return the value itself.

        Raises:
            UsageError: for a name that is none, and for fields that do not belong to it.
        """
        if self.name == faults.crash.name:
            raise UsageError(messages.cannot_crash())
        given = self.model_dump(exclude_unset=True, exclude={"name"})
        maker = _MAKERS.get(self.name)
        if maker is None:
            known = ", ".join(_MAKERS)
            raise UsageError(f"there is no fault {quoted(self.name)}; the faults are {known}")
        try:
            made: Fault = maker(**given)
        except TypeError:
            raise UsageError(f"the fault {self.name} {_fields(maker)}") from None
        return made


def _named(fault: Fault) -> Any:
    def make(*, after_commit: bool = False) -> Fault:
        return fault(after_commit=after_commit)

    return make


def _fields(maker: Any) -> str:
    """Say which fields a fault takes beside its name, and which of them it cannot do without."""
    known = signature(maker).parameters.values()
    needed = ", ".join(one.name for one in known if one.default is one.empty)
    free = ", ".join(one.name for one in known if one.default is not one.empty)
    return " and ".join(filter(None, (needed and f"needs {needed}", free and f"may have {free}")))


_MAKERS: dict[str, Any] = {
    **{fault.name: _named(fault) for fault in faults.ALL},
    "http_error": faults.http_error,
    "latency": faults.latency,
}


class FaultOrder(Order):
    """What goes wrong on the wire, as ``paymock.faults`` takes it."""

    verbs = ("queue", "always", "when", "clear")

    queue: list[FaultValue] | None = None
    always: FaultValue | None = None
    when: FaultValue | None = None
    clear: bool | None = None
    on: str | None = Field(None, examples=["create_payment"])
    nth: int | None = None
    optional: bool = True


class ClockOrder(Order):
    """How the clock moves: on by so many seconds, or to an ISO time."""

    verbs = ("advance", "move_to")

    advance: float | None = Field(None, examples=[90000])
    move_to: str | None = Field(None, examples=["2030-01-27T12:00:00"])

    def step(self) -> timedelta:
        """Return by how much the clock moves on.

        Raises:
            UsageError: for more than a calendar has room for.
        """
        try:
            return timedelta(seconds=self.advance or 0)
        except (OverflowError, ValueError):
            raise UsageError(f"the clock cannot move on by {self.advance} seconds") from None
