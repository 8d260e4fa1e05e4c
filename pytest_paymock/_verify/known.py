"""What is known while a rule is tried, by the names that stand for it in the table."""

import re
from dataclasses import dataclass, field

from pytest_paymock.errors import PaymockError

_NAME = re.compile("<([a-z_]+)>")


class UnknownNameError(PaymockError):
    """A rule asks for a name that nothing before it has brought."""


@dataclass(slots=True)
class Known:
    """What is known while a rule is tried.

    Args:
        profile: ``documented`` or ``deployed``.
        names: values by the names that stand for them.
    """

    profile: str
    names: dict[str, str] = field(default_factory=dict)

    def fill(self, text: str) -> str:
        """Return a text with each ``<name>`` replaced.

        Raises:
            UnknownNameError: for a name without a value.
        """
        return _NAME.sub(self._value, text)

    def _value(self, found: re.Match[str]) -> str:
        try:
            return self.names[found[1]]
        except KeyError:
            raise UnknownNameError(f"nothing is known as {found[0]}") from None
