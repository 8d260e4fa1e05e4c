"""All words that people read: failed expectations, blocked requests, how to reproduce.

Those over records and ledgers are in ``_text/tables.py``, those over worlds in ``_text/worlds.py``.

Text of a request is shown with its control characters escaped, so that no body can rewrite a
terminal. Nothing here decides anything.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from shlex import join

from pytest_paymock._card_numbers import masked_text
from pytest_paymock._records.records import PaymentRecord

_MINUTE, _HOUR = 60, 3600

_WORTH_A_WORD = 1.0
"""From how many seconds on a pause between two exchanges is shown."""


def safe(text: object) -> str:
    """Return text that any terminal can show: printable, one line."""
    line = str(text)
    if line.isprintable():
        return line
    return "".join(
        character if character.isprintable() else character.encode("unicode_escape").decode()
        for character in line
    )


def time(when: datetime) -> str:
    """Return a time to the second, in UTC."""
    return f"{when:%Y-%m-%dT%H:%M:%S} UTC"


def duration(seconds: float) -> str:
    """Return how long something took, in at most two units: ``25 h``, ``1 min 30 s``, ``0.5 s``."""
    if seconds < _MINUTE:
        return f"{seconds:g} s"
    whole = round(seconds)
    units = (
        (whole // _HOUR, "h"),
        (whole % _HOUR // _MINUTE, "min"),
        (whole % _MINUTE, "s"),
    )
    return " ".join([f"{number} {unit}" for number, unit in units if number][:2])


def later(seconds: float) -> str:
    """Return how much time passed between two exchanges; empty for less than a second."""
    return f"{duration(seconds)} later" if seconds >= _WORTH_A_WORD else ""


def count(number: int, noun: str) -> str:
    """Return ``1 payment``, ``2 payments`` or ``no payment``."""
    if number == 0:
        return f"no {noun}"
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def not_shown(what: str, error: BaseException) -> str:
    """Say that something could not be shown, and why; the reason may repeat what a test sent."""
    said = f"{type(error).__name__}: {masked_text(str(error))}"
    return f"paymock could not show {what}: {safe(said)}"


# -- a fake and a test -----------------------------------------------------------------------


def profile_note(profile: str) -> str:
    """Return the profile as a suffix; empty for the default one."""
    return "" if profile == "documented" else f", profile {profile}"


def state_lines(
    *,
    base_url: str,
    seed: int,
    clock: str,
    waiting: Sequence[str],
    profile: str,
    world: str | None = None,
) -> list[str]:
    """Return the base URL, the options and the pending scripts of a fake.

    ``world`` is the name of the one in which the fake still is, if it is in one.
    """
    lines = [f"base URL {base_url}, seed {seed}, clock {clock}{profile_note(profile)}"]
    if world:
        lines.append(f"in {world}")
    if waiting:
        lines.append(f"still queued: {', '.join(waiting)}")
    return lines


def reproduction(test: str, flags: Iterable[tuple[str, object]]) -> str:
    """Return a command that runs a test alone, with options of the command line."""
    words = [f"--paymock-{name.replace('_', '-')}={value}" for name, value in flags]
    return join(["pytest", safe(test), *words])


# -- expectations that were not met -----------------------------------------------------------


def unmet_script(waiting: Sequence[str]) -> str:
    """Say that queued outcomes were never used."""
    return (
        f"the test queued outcomes that no payment used: {', '.join(waiting)}; "
        "make the payments, queue fewer, or queue them with optional=True"
    )


def unmet_faults(waiting: Sequence[str]) -> str:
    """Say that faults were set and never happened."""
    return (
        f"the test set faults that no call met: {', '.join(waiting)}; "
        "make the calls, set fewer, or set them with optional=True"
    )


# -- guards -----------------------------------------------------------------------------------


def untold_lines(blocked: Sequence[str], found: Sequence[str]) -> list[str]:
    """Return blocked requests and findings of a test that failed for another reason.

    Args:
        blocked: sentences of the network rule.
        found: sentences of the guards.
    """
    told = [f"stopped: {sentence.removeprefix('paymock stopped ')}" for sentence in blocked]
    return [*told, *(f"guard {sentence}" for sentence in found)]


def findings(found: Iterable[tuple[str, str]]) -> list[str]:
    """Return what the guards found, one text a guard, with the way to silence it."""
    by_guard: dict[str, dict[str, None]] = {}
    for guard, sentence in found:
        by_guard.setdefault(guard, {})[sentence] = None
    return [_finding(guard, list(sentences)) for guard, sentences in by_guard.items()]


def _finding(guard: str, sentences: list[str]) -> str:
    more = f"; and {len(sentences) - 1} more" if len(sentences) > 1 else ""
    hint = f'silence it with @pytest.mark.paymock(allow=["{guard}"])'
    return f"{guard}: {sentences[0]}{more} ({hint})"


def double_charge(first: PaymentRecord, second: PaymentRecord) -> str:
    """Say that a charge was made again after its answer was lost."""
    met = (first.call and first.call.fault) or "which its client did not read"
    fault = f"call {first.call.number}, {met}" if first.call else "arranged"
    again = f"call {second.call.number}" if second.call else "arranged"
    return (
        f"{safe(first.customer_id)} was charged {first.amount} {safe(first.currency)} twice: "
        f"the answer to {first.transaction_id} was lost ({fault}), the same charge was made again "
        f"as {second.transaction_id} ({again}), and neither was refunded"
    )


def foreign_token(payment: PaymentRecord, owner: str) -> str:
    """Say that a payment was made with another customer's token."""
    return (
        f"{payment.transaction_id} charges {safe(payment.customer_id)} {payment.amount} "
        f"{safe(payment.currency)} with a token of {safe(owner)}"
    )


