"""``paymock verify URL``: the command, and what it prints."""

import argparse
import json
import sys
import time
from collections import Counter
from collections.abc import Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import TextIO
from urllib.parse import urlsplit

from pytest_paymock._verify.probe import Finding, Verdict
from pytest_paymock._verify.rules import rules_of
from pytest_paymock._verify.run import HttpServer, NoSuchApiError, as_json, unknown_names, verify
from pytest_paymock._verify.steps import PROFILES, Rule

DIFFERS, NO_SUCH_API = 1, 2
"""Exit statuses: a rule differs; nothing that speaks this API answers."""

_WIDTH = 9
_CLEAR = "\r\x1b[K"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    add = parser.add_argument
    add("url", type=_url, metavar="URL", help="base URL of the server to ask")
    add(
        "--profile",
        choices=PROFILES,
        default=PROFILES[0],
        help="which form of the contract it has to keep (default: documented)",
    )
    add("--only", nargs="+", default=[], metavar="NAME", help="rules to try; all without it")
    add("--json", type=Path, metavar="FILE", help="write what was found to a file, too")
    add(
        "--timeout",
        type=_seconds,
        default=10.0,
        metavar="SECONDS",
        help="how long an answer may take (default: 10)",
    )


def run(parser: argparse.ArgumentParser, given: argparse.Namespace) -> int:
    """Ask a server, print what was found, and return the exit status.

    Args:
        parser: tells of wrong arguments.
        given: the command's arguments.
    """
    unknown = unknown_names(given.only, given.profile)
    if unknown:
        parser.error(_no_such_rule(unknown[0], given.profile))
    begun = time.monotonic()
    with HttpServer(given.url, timeout=given.timeout) as server:
        try:
            server.greet()
        except NoSuchApiError as error:
            sys.stderr.write(f"paymock: {error}\n")
            return NO_SUCH_API
        findings = _ask(server, given.profile, given.only)
        seconds = time.monotonic() - begun
        sys.stdout.write(f"{_sum(findings)}; {server.requests} requests in {seconds:.1f} s\n")
    if given.json is not None:
        document = as_json(given.url, given.profile, findings)
        given.json.write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")
    return DIFFERS if any(each.verdict is Verdict.DIFFERS for each in findings) else 0


def _ask(server: HttpServer, profile: str, only: Sequence[str]) -> list[Finding]:
    total = len(rules_of(profile, only))
    sys.stdout.write(f"{server.url}: {total} rules of the {profile} profile\n")
    progress = _Progress(sys.stderr, total)
    findings = []
    for finding in verify(server, profile, only, progress.show):
        progress.clear()
        sys.stdout.write(lines_of(finding))
        sys.stdout.flush()
        findings.append(finding)
    return findings


class _Progress:
    """A line on a terminal that says which rule is being tried; nothing where there is none."""

    def __init__(self, stream: TextIO, total: int) -> None:
        self._stream = stream
        self._total = total
        self._is_terminal = stream.isatty()

    def show(self, number: int, rule: Rule) -> None:
        self._write(f"{number} of {self._total}: {rule.name}")

    def clear(self) -> None:
        self._write("")

    def _write(self, text: str) -> None:
        if self._is_terminal:
            self._stream.write(f"{_CLEAR}{text}")
            self._stream.flush()


_WORDS = {Verdict.HOLDS: "holds", Verdict.DIFFERS: "differs", Verdict.UNTOLD: "untold"}


def lines_of(finding: Finding) -> str:
    """Return what is printed of a finding."""
    rule, indent = finding.rule, " " * _WIDTH
    line = f"{_WORDS[finding.verdict]:<{_WIDTH}}{rule.name} (section {rule.section})"
    if finding.verdict is Verdict.HOLDS:
        return f"{line}\n"
    if finding.verdict is Verdict.UNTOLD:
        return f"{line}: {_shown(finding.reason)}\n"
    request = f"{indent}{_shown(finding.request)}\n" if finding.request else ""
    return f"{line}\n{indent}{rule.says}\n{request}{indent}{_shown(finding.reason)}\n"


def _shown(text: str) -> str:
    """Return a text that may hold what a server has sent, without what a terminal would obey."""
    return "".join(sign if sign.isprintable() else ascii(sign)[1:-1] for sign in text)


def _sum(findings: Sequence[Finding]) -> str:
    counts = Counter(finding.verdict for finding in findings)
    return (
        f"{counts[Verdict.HOLDS]} hold, {counts[Verdict.DIFFERS]} differ, "
        f"{counts[Verdict.UNTOLD]} cannot be told from outside"
    )


def _no_such_rule(name: str, profile: str) -> str:
    names = [rule.name for rule in rules_of(profile)]
    close = get_close_matches(name, names, n=3)
    hint = f"did you mean {' or '.join(close)}?" if close else f"they are {', '.join(names)}"
    return f"there is no rule {name!r} in the {profile} profile; {hint}"


def _url(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise argparse.ArgumentTypeError(
            f"a base URL begins with http:// or https://, not {text!r}"
        )
    if parts.query or parts.fragment:
        raise argparse.ArgumentTypeError("a base URL has no query and no fragment")
    return text


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds < float("inf"):
        raise argparse.ArgumentTypeError(f"a time limit is a number of seconds, not {text!r}")
    return seconds
