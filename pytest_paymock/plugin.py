"""The pytest plugin: fixtures, markers, options, and what a failing test shows.

pytest loads this module in every run of every project that has it installed, and it reads compiled
plugins piece by piece, for some 3,000 instructions a constant: so it imports nothing but pytest and
holds nothing that can wait. When collection has found a test that asks for a fixture of ours,
``hooks.py`` is registered as a second plugin and the fake is imported: then, and not inside the
test, because a frozen clock would spoil the first import of pydantic for the whole run.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pytest_paymock.paymock import Paymock
    from pytest_paymock.server.fake import ServerPaymock


DECLARED = """\
allow        args   guards to silence, by name (default: none)
allow_hosts  args   hosts that may be reached whatever network says (default: none)
base_url     string what is intercepted (default: http://localhost:8000)
seed         int    decides every seeded outcome and id (default: 0)
success_rate float  share of ordinary payments that succeed (default: 0.9)
lazy_tls     bool   read certificate authorities at the first handshake (default: true)
guards       string what guards do when they find something: off, warn, error (default: warn)
clock        string ISO time that pins the clock (default: the real time)
profile      string form of the API: documented, deployed (default: documented)
network      string requests outside the base URL: loopback, none, any (default: loopback)
real_latency bool   let the fault latency really sleep (default: false)
streams      string count seeded draws by: payments, customer (default: payments)
world        int    run only this world of paymock.explore(), by its number (default: all)
"""
"""Name, type of the ini value, and help of every option."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Declare every option as ``paymock_<name>`` in ini files and ``--paymock-<name>``."""
    # Only where a run in this process has used the fake before us, as under pytester.
    if hasattr(sys.modules["pytest_paymock"], "_pytest"):
        from pytest_paymock._pytest import imports

        imports.forget_vanished_modules()
    group = parser.getgroup("paymock", "paymock: a payment API in memory")
    for line in DECLARED.splitlines():
        name, kind, words = line.split(maxsplit=2)
        parser.addini(f"paymock_{name}", words, type=kind, default=None)  # type: ignore[arg-type]
        flag = f"--paymock-{name.replace('_', '-')}"
        shown = f"{words}; 'random' draws one" if name == "seed" else words
        group.addoption(flag, dest=f"paymock_{name}", default=None, help=shown)
    group.addoption(
        "--paymock-report",
        dest="paymock_report",
        metavar="FILE",
        action="append",
        help="write a report over the run to FILE, which ends in .html or .json; may be repeated",
    )
    group.addoption(
        "--paymock-verify",
        dest="paymock_verify",
        metavar="URL",
        help="make each call that the fake answers against the service at URL, too, and compare",
    )
    group.addoption(
        "--paymock-verify-strict",
        dest="paymock_verify_strict",
        action="store_true",
        help="with --paymock-verify: exit with status 1 if the service answers otherwise",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Declare the marker, and look at what was asked for."""
    config.addinivalue_line(
        "markers",
        "paymock(base_url=..., seed=..., ...): options of the paymock fixture for this test; "
        "see the README of pytest-paymock.",
    )
    said = vars(config.option)
    for line in DECLARED.splitlines():
        name = f"paymock_{line.split(maxsplit=1)[0]}"
        if said[name] is not None or _is_in_file(config, name):
            from pytest_paymock._pytest import options

            options.settle(config)
            break
    if said["paymock_verify"]:
        from pytest_paymock._pytest import shadow

        shadow.begin(config)
    if said["paymock_report"]:
        from pytest_paymock._pytest import reporting

        reporting.begin(config)
    if said["paymock_report"] or said.get("dist", "no") != "no":
        from pytest_paymock._pytest import summary

        summary.begin(config)


def _is_in_file(config: pytest.Config, name: str) -> bool:
    try:
        return config.getini(name) is not None
    except (TypeError, ValueError, pytest.UsageError):
        return True  # a wrong value, whose error comes where it is read


@pytest.hookimpl(tryfirst=True)
def pytest_collection_finish(session: pytest.Session) -> None:
    """Import the fake and register the per-test hooks, if a test uses a fixture of ours."""
    asked = set[str]()
    for item in session.items:
        asked.update(getattr(item, "fixturenames", ()))
    fixtures = not asked.isdisjoint(("paymock", "paymock_factory", "paymock_server"))
    if fixtures or "pytest_paymock.paymock" in sys.modules:  # a test may make a fake for itself
        try:
            from pytest_paymock._pytest import hooks

            hooks.begin(session.config, server="paymock_server" in asked, header=fixtures)
        except pytest.UsageError:
            raise
        except Exception:  # noqa: BLE001, S110 - told by each test that asks for the fake
            pass


@pytest.fixture
def paymock_factory(request: pytest.FixtureRequest) -> Iterator[Callable[..., Paymock]]:
    """Make more than one fake in a test: ``paymock_factory(base_url=...)``.

    Takes the options of ``Paymock``; what is not given comes from markers, command line and ini
    file. Each is active at once, and all end with the test.
    """
    from pytest_paymock._pytest import fixtures

    yield from fixtures.factory(request)


@pytest.fixture
def paymock(request: pytest.FixtureRequest) -> Iterator[Paymock]:
    """Fake the Payment Mock API for this test: every call to the base URL is answered in memory."""
    from pytest_paymock._pytest import fixtures

    yield from fixtures.single(request)


@pytest.fixture
def paymock_server(request: pytest.FixtureRequest) -> Iterator[ServerPaymock]:
    """Fake the Payment Mock API behind a real HTTP server, at ``paymock_server.url``.

    For what cannot be intercepted: subprocesses, browsers, other languages, other HTTP libraries.
    The server runs for the whole session; its state is new in each test. Needs the extra
    ``pytest-paymock[server]``.
    """
    from pytest_paymock._pytest import fixtures

    yield from fixtures.served(request)
