"""What somebody may have meant who wrote a name that there is not."""

from collections.abc import Iterable
from difflib import get_close_matches

_LONGEST = 60
"""How many characters a name has at most for which a near one is looked for."""


def did_you_mean(written: object, names: Iterable[str | None]) -> str:
    """Return the nearest of the names as a remark for a message, or nothing.

    >>> did_you_mean("sed", ["seed", "clock"])
    ' (did you mean seed?)'

    Args:
        written: what stands in the test.
        names: those that there are.
    """
    if not isinstance(written, str) or len(written) > _LONGEST:
        return ""
    by_key = {name.lower(): name for name in names if name is not None}
    key = written.lower().replace(" ", "_")
    near = get_close_matches(key, by_key, n=1) or [
        name for name in by_key if key in name.split("_")
    ]
    return f" (did you mean {by_key[near[0]]}?)" if near else ""
