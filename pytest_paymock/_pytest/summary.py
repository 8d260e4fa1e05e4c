"""The terminal summary, where there may be something to say."""

import pytest


class _Summary:
    """Shows what the reports of the tests hold."""

    NAME = "paymock-summary"

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Show what guards found, what was stopped and explored, and where the report is."""
        asked = terminalreporter.config.getoption("paymock_report")
        reports = (report for known in terminalreporter.stats.values() for report in known)
        # Under pytest-xdist, only the reports tell this process that a test used the fake.
        if asked or any(hasattr(report, "paymock") for report in reports):
            from pytest_paymock._pytest import reporting

            reporting.show_summary(terminalreporter)


def begin(config: pytest.Config) -> None:
    """Let the terminal show the summary of a run."""
    if not config.pluginmanager.has_plugin(_Summary.NAME):
        config.pluginmanager.register(_Summary(), _Summary.NAME)
