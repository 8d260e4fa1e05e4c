"""The picture, by its shapes and words."""

import xml.etree.ElementTree as ET

from benchmarks import picture
from benchmarks.rows import Measure, Row, at_most

from .rows import LARGE, MET, MISSED, NONE, PEER, SMALL, UNKNOWN

SVG = "{http://www.w3.org/2000/svg}"


def drawn(*rows: Row) -> ET.Element:
    found = picture.draw(rows, [Measure(name, f"title {name}", lambda _: ()) for name in NAMES])
    return ET.fromstring(found)  # noqa: S314 - of our own making


NAMES = ("S3", "S7", "S9")


def texts(svg: ET.Element) -> list[str]:
    return ["".join(text.itertext()) for text in svg.iter(f"{SVG}text")]


def widths(svg: ET.Element) -> list[tuple[str | None, float]]:
    bars = svg.iter(f"{SVG}rect")
    return [(bar.get("class"), round(float(bar.get("width", "")))) for bar in bars]


def marks(svg: ET.Element) -> list[int]:
    """Return where the goals are, counted from the beginning of the bars."""
    return [round(float(mark.get("x1", "")) - 400) for mark in svg.iter(f"{SVG}line")]


def test_a_measure_has_a_title_and_its_rows_a_scale() -> None:
    svg = drawn(MET, PEER)
    assert texts(svg) == [
        "S3  title S3",
        *("paymock", "1.100", "goal <= 1.12: met"),
        *("respx <static>", "1.678"),
    ]
    assert widths(svg) == [("met", 197), ("peer", 300)]
    assert marks(svg) == [200]


def test_a_goal_may_lie_beyond_the_bar() -> None:
    svg = drawn(MISSED)
    assert widths(svg) == [("missed", 250)]
    assert marks(svg) == [300]
    assert texts(svg)[-1] == "goal >= 3: missed"


def test_bytes_have_a_scale_of_their_own_and_long_bars_are_cut() -> None:
    time = Row("S9", "time", 1.1, at_most(1.1))
    svg = drawn(SMALL, LARGE, time)
    assert widths(svg) == [("met", 61), ("peer", 300), ("met", 300)]
    assert texts(svg)[-5:-3] == ["memory elsewhere", "9220 B (bar cut)"]


def test_peers_alone_are_measured_by_the_longest() -> None:
    assert widths(drawn(PEER, Row("S3", "half", PEER.value and PEER.value / 2))) == [
        ("peer", 300),
        ("peer", 150),
    ]


def test_counts_and_what_is_unknown_are_not_drawn() -> None:
    assert texts(drawn(UNKNOWN, NONE)) == []


def test_the_picture_can_be_read_in_the_dark() -> None:
    style = drawn(MET).findtext(f"{SVG}style") or ""
    light, _, dark = style.partition("@media (prefers-color-scheme: dark)")
    for kind in ("text", ".goal", ".met", ".missed", ".peer"):
        assert kind in light
        assert kind in dark
