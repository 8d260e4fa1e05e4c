"""The words of the report and of the terminal summary."""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple, TypedDict

from pytest_paymock._card_numbers import masked_text
from pytest_paymock._report.evidence import Evidence, blocked_once
from pytest_paymock._text import messages

MOST = 10
"""How many findings, blocked requests or seeds of a run the terminal shows."""

_WORTH_A_WORD = 5
"""From how many seconds on it is said how long the worlds of a run took."""

EXTRA = "pip install 'pytest-paymock[report]'"


def shown(text: object) -> str:
    """Return a text for a report: card numbers masked, printable, one line."""
    return messages.safe(masked_text(str(text)))


def failure(text: str, world: str) -> str:
    """Return why a test failed, with the world in which it did; each may be empty."""
    if not world or world in text:
        return text
    return f"{text} (in {world})" if text else f"in {world}"


class Brief(TypedDict):
    """What the terminal summary needs to know of one test, in types that any worker can send."""

    seeds: list[int]
    worlds: int
    failed_worlds: int
    seconds: float
    findings: list[str]
    blocked: list[str]


class Noted(NamedTuple):
    """A test's name, and what is known of it."""

    test: str
    brief: Brief


def brief_of(seeds: Sequence[int], fakes: Sequence[Evidence]) -> Brief:
    """Return what the terminal summary needs of one test.

    Args:
        seeds: of all its fakes.
        fakes: those that have something to tell.
    """
    outcomes = [
        world.outcome
        for fake in fakes
        for exploration in fake.explorations
        for world in exploration.worlds
    ]
    return Brief(
        seeds=list(seeds),
        worlds=len(outcomes) - outcomes.count("not run"),
        failed_worlds=outcomes.count("failed"),
        seconds=sum(loop.seconds for fake in fakes for loop in fake.explorations),
        findings=[words for fake in fakes for words in fake.findings],
        blocked=blocked_once(fake.blocked for fake in fakes),
    )


def summary(tests: Sequence[Noted], *, quiet: bool) -> list[str]:
    """Return the lines of the terminal summary, or none if there is nothing to say.

    Args:
        tests: those that used the fake.
        quiet: whether to show only findings and blocked requests.
    """
    findings = [(test, words) for test, brief in tests for words in brief["findings"]]
    blocked = [(test, words) for test, brief in tests for words in brief["blocked"]]
    worlds = [brief for _, brief in tests if brief["worlds"]]
    if not findings and not blocked and (quiet or not worlds):
        return []
    return [
        *_told("finding", _by_guard(findings), findings),
        *_told("blocked request", "", blocked),
        *_explored(worlds),
        _seeds(tests),
    ]


def _by_guard(findings: Iterable[tuple[str, str]]) -> str:
    counts: dict[str, int] = {}
    for _, words in findings:
        guard = words.partition(":")[0]
        counts[guard] = counts.get(guard, 0) + 1
    return f" ({', '.join(f'{number} {guard}' for guard, number in counts.items())})"


def _told(noun: str, kinds: str, told: Sequence[tuple[str, str]]) -> Iterator[str]:
    if not told:
        return
    yield f"{messages.count(len(told), noun)}{kinds}:"
    for test, words in told[:MOST]:
        yield f"  {test}"
        yield f"    {words}"
    if len(told) > MOST:
        yield f"  ... and {len(told) - MOST} more"


def _explored(briefs: Sequence[Brief]) -> Iterator[str]:
    if briefs:
        worlds = sum(brief["worlds"] for brief in briefs)
        failed = sum(brief["failed_worlds"] for brief in briefs)
        seconds = round(sum(brief["seconds"] for brief in briefs))
        took = f"; they took {messages.duration(seconds)}" if seconds >= _WORTH_A_WORD else ""
        yield (
            f"explored {messages.count(worlds, 'world')} in {messages.count(len(briefs), 'test')}: "
            f"{messages.count(failed, 'world')} failed{took}"
        )


def _seeds(tests: Sequence[Noted]) -> str:
    seeds = sorted({seed for _, brief in tests for seed in brief["seeds"]})
    more = f" and {len(seeds) - MOST} more" if len(seeds) > MOST else ""
    noun = "seed" if len(seeds) == 1 else "seeds"
    told = ", ".join(map(str, seeds[:MOST]))
    return f"outcomes and ids decided by {noun} {told}{more}"


def written(file: str) -> str:
    """Return the line that names a report's file."""
    return f"report: {messages.safe(file)}"


def not_written(file: str, error: Exception) -> str:
    """Return the line about a report that could not be written."""
    return f"ERROR: the report {messages.safe(file)} could not be written: {_reason(error)}"


def _reason(error: Exception) -> str:
    if isinstance(error, OSError | RuntimeError | ValueError):  # of the file, which Python words
        return getattr(error, "strerror", None) or str(error)
    return f"{type(error).__name__}: {shown(error)}"


# -- what is wrong with the option ------------------------------------------------------------


def wrong_suffix(value: str) -> str:
    """Return the error for a file name with another suffix."""
    return f"--paymock-report takes a file that ends in .html or .json, not {value}"


def cannot_write(value: str, error: Exception) -> str:
    """Return the error for a file that cannot be written."""
    return (
        f"--paymock-report={messages.safe(value)} cannot be written: {_reason(error)}; "
        "name another file, in a directory that you may write to"
    )


def extra_missing(value: str) -> str:
    """Return the error for a missing extra, with the command that installs it."""
    return (
        f"--paymock-report={messages.safe(value)} needs the extra report (jinja2 is not "
        f"installed): {EXTRA}; a report that ends in .json needs none"
    )
