"""A small drawing of one customer's money: charged, refunded, kept."""

from collections.abc import Iterator
from decimal import Context, Decimal

from pytest_paymock._engine.money import exact_sum
from pytest_paymock._report.models import BalanceFacts
from pytest_paymock._report.svg import cut, cut_within, drawing, element

WIDTH, HEIGHT = 352, 46
LEFT, RIGHT = 112, 164
"""Where a band begins and ends. The words are to the right of it."""

LINE = 20
"""The height that the words of one band need."""

_RATIO = Context(prec=6)
"""Our own context, since the user's may round or raise."""


def flow(balance: BalanceFacts) -> str:
    """Return the money of one customer in one currency as SVG."""
    parts = (
        ("kept", balance.kept),
        ("refunded", balance.refunded),
        ("pending", balance.pending),
    )
    bands = [(name, Decimal(amount)) for name, amount in parts if Decimal(amount) > 0]
    words = [(name, f"{name} {amount} {balance.currency}") for name, amount in bands]
    if not bands:
        words = [("none", f"nothing charged in {balance.currency}")]
    if Decimal(balance.lost):
        words.append(("lost", f"{balance.lost} {balance.currency}: answer lost"))
    height = max(HEIGHT, len(words) * LINE + 6)
    return drawing(
        f"Money of {balance.customer_id}: {', '.join(text for _, text in words)}",
        WIDTH,
        height,
        [
            element(
                "text",
                cut_within(balance.customer_id, 13),
                x=LEFT - 12,
                y=height / 2 + 4,
                class_="end",
            ),
            *_bands(bands, height),
            *(
                element("text", cut(text, 24), x=RIGHT + 8, y=_line(number) + 4, class_=kind)
                for number, (kind, text) in enumerate(words)
            ),
        ],
        class_="flow",
    )


def _line(number: int) -> float:
    """Return the middle of a line of words, where its band ends."""
    return 6 + (number + 0.5) * LINE


def _bands(bands: list[tuple[str, Decimal]], height: float) -> Iterator[str]:
    total = exact_sum(amount for _, amount in bands)
    top, room = 6.0, height - 12
    yield element("rect", x=LEFT - 6, y=top, width=6, height=room, class_="source")
    for number, (name, amount) in enumerate(bands):
        thick = max(2.0, room * float(_RATIO.divide(amount, total)))
        end, half = _line(number), min(thick, LINE - 6) / 2
        yield element(
            "path", d=_curve(top, top + thick, end - half, end + half), class_=f"band {name}"
        )
        top += thick


def _curve(top: float, bottom: float, end_top: float, end_bottom: float) -> str:
    middle = (LEFT + RIGHT) / 2
    return (
        f"M{LEFT} {top:.1f}C{middle} {top:.1f} {middle} {end_top:.1f} {RIGHT} {end_top:.1f}"
        f"V{end_bottom:.1f}C{middle} {end_bottom:.1f} {middle} {bottom:.1f} {LEFT} {bottom:.1f}Z"
    )
