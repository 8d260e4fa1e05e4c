"""The report as one page of HTML."""

from pytest_paymock.report.models import Report


def as_html(report: Report) -> str:
    """Return the page."""
    return f"<!doctype html><title>{report.generator}</title>"