def leak(last_four: str, place: str) -> str:
    """Say where a card number was found."""
    return f"the card number that ends in {last_four}, sent in this test, stands in {place}"


# -- the network rule -------------------------------------------------------------------------


def blocked(
    method: str, url: str, bases: Sequence[str], near_miss: str | None, passes: Sequence[str]
) -> str:
    """Say that a request was stopped, and what to change; ``passes`` are options that let it go."""
    hint = f" ({near_miss})" if near_miss else ""
    base, way_out = "set the paymock option base_url", ""
    if passes:
        way_out = f", or let the request pass with the option {' or '.join(passes)}"
    return (
        f"paymock stopped {safe(method)} {safe(url)}: it is not under {' or '.join(bases)}{hint}. "
        f"Point the code under test at the base URL{',' if way_out else ' or'} {base}{way_out}"
    )


def near_miss(base: str, part: str) -> str:
    """Say in which one part a URL differs from a base URL."""
    return f"it differs from the base URL {base} only in its {part}"


def let_through(method: str, url: str, missed: str) -> str:
    """Say that a request was let through although the fake may have been meant."""
    return f"let through: {safe(method)} {safe(url)} ({missed})"


def dropped(base_url: str) -> str:
    """Say that a fake was active when the last reference to it was gone."""
    return (
        f"a Paymock for {base_url} was dropped while it was active: call stop() at the end, or use "
        "it as a context manager"
    )


def function_not_found(name: str) -> str:
    """Say that a client library is intercepted in a way that others can undo."""
    return (
        f"{name} could not be found as a function of Python: it is replaced while a fake is "
        "active, so that what others put in its place decides who sees and answers a call"
    )


def mock_has_changed(missing: str) -> str:
    """Say that another mock is left alone, since a release of it works in another way."""
    return (
        f"{missing} is not there in this release: paymock lets that mock decide about all requests "
        "that it sees, those under the base URL included. Another release of one of the two helps"
    )


def bypassed(host: str, port: int, base: str) -> str:
    """Say that a connection to the faked API was stopped, and what can be done."""
    return (
        f"paymock stopped a connection to {safe(host)} port {port}: the API at {base} is faked, "
        "and this client goes past httpx, httpx2 and requests. Use one of them, or the fixture "
        "paymock_server, which answers any client"
    )


def unfinished() -> str:
    """Say why a request gets no answer whose header announces another body."""
    return (
        "paymock: the header of this request announces another body than it has, so a server waits "
        "for the rest: leave Content-Length and Transfer-Encoding to the client"
    )


def outlived(names: Sequence[str]) -> str:
    """Say that threads which called the API are running still."""
    return (
        f"still running after the test, and no longer answered by paymock: thread "
        f"{', '.join(map(safe, names))}; join it in the test. While another test has a fake its "
        "next call is refused, otherwise it leaves the process"
    )


def late_call(method: str, url: str) -> str:
    """Say why a thread of an earlier test reaches no fake."""
    return (
        f"paymock stopped {safe(method)} {safe(url)}: this thread was started in a test that has "
        "ended, and is busy still with what it did there. Join it in that test"
    )


def swallowed(blocks: Sequence[str]) -> str:
    """Say that the code under test went on after its request had been stopped."""
    first = (
        f"{blocks[0]}." if len(blocks) == 1 else f"{len(blocks)} requests; the first: {blocks[0]}."
    )
    return f"a request was stopped and the code under test swallowed the error: {first}"
