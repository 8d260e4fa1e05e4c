"""The top of the page: how the run ended, and its totals."""

from pytest_paymock._report.models import Report
from pytest_paymock._text import messages


def verdict(report: Report) -> tuple[str, str]:
    """Return how the run ended, as a style and a sentence."""
    totals = report.totals
    tests = messages.count(totals.tests, "test")
    crashed = f", {len(report.crashed)} crashed" if report.crashed else ""
    if totals.failed:
        return "bad", f"{totals.failed} of {tests} failed{crashed}"
    if crashed:
        return "bad", f"{tests}, none failed{crashed}"
    if totals.findings or totals.blocked:
        return "wire", f"{tests}, none failed, and something to look at"
    return "good", f"{tests}, none failed"


def figures(report: Report) -> list[tuple[str, int, str, str]]:
    """Return the totals: a name, a number, a remark, and the remark's style."""
    totals = report.totals
    lost = f"{messages.count(totals.lost, 'answer')} lost" if totals.lost else ""
    found = [
        ("tests", totals.tests, _failed(totals.failed), "bad"),
        ("exchanges", totals.calls, "", ""),
        ("faults met", totals.faults, lost, "wire"),
        ("payments", totals.payments, "", ""),
        ("refunds", totals.refunds, "", ""),
        ("explored worlds", totals.worlds, _failed(totals.failed_worlds), "bad"),
        ("guard findings", totals.findings, "see the tests" if totals.findings else "", "bad"),
        ("blocked requests", totals.blocked, "see the tests" if totals.blocked else "", "bad"),
    ]
    return [(name, number, said, kind if said else "") for name, number, said, kind in found]


def _failed(number: int) -> str:
    return f"{number} failed" if number else ""
