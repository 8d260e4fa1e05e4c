"""Reading what a run of pytest printed."""

import re

import pytest


def sections(result: pytest.RunResult) -> list[str]:
    """Return the texts of the ``paymock`` sections, in order."""
    found: list[str] = []
    inside = False
    for line in result.outlines:
        if re.fullmatch(r"-+ paymock -+", line):
            found.append("")
            inside = True
        elif re.match(r"(=|_|-){3}", line):
            inside = False
        elif inside:
            found[-1] += f"{line}\n"
    return found


def frames_of_ours(result: pytest.RunResult) -> list[str]:
    """Return the traceback lines that point into the package."""
    return [line for line in result.outlines if re.search(r"pytest_paymock[/\\]\S*\.py:\d+", line)]
