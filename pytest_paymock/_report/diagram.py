"""The exchanges of a test as a sequence diagram: client, wire and API, and where a fault happened.

An arrow to the API ends at the wire if the API never acted, an answer that was lost ends there on
its way back. What the API did stands beside its line.
"""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence

from pytest_paymock._report.models import CallFacts, FaultFacts, LedgerFacts
from pytest_paymock._report.svg import cut, drawing, element
from pytest_paymock._text import messages
from pytest_paymock._text.shorten import kept, with_gaps

CLIENT, WIRE, API, WIDTH = 56, 262, 492, 704
"""The positions of client, wire and API, and the width of the drawing."""

HEAD, STEP, GAP = 30, 54, 26
"""The heights of the titles, of one exchange, and of a line such as "3 exchanges more"."""

MOST = 40
"""How many exchanges are drawn at most."""

_REFUSED = 400


def diagram(fake: LedgerFacts) -> str:
    """Return exchanges as SVG."""
    done = _done_by(fake)
    faults = sum(call.fault is not None for call in fake.calls)
    parts, y = list(_titles(fake.calls)), float(HEAD)
    last: CallFacts | None = None
    for place, left_out in with_gaps(shown_calls(fake.calls), len(fake.calls)):
        call = fake.calls[place] if place < len(fake.calls) else None
        more = f"{messages.count(left_out, 'exchange')} more" if left_out else ""
        for remark in filter(None, (more, _time_between(last, call))):
            parts.append(element("text", f"… {remark} …", x=WIRE, y=y + 17, class_="mid note"))
            y += GAP
        last = call
        if call is not None:
            parts += _exchange(call, *done.get(call.number, ("", _kind(call))), y)
            y += STEP
    label = (
        f"Sequence of {messages.count(len(fake.calls), 'exchange')} between client and API, "
        f"{messages.count(faults, 'fault')}; the table of exchanges says the same in words"
    )
    lines = [
        element("line", x1=x, x2=x, y1=HEAD, y2=y, class_=f"life {name}")
        for x, name in ((CLIENT, "client"), (WIRE, "wire"), (API, "api"))
    ]
    return drawing(label, WIDTH, y + 6, [*lines, *parts], class_="sequence")


def _time_between(before: CallFacts | None, after: CallFacts | None) -> str:
    if before is None or after is None:
        return ""
    start, end = (dt.datetime.fromisoformat(call.at) for call in (before, after))
    return messages.later((end - start).total_seconds() - before.waited)


def shown_calls(calls: Sequence[CallFacts]) -> list[int]:
    """Return the indexes of the exchanges to draw: all, or those around what went wrong."""
    return kept(len(calls), [place for place, call in enumerate(calls) if _matters(call)], MOST)


def _matters(call: CallFacts) -> bool:
    return call.fault is not None or call.status is None or call.status >= _REFUSED


def _done_by(fake: LedgerFacts) -> Mapping[int, tuple[str, str]]:
    """Return what the API did in each exchange, by number, and the style of that."""
    paid = {
        payment.call: (f"{payment.amount} {payment.currency} {payment.status}", payment.status)
        for payment in fake.payments
        if payment.call is not None
    }
    back = {
        refund.call: (f"{refund.amount} {refund.currency} refunded", "success")
        for refund in fake.refunds
        if refund.call is not None
    }
    return paid | back


def _titles(calls: Sequence[CallFacts]) -> Iterator[str]:
    clients = ", ".join(dict.fromkeys(call.client for call in calls))
    for x, text in ((CLIENT, cut(clients, 18)), (WIRE, "wire"), (API, "API")):
        yield element("text", text, x=x, y=18, class_="mid title")


def _kind(call: CallFacts) -> str:
    """Return "refused" if the answer says so, otherwise "success"."""
    return "refused" if call.detail is not None and call.fault is None else "success"


def _exchange(call: CallFacts, done: str, kind: str, y: float) -> Iterator[str]:
    there, back = y + 18, y + 42
    acted = call.fault is None or call.fault.phase != "before commit"
    reached = API if acted else WIRE
    name = call.endpoint or f"{call.method} {call.path}"
    yield element("text", cut(f"{call.number} {name}", 30), x=CLIENT + 8, y=there - 5)
    yield from _arrow(CLIENT, reached, there, "sent")
    if acted:
        yield element("circle", cx=API, cy=(there + back) / 2, r=4, class_=f"acted {kind}")
        yield element(
            "text", cut(done, 24), x=API + 12, y=(there + back) / 2 + 4, class_=f"done {kind}"
        )
    yield from _answer(call, reached, back)
    if call.fault is not None:
        yield from _fault(call.fault, back if acted else there, arrived=call.status is not None)


def _answer(call: CallFacts, reached: int, y: float) -> Iterator[str]:
    waited = f" after {call.waited:g} s" if call.waited else ""
    if call.status is None:
        text, kind = f"no answer{waited}", "fault"
        if reached == API:
            yield from _arrow(API, WIRE, y, "answered lost")
    else:
        text = f"{call.status}{waited} {call.detail or ''}".rstrip()
        kind = "fault" if call.status >= _REFUSED or call.lost else "status"
        yield from _arrow(reached, CLIENT, y, f"answered {kind}")
    yield element("text", cut(text, 30), x=CLIENT + 8, y=y - 5, class_=kind)


def _fault(fault: FaultFacts, y: float, *, arrived: bool) -> Iterator[str]:
    if fault.phase != "late answer" or not arrived:
        yield element("path", d=f"M{WIRE - 5} {y - 5:g}l10 10m0 -10l-10 10", class_="cross")
    yield element("text", cut(fault.words, 32), x=WIRE + 10, y=y - 5, class_="fault")


def _arrow(start: int, end: int, y: float, kind: str) -> Iterator[str]:
    """Draw an arrow. Its head is drawn too, since an SVG marker would need an id in the page."""
    step = 7 if start < end else -7
    yield element("line", x1=start, x2=end, y1=y, y2=y, class_=kind)
    points = f"{end},{y:g} {end - step},{y - 4:g} {end - step},{y + 4:g}"
    yield element("polygon", points=points, class_=kind)
